#include "math/math_tree.h"

/* Two signs that make one: <=, ->, ==, and \mid\mid. */
static bool is_joined(const struct math_node *before, const struct math_node *after)
{
	if ((before->flags & MATH_LITERAL) && (after->flags & MATH_LITERAL))
		return true;
	return str_equal(before->text, STR("|")) && str_equal(after->text, STR("|"));
}

static bool opens_nothing(unsigned class)
{
	return class == MATH_OPEN || class == MATH_CLOSE || class == MATH_PUNCT;
}

unsigned math_blanks(const struct math_node *before, const struct math_node *after)
{
	unsigned left = before ? before->right : MATH_OPEN,
		 right = after ? after->left : MATH_CLOSE;
	if (left == MATH_REL && right == MATH_REL)
		return !is_joined(before, after);
	/* The invisible neighbour of an aligned column counts for relations only. */
	if (right == MATH_REL || right == MATH_BIN)
		return left != MATH_OPEN || before == NULL;
	if (left == MATH_REL || left == MATH_BIN)
		return right != MATH_CLOSE || after == NULL;
	if (before == NULL || after == NULL)
		return 0;
	if (left == MATH_PUNCT)
		return right != MATH_CLOSE && right != MATH_PUNCT;
	if (left == MATH_OP)
		return (before->flags & MATH_BIG) ? right != MATH_CLOSE && right != MATH_PUNCT
						  : !opens_nothing(right);
	if (right == MATH_OP)
		return (left == MATH_ORD || left == MATH_CLOSE) && !(before->flags & MATH_UNARY);
	return 0;
}

static bool is_bar(const struct math_node *node)
{
	return (node->flags & MATH_BAR) != 0;
}

static struct str bar_text(const struct math_node *node)
{
	return node->kind == MATH_SCRIPT && node->body ? node->body->text : node->text;
}

/* || is one double bar. */
static const struct math_node *skip_bars(const struct math_node *node, struct str bar)
{
	while (node != NULL && is_bar(node) && str_equal(bar_text(node), bar))
		node = node->next;
	return node;
}

/* The node behind a fence that begins at `node`, or NULL when it is not closed. */
static const struct math_node *fence_end(const struct math_node *node, bool *closed)
{
	*closed = true;
	if (is_bar(node)) {
		struct str bar = bar_text(node);
		node = skip_bars(node, bar);
		while (node != NULL && !(is_bar(node) && str_equal(bar_text(node), bar)))
			node = node->next;
		*closed = node != NULL;
		return skip_bars(node, bar);
	}
	unsigned open = 0;
	for (; node != NULL; node = node->next) {
		open += node->left == MATH_OPEN && node->right == MATH_OPEN;
		if (node->left == MATH_CLOSE && node->right == MATH_CLOSE && --open == 0)
			return node->next;
	}
	*closed = false;
	return NULL;
}

static bool opens_fence(const struct math_node *node)
{
	return is_bar(node) || (node->left == MATH_OPEN && node->right == MATH_OPEN &&
				node->kind != MATH_DELIMITED);
}

static bool is_sign(const struct math_node *node, struct str sign)
{
	return node != NULL && node->kind == MATH_ATOM && str_equal(node->text, sign);
}

/* A text with blanks inside needs parentheses to be one thing. */
static bool is_one_word(const struct math_node *node)
{
	return node->kind != MATH_TEXT || str_find(node->text, ' ', 0) == STR_NOT_FOUND;
}

/* 1{,}000 is one number. */
static const struct math_node *number_end(const struct math_node *node)
{
	node = node->next;
	while (is_sign(node, STR(",")) && node->left == MATH_ORD && node->next != NULL &&
	       (node->next->flags & MATH_DIGITS))
		node = node->next->next;
	return node;
}

static bool mentions(const struct math_node *node, const struct math_node *end, struct str text)
{
	for (; node != end && node != NULL; node = node->next) {
		const struct math_node *base =
		    (node->kind == MATH_SCRIPT || node->kind == MATH_ACCENT) && node->body
			? node->body
			: node;
		if (base->text.len > 0 && str_equal(base->text, text))
			return true;
	}
	return false;
}

static struct str name_of(const struct math_node *node)
{
	while (node->text.len == 0 && node->body != NULL)
		node = node->body;
	return node->text;
}

/* \left( .. \right), with scripts or without. */
static bool is_delimited(const struct math_node *node)
{
	return node->left == MATH_OPEN && node->right == MATH_CLOSE;
}

/* Behind f in f(x); n(n + 1) is a product, which its own name in the argument gives away. */
static const struct math_node *call_end(const struct math_node *name)
{
	const struct math_node *open = name->next;
	if (open == NULL || (name->flags & MATH_DIGITS))
		return open;
	if (is_delimited(open)) {
		const struct math_node *body = open->kind == MATH_SCRIPT ? open->body : open;
		return mentions(body->body, NULL, name_of(name)) ? open : open->next;
	}
	if (!opens_fence(open) || is_bar(open))
		return open;
	bool closed;
	const struct math_node *end = fence_end(open, &closed);
	return !closed || mentions(open->next, end, name_of(name)) ? open : end;
}

