/*
 * table - tables drawn with characters (B01 to B05).
 *
 * Columns have their natural widths where the page is wide enough. Else the widest is narrowed
 * step by step, cells are wrapped and rules stand between the rows. A table that
 * cannot fit, or has one column, is a list: "Head: cell; Head: cell".
 */
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include "render/inline.h"

struct table {
	const struct block *block; /* BLOCK_TABLE */
	struct inline_text *text;
	unsigned flags;    /* of inline_add(); with INLINE_WRAP */
	unsigned width;    /* columns of the page that are left for it */
	struct str prefix; /* before every line */
	bool ascii;        /* rules of - and + */

	/* its own; begins with zeros */
	struct buf cells;        /* the texts one after another */
	struct table_cell *cell; /* rows * columns of them */
	size_t ncolumns, nrows;
	bool header; /* the first row is one, and not empty */
};

/* Sets the cells' texts, in reading order. */
void table_read(struct table *);

/* Appends the drawing. False, with nothing appended, when the table is to be a list. */
bool table_draw(struct table *, struct buf *out);

/*
 * The form as a list. The text of item `row`, from 0, with wrap marks; false at the end. Rows
 * without text give an empty one; behind them come the names of columns without cells.
 * `table_head` is the line before it, or empty.
 */
bool table_item(const struct table *, size_t row, struct buf *out);
void table_head(const struct table *, struct buf *out);

/* The columns' names, separated by commas. */
void table_names(const struct table *, struct buf *out);

void table_free(struct table *);

#endif
