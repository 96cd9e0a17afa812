/*
 * listener - a socket that waits for clients.
 *
 *	struct listener_settings settings = { .kind = LISTENER_GEMINI,
 *					      .address = STR("[::]:1965"), .request_max = 1026 };
 *	struct listener *listener = listener_open(&settings, &fault);
 *	if (listener != NULL)
 *		print(listener_address(listener));
 *
 * One socket is shared by all workers, each of which watches it in its own event base.
 * SO_REUSEPORT with a socket for each worker would spare the others a wake-up when a
 * client comes, but ties every client to one worker before that worker is known to be
 * free (a slow one would delay its share), serves waiting clients out of the order of
 * their arrival, and drops a worker's queue when it stops. With a shared socket there
 * is one queue, and any free worker takes its head.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "base/buf.h"
#include "base/fault.h"
#include "net/exchange.h"

struct listener_settings {
	enum listener_kind kind;
	struct str address; /* ADDR:PORT as address_parse() reads it; port 0 = any free one */
	size_t request_max; /* bytes of a request; at this length the handler gets `ended` */

	/* Sent without asking the handler; must live as long as the listener. */
	struct str busy;      /* too many connections in all: "41 ...\r\n", a type-3 line */
	struct str slow_down; /* too many from this address: "44 30\r\n" (GEM-69) */
};

struct listener {
	struct listener_settings settings;
	int fd;
	unsigned index;      /* in workers_settings.listeners */
	unsigned port;       /* the bound one */
	struct buf bound_to; /* ADDR:PORT of the socket */
};

/*
 * Binds and listens. `[::]` serves IPv4 too, and falls back to 0.0.0.0 on a machine
 * without IPv6. NULL and a fault that says the mend when the address is not one, is in
 * use, is not ours or needs a privilege.
 */
struct listener *listener_open(const struct listener_settings *, struct fault *);

unsigned listener_port(const struct listener *);      /* the bound one */
struct str listener_address(const struct listener *); /* "127.0.0.1:1965", "[::]:1965" */

void listener_close(struct listener *); /* NULL is fine */

#endif
