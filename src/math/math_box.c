#include "math/math_box.h"

#include "base/utf8.h"

static size_t text_columns(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x7f)
			return utf8_columns(text);
	return text.len;
}

static struct math_box empty_box(struct math_page *page)
{
	return (struct math_box){ .rows = ARENA_ARRAY(page->arena, struct math_box_row, 1),
				  .height = 1 };
}

struct math_box math_box_text(struct math_page *page, struct str text)
{
	struct math_box box = empty_box(page);
	box.rows[0].text = text;
	box.rows[0].columns = box.width = text_columns(text);
	return box;
}

struct math_box math_box_repeat(struct math_page *page, struct str text, size_t count)
{
	buf_clear(&page->scratch);
	buf_repeat(&page->scratch, text, count);
	return math_box_text(page, arena_str(page->arena, buf_str(&page->scratch)));
}

/* One row of the whole: whatever parts have there, with blanks between. */
static struct math_box_row compose_row(struct math_page *page, const struct math_part *parts,
				       size_t nparts, unsigned row)
{
	struct math_box_row made = { { "", 0 }, 0 };
	size_t pieces = 0;
	buf_clear(&page->scratch);
	for (size_t i = 0; i < nparts; i++) {
		const struct math_part *part = &parts[i];
		if (row < part->row || row - part->row >= part->box.height)
			continue;
		const struct math_box_row *piece = &part->box.rows[row - part->row];
		if (piece->text.len == 0)
			continue;
		if (part->column > made.columns)
			buf_repeat(&page->scratch, STR(" "), part->column - made.columns);
		buf_add(&page->scratch, piece->text);
		made.columns = part->column + piece->columns;
		made.text = piece->text;
		pieces++;
	}
	if (pieces > 1 || page->scratch.len > made.text.len)
		made.text = arena_str(page->arena, buf_str(&page->scratch));
	return made;
}

struct math_box math_box_compose(struct math_page *page, const struct math_part *parts,
				 size_t nparts, unsigned baseline)
{
	struct math_box box = { .height = 1, .baseline = baseline };
	for (size_t i = 0; i < nparts; i++) {
		unsigned bottom = parts[i].row + parts[i].box.height;
		size_t right = parts[i].column + parts[i].box.width;
		box.height = bottom > box.height ? bottom : box.height;
		box.width = right > box.width ? right : box.width;
	}
	if (page->failed || box.height > page->max_rows || box.width > page->max_width) {
		page->too_high = page->too_high || box.height > page->max_rows;
		page->failed = true;
		return empty_box(page);
	}
	box.rows = ARENA_ARRAY(page->arena, struct math_box_row, box.height);
	for (unsigned row = 0; row < box.height; row++)
		box.rows[row] = compose_row(page, parts, nparts, row);
	return box;
}

struct math_box math_box_stack(struct math_page *page, const struct math_box *boxes, size_t nboxes,
			       unsigned baseline)
{
	struct math_part *parts = ARENA_ARRAY(page->arena, struct math_part, nboxes);
	size_t width = 0;
	unsigned row = 0;
	for (size_t i = 0; i < nboxes; i++)
		width = boxes[i].width > width ? boxes[i].width : width;
	for (size_t i = 0; i < nboxes; i++) {
		parts[i] = (struct math_part){ boxes[i], (width - boxes[i].width) / 2, row };
		row += boxes[i].height;
	}
	return math_box_compose(page, parts, nboxes, baseline);
}

struct math_box math_box_join(struct math_page *page, const struct math_box *boxes,
			      const unsigned *blanks, size_t nboxes)
{
	if (nboxes == 0)
		return empty_box(page);
	if (nboxes == 1 && blanks[0] == 0)
		return boxes[0];
	struct math_part *parts = ARENA_ARRAY(page->arena, struct math_part, nboxes);
	unsigned baseline = 0;
	size_t column = 0;
	for (size_t i = 0; i < nboxes; i++)
		baseline = boxes[i].baseline > baseline ? boxes[i].baseline : baseline;
	for (size_t i = 0; i < nboxes; i++) {
		column += blanks[i];
		parts[i] = (struct math_part){ boxes[i], column, baseline - boxes[i].baseline };
		column += boxes[i].width;
	}
	return math_box_compose(page, parts, nboxes, baseline);
}

