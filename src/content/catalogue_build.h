/*
 * catalogue_build - many records become one catalogue.
 *
 * For the loader: order, slugs, series, keywords, neighbours and all look-ups are made from
 * records, which may come fresh from files or out of the catalogue before. Everything is copied,
 * so that both may be freed.
 *
 *	struct build build = { .entries = entries, .nentries = n, .now = date_now(), ... };
 *	struct catalogue *c = catalogue_build(&build);
 */
#ifndef CONTENT_CATALOGUE_BUILD_H
#define CONTENT_CATALOGUE_BUILD_H

#include "base/fault.h"
#include "content/post.h"

/* A file as the catalogue before knew it, or as it was just read. */
struct entry {
	const struct post *post;
	const struct post_source *source;
};

struct build {
	struct entry *entries; /* sorted in place */
	size_t nentries;
	int64_t now;
	bool drafts;                  /* show drafts and future posts too */
	int content_root, pages_root; /* the catalogue takes duplicates; -1 = none */
	struct str root_names[2];
	struct version_store *versions;
	const struct folder_set *folders; /* copied; NULL = nothing is known of them */
	bool quiet; /* duplicate slugs that the catalogue before had are no news */
	struct fault_list *faults;
	struct arena *fault_arena;
};

struct catalogue *catalogue_build(struct build *); /* held once */

/* Posts, then pages, then hidden posts: what the index of paths counts. */
const struct post *catalogue_entry(const struct catalogue *, uint32_t i);

/* The entry of a file, or NO_INDEX. */
uint32_t catalogue_find_path(const struct catalogue *, bool in_pages, struct str path);

static inline uint32_t catalogue_nentries(const struct catalogue *c)
{
	return c->nposts + c->npages + c->nhidden;
}

/*
 * Keywords and series from the sources of all posts: fills the groups, their members and the
 * posts' own fields.
 */
void groups_build(struct catalogue *);

#endif
