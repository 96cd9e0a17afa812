/*
 * certificate - the self-signed certificate of a host, made once and kept.
 *
 * Clients pin what they have seen first (GEM-94), so nothing here ever replaces an
 * existing pair on its own: only certificate_renew() does, and it keeps the key.
 * The files are HOST.crt and HOST.key in the certificates folder, PEM.
 *
 *	struct certificate certificate;
 *	if (!certificate_ensure(folder, host, &certificate, &fault))
 *		...                               // says which file is missing or unusable
 *	if (certificate.days_left < 30)
 *		log_warning(...);
 */
#ifndef NET_CERTIFICATE_H
#define NET_CERTIFICATE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/str.h"

struct certificate {
	int64_t not_before, not_after; /* seconds since 1970 */
	int64_t days_left;             /* negative when expired; from the clock of the call */
	bool created;                  /* this call has made it */
	char fingerprint[65];          /* SHA-256 of the DER, lower-case hex */
	char public_key[65];           /* SHA-256 of the SubjectPublicKeyInfo */
};

/* Appends FOLDER/HOST and `ending` (".crt" or ".key"). */
void certificate_path(struct str folder, struct str host, struct str ending, struct buf *out);

/*
 * Reads the pair of `host`; makes it (and the folder, 0700) when both files are
 * missing: EC P-256, valid from yesterday (GEM-95) until the
 * year 4096, CN and SAN = host, the key 0600.
 * False and a fault naming the file when one of them is missing or does not fit.
 */
bool certificate_ensure(struct str folder, struct str host, struct certificate *, struct fault *);

/* As above, but a missing pair is a fault. */
bool certificate_read(struct str folder, struct str host, struct certificate *, struct fault *);

/* A new certificate for the key that is there: pins on the key stay good. */
bool certificate_renew(struct str folder, struct str host, struct certificate *, struct fault *);

/* Both hashes of an X509 as lower-case hex; for connections too (GEM-96). */
void certificate_hash(const void *x509, char whole[65], char public_key[65]);

#endif
