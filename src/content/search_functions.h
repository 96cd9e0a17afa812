/*
 * search_functions - what the search has the engine work out while it walks over rows.
 *
 * `weight(posts)` is BM25 of each column by itself: a word counts ten times in a title, five in
 * keywords, three in a description, however often the text repeats it (FTS5's own bm25() adds up
 * first, then the text wins). It looks at wanted rows alone, does not walk through all rows of
 * each word before the first answer, asks for no row to know how long it is, and its work has a
 * limit: behind it every row weighs 0. Rows in which the words of a phrase stand apart are
 * not wanted.
 *
 *	struct weighing weighing = { .question = &question, .length = length_of };
 *	search_functions_register(engine, &weighing);     // once; set anew for each question
 *	SELECT rowid, weight(posts) FROM posts WHERE posts MATCH ?1
 */
#ifndef CONTENT_SEARCH_FUNCTIONS_H
#define CONTENT_SEARCH_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "content/search_question.h"

/* The question that is being answered. */
struct weighing {
	const struct search_question *question;
	struct pair_rows rows; /* that may hold all phrases */
	/* How long a post's text is, 1 being usual; negative: it is not wanted, its weight is NULL.
	 */
	double (*length)(void *context, int64_t id);
	void *context;

	/* Of the functions: to be empty at the beginning. */
	bool is_ready;
	size_t work;                       /* occurrences looked at so far */
	int first;                         /* token of the last row's text that answers; or -1 */
	double rarity[QUESTION_MAX_WORDS]; /* of each phrase: BM25's idf */
};

/*
 * Makes the functions known to a connection's engine; `weighing` lives as long as that. False also
 * where there is no engine.
 */
bool search_functions_register(fts5_api *, struct weighing *);

#endif
