/*
 * gemtext_lines - the lines of gemtext, one kind after another, for render/gemtext.
 *
 * Knows what stands before a line (blank line, marks of quotes and items) and that no line
 * of text is a live one by accident. Which lines a document has is decided in gemtext.c.
 */
#ifndef RENDER_GEMTEXT_LINES_H
#define RENDER_GEMTEXT_LINES_H

#include "render/inline.h"
#include "render/links.h"
#include "render/walk.h"

struct gemtext {
	const struct document *document;
	const struct style *style;
	struct buf *out;
	size_t start; /* of the output */
	struct links links;
	struct inline_text text;
	struct walk walk;
	struct buf scratch;
	unsigned flags;    /* of inline_add() */
	unsigned quotes;   /* open ones */
	unsigned joined;   /* open ones that the last line was in too */
	unsigned item;     /* the level of the innermost item */
	bool marker_due;   /* its mark is not written yet */
	bool link_list;    /* the innermost list is one of links (L09) */
	bool links_listed; /* all links of the page are printed, those of its notes too */
};

/* The blank line between blocks; inside a quote that goes on it is quoted too. */
void gemtext_separate(struct gemtext *);

/* To be called after every line that did not come from here. */
void gemtext_wrote(struct gemtext *);

/* "2.1. ", the path of the innermost item's numbers, and "☑ ". */
void gemtext_add_path(const struct gemtext *, struct buf *out);
void gemtext_add_task(const struct gemtext *, struct buf *out);

/*
 * The mark of an item that begins with something else than text stands alone; that of a mere bullet
 * is left out, since a lone asterisk is no item for clients (GT-15).
 */
void gemtext_end_marker(struct gemtext *);

/* A line of text, of the list or of the quote that is open; more with hard breaks. */
void gemtext_text(struct gemtext *, uint32_t first_run, uint32_t nruns);

/* The same for text made by a writer: one line. */
void gemtext_line(struct gemtext *, struct str text);

/* A heading in words of the page furniture, and one of the document. */
void gemtext_heading(struct gemtext *, unsigned level, struct str text);
bool gemtext_heading_runs(struct gemtext *, const struct block *);

/*
 * A preformatted block, closed whatever it holds (K02), outside of quotes (Q03). Nothing for
 * blank text. The alternative text is "label: alt", or one of the two.
 */
void gemtext_preformatted(struct gemtext *, struct str label, struct str alt, struct str text);

#endif
