/*
 * header - what the keys of a front matter mean for a post.
 *
 * Values come out clean: one line, valid UTF-8, without Markdown marks. A value of a wrong type
 * is a fault with line and column, and as if it were not there. The names that keys go by are in
 * header_keys.h.
 *
 *	struct header header;
 *	header_read(&arena, top, file, true, &header, &faults, &fault_arena);
 */
#ifndef CONTENT_HEADER_H
#define CONTENT_HEADER_H

#include "base/date.h"
#include "content/value.h"

struct header {
	struct str title, list_title, description, slug, lang, author, license, cover, links;
	struct str series;
	struct str keywords;  /* as written, one a line */
	struct str addresses; /* aliases, permalinks, urls, as written, one a line */
	struct date date, updated, expires;
	int32_t weight; /* place in its series; 0 = not given */
	bool draft;
	bool no_page; /* Eleventy's `permalink: false` */
	bool is_page; /* `type: page` or `layout: page` */
	bool math;
	uint32_t
	    said; /* one bit each: fields with one value that were there, lists that stand alone */
};

/*
 * All text lives in the arena. `math` is what the capsule says: without it dollars are text,
 * whatever the header says. Gives the number of faults.
 */
size_t header_read(struct arena *, const struct value *top, struct str file, bool math,
		   struct header *, struct fault_list *, struct arena *fault_arena);

/*
 * What data files say for a post stands where its own header says nothing, but for lists:
 * keywords and addresses of both count. What is taken over is copied into the arena. Whether it is
 * a page is for the header itself to say.
 */
void header_complete(struct arena *, struct header *, const struct header *data);

/* Whether any value is there that header_complete() takes over. */
bool header_says_something(const struct header *);

#endif