/* A delimiter as high as `height` if it can grow; plain for one row; empty for NULL. */
static struct math_box draw_delimiter(struct math_page *page,
				      const struct math_delimiter *delimiter, unsigned height,
				      unsigned baseline)
{
	if (delimiter == NULL)
		return math_box_text(page, STR(""));
	const char *top = page->ascii ? delimiter->ascii_top : delimiter->top;
	if (height == 1 || top == NULL)
		return math_box_text(page,
				     str_from(page->ascii ? delimiter->ascii : delimiter->text));
	struct math_box box = { .height = height, .baseline = baseline };
	box.rows = ARENA_ARRAY(page->arena, struct math_box_row, height);
	for (unsigned row = 0; row < height; row++) {
		const char *piece = page->ascii ? delimiter->ascii_extension : delimiter->extension;
		if (row == 0)
			piece = top;
		else if (row == height - 1)
			piece = page->ascii ? delimiter->ascii_bottom : delimiter->bottom;
		else if (row == (height - 1) / 2)
			piece = page->ascii ? delimiter->ascii_middle : delimiter->middle;
		box.rows[row].text = str_from(piece);
		box.rows[row].columns = box.width = text_columns(str_from(piece));
	}
	return box;
}

struct math_box math_box_delimited(struct math_page *page, const struct math_delimiter *open,
				   struct math_box inner, const struct math_delimiter *close,
				   unsigned margin)
{
	struct math_box boxes[] = {
		draw_delimiter(page, open, inner.height, inner.baseline),
		inner,
		draw_delimiter(page, close, inner.height, inner.baseline),
	};
	unsigned blanks[] = { 0, open ? margin : 0, close ? margin : 0 };
	return math_box_join(page, boxes, blanks, 3);
}

bool math_box_has_full_bar(const struct math_box *box)
{
	for (unsigned row = 0; row < box->height; row++) {
		struct str text = box->rows[row].text;
		if (box->height == 1 || box->rows[row].columns != box->width || box->width == 0)
			continue;
		struct str piece = str_starts(text, STR("-")) ? STR("-") : STR("─");
		while (str_starts(text, piece))
			text = str_skip(text, piece.len);
		if (text.len == 0)
			return true;
	}
	return false;
}

struct math_box math_box_lines(struct math_page *page, const struct math_box *boxes, size_t nboxes)
{
	struct math_part *parts = ARENA_ARRAY(page->arena, struct math_part, nboxes);
	unsigned row = 0;
	for (size_t i = 0; i < nboxes; i++) {
		if (i > 0 && (boxes[i].height > 1 || boxes[i - 1].height > 1))
			row++;
		parts[i] = (struct math_part){ boxes[i], 0, row };
		row += boxes[i].height;
	}
	return math_box_compose(page, parts, nboxes, nboxes > 0 ? boxes[0].baseline : 0);
}

static size_t common_indent(const struct math_box *box)
{
	size_t common = SIZE_MAX;
	for (unsigned row = 0; row < box->height; row++) {
		struct str text = str_trim_end(box->rows[row].text);
		size_t indent = 0;
		while (indent < text.len && text.at[indent] == ' ')
			indent++;
		if (text.len > 0 && indent < common)
			common = indent;
	}
	return common;
}

void math_box_print(const struct math_box *box, struct buf *out)
{
	size_t start = out->len, indent = common_indent(box);
	for (unsigned row = 0; row < box->height; row++) {
		struct str text = str_trim_end(box->rows[row].text);
		if (out->len > start)
			buf_add_char(out, '\n');
		if (text.len > 0)
			buf_add(out, str_skip(text, indent));
	}
	while (out->len > start && out->at[out->len - 1] == '\n')
		out->len--;
}
