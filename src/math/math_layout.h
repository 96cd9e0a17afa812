/*
 * math_layout - a tree in two dimensions.
 *
 * Private to math/. A list becomes items: boxes with the blanks before each, so that a
 * row that is too wide can be broken between them.
 */
#ifndef MATH_LAYOUT_H
#define MATH_LAYOUT_H

#include "math/math_box.h"
#include "math/math_print.h"
#include "math/math_symbols.h"

struct math_layout {
	struct math_page page;
	struct math_printer printer; /* for what is one row */
	struct buf line;             /* what it prints into */
	bool tight;                  /* within a limit: no blanks from classes */
};

struct math_items {
	const struct math_node **nodes;
	struct math_box *boxes;
	unsigned *blanks; /* before each */
	size_t count, capacity;
	unsigned after; /* blanks wanted behind the last, if something follows */
};

/* `continues`: as in the second column of an aligned row, see math_parse_list(). */
struct math_items math_layout_items(struct math_layout *, const struct math_node *list,
				    bool continues);
void math_layout_add(struct math_layout *, struct math_items *, const struct math_node *,
		     struct math_box, unsigned blanks);
struct math_box math_layout_list(struct math_layout *, const struct math_node *list);
struct math_box math_layout_matrix(struct math_layout *, const struct math_node *);

/* Rows and columns of boxes, once their content is known; `cells` is row by row. */
struct math_box math_layout_grid(struct math_layout *, const struct math_matrix *,
				 struct math_box *cells, struct math_box *tags);

/* Blank columns between a column and the one before it. */
unsigned math_layout_gap(const struct math_matrix *, unsigned column);

/* What stands in one cell of a matrix, `column` from 0. */
struct math_box math_layout_cell(struct math_layout *, const struct math_matrix *,
				 const struct math_cell *, unsigned column);

#endif
