/*
 * inline - the runs of a block become one text.
 *
 * Blanks collapse to one (G-2), soft breaks become a blank or nothing (P02), marks of
 * emphasis and the numbers of links and footnotes are put in, images become words.
 *
 *	struct inline_text text = { .document = d, .style = &style, .links = &links };
 *	if (inline_add(&text, INLINE_ONE_LINE, block->first_run, block->nruns, &out))
 *		buf_add_char(&out, '\n');
 */
#ifndef RENDER_INLINE_H
#define RENDER_INLINE_H

#include "render/links.h"

enum inline_flag {
	INLINE_ONE_LINE = 1,    /* a hard break is a blank (G-4) */
	INLINE_LABEL = 2,       /* words of a label: no numbers, no emphasis, links not noted */
	INLINE_NO_EMPHASIS = 4, /* headings */
	INLINE_GOPHER = 8,      /* _emphasis_ and *strong*, [Image: alt], URLs of empty links */
	INLINE_MARKDOWN = 16,   /* *emphasis* and **strong** (E02) */
	INLINE_WRAP = 32,       /* with the marks of render/wrap.h */
	INLINE_ASCII = 64,
};

struct inline_text {
	const struct document *document;
	const struct style *style;
	struct links *links;
	struct buf scratch; /* its own; begins with zeros */
	/* out: of the text added last: a hard break stands in it; it is all printable ASCII */
	bool lines, plain;
};

/* The two ways of inline_add(). */
bool inline_add_runs(struct inline_text *, unsigned flags, const struct run *first, uint32_t nruns,
		     struct buf *out);
bool inline_add_words(struct str plain, struct buf *out);

/*
 * Appends the text of runs. False, with nothing appended, when there is nothing to see. Hard
 * breaks are LF, never two in a row, none at the start or end.
 */
static inline bool inline_add(struct inline_text *text, unsigned flags, uint32_t first_run,
			      uint32_t nruns, struct buf *out)
{
	text->lines = false;
	text->plain = true;
	if (nruns == 0)
		return false;
	const struct run *run = &text->document->runs[first_run];
	bool is_words = nruns == 1 && run->plain && run->style == 0 &&
			(run->link == NO_LINK || (flags & INLINE_LABEL));
	return is_words ? inline_add_words(run->text, out) /* all that most blocks are */
			: inline_add_runs(text, flags, run, nruns, out);
}

void inline_free(struct inline_text *);

#endif
