/*
 * search_question - what a reader typed, taken apart.
 *
 *	struct search_question question;
 *	search_question_read(&arena, STR("\"deep learning\" -hype year:2020"), &question);
 *	question.match     // FTS5: "deep learning"
 *	question.excluded  // FTS5: "hype"
 *	question.year      // 2020
 */
#ifndef CONTENT_SEARCH_QUESTION_H
#define CONTENT_SEARCH_QUESTION_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Longer questions and further words are not looked at. Three hundred bytes are a thousand in a
 * link to the next page, and a request in Gemini has no more.
 */
#define QUESTION_MAX_BYTES 300
#define QUESTION_MAX_WORDS 32

struct search_question {
	struct str match;                     /* an FTS5 expression: all of the words */
	struct str words[QUESTION_MAX_WORDS]; /* those that must occur, as they were typed */
	size_t nwords;
	bool last_may_go_on;        /* the last of them is also the beginning of longer ones */
	struct str excluded;        /* an FTS5 expression: any of the words that must not */
	struct str series, keyword; /* slugs; empty = any */
	int32_t year;               /* 0 = any */
};

/* The part of a question that is looked at; ends between two characters. */
struct str search_question_cut(struct str text);

/* Any bytes are a question. Slices live in the arena. */
void search_question_read(struct arena *, struct str text, struct search_question *);

#endif
