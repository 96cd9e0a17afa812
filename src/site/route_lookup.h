/*
 * route_lookup - whether what a route names exists, and what it is.
 *
 *	struct found found;
 *	if (!route_lookup(&site, &route, &found))
 *		...                                // a file, an old address, or nothing
 */
#ifndef SITE_ROUTE_LOOKUP_H
#define SITE_ROUTE_LOOKUP_H

#include "site/site.h"

struct found {
	const struct post *post;   /* of posts and pages */
	const struct group *group; /* of series and keywords */

	/* Of home and listings: the posts on this page of it, `first` counted in all of it. */
	uint32_t first, count, total;
	const uint32_t *members; /* all of the list, indices in posts[]; NULL: posts[] ... */
	uint32_t base;           /* ... from this index on */
};

/*
 * Looks a route up in the catalogue; files are not its business. False for a name that is not
 * known, and for a page behind the last one of a listing. Costs the same in every catalogue.
 */
bool route_lookup(const struct site *, const struct route *, struct found *);

/* The i-th post of a listing, counted from the first of all its pages. */
const struct post *found_post(const struct site *, const struct found *, uint32_t i);

/*
 * The post whose slug is one or two letters off, or NULL; in catalogues of more than a few
 * thousand posts nobody looks, since that costs time for every wrong address.
 */
const struct post *route_nearest(const struct catalogue *, struct str slug);

#endif
