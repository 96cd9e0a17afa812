/*
 * html - raw HTML in a post: a small machine of tags (M01..M03).
 *
 * Tags come in blocks of HTML and within paragraphs, with Markdown between them, so the machine
 * lives as long as the post: what one tag opens another closes, across paragraphs too.
 *
 *	html_add(&html, STR("<b>"));             // collects markup
 *	html_run(&html);                         // and reads it, before anything else comes
 */
#ifndef DOCUMENT_HTML_H
#define DOCUMENT_HTML_H

#include "document/cuts.h"
#include "document/flow.h"
#include "document/gather.h"
#include "document/html_tags.h"

enum html_capture {
	CAPTURE_NONE,
	CAPTURE_CODE, /* <code>: all that comes is one span */
	CAPTURE_PRE,  /* <pre>: all that comes is a block of code */
};

#define HTML_SCRIPTS 4
#define HTML_NAMES   64 /* names of elements share this many places */

struct html {
	struct flow *flow;
	const struct cuts *cuts;
	struct gather markup;
	enum html_capture capture;
	struct buf captured;
	struct str language; /* of <pre>, from its class */
	const char *skip_to; /* in the source: what stands before it is dropped with its element */
	struct {
		struct str name;
		const char *before; /* in the source: no end tag of that name up to there */
	} none[HTML_NAMES];
	uint64_t unclosed; /* roles and names that have no end tag in the rest of the source */
	const char *paragraph_end; /* in the source: of the paragraph that was last asked about */
	uint64_t unclosed_here;    /* names that have no end tag in the rest of it */
	unsigned emphasis, strong, strike; /* opened by tags, since the last paragraph's end */
	bool in_block;                     /* a block of HTML: em and b are plain there (M01) */
	unsigned tables;                   /* open ones */
	uint32_t row_blocks;               /* number of blocks when the present row began */
	bool row_begun;
	struct {
		struct flow_mark mark;
		bool raised;
	} scripts[HTML_SCRIPTS];
	unsigned nscripts;
	bool in_heading, in_figure, in_caption, embed_wants_source;
	uint32_t figure_run;    /* the figure's first run */
	uint32_t caption_block; /* the caption's first block */
	bool alt_missing;       /* of the figure's image */
};

void html_add(struct html *, struct str piece);
void html_read(struct html *);

static inline void html_run(struct html *h)
{
	if (h->markup.copied || h->markup.slice.len > 0)
		html_read(h);
}

/* A paragraph or a block of HTML ends: so do the styles of tags that nobody closed. */
void html_end_paragraph(struct html *);
void html_end(struct html *); /* the post ends */

bool html_take_between(struct html *, struct str text); /* the rest of html_takes() */

/* Text of Markdown that stands between tags: true when the machine has taken it (or dropped it). */
static inline bool html_takes(struct html *h, struct str text)
{
	return (h->skip_to != NULL || h->capture != CAPTURE_NONE) && html_take_between(h, text);
}

#endif
