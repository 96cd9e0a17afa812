/*
 * tls - the TLS contexts of all hosts, as one immutable set.
 *
 * A set is built from certificate files, handed to the workers, and replaced as a whole
 * when certificates change: connections keep the set that they began with.
 *
 *	struct tls_host hosts[] = { { STR("example.org"), STR("certs/example.org.crt"),
 *				      STR("certs/example.org.key") } };
 *	struct tls *tls = tls_new(hosts, 1, &fault);
 *	workers_set_tls(workers, tls);
 *	tls_free(tls);
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stddef.h>

#include "base/fault.h"
#include "base/str.h"

struct tls_host {
	struct str name;             /* as it appears in SNI, compared without regard to case */
	struct str certificate, key; /* paths of PEM files */
};

struct tls;

/*
 * The first host is the default: shown to clients that send no SNI or an unknown one
 * (GEM-92). NULL and a fault naming the file when a pair is unusable; nothing changes then.
 */
struct tls *tls_new(const struct tls_host *, size_t nhosts, struct fault *);

struct tls *tls_reference(struct tls *);
void tls_free(struct tls *); /* gives a reference back; NULL is fine */

#endif
