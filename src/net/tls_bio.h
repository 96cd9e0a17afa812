/*
 * tls_bio - what OpenSSL reads from and writes to: memory of the worker.
 *
 * OpenSSL's socket BIO costs a system call for each record header, each record body and
 * each flight. Here the connection does one recv() into the worker's buffer, and one
 * send() of all that the step has produced. One wire serves all connections of a worker,
 * one after the other; nothing stays in it between two steps.
 *
 * Records are given to OpenSSL whole: it allocates a 16 KiB buffer for a part of one and
 * keeps it until the rest arrives, which half a record on each of thousands of
 * connections would turn into tens of megabytes.
 */
#ifndef NET_TLS_BIO_H
#define NET_TLS_BIO_H

#include <openssl/bio.h>

#include "base/buf.h"

struct tls_wire {
	struct str in;      /* received bytes that OpenSSL has not taken yet */
	size_t record_left; /* of the record that it is taking */
	struct buf out;     /* what is to be sent */
};

enum { TLS_RECORD_MAX = 5 + 16384 + 2048 }; /* with the most that TLS 1.2 adds */

/* Bytes of the whole record that `in` begins with; 0 when its rest has not come. */
size_t tls_record_bytes(struct str in);

BIO *tls_bio_new(struct tls_wire *); /* NULL when the library refuses */

#endif
