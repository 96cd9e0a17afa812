/*
 * cuts - what was cut out of a post before md4c read it, and what stands in its place.
 *
 * A cut is replaced by a placeholder, U+E000 <index> U+E001, which md4c takes for letters. When the
 * placeholder comes out as text the cut says its piece; when it comes out in code, in a URL
 * or in a tag, the original bytes are put back: a wrong guess is harmless.
 *
 *	cuts_add(&cuts, (struct cut){ CUT_MATH_ROW, .source = "$x$", .text = "x" }, &out);
 *	...
 *	cuts_flow(&cuts, &flow, text);              // in a paragraph
 *	text = cuts_restore(&cuts, text, arena);    // in code
 */
#ifndef DOCUMENT_CUTS_H
#define DOCUMENT_CUTS_H

#include "document/flow.h"

enum cut_kind {
	CUT_NOTHING,      /* vanishes */
	CUT_VALUE,        /* Liquid's `{{ "text" | filter }}`: `text`, in URLs too */
	CUT_REFERENCE,    /* ref, post_url, link: `text` names a post or a file */
	CUT_MATH_ROW,     /* `text` is the TeX */
	CUT_MATH_DISPLAY, /* the same, in a paragraph of its own */
	CUT_CODE,         /* a block of code: `text`, `info` */
	CUT_IMAGE,        /* `text` is its address, `info` the alt text, `title`, `link` */
	CUT_EMBED,        /* `text` is the URL, `label` what it is */
	CUT_LINK,         /* `text` are its words, `link` is the URL */
	CUT_WORDS,        /* `text` is plain text, a paragraph of its own */
	CUT_NOTE,         /* a footnote's reference: `text` is its name, `number` its place */
	CUT_NOTE_BODY,    /* the body of note `number` begins */
	CUT_TERM,         /* the next paragraph is a term */
	CUT_DEFINITION,   /* what follows is a definition */
	CUT_DEFINITIONS_END,
};

struct cut {
	enum cut_kind kind;
	struct str source; /* the bytes that were cut out */
	struct str text, info, title, link;
	enum label label;
	uint32_t number; /* NO_NOTE: no such footnote, the reference is text */
};

#define NO_NOTE UINT32_MAX

struct cuts {
	struct arena *arena;
	struct cut *at;
	size_t count, capacity;
};

/* Appends the placeholder of a new cut. */
void cuts_add(struct cuts *, struct cut, struct buf *out);

/*
 * The next placeholder at or after `from`: its start and, as `*end`, the place behind it.
 * STR_NOT_FOUND when there is none.
 */
size_t cuts_find(const struct cuts *, struct str text, size_t from, size_t *end, struct cut **);

/* The text with the original bytes in place of all placeholders; the text itself without any. */
struct str cuts_restore(const struct cuts *, struct str text, struct arena *);

/* The same for URLs: a CUT_VALUE says its text, a CUT_REFERENCE alone the name it holds. */
struct str cuts_restore_url(const struct cuts *, struct str text, struct arena *);

/*
 * Appends the text of an image, where there is room for words only: a formula is one row, values
 * are themselves, of all else the original bytes are put back.
 */
void cuts_words(const struct cuts *, struct flow *, struct str text, struct buf *out);

/* What a reference of a post or a tag leads to: the target of a URL that may hold placeholders. */
struct target cuts_target(const struct cuts *, struct str reference, struct flow *);

/* Text of a paragraph, with all that stands in it for placeholders. */
void cuts_flow(const struct cuts *, struct flow *, struct str text);

#endif
