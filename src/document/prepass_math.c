#include "document/prepass.h"
#include "math/math_find.h"

#define MOST_LINES 100 /* of a display */

static bool is_word(char c)
{
	return str_is_alpha(c) || str_is_digit(c);
}

static char byte_before(const struct prepass *p, size_t at)
{
	return at > 0 ? p->text.at[at - 1] : '\n';
}

static char byte_at(const struct prepass *p, size_t at)
{
	return at < p->text.len ? p->text.at[at] : '\n';
}

static bool is_fence(const struct prepass *p, size_t at)
{
	while (str_is_blank(byte_at(p, at)) && byte_at(p, at) != '\n')
		at++;
	struct str rest = str_sub(p->text, at, at + 3);
	return str_equal(rest, STR("```")) || str_equal(rest, STR("~~~"));
}

static bool is_blank_line(const struct prepass *p, size_t at)
{
	while (byte_at(p, at) != '\n' && (str_is_blank(p->text.at[at]) || p->text.at[at] == '>'))
		at++;
	return byte_at(p, at) == '\n';
}

/*
 * The first `mark` that no backslash stands before. A search ends at a fence, behind a hundred
 * lines and, but for dollars of a display, at a blank line. One that has failed is not made
 * again from within the same text: many openers without a closer cost no more than one.
 */
static size_t find_in_text(struct prepass *p, enum prepass_search search, size_t from,
			   struct str mark)
{
	if (p->failed_to[search] > from)
		return STR_NOT_FOUND;
	unsigned lines = 0;
	size_t at = from;
	while (at < p->text.len) {
		char c = p->text.at[at];
		if (c == mark.at[0] && str_starts(str_skip(p->text, at), mark))
			return at;
		if (c == '\n' && (++lines == MOST_LINES || is_fence(p, at + 1) ||
				  (search != SEARCH_DOLLARS && is_blank_line(p, at + 1))))
			break;
		at += c == '\\' && byte_at(p, at + 1) != '\n' ? 2 : 1;
	}
	p->failed_to[search] = at;
	return STR_NOT_FOUND;
}

/* The same, in headings and rows of tables no further than the line. */
static size_t find_close(struct prepass *p, enum prepass_search search, size_t from,
			 struct str mark)
{
	size_t close = find_in_text(p, search, from, mark);
	bool one_line = p->columns > 0 || p->line.kind == LINE_HEADING;
	return one_line && close > p->end ? STR_NOT_FOUND : close;
}

static const struct str definitions[] = {
	STR_INIT("\\newcommand"),          STR_INIT("\\renewcommand"), STR_INIT("\\providecommand"),
	STR_INIT("\\DeclareMathOperator"), STR_INIT("\\def"),
};

static bool has_definition(struct str tex)
{
	if (str_find(tex, '\\', 0) == STR_NOT_FOUND)
		return false;
	for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
		if (str_find_str(tex, definitions[i], 0) != STR_NOT_FOUND)
			return true;
	return false;
}

/* A macro holds in the whole document, before its definition too. */
static void collect(struct prepass *p, struct str tex)
{
	if (!has_definition(tex))
		return;
	if (p->macros == NULL)
		p->macros = math_macros_new(p->arena, p->options->macros);
	math_macros_collect(p->macros, tex);
}

/*
 * The TeX of a formula. Within \\( \\) its author has escaped what Markdown would have eaten:
 * x\_i, \\{ and the double backslash of a row's end.
 */
static struct str tex_between(struct prepass *p, size_t from, size_t to)
{
	struct str tex = str_trim(prepass_between(p, from, to));
	bool doubled = from > 2 && strchr("([", p->text.at[from - 1]) != NULL &&
		       p->text.at[from - 2] == '\\' && p->text.at[from - 3] == '\\';
	if (!doubled || str_find(tex, '\\', 0) == STR_NOT_FOUND)
		return tex;
	struct buf out = { 0 };
	for (size_t i = 0; i < tex.len; i++) {
		char next = i + 1 < tex.len ? tex.at[i + 1] : ' ';
		char third = i + 2 < tex.len ? tex.at[i + 2] : ' ';
		if (tex.at[i] != '\\') {
			buf_add_char(&out, tex.at[i]);
		} else if (next == '_' || next == '*') {
			buf_add_char(&out, tex.at[++i]);
		} else if (next == '\\' && strchr("{},;", third) != NULL) {
			buf_add(&out, str_sub(tex, i + 1, i + 3));
			i += 2;
		} else {
			bool four = next == '\\' && str_starts(str_skip(tex, i), STR("\\\\\\\\"));
			buf_add(&out, str_sub(tex, i, i + 2));
			i += four ? 3 : 1;
		}
	}
	struct str text = arena_str(p->arena, buf_str(&out));
	buf_free(&out);
	return text;
}

