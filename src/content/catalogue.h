/*
 * catalogue - the immutable snapshot of a whole capsule at one moment.
 *
 * Built by content/loader, never changed once published, shared by all workers: each request
 * holds the catalogue it began with. It keeps what lists need, not bodies: a body is read
 * when somebody asks for it. Drafts, future and expired posts are not in it (they count
 * nowhere); files that are hidden because of them are known by their paths.
 *
 *	struct catalogue *c = catalogue_hold(current);
 *	const struct post *post = catalogue_post(c, STR("vectors"));
 *	...
 *	catalogue_release(c);
 */
#ifndef CONTENT_CATALOGUE_H
#define CONTENT_CATALOGUE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/map.h"
#include "base/str.h"
#include "document/markdown.h"

#define NO_INDEX UINT32_MAX

/* Which bytes a file holds, without reading them: equal identities mean an unchanged file. */
struct file_identity {
	uint64_t device, inode, size;
	int64_t changed_ns, modified_ns;
};

/* A Markdown file with a date (a post) or without one (a page at its own path). */
struct post {
	struct str
	    slug; /* of posts: as the author wrote it, decoded. Of pages: the path without ending */
	struct str title;      /* clean, one line; never empty */
	struct str list_title; /* linkTitle for listings, or the title */
	struct str
	    description; /* its own, or the first paragraph cut at 200 columns; clean, one line */
	struct str path; /* of the file, below its root folder */
	struct str lang, author, license, cover;
	struct str links;                  /* the post's own links mode, or empty */
	struct date date, updated;         /* updated is not set when the author gave none */
	uint32_t series;                   /* index in series[], or NO_INDEX */
	uint32_t part;                     /* from 1, in reading order */
	uint32_t first_keyword, nkeywords; /* in post_keywords[] */
	uint32_t
	    body_offset; /* where the body begins in the file; a BOM and the header are before it */
	uint32_t older, newer; /* neighbours in time in posts[], or NO_INDEX */
	bool has_title;        /* the author gave one (pages: "no title" matters to L05) */
	bool math;             /* mathematics is set (front matter `math: false` turns it off) */
	bool in_pages;         /* the file is below `pages`, not `content` */
	struct file_identity file;
};

/* A series, or a keyword with all its spellings merged. */
struct group {
	struct str slug, name; /* name: as authors write it most often */
	uint32_t first_member,
	    nmembers; /* in members[]: series in reading order, keywords newest first */
};

struct catalogue {
	struct arena arena;
	struct post *posts; /* newest first */
	uint32_t nposts;
	struct post *pages; /* Markdown without date, below content or pages */
	uint32_t npages;
	struct group *series, *keywords; /* sorted as a reader would look for them */
	uint32_t nseries, nkeywords;
	uint32_t *members;       /* indices in posts[], for series and keywords */
	uint32_t *post_keywords; /* indices in keywords[], for posts */
	struct map slugs;        /* post slug -> posts[] */
	struct map page_paths;   /* page path without ending -> pages[] */
	struct map paths;        /* file path below content -> posts[], or nposts + pages[] */
	struct map series_slugs, keyword_slugs;
	struct map
	    old_addresses; /* aliases, permalinks, .html, ... (no slashes at the ends) -> posts[] */
	struct map
	    folded_titles; /* folded title or slug -> posts[], or nposts + pages[] (wiki links) */
	struct map hidden; /* file paths of drafts, future and expired posts -> 1: not served */
	struct map gone;   /* slugs of expired posts: 52 */
	int content_root, pages_root; /* descriptors owned by the catalogue; -1 = not there */
	int64_t next_change; /* when a future post appears or one expires; INT64_MAX = never */
	uint64_t generation; /* grows with every catalogue of the process */
	_Atomic unsigned holders;
};

struct catalogue *catalogue_hold(struct catalogue *);
void catalogue_release(struct catalogue *); /* frees with the last holder */

/* NULL when there is none. Slugs and paths are decoded. */
const struct post *catalogue_post(const struct catalogue *, struct str slug);
const struct post *catalogue_page(const struct catalogue *, struct str path);
const struct group *catalogue_series(const struct catalogue *, struct str slug);
const struct group *catalogue_keyword(const struct catalogue *, struct str slug);
const struct post *catalogue_old_address(const struct catalogue *, struct str path);

/* The posts of a year: indices [first, first + count) of posts[]. */
void catalogue_year(const struct catalogue *, int32_t year, uint32_t *first, uint32_t *count);

/* Up to `most` related posts (shared keywords, rare ones weigh more, none of its series); gives how
 * many. */
unsigned catalogue_related(const struct catalogue *, const struct post *, unsigned most,
			   uint32_t *found);

/* Up to `most` keywords that stand beside this one most often. */
unsigned catalogue_neighbours(const struct catalogue *, const struct group *keyword, unsigned most,
			      uint32_t *found);

/* Slug of a series or keyword (contract "Posts"): folded, letters and digits, else one `-`. */
void catalogue_slug(struct str name, struct buf *out);

/*
 * Resolves links of one post or page against this catalogue; the resolver borrows both and
 * is valid as long as they are.
 */
struct catalogue_resolver {
	struct link_resolver base;
	const struct catalogue *catalogue;
	struct str path; /* of the source file, below its root */
	bool in_pages;
	bool missed; /* set when a reference named no known post, page or file */
};
void catalogue_resolver(struct catalogue_resolver *, const struct catalogue *, struct str path,
			bool in_pages);

#endif
