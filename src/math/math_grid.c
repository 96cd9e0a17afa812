#include "math/math_layout.h"

#define MOST_CELLS 16384
#define APART      4 /* columns between the pairs of an aligned environment */

/* How a matrix stands: sizes of what is in it, then places. */
struct grid {
	const struct math_matrix *matrix;
	struct math_box *cells; /* row by row */
	struct math_box *tags;  /* one for each row */
	size_t *widths;         /* of columns */
	size_t *starts;         /* where columns begin */
	unsigned *above;        /* of rows: what is above the baseline */
	unsigned *below;
	size_t width;
	unsigned ncolumns, nrows;
};

static char column_letter(const struct math_matrix *matrix, unsigned column)
{
	for (size_t i = 0; i < matrix->columns.len; i++)
		if (matrix->columns.at[i] != '|' && column-- == 0)
			return matrix->columns.at[i];
	return 'c';
}

static bool has_bar(const struct math_matrix *matrix, unsigned column)
{
	for (size_t i = 0; i < matrix->columns.len; i++) {
		if (matrix->columns.at[i] != '|')
			column--;
		else if (column == 0)
			return true;
	}
	return false;
}

static char alignment(const struct math_matrix *matrix, unsigned column)
{
	switch (matrix->shape) {
	case MATH_SHAPE_GRID: return column_letter(matrix, column);
	case MATH_SHAPE_CASES: return 'l';
	case MATH_SHAPE_ALIGNED: return column % 2 == 0 ? 'r' : 'l';
	case MATH_SHAPE_LINES: return 'l';
	case MATH_SHAPE_CENTRED:
	case MATH_SHAPE_STACKED: break;
	}
	return 'c';
}

unsigned math_layout_gap(const struct math_matrix *matrix, unsigned column)
{
	if (column == 0)
		return 0;
	switch (matrix->shape) {
	case MATH_SHAPE_GRID: return has_bar(matrix, column) ? 3 : 2;
	case MATH_SHAPE_CASES: return 3;
	case MATH_SHAPE_ALIGNED: return matrix->gaps && column % 2 == 0 ? APART : 0;
	case MATH_SHAPE_LINES:
	case MATH_SHAPE_CENTRED:
	case MATH_SHAPE_STACKED: break;
	}
	return 0;
}

static void measure(struct grid *g)
{
	for (unsigned row = 0; row < g->nrows; row++) {
		g->above[row] = g->tags[row].baseline;
		g->below[row] = g->tags[row].height - 1 - g->tags[row].baseline;
		for (unsigned column = 0; column < g->ncolumns; column++) {
			const struct math_box *cell = &g->cells[row * g->ncolumns + column];
			unsigned below = cell->height - 1 - cell->baseline;
			if (cell->width > g->widths[column])
				g->widths[column] = cell->width;
			if (cell->baseline > g->above[row])
				g->above[row] = cell->baseline;
			if (below > g->below[row])
				g->below[row] = below;
		}
	}
	size_t at = g->matrix->shape == MATH_SHAPE_GRID && has_bar(g->matrix, 0) ? 2 : 0;
	for (unsigned column = 0; column < g->ncolumns; column++) {
		at += math_layout_gap(g->matrix, column);
		g->starts[column] = at;
		at += g->widths[column];
	}
	bool last_bar = g->matrix->shape == MATH_SHAPE_GRID && has_bar(g->matrix, g->ncolumns);
	g->width = at + (last_bar ? 2 : 0);
}

static unsigned row_height(const struct grid *g, unsigned row)
{
	return g->above[row] + 1 + g->below[row];
}

static unsigned blank_rows(const struct grid *g, unsigned row)
{
	if (row == 0)
		return 0;
	bool tall = row_height(g, row - 1) > 1 || row_height(g, row) > 1;
	switch (g->matrix->shape) {
	case MATH_SHAPE_CASES: return g->nrows == 2 && !tall;
	case MATH_SHAPE_ALIGNED:
	case MATH_SHAPE_LINES:
	case MATH_SHAPE_CENTRED: return tall;
	case MATH_SHAPE_GRID:
	case MATH_SHAPE_STACKED: break;
	}
	return 0;
}

