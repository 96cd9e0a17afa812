/*
 * document - the neutral page: everything a reader sees, before any protocol.
 *
 * A document is three flat arrays in an arena: blocks, runs (pieces of text of a block) and
 * links. It is made by document/markdown from a post or by code (the home page, a page of
 * errors) and printed by the writers in render/. Blocks stand in reading order; a
 * container (list, item, quote, table, row, ...) is followed by what it holds, at depth + 1,
 * and `end` is the index after the last of it: a writer is one loop and one switch.
 *
 *	struct document *d = document_new(&arena);
 *	document_heading(d, 1, STR("Archive"));
 *	document_text(d, STR("24 posts since 2019."));
 *	document_link(d, (struct route){ ROUTE_POST, .name = slug }, STR("2020-06-20 Eigenvalues"));
 *	gemtext_write(d, &style, &out);
 *
 * Text is a slice of the source or lives in the document's arena. It is clean (utf8_clean):
 * valid UTF-8, no control byte but LF and TAB, and those only in code; an LF of RUN_TEXT is read
 * as a blank.
 */
#ifndef DOCUMENT_DOCUMENT_H
#define DOCUMENT_DOCUMENT_H

#include "base/arena.h"
#include "base/str.h"
#include "document/route.h"

struct math_macros;

enum target_kind {
	TARGET_NONE,  /* nowhere a reader may go (L14): the label is plain text */
	TARGET_ROUTE, /* into this capsule */
	TARGET_URL,   /* anywhere else: an absolute URL, encoded; or, where there is no capsule to
			 resolve it, a relative reference as the author wrote it */
};

/* Where a link leads. */
struct target {
	enum target_kind kind;
	struct route route;
	struct str url;
	struct str title; /* of the post or page that a route names; empty = not known (L05) */
};

enum link_kind {
	LINK_TEXT,
	LINK_AUTO,  /* its text is its URL (L12) */
	LINK_IMAGE, /* an image's file; the label is the alt text */
	LINK_EMBED, /* a video or frame: the parser made the label ("Video"), never weak */
};

struct link {
	struct target target;
	enum link_kind kind;
	struct str title;          /* the title attribute or caption, clean, one line */
	uint32_t first_run, nruns; /* the label in runs[]; of an image the single RUN_IMAGE */
};

enum run_kind {
	RUN_TEXT,
	RUN_CODE,       /* a code span, without its ticks */
	RUN_MATH,       /* `text` is the one-row form, `source` the TeX between the delimiters */
	RUN_SOFT_BREAK, /* a line end of the source: a blank, or nothing between ideographs (P02) */
	RUN_HARD_BREAK,
	RUN_IMAGE, /* `text` is the alt text or its substitute (I04); `image` its link */
	RUN_NOTE,  /* a footnote reference; `note` is the number of its BLOCK_NOTE, from 0 */
};

enum run_style {
	STYLE_EMPHASIS = 1,
	STYLE_STRONG = 2,
	STYLE_STRIKE = 4,
};

#define NO_LINK UINT32_MAX

/* A piece of a block's text in one style. */
struct run {
	struct str text;
	struct str source; /* of RUN_MATH */
	uint32_t link;     /* the link that this run is label of, or NO_LINK */
	uint32_t image;    /* of RUN_IMAGE: its link of kind LINK_IMAGE */
	uint32_t note;     /* of RUN_NOTE */
	uint8_t kind, style;
	/*
	 * Of RUN_TEXT, so that writers can copy it at once: printable ASCII and LF, no two blanks
	 * in a row. False where nobody has looked.
	 */
	bool plain;
};

