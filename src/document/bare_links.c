#include "document/bare_links.h"

#include "base/bytes.h"
#include "document/lines.h"

#define STEPS_PER_BYTE 64
#define STEPS_OF_SMALL (64 * 1024)
#define BYTES_PER_MARK 32 /* of prose; what md4c passes over on its way to a paragraph's end */

/* The next places where an address may be, one of each sort; STR_NOT_FOUND = no more. */
struct candidates {
	struct str text;
	size_t colon, dot;
};

/* The colon of `://`. */
static size_t next_colon(struct str text, size_t at)
{
	while ((at = str_find(text, ':', at)) != STR_NOT_FOUND &&
	       !str_starts(str_skip(text, at), STR("://")))
		at++;
	return at;
}

/* The dot of `www.` */
static size_t next_dot(struct str text, size_t at)
{
	while ((at = str_find(text, '.', at)) != STR_NOT_FOUND &&
	       !str_ends(str_sub(text, 0, at), STR("www")))
		at++;
	return at;
}

static struct candidates look_for(struct str text)
{
	return (struct candidates){ text, next_colon(text, 0), next_dot(text, 0) };
}

static size_t take(struct candidates *c)
{
	size_t at = c->colon < c->dot ? c->colon : c->dot;
	if (at == STR_NOT_FOUND)
		return at;
	if (at == c->colon)
		c->colon = next_colon(c->text, at + 1);
	else
		c->dot = next_dot(c->text, at + 1);
	return at;
}

/* Steps to the ends of the words that addresses stand in; *count of them. */
static uint64_t steps_in_words(struct str text, uint64_t *count)
{
	struct candidates candidates = look_for(text);
	uint64_t steps = 0;
	size_t end = 0, at;
	for (*count = 0; (at = take(&candidates)) != STR_NOT_FOUND; ++*count) {
		if (end < at)
			end = at;
		while (end < text.len && !str_is_blank(text.at[end]))
			end++;
		steps += end - at;
	}
	return steps;
}

/* Steps to the ends of paragraphs; a row of a table is one. */
static uint64_t steps_in_paragraphs(struct str text)
{
	struct line_scanner scanner = { .text = text };
	struct line line;
	struct candidates candidates = look_for(text);
	size_t at = take(&candidates);
	uint64_t steps = 0, length = 0, count = 0;
	while (lines_next(&scanner, &line)) {
		bool is_row = line.content < line.end && text.at[line.content] == '|';
		if (!line.continues || is_row) {
			steps += count * length / BYTES_PER_MARK;
			length = count = 0;
		}
		length += line.end - line.start;
		for (; at < line.end; at = take(&candidates))
			count += line.kind == LINE_TEXT || line.kind == LINE_HEADING;
	}
	return steps + count * length / BYTES_PER_MARK;
}

/* No fewer than there are candidates, sixteen bytes at once: of nearly all texts that is enough. */
static uint64_t at_most(struct str text)
{
	uint64_t count = 1;
	for (size_t at = 0; at + BYTES_AT_ONCE < text.len; at += BYTES_AT_ONCE) {
		struct bytes b = bytes_load(text.at + at), next = bytes_load(text.at + at + 1);
		struct bytes found = { ((b.all == ':') & (next.all == '/')) |
				       ((b.all == 'w') & (next.all == '.')) };
		if (bytes_any(found))
			count += (uint64_t)__builtin_popcount(bytes_bits(found));
	}
	return count + BYTES_AT_ONCE; /* in the last ones */
}

bool bare_links_are_affordable(struct str text)
{
	uint64_t most = (uint64_t)text.len * STEPS_PER_BYTE + STEPS_OF_SMALL, count;
	if (at_most(text) * (text.len + text.len / BYTES_PER_MARK) <= most)
		return true;
	uint64_t steps = steps_in_words(text, &count);
	if (steps + count * text.len / BYTES_PER_MARK <= most)
		return true;
	return steps + steps_in_paragraphs(text) <= most;
}
