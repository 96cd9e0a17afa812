/*
 * uri - RFC 3986 as a Gemini server needs it.
 *
 *	struct uri uri;
 *	const char *why;
 *	if (!uri_parse(&arena, STR("gemini://Example.org/a%20b?x"), &uri, &why))
 *		...                                     // why: one sentence for the reader
 *	uri_decode_path(&arena, uri.path, &path);       // "/a b"
 */
#ifndef WIRE_URI_H
#define WIRE_URI_H

#include "base/arena.h"
#include "base/str.h"

/* Slices of the parsed text or of the arena. */
struct uri {
	struct str scheme; /* lower-case; empty in a relative reference */
	struct str host;   /* in A-labels, lower-case, without a final dot (GEM-40) */
	unsigned port;     /* 0 = missing or empty (GEM-32) */
	struct str path;   /* as written */
	struct str query;  /* as written, without its `?` */
	bool has_authority, has_userinfo, has_query, has_fragment;
};

/*
 * Splits a URI reference and checks its characters (GEM-19, GEM-20). False when it is not one;
 * `*why` is then a static sentence.
 */
bool uri_parse(struct arena *, struct str text, struct uri *, const char **why);

enum uri_path {
	URI_PATH_GOOD,
	URI_PATH_CLIMBS,  /* dot segments lead above the root (GEM-37) */
	URI_PATH_CONTROL, /* a NUL or another control byte is hidden in an escape (GEM-19) */
	URI_PATH_NOWHERE, /* a `%2F`: no file has such a name (GEM-36) */
};

/*
 * Splits a path into segments, decodes each, then resolves dot segments: `/a/%2e/b%20c` is
 * `/a/b c`. An empty path is `/` (GEM-33). `*decoded` is set only for a good one.
 */
enum uri_path uri_decode_path(struct arena *, struct str raw, struct str *decoded);

/*
 * The form in which host names are compared: A-labels in lower case, no final dot. False for what
 * cannot be a host. IPv6 literals keep their brackets.
 */
bool uri_host_ascii(struct arena *, struct str host, struct str *ascii);

/* Whether a host in that form is an IP address and no name (GEM-34). */
bool uri_host_is_address(struct str host);

#endif
