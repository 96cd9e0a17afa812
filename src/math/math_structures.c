#include "math/math_commands.h"

void math_parse_fraction(struct math_parser *p, const struct math_command *command,
			 struct math_list *list)
{
	math_parse_option(p); /* \cfrac[l] */
	struct math_node *above = math_parse_argument(p), *below = math_parse_argument(p);
	enum math_class class = MATH_ORD;
	struct math_node *node = math_add(p, list, (enum math_kind)command->detail, class);
	node->body = above;
	node->sub = below;
}

void math_parse_root(struct math_parser *p, const struct math_command *command,
		     struct math_list *list)
{
	(void)command;
	struct math_node *index = math_parse_option(p), *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_ROOT, MATH_ORD);
	node->body = body;
	node->sup = index;
}

void math_skip_star(struct math_parser *p, unsigned *flags)
{
	if (!str_equal(math_peek(p).text, STR("*")))
		return;
	math_next(p);
	*flags |= MATH_LIMITS;
}

/* An operator made of whatever stands in its argument. */
static void add_operator(struct math_parser *p, struct math_list *list, struct math_node *body,
			 unsigned flags)
{
	if (body != NULL && body->next == NULL && body->kind == MATH_TEXT) {
		math_add_name(p, list, body->text, flags);
		return;
	}
	struct math_node *group = math_add_group(p, list, body);
	if (group == NULL)
		return;
	group->left = group->right = MATH_OP;
	group->flags |= (uint16_t)(flags | (group->flags & MATH_BIG ? 0u : MATH_NAME | MATH_WORD));
}

void math_parse_operator(struct math_parser *p, const struct math_command *command,
			 struct math_list *list)
{
	(void)command;
	unsigned flags = 0;
	math_skip_star(p, &flags);
	add_operator(p, list, math_parse_text(p, true), flags);
}

void math_parse_class(struct math_parser *p, const struct math_command *command,
		      struct math_list *list)
{
	struct math_node *body = math_parse_argument(p);
	if (command->detail == MATH_OP) {
		add_operator(p, list, body, MATH_LIMITS);
		return;
	}
	struct math_node *group = math_add_group(p, list, body);
	if (group != NULL)
		group->left = group->right = (uint8_t)command->detail;
}

/* The name by which a delimiter is known; empty for the invisible one. */
static struct str take_delimiter(struct math_parser *p)
{
	struct math_token token = math_next(p);
	if (token.kind == MATH_TOKEN_OPEN) { /* \big{(} */
		struct math_parser ahead = *p;
		struct math_token inner = math_next(&ahead);
		if (math_next(&ahead).kind == MATH_TOKEN_CLOSE) {
			p->at = ahead.at;
			token = inner;
		}
	}
	if (token.kind == MATH_TOKEN_END)
		math_break(p);
	if (token.kind == MATH_TOKEN_COMMAND && str_equal(token.text, STR("|")))
		return STR("||");
	if (token.kind == MATH_TOKEN_CHARACTER && str_equal(token.text, STR(".")))
		return STR("");
	if (token.text.len > 0 && (unsigned char)token.text.at[0] >= 0x80) {
		const struct math_symbol *symbol = math_symbol_of(token.text);
		return symbol ? symbol->name : token.text;
	}
	return token.text;
}

static const char *delimiter_text(const struct math_parser *p, const struct math_delimiter *d)
{
	return p->flags & MATH_ASCII ? d->ascii : d->text;
}

static enum math_class natural_class(struct str delimiter)
{
	const struct math_symbol *symbol = math_symbol_find(delimiter);
	if (symbol != NULL && symbol->class != MATH_REL)
		return (enum math_class)symbol->class;
	if (delimiter.len != 1)
		return MATH_ORD;
	return strchr("([{<", delimiter.at[0])   ? MATH_OPEN
	       : strchr(")]}>", delimiter.at[0]) ? MATH_CLOSE
						 : MATH_ORD;
}

/* \big( and \bigl( are plain: they never grow. */
void math_parse_big(struct math_parser *p, const struct math_command *command,
		    struct math_list *list)
{
	struct str name = take_delimiter(p);
	const struct math_delimiter *delimiter = math_delimiter_find(name);
	if (delimiter == NULL) {
		if (name.len > 0)
			math_add(p, list, MATH_ATOM, MATH_ORD)->text = name;
		return;
	}
	enum math_class class = (enum math_class)command->detail;
	class = class == MATH_ORD ? natural_class(name) : class;
	struct math_node *node = math_add(p, list, MATH_ATOM, class);
	node->text = str_from(delimiter_text(p, delimiter));
	if (class == MATH_ORD && (str_equal(name, STR("|")) || str_equal(name, STR("||"))))
		node->flags |= MATH_BAR;
}

