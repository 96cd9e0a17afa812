#include "document/arguments.h"

static bool is_separator(char c)
{
	return str_is_blank(c) || c == ',' || c == '(' || c == ')';
}

static size_t skip_separators(struct str text, size_t at)
{
	while (at < text.len && is_separator(text.at[at]))
		at++;
	return at;
}

static bool is_quote(struct str text, size_t at)
{
	return at < text.len && (text.at[at] == '"' || text.at[at] == '\'' || text.at[at] == '`');
}

/* A key ends at its sign; a colon is one before a quoted text only: `caption:"A plot"`. */
static bool ends_word(struct str text, size_t at)
{
	char c = text.at[at];
	return is_separator(c) || c == '=' || (c == ':' && is_quote(text, at + 1));
}

/* A quoted text or a word; `*end` is behind it. */
static struct str read_value(struct str text, size_t at, size_t *end)
{
	if (is_quote(text, at)) {
		char quote = text.at[at];
		size_t close = at + 1;
		while (close < text.len && text.at[close] != quote)
			close += text.at[close] == '\\' ? 2 : 1;
		*end = close < text.len ? close + 1 : text.len;
		return str_sub(text, at + 1, close);
	}
	size_t stop = at;
	while (stop < text.len && !ends_word(text, stop))
		stop++;
	*end = stop;
	return str_sub(text, at, stop);
}

void arguments_read(struct str text, struct arguments *a)
{
	size_t at = skip_separators(text, 0);
	*a = (struct arguments){ 0 };
	a->name = read_value(text, at, &at);
	while ((at = skip_separators(text, at)) < text.len && a->count < MOST_ARGUMENTS) {
		size_t start = at;
		struct str key = { 0 }, value = read_value(text, at, &at);
		size_t equals = at;
		while (equals < text.len && str_is_blank(text.at[equals]))
			equals++;
		if (equals < text.len && (text.at[equals] == '=' || text.at[equals] == ':') &&
		    value.len > 0) {
			key = value;
			at = equals + 1;
			while (at < text.len && str_is_blank(text.at[at]))
				at++;
			value = read_value(text, at, &at);
		}
		if (at == start)
			at++; /* a stray sign */
		else {
			a->at[a->count].key = key;
			a->at[a->count++].value = value;
		}
	}
}

struct str arguments_find(const struct arguments *a, const char *keys)
{
	struct str rest = str_from(keys), key;
	bool more;
	do {
		more = str_cut(&rest, ' ', &key);
		for (size_t i = 0; i < a->count; i++)
			if (str_equal_nocase(a->at[i].key, key) && a->at[i].value.len > 0)
				return a->at[i].value;
	} while (more);
	return STR("");
}

struct str arguments_nth(const struct arguments *a, size_t n)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->at[i].key.len == 0 && n-- == 0)
			return a->at[i].value;
	return STR("");
}

struct str arguments_stem(struct str name)
{
	size_t slash = str_find_last(name, '/');
	if (slash != STR_NOT_FOUND)
		name = str_skip(name, slash + 1);
	size_t dot = str_find(name, '.', 0);
	return dot == STR_NOT_FOUND ? name : str_sub(name, 0, dot);
}
