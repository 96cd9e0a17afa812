/*
 * punycode - host names of every script in ASCII (RFC 3492), for the URLs of posts.
 *
 * Names of our own hosts are checked by the rules of IDNA in wire/; the links of a
 * post are only spelled as clients will ask for them.
 */
#ifndef DOCUMENT_PUNYCODE_H
#define DOCUMENT_PUNYCODE_H

#include "base/buf.h"

/* Appends the host, case-folded, each label that is not ASCII as `xn--...`. */
void punycode_host(struct str host, struct buf *out);

#endif
