#include "math/math_layout.h"

#include "base/utf8.h"

/* What the printer makes of something, as a box of one row. */
static struct math_box line_box(struct math_layout *l)
{
	return math_box_text(&l->page, arena_str(l->page.arena, buf_str(&l->line)));
}

static struct math_printer *fresh_line(struct math_layout *l)
{
	buf_clear(&l->line);
	buf_reserve(&l->line, 1);
	l->printer.spelled = SIZE_MAX;
	l->printer.tight = l->tight;
	return &l->printer;
}

static struct math_box tight_box(struct math_layout *l, const struct math_node *list)
{
	bool tight = l->tight;
	l->tight = true;
	struct math_box box = math_layout_list(l, list);
	l->tight = tight;
	return box;
}

static struct math_box bar_box(struct math_layout *l, size_t width)
{
	return math_box_repeat(&l->page, l->page.ascii ? STR("-") : STR("─"), width);
}

static const struct math_delimiter *parenthesis(bool left)
{
	return math_delimiter_find(left ? STR("(") : STR(")"));
}

static struct math_box in_parentheses(struct math_layout *l, struct math_box box)
{
	return math_box_delimited(&l->page, parenthesis(true), box, parenthesis(false), 0);
}

static struct math_box fraction_box(struct math_layout *l, const struct math_node *node)
{
	struct math_box above = math_layout_list(l, node->body);
	struct math_box below = math_layout_list(l, node->sub);
	size_t width = above.width > below.width ? above.width : below.width;
	/* Else three bars of one length leave open which is the main one. */
	if ((above.width == width && math_box_has_full_bar(&above)) ||
	    (below.width == width && math_box_has_full_bar(&below)))
		width += 2;
	struct math_box boxes[] = { above, bar_box(l, width ? width : 1), below };
	return math_box_stack(&l->page, boxes, 3, above.height);
}

static struct math_box binomial_box(struct math_layout *l, const struct math_node *node)
{
	struct math_box above = math_layout_list(l, node->body);
	struct math_box boxes[] = { above, math_box_text(&l->page, STR("")),
				    math_layout_list(l, node->sub) };
	return in_parentheses(l, math_box_stack(&l->page, boxes, 3, above.height));
}

/* √x or √(..): a radicand of one row. */
static struct math_box flat_root(struct math_layout *l, const struct math_node *node,
				 struct math_box body)
{
	bool needed =
	    l->page.ascii || !math_is_radicand(node->body) || math_sticks_behind(node->next);
	struct math_box boxes[] = { line_box(l), body };
	unsigned blanks[] = { 0, 0 };
	if (needed && !math_is_fenced(node->body))
		boxes[1] = in_parentheses(l, body);
	return math_box_join(&l->page, boxes, blanks, 2);
}

/* The tick is at the foot of a line as high as the radicand, the index over the tick. */
static struct math_box root_box(struct math_layout *l, const struct math_node *node)
{
	struct math_box body = math_layout_list(l, node->body);
	if (body.height == 1 && math_print_radical(fresh_line(l), node->sup))
		return flat_root(l, node, body);
	struct math_page *page = &l->page;
	struct str corner = page->ascii ? STR("/") : STR("┌"),
		   side = page->ascii ? STR("|") : STR("│"),
		   tick = page->ascii ? STR("\\") : STR("╲");
	struct math_box index = tight_box(l, node->sup);
	size_t left = index.width > 1 ? index.width : 1;
	unsigned top = index.height > body.height ? index.height - body.height : 0;
	struct math_part *parts = ARENA_ARRAY(page->arena, struct math_part, body.height + 5u);
	size_t n = 0;
	unsigned bottom = top + body.height;
	parts[n++] = (struct math_part){ index, 0, bottom - index.height };
	parts[n++] = (struct math_part){ math_box_text(page, tick), left - 1, bottom };
	parts[n++] = (struct math_part){ math_box_text(page, corner), left, top };
	parts[n++] = (struct math_part){ bar_box(l, body.width + 1), left + 1, top };
	for (unsigned row = 0; row < body.height; row++)
		parts[n++] = (struct math_part){ math_box_text(page, side), left, top + 1 + row };
	parts[n++] = (struct math_part){ body, left + 1, top + 1 };
	return math_box_compose(page, parts, n, top + 1 + body.baseline);
}

