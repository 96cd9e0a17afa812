/*
 * tls_context - what the rest of net/ needs of a struct tls and nobody else does.
 */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include <openssl/ssl.h>

struct tls;

SSL_CTX *tls_context(const struct tls *); /* the default host's; borrowed */

#endif
