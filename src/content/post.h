/*
 * post - one Markdown file becomes one post (or page).
 *
 * The header's fields, the file's name and the beginning of the body together: slug, date,
 * title and description have their fallbacks here, layouts of Jekyll, Hugo and Zola are known by
 * their names (`_posts`, `_drafts`, `x/index.md`, `_index.md`, `post.fr.md`).
 *
 *	struct record record;
 *	switch (post_parse(&parser, STR("posts/2020-05-25-vectors.md"), bytes, whole, &record)) {
 *	case POST_NEEDS_MORE: ...           // the beginning was too short: read more
 *	case POST_BROKEN: ...               // usable, but its header had faults
 *	case POST_FINE: ...
 *	}
 */
#ifndef CONTENT_POST_H
#define CONTENT_POST_H

#include "base/fault.h"
#include "content/catalogue.h"

#define POST_TITLE_COLUMNS 300 /* of a title that is the body's first heading */

/* What a catalogue is built from besides struct post; kept for the next one. */
struct post_source {
	const char *keywords;           /* as written, one a line */
	const char *series;             /* as written, or empty */
	const char *addresses;          /* old addresses, one a line (old_address_key) */
	int64_t expires;                /* INT64_MAX = never */
	int32_t weight;                 /* place in the series; 0 = by date */
	uint32_t title_hash, slug_hash; /* of the folded texts (post_name_hash) */
	uint32_t title_slug_hash;       /* of catalogue_slug(title), folded */
	bool draft;
	bool no_page;        /* never served */
	bool is_broken;      /* its header had faults, which the next start tells again */
	bool is_page;        /* has no date, or says that it is a page */
	uint8_t slug_suffix; /* bytes of the `-2` that the catalogue put behind the slug */
};

/* A file as it was read; all text lives in the arena of its parser. */
struct record {
	struct post post; /* what depends on other posts is not set */
	struct post_source source;
};

struct header;

struct post_parser {
	struct arena *arena; /* for the records */
	struct arena work;   /* for the time of one post; freed by whoever owns the parser */
	struct str language, author; /* of the capsule, for posts that say nothing */
	bool math;                   /* of the capsule */
	const struct header *data;   /* what data files say for this post, or NULL */
	struct fault_list *faults;
	struct arena *fault_arena;
	struct buf scratch; /* freed by whoever owns the parser */
};

enum post_result {
	POST_FINE,
	POST_BROKEN,     /* faults were added; the record holds what could be understood */
	POST_NEEDS_MORE, /* the header goes on behind `bytes` */
};

/*
 * `path` is the file's, below content or pages; `bytes` its beginning, `whole` when that is all of
 * it. The caller sets post.file.
 */
enum post_result post_parse(struct post_parser *, struct str path, bool in_pages, struct str bytes,
			    bool whole, struct record *);

/* The date that the file's name or its folders below content give; may be none. */
struct date post_date_of_path(struct arena *, struct str path);

/* Whether a file's name ends like a post's: .md or .markdown. */
bool post_is_markdown(struct str name);

/* Hash of a text after folding: titles and slugs that readers take for the same have the same. */
uint32_t post_name_hash(struct str text, struct buf *scratch);

/* Whether the folded text is the post's title, its slug, or what a slug of its title would be. */
bool post_has_name(const struct post *, struct str folded);

#endif