void math_parse_left(struct math_parser *p, const struct math_command *command,
		     struct math_list *list)
{
	(void)command;
	const struct math_delimiter *open = math_delimiter_find(take_delimiter(p)), *close = NULL;
	struct math_node *body = math_parse_list(p, p->stops | MATH_STOP_RIGHT, false);
	struct math_token token = math_peek(p);
	if (token.kind == MATH_TOKEN_COMMAND && str_equal(token.text, STR("right"))) {
		math_next(p);
		close = math_delimiter_find(take_delimiter(p));
	}
	struct math_node *node = math_add(p, list, MATH_DELIMITED, MATH_ORD);
	if (body != NULL && body->next == NULL && body->kind == MATH_MATRIX && body->open == NULL &&
	    body->close == NULL)
		*node = *body; /* its own delimiters: one blank inside */
	else
		node->body = body;
	node->left = open ? MATH_OPEN : MATH_ORD;
	node->right = close ? MATH_CLOSE : MATH_ORD;
	node->open = open;
	node->close = close;
}

/* Within \left..\right; without one it is a delimiter like any other. */
void math_parse_middle(struct math_parser *p, const struct math_command *command,
		       struct math_list *list)
{
	struct str name = take_delimiter(p);
	const struct math_delimiter *delimiter = math_delimiter_find(name);
	if (delimiter != NULL)
		math_add(p, list, MATH_ATOM, (enum math_class)command->detail)->text =
		    str_from(delimiter_text(p, delimiter));
}

void math_parse_not(struct math_parser *p, const struct math_command *command,
		    struct math_list *list)
{
	(void)command;
	struct math_token token = math_peek(p);
	const struct math_symbol *negated = math_symbol_negated(token.text);
	if (negated != NULL) {
		math_next(p);
		math_add_symbol(p, list, negated);
		return;
	}
	struct math_list taken = { math_parse_argument(p), NULL };
	if (taken.first == NULL)
		return;
	struct math_node *node = math_add(p, list, MATH_ATOM, MATH_REL);
	struct math_node *next = node->next;
	*node = *taken.first;
	node->next = next;
	if (node->kind == MATH_ATOM)
		node->text = p->flags & MATH_ASCII
				 ? arena_format(p->arena, "not %.*s", STR_ARGS(node->text))
				 : arena_format(p->arena, "%.*s\xcc\xb8", STR_ARGS(node->text));
}

void math_parse_brace(struct math_parser *p, const struct math_command *command,
		      struct math_list *list)
{
	struct math_node *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_BRACE, MATH_ORD);
	node->body = body;
	node->flags |= (uint16_t)command->detail;
}

/* \overset{above}{base}: the base's class, so that a sign over = leaves it a relation. */
void math_parse_stack(struct math_parser *p, const struct math_command *command,
		      struct math_list *list)
{
	struct math_node *mark = math_parse_script(p), *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_STACK, MATH_ORD);
	if (body != NULL && body->next == NULL) {
		node->left = body->left;
		node->right = body->right;
	}
	node->body = body;
	if (command->detail == MATH_BELOW)
		node->sub = mark;
	else
		node->sup = mark;
}

static const struct math_arrow arrows[] = {
	{ STR_INIT("xLeftarrow"), "⇐", "=", "<=", "=" },
	{ STR_INIT("xLeftrightarrow"), "⇐", "⇒", "<=", "=>" },
	{ STR_INIT("xRightarrow"), "=", "⇒", "=", "=>" },
	{ STR_INIT("xhookleftarrow"), "←", "↩", "<-", "-" },
	{ STR_INIT("xhookrightarrow"), "↪", "→", "-", "->" },
	{ STR_INIT("xleftarrow"), "←", "—", "<-", "-" },
	{ STR_INIT("xleftrightarrow"), "←", "→", "<-", "->" },
	{ STR_INIT("xlongequal"), "=", "=", "=", "=" },
	{ STR_INIT("xmapsto"), "↦", "→", "|-", "->" },
	{ STR_INIT("xrightarrow"), "—", "→", "-", "->" },
	{ STR_INIT("xrightharpoonup"), "—", "⇀", "-", "->" },
	{ STR_INIT("xrightleftharpoons"), "⇌", "—", "<-", "->" },
	{ STR_INIT("xtwoheadrightarrow"), "—", "↠", "-", "->>" },
};

void math_parse_arrow(struct math_parser *p, const struct math_command *command,
		      struct math_list *list)
{
	struct math_node *below = math_parse_option(p), *label = math_parse_script(p);
	struct math_node *node = math_add(p, list, MATH_ARROW, MATH_REL);
	node->body = label;
	node->sub = below;
	node->arrow = arrows;
	while (!str_equal(node->arrow->name, command->name))
		node->arrow++;
}

void math_add_accent(struct math_parser *p, const struct math_accent *accent,
		     struct math_list *list)
{
	struct math_node *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_ACCENT, MATH_ORD);
	node->accent = accent;
	node->body = body;
	/* \hat{y_i} is a hat on the y: the mark has one letter below it. */
	if (body != NULL && body->next == NULL && body->kind == MATH_SCRIPT && body->body != NULL &&
	    body->body->next == NULL && body->body->kind == MATH_ATOM) {
		struct math_node *bare = ARENA_NEW(p->arena, struct math_node);
		*bare = *node;
		bare->next = NULL;
		bare->body = body->body;
		*node = *body;
		node->left = node->right = MATH_ORD;
		node->body = bare;
	}
}
