/*
 * old_address - addresses that a post had on the web.
 *
 * Aliases and permalinks are compared in one form: without host, query, slashes at the ends
 * and the endings that web servers add or hide.
 *
 *	old_address_key(STR("https://blog.example/2020/05/vectors/index.html"), &out);
 *	                                            // 2020/05/vectors
 */
#ifndef CONTENT_OLD_ADDRESS_H
#define CONTENT_OLD_ADDRESS_H

#include "base/buf.h"
#include "content/catalogue.h"

/*
 * The folders of Hugo's, Zola's, Eleventy's, Hexo's and Gridsome's projects whose insides stand at
 * the root of the site: `static/a.png` is /a.png there. With a slash; behind the last, from 0 on,
 * comes an empty one.
 */
struct str old_address_root(size_t i);

/* Appends the form that is compared; nothing for the root. */
void old_address_key(struct str address, struct buf *out);

/* Appends a permalink with Jekyll's and Hugo's placeholders (:year, :title, ...) filled in. */
void old_address_expand(struct str pattern, const struct post *, const char *keywords,
			struct buf *out);

#endif