static size_t cell_column(const struct grid *g, unsigned column, size_t width)
{
	size_t room = g->widths[column] - width;
	switch (alignment(g->matrix, column)) {
	case 'l': return g->starts[column];
	case 'r': return g->starts[column] + room;
	default: return g->starts[column] + room / 2;
	}
}

/* Where a vertical rule stands before a column, or behind the last. */
static size_t bar_column(const struct grid *g, unsigned column)
{
	if (column == 0)
		return 0;
	return g->starts[column - 1] + g->widths[column - 1] + 1;
}

/* The rules of an array: "──┼──" or, between them, "  │  ". */
static struct math_box rule_box(struct math_layout *l, const struct grid *g, bool horizontal)
{
	struct buf line = { 0 };
	bool ascii = l->page.ascii;
	unsigned column = 0;
	for (size_t at = 0; at < g->width; at++) {
		while (column <= g->ncolumns &&
		       (!has_bar(g->matrix, column) || bar_column(g, column) < at))
			column++;
		bool bar = column <= g->ncolumns && bar_column(g, column) == at;
		if (horizontal)
			buf_add(&line, bar     ? (ascii ? STR("+") : STR("┼"))
				       : ascii ? STR("-")
					       : STR("─"));
		else
			buf_add(&line, !bar ? STR(" ") : ascii ? STR("|") : STR("│"));
	}
	struct str text = arena_str(l->page.arena, str_trim_end(buf_str(&line)));
	buf_free(&line);
	return math_box_text(&l->page, text);
}

static bool has_bars(const struct math_matrix *matrix)
{
	return matrix->shape == MATH_SHAPE_GRID &&
	       str_find(matrix->columns, '|', 0) != STR_NOT_FOUND;
}

/* One row of the matrix as parts from left to right, rules among them. */
static size_t place_row(struct math_layout *l, const struct grid *g, unsigned row, unsigned top,
			struct math_part *parts)
{
	size_t n = 0;
	unsigned baseline = top + g->above[row];
	for (unsigned column = 0; column <= g->ncolumns; column++) {
		if (has_bars(g->matrix) && has_bar(g->matrix, column)) {
			struct math_box bar =
			    math_box_text(&l->page, l->page.ascii ? STR("|") : STR("│"));
			struct math_box *pile =
			    ARENA_ARRAY(l->page.arena, struct math_box, row_height(g, row));
			for (unsigned i = 0; i < row_height(g, row); i++)
				pile[i] = bar;
			parts[n++] = (struct math_part){ math_box_stack(&l->page, pile,
									row_height(g, row), 0),
							 bar_column(g, column), top };
		}
		if (column == g->ncolumns)
			break;
		const struct math_box *cell = &g->cells[row * g->ncolumns + column];
		parts[n++] = (struct math_part){ *cell, cell_column(g, column, cell->width),
						 baseline - cell->baseline };
	}
	if (g->tags[row].width > 0)
		parts[n++] = (struct math_part){ g->tags[row], g->width + 2,
						 baseline - g->tags[row].baseline };
	return n;
}

/* All rows are as wide as the widest, or the delimiter to the right would move in. */
static struct math_box place(struct math_layout *l, const struct grid *g)
{
	size_t most = (size_t)g->nrows * (2u * g->ncolumns + 3) + 1, n = 0;
	struct math_part *parts = ARENA_ARRAY(l->page.arena, struct math_part, most);
	unsigned row = 0, top = 0;
	for (const struct math_matrix_row *r = g->matrix->rows; r; r = r->next, row++) {
		top += blank_rows(g, row);
		if (r->rule)
			parts[n++] = (struct math_part){ rule_box(l, g, true), 0, top++ };
		n += place_row(l, g, row, top, parts + n);
		top += row_height(g, row);
	}
	if (g->matrix->last_rule)
		parts[n++] = (struct math_part){ rule_box(l, g, true), 0, top++ };
	struct math_box box = math_box_compose(&l->page, parts, n, 0);
	box.baseline = (box.height - 1) / 2;
	if (box.width < g->width)
		box.width = g->width;
	return box;
}

