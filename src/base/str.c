#include "base/str.h"

bool str_equal_nocase(struct str a, struct str b)
{
	return a.len == b.len && str_starts_nocase(a, b);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (str_lower(s.at[i]) != str_lower(prefix.at[i]))
			return false;
	return true;
}

int str_compare(struct str a, struct str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;
	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

size_t str_find(struct str s, char c, size_t from)
{
	if (from >= s.len)
		return STR_NOT_FOUND;
	const char *hit = memchr(s.at + from, c, s.len - from);
	return hit ? (size_t)(hit - s.at) : STR_NOT_FOUND;
}

size_t str_find_str(struct str s, struct str needle, size_t from)
{
	if (from > s.len)
		return STR_NOT_FOUND;
	if (needle.len == 0)
		return from;
	if (needle.len > s.len - from)
		return STR_NOT_FOUND;
	const char *hit = memmem(s.at + from, s.len - from, needle.at, needle.len);
	return hit ? (size_t)(hit - s.at) : STR_NOT_FOUND;
}

size_t str_find_last(struct str s, char c)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.at[i - 1] == c)
			return i - 1;
	return STR_NOT_FOUND;
}

struct str str_trim(struct str s)
{
	while (s.len > 0 && str_is_blank(s.at[0]))
		s = str_skip(s, 1);
	return str_trim_end(s);
}

struct str str_trim_end(struct str s)
{
	while (s.len > 0 && str_is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(struct str *rest, char separator, struct str *part)
{
	size_t at = str_find(*rest, separator, 0);
	*part = str_sub(*rest, 0, at);
	*rest = str_skip(*rest, at == STR_NOT_FOUND ? rest->len : at + 1);
	return at != STR_NOT_FOUND;
}

bool str_line(struct str *rest, struct str *line)
{
	if (rest->len == 0)
		return false;
	str_cut(rest, '\n', line);
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool str_number(struct str s, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!str_is_digit(s.at[i]))
			return false;
		unsigned digit = (unsigned)(s.at[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
		if (value > max)
			return false;
	}
	*number = value;
	return true;
}

#define HASH_FACTOR UINT64_C(0x9e3779b97f4a7c15)

static uint64_t hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * HASH_FACTOR;
	return hash ^ hash >> 32;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = s.len * HASH_FACTOR, word = 0;
	for (; s.len >= sizeof word; s.at += sizeof word, s.len -= sizeof word) {
		memcpy(&word, s.at, sizeof word);
		hash = hash_word(hash, word);
	}
	if (s.len > 0) {
		word = 0;
		memcpy(&word, s.at, s.len);
		hash = hash_word(hash, word);
	}
	return hash * HASH_FACTOR;
}

#define DISTANCE_MAX 64

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment, three rows of its table at a time. */
unsigned str_distance(struct str a, struct str b, unsigned most)
{
	size_t longer = a.len > b.len ? a.len : b.len, shorter = a.len + b.len - longer;
	if (longer - shorter > most || longer > DISTANCE_MAX)
		return most + 1;
	unsigned rows[3][DISTANCE_MAX + 1];
	for (size_t k = 0; k <= b.len; k++)
		rows[0][k] = (unsigned)k;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3],
			 *two_above = rows[(i + 1) % 3];
		unsigned least = row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.len; k++) {
			bool same = a.at[i - 1] == b.at[k - 1];
			row[k] = smaller(above[k - 1] + !same, smaller(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a.at[i - 1] == b.at[k - 2] &&
			    a.at[i - 2] == b.at[k - 1])
				row[k] = smaller(row[k], two_above[k - 2] + 1);
			least = smaller(least, row[k]);
		}
		/* A swap reaches over one row, so only the row before may hold less. */
		if (least > most + 1)
			return most + 1;
	}
	return smaller(rows[a.len % 3][b.len], most + 1);
}
