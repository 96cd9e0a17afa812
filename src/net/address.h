/*
 * address - where a socket is bound, and who is at its other end.
 *
 *	struct address address;
 *	if (!address_parse(STR("[::]:1965"), &address, &fault))
 *		...
 *	bind(fd, &address.any, address.len);
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <netinet/in.h>

#include "base/buf.h"
#include "base/fault.h"

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
	socklen_t len;
};

/*
 * Reads `127.0.0.1:1965`, `[::1]:1965`, `[::]:0`; `localhost:1965` and `:1965`, `*:1965`
 * mean 127.0.0.1 and [::]. Other names are refused: a listener is bound to an address.
 */
bool address_parse(struct str text, struct address *, struct fault *);

void address_format(const struct address *, struct buf *out); /* with port, as it is read */

/* IPv4-mapped IPv6 becomes IPv4 (OTH-78): one client, one form. */
void address_unmap(struct address *);

#define ADDRESS_TEXT_MAX 46 /* INET6_ADDRSTRLEN */

/* The host alone, without brackets, into `room`. */
struct str address_host(const struct address *, char room[ADDRESS_TEXT_MAX]);

unsigned address_port(const struct address *);

#endif
