/*
 * atom - feeds (RFC 4287) for both spaces: the same entries, links in each space's own URLs.
 */
#ifndef RENDER_ATOM_H
#define RENDER_ATOM_H

#include "render/style.h"

struct atom_entry {
	struct str title, summary, rights;
	struct str author; /* may be empty: the feed's */
	struct route route;
	int64_t published, updated; /* seconds since 1970 */
	const struct str *categories;
	size_t ncategories;
};

struct atom_feed {
	struct str title, subtitle, lang;
	struct str author_name, author_email, author_uri; /* name required (RFC 4287 4.1.1) */
	struct route self, alternate; /* the feed's own address, the page that it mirrors */
	const struct atom_entry *entries;
	size_t nentries;
};

/* Appends the feed: absolute URLs of `space`, UTC, no control characters (GEM-A1 to A3). */
void atom_write(const struct atom_feed *, const struct style *, enum space, struct buf *out);

#endif
