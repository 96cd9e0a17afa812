/*
 * limits - how many connections there may be, and how long each step may take.
 *
 * Shared by all workers. Each accepted socket is admitted once and left once:
 *
 *	switch (limits_admit(limits, &address)) {
 *	case LIMITS_SERVE: ...
 *	}
 *	limits_leave(limits, &address, verdict);
 */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

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

#endif
