/*
 * What notebooks embed by its name, `![[photo.png|a cat]]`: an image is shown, a note is linked.
 * A number behind the bar is a width in pixels, which no line of text has.
 */
#include "document/prepass.h"
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
