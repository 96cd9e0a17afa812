#include "document/entities.h"

#include "base/utf8.h"
#include "document/entities_table.h"

#define LONGEST_NAME 31 /* CounterClockwiseContourIntegral */

/* As strcmp: a name that goes on is larger than one that ends, for marks are below letters. */
static int compare_name(const char *row, struct str name)
{
	int order = strncmp(row, name.at, name.len);
	return order != 0 ? order : row[name.len] != ' ' && row[name.len] != '*';
}

/* The row of a name, or NULL. */
static const char *find_name(struct str name)
{
	size_t low = 0, high = entities_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_name(entities_table[middle], name);
		if (order == 0)
			return entities_table[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* A row's characters, behind its name and mark. */
static struct str row_value(const char *row, size_t name_length)
{
	const char *value = row + name_length + 1;
	return value[0] == '\n' || value[0] == '\t' ? STR(" ") : str_from(value);
}

static size_t read_name(struct str text, enum entity_syntax syntax, struct str *value)
{
	size_t end = 1;
	while (end < text.len && end <= LONGEST_NAME &&
	       (str_is_alpha(text.at[end]) || str_is_digit(text.at[end])))
		end++;
	const char *row = find_name(str_sub(text, 1, end));
	if (row != NULL && end < text.len && text.at[end] == ';') {
		*value = row_value(row, end - 1);
		return end + 1;
	}
	if (syntax != ENTITY_HTML)
		return 0;
	for (; end > 1; end--) {
		row = find_name(str_sub(text, 1, end));
		if (row != NULL && row[end - 1] == '*') {
			*value = row_value(row, end - 1);
			return end;
		}
	}
	return 0;
}

/* Where HTML finds the characters of Windows-1252 in numbers that are controls by right. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static bool is_dropped(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || (code >= 0xe000 && code <= 0xe0ff);
}

static struct str number_value(uint32_t code, struct arena *arena)
{
	if (code == '\t' || code == '\n' || code == '\r')
		return STR(" ");
	if (code >= 0x80 && code < 0xa0)
		code = windows_1252[code - 0x80];
	else if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = UTF8_REPLACEMENT;
	if (is_dropped(code))
		return STR("");
	struct buf encoded = { 0 };
	utf8_encode(&encoded, code);
	struct str value = arena_str(arena, buf_str(&encoded));
	buf_free(&encoded);
	return value;
}

static int digit_value(char c, bool hex)
{
	if (str_is_digit(c))
		return c - '0';
	c = str_lower(c);
	return hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t read_number(struct str text, enum entity_syntax syntax, struct arena *arena,
			  struct str *value)
{
	bool hex = text.len > 2 && str_lower(text.at[2]) == 'x';
	size_t start = hex ? 3 : 2, at = start;
	uint32_t code = 0;
	for (; at < text.len && digit_value(text.at[at], hex) >= 0; at++)
		if (code <= 0x10ffff)
			code = code * (hex ? 16 : 10) + (uint32_t)digit_value(text.at[at], hex);
	bool closed = at < text.len && text.at[at] == ';';
	if (at == start || (!closed && syntax != ENTITY_HTML))
		return 0;
	*value = number_value(code, arena);
	return closed ? at + 1 : at;
}

size_t entity_read(struct str text, enum entity_syntax syntax, struct arena *arena,
		   struct str *value)
{
	if (text.len > 1 && text.at[1] == '#')
		return read_number(text, syntax, arena, value);
	return read_name(text, syntax, value);
}

struct str entity_decode(struct str text, enum entity_syntax syntax, struct arena *arena)
{
	size_t at = str_find(text, '&', 0);
	if (at == STR_NOT_FOUND)
		return text;
	struct buf out = { 0 };
	size_t done = 0;
	for (; at != STR_NOT_FOUND; at = str_find(text, '&', at)) {
		struct str value;
		size_t n = entity_read(str_skip(text, at), syntax, arena, &value);
		if (n > 0) {
			buf_add(&out, str_sub(text, done, at));
			buf_add(&out, value);
			done = at + n;
		}
		at += n > 0 ? n : 1;
	}
	buf_add(&out, str_skip(text, done));
	struct str decoded = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return decoded;
}
