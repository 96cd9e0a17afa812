/*
 * markdown - a post's Markdown becomes a document.
 *
 * The pipeline of cases/conversion.md: clean the bytes, cut out what md4c does not know
 * (mathematics, footnotes, shortcodes, ...) behind placeholders, parse with md4c, build
 * the document, put back what was cut out. Front matter is not its business: the caller
 * passes the body only.
 *
 *	struct markdown_options options = { .labels = &labels, .math = true, .resolver = &resolver
 *}; struct document *d = markdown_parse(&arena, body, &options);
 */
#ifndef DOCUMENT_MARKDOWN_H
#define DOCUMENT_MARKDOWN_H

#include "document/document.h"
#include "document/labels.h"

/* How references of the source become targets: given by whoever knows the capsule. */
struct link_resolver {
	/*
	 * `reference` is a relative reference or an absolute path, without scheme and host,
	 * otherwise as written (may hold ?query and #fragment). Fills the target: known things
	 * as their route with title, all else as ROUTE_FILE with the absolute path (L16).
	 */
	void (*resolve)(const struct link_resolver *, struct arena *, struct str reference,
			struct target *);
	/* A post or page by title or slug, compared folded (L20, ref, post_url); false = none. */
	bool (*find)(const struct link_resolver *, struct arena *, struct str name,
		     struct target *);
	/* Is told of a shortcode or tag that nobody knows: it vanishes (M04). May be NULL. */
	void (*drop)(const struct link_resolver *, struct str tag);
};

struct markdown_options {
	const struct labels *labels;
	const struct link_resolver *resolver; /* NULL: relative references stay TARGET_URL */
	const struct math_macros *macros;     /* from the settings, or NULL */
	bool math;                            /* false: dollars are text */
	bool math_bold_unicode;
	unsigned width; /* columns for two-dimensional mathematics; 0 = 70 */
};

/*
 * Never fails: any bytes are some document. `body` must outlive the document, whose text stays
 * a slice of it or of a cleaned copy in the arena.
 */
struct document *markdown_parse(struct arena *, struct str body, const struct markdown_options *);

/*
 * The rule of a post's headings (H03): a first level-1 heading equal to the title is dropped; when
 * another level-1 heading remains, all move down one level. Before the header is put in front.
 */
void markdown_fit_title(struct document *, struct str title);

#endif
