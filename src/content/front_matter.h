/*
 * front_matter - the header of a Markdown file: where it ends and what it says.
 *
 * YAML between `---` lines, TOML between `+++` lines, or a JSON object at the very beginning;
 * Eleventy names the language of others (`---json`, `---js`). A
 * header that is not valid is never a lost post: what its lines plainly say is used, and
 * the fault is told. What only looks like a header (a thematic break, `{` of a
 * shortcode) stays part of the body, so a reader never sees YAML and never misses a line.
 *
 *	struct front_matter header;
 *	front_matter_split(file, true, &header);
 *	if (!front_matter_parse(&arena, &header, name, &top, &fault))
 *		report(&fault);                     // `top` holds what could be understood
 */
#ifndef CONTENT_FRONT_MATTER_H
#define CONTENT_FRONT_MATTER_H

#include "content/value.h"

enum front_matter_form {
	FRONT_MATTER_NONE,
	FRONT_MATTER_YAML,
	FRONT_MATTER_TOML,
	FRONT_MATTER_JSON,
	FRONT_MATTER_SCRIPT, /* JavaScript, which is not run: what its lines plainly say is used */
};

struct front_matter {
	enum front_matter_form form;
	struct str text;     /* between the marks; a slice of the file */
	unsigned first_line; /* of `text` in the file, from 1 */
	size_t body_offset;  /* in the file; behind a BOM and the closing mark's line */
	bool closed;         /* the closing mark is there */
};

/*
 * Finds the header of a file. `bytes` may be the beginning of a longer file, `whole` says that it
 * is all of it. False when the closing mark may still come: ask again with more bytes.
 */
bool front_matter_split(struct str bytes, bool whole, struct front_matter *);

/*
 * Reads a header into a map. False and a fault when it is not valid: then `*top` is a map of
 * what its lines plainly say. `*top` is a VALUE_NULL when there is no header.
 */
bool front_matter_parse(struct arena *, const struct front_matter *, struct str file,
			struct value **top, struct fault *);

#endif
