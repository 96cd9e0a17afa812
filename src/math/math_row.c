#include "math/math.h"

#include "base/utf8.h"
#include "math/math_print.h"
#include "math/math_symbols.h"

static unsigned inline_columns(const struct math_node *space)
{
	return space->count > 1 ? space->count / 2u : 1;
}

bool math_is_word_code(uint32_t code)
{
	return utf8_is_letter(code) || utf8_is_digit(code);
}

bool math_must_part(struct str before, bool word_before, bool spelled, struct str after,
		    bool word_after)
{
	uint32_t code;
	if (before.len == 0 || after.len == 0 || !(word_before || spelled || word_after))
		return false;
	utf8_decode(after, &code);
	return math_is_word_code(code) && (spelled || math_is_word_code(utf8_last(before)));
}

static struct str printed(const struct math_printer *p, size_t from, size_t to)
{
	return (struct str){ p->out->at + from, to - from };
}

static void print_node(struct math_printer *, const struct math_node *, const struct math_node *);

void math_print_list(struct math_printer *p, const struct math_node *list)
{
	const struct math_node *before = NULL;
	unsigned pending = 0;
	size_t begin = p->out->len;
	for (const struct math_node *node = list; node != NULL; node = node->next) {
		if (p->out->len > p->limit)
			return;
		if (node->kind == MATH_SPACE) {
			unsigned columns = inline_columns(node);
			if (before && columns > pending && (!p->tight || node->flags & MATH_KEPT))
				pending = columns;
			continue;
		}
		unsigned blanks = before && !p->tight ? math_blanks(before, node) : 0;
		blanks = pending > blanks ? pending : blanks;
		size_t end = p->out->len;
		buf_repeat(p->out, STR(" "), blanks);
		size_t start = p->out->len;
		bool spelled = p->spelled == end;
		print_node(p, node, pending == 0 ? before : NULL);
		if (p->out->len == start) {
			p->out->len = end;
			continue;
		}
		if (blanks == 0 && before != NULL &&
		    math_must_part(printed(p, begin, end), math_ends_with_word(before), spelled,
				   printed(p, end, p->out->len), math_begins_with_word(node))) {
			p->spelled += p->spelled == p->out->len;
			math_insert(p->out, end, STR(" "));
		}
		before = node;
		pending = 0;
	}
}

static void print_in_parentheses(struct math_printer *p, const struct math_node *list, bool needed)
{
	if (needed)
		buf_add_char(p->out, '(');
	math_print_list(p, list);
	if (needed)
		buf_add_char(p->out, ')');
}

static void print_scripts(struct math_printer *p, const struct math_node *node)
{
	print_in_parentheses(p, node->body, math_base_needs_parentheses(node));
	math_print_primes(p, node->count);
	if (node->sub != NULL)
		math_print_script(p, node->sub, false);
	if (node->sup != NULL)
		math_print_script(p, node->sup, true);
}

static void print_fraction(struct math_printer *p, const struct math_node *node,
			   const struct math_node *before)
{
	bool apart = math_sticks_before(before) || math_sticks_behind(node->next);
	if (apart)
		buf_add_char(p->out, '(');
	print_in_parentheses(p, node->body, !math_is_factor(node->body));
	buf_add_char(p->out, '/');
	print_in_parentheses(p, node->sub, !math_is_unit(node->sub));
	if (apart)
		buf_add_char(p->out, ')');
}

static void print_binomial(struct math_printer *p, const struct math_node *node)
{
	buf_add_char(p->out, '(');
	math_print_list(p, node->body);
	buf_add(p->out, STR(" choose "));
	math_print_list(p, node->sub);
	buf_add_char(p->out, ')');
}

/* An index before the sign could be read as a power of what is before it. */
static bool has_small_index(const struct math_node *root)
{
	return root->sup != NULL && !(root->sup->next == NULL && root->sup->text.len == 1 &&
				      strchr("234", root->sup->text.at[0]) != NULL);
}

static void print_root(struct math_printer *p, const struct math_node *node,
		       const struct math_node *before)
{
	bool apart = has_small_index(node) && math_sticks_before(before);
	bool needed = !math_is_radicand(node->body) || math_sticks_behind(node->next) ||
		      (p->flags & MATH_ASCII);
	if (apart)
		buf_add_char(p->out, '(');
	size_t start = p->out->len;
	if (math_print_radical(p, node->sup)) {
		print_in_parentheses(p, node->body, needed && !math_is_fenced(node->body));
	} else {
		struct buf index = { 0 };
		buf_add(&index, printed(p, start, p->out->len));
		p->out->len = start;
		print_in_parentheses(p, node->body, !math_is_radicand(node->body));
		buf_add(p->out, STR("^(1/"));
		if (math_is_unit(node->sup))
			buf_add(p->out, buf_str(&index));
		else
			buf_format(p->out, "(%.*s)", STR_ARGS(buf_str(&index)));
		buf_add_char(p->out, ')');
		buf_free(&index);
	}
	if (apart)
		buf_add_char(p->out, ')');
}

static void print_delimiter(struct math_printer *p, const struct math_delimiter *delimiter)
{
	if (delimiter != NULL)
		buf_add(p->out,
			str_from(p->flags & MATH_ASCII ? delimiter->ascii : delimiter->text));
}

static const struct math_node *last_of(const struct math_node *list)
{
	while (list != NULL && list->next != NULL)
		list = list->next;
	return list;
}

