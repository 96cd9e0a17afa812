/*
 * search_index - the inside of a search: its database and what its parts share.
 *
 * search.c opens it, search_update.c makes it follow the catalogue, search_find.c answers;
 * search_context.c shows where the words stand.
 *
 * A file has two connections: who asks sees the last whole step and never waits for the next one.
 * In memory there is one, used in turns.
 */
#ifndef CONTENT_SEARCH_INDEX_H
#define CONTENT_SEARCH_INDEX_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "content/search.h"
#include "content/search_functions.h"

/* What is known of a row without asking for it. */
struct indexed {
	struct str slug; /* empty: there is no such row */
	uint32_t bytes;  /* of the text: how long it is against others */
};

struct search {
	sqlite3 *writer, *reader; /* one and the same in memory */
	fts5_api *engine;         /* of the reader */
	struct pair_set pairs;    /* of what the writer's tokenizer has seen */
	struct buf file;          /* empty: in memory */
	atomic_bool is_damaged;   /* somebody found that the file holds no whole index of ours */

	/* Locked in this order. */
	pthread_mutex_t updating; /* whoever uses the writer of a file */
	pthread_mutex_t lock; /* of all that follows, of the reader, and so of what is in memory */
	int64_t patience, deadline; /* ns of processor time: for a question; its end */
	bool is_cut;                /* it had to */
	struct indexed *posts;      /* by row id */
	size_t nposts, posts_capacity;
	uint64_t total_bytes, nrows; /* of all posts in the index; of how many */
	struct arena arena;          /* of the slugs */
	struct weighing weighing;    /* of the question that is being answered */
};

bool index_run(sqlite3 *, const char *sql);

/* A statement to finalize. NULL, when there is no such table any more, is one that does nothing. */
sqlite3_stmt *index_prepare(struct search *, sqlite3 *, const char *sql);
void index_bind(sqlite3_stmt *, int parameter, struct str text); /* borrowed until finalized */
struct str index_text(sqlite3_stmt *, int column);

/* Whether there is another row; damage is noted. */
bool index_next(struct search *, sqlite3_stmt *);

/* Runs a statement that gives no rows and makes it ready for the next time. */
bool index_execute(struct search *, sqlite3_stmt *);

/*
 * What is asked in between is given up when it takes too long. The engine asks for the time
 * whenever it needs another piece of its lists, also when nothing matches. True when something was
 * given up.
 */
void index_begin_question(struct search *);
bool index_end_question(struct search *);

/* Notes what a row is; an empty slug: there is none any more. */
void index_remember(struct search *, int64_t id, struct str slug, uint32_t bytes);

/*
 * Throws the database away and makes an empty one in its place. Both locks are held. The next
 * update fills it again, that of the next start at the latest.
 */
bool index_give_up_damaged(struct search *);

#endif