static size_t cut_row(struct prepass *p, size_t from, size_t tex_from, size_t tex_to, size_t to)
{
	struct str tex = tex_between(p, tex_from, tex_to);
	collect(p, tex);
	prepass_cut(p, (struct cut){ .kind = CUT_MATH_ROW, .text = tex }, from, to);
	return to;
}

static size_t cut_display(struct prepass *p, size_t from, size_t tex_from, size_t tex_to, size_t to)
{
	if (prepass_is_one_line(p))
		return cut_row(p, from, tex_from, tex_to, to);
	struct str tex = tex_between(p, tex_from, tex_to);
	collect(p, tex);
	prepass_cut_block(p, (struct cut){ .kind = CUT_MATH_DISPLAY, .text = tex }, from, to);
	return to;
}

static bool is_blank_text(const struct prepass *p, size_t from, size_t to)
{
	return str_trim(str_sub(p->text, from, to)).len == 0;
}

/*
 * $$..$$: a display, or a row when there is other text on its line. An empty display vanishes; its
 * end begins no other.
 */
static size_t cut_dollars(struct prepass *p, size_t at)
{
	size_t tex = at + 2, close = find_close(p, SEARCH_DOLLARS, tex, STR("$$"));
	if (close == STR_NOT_FOUND)
		return at + 2;
	bool lines = str_find(str_sub(p->text, tex, close), '\n', 0) != STR_NOT_FOUND;
	if (is_blank_text(p, tex, close)) {
		if (lines && !prepass_is_one_line(p))
			prepass_cut_block(p, (struct cut){ .kind = CUT_NOTHING }, at, close + 2);
		return close + 2;
	}
	if (lines || prepass_is_alone(p, at, close + 2))
		return cut_display(p, at, tex, close, close + 2);
	return cut_row(p, at, tex, close, close + 2);
}

/* \$$..$$ within a line: what kramdown's authors write for a row that begins a line. */
static size_t cut_escaped_dollars(struct prepass *p, size_t at)
{
	size_t tex = at + 3, close = find_close(p, SEARCH_DOLLARS, tex, STR("$$"));
	if (close == STR_NOT_FOUND || is_blank_text(p, tex, close) ||
	    str_find(str_sub(p->text, tex, close), '\n', 0) != STR_NOT_FOUND)
		return 0;
	return cut_row(p, at, tex, close, close + 2);
}

/* $..$ by the rules of math_is_dollar_pair(). */
static size_t cut_dollar(struct prepass *p, size_t at)
{
	size_t tex = at + 1;
	char before = byte_before(p, at);
	if (before == '\\' || before == '$')
		return 0;
	size_t close = find_close(p, SEARCH_DOLLAR, tex, STR("$")), behind = tex;
	while (close != STR_NOT_FOUND && (behind = math_behind_text(p->text, behind, close)) > 0)
		close = find_close(p, SEARCH_DOLLAR, behind, STR("$"));
	/* A list's next item is another text; elsewhere a line may well begin with a minus. */
	if (close == STR_NOT_FOUND ||
	    (p->lines.nopen > 0 && close > prepass_paragraph_end(p, at)) ||
	    !math_is_dollar_pair(before, prepass_between(p, tex, close), byte_at(p, close + 1)))
		return 0;
	/* GitHub's $`..`$ */
	bool ticks = close > tex + 2 && byte_at(p, tex) == '`' && byte_before(p, close) == '`';
	return cut_row(p, at, tex + ticks, close - ticks, close + 1);
}

/* `\\)` or `\\]`, which find_close() would take for an escaped backslash, in the same paragraph. */
static size_t find_doubled(struct prepass *p, size_t from, struct str mark)
{
	if (p->failed_to[SEARCH_DOUBLED] > from)
		return STR_NOT_FOUND;
	size_t at = from;
	for (; at < p->text.len; at++) {
		if (p->text.at[at] == '\\' && str_starts(str_skip(p->text, at), mark))
			return at;
		if (p->text.at[at] == '\n' && is_blank_line(p, at + 1))
			break;
	}
	p->failed_to[SEARCH_DOUBLED] = at;
	return STR_NOT_FOUND;
}

/* \( \) and \[ \], or with two backslashes, as they are written for Markdown that eats one. */
static size_t cut_brackets(struct prepass *p, size_t at, size_t backslashes)
{
	char open = p->text.at[at + backslashes];
	struct str close = open == '(' ? STR("\\\\)") : STR("\\\\]");
	close = str_skip(close, 2 - backslashes);
	size_t tex = at + backslashes + 1;
	size_t found = backslashes == 1
			   ? find_close(p, open == '(' ? SEARCH_PAREN : SEARCH_BRACKET, tex, close)
			   : find_doubled(p, tex, close);
	if (found == STR_NOT_FOUND || is_blank_text(p, tex, found))
		return 0;
	size_t end = found + close.len;
	struct str text = str_sub(p->text, tex, found);
	bool alone = prepass_is_alone(p, at, end);
	if (math_is_prose(text) || str_find_str(text, STR(".."), 0) == 0)
		return 0;
	if (open == '(')
		return cut_row(p, at, tex, found, end);
	if (byte_at(p, end) == '(') /* a link whose brackets are escaped */
		return 0;
	/* \[1\] in running text is how some tools write a bracket */
	if (!alone && strcspn(arena_str(p->arena, text).at, "\\^_=+<>&") == text.len)
		return 0;
	return cut_display(p, at, tex, found, end);
}

