/*
 * search_tokens - the words of every script, for FTS5.
 *
 * SQLite's unicode61 takes a run of Chinese, Japanese or Thai for one word, and a Korean word with
 * its particles for another. This tokenizer asks
 * unicode61 (diacritics removed) and cuts such runs into overlapping pairs of characters, so
 * that any two neighbours are found; the last character of a run is a token of its own too. Other
 * words are told apart neither by case nor by marks nor by letters that a keyboard may lack:
 * `duong` is Đường, `strasse` is Straße.
 */
#ifndef CONTENT_SEARCH_TOKENS_H
#define CONTENT_SEARCH_TOKENS_H

#include <sqlite3.h>
#include <stdbool.h>

#include "content/search_pairs.h"

/*
 * Makes the tokenizer "perigee" known to a connection. False when its SQLite lacks FTS5. What it
 * cuts of documents, not of questions, is put into `pairs`, which lives as long as the connection.
 */
bool search_tokens_register(sqlite3 *, struct pair_set *pairs);

struct search_tokens {
	struct str *at; /* room for `most` */
	size_t count, most;
	struct pair_set *pairs; /* to be added to */
};

/*
 * The tokens of a question's text as the slices they were made of: each of them by itself is that
 * one token again. Of a text that `goes_on` the last token is in no pair.
 */
void search_tokens_split(fts5_api *engine, struct str text, bool goes_on, struct search_tokens *);

/* The byte at which the token begins that has `before` others before it; STR_NOT_FOUND: there is
 * none. */
size_t search_tokens_place(fts5_api *engine, struct str text, int before);

/* What FTS5 lets programs add to it; NULL when this SQLite lacks it. */
fts5_api *search_tokens_engine(sqlite3 *);

#endif
