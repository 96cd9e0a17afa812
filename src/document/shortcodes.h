/*
 * shortcodes - a tag of Hugo, Zola or Liquid, for the files that read them.
 *
 * Private to document/shortcode*.c.
 *
 *	size_t behind, end = shortcode_end(p, tag, &behind);
 *	if (end != STR_NOT_FOUND)
 *		body = prepass_between(p, tag->to, end);
 */
#ifndef DOCUMENT_SHORTCODES_H
#define DOCUMENT_SHORTCODES_H

#include "document/arguments.h"
#include "document/prepass.h"

#define SHORTCODES 32 /* the most that have a name known here */

struct tag {
	struct arguments arguments;
	struct str name; /* in tables: `include figure.html` is figure */
	size_t from, to; /* where it stands */
	struct str open; /* {{< {{% {% {{ */
	unsigned known;  /* its place among the known names */
};

/*
 * The end of a pair, `{% endNAME %}`, `{{< /NAME >}}` or Zola's `{% end %}`, behind a tag that is
 * known: where it begins and, as `*behind`, ends; STR_NOT_FOUND when there is none. What was found
 * or missed once is not sought again.
 */
size_t shortcode_end(struct prepass *, const struct tag *, size_t *behind);

/* The same for a tag that may be unknown: on its line, a few hundred bytes on. */
size_t shortcode_end_near(struct prepass *, const struct tag *, size_t *behind);

/* A value in which `{{ .. }}` of Liquid are filled in. */
struct str shortcode_value(struct prepass *, struct str value);

/*
 * Puts something in a tag's place: a cut, which is a block where the tag stands alone; nothing; or
 * nothing and a paragraph of Markdown behind, that `mark` begins, as a quote's. Gives where to go
 * on.
 */
size_t shortcode_put(struct prepass *, const struct tag *, struct cut);
size_t shortcode_put_nothing(struct prepass *, const struct tag *);
size_t shortcode_put_paragraph(struct prepass *, const struct tag *, const char *mark,
			       struct str words);

/*
 * An image with its caption. A tag without an address holds images: its caption is remembered, and
 * put where the pair ends.
 */
size_t shortcode_figure(struct prepass *, const struct tag *);
size_t shortcode_end_frame(struct prepass *, const struct tag *);

#endif
