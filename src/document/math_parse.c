#include "document/math_parser.h"

#include "base/utf8.h"
#include "document/math_scan.h"

void math_break(struct math_parser *p)
{
	p->broken = true;
	p->at = p->tex.len;
}

static struct math_token command_token(struct math_parser *p, size_t at)
{
	struct math_token token = { .kind = MATH_TOKEN_COMMAND };
	token.text = math_scan_name(p->tex, at + 1);
	token.end = at + 1 + token.text.len;
	if (str_equal(token.text, STR("\\")) || str_equal(token.text, STR("cr")))
		token.kind = MATH_TOKEN_ROW;
	if (token.text.len == 0) /* a backslash at the very end */
		token.kind = MATH_TOKEN_TIE;
	return token;
}

/* Pages that were HTML once still hold these. */
static bool entity_token(struct str rest, struct math_token *token)
{
	static const struct {
		struct str entity, sign;
	} entities[] = { { STR_INIT("&lt;"), STR_INIT("<") },
			 { STR_INIT("&gt;"), STR_INIT(">") },
			 { STR_INIT("&amp;"), STR_INIT("&") } };
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (!str_starts(rest, entities[i].entity))
			continue;
		token->kind =
		    entities[i].sign.at[0] == '&' ? MATH_TOKEN_COLUMN : MATH_TOKEN_CHARACTER;
		token->text = entities[i].sign;
		token->end += entities[i].entity.len;
		return true;
	}
	return false;
}

static size_t skip_blanks(struct math_parser *p)
{
	size_t at = math_scan_blanks(p->tex, p->at);
	while (at < p->last_line && p->tex.at[at] == '%') {
		at = str_find(p->tex, '\n', at);
		at = math_scan_blanks(p->tex, at);
	}
	return at;
}

struct math_token math_peek(struct math_parser *p)
{
	static const uint8_t kinds[128] = {
		['{'] = MATH_TOKEN_OPEN,  ['}'] = MATH_TOKEN_CLOSE, ['^'] = MATH_TOKEN_SUP,
		['_'] = MATH_TOKEN_SUB,   ['~'] = MATH_TOKEN_TIE,   ['&'] = MATH_TOKEN_COLUMN,
		['\''] = MATH_TOKEN_PRIME
	};
	size_t at = skip_blanks(p);
	struct math_token token = { .kind = MATH_TOKEN_END, .end = at };
	struct str rest = str_skip(p->tex, at);
	if (rest.len == 0)
		return token;
	unsigned char c = (unsigned char)rest.at[0];
	if (c == '\\') {
		token = command_token(p, at);
	} else if (c != '&' || !entity_token(rest, &token)) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code);
		token.kind = c < 128 && kinds[c] ? kinds[c] : MATH_TOKEN_CHARACTER;
		token.text = str_sub(rest, 0, n);
		token.end = at + n;
		if (code == UTF8_REPLACEMENT)
			token.text = STR("\xef\xbf\xbd");
	}
	token.behind_blank = at > p->at;
	return token;
}

struct math_token math_next(struct math_parser *p)
{
	struct math_token token = math_peek(p);
	p->at = token.end;
	return token;
}

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

static void add_character(struct math_parser *p, struct math_list *list,
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
	if (text.len == 1 && ((unsigned char)text.at[0] < 0x20 || text.at[0] == 0x7f))
		return;
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
		group->flags &= (uint16_t)~MATH_BAR;
	}
	for (; trailing != NULL; trailing = trailing->next)
		math_add_space(p, list, trailing->count, trailing->flags);
	return group;
}

/* One thing without its scripts. `alone`: as an argument, where a number is one digit. */
static void parse_nucleus(struct math_parser *p, struct math_list *list, bool alone)
{
	struct math_token token = math_next(p);
	switch (token.kind) {
	case MATH_TOKEN_CHARACTER: add_character(p, list, &token, alone); break;
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
	if (token.kind == MATH_TOKEN_PRIME)
		p->at = token.end, math_add(p, &list, MATH_ATOM, MATH_ORD)->text = STR("′");
	else
		parse_nucleus(p, &list, true);
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

/* A sign is no operator where there is nothing before it to operate on. */
static void settle_classes(struct math_node *first, bool continues)
{
	unsigned nbars = 0, seen = 0;
	for (struct math_node *node = first; node != NULL; node = node->next)
		nbars += (node->flags & MATH_BAR) != 0;
	bool unary = !continues;
	for (struct math_node *node = first; node != NULL; node = node->next) {
		if (node->kind == MATH_SPACE)
			continue;
		if (node->left == MATH_BIN && unary) {
			node->left = node->right = MATH_ORD;
			node->flags |= MATH_UNARY;
		}
		bool opening_bar = (node->flags & MATH_BAR) && nbars % 2 == 0 && seen++ % 2 == 0;
		unary = opening_bar || node->right == MATH_BIN || node->right == MATH_REL ||
			node->right == MATH_OP || node->right == MATH_OPEN ||
			node->right == MATH_PUNCT;
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

bool math_parse(struct arena *arena, struct str tex, unsigned flags, bool display,
		struct math_tree *tree)
{
	if (str_find(tex, '\0', 0) != STR_NOT_FOUND)
		return false;
	struct math_parser p = { .arena = arena, .tex = tex, .flags = flags };
	size_t line = str_find_last(tex, '\n');
	p.last_line = line == STR_NOT_FOUND ? 0 : line;
	tree->first = display ? math_parse_rows(&p) : math_parse_list(&p, MATH_STOP_END, false);
	tree->tag = p.tag;
	return !p.broken && p.at == tex.len;
}
