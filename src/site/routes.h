/*
 * routes - all addresses of a capsule: what a copy of it is made of.
 *
 *	struct routes routes = { 0 };
 *	routes_list(&site, SPACE_GOPHER, &routes);
 *	for (size_t i = 0; i < routes.count; i++)
 *		...                                          // spell it, ask site_answer()
 *	routes_free(&routes);
 *
 * Left out are what only a running server has (/search, /random) and second addresses of the same
 * thing (aliases, the Markdown of a post at its own path).
 */
#ifndef SITE_ROUTES_H
#define SITE_ROUTES_H

#include "site/site.h"

struct routes {
	struct arena arena; /* holds the names of files; other names are the catalogue's */
	struct route *at;
	size_t count, capacity;
};

/*
 * Appends every route of this space once: home, listings with all their pages, posts in all their
 * forms, feeds, hand-written pages, files. Files of drafts are among them: site_answer() does not
 * give them away.
 */
void routes_list(const struct site *, enum space, struct routes *);

void routes_free(struct routes *);

#endif
