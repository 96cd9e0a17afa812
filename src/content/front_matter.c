#include "content/front_matter.h"

#include "base/utf8.h"

static bool is_mark(struct str line, struct str mark)
{
	return str_starts(line, mark) && str_equal(str_trim_end(line), mark);
}

/* `key:` or `key =` at the start of a line: what a header has and prose has not. */
static bool take_key(struct str *line, struct str *key)
{
	struct str s = *line;
	if (s.len > 0 && s.at[0] == '"')
		s = str_skip(s, 1);
	size_t n = 0;
	while (n < s.len && (str_is_alpha(s.at[n]) || str_is_digit(s.at[n]) || s.at[n] == '-' ||
			     s.at[n] == '_' || s.at[n] == '.'))
		n++;
	*key = str_sub(s, 0, n);
	s = str_skip(s, n);
	if (s.len > 0 && s.at[0] == '"')
		s = str_skip(s, 1);
	s = str_trim(s);
	if (n == 0 || s.len == 0 || (s.at[0] != ':' && s.at[0] != '='))
		return false;
	*line = str_skip(s, 1);
	return true;
}

/* Whether a header that lacks its closing mark, or is no YAML, was meant as one at all. */
static bool looks_like_header(struct str text)
{
	struct str line, key;
	while (str_line(&text, &line)) {
		line = str_trim_end(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		return take_key(&line, &key) &&
		       (line.len == 0 || str_is_blank(line.at[0]) || line.at[0] == '"');
	}
	return false;
}

static bool has_key_line(struct str text)
{
	struct str line, key;
	while (str_line(&text, &line))
		if (take_key(&line, &key))
			return true;
	return false;
}

/*
 * Without its closing mark a header ends before the first line that cannot belong to one: a
 * blank line, or text that is neither `key:`, nor a list's item, nor indented.
 */
static size_t end_of_unclosed(struct str bytes, size_t from)
{
	struct str rest = str_skip(bytes, from), line, key;
	while (rest.len > 0) {
		size_t at = (size_t)(rest.at - bytes.at);
		str_line(&rest, &line);
		struct str content = line;
		if (str_trim(line).len == 0)
			return at;
		if (!str_is_blank(line.at[0]) && line.at[0] != '-' && line.at[0] != '#' &&
		    line.at[0] != ']' && !take_key(&content, &key))
			return at;
	}
	return bytes.len;
}

/* What opens a header that lines close. */
static const struct opener {
	struct str open, close, other;
	enum front_matter_form form;
} openers[] = {
	{ STR_INIT("---"), STR_INIT("---"), STR_INIT("..."), FRONT_MATTER_YAML },
	{ STR_INIT("+++"), STR_INIT("+++"), STR_INIT("+++"), FRONT_MATTER_TOML },
	{ STR_INIT("---yaml"), STR_INIT("---"), STR_INIT("..."), FRONT_MATTER_YAML },
	{ STR_INIT("---toml"), STR_INIT("---"), STR_INIT("---"), FRONT_MATTER_TOML },
	{ STR_INIT("---json"), STR_INIT("---"), STR_INIT("---"), FRONT_MATTER_JSON },
	{ STR_INIT("---js"), STR_INIT("---"), STR_INIT("---"), FRONT_MATTER_SCRIPT },
	{ STR_INIT("---javascript"), STR_INIT("---"), STR_INIT("---"), FRONT_MATTER_SCRIPT },
};

/* The header between `start` and its closing line. */
static bool split_lines(struct str bytes, size_t start, bool whole, const struct opener *opener,
			struct front_matter *f)
{
	f->form = opener->form;
	struct str rest = str_skip(bytes, start), line;
	while (rest.len > 0) {
		size_t at = (size_t)(rest.at - bytes.at);
		bool complete = str_find(rest, '\n', 0) != STR_NOT_FOUND || whole;
		str_line(&rest, &line);
		if (complete && (is_mark(line, opener->close) || is_mark(line, opener->other))) {
			f->text = str_sub(bytes, start, at);
			if (opener == openers && str_trim(f->text).len > 0 &&
			    !has_key_line(f->text)) {
				/* Prose between two thematic breaks. */
				f->form = FRONT_MATTER_NONE;
				return true;
			}
			f->closed = true;
			f->body_offset = (size_t)(rest.at - bytes.at);
			return true;
		}
	}
	if (!whole)
		return false;
	if (!looks_like_header(str_skip(bytes, start))) {
		f->form = FRONT_MATTER_NONE;
		return true;
	}
	f->body_offset = end_of_unclosed(bytes, start);
	f->text = str_sub(bytes, start, f->body_offset);
	return true;
}

/* The position behind the brace that closes the first one, or STR_NOT_FOUND. */
static size_t end_of_object(struct str s)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{') {
			depth++;
		} else if (c == '}' && --depth == 0) {
			return i + 1;
		}
	}
	return STR_NOT_FOUND;
}