/*
 * The node behind the unit that begins at `node`: a number, a name with its scripts, a call,
 * something between delimiters, a root. Gives `node` itself when none begins there.
 */
static const struct math_node *unit_end(const struct math_node *node)
{
	bool closed;
	const struct math_node *end;
	switch ((enum math_kind)node->kind) {
	case MATH_ATOM:
	case MATH_TEXT:
	case MATH_ACCENT:
	case MATH_SCRIPT:
		if (is_delimited(node))
			return node->next;
		break;
	case MATH_BINOMIAL:
	case MATH_ROOT: return node->next;
	case MATH_DELIMITED: return node->open && node->close ? node->next : node;
	case MATH_MATRIX: return node->open ? node->next : node;
	default: return node;
	}
	if (opens_fence(node)) {
		end = fence_end(node, &closed);
		return closed ? end : node;
	}
	if (node->flags & MATH_DIGITS)
		return number_end(node);
	if (!is_one_word(node) || is_sign(node, STR("/")))
		return node;
	if (node->left == MATH_OP && (node->flags & MATH_BIG))
		return node;
	if (node->left == MATH_OP)
		return (end = call_end(node)) == node->next ? node : end;
	return node->left == MATH_ORD && !(node->flags & MATH_UNARY) ? call_end(node) : node;
}

static const struct math_node *skip_factorials(const struct math_node *node)
{
	while (is_sign(node, STR("!")))
		node = node->next;
	return node;
}

/* The content of a group that is nothing but a group. */
static const struct math_node *unwrap(const struct math_node *list)
{
	while (list != NULL && list->next == NULL && list->kind == MATH_GROUP)
		list = list->body;
	return list;
}

bool math_is_radicand(const struct math_node *list)
{
	list = unwrap(list);
	return list == NULL || (unit_end(list) == NULL && !is_sign(list, STR("!")));
}

bool math_is_unit(const struct math_node *list)
{
	list = unwrap(list);
	if (list == NULL)
		return true;
	const struct math_node *end = unit_end(list);
	if (end == list)
		return false;
	if ((list->flags & MATH_DIFFERENTIAL) && end == list->next && end != NULL &&
	    unit_end(end) != end)
		end = unit_end(end);
	return skip_factorials(end) == NULL;
}

bool math_is_factor(const struct math_node *list)
{
	const struct math_node *node = unwrap(list), *first = node;
	if (node != NULL && (node->flags & MATH_UNARY))
		node = node->next;
	while (node != NULL) {
		const struct math_node *end;
		if (node->kind == MATH_SPACE || (node->left == MATH_OP && node != first))
			return false;
		if (node->kind == MATH_GROUP)
			end = math_is_factor(node->body) ? node->next : node;
		else
			end = unit_end(node);
		if (end == node && !is_sign(node, STR("!")))
			return false;
		node = end == node ? node->next : end;
	}
	return true;
}

bool math_is_fenced(const struct math_node *list)
{
	bool closed;
	list = unwrap(list);
	if (list == NULL)
		return false;
	if (list->kind == MATH_DELIMITED && list->next == NULL)
		return list->open && list->close && str_equal(list->open->name, STR("("));
	return is_sign(list, STR("(")) && fence_end(list, &closed) == NULL && closed;
}

bool math_base_needs_parentheses(const struct math_node *script)
{
	const struct math_node *last = script->body;
	while (last != NULL && last->next != NULL)
		last = last->next;
	if (last == NULL)
		return false;
	switch ((enum math_kind)last->kind) {
	case MATH_FRACTION:
	case MATH_ROOT:
	case MATH_BRACE: return true;
	case MATH_SCRIPT: return (last->sub && script->sub) || (last->sup && script->sup);
	default: return false;
	}
}

bool math_sticks_behind(const struct math_node *next)
{
	return next != NULL && next->kind != MATH_SPACE && !(next->flags & MATH_CLOSING) &&
	       (next->left == MATH_ORD || next->left == MATH_OPEN);
}

bool math_sticks_before(const struct math_node *before)
{
	return before != NULL && before->kind != MATH_SPACE &&
	       !(before->flags & (MATH_UNARY | MATH_OPENING)) &&
	       (before->right == MATH_ORD || before->right == MATH_CLOSE);
}

bool math_begins_with_word(const struct math_node *node)
{
	while (node != NULL && (node->kind == MATH_SCRIPT || node->kind == MATH_GROUP))
		node = node->body;
	return node != NULL && (node->flags & MATH_WORD);
}

bool math_ends_with_word(const struct math_node *node)
{
	while (node != NULL && node->kind == MATH_GROUP) {
		node = node->body;
		while (node != NULL && node->next != NULL)
			node = node->next;
	}
	return node != NULL && node->kind == MATH_ATOM && (node->flags & MATH_WORD);
}
