/*
 * str - a slice of text: a pointer and a length, owned by somebody else.
 *
 * Slices are passed by value, need no terminating NUL and may hold any byte.
 * A slice lives as long as what it points into (an arena, a buf, a literal).
 *
 *	struct str line = STR("key: value"), key;
 *	if (str_cut(&line, ':', &key))
 *		use(key, str_trim(line));          // "key", "value"
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *at;
	size_t len;
};

/* A slice of a string literal. STR_INIT is the form for static tables. */
#define STR_INIT(literal)                                                                          \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
#define STR(literal) ((struct str)STR_INIT(literal))

/* For printf-like functions: printf("%.*s", STR_ARGS(s)) */
#define STR_ARGS(s) (int)(s).len, (s).at

#define STR_NOT_FOUND SIZE_MAX

static inline struct str str_from(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

/* The bytes [from, to); both are clamped to the slice. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* An empty slice may point nowhere, and nowhere has no offsets. */
	return (struct str){ from > 0 ? s.at + from : s.at, to - from };
}

static inline struct str str_skip(struct str s, size_t n)
{
	return str_sub(s, n, s.len);
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0);
}

/* ASCII only; for scripts of every language see utf8_fold(). */
static inline char str_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool str_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool str_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Space, tab and line ends: the blanks of every format read here. */
static inline bool str_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool str_equal_nocase(struct str a, struct str b);
bool str_starts_nocase(struct str s, struct str prefix);
int str_compare(struct str a, struct str b); /* as memcmp, the shorter first */

/* Position of the first match at or after `from`, or STR_NOT_FOUND. */
size_t str_find(struct str s, char c, size_t from);
size_t str_find_str(struct str s, struct str needle, size_t from);
size_t str_find_last(struct str s, char c);

struct str str_trim(struct str s);
struct str str_trim_end(struct str s);

/*
 * Takes the text before the first `separator` off `rest` into `part`; `rest` is
 * what follows it. False when there is no separator: `part` is all of `rest`,
 * which becomes empty.
 */
bool str_cut(struct str *rest, char separator, struct str *part);

/* The next line without its LF or CRLF; false at the end of the text. */
bool str_line(struct str *rest, struct str *line);

/* A decimal number of the whole slice, at most `max`; false for anything else. */
bool str_number(struct str s, uint64_t max, uint64_t *number);

/*
 * How many letters must be added, dropped, replaced or swapped with their neighbour to make one
 * word of the other: at most `most`, or most + 1 for anything farther (or over 64 bytes). For
 * "did you mean".
 */
unsigned str_distance(struct str a, struct str b, unsigned most);

/* Eight bytes a step; not for hostile keys in unbounded maps. Other versions may give others. */
uint64_t str_hash(struct str s);

#endif
