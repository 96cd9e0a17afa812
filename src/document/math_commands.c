#include "document/math_parser.h"

#include <stdlib.h>

#include "document/math_scan.h"

struct command {
	struct str name;
	void (*parse)(struct math_parser *, const struct command *, struct math_list *);
	int detail;       /* what it is depends on the function */
	const char *text; /* so is this */
};

static void parse_fraction(struct math_parser *p, const struct command *command,
			   struct math_list *list)
{
	math_parse_option(p); /* \cfrac[l] */
	struct math_node *above = math_parse_argument(p), *below = math_parse_argument(p);
	enum math_class class = MATH_ORD;
	struct math_node *node = math_add(p, list, (enum math_kind)command->detail, class);
	node->body = above;
	node->sub = below;
}

static void parse_root(struct math_parser *p, const struct command *command, struct math_list *list)
{
	(void)command;
	struct math_node *index = math_parse_option(p), *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_ROOT, MATH_ORD);
	node->body = body;
	node->sup = index;
}

/* What an option of the settings decides: bold and italic letters. */
static enum math_alphabet allowed(const struct math_parser *p, int alphabet)
{
	bool styled = alphabet == MATH_BOLD || alphabet == MATH_ITALIC;
	return styled && !(p->flags & MATH_BOLD_UNICODE) ? MATH_PLAIN
							 : (enum math_alphabet)alphabet;
}

static void parse_alphabet(struct math_parser *p, const struct command *command,
			   struct math_list *list)
{
	enum math_alphabet outer = p->alphabet;
	p->alphabet = allowed(p, command->detail);
	struct math_node *body = math_parse_argument(p);
	p->alphabet = outer;
	math_add_group(p, list, body);
}

/* {\bf x}: to the end of the group. */
static void parse_switch(struct math_parser *p, const struct command *command,
			 struct math_list *list)
{
	(void)list;
	p->alphabet = allowed(p, command->detail);
}

static void parse_upright(struct math_parser *p, const struct command *command,
			  struct math_list *list)
{
	math_add_group(p, list, math_parse_text(p, command->detail != 0));
}

static void skip_star(struct math_parser *p, unsigned *flags)
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

static void parse_operator(struct math_parser *p, const struct command *command,
			   struct math_list *list)
{
	(void)command;
	unsigned flags = 0;
	skip_star(p, &flags);
	add_operator(p, list, math_parse_text(p, true), flags);
}

static void parse_class(struct math_parser *p, const struct command *command,
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

static void ignore(struct math_parser *p, const struct command *command, struct math_list *list)
{
	(void)list;
	unsigned star = 0;
	if (command->detail > 0)
		skip_star(p, &star);
	if (command->detail > 0 && str_equal(math_peek(p).text, STR("[")))
		math_parse_option(p);
	for (int i = 0; i < command->detail; i++)
		math_take_argument(p);
}

/* \kern3mu, \hskip 1em plus 2pt */
static void ignore_length(struct math_parser *p, const struct command *command,
			  struct math_list *list)
{
	(void)command, (void)list;
	p->at = math_scan_blanks(p->tex, p->at);
	while (p->at < p->tex.len &&
	       (str_is_digit(p->tex.at[p->at]) || strchr("+-.", p->tex.at[p->at]) != NULL))
		p->at++;
	static const struct str units[] = { STR_INIT("mu"), STR_INIT("em"), STR_INIT("ex"),
					    STR_INIT("pt"), STR_INIT("cm"), STR_INIT("mm"),
					    STR_INIT("in"), STR_INIT("px") };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_starts(str_skip(p->tex, p->at), units[i])) {
			p->at += units[i].len;
			return;
		}
}

static void parse_space(struct math_parser *p, const struct command *command,
			struct math_list *list)
{
	math_add_space(p, list, (unsigned)command->detail, 0);
}

