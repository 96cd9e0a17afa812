/*
 * gather - text that arrives in pieces, kept as one slice of the source while it can be.
 *
 * md4c hands over code line by line, the line ends and indentation from its own memory. As long as
 * the pieces say the same bytes as the source does, nothing is copied. Its indentation is blanks
 * alone; where the source has tabs they are put back (K01).
 */
#ifndef DOCUMENT_GATHER_H
#define DOCUMENT_GATHER_H

#include "base/arena.h"
#include "base/buf.h"

struct gather {
	struct str source; /* what pieces may be slices of */
	struct str slice;  /* so far, unless copied */
	struct buf copy;
	size_t indent; /* columns that md4c told of a line which has not come yet */
	bool copied;
};

static inline bool gather_is_source(const struct gather *g, const char *at)
{
	return (uintptr_t)at - (uintptr_t)g->source.at < g->source.len;
}

void gather_begin(struct gather *);
void gather_add(struct gather *, struct str piece);
/* All pieces: a slice of the source, or in the arena. */
struct str gather_end(struct gather *, struct arena *);
void gather_free(struct gather *);

#endif
