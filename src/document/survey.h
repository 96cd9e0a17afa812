/*
 * survey - one look at every byte of a post: is there anything for the pre-pass to do?
 *
 * Most posts are clean, and many hold nothing to cut: those are neither copied nor read
 * line by line.
 */
#ifndef DOCUMENT_SURVEY_H
#define DOCUMENT_SURVEY_H

#include "base/arena.h"
#include "base/str.h"

struct survey {
	bool clean;       /* nothing that survey_clean() would change */
	bool marks;       /* something may be cut out */
	bool definitions; /* a line may be a definition */
};

struct survey survey(struct str text);

/* The text as utf8_clean() gives it, without the marks of placeholders; in the arena. */
struct str survey_clean(struct arena *, struct str text);

/* The length of a mark for a table of contents ([TOC]) at the start, or 0. */
size_t survey_contents_mark(struct str text);

/* True when a line that begins at `at` may be a definition: `: ` behind some blanks. */
bool survey_begins_definition(struct str text, size_t at);

#endif