static struct math_box accent_box(struct math_layout *l, const struct math_node *node)
{
	const struct math_accent *accent = node->accent;
	struct math_box body = math_layout_list(l, node->body);
	if (body.height == 1 && math_print_accent(fresh_line(l), node))
		return line_box(l);
	struct str row = str_from(l->page.ascii ? accent->ascii_row : accent->row);
	struct math_box mark = accent->fills ? math_box_repeat(&l->page, row, body.width)
					     : math_box_text(&l->page, row);
	if (accent->arrowhead && body.width > 0) {
		struct math_box boxes[] = { math_box_repeat(&l->page, row, body.width - 1),
					    math_box_text(&l->page,
							  l->page.ascii ? STR(">") : STR("→")) };
		mark = math_box_join(&l->page, boxes, (unsigned[]){ 0, 0 }, 2);
	}
	struct math_box boxes[] = { mark, body, mark };
	return accent->below ? math_box_stack(&l->page, boxes + 1, 2, body.baseline)
			     : math_box_stack(&l->page, boxes, 2, 1 + body.baseline);
}

/* The largest sign there is in every font is one row; only the integral has pieces. */
static struct math_box integral_box(struct math_layout *l)
{
	bool ascii = l->page.ascii;
	struct math_box boxes[] = { math_box_text(&l->page, ascii ? STR("/") : STR("⌠")),
				    math_box_text(&l->page, ascii ? STR("|") : STR("⎮")),
				    math_box_text(&l->page, ascii ? STR("/") : STR("⌡")) };
	return math_box_stack(&l->page, boxes, 3, 1);
}

static struct math_box add_primes(struct math_layout *l, struct math_box box, unsigned count)
{
	if (count == 0)
		return box;
	math_print_primes(fresh_line(l), count);
	struct math_box boxes[] = { box, line_box(l) };
	return math_box_join(&l->page, boxes, (unsigned[]){ 0, 0 }, 2);
}

/* The node's raised list above its base, the lowered one below. */
static struct math_box above_and_below(struct math_layout *l, const struct math_node *node,
				       struct math_box base)
{
	struct math_box boxes[3];
	size_t n = 0;
	unsigned baseline = base.baseline;
	if (node->sup != NULL) {
		boxes[n] = tight_box(l, node->sup);
		baseline += boxes[n++].height;
	}
	boxes[n++] = base;
	if (node->sub != NULL)
		boxes[n++] = tight_box(l, node->sub);
	return math_box_stack(&l->page, boxes, n, baseline);
}

/* An operator between its limits. */
static struct math_box limits_box(struct math_layout *l, const struct math_node *node)
{
	struct math_box base =
	    node->body->flags & MATH_INTEGRAL ? integral_box(l) : math_layout_list(l, node->body);
	return above_and_below(l, node, add_primes(l, base, node->count));
}

/* A raised or lowered list beside something tall: small letters where there are any. */
static struct math_box beside_box(struct math_layout *l, const struct math_node *list, bool raised,
				  unsigned primes)
{
	math_print_primes(fresh_line(l), primes);
	if (list == NULL || math_print_script(&l->printer, list, raised) <= MATH_SCRIPT_SMALL)
		return line_box(l);
	math_print_primes(fresh_line(l), primes);
	struct math_box boxes[] = { line_box(l), math_layout_list(l, list) };
	return math_box_join(&l->page, boxes, (unsigned[]){ 0, 0 }, 2);
}

/* On a tall delimiter the scripts stand at its top and bottom rows. */
static struct math_box tall_script_box(struct math_layout *l, const struct math_node *node,
				       struct math_box base)
{
	struct math_box sup = beside_box(l, node->sup, true, node->count);
	struct math_box sub = beside_box(l, node->sub, false, 0);
	unsigned top = sup.height - 1;
	struct math_part parts[] = { { base, 0, top },
				     { sup, base.width, 0 },
				     { sub, base.width, top + base.height - 1 } };
	return math_box_compose(&l->page, parts, 3, top + base.baseline);
}

