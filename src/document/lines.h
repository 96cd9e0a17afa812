/*
 * lines - the blocks of Markdown as far as a line tells: quotes, items, fences, indented code.
 *
 * The pre-pass must know where text is text: mathematics in a block of code is code. The scanner
 * follows CommonMark's containers line by line, and two more: bodies of footnotes and of
 * definitions, whose lines are indented in the same way.
 *
 *	struct line_scanner scanner = { .text = body };
 *	struct line line;
 *	while (lines_next(&scanner, &line))
 *		if (line.kind == LINE_TEXT)
 *			look_at(str_sub(body, line.content, line.end));
 */
#ifndef DOCUMENT_LINES_H
#define DOCUMENT_LINES_H

#include "base/buf.h"
#include "base/str.h"

enum line_kind {
	LINE_BLANK,
	LINE_TEXT,
	LINE_HEADING,
	LINE_RULE, /* a thematic break or the line below a heading */
	LINE_CODE, /* indented, or within a fence, or a fence itself */
	LINE_RAW,  /* <pre>, <script>, <style> and comments, up to their end */
};

enum container_kind { IN_QUOTE, IN_ITEM, IN_NOTE, IN_DEFINITION };

struct container {
	enum container_kind kind;
	size_t indent; /* columns of its content; of quotes none */
	size_t behind; /* in the present line: the first byte behind its mark */
};

#define LINES_DEPTH 48

struct line {
	size_t start, content, end, next; /* content: behind all containers' marks */
	enum line_kind kind;
	bool continues; /* the paragraph of the line before */
	bool lazy;      /* without its containers' marks */
	bool has_mark;  /* an item, note or definition begins here */
};

struct line_scanner {
	struct str text;
	size_t at; /* the next line */
	struct container open[LINES_DEPTH];
	unsigned nopen;
	bool in_paragraph, definitions; /* `: ` begins a definition here */
	char fence;                     /* of an open fence, or 0 */
	size_t fence_length;
	unsigned fence_depth;
	struct str raw_end; /* what ends an open LINE_RAW */
};

/* False at the end of the text. */
bool lines_next(struct line_scanner *, struct line *);

/* Where the content of a raw line begins behind the marks of the open containers. */
size_t lines_strip(const struct line_scanner *, size_t start);

/* Whether a raw line stands in all open containers. */
bool lines_is_within(const struct line_scanner *, size_t start);

/* Appends what a new line must begin with to stand in containers [from, to). */
void lines_add_prefix(const struct line_scanner *, unsigned from, unsigned to, struct buf *);

/* The innermost container of a kind: its index, or nopen when there is none. */
unsigned lines_find(const struct line_scanner *, enum container_kind);

/* `[^label]` at the start: the label's end, behind the bracket; 0 when it is none. */
size_t lines_note_label(struct str text, struct str *label);

/* True for a line that begins a block of its own: fence, heading, item, quote. */
bool lines_begins_block(struct str line);

#endif
