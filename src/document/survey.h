/*
 * survey - what there is for the pre-pass to do in a post, and where.
 *
 * Most posts are clean, and many hold nothing to cut: those are neither copied nor read
 * line by line. So every byte is looked at here first, sixteen at once.
 *
 *	struct survey found = survey(&arena, body);
 *	if (!found.clean)
 *		body = survey_clean(&arena, body);       // and survey it anew
 */
#ifndef DOCUMENT_SURVEY_H
#define DOCUMENT_SURVEY_H

#include "base/arena.h"
#include "base/str.h"

struct survey {
	bool clean;       /* nothing that survey_clean() would change */
	bool cuts;        /* something may be cut out */
	bool definitions; /* a line may be a definition */
	uint64_t *marks;  /* a bit for each byte: one of ` < $ \\ [ | { * */
};

/* The marks live in the arena. */
struct survey survey(struct arena *, struct str text);

/* The first place in [from, to) that holds a mark, else `to`. */
static inline size_t survey_next_mark(const uint64_t *marks, size_t from, size_t to)
{
	if (from >= to)
		return to;
	size_t word = from / 64;
	uint64_t bits = marks[word] & (UINT64_MAX << from % 64);
	while (bits == 0 && ++word * 64 < to)
		bits = marks[word];
	size_t at = bits != 0 ? word * 64 + (size_t)__builtin_ctzll(bits) : to;
	return at < to ? at : to;
}

/* Whether a byte before or behind the one at `at` is not ASCII. */
static inline bool survey_is_beside_other_scripts(struct str text, size_t at)
{
	unsigned char before = at > 0 ? (unsigned char)text.at[at - 1] : 0;
	unsigned char behind = at + 1 < text.len ? (unsigned char)text.at[at + 1] : 0;
	return ((before | behind) & 0x80) != 0;
}

/* The text as utf8_clean() gives it, without the marks of placeholders; in the arena. */
struct str survey_clean(struct arena *, struct str text);

/* The length of a mark for a table of contents ([TOC]) at the start, or 0. */
size_t survey_contents_mark(struct str text);

/*
 * Where the name of `[[name]](` ends that begins at `at`, or 0: for md4c it is a wiki link, but a
 * link whose words stand in brackets is meant. A name holds no bracket, so that no byte is looked
 * at twice.
 */
size_t survey_bracketed_words(struct str text, size_t at);

/*
 * True for a line that is nothing but <hr>, <br> or an end tag, from `at` on, with another line
 * below it: see prepass.c.
 */
bool survey_ends_html(struct str text, size_t at);

/* True when a line that begins at `at` may be a definition: `: ` behind some blanks. */
bool survey_begins_definition(struct str text, size_t at);

#endif
