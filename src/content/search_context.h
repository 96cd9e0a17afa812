/*
 * search_context - one line of a post around the words that were found in it.
 *
 *	struct search_context context;
 *	search_context_begin(&context, search, &question, &arena);
 *	line = search_context_of(&context, id, token);
 *	search_context_end(&context);
 */
#ifndef CONTENT_SEARCH_CONTEXT_H
#define CONTENT_SEARCH_CONTEXT_H

#include "content/search_index.h"
#include "content/search_question.h"

struct context_word {
	struct str text;
	bool may_go_on;
};

struct search_context {
	struct search *search;
	const struct search_question *question;
	struct arena *arena;
	struct context_word words[QUESTION_MAX_WORDS]; /* the longest first */
	sqlite3_stmt *text;                            /* of a row */
};

void search_context_begin(struct search_context *, struct search *, const struct search_question *,
			  struct arena *);

/*
 * Clean, one line, in the arena; empty when no word stands in the text of this row. `token` is the
 * number of one that does, for words that look otherwise there; -1: not known.
 */
struct str search_context_of(struct search_context *, int64_t id, int token);

void search_context_end(struct search_context *);

#endif
