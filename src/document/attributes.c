#include "document/prepass.h"

#define LONGEST_LIST 500

/* The text from a brace on in which its list must end. */
static struct str near(const struct prepass *p, size_t at)
{
	return str_sub(p->text, 0, at + LONGEST_LIST < p->end ? at + LONGEST_LIST : p->end);
}

/* The length of `.class`, `#id` or `key="value"` at the start, or 0. */
static size_t attribute_length(struct str text)
{
	bool named = text.len > 1 && (text.at[0] == '.' || text.at[0] == '#');
	size_t end = named;
	while (end < text.len &&
	       (str_is_alpha(text.at[end]) || str_is_digit(text.at[end]) ||
		strchr("-_:", text.at[end]) != NULL || (text.at[end] & 0x80) != 0))
		end++;
	if (named || end == 0)
		return end > 1 ? end : 0;
	if (end + 1 >= text.len || text.at[end] != '=')
		return 0;
	char quote = text.at[++end];
	if (quote == '"' || quote == '\'') {
		end = str_find(text, quote, end + 1);
		return end == STR_NOT_FOUND ? 0 : end + 1;
	}
	while (end < text.len && !str_is_blank(text.at[end]))
		end++;
	return end;
}

/* Attributes and nothing else. */
static bool is_attributes(struct str inner)
{
	bool any = false;
	for (inner = str_trim(inner); inner.len > 0; inner = str_trim(inner)) {
		size_t length = attribute_length(inner);
		if (length == 0)
			return false;
		inner = str_skip(inner, length);
		any = true;
	}
	return any;
}

/*
 * {: .class #id key="value"} of kramdown, {#id} and {.class} of Hugo and pandoc. {:name} stands
 * alone or right behind what it belongs to: elsewhere it is somebody's code.
 */
static size_t attribute_list(const struct prepass *p, size_t at)
{
	size_t close = str_find(near(p, at), '}', at);
	if (close == STR_NOT_FOUND)
		return 0;
	struct str inner = str_sub(p->text, at + 1, close);
	if (str_starts(inner, STR(":")))
		return (at > 0 && !str_is_blank(p->text.at[at - 1])) ||
			       is_attributes(str_skip(inner, 1)) ||
			       prepass_is_alone(p, at, close + 1)
			   ? close + 1
			   : 0;
	bool behind_link = at > 0 && p->text.at[at - 1] == ')';
	if (behind_link && is_attributes(inner))
		return close + 1; /* pandoc's ![a](b.png){width=50%} */
	if (inner.len < 2 || (inner.at[0] != '#' && inner.at[0] != '.') ||
	    (!str_is_alpha(inner.at[1]) && (unsigned char)inner.at[1] < 0x80))
		return 0;
	for (size_t i = 0; i < inner.len; i++)
		if (strchr("{\\$()", inner.at[i]) != NULL)
			return 0;
	return close + 1;
}

/* Comments of Zola and Nunjucks. */
static size_t template_comment(const struct prepass *p, size_t at)
{
	if (!str_starts(str_skip(p->text, at), STR("{# ")))
		return 0;
	size_t close = str_find_str(near(p, at), STR("#}"), at);
	return close == STR_NOT_FOUND ? 0 : close + 2;
}

static bool is_list_line(struct str line)
{
	line = str_trim(line);
	size_t digits = 0;
	while (digits < line.len && str_is_digit(line.at[digits]))
		digits++;
	char mark = digits < line.len ? line.at[digits] : 0;
	return digits > 0 ? mark == '.' || mark == ')' : mark == '*' || mark == '-' || mark == '+';
}

/* {:toc} takes the list that it belongs to with it: the lines above up to a blank one. */
static void remove_list_above(struct prepass *p, size_t at)
{
	size_t start = p->out->len, first = start;
	bool is_list = false;
	buf_add(p->out, str_sub(p->text, p->at, at));
	p->at = at;
	start = p->out->len;
	while (start > 0) {
		size_t line = start;
		while (line > 0 && p->out->at[line - 1] != '\n')
			line--;
		struct str text = str_sub(buf_str(p->out), line, start);
		if (str_trim(text).len == 0 && start != p->out->len)
			break;
		if (is_list_line(text)) {
			is_list = true;
			first = line;
		}
		start = line > 0 ? line - 1 : 0;
	}
	if (is_list)
		p->out->len = first;
}

static bool is_contents(struct str inner)
{
	return str_find_str(inner, STR(":toc"), 0) != STR_NOT_FOUND ||
	       str_equal_nocase(str_trim(inner), STR(": toc"));
}

size_t prepass_attributes(struct prepass *p, size_t at)
{
	size_t to = template_comment(p, at);
	if (to == 0)
		to = attribute_list(p, at);
	if (to == 0)
		return 0;
	if (is_contents(str_sub(p->text, at + 1, to - 1)))
		remove_list_above(p, at);
	struct cut cut = { .kind = CUT_NOTHING };
	if (prepass_is_alone(p, at, to) && !p->line.has_mark)
		prepass_cut_block(p, cut, at, to);
	else
		prepass_cut(p, cut, at, to);
	return to;
}
