/*
 * worker - one serving thread: its event base, its listeners' events, its connections
 * and the buffers that they share. Private to net/; see workers.h for the outside.
 */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>

#include "net/limits.h"
#include "net/listener.h"
#include "net/tls_endpoint.h"
#include "net/workers.h"

enum conn_state {
	CONN_HANDSHAKE, /* from accept: the first byte, then TLS */
	CONN_REQUEST,
	CONN_TAIL,    /* what came could be answered; the rest has a moment */
	CONN_UPLOAD,  /* the request line is whole, its payload comes in */
	CONN_RESPOND, /* the answer goes out */
	CONN_GOODBYE, /* it is out: read on and discard, so that no reset destroys it */
	CONN_CLOSED,
	CONN_STATES,
};

enum {
	WORKER_RECV_ROOM = 16384, /* bytes of one recv() */
	WORKER_INPUT_ROOM = TLS_RECORD_MAX + WORKER_RECV_ROOM,
	WORKER_PLAIN_ROOM = 16384, /* what one TLS record holds */
};

struct worker;
struct connection;

/* A listener as one worker watches it. */
struct door {
	struct worker *worker;
	struct listener *listener;
	struct event event;
};

struct call {
	workers_callback *run;
	void *context;
};

struct worker {
	struct workers *workers;
	unsigned index;
	struct event_base *base;
	pthread_t thread;

	struct tls_endpoint tls;
	char *input; /* raw bytes of this step, WORKER_INPUT_ROOM */
	char *plain; /* decrypted, or to be encrypted, WORKER_PLAIN_ROOM */

	const struct timeval *deadlines[CONN_STATES]; /* NULL = none; common timeouts of base */
	/* CONN_REQUEST over TLS, in two parts: until the SSL object shrinks, and the rest. */
	const struct timeval *doze, *after_doze;
	struct connection *open;   /* all but closed ones */
	unsigned nopen, most_open; /* most_open: since memory was last given back */
	struct connection *spare;
	unsigned nspare;

	struct door *doors;  /* one for each listener */
	struct event resume; /* opens the doors after descriptors were used up */
	bool doors_open, stopping;
	struct event hurry; /* while stopping */

	struct event chore; /* a timer; pending while there is more to do */

	int wake_fd; /* eventfd: there are calls, or it is time to stop */
	struct event wake;
	pthread_mutex_t calls_lock;
	struct call *calls;
	size_t ncalls, calls_capacity;
	atomic_bool stop_asked;
};

struct workers {
	exchange_handler *handler;
	workers_chore *chore;
	void *context;
	struct limits_settings deadlines;
	struct limits *limits;
	struct listener **listeners;
	size_t nlisteners;
	struct worker *workers;
	unsigned nworkers;
};

/* worker.c */
bool worker_open(struct worker *, struct workers *, unsigned index, struct tls *, struct fault *);
void worker_run(struct worker *); /* until it is asked to stop and has finished */
void worker_close(struct worker *);

/* acceptor.c: the doors */
void acceptor_open(struct worker *);
void acceptor_close(struct worker *); /* lets in who has come already, then no more */
void acceptor_free(struct worker *);
void acceptor_descriptor_freed(struct worker *);

#endif