/* The name by which a delimiter is known; empty for the invisible one. */
static struct str take_delimiter(struct math_parser *p)
{
	struct math_token token = math_next(p);
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
static void parse_big(struct math_parser *p, const struct command *command, struct math_list *list)
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

static void parse_left(struct math_parser *p, const struct command *command, struct math_list *list)
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
static void parse_middle(struct math_parser *p, const struct command *command,
			 struct math_list *list)
{
	struct str name = take_delimiter(p);
	const struct math_delimiter *delimiter = math_delimiter_find(name);
	if (delimiter != NULL)
		math_add(p, list, MATH_ATOM, (enum math_class)command->detail)->text =
		    str_from(delimiter_text(p, delimiter));
}

static void parse_not(struct math_parser *p, const struct command *command, struct math_list *list)
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

static void parse_brace(struct math_parser *p, const struct command *command,
			struct math_list *list)
{
	struct math_node *body = math_parse_argument(p);
	struct math_node *node = math_add(p, list, MATH_BRACE, MATH_ORD);
	node->body = body;
	node->flags |= (uint16_t)command->detail;
}

/* \overset{above}{base}: the base's class, so that a sign over = leaves it a relation. */
static void parse_stack(struct math_parser *p, const struct command *command,
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

static void parse_arrow(struct math_parser *p, const struct command *command,
			struct math_list *list)
{
	struct math_node *below = math_parse_option(p), *label = math_parse_script(p);
	struct math_node *node = math_add(p, list, MATH_ARROW, MATH_REL);
	node->body = label;
	node->sub = below;
	node->text = str_from(command->text);
}

static void add_literal(struct math_parser *p, struct math_list *list, struct str text,
			enum math_class class)
{
	math_add(p, list, MATH_ATOM, class)->text = text;
}

/* a \equiv b \pmod{n}: a ≡ b (mod n) */
static void parse_modulus(struct math_parser *p, const struct command *command,
			  struct math_list *list)
{
	bool parentheses = command->detail != 0;
	struct math_node *body = math_parse_argument(p);
	math_add_space(p, list, 1, MATH_KEPT);
	if (parentheses)
		add_literal(p, list, STR("("), MATH_OPEN);
	if (command->text[0] != '\0') {
		add_literal(p, list, str_from(command->text), MATH_ORD);
		math_add_space(p, list, 1, MATH_KEPT);
	}
	math_add_group(p, list, body);
	if (parentheses)
		add_literal(p, list, STR(")"), MATH_CLOSE);
}

static void parse_tag(struct math_parser *p, const struct command *command, struct math_list *list)
{
	(void)command, (void)list;
	unsigned star = 0;
	skip_star(p, &star);
	struct math_node *text = math_parse_text(p, false);
	struct math_list tag = { 0 };
	if (!star)
		add_literal(p, &tag, STR("("), MATH_OPEN);
	math_add_group(p, &tag, text);
	if (!star)
		add_literal(p, &tag, STR(")"), MATH_CLOSE);
	p->tag = tag.first;
}

static void parse_reference(struct math_parser *p, const struct command *command,
			    struct math_list *list)
{
	struct str label = math_take_argument(p);
	struct math_node *node = math_add(p, list, MATH_TEXT, MATH_ORD);
	node->text = arena_format(p->arena, command->text, STR_ARGS(label));
}

static void parse_begin(struct math_parser *p, const struct command *command,
			struct math_list *list)
{
	(void)command;
	math_parse_environment(p, list);
}

static void parse_substack(struct math_parser *p, const struct command *command,
			   struct math_list *list)
{
	(void)command;
	math_parse_substack(p, list);
}

static void add_accent(struct math_parser *p, const struct math_accent *accent,
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

/* Sorted by name. */
static const struct command commands[] = {
	{ STR_INIT("\n"), parse_space, 1, NULL },
	{ STR_INIT(" "), parse_space, 1, NULL },
	{ STR_INIT("!"), ignore, 0, NULL },
	{ STR_INIT(","), parse_space, 1, NULL },
	{ STR_INIT("-"), ignore, 0, NULL },
	{ STR_INIT("/"), ignore, 0, NULL },
	{ STR_INIT(":"), parse_space, 1, NULL },
	{ STR_INIT(";"), parse_space, 1, NULL },
	{ STR_INIT(">"), parse_space, 1, NULL },
	{ STR_INIT("Bbb"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("Big"), parse_big, MATH_ORD, NULL },
	{ STR_INIT("Bigg"), parse_big, MATH_ORD, NULL },
	{ STR_INIT("Biggl"), parse_big, MATH_OPEN, NULL },
	{ STR_INIT("Biggm"), parse_big, MATH_REL, NULL },
	{ STR_INIT("Biggr"), parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("Bigl"), parse_big, MATH_OPEN, NULL },
	{ STR_INIT("Bigm"), parse_big, MATH_REL, NULL },
	{ STR_INIT("Bigr"), parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("Huge"), ignore, 0, NULL },
	{ STR_INIT("LARGE"), ignore, 0, NULL },
	{ STR_INIT("Large"), ignore, 0, NULL },
	{ STR_INIT("allowbreak"), ignore, 0, NULL },
	{ STR_INIT("bbox"), ignore, 1, NULL },
	{ STR_INIT("begin"), parse_begin, 0, NULL },
	{ STR_INIT("bf"), parse_switch, MATH_BOLD, NULL },
	{ STR_INIT("bfseries"), parse_switch, MATH_BOLD, NULL },
	{ STR_INIT("big"), parse_big, MATH_ORD, NULL },
	{ STR_INIT("bigg"), parse_big, MATH_ORD, NULL },
	{ STR_INIT("biggl"), parse_big, MATH_OPEN, NULL },
	{ STR_INIT("biggm"), parse_big, MATH_REL, NULL },
	{ STR_INIT("biggr"), parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("bigl"), parse_big, MATH_OPEN, NULL },
	{ STR_INIT("bigm"), parse_big, MATH_REL, NULL },
	{ STR_INIT("bigr"), parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("binom"), parse_fraction, MATH_BINOMIAL, NULL },
	{ STR_INIT("bm"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("bold"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("boldmath"), ignore, 0, NULL },
	{ STR_INIT("boldsymbol"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("bottomrule"), ignore, 0, NULL },
	{ STR_INIT("boxed"), ignore, 0, NULL },
	{ STR_INIT("break"), ignore, 0, NULL },
	{ STR_INIT("cal"), parse_switch, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("centering"), ignore, 0, NULL },
	{ STR_INIT("cfrac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("clap"), ignore, 0, NULL },
	{ STR_INIT("class"), ignore, 1, NULL },
	{ STR_INIT("cline"), ignore, 1, NULL },
	{ STR_INIT("color"), ignore, 1, NULL },
	{ STR_INIT("colorbox"), ignore, 1, NULL },
	{ STR_INIT("cssId"), ignore, 1, NULL },
	{ STR_INIT("dbinom"), parse_fraction, MATH_BINOMIAL, NULL },
	{ STR_INIT("dfrac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("displaybreak"), ignore, 0, NULL },
	{ STR_INIT("displaylimits"), ignore, 0, NULL },
	{ STR_INIT("displaystyle"), ignore, 0, NULL },
	{ STR_INIT("emph"), parse_upright, 0, NULL },
	{ STR_INIT("enlargethispage"), ignore, 1, NULL },
	{ STR_INIT("enspace"), parse_space, 1, NULL },
	{ STR_INIT("ensuremath"), ignore, 0, NULL },
	{ STR_INIT("eqref"), parse_reference, 0, "(%.*s)" },
	{ STR_INIT("fbox"), parse_upright, 0, NULL },
	{ STR_INIT("footnotesize"), ignore, 0, NULL },
	{ STR_INIT("frac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("frak"), parse_alphabet, MATH_FRAKTUR, NULL },
	{ STR_INIT("hbox"), parse_upright, 0, NULL },
	{ STR_INIT("hdashline"), ignore, 0, NULL },
	{ STR_INIT("hdotsfor"), ignore, 1, NULL },
	{ STR_INIT("hfil"), ignore, 0, NULL },
	{ STR_INIT("hfill"), ignore, 0, NULL },
	{ STR_INIT("hline"), ignore, 0, NULL },
	{ STR_INIT("hphantom"), ignore, 1, NULL },
	{ STR_INIT("href"), ignore, 1, NULL },
	{ STR_INIT("hskip"), ignore_length, 0, NULL },
	{ STR_INIT("hspace"), ignore, 1, NULL },
	{ STR_INIT("huge"), ignore, 0, NULL },
	{ STR_INIT("intertext"), parse_upright, 0, NULL },
	{ STR_INIT("it"), parse_switch, MATH_ITALIC, NULL },
	{ STR_INIT("itshape"), parse_switch, MATH_ITALIC, NULL },
	{ STR_INIT("kern"), ignore_length, 0, NULL },
	{ STR_INIT("label"), ignore, 1, NULL },
	{ STR_INIT("large"), ignore, 0, NULL },
	{ STR_INIT("leavevmode"), ignore, 0, NULL },
	{ STR_INIT("left"), parse_left, 0, NULL },
	{ STR_INIT("limits"), ignore, 0, NULL },
	{ STR_INIT("llap"), ignore, 0, NULL },
	{ STR_INIT("mathbb"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbbm"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbbmss"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbf"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("mathbfit"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("mathbin"), parse_class, MATH_BIN, NULL },
	{ STR_INIT("mathcal"), parse_alphabet, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("mathclap"), ignore, 0, NULL },
	{ STR_INIT("mathclose"), parse_class, MATH_CLOSE, NULL },
	{ STR_INIT("mathds"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathfrak"), parse_alphabet, MATH_FRAKTUR, NULL },
	{ STR_INIT("mathinner"), ignore, 0, NULL },
	{ STR_INIT("mathit"), parse_alphabet, MATH_ITALIC, NULL },
	{ STR_INIT("mathllap"), ignore, 0, NULL },
	{ STR_INIT("mathnormal"), parse_alphabet, MATH_ITALIC, NULL },
	{ STR_INIT("mathop"), parse_class, MATH_OP, NULL },
	{ STR_INIT("mathopen"), parse_class, MATH_OPEN, NULL },
	{ STR_INIT("mathord"), ignore, 0, NULL },
	{ STR_INIT("mathpunct"), parse_class, MATH_PUNCT, NULL },
	{ STR_INIT("mathrel"), parse_class, MATH_REL, NULL },
	{ STR_INIT("mathrlap"), ignore, 0, NULL },
	{ STR_INIT("mathrm"), parse_upright, 1, NULL },
	{ STR_INIT("mathscr"), parse_alphabet, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("mathsf"), parse_upright, 1, NULL },
	{ STR_INIT("mathstrut"), ignore, 0, NULL },
	{ STR_INIT("mathtt"), parse_upright, 1, NULL },
	{ STR_INIT("mathup"), parse_upright, 1, NULL },
	{ STR_INIT("mbox"), parse_upright, 0, NULL },
	{ STR_INIT("medspace"), parse_space, 1, NULL },
	{ STR_INIT("middle"), parse_middle, MATH_REL, NULL },
	{ STR_INIT("midrule"), ignore, 0, NULL },
	{ STR_INIT("mkern"), ignore_length, 0, NULL },
	{ STR_INIT("mod"), parse_modulus, 0, "mod" },
	{ STR_INIT("mskip"), ignore_length, 0, NULL },
	{ STR_INIT("multicolumn"), ignore, 2, NULL },
	{ STR_INIT("negmedspace"), ignore, 0, NULL },
	{ STR_INIT("negthickspace"), ignore, 0, NULL },
	{ STR_INIT("negthinspace"), ignore, 0, NULL },
	{ STR_INIT("newline"), ignore, 0, NULL },
	{ STR_INIT("nicefrac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("nobreak"), ignore, 0, NULL },
	{ STR_INIT("nobreakspace"), parse_space, 1, NULL },
	{ STR_INIT("noindent"), ignore, 0, NULL },
	{ STR_INIT("nolimits"), ignore, 0, NULL },
	{ STR_INIT("nonumber"), ignore, 0, NULL },
	{ STR_INIT("normalsize"), ignore, 0, NULL },
	{ STR_INIT("not"), parse_not, 0, NULL },
	{ STR_INIT("notag"), ignore, 0, NULL },
	{ STR_INIT("null"), ignore, 0, NULL },
	{ STR_INIT("operatorname"), parse_operator, 0, NULL },
	{ STR_INIT("operatornamewithlimits"), parse_operator, 0, NULL },
	{ STR_INIT("overbrace"), parse_brace, 0, NULL },
	{ STR_INIT("overbracket"), parse_brace, 0, NULL },
	{ STR_INIT("overparen"), parse_brace, 0, NULL },
	{ STR_INIT("overset"), parse_stack, 0, NULL },
	{ STR_INIT("phantom"), ignore, 1, NULL },
	{ STR_INIT("pmb"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("pmod"), parse_modulus, 1, "mod" },
	{ STR_INIT("pod"), parse_modulus, 1, "" },
	{ STR_INIT("protect"), ignore, 0, NULL },
	{ STR_INIT("qedhere"), ignore, 0, NULL },
	{ STR_INIT("qquad"), parse_space, 4, NULL },
	{ STR_INIT("quad"), parse_space, 2, NULL },
	{ STR_INIT("raisebox"), ignore, 2, NULL },
	{ STR_INIT("ref"), parse_reference, 0, "%.*s" },
	{ STR_INIT("relax"), ignore, 0, NULL },
	{ STR_INIT("require"), ignore, 1, NULL },
	{ STR_INIT("right"), parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("rlap"), ignore, 0, NULL },
	{ STR_INIT("rm"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("rmfamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("rule"), ignore, 2, NULL },
	{ STR_INIT("scriptscriptstyle"), ignore, 0, NULL },
	{ STR_INIT("scriptsize"), ignore, 0, NULL },
	{ STR_INIT("scriptstyle"), ignore, 0, NULL },
	{ STR_INIT("sf"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("sffamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("sfrac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("shortintertext"), parse_upright, 0, NULL },
	{ STR_INIT("shoveleft"), ignore, 0, NULL },
	{ STR_INIT("shoveright"), ignore, 0, NULL },
	{ STR_INIT("small"), ignore, 0, NULL },
	{ STR_INIT("smash"), ignore, 0, NULL },
	{ STR_INIT("space"), parse_space, 1, NULL },
	{ STR_INIT("sqrt"), parse_root, 0, NULL },
	{ STR_INIT("stackbin"), parse_stack, 0, NULL },
	{ STR_INIT("stackrel"), parse_stack, 0, NULL },
	{ STR_INIT("strut"), ignore, 0, NULL },
	{ STR_INIT("style"), ignore, 1, NULL },
	{ STR_INIT("substack"), parse_substack, 0, NULL },
	{ STR_INIT("symbf"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("symrm"), parse_upright, 1, NULL },
	{ STR_INIT("tag"), parse_tag, 0, NULL },
	{ STR_INIT("tbinom"), parse_fraction, MATH_BINOMIAL, NULL },
	{ STR_INIT("text"), parse_upright, 0, NULL },
	{ STR_INIT("textbf"), parse_upright, 0, NULL },
	{ STR_INIT("textcolor"), ignore, 1, NULL },
	{ STR_INIT("textit"), parse_upright, 0, NULL },
	{ STR_INIT("textmd"), parse_upright, 0, NULL },
	{ STR_INIT("textnormal"), parse_upright, 0, NULL },
	{ STR_INIT("textrm"), parse_upright, 0, NULL },
	{ STR_INIT("textsc"), parse_upright, 0, NULL },
	{ STR_INIT("textsf"), parse_upright, 0, NULL },
	{ STR_INIT("textstyle"), ignore, 0, NULL },
	{ STR_INIT("texttt"), parse_upright, 0, NULL },
	{ STR_INIT("textup"), parse_upright, 0, NULL },
	{ STR_INIT("tfrac"), parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("thickspace"), parse_space, 1, NULL },
	{ STR_INIT("thinspace"), parse_space, 1, NULL },
	{ STR_INIT("tiny"), ignore, 0, NULL },
	{ STR_INIT("toprule"), ignore, 0, NULL },
	{ STR_INIT("tt"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("ttfamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("unboldmath"), ignore, 0, NULL },
	{ STR_INIT("underbrace"), parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underbracket"), parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underparen"), parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underset"), parse_stack, MATH_BELOW, NULL },
	{ STR_INIT("vcenter"), ignore, 0, NULL },
	{ STR_INIT("vphantom"), ignore, 1, NULL },
	{ STR_INIT("vspace"), ignore, 1, NULL },
	{ STR_INIT("xLeftarrow"), parse_arrow, 0, "⇐=" },
	{ STR_INIT("xLeftrightarrow"), parse_arrow, 0, "⇔=" },
	{ STR_INIT("xRightarrow"), parse_arrow, 0, "=⇒" },
	{ STR_INIT("xhookleftarrow"), parse_arrow, 0, "←↩" },
	{ STR_INIT("xhookrightarrow"), parse_arrow, 0, "↪→" },
	{ STR_INIT("xleftarrow"), parse_arrow, 0, "←—" },
	{ STR_INIT("xleftrightarrow"), parse_arrow, 0, "←→" },
	{ STR_INIT("xlongequal"), parse_arrow, 0, "==" },
	{ STR_INIT("xmapsto"), parse_arrow, 0, "↦→" },
	{ STR_INIT("xrightarrow"), parse_arrow, 0, "—→" },
	{ STR_INIT("xrightharpoonup"), parse_arrow, 0, "—⇀" },
	{ STR_INIT("xrightleftharpoons"), parse_arrow, 0, "⇌—" },
	{ STR_INIT("xtwoheadrightarrow"), parse_arrow, 0, "—↠" },
};

static int compare_name(const void *name, const void *command)
{
	return str_compare(*(const struct str *)name, ((const struct command *)command)->name);
}

static const struct command *find_command(struct str name)
{
	return bsearch(&name, commands, sizeof commands / sizeof *commands, sizeof *commands,
		       compare_name);
}

bool math_is_known(struct str name)
{
	return find_command(name) != NULL || math_accent_find(name) != NULL ||
	       math_symbol_find(name) != NULL;
}

void math_parse_command(struct math_parser *p, struct math_list *list, struct str name)
{
	const struct command *command = find_command(name);
	if (command != NULL) {
		command->parse(p, command, list);
		return;
	}
	const struct math_accent *accent = math_accent_find(name);
	if (accent != NULL) {
		add_accent(p, accent, list);
		return;
	}
	const struct math_symbol *symbol = math_symbol_find(name);
	if (symbol != NULL && !(symbol->flags & MATH_NAME))
		math_add_symbol(p, list, symbol);
	else if (symbol != NULL)
		math_add_name(p, list, symbol->text, symbol->flags);
	else if (str_is_alpha(name.at[0]))
		math_add_name(p, list, name, 0);
	else if ((unsigned char)name.at[0] > 0x20 && name.at[0] != 0x7f)
		add_literal(p, list, name, MATH_ORD);
}