/* True when the script is printed behind the base, small or as one word; else it needs a box. */
static bool print_beside(struct math_layout *l, const struct math_node *list, bool raised)
{
	size_t start = l->line.len, spelled = l->printer.spelled;
	if (list == NULL || math_print_script(&l->printer, list, raised) != MATH_SCRIPT_PARENTHESES)
		return true;
	l->line.len = start;
	l->printer.spelled = spelled;
	return false;
}

static struct math_box script_box(struct math_layout *l, const struct math_node *node)
{
	const struct math_node *body = node->body;
	if (body != NULL && body->next == NULL && (body->flags & MATH_LIMITS))
		return limits_box(l, node);
	struct math_box base = math_layout_list(l, body);
	if (math_base_needs_parentheses(node))
		base = in_parentheses(l, base);
	if (base.height > 1)
		return tall_script_box(l, node, base);
	struct math_box none = math_box_text(&l->page, STR("")), sub = none, sup = none;
	math_print_primes(fresh_line(l), node->count);
	bool flat_sub = print_beside(l, node->sub, false);
	bool flat_sup = print_beside(l, node->sup, true);
	bool spelled = l->printer.spelled == l->line.len;
	struct math_box line = line_box(l);
	if (!flat_sub)
		sub = math_layout_list(l, node->sub);
	if (!flat_sup)
		sup = math_layout_list(l, node->sup);
	unsigned top = flat_sup ? 0 : sup.height;
	size_t column = base.width + line.width;
	struct math_part parts[] = { { base, 0, top },
				     { line, base.width, top },
				     { sup, column, 0 },
				     { sub, column, flat_sub ? top : top + 1 } };
	struct math_box box = math_box_compose(&l->page, parts, 4, top);
	box.spelled = spelled && flat_sub && flat_sup;
	return box;
}

/* \overset and \underset: marks that are no limits stand like them. */
static struct math_box stack_box(struct math_layout *l, const struct math_node *node)
{
	return above_and_below(l, node, math_layout_list(l, node->body));
}

static struct math_box brace_box(struct math_layout *l, const struct math_node *node)
{
	struct math_box body = math_layout_list(l, node->body);
	const struct math_node *label = node->sub ? node->sub : node->sup;
	bool below = (node->flags & MATH_BELOW) != 0, ascii = l->page.ascii;
	size_t width = body.width > 3 ? body.width : 3, left = (width - 3) / 2;
	struct str line = ascii ? STR("-") : STR("─");
	struct math_box pieces[] = { math_box_text(&l->page, ascii   ? STR("'")
							     : below ? STR("└")
								     : STR("┌")),
				     math_box_repeat(&l->page, line, left),
				     math_box_text(&l->page, ascii   ? STR("+")
							     : below ? STR("┬")
								     : STR("┴")),
				     math_box_repeat(&l->page, line, width - 3 - left),
				     math_box_text(&l->page, ascii   ? STR("'")
							     : below ? STR("┘")
								     : STR("┐")) };
	struct math_box brace = math_box_join(&l->page, pieces, (unsigned[5]){ 0 }, 5);
	struct math_box name = math_layout_list(l, label);
	struct math_box boxes[] = { name, brace, body, brace, name };
	size_t n = label != NULL ? 3 : 2;
	if (below)
		return math_box_stack(&l->page, boxes + 2, n, body.baseline);
	unsigned above = brace.height + (label != NULL ? name.height : 0);
	return math_box_stack(&l->page, boxes + 3 - n, n, above + body.baseline);
}

static struct math_box node_box(struct math_layout *l, const struct math_node *node)
{
	switch ((enum math_kind)node->kind) {
	case MATH_ATOM:
	case MATH_TEXT: return math_box_text(&l->page, node->text);
	case MATH_SPACE: break;
	case MATH_GROUP: return math_layout_list(l, node->body);
	case MATH_SCRIPT: return script_box(l, node);
	case MATH_STACK: return stack_box(l, node);
	case MATH_BRACE: return brace_box(l, node);
	case MATH_FRACTION: return fraction_box(l, node);
	case MATH_BINOMIAL: return binomial_box(l, node);
	case MATH_ROOT: return root_box(l, node);
	case MATH_ACCENT: return accent_box(l, node);
	case MATH_DELIMITED:
		return math_box_delimited(&l->page, node->open, math_layout_list(l, node->body),
					  node->close, 0);
	case MATH_MATRIX: return math_layout_matrix(l, node);
	case MATH_ARROW: math_print_arrow(fresh_line(l), node); return line_box(l);
	}
	return math_box_text(&l->page, STR(""));
}

