/*
 * wrap - text broken into lines of a number of columns (P03, GOPH-91).
 *
 * Greedy, at blanks and between wide characters, never before closing or after opening
 * punctuation. The text is one paragraph in which a few control bytes, which no clean text
 * holds, say where it may not be broken; they do not reach the output:
 *
 *	struct wrap wrap = { .first = STR("* "), .rest = STR("  "), .width = 70 };
 *	wrap_add(STR("the call \003`read(0,\001x)`\004 waits"), &wrap, &out);
 */
#ifndef RENDER_WRAP_H
#define RENDER_WRAP_H

#include "base/buf.h"
#include "base/str.h"

enum wrap_mark {
	WRAP_BLANK = 1,  /* a blank of a code span: broken at only if the span is over the width */
	WRAP_NO_BREAK,   /* NBSP: the same, for all that it holds together */
	WRAP_KEEP_BEGIN, /* a code span or a URL: nothing in it is broken but at WRAP_BLANK */
	WRAP_KEEP_END,
	WRAP_LINE = '\n', /* a line ends here (a hard break) */
};

struct wrap {
	struct str first, rest; /* what stands before the first line and each other: ASCII */
	unsigned width;         /* columns, those included */
	bool plain;             /* the text is known to be printable ASCII without marks */
	bool strict;            /* URLs and code over the width are broken too (menus) */
	bool guard_dot;         /* a line that would be a single dot gets a blank before it (Z03) */
	unsigned nlines;        /* out: how many lines were written */
	size_t widest; /* out: columns of the widest, those of `first` and `rest` included */
};

/* Appends the lines, each ended by LF and without blanks at its end. Empty text: no line. */
void wrap_add(struct str text, struct wrap *, struct buf *out);

/* Appends the text as it would stand on one endless line: without the marks. */
void wrap_strip(struct str text, struct buf *out);

/* Columns of the text without its marks. As utf8_columns(), but quick where it is mostly ASCII. */
size_t wrap_columns(struct str text);

/* Columns of the widest part that cannot be broken. */
size_t wrap_longest(struct str text);

#endif
