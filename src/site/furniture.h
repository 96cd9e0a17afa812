/*
 * furniture - the small pieces that pages have in common: counts, dated links, ways back.
 *
 *	furniture_post(visit, d, post);                  // => /posts/x.gmi 2020-05-25 Title
 *	furniture_home(visit, d);                        // => / Learning out loud
 */
#ifndef SITE_FURNITURE_H
#define SITE_FURNITURE_H

#include "site/visit.h"

/* Appends a label, its first %u being `a`, its second `b`. */
void furniture_words(struct buf *, struct str word, unsigned a, unsigned b);

/* Appends "1 post" or "24 posts": the label for one, or the one for many. */
void furniture_count(struct buf *, const struct labels *, enum label one, enum label many,
		     unsigned count);

/* A listing's line: "2020-05-25 Title" (GEM-S4, GEM-S7). */
void furniture_post(const struct visit *, struct document *, const struct post *);

/* Readers of feeds take every link whose text begins with a date for a post (GEM-S4, GEM-S8). */
bool furniture_looks_dated(struct str text);

/*
 * A link to a series or keyword: "[before: ]Name (4 parts)", "[before: ]name (9)". Where there is
 * nothing before a name that looks dated, "Series: " or "Keyword: " is.
 */
void furniture_group(struct document *, enum route_kind, const struct group *, struct str before,
		     const struct labels *);

/* A link "label: title". */
void furniture_titled(struct document *, struct route, struct str label, struct str title);

/* The link home, which every page but home ends with. */
void furniture_home(const struct visit *, struct document *);

#endif
