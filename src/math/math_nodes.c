#include "base/utf8.h"
#include "math/math_parser.h"

struct math_node *math_add(struct math_parser *p, struct math_list *list, enum math_kind kind,
			   enum math_class class)
{
	struct math_node *node = ARENA_NEW(p->arena, struct math_node);
	node->kind = (uint8_t)kind;
	node->left = node->right = (uint8_t) class;
	if (list->last != NULL)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
	return node;
}

void math_append(struct math_list *list, struct math_node *first)
{
	if (first == NULL)
		return;
	if (list->last != NULL)
		list->last->next = first;
	else
		list->first = first;
	for (list->last = first; list->last->next != NULL;)
		list->last = list->last->next;
}

void math_add_space(struct math_parser *p, struct math_list *list, unsigned columns, unsigned flags)
{
	struct math_node *space = math_add(p, list, MATH_SPACE, MATH_ORD);
	space->count = (uint16_t)columns;
	space->flags = (uint16_t)flags;
}

/* The text in the alphabet of the moment. */
static struct str in_alphabet(struct math_parser *p, struct str text)
{
	if (p->alphabet == MATH_PLAIN || (p->flags & MATH_ASCII))
		return text;
	char *out = arena_get(p->arena, 4 * text.len);
	struct buf styled = { out, 0, 4 * text.len };
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		utf8_encode(&styled, math_alphabet_code(p->alphabet, code));
	}
	return buf_str(&styled);
}

static bool is_alphanumeric(char c)
{
	return str_is_alpha(c) || str_is_digit(c);
}

/* Names in ASCII must not run into the letters beside them. */
static unsigned word_flag(const struct math_parser *p, struct str text)
{
	if (!(p->flags & MATH_ASCII) || text.len < 2)
		return 0;
	return is_alphanumeric(text.at[0]) || is_alphanumeric(text.at[text.len - 1]) ? MATH_WORD
										     : 0;
}

void math_add_symbol(struct math_parser *p, struct math_list *list,
		     const struct math_symbol *symbol)
{
	struct str text = symbol->text;
	if (p->flags & MATH_ASCII)
		text = symbol->ascii ? str_from(symbol->ascii) : symbol->name;
	else if (symbol->class == MATH_ORD)
		text = in_alphabet(p, text);
	struct math_node *node = math_add(p, list, MATH_ATOM, symbol->class);
	node->text = text;
	node->flags = (uint16_t)(symbol->flags | word_flag(p, text));
	if (symbol->flags & MATH_NAME)
		node->flags |= MATH_WORD;
	if (symbol->flags & MATH_QUANTIFIER) {
		node->left = MATH_OP;
		node->right = MATH_OPEN;
	}
	if (str_equal(symbol->text, STR("∂")) || str_equal(symbol->text, STR("Δ")))
		node->flags |= MATH_DIFFERENTIAL;
	if (symbol->class == MATH_ORD &&
	    (str_equal(symbol->text, STR("|")) || str_equal(symbol->text, STR("‖"))))
		node->flags |= MATH_BAR;
}

/* \arg\max is one operator: its limit stands below both words. */
static bool join_arg(struct math_parser *p, struct math_list *list, struct str name)
{
	struct math_node *last = list->last;
	if (last == NULL || last->kind != MATH_ATOM || !(last->flags & MATH_NAME) ||
	    !str_equal(last->text, STR("arg")))
		return false;
	if (!str_equal(name, STR("max")) && !str_equal(name, STR("min")) &&
	    !str_equal(name, STR("sup")) && !str_equal(name, STR("inf")))
		return false;
	last->text = arena_format(p->arena, "arg %.*s", STR_ARGS(name));
	return true;
}

struct math_node *math_add_name(struct math_parser *p, struct math_list *list, struct str name,
				unsigned flags)
{
	if (join_arg(p, list, name))
		return list->last;
	struct math_node *node = math_add(p, list, MATH_ATOM, MATH_OP);
	node->text = name;
	node->flags = (uint16_t)(flags | MATH_NAME | MATH_WORD);
	return node;
}

/* A colon keeps the blanks of its source: it is a relation here and punctuation there. */
static void add_colon(struct math_parser *p, struct math_list *list, const struct math_token *token)
{
	struct math_token next = math_peek(p);
	if (!next.behind_blank && str_equal(next.text, STR("="))) {
		math_next(p);
		math_add(p, list, MATH_ATOM, MATH_REL)->text = STR(":=");
		return;
	}
	if (token->behind_blank)
		math_add_space(p, list, 1, 0);
	struct math_node *colon = math_add(p, list, MATH_ATOM, MATH_ORD);
	colon->text = token->text;
	colon->left = MATH_CLOSE;
	colon->right = MATH_OPEN;
	if (next.behind_blank)
		math_add_space(p, list, 1, 0);
}

