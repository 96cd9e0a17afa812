#include "document/long_paragraphs.h"

#include "document/lines.h"

#define MOST_LINES 2048 /* with as many brackets */

/* Whether so many lines stand together without a blank one: few texts have them. */
static bool may_be_long(struct str text)
{
	struct str line;
	size_t count = 0;
	if (text.len < 8 * MOST_LINES)
		return false;
	while (count < MOST_LINES && text.len > 0) {
		str_line(&text, &line);
		count = line.len > 0 ? count + 1 : 0;
	}
	return count == MOST_LINES;
}

static size_t count_brackets(struct str line)
{
	size_t count = 0;
	for (size_t at = 0; (at = str_find(line, ']', at)) != STR_NOT_FOUND; at++)
		count++;
	return count;
}

/* The line below the head of a table. */
static bool is_delimiter_row(struct str line)
{
	bool dashes = false;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];
		dashes = dashes || c == '-';
		if (c != '|' && c != '-' && c != ':' && !str_is_blank(c))
			return false;
	}
	return dashes;
}

struct str long_paragraphs_break(struct arena *arena, struct str text)
{
	if (!may_be_long(text))
		return text;
	struct line_scanner scanner = { .text = text };
	struct line line;
	struct buf out = { 0 };
	size_t done = 0, lines = 0, brackets = 0;
	bool in_table = false;
	while (lines_next(&scanner, &line)) {
		struct str content = str_sub(text, line.content, line.end);
		if (!line.continues) {
			lines = brackets = 0;
			in_table = false;
		}
		in_table = in_table || (lines == 1 && is_delimiter_row(content));
		if (lines >= MOST_LINES && brackets >= MOST_LINES && !in_table) {
			buf_add(&out, str_sub(text, done, line.start));
			lines_add_prefix(&scanner, 0, scanner.nopen, &out);
			buf_add_char(&out, '\n');
			done = line.start;
			lines = brackets = 0;
		}
		lines++;
		brackets += count_brackets(content);
	}
	if (done > 0) {
		buf_add(&out, str_skip(text, done));
		text = arena_str(arena, buf_str(&out));
	}
	buf_free(&out);
	return text;
}