/* `{` followed by a quote or an end: JSON. `{%`, `{{<`, `{:` and `{#` belong to the body. */
static bool starts_object(struct str s)
{
	struct str inside = str_trim(str_skip(s, 1));
	return str_starts(s, STR("{")) && inside.len > 0 &&
	       (inside.at[0] == '"' || inside.at[0] == '}');
}

static bool split_json(struct str bytes, size_t start, bool whole, struct front_matter *f)
{
	struct str text = str_skip(bytes, start);
	size_t end = end_of_object(text);
	/* The rest of its last line decides where the body begins. */
	if (!whole && (end == STR_NOT_FOUND || str_find(text, '\n', end) == STR_NOT_FOUND))
		return false;
	f->form = FRONT_MATTER_JSON;
	f->first_line = 1;
	f->closed = end != STR_NOT_FOUND;
	if (!f->closed) {
		/* Its end cannot be known: up to the first blank line, where prose begins. */
		size_t blank = str_find_str(text, STR("\n\n"), 0);
		end = blank == STR_NOT_FOUND ? text.len : blank + 1;
	}
	f->text = str_sub(text, 0, end);
	struct str rest = str_skip(text, end), line = rest;
	str_cut(&rest, '\n', &line);
	f->body_offset =
	    (size_t)(str_trim(line).len == 0 ? rest.at - bytes.at : line.at - bytes.at);
	return true;
}

bool front_matter_split(struct str bytes, bool whole, struct front_matter *f)
{
	size_t start = str_starts(bytes, STR("\xef\xbb\xbf")) ? 3 : 0;
	struct str rest = str_skip(bytes, start), line;
	*f = (struct front_matter){ .body_offset = start, .first_line = 2 };
	if (!whole && (rest.len < 16 || str_equal(str_trim(rest), STR("{"))))
		return false;
	if (starts_object(rest))
		return split_json(bytes, start, whole, f);
	if (!str_line(&rest, &line))
		return true;
	for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
		if (is_mark(line, openers[i].open))
			return split_lines(bytes, (size_t)(rest.at - bytes.at), whole, &openers[i],
					   f);
	return true;
}

/* Quotes, a trailing comma (JSON) or semicolon (JavaScript) and what surrounds them. */
static struct str plain_text(struct str s)
{
	s = str_trim(s);
	while (s.len > 0 && (s.at[s.len - 1] == ',' || s.at[s.len - 1] == ';'))
		s = str_trim_end(str_sub(s, 0, s.len - 1));
	if (s.len >= 2 && (s.at[0] == '"' || s.at[0] == '\'') && s.at[s.len - 1] == s.at[0])
		s = str_sub(s, 1, s.len - 1);
	return s;
}

static void salvage_item(struct arena *arena, struct value *list, struct str text, unsigned line)
{
	text = plain_text(text);
	if (text.len == 0)
		return;
	struct value *item = value_add(arena, list, VALUE_SCALAR, line, 1);
	item->text = arena_str(arena, text);
}

/* `[a, b]` */
static void salvage_list(struct arena *arena, struct value *v, struct str text, unsigned line)
{
	struct str part;
	v->kind = VALUE_LIST;
	text = str_sub(text, 1, text.len - 1);
	while (text.len > 0) {
		str_cut(&text, ',', &part);
		salvage_item(arena, v, part, line);
	}
}

static void salvage_value(struct arena *arena, struct value *v, struct str text, unsigned line)
{
	struct str content = plain_text(text);
	if (content.len >= 2 && content.at[0] == '[' && content.at[content.len - 1] == ']') {
		salvage_list(arena, v, content, line);
	} else if (content.len > 0 && !str_equal(content, STR("|")) &&
		   !str_equal(content, STR(">")) && !str_equal(content, STR("["))) {
		v->kind = VALUE_SCALAR;
		v->text = arena_str(arena, content);
	}
}

/* `const title = "x";` */
static struct str without_declaration(struct str line)
{
	static const struct str words[] = { STR_INIT("export "), STR_INIT("const "),
					    STR_INIT("let "), STR_INIT("var ") };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(line, words[i]))
			line = str_trim(str_skip(line, words[i].len));
	return line;
}