/* Cells of an aligned row stand as if there were no columns. */
void math_print_matrix_row(struct math_printer *p, const struct math_matrix *matrix,
			   const struct math_matrix_row *row)
{
	const struct math_node *before = NULL;
	unsigned column = 0;
	bool apart = false;
	for (const struct math_cell *cell = row->cells; cell; cell = cell->next, column++) {
		size_t end = p->out->len;
		apart = apart || matrix->shape != MATH_SHAPE_ALIGNED ||
			(column % 2 == 0 && matrix->gaps);
		if (before != NULL &&
		    (apart || (cell->first && math_blanks(before, cell->first) > 0)))
			buf_add_char(p->out, ' ');
		size_t start = p->out->len;
		math_print_list(p, cell->first);
		if (p->out->len == start) {
			p->out->len = end;
			continue;
		}
		before = last_of(cell->first);
		apart = false;
	}
	if (row->tag != NULL) {
		buf_add_char(p->out, ' ');
		math_print_list(p, row->tag);
	}
}

static void print_matrix(struct math_printer *p, const struct math_node *node)
{
	static const struct math_delimiter left = { .text = "{", .ascii = "{" },
					   right = { .text = "}", .ascii = "}" };
	const struct math_delimiter *open = node->open, *close = node->close;
	/* A brace on one side only says nothing in one row. */
	if (open != NULL && close == NULL && open->text[0] == '{')
		close = &right;
	if (close != NULL && open == NULL && close->text[0] == '}')
		open = &left;
	struct str separator = node->matrix->shape != MATH_SHAPE_STACKED ? STR("; ")
			       : p->tight                                ? STR(",")
									 : STR(", ");
	print_delimiter(p, open);
	size_t start = p->out->len;
	for (const struct math_matrix_row *row = node->matrix->rows; row; row = row->next) {
		size_t end = p->out->len;
		if (end > start)
			buf_add(p->out, separator);
		size_t row_start = p->out->len;
		math_print_matrix_row(p, node->matrix, row);
		if (p->out->len == row_start)
			p->out->len = end;
	}
	print_delimiter(p, close);
}

void math_print_arrow(struct math_printer *p, const struct math_node *node)
{
	const struct math_arrow *arrow = node->arrow;
	bool ascii = (p->flags & MATH_ASCII) != 0, tight = p->tight;
	buf_add(p->out, str_from(ascii ? arrow->ascii_left : arrow->left));
	p->tight = true;
	math_print_list(p, node->body);
	p->tight = tight;
	buf_add(p->out, str_from(ascii ? arrow->ascii_right : arrow->right));
	math_print_spelled(p, node->sub, '_');
}

static void print_brace(struct math_printer *p, const struct math_node *node)
{
	const struct math_node *label = node->sub ? node->sub : node->sup;
	math_print_list(p, node->body);
	if (label == NULL)
		return;
	buf_add(p->out, STR(" ("));
	math_print_list(p, label);
	buf_add_char(p->out, ')');
	p->spelled = p->out->len;
}

static void print_node(struct math_printer *p, const struct math_node *node,
		       const struct math_node *before)
{
	switch ((enum math_kind)node->kind) {
	case MATH_ATOM:
	case MATH_TEXT: buf_add(p->out, node->text); break;
	case MATH_SPACE: break;
	case MATH_GROUP: math_print_list(p, node->body); break;
	case MATH_SCRIPT: print_scripts(p, node); break;
	case MATH_STACK:
		math_print_list(p, node->body);
		math_print_spelled(p, node->sub, '_');
		math_print_spelled(p, node->sup, '^');
		break;
	case MATH_BRACE: print_brace(p, node); break;
	case MATH_FRACTION: print_fraction(p, node, before); break;
	case MATH_BINOMIAL: print_binomial(p, node); break;
	case MATH_ROOT: print_root(p, node, before); break;
	case MATH_ACCENT: math_print_accent(p, node); break;
	case MATH_DELIMITED:
		print_delimiter(p, node->open);
		math_print_list(p, node->body);
		print_delimiter(p, node->close);
		break;
	case MATH_MATRIX: print_matrix(p, node); break;
	case MATH_ARROW: math_print_arrow(p, node); break;
	}
}

/* A formula that is nothing but blanks or labels is empty text. */
static void trim(struct buf *out, size_t start)
{
	struct str text = str_trim((struct str){ out->at + start, out->len - start });
	if (out->len > start)
		memmove(out->at + start, text.at, text.len);
	out->len = start + text.len;
}

bool math_row(struct str tex, const struct math_options *options, struct buf *out)
{
	struct arena arena = { 0 };
	struct math_tree tree;
	size_t start = out->len;
	bool parsed = math_expand(&arena, tex, options->macros, &tex) &&
		      math_parse(&arena, tex, options->flags, false, &tree);
	if (parsed) {
		struct math_printer printer = { .out = out,
						.flags = options->flags,
						.limit = start + MATH_LONGEST_OUTPUT,
						.spelled = SIZE_MAX };
		buf_reserve(out, 1);
		math_print_list(&printer, tree.first);
		if (tree.tag != NULL) {
			buf_add_char(out, ' ');
			math_print_list(&printer, tree.tag);
		}
		parsed = out->len <= printer.limit;
	}
	if (parsed)
		trim(out, start);
	else
		out->len = start;
	arena_free(&arena);
	return parsed;
}
