#include "math/math_parser.h"

#include "base/utf8.h"
#include "math/math_scan.h"

void math_break(struct math_parser *p)
{
	p->broken = true;
	p->at = p->tex.len;
}

/* One thing without its scripts. `alone`: as an argument, where a number is one digit. */
static void parse_nucleus(struct math_parser *p, struct math_list *list, bool alone)
{
	struct math_token token = math_next(p);
	switch (token.kind) {
	case MATH_TOKEN_CHARACTER: math_add_character(p, list, &token, alone); break;
	case MATH_TOKEN_COMMAND: math_parse_command(p, list, token.text); break;
	case MATH_TOKEN_COLUMN:
	case MATH_TOKEN_ROW:
	case MATH_TOKEN_TIE: math_add_space(p, list, 1, 0); break;
	case MATH_TOKEN_OPEN: {
		struct math_node *body = math_parse_list(p, MATH_STOP_BRACE, false);
		math_next(p);
		/* An empty group is an atom too: a script may stand on it. */
		if (math_add_group(p, list, body) == NULL && body == NULL)
			math_add(p, list, MATH_GROUP, MATH_ORD);
		break;
	}
	default: math_break(p);
	}
}

struct math_node *math_parse_argument(struct math_parser *p)
{
	struct math_token token = math_peek(p);
	struct math_node *first;
	if (token.kind == MATH_TOKEN_OPEN) {
		math_next(p);
		first = math_parse_list(p, MATH_STOP_BRACE, false);
		math_next(p);
		return first;
	}
	if (token.kind == MATH_TOKEN_COLUMN || token.kind == MATH_TOKEN_ROW ||
	    ++p->depth > MATH_DEEPEST) {
		math_break(p);
		return NULL;
	}
	struct math_list list = { 0 };
	if (token.kind == MATH_TOKEN_PRIME) {
		p->at = token.end;
		math_add_symbol(p, &list, math_symbol_find(STR("prime")));
	} else {
		parse_nucleus(p, &list, true);
	}
	p->depth--;
	return list.first;
}

struct math_node *math_parse_option(struct math_parser *p)
{
	if (!str_equal(math_peek(p).text, STR("[")))
		return NULL;
	math_next(p);
	struct math_node *first = math_parse_list(p, MATH_STOP_BRACKET, false);
	math_next(p);
	return first;
}

struct str math_take_argument(struct math_parser *p)
{
	struct str argument = { "", 0 };
	if (!math_scan_argument(p->tex, &p->at, &argument))
		math_break(p);
	return argument;
}

struct math_node *math_parse_script(struct math_parser *p)
{
	struct math_token next = math_peek(p);
	if (next.kind == MATH_TOKEN_END || next.kind == MATH_TOKEN_CLOSE)
		return NULL;
	p->nscripts++;
	struct math_node *first = math_parse_argument(p);
	p->nscripts--;
	return first;
}

/* How many primes a superscript is, if it is nothing else. */
static unsigned count_primes(const struct math_node *list)
{
	unsigned count = 0;
	for (; list != NULL; list = list->next) {
		if (list->kind != MATH_ATOM ||
		    (!str_equal(list->text, STR("′")) && !str_equal(list->text, STR("'"))))
			return 0;
		count++;
	}
	return count;
}

/* Turns the last node of the list, or nothing, into one that carries scripts. */
static struct math_node *add_script(struct math_parser *p, struct math_list *list)
{
	if (list->last == NULL || list->last->kind == MATH_SPACE)
		return math_add(p, list, MATH_SCRIPT, MATH_ORD);
	struct math_node *script = list->last;
	if (script->kind == MATH_BRACE && script->sub == NULL && script->sup == NULL)
		return script;
	struct math_node *base = ARENA_NEW(p->arena, struct math_node);
	*base = *script;
	*script = (struct math_node){
		.kind = MATH_SCRIPT, .left = base->left, .right = base->right, .body = base
	};
	script->scripts = (uint8_t)(base->scripts + 1);
	if (script->scripts > MATH_MOST_SCRIPTS)
		math_break(p);
	script->flags = base->flags & (MATH_DIFFERENTIAL | MATH_BAR | MATH_BIG | MATH_NAME);
	if (base->kind == MATH_GROUP && base->left == MATH_ORD)
		script->body = base->body;
	return script;
}

static bool is_limits(const struct math_token *token)
{
	return token->kind == MATH_TOKEN_COMMAND &&
	       (str_equal(token->text, STR("limits")) || str_equal(token->text, STR("nolimits")));
}

void math_parse_scripts(struct math_parser *p, struct math_list *list)
{
	struct math_node *script = add_script(p, list);
	for (;;) {
		struct math_token token = math_peek(p);
		if (token.kind == MATH_TOKEN_PRIME) {
			script->count++;
		} else if (token.kind == MATH_TOKEN_SUP && script->sup == NULL) {
			p->at = token.end;
			struct math_node *sup = math_parse_script(p);
			unsigned primes = count_primes(sup);
			script->count = (uint16_t)(script->count + primes);
			script->sup = primes > 0 ? NULL : sup;
			continue;
		} else if (token.kind == MATH_TOKEN_SUB && script->sub == NULL) {
			p->at = token.end;
			script->sub = math_parse_script(p);
			continue;
		} else if (!is_limits(&token)) {
			break;
		}
		p->at = token.end;
	}
}

