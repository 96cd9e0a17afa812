/*
 * Emphasis in scripts without blanks. CommonMark takes stars for text where a letter stands outside
 * and a punctuation mark inside, as in **词。**词: in other scripts a blank would stand there. A
 * cut that says nothing is a letter to md4c; beside the mark it lets the stars open and close.
 */
#include "base/utf8.h"
#include "document/prepass.h"
#include "document/survey.h"

size_t prepass_stars(struct prepass *p, size_t at)
{
	size_t start = at, end = at + 1;
	if (!survey_is_beside_other_scripts(p->text, at))
		return 0;
	while (start > p->at && p->text.at[start - 1] == '*')
		start--;
	while (end < p->end && p->text.at[end] == '*')
		end++;
	if (start <= p->line.content || end >= p->end)
		return end;
	uint32_t before = utf8_last(str_sub(p->text, p->line.content, start)), after;
	utf8_decode(str_sub(p->text, end, p->end), &after);
	struct cut nothing = { .kind = CUT_NOTHING };
	if (utf8_is_punctuation(before) && utf8_is_unspaced(after))
		prepass_cut(p, nothing, start, start);
	else if (utf8_is_unspaced(before) && utf8_is_punctuation(after))
		prepass_cut(p, nothing, end, end);
	return end;
}
