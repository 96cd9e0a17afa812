/*
 * route - what an address of this capsule names, in either space.
 *
 * Links inside the capsule are routes, not texts, so that each writer spells them for
 * its own space: the route { ROUTE_POST, "vectors" } is `/posts/vectors.gmi` in Gemini
 * and the selector `/posts/vectors.txt` of type 0 in Gopher. Both directions stand in
 * one table in route.c; whether the named thing exists is for site/ to find out.
 */
#ifndef DOCUMENT_ROUTE_H
#define DOCUMENT_ROUTE_H

#include "base/buf.h"
#include "base/str.h"

enum space {
	SPACE_GEMINI,
	SPACE_GOPHER,
};

enum route_kind {
	ROUTE_NONE,
	ROUTE_HOME,         /* / */
	ROUTE_ARCHIVE,      /* /archive/             page */
	ROUTE_YEAR,         /* /archive/2020/        year, page */
	ROUTE_POST,         /* /posts/NAME.gmi       in Gopher .txt */
	ROUTE_POST_TEXT,    /* /posts/NAME.txt       in Gemini: the plain text */
	ROUTE_POST_SOURCE,  /* /posts/NAME.md */
	ROUTE_POST_MENU,    /* /posts/NAME/          Gopher only */
	ROUTE_SERIES_LIST,  /* /series/ */
	ROUTE_SERIES,       /* /series/NAME/         page */
	ROUTE_SERIES_FEED,  /* /series/NAME/feed.xml */
	ROUTE_KEYWORD_LIST, /* /keywords/ */
	ROUTE_KEYWORD,      /* /keywords/NAME/       page */
	ROUTE_KEYWORD_FEED, /* /keywords/NAME/feed.xml */
	ROUTE_SEARCH,       /* /search               page (/search/2), query; in Gopher the query is
			       part of the selector: /search/2?WORDS, still percent-encoded */
	ROUTE_FEED,         /* /feed.xml */
	ROUTE_RANDOM,       /* /random */
	ROUTE_PAGE, /* /NAME.gmi             in Gopher .txt; NAME may hold slashes. When there
		       is no such page it may be a file of that name (robots.txt) */
	ROUTE_FILE, /* /NAME                 any other path, as it is */
	ROUTE_KINDS,
};

struct route {
	enum route_kind kind;
	unsigned page;   /* of a listing: 0 and 1 are the first */
	unsigned year;   /* of ROUTE_YEAR */
	struct str name; /* decoded (no percent signs): a slug, or a path without its first slash */
	struct str query; /* percent-encoded, as after `?`; empty = none */
};

/*
 * Appends the path (Gemini: percent-encoded, with ?query) or the selector (Gopher: raw
 * bytes) of a route. GEM-116, GOPH-5.
 */
void route_spell(enum space, const struct route *, struct buf *);

/* The item type of a route in a Gopher menu or URL: one of 0 1 7 9 I g s. GOPH-20, GOPH-21. */
char route_gopher_type(const struct route *);

/*
 * Reads an absolute path of a space: `path` is decoded (no percent signs left), begins
 * with `/` and has no dot segments. Every path is some route: what the table does not know
 * is a ROUTE_FILE. The name is a slice of `path`. A missing final slash of a folder-like
 * route is noted in `*slash_missing`: Gemini redirects (GEM-114), Gopher does not care.
 */
void route_parse(enum space, struct str path, struct route *, bool *slash_missing);

/*
 * Percent-encodes a URL for a link line: blanks, controls, non-ASCII and the characters that
 * RFC 3986 does not allow; what is encoded already stays (L17, GT-30).
 */
void route_encode_url(struct str url, struct buf *);

/* True when route_encode_url() would change nothing, as for most URLs. */
bool route_is_encoded(struct str url);

/* Percent-encodes one decoded path: as above, and `%`, `?`, `#` too. */
void route_encode_path(struct str path, struct buf *);

/* Decodes %XX; bytes that are not such an escape stay. */
void route_decode(struct str text, struct buf *);

#endif
