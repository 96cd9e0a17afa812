/*
 * workers - the threads that serve: one event base each, nothing mutable shared but
 * the listening sockets and the counts of limits.h.
 *
 *	struct workers_settings settings = { .count = workers_default_count(),
 *		.limits = limits_default, .tls = tls, .listeners = listeners, .nlisteners = 2,
 *		.handler = answer, .context = site };
 *	struct workers *workers = workers_start(&settings, &fault);
 *	... wait for a signal ...
 *	workers_stop(workers);
 */
#ifndef NET_WORKERS_H
#define NET_WORKERS_H

#include "base/fault.h"
#include "net/exchange.h"
#include "net/limits.h"
#include "net/listener.h"
#include "net/tls.h"

struct workers;

/*
 * A small piece of work for when there is nothing else to do, on the thread of `worker`. True when
 * there is more: it is called again after a pause. After false it waits for the next
 * workers_call().
 */
typedef bool workers_chore(void *context, unsigned worker);

struct workers_settings {
	unsigned count; /* threads, at least 1 */
	struct limits_settings limits;
	struct tls *tls;             /* a reference is taken; NULL = no TLS at all */
	struct listener **listeners; /* taken over: closed by workers_stop() */
	size_t nlisteners;
	exchange_handler *handler;
	workers_chore *chore; /* NULL = none */
	void *context;        /* of both */
};

/* One for each core that this process may run on. */
unsigned workers_default_count(void);

/* NULL and a fault when threads or event bases cannot be made; the listeners are closed then. */
struct workers *workers_start(const struct workers_settings *, struct fault *);

/*
 * Runs `call` soon on the thread of each worker, in the order of the workers_call()s;
 * does not wait for it. `context` must outlive the calls.
 */
typedef void workers_callback(void *context, unsigned worker);
void workers_call(struct workers *, workers_callback *call, void *context);

/* New connections use `tls` from now on (a reference is taken), open ones keep theirs. */
void workers_set_tls(struct workers *, struct tls *tls);

/* Stops accepting, finishes open answers (10 s at most), ends the threads, frees all. */
void workers_stop(struct workers *);

#endif
