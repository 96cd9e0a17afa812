#include "document/math.h"

#include "document/math_break.h"

#define DEFAULT_WIDTH 70
#define DEFAULT_ROWS  40
/* Rows that are broken later may be wider than the page, but not without end. */
#define WIDEST        8192

struct display {
	struct math_layout layout;
	const struct math_tree *tree;
	size_t width;
};

/* An environment that is the whole display can be broken within its cells. */
static const struct math_matrix *whole_matrix(const struct math_tree *tree)
{
	const struct math_node *node = tree->first;
	if (node == NULL || node->next != NULL || node->kind != MATH_MATRIX || node->open ||
	    node->close || tree->tag)
		return NULL;
	enum math_shape shape = node->matrix->shape;
	return shape == MATH_SHAPE_GRID || shape == MATH_SHAPE_CASES ? NULL : node->matrix;
}

/* The width that is left for the last column. */
static size_t room_for_last(const struct display *d, const struct math_matrix *matrix,
			    const struct math_box *cells)
{
	size_t used = 0;
	for (unsigned column = 0; column + 1 < matrix->ncolumns; column++) {
		size_t widest = 0;
		for (unsigned row = 0; row < matrix->nrows; row++) {
			size_t width = cells[row * matrix->ncolumns + column].width;
			widest = width > widest ? width : widest;
		}
		used += widest;
	}
	return used < d->width ? d->width - used : 0;
}

/* False when some cell of the last column has no place to break at. */
static bool break_cells(struct display *d, const struct math_matrix *matrix, struct math_box *box)
{
	struct math_layout *l = &d->layout;
	unsigned last = matrix->ncolumns - 1;
	if (matrix->nrows > l->page.max_rows || last > 1)
		return false;
	struct math_box none = math_box_text(&l->page, STR("")), *cells, *tags;
	size_t at = 0, ncells = (size_t)matrix->nrows * matrix->ncolumns;
	cells = ARENA_ARRAY(l->page.arena, struct math_box, ncells);
	tags = ARENA_ARRAY(l->page.arena, struct math_box, matrix->nrows);
	for (const struct math_matrix_row *row = matrix->rows; row; row = row->next, at++) {
		const struct math_cell *cell = row->cells;
		cells[at * matrix->ncolumns] = cells[at * matrix->ncolumns + last] = none;
		for (unsigned column = 0; cell != NULL; cell = cell->next, column++)
			cells[at * matrix->ncolumns + column] =
			    math_layout_cell(l, matrix, cell, column);
		tags[at] = row->tag ? math_layout_list(l, row->tag) : none;
	}
	size_t room = room_for_last(d, matrix, cells);
	at = 0;
	for (const struct math_matrix_row *row = matrix->rows; row; row = row->next, at++) {
		struct math_box *target = &cells[at * matrix->ncolumns + last];
		size_t tag = tags[at].width > 0 ? tags[at].width + 2 : 0;
		if (target->width + tag <= room)
			continue;
		const struct math_cell *cell = row->cells;
		while (cell->next != NULL)
			cell = cell->next;
		struct math_items items = math_layout_items(l, cell->first, last == 1);
		if (tag >= room || !math_break_items(l, &items, room - tag, target))
			return false;
	}
	*box = math_layout_grid(l, matrix, cells, tags);
	return box->width <= d->width;
}

/* False when it is too wide however it is broken. */
static bool lay_out(struct display *d, struct math_box *box)
{
	struct math_layout *l = &d->layout;
	struct math_items items = math_layout_items(l, d->tree->first, false);
	if (d->tree->tag != NULL)
		math_layout_add(l, &items, d->tree->tag, math_layout_list(l, d->tree->tag), 2);
	*box = math_box_join(&l->page, items.boxes, items.blanks, items.count);
	if (l->page.failed)
		return false;
	if (box->width <= d->width)
		return true;
	const struct math_matrix *matrix = whole_matrix(d->tree);
	bool fits =
	    matrix ? break_cells(d, matrix, box) : math_break_items(l, &items, d->width, box);
	return fits && !l->page.failed;
}

/* The one-row form in lines; each row of an environment begins a new one. */
static void print_rows(struct display *d, struct buf *out)
{
	const struct math_matrix *matrix = whole_matrix(d->tree);
	const struct math_matrix_row *row = matrix ? matrix->rows : NULL;
	struct math_printer printer = d->layout.printer;
	size_t start = out->len;
	do {
		buf_clear(printer.out);
		buf_reserve(printer.out, 1);
		printer.spelled = SIZE_MAX;
		if (row != NULL)
			math_print_matrix_row(&printer, matrix, row);
		else
			math_print_list(&printer, d->tree->first);
		if (row == NULL && d->tree->tag != NULL) {
			buf_add_char(printer.out, ' ');
			math_print_list(&printer, d->tree->tag);
		}
		if (out->len > start && printer.out->len > 0)
			buf_add_char(out, '\n');
		math_break_text(str_trim(buf_str(printer.out)), d->width, out);
		row = row ? row->next : NULL;
	} while (row != NULL);
}

static unsigned count_rows(struct str text)
{
	unsigned rows = 1;
	for (size_t at = 0; (at = str_find(text, '\n', at)) != STR_NOT_FOUND; at++)
		rows++;
	return rows;
}

static bool print_display(struct display *d, struct buf *out)
{
	struct math_box box;
	size_t start = out->len;
	if (lay_out(d, &box))
		math_box_print(&box, out);
	else if (d->layout.page.too_high)
		return false;
	else
		print_rows(d, out);
	struct str text = { out->at + start, out->len - start };
	if (text.len <= MATH_LONGEST_OUTPUT && count_rows(text) <= d->layout.page.max_rows)
		return true;
	out->len = start;
	return false;
}

bool math_display(struct str tex, const struct math_options *options, struct buf *out)
{
	struct arena arena = { 0 };
	struct math_tree tree;
	bool done = math_expand(&arena, tex, options->macros, &tex) &&
		    math_parse(&arena, tex, options->flags, true, &tree);
	if (done) {
		struct display d = { .tree = &tree,
				     .width = options->width ? options->width : DEFAULT_WIDTH };
		struct math_layout *l = &d.layout;
		l->page = (struct math_page){ .arena = &arena,
					      .max_rows = options->max_rows ? options->max_rows
									    : DEFAULT_ROWS,
					      .max_width = WIDEST,
					      .ascii = (options->flags & MATH_ASCII) != 0 };
		l->printer = (struct math_printer){ .out = &l->line,
						    .flags = options->flags,
						    .limit = MATH_LONGEST_OUTPUT,
						    .spelled = SIZE_MAX };
		buf_reserve(out, 1);
		done = print_display(&d, out);
		buf_free(&l->page.scratch);
		buf_free(&l->line);
	}
	arena_free(&arena);
	return done;
}
