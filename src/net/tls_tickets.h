/*
 * tls_tickets - the keys under which session tickets are sealed.
 *
 * Tickets are stateless: the session lives in the ticket, so that resumption costs the
 * server no memory and works in any worker. One pair of keys serves the process: the
 * current one seals, the one before it still opens. Keys are replaced every
 * TLS_TICKET_LIFETIME_S, which is also how long a ticket is good.
 */
#ifndef NET_TLS_TICKETS_H
#define NET_TLS_TICKETS_H

#include <openssl/ssl.h>
#include <stdbool.h>

enum { TLS_TICKET_LIFETIME_S = 12 * 60 * 60 };

bool tls_tickets_use(SSL_CTX *); /* false when the library refuses */

/* Makes new keys now; what the key before the current one has sealed is void. */
void tls_tickets_rotate(void);

#endif
