/*
 * search_index - the inside of a search: its database and what both halves of it share.
 *
 * search.c opens it, search_update.c makes it follow the catalogue, search_find.c answers.
 */
#ifndef CONTENT_SEARCH_INDEX_H
#define CONTENT_SEARCH_INDEX_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "content/search.h"

struct search {
	sqlite3 *db;
	pthread_mutex_t lock; /* one connection, used in turns: steps of an update, questions */
	struct str *slugs;    /* of the posts in the index, by row id; empty = no such row */
	size_t nslugs, slugs_capacity;
	struct arena arena; /* of the slugs */
	struct buf file;    /* empty: in memory */
};

bool index_run(sqlite3 *, const char *sql);

/* A statement to finalize. NULL, when there is no such table any more, is one that does nothing. */
sqlite3_stmt *index_prepare(sqlite3 *, const char *sql);
void index_bind(sqlite3_stmt *, int parameter, struct str text); /* borrowed until finalized */
struct str index_text(sqlite3_stmt *, int column);

/* Notes which post a row is; an empty slug: none. */
void index_remember(struct search *, int64_t id, struct str slug);

/* Whether the last call found that the file holds no whole database. */
bool index_is_damaged(const struct search *);

/* Throws the database away and makes an empty one in its place. */
bool index_open_anew(struct search *);

#endif
