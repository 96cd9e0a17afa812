#include "base/utf8.h"
#include "content/value.h"

struct toml {
	struct arena *arena;
	struct str text, file;
	size_t at, line_start;
	unsigned line, depth;
	struct fault *fault;
	struct buf scratch;
};

static unsigned column(const struct toml *t)
{
	return (unsigned)(t->at - t->line_start) + 1;
}

static bool refuse(struct toml *t, const char *text)
{
	return fault_set(t->fault, t->file, t->line, column(t), "%s", text);
}

static char peek(const struct toml *t)
{
	return t->at < t->text.len ? t->text.at[t->at] : '\0';
}

static bool at_end(const struct toml *t)
{
	return t->at >= t->text.len;
}

static void step(struct toml *t)
{
	if (t->text.at[t->at++] == '\n') {
		t->line++;
		t->line_start = t->at;
	}
}

static bool take(struct toml *t, struct str what)
{
	if (!str_starts(str_skip(t->text, t->at), what))
		return false;
	t->at += what.len;
	return true;
}

static void skip_blanks(struct toml *t)
{
	while (peek(t) == ' ' || peek(t) == '\t' || peek(t) == '\r')
		t->at++;
}

/* Blanks, comments and, within arrays and between statements, line ends. */
static void skip_space(struct toml *t)
{
	while (!at_end(t)) {
		if (peek(t) == '#')
			while (!at_end(t) && peek(t) != '\n')
				t->at++;
		else if (str_is_blank(peek(t)))
			step(t);
		else
			return;
	}
}

static bool end_of_line(struct toml *t)
{
	skip_blanks(t);
	if (peek(t) == '#')
		while (!at_end(t) && peek(t) != '\n')
			t->at++;
	if (!at_end(t) && peek(t) != '\n')
		return refuse(t, "something stands behind the value: one `key = value` a line");
	return true;
}

