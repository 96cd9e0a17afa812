/*
 * What notebooks embed by its name, `![[photo.png|a cat]]`: an image is shown, a note is linked.
 * A number behind the bar is a width in pixels, which no line of text has. And links that look as
 * if they named a note, `[[1]](address)`.
 */
#include "document/prepass.h"
#include "document/survey.h"
#include "document/target.h"

static bool is_size(struct str words)
{
	for (size_t i = 0; i < words.len; i++)
		if (!str_is_digit(words.at[i]) && words.at[i] != 'x')
			return false;
	return true;
}

size_t prepass_embed(struct prepass *p, size_t at)
{
	struct str line = str_sub(p->text, 0, p->end), name, words = { 0 };
	bool escaped = at > 1 && line.at[at - 2] == '\\';
	if (at == p->at || escaped || !str_starts(str_skip(line, at - 1), STR("![[")))
		return 0;
	size_t end = at + 2; /* a name holds no bracket, so that no byte is looked at twice */
	while (end < line.len && line.at[end] != '[' && line.at[end] != ']')
		end++;
	if (!str_starts(str_skip(line, end), STR("]]")))
		return 0;
	struct str inside = str_sub(line, at + 2, end);
	if (str_cut(&inside, '|', &name))
		words = str_trim(inside);
	if (str_ends(name, STR("\\"))) /* in a cell */
		name.len--;
	name = str_trim(name);
	if (!target_is_image(name)) {
		prepass_cut(p, (struct cut){ .kind = CUT_NOTHING }, at - 1, at);
		return at;
	}
	struct cut cut = { .kind = CUT_IMAGE,
			   .text = name,
			   .info = is_size(words) ? STR("") : words };
	prepass_cut(p, cut, at - 1, end + 2);
	return end + 2;
}

/* Whether text behind `](` is a link's address, with its title or without: `(or so)` is none. */
static bool is_address(struct str rest)
{
	size_t at = 0, depth = 0;
	rest = str_trim(rest);
	if (str_starts(rest, STR("<"))) {
		size_t close = str_find(rest, '>', 1);
		at = close == STR_NOT_FOUND ? rest.len : close + 1;
	}
	for (; at < rest.len && !str_is_blank(rest.at[at]); at++) {
		depth += rest.at[at] == '(';
		if (rest.at[at] == ')' && depth-- == 0)
			return at > 0;
	}
	rest = str_trim(str_skip(rest, at));
	return at > 0 && depth == 0 && rest.len > 0 && strchr(")\"'", rest.at[0]) != NULL;
}

/* The inner brackets are escaped: md4c then sees a link as CommonMark does. */
size_t prepass_brackets(struct prepass *p, size_t at)
{
	struct str line = str_sub(p->text, 0, p->end);
	size_t end = survey_bracketed_words(line, at);
	if (end == 0 || !is_address(str_skip(line, end + 3)))
		return 0;
	buf_add(p->out, str_sub(line, p->at, at + 1));
	buf_add_char(p->out, '\\');
	buf_add(p->out, str_sub(line, at + 1, end));
	buf_add_char(p->out, '\\');
	p->at = end;
	return end;
}