/* Whether a token ends the list; what should, but may not here, breaks the formula. */
static bool ends_list(struct math_parser *p, const struct math_token *token, unsigned stops)
{
	switch (token->kind) {
	case MATH_TOKEN_END:
		if (!(stops & MATH_STOP_END))
			math_break(p);
		return true;
	case MATH_TOKEN_CLOSE:
		if (!(stops & MATH_STOP_BRACE))
			math_break(p);
		return true;
	case MATH_TOKEN_COLUMN:
	case MATH_TOKEN_ROW: return stops & MATH_STOP_CELL;
	case MATH_TOKEN_CHARACTER:
		return (stops & MATH_STOP_BRACKET) && str_equal(token->text, STR("]"));
	case MATH_TOKEN_COMMAND:
		if (str_equal(token->text, STR("right")))
			return stops & MATH_STOP_RIGHT;
		if (!str_equal(token->text, STR("end")))
			return false;
		if (!(stops & MATH_STOP_CLOSE))
			math_break(p);
		return true;
	default: return false;
	}
}

/* Bars come in pairs, or they separate; two in a row are one double bar. */
static void settle_bars(struct math_node *first)
{
	unsigned nbars = 0, seen = 0;
	bool behind = false;
	for (const struct math_node *node = first; node != NULL; node = node->next) {
		bool bar = (node->flags & MATH_BAR) != 0;
		nbars += bar && !behind;
		behind = bar;
	}
	behind = false;
	for (struct math_node *node = first; node != NULL && nbars % 2 == 0; node = node->next) {
		bool bar = (node->flags & MATH_BAR) != 0;
		seen += bar && !behind;
		behind = bar;
		if (bar)
			node->flags |= seen % 2 == 1 ? MATH_OPENING : MATH_CLOSING;
	}
}

/* A sign is no operator where there is nothing before it to operate on. */
static void settle_classes(struct math_node *first, bool continues)
{
	bool unary = !continues;
	settle_bars(first);
	for (struct math_node *node = first; node != NULL; node = node->next) {
		if (node->kind == MATH_SPACE)
			continue;
		if (node->left == MATH_BIN && unary) {
			node->left = node->right = MATH_ORD;
			node->flags |= MATH_UNARY;
		}
		unary = (node->flags & MATH_OPENING) || node->right == MATH_BIN ||
			node->right == MATH_REL || node->right == MATH_OP ||
			node->right == MATH_OPEN || node->right == MATH_PUNCT;
	}
}

/* \over and its kin stand between what they divide: {n \over k}. */
static bool infix_kind(const struct math_token *token, enum math_kind *kind)
{
	if (token->kind != MATH_TOKEN_COMMAND)
		return false;
	if (str_equal(token->text, STR("over")))
		*kind = MATH_FRACTION;
	else if (str_equal(token->text, STR("choose")))
		*kind = MATH_BINOMIAL;
	else
		return false;
	return true;
}

struct math_node *math_parse_list(struct math_parser *p, unsigned stops, bool continues)
{
	struct math_list list = { 0 }, infix = { 0 };
	enum math_alphabet alphabet = p->alphabet;
	unsigned outer_stops = p->stops;
	enum math_kind kind;
	p->stops = stops;
	if (++p->depth > MATH_DEEPEST)
		math_break(p);
	while (!p->broken) {
		struct math_token token = math_peek(p);
		if (ends_list(p, &token, stops))
			break;
		if (infix.first == NULL && infix_kind(&token, &kind)) {
			p->at = token.end;
			settle_classes(list.first, continues);
			math_add(p, &infix, kind, MATH_ORD)->body = list.first;
			list = (struct math_list){ 0 };
			continues = false;
		} else if (token.kind == MATH_TOKEN_SUP || token.kind == MATH_TOKEN_SUB ||
			   token.kind == MATH_TOKEN_PRIME) {
			math_parse_scripts(p, &list);
		} else {
			parse_nucleus(p, &list, false);
		}
	}
	settle_classes(list.first, continues);
	p->depth--;
	p->alphabet = alphabet;
	p->stops = outer_stops;
	if (infix.first == NULL)
		return list.first;
	infix.first->sub = list.first;
	return infix.first;
}

/* Most formulas are plain ASCII and stay where they are. */
static struct str cleaned(struct arena *arena, struct str tex)
{
	size_t plain = 0;
	while (plain < tex.len &&
	       ((tex.at[plain] >= 0x20 && tex.at[plain] < 0x7f) || tex.at[plain] == '\n'))
		plain++;
	if (plain == tex.len)
		return tex;
	struct buf text = { 0 };
	utf8_clean(&text, tex);
	tex = arena_str(arena, buf_str(&text));
	buf_free(&text);
	return tex;
}

bool math_parse(struct arena *arena, struct str tex, unsigned flags, bool display,
		struct math_tree *tree)
{
	tex = cleaned(arena, tex);
	struct math_parser p = { .arena = arena, .tex = tex, .flags = flags };
	size_t line = str_find_last(tex, '\n');
	p.last_line = line == STR_NOT_FOUND ? 0 : line;
	tree->first = display ? math_parse_rows(&p) : math_parse_list(&p, MATH_STOP_END, false);
	tree->tag = p.tag;
	return !p.broken && math_peek(&p).kind == MATH_TOKEN_END;
}
