/*
 * connection - one client, from accept to close.
 *
 * connection_enter() alone changes the state: it checks that the step is legal and arms
 * the deadline of the new state. connection_close() alone frees. What may close its
 * connection says so here; nothing may touch it afterwards.
 */
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H

#include "net/address.h"
#include "net/tls_memory.h"
#include "net/worker.h"

struct connection {
	struct worker *worker;
	const struct listener *listener;
	struct connection *next, **link; /* in worker->open or, next only, worker->spare */

	struct event io, timer;
	short watched; /* EV_READ, EV_WRITE or 0: what io waits for */
	enum conn_state state;
	enum limits_verdict verdict;
	int fd;

	SSL *ssl;                 /* NULL until the whole first record, and for plain connections */
	struct tls *tls;          /* the set that ssl comes from */
	struct tls_image *asleep; /* in REQUEST: where ssl is while nothing comes */
	bool dozed;               /* what is left of the state's time runs */

	struct buf partial; /* raw: the beginning of a TLS record */
	struct buf request; /* what has been received while the request was not whole */
	size_t request_max;

	struct exchange_answer answer;
	uint64_t produced; /* bytes of head, body and file that were encrypted or sent */
	uint64_t asked_at; /* connection_clock() when the handler was called */
	struct buf unsent; /* raw: what the kernel did not take */
	size_t unsent_from;
	size_t discarded; /* in GOODBYE */

	bool peer_ended; /* close_notify or FIN: nothing more comes from there */
	bool answered;   /* finished() is due */
	bool last;       /* the whole answer is produced, with its close_notify */
	bool short_file; /* the file has shrunk */
	struct address peer;
};

/* Takes the socket over. Serves at once what it has sent already. */
void connection_open(struct worker *, const struct listener *, int fd, const struct address *,
		     enum limits_verdict);

void connection_enter(struct connection *, enum conn_state);
void connection_progress(struct connection *); /* arms the state's deadline anew */
void connection_close(struct connection *);
void connection_wake(struct connection *);              /* before TLS is asked in REQUEST */
void connection_watch(struct connection *, short what); /* EV_READ, EV_WRITE, or 0 */

/* request.c: bytes in. Both may close. */
void request_input(struct connection *);    /* the socket is readable, or may be */
void request_deadline(struct connection *); /* none came in time */

/* response.c: bytes out. All may close. */
void response_begin(struct connection *);  /* the answer is filled */
void response_output(struct connection *); /* the socket takes more */
void response_none(struct connection *);   /* there is no answer: say goodbye at once */

/* Sends what TLS has to say by itself: a flight of the handshake, a ticket, an alert. */
bool response_flush(struct connection *); /* false = closed */

/* Calls finished() and closes the answer's file, if that has not been done. */
void response_drop(struct connection *);

uint64_t connection_clock(void); /* microseconds, monotonic */

#endif
