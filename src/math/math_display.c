#include "math/math.h"

#include "math/math_break.h"

#define DEFAULT_WIDTH 70
#define DEFAULT_ROWS  40
/* Rows that are broken later may be wider than the page, but not without end. */
#define WIDEST        8192
/* Of the further lines of a step that is text. */
#define INDENT        4
#define NARROWEST     8

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

/* The cells of a matrix with what may be broken in them: the first pair's second column. */
struct cells {
	const struct math_matrix *matrix;
	struct math_box *boxes, *tags;
	unsigned column; /* that may be broken */
	size_t room;     /* for it */
};

static struct math_box *cell_box(struct cells *c, size_t row, unsigned column)
{
	return &c->boxes[row * c->matrix->ncolumns + column];
}

static void lay_out_cells(struct math_layout *l, struct cells *c)
{
	const struct math_matrix *matrix = c->matrix;
	struct math_box none = math_box_text(&l->page, STR(""));
	size_t count = (size_t)matrix->nrows * matrix->ncolumns, at = 0;
	c->boxes = ARENA_ARRAY(l->page.arena, struct math_box, count);
	c->tags = ARENA_ARRAY(l->page.arena, struct math_box, matrix->nrows);
	for (size_t i = 0; i < count; i++)
		c->boxes[i] = none;
	for (const struct math_matrix_row *row = matrix->rows; row; row = row->next, at++) {
		unsigned column = 0;
		for (const struct math_cell *cell = row->cells; cell; cell = cell->next, column++)
			*cell_box(c, at, column) = math_layout_cell(l, matrix, cell, column);
		c->tags[at] = row->tag ? math_layout_list(l, row->tag) : none;
	}
}

/* What the other columns leave of the page's width. */
static size_t room_for_column(struct cells *c, size_t width)
{
	size_t used = 0, tag = 0;
	for (unsigned column = 0; column < c->matrix->ncolumns; column++) {
		size_t widest = 0;
		for (size_t row = 0; row < c->matrix->nrows && column != c->column; row++) {
			size_t cell = cell_box(c, row, column)->width;
			widest = cell > widest ? cell : widest;
		}
		used += widest + math_layout_gap(c->matrix, column);
	}
	for (size_t row = 0; row < c->matrix->nrows; row++)
		if (c->tags[row].width > 0 && c->tags[row].width + 2 > tag)
			tag = c->tags[row].width + 2;
	return used + tag < width ? width - used - tag : 0;
}

/* False when some cell has no place to break at. */
static bool break_cells(struct display *d, const struct math_matrix *matrix, struct math_box *box)
{
	struct math_layout *l = &d->layout;
	struct cells c = { .matrix = matrix, .column = matrix->ncolumns > 1 };
	lay_out_cells(l, &c);
	c.room = room_for_column(&c, d->width);
	size_t at = 0;
	for (const struct math_matrix_row *row = matrix->rows; row; row = row->next, at++) {
		struct math_box *target = cell_box(&c, at, c.column);
		if (target->width <= c.room)
			continue;
		const struct math_cell *cell = c.column == 1 ? row->cells->next : row->cells;
		struct math_items items = math_layout_items(l, cell->first, c.column == 1);
		if (!math_break_items(l, &items, c.room, target))
			return false;
	}
	*box = math_layout_grid(l, matrix, c.boxes, c.tags);
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
		math_break_text(str_trim(buf_str(printer.out)), d->width, matrix ? INDENT : 0, out);
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

static bool is_within_bounds(const struct display *d, struct str text)
{
	return text.len <= MATH_LONGEST_OUTPUT && count_rows(text) <= d->layout.page.max_rows;
}

static bool print_display(struct display *d, struct buf *out)
{
	struct math_box box;
	size_t start = out->len;
	bool fits = lay_out(d, &box), high = d->layout.page.too_high;
	if (fits)
		math_box_print(&box, out);
	if (fits && is_within_bounds(d, str_skip(buf_str(out), start)))
		return true;
	out->len = start;
	/* What is too high is not set, but for steps of a calculation: they may be rows. */
	if ((fits || high) && whole_matrix(d->tree) == NULL)
		return false;
	print_rows(d, out);
	if (is_within_bounds(d, str_skip(buf_str(out), start)))
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
		d.width = d.width < NARROWEST ? NARROWEST : d.width;
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
