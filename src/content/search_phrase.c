#include "content/search_phrase.h"

static void word_next(struct phrase_walk *walk, struct phrase_word *word)
{
	walk->api->xPhraseNext(walk->row, &word->rest, &word->column, &word->offset);
}

/* Less than 0: the word stands before the place at which it continues the first one. */
static int compare(const struct phrase_walk *walk, size_t i)
{
	const struct phrase_word *first = &walk->words[0], *word = &walk->words[i];
	if (word->column != first->column)
		return word->column < first->column ? -1 : 1;
	return word->offset - first->offset - (int)i;
}

/* From where they are to the next place at which they follow one another. */
static bool align(struct phrase_walk *walk)
{
	for (size_t i = 1; i < walk->nwords && walk->words[0].column >= 0;) {
		int order = compare(walk, i);
		if (order == 0) {
			i++;
		} else if (order < 0) {
			word_next(walk, &walk->words[i]);
			if (walk->words[i].column < 0)
				return false;
		} else {
			word_next(walk, &walk->words[0]);
			i = 1;
		}
	}
	return walk->words[0].column >= 0;
}

bool phrase_first(struct phrase_walk *walk, const Fts5ExtensionApi *api, Fts5Context *row,
		  struct phrase phrase)
{
	walk->api = api;
	walk->row = row;
	walk->nwords = phrase.nwords;
	for (size_t i = 0; i < phrase.nwords; i++) {
		struct phrase_word *word = &walk->words[i];
		if (api->xPhraseFirst(row, (int)(phrase.first + i), &word->rest, &word->column,
				      &word->offset) != SQLITE_OK ||
		    word->column < 0)
			return false;
	}
	return align(walk);
}

bool phrase_next(struct phrase_walk *walk)
{
	word_next(walk, &walk->words[0]);
	return align(walk);
}
