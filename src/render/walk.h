/*
 * walk - a document as a stream of events, for the writers of text.
 *
 * Documents are flat arrays in which containers say where they end; a writer wants to hear of
 * their end too, and whether a blank line belongs before a block. Containers are entered
 * and left, other blocks (WALK_LEAF) come once.
 *
 *	struct walk walk = { .document = d };
 *	while (walk_next(&walk))
 *		if (walk.event == WALK_LEAF && walk.block->kind == BLOCK_PARAGRAPH)
 *			...
 *
 * Tables are leaves: their writer looks at rows and cells itself.
 */
#ifndef RENDER_WALK_H
#define RENDER_WALK_H

#include "document/document.h"

enum walk_event { WALK_ENTER, WALK_LEAVE, WALK_LEAF };

/* An open container. */
struct walk_level {
	const struct block *block;
	size_t prefix;    /* for the writer: how much it had before */
	unsigned nblocks; /* of what it holds, the blocks that have begun */
	uint16_t bullets; /* bullet lists, and definitions, from it to the quote around it */
	bool loose;       /* a blank line between what it holds */
	bool ordered;     /* an item with a number */
};

struct walk {
	const struct document *document;
	enum walk_event event;
	const struct block *block; /* of the event */
	bool tight;                /* no blank line before the next line of text */
	uint32_t next;
	uint32_t end; /* where to stop; 0: the end of the document */
	unsigned nlevels;
	struct walk_level levels[DOCUMENT_MAX_DEPTH + 1];
	bool notes_loose; /* some footnote has more than one block */
	bool notes_begun, after_loose;
};

/* The next event, or false at the end. */
bool walk_next(struct walk *);

/* Whether a heading, the notes or the end of the page comes next, rules left out (R01). */
bool walk_at_edge(const struct walk *);

/* Begins a walk anew: over the blocks from `next` to before `end`. */
void walk_begin(struct walk *, const struct document *, uint32_t next, uint32_t end);

/* The innermost open container, the one of the event included; NULL at the top. */
static inline struct walk_level *walk_level(struct walk *w)
{
	return w->nlevels > 0 ? &w->levels[w->nlevels - 1] : NULL;
}

/* To be called when text was written: what follows it is set apart by a blank line again. */
static inline void walk_wrote(struct walk *w)
{
	w->tight = false;
	w->after_loose = false;
}

#endif
