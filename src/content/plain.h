/*
 * plain - a line of Markdown without its marks, where a whole parse would cost too much.
 *
 * For titles and descriptions, which stand in lists, menus and feeds as plain text: emphasis,
 * links, code ticks, HTML tags and shortcodes go, their words stay; mathematics becomes its one
 * row. The first paragraph and the first heading of a body are found by looking at lines.
 *
 *	plain_line(STR("The *new* [site](https://x.example)"), true, &out);      // The new site
 */
#ifndef CONTENT_PLAIN_H
#define CONTENT_PLAIN_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends the text as one clean line (utf8_clean_line) without marks. Without `math` dollars are
 * text.
 */
void plain_line(struct str markdown, bool math, struct buf *out);

/* As plain_line(), at most `columns` columns, cut at a word with "…". */
void plain_cut(struct str markdown, bool math, size_t columns, struct buf *out);

/* What the beginning of a body tells about the whole. */
struct plain_summary {
	struct str heading; /* text of the first level-1 heading, with its marks; or empty */
	struct str text;    /* what stands before `<!--more-->`, else the first paragraph, with its
			       marks and line ends; or empty */
};

/* Slices of `body`, which may be cut off anywhere. */
void plain_summarize(struct str body, struct plain_summary *);

#endif
