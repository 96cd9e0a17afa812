#include "render/table.h"

#include "render/wrap.h"

struct table_cell {
	size_t from, len; /* in `cells` */
	size_t columns;
	bool plain; /* nothing but printable ASCII, one column a byte */
	uint8_t align;
};

static struct str text_of(const struct table *t, size_t row, size_t column)
{
	const struct table_cell *cell = &t->cell[row * t->ncolumns + column];
	return str_sub(buf_str(&t->cells), cell->from, cell->from + cell->len);
}

/* One for each column, zero. */
static size_t *new_sizes(const struct table *t)
{
	return ARENA_ARRAY(&t->text->links->arena, size_t, t->ncolumns);
}

static void read_row(struct table *t, uint32_t index)
{
	const struct block *blocks = t->text->document->blocks;
	struct table_cell *cell = &t->cell[t->nrows++ * t->ncolumns];
	uint32_t end = blocks[index].end;
	size_t column = 0;
	for (uint32_t i = index + 1; i < end && column < t->ncolumns; i = blocks[i].end) {
		cell->from = t->cells.len;
		cell->align = blocks[i].align;
		inline_add(t->text, t->flags | INLINE_ONE_LINE, blocks[i].first_run,
			   blocks[i].nruns, &t->cells);
		cell->len = t->cells.len - cell->from;
		cell->plain = t->text->plain;
		cell++;
		column++;
	}
}

void table_read(struct table *t)
{
	const struct document *d = t->text->document;
	uint32_t first = (uint32_t)(t->block - d->blocks) + 1;
	size_t rows = 0;
	for (uint32_t i = first; i < t->block->end; i = d->blocks[i].end)
		rows++;
	t->ncolumns = t->block->number;
	t->cell = ARENA_ARRAY(&t->text->links->arena, struct table_cell, rows * t->ncolumns);
	for (uint32_t i = first; i < t->block->end && t->ncolumns > 0; i = d->blocks[i].end)
		read_row(t, i);
	if (t->nrows > 0 && d->blocks[first].header) {
		for (size_t c = 0; c < t->ncolumns; c++)
			t->header |= t->cell[c].len > 0;
		if (!t->header) {
			memmove(t->cell, t->cell + t->ncolumns,
				(t->nrows - 1) * t->ncolumns * sizeof *t->cell);
			t->nrows--;
		}
	}
}

/* Narrows the widest column, the leftmost on ties, until all fit (B03). */
static bool narrow(size_t *widths, const size_t *longest, size_t n, size_t room)
{
	size_t total = 0;
	for (size_t c = 0; c < n; c++)
		total += widths[c];
	while (total > room) {
		size_t widest = n;
		for (size_t c = 0; c < n; c++)
			if (widths[c] > longest[c] && (widest == n || widths[c] > widths[widest]))
				widest = c;
		if (widest == n)
			return false;
		widths[widest]--;
		total--;
	}
	return true;
}

/* Narrows columns that are over the room in their natural widths; false when they cannot fit. */
static bool narrow_all(const struct table *t, size_t *widths, size_t room)
{
	size_t *longest = new_sizes(t);
	for (size_t c = 0; c < t->ncolumns; c++) {
		longest[c] = 1;
		for (size_t row = 0; row < t->nrows; row++) {
			size_t longest_here = wrap_longest(text_of(t, row, c));
			if (longest_here > longest[c])
				longest[c] = longest_here;
		}
		if (longest[c] > room)
			return false;
		if (widths[c] > room) /* narrowing comes by here: a short cut for long cells */
			widths[c] = room;
	}
	return narrow(widths, longest, t->ncolumns, room);
}

/* The widths of the columns; false when they cannot fit. */
static bool set_widths(struct table *t, size_t *widths, bool *wrapped)
{
	size_t total = 0, between = 3 * (t->ncolumns - 1);
	size_t room = t->width > between ? t->width - between : 0;
	for (size_t row = 0; row < t->nrows; row++) {
		for (size_t c = 0; c < t->ncolumns; c++) {
			struct table_cell *cell = &t->cell[row * t->ncolumns + c];
			cell->columns = cell->plain ? cell->len : wrap_columns(text_of(t, row, c));
			if (cell->columns > widths[c])
				widths[c] = cell->columns;
		}
	}
	for (size_t c = 0; c < t->ncolumns; c++)
		total += widths[c];
	*wrapped = total > room;
	for (size_t c = 0; c < t->ncolumns; c++) {
		total += widths[c] == 0;
		widths[c] += widths[c] == 0;
	}
	return total <= room || narrow_all(t, widths, room);
}

static void add_rule(const struct table *t, const size_t *widths, struct buf *out)
{
	buf_add(out, t->prefix);
	for (size_t c = 0; c < t->ncolumns; c++) {
		bool last = c + 1 == t->ncolumns;
		buf_repeat(out, t->ascii ? STR("-") : STR("─"), widths[c] + (c > 0) + !last);
		if (!last)
			buf_add(out, t->ascii ? STR("+") : STR("┼"));
	}
	buf_add_char(out, '\n');
}

/* One line of a cell. */
static void add_padded(const struct table_cell *cell, struct str line, size_t columns, size_t width,
		       struct buf *out)
{
	size_t blanks = width > columns ? width - columns : 0, before = 0;
	if (cell->align == ALIGN_RIGHT)
		before = blanks;
	else if (cell->align == ALIGN_CENTER)
		before = blanks / 2;
	buf_add_blanks(out, before);
	if (cell->plain)
		buf_add(out, line);
	else
		wrap_strip(line, out);
	buf_add_blanks(out, blanks - before);
}

