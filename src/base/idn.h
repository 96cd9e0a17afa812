/*
 * idn - host names of every script as the network knows them (by libidn2).
 *
 *	struct buf host = { 0 };
 *	idn_to_ascii(STR("bücher.example"), &host);     // "xn--bcher-kva.example"
 */
#ifndef BASE_IDN_H
#define BASE_IDN_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends a host name with its labels as A-labels (IDNA 2008, case-folded, NFC; GEM-40). False, and
 * nothing appended, for what is no such name.
 */
bool idn_to_ascii(struct str host, struct buf *ascii);

#endif