static const struct math_symbol *symbol_of_character(const struct math_parser *p, struct str text)
{
#define CHARACTER(sign, text, ascii, class)                                                        \
	{                                                                                          \
		STR_INIT(sign), STR_INIT(text), ascii, class, MATH_LITERAL                         \
	}
	static const struct math_symbol characters[] = {
		CHARACTER("-", "−", "-", MATH_BIN),   CHARACTER("−", "−", "-", MATH_BIN),
		CHARACTER("+", "+", "+", MATH_BIN),   CHARACTER("*", "*", "*", MATH_BIN),
		CHARACTER("·", "⋅", "*", MATH_BIN),   CHARACTER("=", "=", "=", MATH_REL),
		CHARACTER("<", "<", "<", MATH_REL),   CHARACTER(">", ">", ">", MATH_REL),
		CHARACTER("(", "(", "(", MATH_OPEN),  CHARACTER("[", "[", "[", MATH_OPEN),
		CHARACTER(")", ")", ")", MATH_CLOSE), CHARACTER("]", "]", "]", MATH_CLOSE),
		CHARACTER(",", ",", ",", MATH_PUNCT), CHARACTER(";", ";", ";", MATH_PUNCT),
		CHARACTER("|", "|", "|", MATH_ORD),
	};
#undef CHARACTER
	static const struct math_symbol star = { STR_INIT("*"), STR_INIT("*"), "*", MATH_ORD, 0 };
	if (p->nscripts > 0 && str_equal(text, STR("*")))
		return &star;
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		if (str_equal(characters[i].name, text))
			return &characters[i];
	return (unsigned char)text.at[0] >= 0x80 ? math_symbol_of(text) : NULL;
}

/* All digits of a number, and a point between two of them, are one atom. */
static struct str rest_of_number(struct math_parser *p, struct str digit)
{
	size_t end = p->at;
	while (end < p->tex.len &&
	       (str_is_digit(p->tex.at[end]) || (p->tex.at[end] == '.' && end + 1 < p->tex.len &&
						 str_is_digit(p->tex.at[end + 1]))))
		end++;
	digit.len += end - p->at;
	p->at = end;
	return digit;
}

void math_add_character(struct math_parser *p, struct math_list *list,
			const struct math_token *token, bool alone)
{
	struct str text = token->text;
	if (text.at[0] == ':') {
		add_colon(p, list, token);
		return;
	}
	bool digit = str_is_digit(text.at[0]);
	const struct math_symbol *symbol =
	    digit || str_is_alpha(text.at[0]) ? NULL : symbol_of_character(p, text);
	if (symbol != NULL) {
		math_add_symbol(p, list, symbol);
		return;
	}
	if (digit && !alone)
		text = rest_of_number(p, text);
	struct math_node *node = math_add(p, list, MATH_ATOM, MATH_ORD);
	node->text = in_alphabet(p, text);
	if (digit)
		node->flags |= MATH_DIGITS;
	if (text.at[0] == 'd')
		node->flags |= MATH_DIFFERENTIAL;
}

struct math_node *math_add_group(struct math_parser *p, struct math_list *list,
				 struct math_node *first)
{
	while (first != NULL && first->kind == MATH_SPACE) {
		math_add_space(p, list, first->count, first->flags);
		first = first->next;
	}
	if (first == NULL)
		return NULL;
	struct math_node *last = first, *trailing = NULL;
	for (struct math_node *node = first; node->next != NULL; node = node->next) {
		if (node->next->kind != MATH_SPACE) {
			last = node->next;
			trailing = NULL;
		} else if (trailing == NULL) {
			trailing = node->next;
		}
	}
	last->next = NULL;
	struct math_node *group = math_add(p, list, MATH_GROUP, MATH_ORD);
	if (first != last) {
		group->body = first;
	} else {
		*group = *first;
		if (group->left != MATH_OP)
			group->left = group->right = MATH_ORD;
		group->flags &= (uint16_t) ~(MATH_BAR | MATH_OPENING | MATH_CLOSING);
	}
	for (; trailing != NULL; trailing = trailing->next)
		math_add_space(p, list, trailing->count, trailing->flags);
	return group;
}