static void end_row(size_t start, struct buf *out)
{
	while (out->len > start && out->at[out->len - 1] == ' ')
		out->len--;
	buf_add_char(out, '\n');
}

/* What is left of the cells of a row, as wrapped lines. */
struct row_lines {
	struct buf text;
	size_t *ends;     /* in it, by column */
	struct str *rest; /* the same, without what is drawn */
};

static void wrap_row(const struct table *t, size_t row, const size_t *widths,
		     struct row_lines *lines)
{
	buf_clear(&lines->text);
	for (size_t c = 0; c < t->ncolumns; c++) {
		struct wrap wrap = { .width = (unsigned)widths[c] };
		wrap_add(text_of(t, row, c), &wrap, &lines->text);
		lines->ends[c] = lines->text.len;
	}
	for (size_t c = 0; c < t->ncolumns; c++)
		lines->rest[c] =
		    str_sub(buf_str(&lines->text), c > 0 ? lines->ends[c - 1] : 0, lines->ends[c]);
}

static void add_row(const struct table *t, size_t row, const size_t *widths,
		    struct row_lines *lines, struct buf *out)
{
	wrap_row(t, row, widths, lines);
	for (bool more = true; more;) {
		size_t start;
		more = false;
		buf_add(out, t->prefix);
		start = out->len;
		for (size_t c = 0; c < t->ncolumns; c++) {
			struct str line = STR("");
			str_line(&lines->rest[c], &line);
			more |= lines->rest[c].len > 0;
			if (c > 0)
				buf_add(out, t->ascii ? STR(" | ") : STR(" │ "));
			add_padded(&t->cell[row * t->ncolumns + c], line, wrap_columns(line),
				   widths[c], out);
		}
		end_row(start, out);
	}
}

/* A row whose cells are one line each, which is how most tables are. */
static void add_plain_row(const struct table *t, size_t row, const size_t *widths, struct buf *out)
{
	const struct table_cell *cell = &t->cell[row * t->ncolumns];
	buf_add(out, t->prefix);
	size_t start = out->len;
	for (size_t c = 0; c < t->ncolumns; c++, cell++) {
		if (c > 0)
			buf_add(out, t->ascii ? STR(" | ") : STR(" │ "));
		add_padded(cell, text_of(t, row, c), cell->columns, widths[c], out);
	}
	end_row(start, out);
}

bool table_draw(struct table *t, struct buf *out)
{
	if (t->ncolumns < 2 || t->nrows == 0 || t->ncolumns > t->width)
		return false;
	bool wrapped;
	size_t *widths = new_sizes(t);
	if (!set_widths(t, widths, &wrapped))
		return false;
	struct row_lines lines = { .ends = new_sizes(t),
				   .rest = ARENA_ARRAY(&t->text->links->arena, struct str,
						       t->ncolumns) };
	for (size_t row = 0; row < t->nrows; row++) {
		if (row > 0 && (wrapped || (row == 1 && t->header)))
			add_rule(t, widths, out);
		if (wrapped)
			add_row(t, row, widths, &lines, out);
		else
			add_plain_row(t, row, widths, out);
	}
	buf_free(&lines.text);
	return true;
}

void table_head(const struct table *t, struct buf *out)
{
	if (!t->header || t->ncolumns != 1)
		return;
	buf_add(out, text_of(t, 0, 0));
	buf_add_char(out, ':');
}

static bool has_cells(const struct table *t, size_t column)
{
	for (size_t row = t->header; row < t->nrows; row++)
		if (text_of(t, row, column).len > 0)
			return true;
	return false;
}

static void add_part(size_t start, struct str text, struct buf *out)
{
	if (out->len > start)
		buf_add(out, STR("; "));
	buf_add(out, text);
}

/*
 * The names of columns that no row has a cell for, which are words of the post too. A single row
 * skips them with its cells (B04).
 */
static bool add_unused_names(const struct table *t, struct buf *out)
{
	size_t start = out->len;
	if (!t->header || t->ncolumns == 1 || t->nrows == 2)
		return false;
	for (size_t c = 0; c < t->ncolumns; c++)
		if (text_of(t, 0, c).len > 0 && !has_cells(t, c))
			add_part(start, text_of(t, 0, c), out);
	return out->len > start;
}

bool table_item(const struct table *t, size_t row, struct buf *out)
{
	size_t start = out->len;
	row += t->header;
	if (row >= t->nrows)
		return row == t->nrows && add_unused_names(t, out);
	for (size_t c = 0; c < t->ncolumns; c++) {
		struct str text = text_of(t, row, c);
		if (text.len == 0)
			continue;
		if (t->header && t->ncolumns > 1 && text_of(t, 0, c).len > 0) {
			add_part(start, text_of(t, 0, c), out);
			buf_add(out, STR(": "));
			buf_add(out, text);
		} else {
			add_part(start, text, out);
		}
	}
	return true;
}

void table_names(const struct table *t, struct buf *out)
{
	const struct block *blocks = t->text->document->blocks;
	uint32_t row = (uint32_t)(t->block - blocks) + 1;
	unsigned flags = (t->flags & INLINE_ASCII) | INLINE_LABEL | INLINE_ONE_LINE;
	bool any = false;
	for (uint32_t i = row + 1; t->header && i < blocks[row].end; i = blocks[i].end) {
		size_t start = out->len;
		if (any)
			buf_add(out, STR(", "));
		if (inline_add(t->text, flags, blocks[i].first_run, blocks[i].nruns, out))
			any = true;
		else
			out->len = start;
	}
}

void table_free(struct table *t)
{
	buf_free(&t->cells);
}
