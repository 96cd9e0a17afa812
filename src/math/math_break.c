#include "math/math_break.h"

#include "base/utf8.h"

#define SMALL_INDENT 4

/* How a row that is too wide is broken. */
struct breaking {
	const struct math_items *items;
	size_t width;
	size_t relation; /* the first; lines after the first begin behind it */
	size_t indent;
	bool anywhere; /* within parentheses too, and before the first relation */
};

static bool is_fence(const struct math_node *node, unsigned class)
{
	return node->left == class && node->right == class;
}

/* Of the row itself, not of something in parentheses; the number of items when there is none. */
static size_t first_relation(const struct math_items *items)
{
	size_t open = 0;
	for (size_t i = 0; i < items->count; i++) {
		open += is_fence(items->nodes[i], MATH_OPEN);
		open -= is_fence(items->nodes[i], MATH_CLOSE) && open > 0;
		if (open == 0 && items->nodes[i]->left == MATH_REL)
			return i;
	}
	return items->count;
}

/* The column behind an item and the blank after it. */
static size_t column_behind(const struct math_items *items, size_t item)
{
	size_t column = 1;
	for (size_t i = 0; i <= item; i++)
		column += items->blanks[i] + items->boxes[i].width;
	return column;
}

static bool may_break(const struct breaking *b, size_t item, size_t open)
{
	size_t none = b->items->count;
	return b->anywhere || (open == 0 && (b->relation == none || item > b->relation));
}

/* The item that begins the next line: a relation rather than an operator; 0 if nothing fits. */
static size_t next_line(const struct breaking *b, size_t start)
{
	const struct math_items *items = b->items;
	size_t used = start > 0 ? b->indent : 0, open = 0, relation = 0, operation = 0;
	for (size_t i = start; i < items->count; i++) {
		const struct math_node *node = items->nodes[i];
		if (i > start && may_break(b, i, open)) {
			relation = node->left == MATH_REL ? i : relation;
			operation = node->left == MATH_BIN ? i : operation;
		}
		used += (i > start || i == 0 ? items->blanks[i] : 0) + items->boxes[i].width;
		if (used > b->width)
			return relation > 0 ? relation : operation;
		open += is_fence(node, MATH_OPEN);
		open -= is_fence(node, MATH_CLOSE) && open > 0;
	}
	return items->count;
}

static bool break_lines(struct math_layout *l, const struct breaking *b, struct math_box *box)
{
	const struct math_items *items = b->items;
	struct math_box *lines = ARENA_ARRAY(l->page.arena, struct math_box, items->count + 1);
	size_t nlines = 0;
	for (size_t start = 0, end; start < items->count; start = end) {
		end = next_line(b, start);
		if (end == 0 || nlines == l->page.max_rows)
			return false;
		unsigned *blanks = ARENA_ARRAY(l->page.arena, unsigned, end - start);
		memcpy(blanks, items->blanks + start, (end - start) * sizeof *blanks);
		if (start > 0)
			blanks[0] = (unsigned)b->indent;
		lines[nlines++] =
		    math_box_join(&l->page, items->boxes + start, blanks, end - start);
	}
	*box = math_box_lines(&l->page, lines, nlines);
	return true;
}

bool math_break_items(struct math_layout *l, const struct math_items *items, size_t width,
		      struct math_box *box)
{
	struct breaking b = { .items = items, .width = width };
	b.relation = first_relation(items);
	size_t hanging =
	    b.relation < items->count ? column_behind(items, b.relation) : SMALL_INDENT;
	for (int attempt = 0; attempt < 4; attempt++) {
		b.anywhere = attempt >= 2;
		b.indent = attempt % 2 == 0 ? hanging : SMALL_INDENT;
		if (b.indent < width && break_lines(l, &b, box))
			return true;
	}
	return false;
}

void math_break_text(struct str text, size_t width, size_t indent, struct buf *out)
{
	size_t room = width;
	while (text.len > 0) {
		struct str line = utf8_prefix(text, room);
		if (line.len < text.len && text.at[line.len] != ' ') {
			size_t blank = str_find_last(line, ' ');
			if (blank != STR_NOT_FOUND && blank > 0)
				line.len = blank;
		}
		if (line.len == 0) /* one character wider than a line */
			line = utf8_prefix(text, room + 1);
		text = str_trim(str_skip(text, line.len));
		buf_add(out, str_trim_end(line));
		if (text.len == 0 || line.len == 0)
			return;
		buf_add_char(out, '\n');
		buf_repeat(out, STR(" "), indent);
		room = width - indent;
	}
}
