/*
 * search_tokens - the words of every script, for FTS5.
 *
 * SQLite's unicode61 takes a run of Chinese or Japanese for one word. This tokenizer asks
 * unicode61 (diacritics removed) and cuts such runs into overlapping pairs of characters, so
 * that any two neighbours are found; the last character of a run is a token of its own too. Other
 * words are told apart neither by case nor by marks nor by letters that a keyboard may lack:
 * `duong` is Đường, `strasse` is Straße.
 */
#ifndef CONTENT_SEARCH_TOKENS_H
#define CONTENT_SEARCH_TOKENS_H

#include <sqlite3.h>
#include <stdbool.h>

/* Makes the tokenizer "perigee" known to a connection. False when its SQLite lacks FTS5. */
bool search_tokens_register(sqlite3 *);

/* What FTS5 lets programs add to it; NULL when this SQLite lacks it. */
fts5_api *search_tokens_engine(sqlite3 *);

#endif