static bool take_code_point(struct toml *t, unsigned digits)
{
	uint32_t code = 0;
	for (unsigned i = 0; i < digits; i++, t->at++) {
		char c = str_lower(peek(t));
		if (!str_is_digit(c) && (c < 'a' || c > 'f'))
			return refuse(t, "an escape that is too short");
		code = code * 16 + (uint32_t)(str_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	utf8_encode(&t->scratch, code);
	return true;
}

static bool take_escape(struct toml *t)
{
	static const char names[] = "btnfre\"\\/", meanings[] = "\b\t\n\f\r\x1b\"\\/";
	char c = peek(t);
	const char *known = c ? strchr(names, c) : NULL;
	if (known != NULL) {
		t->at++;
		buf_add_char(&t->scratch, meanings[known - names]);
		return true;
	}
	if (c == 'u' || c == 'U') {
		t->at++;
		return take_code_point(t, c == 'u' ? 4 : 8);
	}
	if (!str_is_blank(c))
		return refuse(t, "an unknown escape; a backslash is written `\\\\`");
	/* A backslash at a line's end joins it with the next text. */
	while (!at_end(t) && str_is_blank(peek(t)))
		step(t);
	return true;
}

/* After the opening quotes: up to `close`. Escapes are read in basic strings, not in literal ones.
 */
static bool take_string(struct toml *t, struct str close, struct str *text)
{
	bool basic = close.at[0] == '"', many = close.len == 3;
	buf_clear(&t->scratch);
	if (many && peek(t) == '\r')
		t->at++;
	if (many && peek(t) == '\n')
		step(t);
	while (!take(t, close)) {
		if (at_end(t) || (!many && peek(t) == '\n'))
			return refuse(t, "a string without its closing quotes");
		char c = peek(t);
		step(t);
		if (c == '\\' && basic) {
			if (!take_escape(t))
				return false;
		} else {
			buf_add_char(&t->scratch, c);
		}
	}
	/* Up to two quotes may stand right before the closing three. */
	while (many && peek(t) == close.at[0]) {
		buf_add_char(&t->scratch, close.at[0]);
		t->at++;
	}
	*text = arena_str(t->arena, buf_str(&t->scratch));
	return true;
}

static bool take_quoted(struct toml *t, struct str *text, bool *is_string)
{
	static const struct str quotes[] = { STR_INIT("\"\"\""), STR_INIT("'''"), STR_INIT("\""),
					     STR_INIT("'") };
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
		if (take(t, quotes[i])) {
			*is_string = true;
			return take_string(t, quotes[i], text);
		}
	}
	*is_string = false;
	return true;
}

static bool is_bare(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || c == '_' || c == '-';
}

/* One part of a dotted key. */
static bool take_key(struct toml *t, struct str *key)
{
	bool is_string;
	skip_blanks(t);
	if (!take_quoted(t, key, &is_string))
		return false;
	if (is_string)
		return true;
	size_t start = t->at;
	while (is_bare(peek(t)))
		t->at++;
	if (t->at == start)
		return refuse(t, "here a key is expected, as in `key = \"text\"`");
	*key = arena_str(t->arena, str_sub(t->text, start, t->at));
	return true;
}

static struct value *add_member(struct toml *t, struct value *map, struct str key,
				enum value_kind kind)
{
	struct value *v = value_add(t->arena, map, kind, t->line, column(t));
	v->key = key;
	v->key_line = t->line;
	v->key_column = column(t);
	return v;
}

/* The map that `key` names in `map`, made when it is not there; of an array of tables the last. */
static struct value *submap(struct toml *t, struct value *map, struct str key)
{
	struct value *v = (struct value *)value_get(map, key);
	if (v == NULL)
		return add_member(t, map, key, VALUE_MAP);
	if (v->kind == VALUE_LIST && v->last != NULL)
		v = v->last;
	if (v->kind == VALUE_MAP)
		return v;
	refuse(t, "this key has a value already that is no table");
	return NULL;
}

/* `a.b.c`: gives the map that is to hold the last part, and that part. */
static struct value *take_path(struct toml *t, struct value *map, struct str *last)
{
	for (unsigned depth = 0;; depth++) {
		if (depth == VALUE_MAX_DEPTH) {
			refuse(t, "too many levels");
			return NULL;
		}
		if (!take_key(t, last))
			return NULL;
		skip_blanks(t);
		if (!take(t, STR(".")))
			return map;
		map = submap(t, map, *last);
		if (map == NULL)
			return NULL;
	}
}

static bool take_value(struct toml *t, struct value *v);

static bool take_statement(struct toml *t, struct value *map)
{
	struct str key;
	unsigned line = t->line, at = column(t);
	struct value *holder = take_path(t, map, &key);
	if (holder == NULL)
		return false;
	if (!take(t, STR("=")))
		return refuse(t, "here `=` and a value are expected");
	skip_blanks(t);
	struct value *v = add_member(t, holder, key, VALUE_NULL);
	v->key_line = line;
	v->key_column = at;
	return take_value(t, v);
}

static bool take_array(struct toml *t, struct value *v)
{
	v->kind = VALUE_LIST;
	for (;;) {
		skip_space(t);
		if (take(t, STR("]")))
			return true;
		if (at_end(t))
			return refuse(t, "an array without its closing `]`");
		struct value *item = value_add(t->arena, v, VALUE_NULL, t->line, column(t));
		if (!take_value(t, item))
			return false;
		skip_space(t);
		if (!take(t, STR(",")) && peek(t) != ']')
			return refuse(t, "here `,` or `]` is expected");
	}
}

static bool take_inline_table(struct toml *t, struct value *v)
{
	v->kind = VALUE_MAP;
	for (;;) {
		skip_space(t);
		if (take(t, STR("}")))
			return true;
		if (at_end(t))
			return refuse(t, "a table without its closing `}`");
		if (!take_statement(t, v))
			return false;
		skip_space(t);
		if (!take(t, STR(",")) && peek(t) != '}')
			return refuse(t, "here `,` or `}` is expected");
	}
}

/* The blank of `2020-05-25 02:50:54`. */
static bool is_date_blank(const struct toml *t, size_t start)
{
	return t->at == start + 10 && peek(t) == ' ' && t->at + 1 < t->text.len &&
	       str_is_digit(t->text.at[t->at + 1]) && t->text.at[start + 4] == '-';
}

/* Truth values, numbers, dates: their text as it stands. */
static bool take_bare(struct toml *t, struct value *v)
{
	size_t start = t->at;
	while (is_bare(peek(t)) || peek(t) == '+' || peek(t) == '.' || peek(t) == ':' ||
	       is_date_blank(t, start))
		t->at++;
	struct str text = str_sub(t->text, start, t->at);
	bool word = str_equal(text, STR("true")) || str_equal(text, STR("false")) ||
		    str_equal(text, STR("inf")) || str_equal(text, STR("nan"));
	bool number =
	    text.len > 0 && (str_is_digit(text.at[0]) || text.at[0] == '-' || text.at[0] == '+');
	if (!word && !number) {
		t->at = start;
		return refuse(t, "a text must stand in quotes");
	}
	v->kind = VALUE_SCALAR;
	v->text = arena_str(t->arena, text);
	return true;
}

static bool take_nested(struct toml *t, struct value *v)
{
	if (t->depth == VALUE_MAX_DEPTH)
		return refuse(t, "too many levels");
	t->depth++;
	bool done =
	    take(t, STR("[")) ? take_array(t, v) : take(t, STR("{")) && take_inline_table(t, v);
	t->depth--;
	return done;
}

/* Recursive through take_nested(), which bounds it. */
static bool take_value(struct toml *t, struct value *v)
{
	v->line = t->line;
	v->column = column(t);
	if (peek(t) == '[' || peek(t) == '{')
		return take_nested(t, v);
	bool is_string;
	if (!take_quoted(t, &v->text, &is_string))
		return false;
	if (!is_string)
		return take_bare(t, v);
	v->kind = VALUE_SCALAR;
	v->quoted = true;
	return true;
}

/* `[table]` or `[[one of an array of tables]]`: gives the map that the next lines fill. */
static struct value *take_header(struct toml *t, struct value *top)
{
	bool many = take(t, STR("[["));
	if (!many)
		take(t, STR("["));
	struct str key;
	struct value *map = take_path(t, top, &key);
	if (map == NULL)
		return NULL;
	if (!take(t, many ? STR("]]") : STR("]"))) {
		refuse(t, "a table's name without its closing bracket");
		return NULL;
	}
	if (!many)
		return submap(t, map, key);
	struct value *list = (struct value *)value_get(map, key);
	if (list == NULL)
		list = add_member(t, map, key, VALUE_LIST);
	if (list->kind == VALUE_LIST)
		return value_add(t->arena, list, VALUE_MAP, t->line, column(t));
	refuse(t, "this key has a value already that is no array");
	return NULL;
}

static bool read_all(struct toml *t, struct value *top)
{
	struct value *map = top;
	for (skip_space(t); !at_end(t); skip_space(t)) {
		if (peek(t) == '[') {
			map = take_header(t, top);
			if (map == NULL)
				return false;
		} else if (!take_statement(t, map)) {
			return false;
		}
		if (!end_of_line(t))
			return false;
	}
	return true;
}

bool toml_parse(struct arena *arena, struct str text, struct str file, unsigned first_line,
		struct value **top, struct fault *fault)
{
	struct toml t = {
		.arena = arena, .text = text, .file = file, .line = first_line, .fault = fault
	};
	*top = ARENA_NEW(arena, struct value);
	**top = (struct value){ .kind = VALUE_MAP, .line = first_line, .column = 1 };
	bool done = read_all(&t, *top);
	buf_free(&t.scratch);
	return done;
}
