/*
 * limits - how many connections there may be, and how long each step may take.
 *
 * One object is shared by all workers. Each accepted socket is admitted once and leaves
 * once, with the verdict that it was given:
 *
 *	if (limits_room(limits)) {
 *		fd = accept4(...);
 *		enum limits_verdict verdict = limits_admit(limits, &address);
 *		...
 *		limits_leave(limits, &address, verdict);
 *	}
 */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

#include <stdbool.h>

struct address;

/* Settings `limits`; 0 = no limit. */
struct limits_settings {
	unsigned connections; /* in all */
	unsigned per_address; /* from one IPv4 address or one IPv6 /64 */
	unsigned handshake_s; /* from accept to the end of the TLS handshake */
	unsigned request_s;   /* from there to the whole request */
	unsigned response_s;  /* without progress, while sending (and while an upload comes in) */
};

#define LIMITS_DEFAULT                                                                             \
	((struct limits_settings){ .connections = 10000,                                           \
				   .per_address = 256,                                             \
				   .handshake_s = 10,                                              \
				   .request_s = 10,                                                \
				   .response_s = 60 })

enum limits_verdict {
	LIMITS_SERVE,
	LIMITS_BUSY,      /* too many in all: send the listener's `busy` */
	LIMITS_SLOW_DOWN, /* too many from this address: send its `slow_down` */
	LIMITS_DROP,      /* too many, and refusals are used up too: just close */
};

struct limits;

/*
 * Raises the soft limit of descriptors to the hard one; what is left of it, less a
 * reserve for files and folders, bounds the connections as well.
 */
struct limits *limits_new(const struct limits_settings *);
void limits_free(struct limits *);

/* Whether a descriptor may be spent on one more connection; if not, let clients wait. */
bool limits_room(struct limits *);

enum limits_verdict limits_admit(struct limits *, const struct address *);
void limits_leave(struct limits *, const struct address *, enum limits_verdict);

#endif
