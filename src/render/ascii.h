/*
 * ascii - text in plain ASCII, for `charset: ascii`.
 *
 * Quotes, dashes, bullets and the like become what a typewriter has, accents are dropped, what
 * has no likeness is "?". Control bytes stay: the marks of render/wrap.h pass through.
 *
 *	ascii_add(STR("“naïve” – 2×2 …"), &out);           // "naive" - 2x2 ...
 */
#ifndef RENDER_ASCII_H
#define RENDER_ASCII_H

#include "base/buf.h"
#include "base/str.h"

void ascii_add(struct str text, struct buf *out);

#endif
