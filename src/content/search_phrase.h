/*
 * search_phrase - where a phrase stands in a row of the engine.
 *
 * FTS5 compares the places of a phrase's words in every row that holds them, three times as slowly
 * as it finds these rows. So it is asked for rows that hold all of the words, each a phrase of
 * FTS5 by itself, and which of them stand side by side is seen here, in wanted rows alone.
 *
 *	struct phrase_walk walk;
 *	for (bool on = phrase_first(&walk, api, row, phrase); on; on = phrase_next(&walk))
 *		often[walk.words[0].column]++;
 */
#ifndef CONTENT_SEARCH_PHRASE_H
#define CONTENT_SEARCH_PHRASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "content/search_question.h"

struct phrase_walk {
	const Fts5ExtensionApi *api;
	Fts5Context *row;
	size_t nwords;
	struct phrase_word {
		Fts5PhraseIter rest;
		int column, offset; /* of this occurrence; column -1: there are no more */
	} words[QUESTION_MAX_TOKENS];
};

/* The first occurrence in the row that the engine stands at. False: there is none. */
bool phrase_first(struct phrase_walk *, const Fts5ExtensionApi *, Fts5Context *row, struct phrase);
bool phrase_next(struct phrase_walk *);

#endif
