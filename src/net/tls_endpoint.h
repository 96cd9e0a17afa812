/*
 * tls_endpoint - the TLS side of one worker: its current contexts, the wire that its
 * connections share, and finished SSL objects that wait for the next connection.
 *
 *	tls_endpoint_begin(&endpoint);
 *	tls_endpoint_input(&endpoint, bytes);
 *	switch (tls_handshake(ssl)) ...
 *	switch (tls_read(ssl, room, size, &n)) ...
 *	send(fd, endpoint.wire.out.at, endpoint.wire.out.len, ...);
 */
#ifndef NET_TLS_ENDPOINT_H
#define NET_TLS_ENDPOINT_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "net/exchange.h"
#include "net/tls.h"
#include "net/tls_bio.h"

enum { TLS_SPARE = 16 };

struct tls_endpoint {
	struct tls *tls; /* for new connections; NULL = no TLS */
	struct tls_wire wire;
	SSL *spare[TLS_SPARE];
	unsigned nspare;
};

/* Takes the reference over; what the set before it has left to be reused goes. */
void tls_endpoint_set(struct tls_endpoint *, struct tls *);
void tls_endpoint_free(struct tls_endpoint *);

/* An SSL object for a new connection, or NULL when the library refuses. */
SSL *tls_endpoint_take(struct tls_endpoint *);
void tls_endpoint_give(struct tls_endpoint *, SSL *, const struct tls *begun_with);

/* Begins a step of one connection: nothing received, nothing to send. */
void tls_endpoint_begin(struct tls_endpoint *);

/* What the next calls read. The bytes must stay until they have been made. */
void tls_endpoint_input(struct tls_endpoint *, struct str received);

enum tls_step {
	TLS_WAIT, /* for more input */
	TLS_DONE,
	TLS_ENDED,  /* the peer has sent its close_notify */
	TLS_FAILED, /* an alert may be in wire.out */
};

enum tls_step tls_handshake(SSL *);
enum tls_step tls_read(SSL *, char *to, size_t room, size_t *n);
bool tls_write(SSL *, struct str text); /* all of it, into wire.out */
void tls_close_notify(SSL *);

/* What a client certificate says, in hex digits for struct peer. */
struct tls_peer_text {
	char certificate[65], public_key[65];
};
void tls_describe_peer(SSL *, struct tls_peer_text *, struct peer *);
struct str tls_server_name(SSL *);

#endif
