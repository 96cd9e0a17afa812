/*
 * entities - character references of HTML: &amp; &#8212; &#x2014; (P04).
 *
 *	struct str value;
 *	size_t n = entity_read(STR("&eacute;t&eacute;"), ENTITY_MARKDOWN, &arena, &value);
 *	                                                 // n = 8, value = "é"
 */
#ifndef DOCUMENT_ENTITIES_H
#define DOCUMENT_ENTITIES_H

#include "base/arena.h"
#include "base/str.h"

enum entity_syntax {
	ENTITY_MARKDOWN, /* a semicolon ends every reference */
	ENTITY_HTML,     /* some old names do without: &copy 2020 */
};

/*
 * Reads the reference at the start of `text`, which begins with `&`. Gives its length, 0 when it
 * is none. `*value` is what it stands for, in static memory or the arena; empty for
 * controls and bidirectional overrides, which are dropped. Line ends and tabs are blanks.
 */
size_t entity_read(struct str text, enum entity_syntax, struct arena *, struct str *value);

/* A text with all its references replaced: the text itself when there are none. */
struct str entity_decode(struct str text, enum entity_syntax, struct arena *);

#endif
