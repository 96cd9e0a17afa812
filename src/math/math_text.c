#include "base/utf8.h"
#include "math/math_parser.h"
#include "math/math_scan.h"

/* Upright text being put together: words gather in `word` until something else comes. */
struct text {
	struct math_parser *p;
	struct math_list list;
	struct buf word;
	size_t braces; /* open within this text */
	bool mathematical;
};

static void add_blank(struct text *t)
{
	if (t->word.len > 0 && t->word.at[t->word.len - 1] != ' ')
		buf_add_char(&t->word, ' ');
	else if (t->word.len == 0)
		math_add_space(t->p, &t->list, 1, MATH_KEPT);
}

/* Ends the word: blanks at its end become a node of their own. */
static void flush(struct text *t)
{
	struct str word = buf_str(&t->word), trimmed = str_trim_end(word);
	if (trimmed.len > 0) {
		struct math_node *node = math_add(t->p, &t->list, MATH_TEXT, MATH_ORD);
		node->text = arena_str(t->p->arena, trimmed);
		if (str_equal(trimmed, STR("d")))
			node->flags |= MATH_DIFFERENTIAL;
	}
	if (trimmed.len < word.len)
		math_add_space(t->p, &t->list, 1, MATH_KEPT);
	buf_clear(&t->word);
}

/* $x$ and \(x\) within text. */
static void add_formula(struct text *t, struct str source)
{
	struct math_parser *p = t->p;
	flush(t);
	struct math_parser inner = *p;
	inner.tex = source;
	inner.at = 0;
	inner.last_line = 0;
	inner.nscripts = 0;
	struct math_node *body = math_parse_list(&inner, MATH_STOP_END, false);
	p->tag = inner.tag;
	if (inner.broken)
		math_break(p);
	else
		math_add_group(p, &t->list, body);
}

/* The source to `end`, which is taken too; all that is left when it does not come. */
static struct str take_until(struct math_parser *p, struct str end)
{
	size_t found = str_find_str(p->tex, end, p->at);
	struct str taken = str_sub(p->tex, p->at, found);
	if (found == STR_NOT_FOUND)
		math_break(p);
	else
		p->at = found + end.len;
	return taken;
}

static void add_command(struct text *t)
{
	struct math_parser *p = t->p;
	struct str name = math_scan_name(p->tex, p->at + 1);
	p->at += 1 + name.len;
	if (name.len == 0 || strchr("\\,:; >\n", name.at[0]) != NULL) {
		add_blank(t);
	} else if (name.at[0] == '(') {
		add_formula(t, take_until(p, STR("\\)")));
	} else if (name.len == 1 && strchr("$%&_#{}", name.at[0]) != NULL) {
		buf_add(&t->word, name);
	} else if (str_equal(name, STR("quad")) || str_equal(name, STR("qquad"))) {
		flush(t);
		math_add_space(p, &t->list, name.len == 4 ? 2 : 4, MATH_KEPT);
	} else {
		flush(t);
		math_parse_command(p, &t->list, name);
	}
}

/* `\mathrm{H_2}`: what mathematics means by these. */
static void add_script(struct text *t)
{
	flush(t);
	math_parse_scripts(t->p, &t->list);
}

static void add_character(struct text *t, char c)
{
	static const struct {
		struct str source, sign, ascii;
	} ligatures[] = {
		{ STR_INIT("---"), STR_INIT("—"), STR_INIT("--") },
		{ STR_INIT("--"), STR_INIT("–"), STR_INIT("-") },
		{ STR_INIT("``"), STR_INIT("“"), STR_INIT("\"") },
		{ STR_INIT("''"), STR_INIT("”"), STR_INIT("\"") },
		{ STR_INIT("`"), STR_INIT("‘"), STR_INIT("'") },
	};
	struct math_parser *p = t->p;
	struct str rest = str_skip(p->tex, p->at);
	for (size_t i = 0; i < sizeof ligatures / sizeof *ligatures; i++) {
		if (!str_starts(rest, ligatures[i].source))
			continue;
		buf_add(&t->word, p->flags & MATH_ASCII ? ligatures[i].ascii : ligatures[i].sign);
		p->at += ligatures[i].source.len;
		return;
	}
	uint32_t code;
	p->at += utf8_decode(rest, &code);
	if (c == '~' || str_is_blank(c))
		add_blank(t);
	else
		utf8_encode(&t->word, code);
}

/* False at the brace that ends the text. */
static bool add_next(struct text *t)
{
	struct math_parser *p = t->p;
	char c = p->at < p->tex.len ? p->tex.at[p->at] : '\0';
	if (p->at >= p->tex.len) {
		math_break(p);
		return false;
	}
	if (c == '\\') {
		add_command(t);
	} else if (c == '$') {
		p->at++;
		add_formula(t, take_until(p, STR("$")));
	} else if (c == '{') {
		p->at++;
		t->braces++;
	} else if (c == '}') {
		p->at++;
		return t->braces-- > 0;
	} else if (t->mathematical && (c == '^' || c == '_' || c == '\'')) {
		add_script(t);
	} else {
		add_character(t, c);
	}
	return !p->broken;
}

struct math_node *math_parse_text(struct math_parser *p, bool mathematical)
{
	if (math_peek(p).kind != MATH_TOKEN_OPEN)
		return math_parse_argument(p);
	math_next(p);
	if (++p->depth > MATH_DEEPEST)
		math_break(p);
	struct text t = { .p = p, .mathematical = mathematical };
	while (!p->broken && add_next(&t))
		;
	flush(&t);
	p->depth--;
	buf_free(&t.word);
	return t.list.first;
}
