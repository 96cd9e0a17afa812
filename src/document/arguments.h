/*
 * arguments - what stands between the braces of a shortcode or a Liquid tag.
 *
 * Hugo writes `figure src="a.png" caption="A plot"` and `youtube abc`, Zola
 * `youtube(id="abc")`, Jekyll `include figure.html src="a.png"`: a name, then values with and
 * without a key.
 */
#ifndef DOCUMENT_ARGUMENTS_H
#define DOCUMENT_ARGUMENTS_H

#include "base/str.h"

#define MOST_ARGUMENTS 24

struct arguments {
	struct str name;
	struct {
		struct str key, value; /* without quotes; the key may be empty */
	} at[MOST_ARGUMENTS];
	size_t count;
};

void arguments_read(struct str text, struct arguments *);

/* The value of the first key that there is. `keys` are separated by blanks. */
struct str arguments_find(const struct arguments *, const char *keys);

/* The nth value without a key, from 0; empty when there are not so many. */
struct str arguments_nth(const struct arguments *, size_t n);

/* A tag's name as it is known in tables: without folder and ending (`custom/figure.html`). */
struct str arguments_stem(struct str name);

#endif