struct math_box math_layout_grid(struct math_layout *l, const struct math_matrix *matrix,
				 struct math_box *cells, struct math_box *tags)
{
	struct arena *arena = l->page.arena;
	struct grid g = { .matrix = matrix,
			  .cells = cells,
			  .tags = tags,
			  .widths = ARENA_ARRAY(arena, size_t, matrix->ncolumns),
			  .starts = ARENA_ARRAY(arena, size_t, matrix->ncolumns),
			  .above = ARENA_ARRAY(arena, unsigned, matrix->nrows),
			  .below = ARENA_ARRAY(arena, unsigned, matrix->nrows),
			  .ncolumns = matrix->ncolumns,
			  .nrows = matrix->nrows };
	measure(&g);
	return place(l, &g);
}

/* The blanks that the source asks for before and behind what a cell holds. */
static void edge_blanks(const struct math_cell *cell, unsigned *before, unsigned *behind)
{
	*before = *behind = 0;
	bool begun = false;
	for (const struct math_node *node = cell->first; node != NULL; node = node->next) {
		bool space = node->kind == MATH_SPACE;
		unsigned *edge = begun ? behind : before;
		begun = begun || !space;
		if (!space)
			*behind = 0;
		else if (node->count > *edge)
			*edge = node->count;
	}
}

struct math_box math_layout_cell(struct math_layout *l, const struct math_matrix *matrix,
				 const struct math_cell *cell, unsigned column)
{
	bool aligned = matrix->shape == MATH_SHAPE_ALIGNED, even = column % 2 == 1;
	struct math_items items = math_layout_items(l, cell->first, aligned && even);
	unsigned before, behind;
	edge_blanks(cell, &before, &behind);
	/* & \quad b: columns have no gap of their own */
	if (aligned && column > 0 && items.count > 0 && before > items.blanks[0])
		items.blanks[0] = before;
	struct math_box box = math_box_join(&l->page, items.boxes, items.blanks, items.count);
	/* a = & b: the blank behind the sign is on this side of the column's end */
	if (!even && items.after > behind)
		behind = items.after;
	if (aligned && cell->next != NULL && cell->next->first != NULL)
		box.width += behind;
	return box;
}

/* Far more cells than rows and columns can hold within the bounds are not even looked at. */
static bool is_too_large(struct math_page *page, const struct math_matrix *matrix)
{
	if (matrix->nrows > page->max_rows)
		page->too_high = true;
	return page->too_high || matrix->ncolumns > MOST_CELLS / (matrix->nrows + 1);
}

struct math_box math_layout_matrix(struct math_layout *l, const struct math_node *node)
{
	const struct math_matrix *matrix = node->matrix;
	struct math_box none = math_box_text(&l->page, STR(""));
	if (is_too_large(&l->page, matrix))
		l->page.failed = true;
	if (l->page.failed || matrix->nrows == 0)
		return math_box_delimited(&l->page, node->open, none, node->close, 0);
	size_t count = (size_t)matrix->nrows * matrix->ncolumns;
	struct math_box *cells = ARENA_ARRAY(l->page.arena, struct math_box, count);
	struct math_box *tags = ARENA_ARRAY(l->page.arena, struct math_box, matrix->nrows);
	for (size_t i = 0; i < count; i++)
		cells[i] = none;
	size_t at = 0, r = 0;
	for (const struct math_matrix_row *row = matrix->rows; row; row = row->next, r++) {
		unsigned column = 0;
		for (const struct math_cell *cell = row->cells; cell; cell = cell->next, column++)
			cells[at + column] = math_layout_cell(l, matrix, cell, column);
		at += matrix->ncolumns;
		tags[r] = row->tag ? math_layout_list(l, row->tag) : none;
	}
	struct math_box inner = math_layout_grid(l, matrix, cells, tags);
	return math_box_delimited(&l->page, node->open, inner, node->close, 1);
}