static struct str baseline_text(const struct math_box *box)
{
	const struct math_box_row *row = &box->rows[box->baseline];
	return row->columns == box->width ? row->text : STR("");
}

static bool ends_in_minus(const struct math_node *node)
{
	return node->kind == MATH_ATOM && (node->flags & MATH_UNARY) &&
	       (str_equal(node->text, STR("−")) || str_equal(node->text, STR("-")));
}

/* What keeps two drawings apart that would run into each other. */
static unsigned parting_blanks(const struct math_items *items, const struct math_box *box,
			       const struct math_node *node)
{
	const struct math_box *last = &items->boxes[items->count - 1];
	const struct math_node *before = items->nodes[items->count - 1];
	if (last->height > 1 && box->height > 1)
		return 1;
	struct str end = baseline_text(last), start = box->rows[box->baseline].text;
	if (ends_in_minus(before) && box->height > 1 &&
	    (str_starts(start, STR("─")) || str_starts(start, STR("-"))))
		return 1;
	return math_must_part(end, math_ends_with_word(before), last->spelled, start,
			      math_begins_with_word(node));
}

void math_layout_add(struct math_layout *l, struct math_items *items, const struct math_node *node,
		     struct math_box box, unsigned blanks)
{
	if (items->count == items->capacity) {
		size_t c1 = items->capacity, c2 = c1, c3 = c1;
		struct arena *arena = l->page.arena;
		items->nodes =
		    arena_grow(arena, items->nodes, items->count, &c1, sizeof *items->nodes);
		items->boxes =
		    arena_grow(arena, items->boxes, items->count, &c2, sizeof *items->boxes);
		items->blanks =
		    arena_grow(arena, items->blanks, items->count, &c3, sizeof *items->blanks);
		items->capacity = c1;
	}
	items->nodes[items->count] = node;
	items->boxes[items->count] = box;
	items->blanks[items->count++] = blanks;
}

/* The sign grows with the formula it stands in. */
static void grow_integrals(struct math_layout *l, struct math_items *items)
{
	bool tall = false;
	for (size_t i = 0; i < items->count; i++)
		tall = tall || items->boxes[i].height > 1;
	for (size_t i = 0; tall && i < items->count; i++)
		if (items->nodes[i]->kind == MATH_ATOM && (items->nodes[i]->flags & MATH_INTEGRAL))
			items->boxes[i] = integral_box(l);
}

struct math_items math_layout_items(struct math_layout *l, const struct math_node *list,
				    bool continues)
{
	struct math_items items = { 0 };
	const struct math_node *before = NULL;
	unsigned pending = 0;
	for (const struct math_node *node = list; node && !l->page.failed; node = node->next) {
		if (node->kind == MATH_SPACE) {
			if (before && node->count > pending &&
			    (!l->tight || (node->flags & MATH_KEPT)))
				pending = node->count;
			continue;
		}
		struct math_box box = node_box(l, node);
		if (box.width == 0 && box.height == 1)
			continue;
		unsigned blanks = 0;
		if (!l->tight && (before != NULL || continues))
			blanks = math_blanks(before, node);
		blanks = pending > blanks ? pending : blanks;
		if (blanks == 0 && before != NULL)
			blanks = parting_blanks(&items, &box, node);
		math_layout_add(l, &items, node, box, blanks);
		before = node;
		pending = 0;
	}
	if (before != NULL && !l->tight)
		items.after = math_blanks(before, NULL);
	grow_integrals(l, &items);
	return items;
}

struct math_box math_layout_list(struct math_layout *l, const struct math_node *list)
{
	struct math_items items = math_layout_items(l, list, false);
	struct math_box box = math_box_join(&l->page, items.boxes, items.blanks, items.count);
	box.spelled = items.count > 0 && items.boxes[items.count - 1].spelled;
	return box;
}
