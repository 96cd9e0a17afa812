#include "math/math_commands.h"

#include <stdlib.h>

#include "math/math_scan.h"

/* What an option of the settings decides: bold and italic letters. */
static enum math_alphabet allowed(const struct math_parser *p, int alphabet)
{
	bool styled = alphabet == MATH_BOLD || alphabet == MATH_ITALIC;
	return styled && !(p->flags & MATH_BOLD_UNICODE) ? MATH_PLAIN
							 : (enum math_alphabet)alphabet;
}

static void parse_alphabet(struct math_parser *p, const struct math_command *command,
			   struct math_list *list)
{
	enum math_alphabet outer = p->alphabet;
	p->alphabet = allowed(p, command->detail);
	struct math_node *body = math_parse_argument(p);
	p->alphabet = outer;
	math_add_group(p, list, body);
}

/* {\bf x}: to the end of the group. */
static void parse_switch(struct math_parser *p, const struct math_command *command,
			 struct math_list *list)
{
	(void)list;
	p->alphabet = allowed(p, command->detail);
}

static void parse_upright(struct math_parser *p, const struct math_command *command,
			  struct math_list *list)
{
	math_add_group(p, list, math_parse_text(p, command->detail != 0));
}

static void ignore(struct math_parser *p, const struct math_command *command,
		   struct math_list *list)
{
	(void)list;
	unsigned star = 0;
	if (command->detail > 0)
		math_skip_star(p, &star);
	if (command->detail > 0 && str_equal(math_peek(p).text, STR("[")))
		math_parse_option(p);
	for (int i = 0; i < command->detail; i++)
		math_take_argument(p);
}