static const struct str environments[] = {
	STR_INIT("equation"),     STR_INIT("align"),       STR_INIT("gather"),
	STR_INIT("multline"),     STR_INIT("eqnarray"),    STR_INIT("alignat"),
	STR_INIT("flalign"),      STR_INIT("aligned"),     STR_INIT("gathered"),
	STR_INIT("split"),        STR_INIT("cases"),       STR_INIT("array"),
	STR_INIT("matrix"),       STR_INIT("pmatrix"),     STR_INIT("bmatrix"),
	STR_INIT("Bmatrix"),      STR_INIT("vmatrix"),     STR_INIT("Vmatrix"),
	STR_INIT("smallmatrix"),  STR_INIT("displaymath"), STR_INIT("math"),
	STR_INIT("subequations"),
};

/* \begin{..} \end{..} of an environment of mathematics, without dollars around. */
static size_t cut_environment(struct prepass *p, size_t at)
{
	size_t name = at + STR("\\begin{").len,
	       brace = str_find(str_sub(p->text, 0, p->end), '}', name);
	if (brace == STR_NOT_FOUND)
		return 0;
	struct str whole = str_sub(p->text, name, brace), bare = whole;
	if (str_ends(bare, STR("*")))
		bare.len--;
	if (at < p->failed_to[SEARCH_ENVIRONMENT])
		return 0;
	bool known = false;
	for (size_t i = 0; i < sizeof environments / sizeof *environments && !known; i++)
		known = str_equal(environments[i], bare);
	if (!known)
		return 0;
	struct str end = arena_format(p->arena, "\\end{%.*s}", STR_ARGS(whole));
	size_t close = find_close(p, SEARCH_ENVIRONMENT, brace, end);
	if (close == STR_NOT_FOUND)
		return 0;
	return cut_display(p, at, at, close + end.len, close + end.len);
}

/* Behind a group in braces at `at`, or 0. */
static size_t skip_group(const struct prepass *p, size_t at, size_t limit)
{
	unsigned depth = 0;
	for (size_t i = at; i < limit; i++) {
		char c = p->text.at[i];
		if (c == '\\')
			i++;
		else if (c == '{')
			depth++;
		else if (c == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* \newcommand{\R}{\mathbb{R}} in the text itself, as some write it for MathJax: it vanishes. */
static size_t cut_definition(struct prepass *p, size_t at)
{
	size_t limit = prepass_paragraph_end(p, at), end = 0;
	for (size_t i = 0; i < sizeof definitions / sizeof *definitions && end == 0; i++)
		if (str_starts(str_skip(p->text, at), definitions[i]))
			end = at + definitions[i].len;
	if (end == 0 || is_word(byte_at(p, end)))
		return 0;
	/* the name, a number of arguments, and the body as the last group */
	size_t body = 0;
	while (end < limit && p->text.at[end] != '\n') {
		char c = p->text.at[end];
		if (c == '{') {
			size_t behind = skip_group(p, end, limit);
			if (behind == 0)
				return 0;
			bool is_name = body == 0 && byte_at(p, end + 1) == '\\' &&
				       byte_at(p, behind) != '\n' &&
				       (byte_at(p, behind) == '{' || byte_at(p, behind) == '[');
			end = behind;
			body = behind;
			if (!is_name)
				break;
		} else if (c == '\\' || c == '*' || c == '[' || c == ']' || c == '#' ||
			   is_word(c)) {
			end++;
		} else {
			break;
		}
	}
	if (body == 0)
		return 0;
	collect(p, str_sub(p->text, at, body));
	prepass_cut(p, (struct cut){ .kind = CUT_NOTHING }, at, body);
	return body;
}

size_t prepass_math(struct prepass *p, size_t at)
{
	struct str rest = str_sub(p->text, at, p->end);
	if (str_starts(rest, STR("$$")))
		return cut_dollars(p, at);
	if (str_starts(rest, STR("$")))
		return cut_dollar(p, at);
	if (str_starts(rest, STR("\\$$")))
		return cut_escaped_dollars(p, at);
	if (str_starts(rest, STR("\\(")) || str_starts(rest, STR("\\[")))
		return cut_brackets(p, at, 1);
	if (str_starts(rest, STR("\\\\(")) || str_starts(rest, STR("\\\\[")))
		return cut_brackets(p, at, 2);
	if (str_starts(rest, STR("\\begin{")))
		return cut_environment(p, at);
	return cut_definition(p, at);
}