/* What the lines of a broken header plainly say: `key: text` and simple lists below a key. */
static struct value *salvage(struct arena *arena, const struct front_matter *f)
{
	struct value *map = ARENA_NEW(arena, struct value), *last = NULL;
	*map = (struct value){ .kind = VALUE_MAP, .line = f->first_line, .column = 1 };
	struct str rest = f->text, line, key;
	for (unsigned number = f->first_line; str_line(&rest, &line); number++) {
		struct str content = str_trim(line);
		bool indented =
		    line.len > 0 && str_is_blank(line.at[0]) && f->form != FRONT_MATTER_JSON;
		if (f->form == FRONT_MATTER_SCRIPT)
			content = without_declaration(content);
		if (str_starts(content, STR("- ")) && last != NULL && last->kind != VALUE_SCALAR) {
			last->kind = VALUE_LIST;
			salvage_item(arena, last, str_skip(content, 2), number);
		} else if (!indented && take_key(&content, &key)) {
			last = value_add(arena, map, VALUE_NULL, number, 1);
			last->key = arena_str(arena, key);
			last->key_line = number;
			last->key_column = 1;
			salvage_value(arena, last, content, number);
		}
	}
	return map;
}

/* The half of a surrogate pair that `\ud83e` at `i` is; 0 for what is none. */
static uint32_t surrogate_at(struct str s, size_t i)
{
	uint32_t code = 0;
	if (i + 6 > s.len || s.at[i] != '\\' || s.at[i + 1] != 'u')
		return 0;
	for (size_t k = i + 2; k < i + 6; k++) {
		char c = str_lower(s.at[k]);
		bool digit = str_is_digit(c);
		if (!digit && (c < 'a' || c > 'f'))
			return 0;
		code = code * 16 + (uint32_t)(digit ? c - '0' : c - 'a' + 10);
	}
	return code >= 0xd800 && code <= 0xdfff ? code : 0;
}

/* JSON writes 🦉 as `\ud83e\udd89`, which is no YAML; a half without its other one is U+FFFD. */
static void join_surrogates(struct str json, struct buf *out)
{
	for (size_t i = 0; i < json.len; i++) {
		uint32_t high = surrogate_at(json, i), low = high ? surrogate_at(json, i + 6) : 0;
		bool pair = high >= 0xd800 && high <= 0xdbff && low >= 0xdc00;
		if (high != 0) {
			utf8_encode(out, pair ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
					      : 0xfffd);
			i += pair ? 11 : 5;
			continue;
		}
		buf_add_char(out, json.at[i]);
		if (json.at[i] == '\\' && i + 1 < json.len)
			buf_add_char(out, json.at[++i]);
	}
}

static bool read_form(struct arena *arena, const struct front_matter *f, struct str file,
		      struct value **top, struct fault *fault)
{
	if (!f->closed)
		return fault_set(fault, file, f->first_line > 1 ? f->first_line - 1 : 1, 1,
				 "the header has no end: close it with a line `%s`",
				 f->first_line == 1             ? "}"
				 : f->form == FRONT_MATTER_TOML ? "+++"
								: "---");
	if (f->form == FRONT_MATTER_TOML)
		return toml_parse(arena, f->text, file, f->first_line, top, fault);
	return yaml_parse(arena, f->text, file, f->first_line, top, fault);
}

bool front_matter_parse(struct arena *arena, const struct front_matter *f, struct str file,
			struct value **top, struct fault *fault)
{
	struct front_matter clean = *f;
	struct buf text = { 0 };
	if (f->form == FRONT_MATTER_NONE) {
		*top = ARENA_NEW(arena, struct value);
		return true;
	}
	struct buf joined = { 0 };
	if (f->form == FRONT_MATTER_JSON)
		join_surrogates(f->text, &joined);
	utf8_clean(&text, joined.len > 0 ? buf_str(&joined) : f->text);
	buf_free(&joined);
	clean.text = buf_str(&text);
	if (f->form == FRONT_MATTER_SCRIPT && f->closed) {
		*top = salvage(arena, &clean);
		buf_free(&text);
		return true;
	}
	bool valid = read_form(arena, &clean, file, top, fault);
	if (valid && (*top)->kind != VALUE_MAP && (*top)->kind != VALUE_NULL)
		valid = fault_set(fault, file, (*top)->line, (*top)->column,
				  "a header is a map of `key: value` lines, this is %s",
				  value_kind_name(*top));
	if (!valid)
		*top = salvage(arena, &clean);
	buf_free(&text);
	return valid;
}
