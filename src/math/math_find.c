#include "math/math_find.h"

#include "math/math_parser.h"
#include "math/math_scan.h"

#define LONGEST_TEXT 250 /* bytes of an argument that dollars are looked for in */

static bool is_word(char c)
{
	return str_is_alpha(c) || str_is_digit(c);
}

static char byte_at(struct str text, size_t at)
{
	return at < text.len ? text.at[at] : '\n';
}

/* Nobody writes \alpha by chance between two dollars, but perhaps $HOME\bin. */
static bool has_command(struct str tex)
{
	for (size_t i = str_find(tex, '\\', 0); i < tex.len; i = str_find(tex, '\\', i)) {
		struct str name = math_scan_name(tex, i + 1);
		if (name.len > 0 && str_is_alpha(name.at[0]) && math_is_known(name))
			return true;
		i += 1 + name.len;
	}
	return false;
}

size_t math_behind_text(struct str text, size_t from, size_t at)
{
	struct str before = str_sub(text, 0, at);
	for (size_t i = str_find(before, '\\', from); i < at; i = str_find(before, '\\', i)) {
		struct str name = math_scan_name(text, i + 1);
		i += 1 + name.len;
		if (byte_at(text, i) != '{' || !math_is_text(name))
			continue;
		size_t end = math_scan_group(text, i, LONGEST_TEXT);
		if (end == STR_NOT_FOUND)
			return 0;
		if (end > at)
			return end + 1;
		i = end;
	}
	return 0;
}

bool math_is_dollar_pair(char before, struct str tex, char behind)
{
	if (before == '\\' || before == '$' || str_trim(tex).len == 0 || !math_scan_balanced(tex))
		return false;
	if (!is_word(before) && !str_is_blank(tex.at[0]) && !str_is_blank(tex.at[tex.len - 1]) &&
	    !is_word(behind))
		return true;
	/* The second dollar of `$p$th root` opens nothing, whatever the lines below may hold. */
	bool lines = str_find(tex, '\n', 0) != STR_NOT_FOUND;
	return !(is_word(before) && lines) && has_command(tex);
}

bool math_is_prose(struct str text)
{
	bool two_words = false;
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\\^_=+<>{}|&", text.at[i]) != NULL)
			return false;
		if (i > 1 && i + 2 < text.len && str_is_blank(text.at[i]) &&
		    str_is_alpha(text.at[i - 1]) && str_is_alpha(text.at[i - 2]) &&
		    str_is_alpha(text.at[i + 1]) && str_is_alpha(text.at[i + 2]))
			two_words = true;
	}
	return two_words;
}

/* The first `mark` that no backslash stands before. */
static size_t find_close(struct str line, size_t at, struct str mark)
{
	while (at < line.len) {
		if (str_starts(str_skip(line, at), mark))
			return at;
		at += line.at[at] == '\\' ? 2 : 1;
	}
	return STR_NOT_FOUND;
}

bool math_find(struct str line, size_t at, struct str *tex, size_t *end)
{
	static const struct {
		struct str open, close;
	} pairs[] = {
		{ STR_INIT("$$"), STR_INIT("$$") },
		{ STR_INIT("$"), STR_INIT("$") },
		{ STR_INIT("\\("), STR_INIT("\\)") },
	};
	struct str rest = str_skip(line, at);
	size_t i = 0;
	while (i < sizeof pairs / sizeof *pairs && !str_starts(rest, pairs[i].open))
		i++;
	if (i == sizeof pairs / sizeof *pairs)
		return false;
	size_t start = at + pairs[i].open.len, close = find_close(line, start, pairs[i].close);
	while (i == 1 && close != STR_NOT_FOUND &&
	       (start = math_behind_text(line, start, close)) > 0)
		close = find_close(line, start, pairs[i].close);
	if (close == STR_NOT_FOUND)
		return false;
	struct str inner = str_sub(line, at + pairs[i].open.len, close);
	*tex = str_trim(inner);
	*end = close + pairs[i].close.len;
	if (i == 1)
		return math_is_dollar_pair(at > 0 ? line.at[at - 1] : '\n', inner,
					   byte_at(line, *end));
	return tex->len > 0 && !math_is_prose(*tex);
}