/* \kern3mu, \hskip 1em plus 2pt */
static void ignore_length(struct math_parser *p, const struct math_command *command,
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

static void parse_space(struct math_parser *p, const struct math_command *command,
			struct math_list *list)
{
	math_add_space(p, list, (unsigned)command->detail, 0);
}

static void add_literal(struct math_parser *p, struct math_list *list, struct str text,
			enum math_class class)
{
	math_add(p, list, MATH_ATOM, class)->text = text;
}

/* a \equiv b \pmod{n}: a ≡ b (mod n) */
static void parse_modulus(struct math_parser *p, const struct math_command *command,
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

static void parse_tag(struct math_parser *p, const struct math_command *command,
		      struct math_list *list)
{
	(void)command, (void)list;
	unsigned star = 0;
	math_skip_star(p, &star);
	struct math_node *text = math_parse_text(p, false);
	struct math_list tag = { 0 };
	if (!star)
		add_literal(p, &tag, STR("("), MATH_OPEN);
	math_add_group(p, &tag, text);
	if (!star)
		add_literal(p, &tag, STR(")"), MATH_CLOSE);
	p->tag = tag.first;
}

static void parse_reference(struct math_parser *p, const struct math_command *command,
			    struct math_list *list)
{
	struct str label = math_take_argument(p);
	struct math_node *node = math_add(p, list, MATH_TEXT, MATH_ORD);
	node->text = arena_format(p->arena, command->text, STR_ARGS(label));
}

static void parse_begin(struct math_parser *p, const struct math_command *command,
			struct math_list *list)
{
	(void)command;
	math_parse_environment(p, list);
}

static void parse_substack(struct math_parser *p, const struct math_command *command,
			   struct math_list *list)
{
	math_parse_stack_of_rows(p, list, (enum math_shape)command->detail);
}

/* Sorted by name. */
const struct math_command math_commands[] = {
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
	{ STR_INIT("Big"), math_parse_big, MATH_ORD, NULL },
	{ STR_INIT("Bigg"), math_parse_big, MATH_ORD, NULL },
	{ STR_INIT("Biggl"), math_parse_big, MATH_OPEN, NULL },
	{ STR_INIT("Biggm"), math_parse_big, MATH_REL, NULL },
	{ STR_INIT("Biggr"), math_parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("Bigl"), math_parse_big, MATH_OPEN, NULL },
	{ STR_INIT("Bigm"), math_parse_big, MATH_REL, NULL },
	{ STR_INIT("Bigr"), math_parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("Huge"), ignore, 0, NULL },
	{ STR_INIT("LARGE"), ignore, 0, NULL },
	{ STR_INIT("Large"), ignore, 0, NULL },
	{ STR_INIT("allowbreak"), ignore, 0, NULL },
	{ STR_INIT("bbox"), ignore, 1, NULL },
	{ STR_INIT("begin"), parse_begin, 0, NULL },
	{ STR_INIT("bf"), parse_switch, MATH_BOLD, NULL },
	{ STR_INIT("bfseries"), parse_switch, MATH_BOLD, NULL },
	{ STR_INIT("big"), math_parse_big, MATH_ORD, NULL },
	{ STR_INIT("bigg"), math_parse_big, MATH_ORD, NULL },
	{ STR_INIT("biggl"), math_parse_big, MATH_OPEN, NULL },
	{ STR_INIT("biggm"), math_parse_big, MATH_REL, NULL },
	{ STR_INIT("biggr"), math_parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("bigl"), math_parse_big, MATH_OPEN, NULL },
	{ STR_INIT("bigm"), math_parse_big, MATH_REL, NULL },
	{ STR_INIT("bigr"), math_parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("binom"), math_parse_fraction, MATH_BINOMIAL, NULL },
	{ STR_INIT("bm"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("bold"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("boldmath"), ignore, 0, NULL },
	{ STR_INIT("boldsymbol"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("bottomrule"), ignore, 0, NULL },
	{ STR_INIT("boxed"), ignore, 0, NULL },
	{ STR_INIT("break"), ignore, 0, NULL },
	{ STR_INIT("cal"), parse_switch, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("centering"), ignore, 0, NULL },
	{ STR_INIT("cfrac"), math_parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("clap"), ignore, 0, NULL },
	{ STR_INIT("class"), ignore, 1, NULL },
	{ STR_INIT("cline"), ignore, 1, NULL },
	{ STR_INIT("color"), ignore, 1, NULL },
	{ STR_INIT("colorbox"), ignore, 1, NULL },
	{ STR_INIT("cssId"), ignore, 1, NULL },
	{ STR_INIT("dbinom"), math_parse_fraction, MATH_BINOMIAL, NULL },
	{ STR_INIT("dfrac"), math_parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("displaybreak"), ignore, 0, NULL },
	{ STR_INIT("displaylimits"), ignore, 0, NULL },
	{ STR_INIT("displaylines"), parse_substack, MATH_SHAPE_LINES, NULL },
	{ STR_INIT("displaystyle"), ignore, 0, NULL },
	{ STR_INIT("emph"), parse_upright, 0, NULL },
	{ STR_INIT("enlargethispage"), ignore, 1, NULL },
	{ STR_INIT("enspace"), parse_space, 1, NULL },
	{ STR_INIT("ensuremath"), ignore, 0, NULL },
	{ STR_INIT("eqref"), parse_reference, 0, "(%.*s)" },
	{ STR_INIT("fbox"), parse_upright, 0, NULL },
	{ STR_INIT("footnotesize"), ignore, 0, NULL },
	{ STR_INIT("frac"), math_parse_fraction, MATH_FRACTION, NULL },
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
	{ STR_INIT("left"), math_parse_left, 0, NULL },
	{ STR_INIT("limits"), ignore, 0, NULL },
	{ STR_INIT("llap"), ignore, 0, NULL },
	{ STR_INIT("mathbb"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbbm"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbbmss"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathbf"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("mathbfit"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("mathbin"), math_parse_class, MATH_BIN, NULL },
	{ STR_INIT("mathcal"), parse_alphabet, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("mathclap"), ignore, 0, NULL },
	{ STR_INIT("mathclose"), math_parse_class, MATH_CLOSE, NULL },
	{ STR_INIT("mathds"), parse_alphabet, MATH_BLACKBOARD, NULL },
	{ STR_INIT("mathfrak"), parse_alphabet, MATH_FRAKTUR, NULL },
	{ STR_INIT("mathinner"), ignore, 0, NULL },
	{ STR_INIT("mathit"), parse_alphabet, MATH_ITALIC, NULL },
	{ STR_INIT("mathllap"), ignore, 0, NULL },
	{ STR_INIT("mathnormal"), parse_alphabet, MATH_ITALIC, NULL },
	{ STR_INIT("mathop"), math_parse_class, MATH_OP, NULL },
	{ STR_INIT("mathopen"), math_parse_class, MATH_OPEN, NULL },
	{ STR_INIT("mathord"), ignore, 0, NULL },
	{ STR_INIT("mathpunct"), math_parse_class, MATH_PUNCT, NULL },
	{ STR_INIT("mathrel"), math_parse_class, MATH_REL, NULL },
	{ STR_INIT("mathrlap"), ignore, 0, NULL },
	{ STR_INIT("mathrm"), parse_upright, 1, NULL },
	{ STR_INIT("mathscr"), parse_alphabet, MATH_CALLIGRAPHIC, NULL },
	{ STR_INIT("mathsf"), parse_upright, 1, NULL },
	{ STR_INIT("mathstrut"), ignore, 0, NULL },
	{ STR_INIT("mathtt"), parse_upright, 1, NULL },
	{ STR_INIT("mathup"), parse_upright, 1, NULL },
	{ STR_INIT("mbox"), parse_upright, 0, NULL },
	{ STR_INIT("medspace"), parse_space, 1, NULL },
	{ STR_INIT("middle"), math_parse_middle, MATH_REL, NULL },
	{ STR_INIT("midrule"), ignore, 0, NULL },
	{ STR_INIT("mkern"), ignore_length, 0, NULL },
	{ STR_INIT("mod"), parse_modulus, 0, "mod" },
	{ STR_INIT("mskip"), ignore_length, 0, NULL },
	{ STR_INIT("mspace"), ignore, 1, NULL },
	{ STR_INIT("multicolumn"), ignore, 2, NULL },
	{ STR_INIT("negmedspace"), ignore, 0, NULL },
	{ STR_INIT("negthickspace"), ignore, 0, NULL },
	{ STR_INIT("negthinspace"), ignore, 0, NULL },
	{ STR_INIT("nicefrac"), math_parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("nobreak"), ignore, 0, NULL },
	{ STR_INIT("nobreakspace"), parse_space, 1, NULL },
	{ STR_INIT("noindent"), ignore, 0, NULL },
	{ STR_INIT("nolimits"), ignore, 0, NULL },
	{ STR_INIT("nonumber"), ignore, 0, NULL },
	{ STR_INIT("normalsize"), ignore, 0, NULL },
	{ STR_INIT("not"), math_parse_not, 0, NULL },
	{ STR_INIT("notag"), ignore, 0, NULL },
	{ STR_INIT("null"), ignore, 0, NULL },
	{ STR_INIT("operatorname"), math_parse_operator, 0, NULL },
	{ STR_INIT("operatornamewithlimits"), math_parse_operator, 0, NULL },
	{ STR_INIT("overbrace"), math_parse_brace, 0, NULL },
	{ STR_INIT("overbracket"), math_parse_brace, 0, NULL },
	{ STR_INIT("overparen"), math_parse_brace, 0, NULL },
	{ STR_INIT("overset"), math_parse_stack, 0, NULL },
	{ STR_INIT("phantom"), ignore, 1, NULL },
	{ STR_INIT("pmb"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("pmod"), parse_modulus, 1, "mod" },
	{ STR_INIT("pod"), parse_modulus, 1, "" },
	{ STR_INIT("protect"), ignore, 0, NULL },
	{ STR_INIT("qedhere"), ignore, 0, NULL },
	{ STR_INIT("qquad"), parse_space, 4, NULL },
	{ STR_INIT("quad"), parse_space, 2, NULL },
	{ STR_INIT("raisebox"), ignore, 1, NULL },
	{ STR_INIT("ref"), parse_reference, 0, "%.*s" },
	{ STR_INIT("relax"), ignore, 0, NULL },
	{ STR_INIT("require"), ignore, 1, NULL },
	{ STR_INIT("right"), math_parse_big, MATH_CLOSE, NULL },
	{ STR_INIT("rlap"), ignore, 0, NULL },
	{ STR_INIT("rm"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("rmfamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("rule"), ignore, 2, NULL },
	{ STR_INIT("scriptscriptstyle"), ignore, 0, NULL },
	{ STR_INIT("scriptsize"), ignore, 0, NULL },
	{ STR_INIT("scriptstyle"), ignore, 0, NULL },
	{ STR_INIT("sf"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("sffamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("sfrac"), math_parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("shortintertext"), parse_upright, 0, NULL },
	{ STR_INIT("shoveleft"), ignore, 0, NULL },
	{ STR_INIT("shoveright"), ignore, 0, NULL },
	{ STR_INIT("small"), ignore, 0, NULL },
	{ STR_INIT("smash"), ignore, 0, NULL },
	{ STR_INIT("space"), parse_space, 1, NULL },
	{ STR_INIT("sqrt"), math_parse_root, 0, NULL },
	{ STR_INIT("stackbin"), math_parse_stack, 0, NULL },
	{ STR_INIT("stackrel"), math_parse_stack, 0, NULL },
	{ STR_INIT("strut"), ignore, 0, NULL },
	{ STR_INIT("style"), ignore, 1, NULL },
	{ STR_INIT("substack"), parse_substack, MATH_SHAPE_STACKED, NULL },
	{ STR_INIT("symbf"), parse_alphabet, MATH_BOLD, NULL },
	{ STR_INIT("symrm"), parse_upright, 1, NULL },
	{ STR_INIT("tag"), parse_tag, 0, NULL },
	{ STR_INIT("tbinom"), math_parse_fraction, MATH_BINOMIAL, NULL },
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
	{ STR_INIT("tfrac"), math_parse_fraction, MATH_FRACTION, NULL },
	{ STR_INIT("thickspace"), parse_space, 1, NULL },
	{ STR_INIT("thinspace"), parse_space, 1, NULL },
	{ STR_INIT("tiny"), ignore, 0, NULL },
	{ STR_INIT("toprule"), ignore, 0, NULL },
	{ STR_INIT("tt"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("ttfamily"), parse_switch, MATH_PLAIN, NULL },
	{ STR_INIT("unboldmath"), ignore, 0, NULL },
	{ STR_INIT("underbrace"), math_parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underbracket"), math_parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underparen"), math_parse_brace, MATH_BELOW, NULL },
	{ STR_INIT("underset"), math_parse_stack, MATH_BELOW, NULL },
	{ STR_INIT("vcenter"), ignore, 0, NULL },
	{ STR_INIT("vphantom"), ignore, 1, NULL },
	{ STR_INIT("vspace"), ignore, 1, NULL },
	{ STR_INIT("xLeftarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xLeftrightarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xRightarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xhookleftarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xhookrightarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xleftarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xleftrightarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xlongequal"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xmapsto"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xrightarrow"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xrightharpoonup"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xrightleftharpoons"), math_parse_arrow, 0, NULL },
	{ STR_INIT("xtwoheadrightarrow"), math_parse_arrow, 0, NULL },
};

const size_t math_ncommands = sizeof math_commands / sizeof *math_commands;

static int compare_name(const void *name, const void *command)
{
	return str_compare(*(const struct str *)name, ((const struct math_command *)command)->name);
}

static const struct math_command *find_command(struct str name)
{
	return bsearch(&name, math_commands, math_ncommands, sizeof *math_commands, compare_name);
}

bool math_is_known(struct str name)
{
	return find_command(name) != NULL || math_accent_find(name) != NULL ||
	       math_symbol_find(name) != NULL;
}

bool math_is_text(struct str name)
{
	const struct math_command *command = find_command(name);
	return command != NULL && command->parse == parse_upright && command->detail == 0;
}

void math_parse_command(struct math_parser *p, struct math_list *list, struct str name)
{
	const struct math_command *command = find_command(name);
	if (command != NULL) {
		command->parse(p, command, list);
		return;
	}
	const struct math_accent *accent = math_accent_find(name);
	if (accent != NULL) {
		math_add_accent(p, accent, list);
		return;
	}
	const struct math_symbol *symbol = math_symbol_find(name);
	if (symbol != NULL && !(symbol->flags & MATH_NAME))
		math_add_symbol(p, list, symbol);
	else if (symbol != NULL)
		math_add_name(p, list, symbol->text, symbol->flags);
	else if (str_is_alpha(name.at[0]))
		math_add_name(p, list, name, 0);
	else if (!str_is_blank(name.at[0]))
		add_literal(p, list, name, MATH_ORD);
}
