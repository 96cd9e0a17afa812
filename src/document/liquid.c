#include "document/liquid.h"

#include "base/buf.h"

static bool is_path_char(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || strchr("_.-[]?", c) != NULL;
}

/* `site.url`, `page["title"]`: the name of a variable and nothing else. */
static bool is_variable(struct str text)
{
	if (text.len == 0 || (!str_is_alpha(text.at[0]) && text.at[0] != '_'))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\0' ||
		    (!is_path_char(text.at[i]) && text.at[i] != '"' && text.at[i] != '\''))
			return false;
	return true;
}

/* The text of a literal in quotes; false for anything else. */
static bool read_literal(struct str text, struct str *value)
{
	text = str_trim(text);
	if (text.len < 2 || (text.at[0] != '"' && text.at[0] != '\''))
		return false;
	if (str_find(text, text.at[0], 1) != text.len - 1)
		return false;
	*value = str_sub(text, 1, text.len - 1);
	return true;
}

/* `append: "x"` and `prepend: "x"` add text; other filters change nothing that matters here. */
static struct str apply_filter(struct str filter, struct str value, struct arena *arena)
{
	struct str name, argument = { 0 };
	str_cut(&filter, ':', &name);
	name = str_trim(name);
	if (!read_literal(filter, &argument))
		return value;
	if (str_equal(name, STR("append")))
		return arena_format(arena, "%.*s%.*s", STR_ARGS(value), STR_ARGS(argument));
	if (str_equal(name, STR("prepend")))
		return arena_format(arena, "%.*s%.*s", STR_ARGS(argument), STR_ARGS(value));
	return value;
}

bool liquid_value(struct str text, struct arena *arena, struct str *value)
{
	struct str filter, base;
	bool more = str_cut(&text, '|', &base);
	base = str_trim(base);
	*value = STR("");
	if (!read_literal(base, value) && !is_variable(base))
		return false;
	while (more) {
		more = str_cut(&text, '|', &filter);
		*value = apply_filter(filter, *value, arena);
	}
	return true;
}

struct str liquid_expand(struct str text, struct arena *arena)
{
	size_t open = str_find_str(text, STR("{{"), 0), done = 0;
	if (open == STR_NOT_FOUND)
		return text;
	struct buf out = { 0 };
	for (; open != STR_NOT_FOUND; open = str_find_str(text, STR("{{"), done)) {
		size_t close = str_find_str(text, STR("}}"), open);
		struct str value;
		if (close == STR_NOT_FOUND)
			break;
		buf_add(&out, str_sub(text, done, open));
		if (liquid_value(str_sub(text, open + 2, close), arena, &value))
			buf_add(&out, value);
		done = close + 2;
	}
	buf_add(&out, str_skip(text, done));
	struct str expanded = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return expanded;
}
