/*
 * search_question - what a reader typed, taken apart.
 *
 *	struct search_question question;
 *	search_question_read(&arena, engine, STR("\"deep learning\" -hype year:2020"), &question);
 *	question.match     // FTS5: "deep" AND "learning", which form question.phrases[0]
 *	question.excluded  // FTS5: "hype"
 *	question.year      // 2020
 */
#ifndef CONTENT_SEARCH_QUESTION_H
#define CONTENT_SEARCH_QUESTION_H

#include "base/arena.h"
#include "base/str.h"
#include "content/search_tokens.h"

/*
 * Longer questions and further words are not looked at. Three hundred bytes are a thousand in a
 * link to the next page, and a request in Gemini has no more.
 */
#define QUESTION_MAX_BYTES 300
#define QUESTION_MAX_WORDS 32

/* Each token but the last has a character and something that parts it from the next. */
#define QUESTION_MAX_TOKENS (QUESTION_MAX_BYTES / 2)

/* Tokens of `match` that have to follow one another; of a plain word there is one. */
struct phrase {
	size_t first, nwords;
};

struct search_question {
	struct str match;                          /* an FTS5 expression: all tokens of the words */
	struct str words[QUESTION_MAX_WORDS];      /* those that must occur, as they were typed */
	struct phrase phrases[QUESTION_MAX_WORDS]; /* the tokens of each */
	size_t nwords;
	struct pair_set pairs;      /* neighbours in phrases */
	bool last_may_go_on;        /* the last of them is also the beginning of longer ones */
	struct str excluded;        /* an FTS5 expression: any of the words that must not */
	struct str series, keyword; /* slugs; empty = any */
	int32_t year;               /* 0 = any */
};

/* The part of a question that is looked at; ends between two characters. */
struct str search_question_cut(struct str text);

/* Any bytes are a question. Slices live in the arena; `engine` knows our tokenizer. */
void search_question_read(struct arena *, fts5_api *engine, struct str text,
			  struct search_question *);

#endif
