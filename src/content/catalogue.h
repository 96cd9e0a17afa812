/*
 * catalogue - the immutable snapshot of a whole capsule at one moment.
 *
 * Built by content/loader, never changed once published, shared by all workers: each request
 * holds the catalogue it began with. It keeps what lists need, not bodies: a body is read
 * when somebody asks for it. Drafts, future and expired posts are not in it (they count
 * nowhere); catalogue_is_hidden() knows their files.
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
#include "base/hash_index.h"
#include "base/map.h"
#include "base/str.h"
#include "content/folder_set.h"
#include "document/markdown.h"

#define NO_INDEX UINT32_MAX

/* Which bytes a file holds, without reading them: equal identities mean an unchanged file. */
struct file_identity {
	uint64_t place; /* of device, inode and size */
	uint64_t time;  /* of the last change and the last modification, in nanoseconds */
};

/* What few posts say; posts that say nothing of it share one. */
struct post_extras {
	struct str list_title; /* linkTitle for listings, or empty: see post_list_title() */
	struct str lang;       /* its own, or the capsule's language */
	struct str author;     /* its own, or the capsule's author */
	struct str license;
	struct str cover; /* a reference, as its author wrote it */
	struct str links; /* the post's own links mode, or empty */
};

/* A Markdown file with a date (a post) or without one (a page at its own path). */
struct post {
	struct str slug;  /* of posts: as its author wrote it, decoded. Of pages: the path without
			     ending, `about/index.md` is `about` */
	struct str title; /* clean, one line; never empty */
	struct str description; /* its own, or the first paragraph cut at 200 columns; clean, one
				   line; may be empty */
	struct str path;        /* of the file, below its root folder */
	const struct post_extras *extras; /* never NULL */
	struct file_identity file;
	uint64_t data; /* identity of what data files say for it (data_files.h); 0 = nothing */
	struct date date, updated;         /* updated is not set when the author gave none */
	uint32_t series;                   /* index in series[], or NO_INDEX */
	uint32_t part;                     /* from 1, in reading order */
	uint32_t first_keyword, nkeywords; /* in post_keywords[] */
	uint32_t body_offset;              /* in the file; a BOM and the header are before it */
	uint32_t older, newer;             /* neighbours in time in posts[], or NO_INDEX */
	bool has_title; /* in the header or as a heading (pages: "no title" matters to L05) */
	bool math;      /* mathematics is set (front matter `math: false` turns it off) */
	bool in_pages;  /* the file is below `pages`, not `content` */
};

static inline struct str post_list_title(const struct post *post)
{
	return post->extras->list_title.len > 0 ? post->extras->list_title : post->title;
}

/* A series, or a keyword with all its spellings merged. */
struct group {
	struct str slug, name; /* name: as authors write it most often */
	uint32_t first_member,
	    nmembers; /* in members[]: series in reading order, keywords newest first */
};

struct post_source;
struct version_store;

struct catalogue {
	struct arena arena;
	struct post *posts; /* newest first */
	uint32_t nposts;
	struct post *pages; /* Markdown without date, below content or pages */
	uint32_t npages;
	struct group *series, *keywords; /* sorted as a reader would look for them */
	uint32_t nseries, nkeywords;
	uint32_t *members;            /* indices in posts[], for series and keywords */
	uint32_t *post_keywords;      /* indices in keywords[], for posts */
	int content_root, pages_root; /* descriptors owned by the catalogue; -1 = not there */
	struct str root_names[2];     /* of the folders content and pages themselves */
	int64_t next_change; /* when a future post appears or one expires; INT64_MAX = never */
	uint64_t generation; /* grows with every catalogue of the process */

	/* What look-ups and the next load need: for content/ alone, see the functions below. */
	struct post *hidden_posts; /* drafts, future and expired posts: not served */
	uint32_t nhidden;
	struct post_source *sources; /* of posts, pages and hidden posts, in this order */
	struct hash_index slugs;     /* of posts */
	struct hash_index paths;     /* of files: posts, pages and hidden posts, in this order */
	struct hash_index names;     /* folded titles and slugs: posts, then pages */
	struct map page_paths, series_slugs, keyword_slugs;
	struct map old_addresses;  /* aliases and permalinks -> posts, then pages */
	struct map gone;           /* slugs of expired posts */
	struct folder_set folders; /* below the roots */
	struct version_store *versions;
	_Atomic unsigned holders;
};

struct catalogue *catalogue_hold(struct catalogue *);
void catalogue_release(struct catalogue *); /* frees with the last holder */

/* NULL when there is none. Slugs and paths are decoded. */
const struct post *catalogue_post(const struct catalogue *, struct str slug);
const struct post *catalogue_page(const struct catalogue *, struct str path);
const struct group *catalogue_series(const struct catalogue *, struct str slug);
const struct group *catalogue_keyword(const struct catalogue *, struct str slug);

/*
 * The post or page that an address of the web stands for: its alias, permalink or the address
 * that Jekyll, Hugo and their like made of it, with or without slashes at the ends,
 * `.html` or `index.html`. Decoded.
 */
const struct post *catalogue_old_address(const struct catalogue *, struct str path);

bool catalogue_is_page(const struct catalogue *, const struct post *);

/* ROUTE_POST or ROUTE_PAGE; the name is a slice of the catalogue. */
struct route catalogue_route(const struct catalogue *, const struct post *);

/* The file at this path (below content or pages) is a draft, or its time is not now: 51. */
bool catalogue_is_hidden(const struct catalogue *, struct str path);

/* The post had this slug until it expired: 52. */
bool catalogue_is_gone(const struct catalogue *, struct str slug);

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
struct str catalogue_slug_in(struct arena *, struct str name); /* the same in the arena */

/*
 * Resolves links of one post or page against this catalogue; the resolver borrows both and
 * is valid as long as they are.
 */
struct catalogue_resolver {
	struct link_resolver base;
	const struct catalogue *catalogue;
	struct str path; /* of the source file, below its root */
	bool in_pages;   /* its root: of two files of one path the one there is meant */
	bool missed;     /* set when a reference named no known post, page or file */
};
void catalogue_resolver(struct catalogue_resolver *, const struct catalogue *, struct str path,
			bool in_pages);

#endif