enum block_kind {
	BLOCK_HEADING,   /* level 1..6; runs */
	BLOCK_PARAGRAPH, /* runs */
	BLOCK_LIST,      /* holds items; ordered: number = first number, delimiter '.' or ')' */
	BLOCK_ITEM,  /* holds blocks (its text is a paragraph, in tight lists too); number, task */
	BLOCK_QUOTE, /* holds blocks */
	BLOCK_CODE,  /* text = the lines with LF but the last; info = alt text (K01) */
	BLOCK_MATH,  /* text = TeX between the delimiters; info = the source on one line;
			shown = the 2D form, or empty: show the source */
	BLOCK_TABLE, /* holds rows; number = columns */
	BLOCK_ROW,   /* holds cells; `header` on the first */
	BLOCK_CELL,  /* runs; align */
	BLOCK_RULE,  /* a thematic break */
	BLOCK_DEFINITIONS, /* holds terms and definitions */
	BLOCK_TERM,        /* runs */
	BLOCK_DEFINITION,  /* holds blocks */
	BLOCK_NOTE, /* a footnote's text: holds blocks; number = its place in the order of first
		       reference, from 0. All stand at the end of the document */
	BLOCK_LINK, /* a line of its own that is one link: `link`; its label is runs */
	BLOCK_LINK_GROUP, /* furniture: links of one sort. gemtext and menus: a line for each,
			     `text` before its label ("Keyword: x"); gopher text: one line, `info`
			     before all ("Keywords: x, y"). `link` is the first, `number` how many
			   */
	BLOCK_KINDS,
};

enum cell_align { ALIGN_DEFAULT, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };
enum task_state { TASK_NONE, TASK_OPEN, TASK_DONE };

struct block {
	uint8_t kind;   /* enum block_kind */
	uint8_t depth;  /* number of containers around it */
	uint8_t level;  /* of headings */
	uint8_t align;  /* of cells */
	uint8_t task;   /* of items */
	char delimiter; /* of ordered lists; 0 = bullets */
	bool header;    /* of rows */
	bool close;     /* no blank line before it: it goes on with what stands above (furniture) */
	uint32_t end;   /* index of the block after this one and all that it holds */
	uint32_t first_run, nruns;
	uint32_t link;
	uint32_t number; /* list start, item number, table columns, note number, count of links */
	struct str text, info, shown;
};

#define DOCUMENT_MAX_DEPTH 64

struct document {
	struct arena *arena;
	struct block *blocks;
	struct run *runs;
	struct link *links;
	uint32_t nblocks, nruns, nlinks;
	size_t blocks_capacity, runs_capacity, links_capacity;
	uint32_t foot;   /* the first block behind the text, where furniture leads on; 0 = none */
	struct str lang; /* BCP 47, or empty */
	const struct math_macros *macros;  /* for writers that set mathematics anew (ASCII) */
	uint32_t open[DOCUMENT_MAX_DEPTH]; /* the builder's open containers */
	uint32_t nopen;                    /* counts those beyond the bound too */
	bool gap;                          /* the builder: the next close block is not close */
};

/* An empty document; all it will hold lives in `arena`, which must outlive it. */
struct document *document_new(struct arena *);

/*
 * The builder. Blocks go to the innermost open container; a container stays open until
 * closed. Deeper than DOCUMENT_MAX_DEPTH nothing nests: such a container is not opened, what it
 * holds goes to the one around it (G-bounds); document_close() keeps count of those too.
 */
uint32_t document_add(struct document *, enum block_kind);
uint32_t document_open(struct document *, enum block_kind);
void document_close(struct document *);

/* Appends a run to the newest block. */
struct run *document_run(struct document *, enum run_kind, struct str text, unsigned style,
			 uint32_t link);

/* Appends a link; the runs that the caller adds with its index are its label. */
uint32_t document_add_link(struct document *, enum link_kind, struct target);

/* Whole blocks of plain text, for pages made by code. Text is copied into the arena. */
void document_heading(struct document *, unsigned level, struct str text);
void document_text(struct document *, struct str text);
void document_line(struct document *, struct str text);                      /* a close one */
void document_link(struct document *, struct route, struct str label);       /* a close one */
void document_link_url(struct document *, struct str url, struct str label); /* a close one */

/* A blank line before the next block although it is a close one. */
void document_gap(struct document *);

/*
 * Appends another document's blocks (made in the same arena) at the present place, e.g. home.md
 * in the home page. Headings move down by `shift` levels.
 */
void document_append(struct document *, const struct document *other, unsigned shift);

/* The plain words of a range of runs as one line (labels, descriptions, search). */
void document_plain(const struct document *, uint32_t first_run, uint32_t nruns, struct buf *);

#endif
