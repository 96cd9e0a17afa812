#include "content/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "content/search_index.h"
#include "content/search_question.h"
#include "content/search_tokens.h"

/* Grows when the tables or the tokens change: an index of another version is made anew. */
#define INDEX_VERSION  1
#define APPLICATION_ID 0x50657269 /* "Peri" */
#define STEP_POSTS     16         /* posts a transaction: how long a question may have to wait */
#define MAX_HITS       20000

static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -1024;"
    "PRAGMA temp_store = MEMORY;"
    "CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, identity TEXT);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS posts USING fts5"
    "    (title, keywords, description, text, tokenize = 'perigee');";

bool index_run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

sqlite3_stmt *index_prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	return statement; /* NULL is a statement that every sqlite3_ function takes and refuses */
}

void index_bind(sqlite3_stmt *statement, int column, struct str text)
{
	sqlite3_bind_text(statement, column, text.len ? text.at : "", (int)text.len, SQLITE_STATIC);
}

struct str index_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	return (struct str){ text ? text : "", (size_t)sqlite3_column_bytes(statement, column) };
}

static int64_t ask_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = index_prepare(db, sql);
	int64_t number =
	    sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return number;
}

/* --- opening --- */

static void close_db(struct search *s)
{
	sqlite3_close(s->db);
	s->db = NULL;
}

void index_remember(struct search *s, int64_t id, struct str slug)
{
	if (id < 0 || id > INT32_MAX)
		return;
	while (s->nslugs <= (size_t)id) {
		s->slugs = memory_grow(s->slugs, s->nslugs, &s->slugs_capacity, sizeof *s->slugs);
		s->slugs[s->nslugs++] = (struct str){ 0 };
	}
	s->slugs[id] = slug.len > 0 ? arena_str(&s->arena, slug) : (struct str){ 0 };
}

static bool read_slugs(struct search *s)
{
	sqlite3_stmt *rows = index_prepare(s->db, "SELECT id, slug FROM files");
	int result;
	while ((result = sqlite3_step(rows)) == SQLITE_ROW)
		index_remember(s, sqlite3_column_int64(rows, 0), index_text(rows, 1));
	sqlite3_finalize(rows);
	return result == SQLITE_DONE;
}

/*
 * False for a file that is not ours or not of this version. It is not looked through, which would
 * read all of it before the server is ready: who meets damage mends it.
 */
static bool open_db(struct search *s)
{
	const char *name = s->file.len > 0 ? buf_c(&s->file) : ":memory:";
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	char stamp[96];
	snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION_ID, INDEX_VERSION);
	if (sqlite3_open_v2(name, &s->db, flags, NULL) != SQLITE_OK ||
	    !search_tokens_register(s->db))
		return false;
	bool is_new = ask_number(s->db, "SELECT count(*) FROM sqlite_master") == 0;
	if (is_new)
		return index_run(s->db, stamp) && index_run(s->db, schema);
	return ask_number(s->db, "PRAGMA application_id") == APPLICATION_ID &&
	       ask_number(s->db, "PRAGMA user_version") == INDEX_VERSION &&
	       index_run(s->db, schema) && read_slugs(s);
}

static void remove_files(struct search *s)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
	struct buf name = { 0 };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		buf_clear(&name);
		buf_add(&name, buf_str(&s->file));
		buf_add(&name, str_from(endings[i]));
		unlink(buf_c(&name));
	}
	buf_free(&name);
}

bool index_is_damaged(const struct search *s)
{
	int reason = sqlite3_errcode(s->db) & 0xff;
	return reason == SQLITE_CORRUPT || reason == SQLITE_NOTADB;
}

bool index_open_anew(struct search *s)
{
	close_db(s);
	s->nslugs = 0;
	arena_clear(&s->arena);
	if (s->file.len > 0)
		remove_files(s);
	return open_db(s);
}

struct search *search_open(struct str cache_file, struct fault *fault)
{
	struct search *s = memory_new(sizeof *s);
	pthread_mutex_init(&s->lock, NULL);
	buf_add(&s->file, cache_file);
	if (open_db(s) || index_open_anew(s))
		return s;
	fault_set(fault, cache_file, 0, 0, "cannot make the search index: %s",
		  sqlite3_errmsg(s->db));
	search_close(s);
	return NULL;
}

void search_close(struct search *s)
{
	if (s == NULL)
		return;
	close_db(s);
	pthread_mutex_destroy(&s->lock);
	arena_free(&s->arena);
	buf_free(&s->file);
	free(s->slugs);
	free(s);
}

uint64_t search_bytes(struct search *s)
{
	pthread_mutex_lock(&s->lock);
	int64_t pages = ask_number(s->db, "PRAGMA page_count");
	int64_t size = ask_number(s->db, "PRAGMA page_size");
	pthread_mutex_unlock(&s->lock);
	return pages > 0 && size > 0 ? (uint64_t)(pages * size) : 0;
}

/* --- questions --- */

struct candidate {
	uint32_t post;
	int64_t id;  /* of its row; 0 = not known */
	double rank; /* less is better */
};

struct candidates {
	struct candidate *at;
	size_t count, capacity;
};

/* The next update fills it again, that of the next start at the latest. */
static void give_up_damaged(struct search *s)
{
	struct fault fault;
	fault_set(&fault, buf_str(&s->file), 0, 0, "the search index is damaged: made anew");
	log_fault(LOG_WARNING, &fault);
	index_open_anew(s);
}

static bool passes_filters(const struct catalogue *c, uint32_t index,
			   const struct search_question *q)
{
	const struct post *post = &c->posts[index];
	if (q->year != 0 && post->date.year != q->year)
		return false;
	if (q->series.len > 0 &&
	    (post->series == NO_INDEX || !str_equal(c->series[post->series].slug, q->series)))
		return false;
	if (q->keyword.len == 0)
		return true;
	for (uint32_t i = 0; i < post->nkeywords; i++)
		if (str_equal(c->keywords[c->post_keywords[post->first_keyword + i]].slug,
			      q->keyword))
			return true;
	return false;
}

static void add_candidate(struct candidates *list, struct arena *arena, struct candidate candidate)
{
	list->at = arena_grow(arena, list->at, list->count, &list->capacity, sizeof *list->at);
	list->at[list->count++] = candidate;
}

/* Rows of an FTS5 expression; with `ranked` false only which posts they are. */
static void match_rows(struct search *s, const struct catalogue *c, struct str match, bool ranked,
		       struct arena *arena, struct candidates *list)
{
	sqlite3_stmt *rows = index_prepare(
	    s->db, ranked ? "SELECT rowid, bm25(posts, 10.0, 5.0, 3.0, 1.0) FROM posts"
			    " WHERE posts MATCH ?1 ORDER BY rowid DESC LIMIT ?2"
			  : "SELECT rowid, 0 FROM posts WHERE posts MATCH ?1 LIMIT ?2");
	index_bind(rows, 1, match);
	sqlite3_bind_int(rows, 2, MAX_HITS);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(rows, 0);
		if (id < 0 || (size_t)id >= s->nslugs)
			continue;
		const struct post *post = catalogue_post(c, s->slugs[id]);
		struct candidate candidate = { .id = id, .rank = sqlite3_column_double(rows, 1) };
		if (post == NULL)
			continue;
		candidate.post = (uint32_t)(post - c->posts);
		add_candidate(list, arena, candidate);
	}
	sqlite3_finalize(rows);
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->rank < y->rank || x->rank > y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->post > y->post) - (x->post < y->post); /* posts[] is newest first */
}

/* Everything in the catalogue, for questions that only narrow. */
static void all_posts(const struct catalogue *c, struct arena *arena, struct candidates *list)
{
	for (uint32_t i = 0; i < c->nposts; i++)
		add_candidate(list, arena, (struct candidate){ .post = i });
}

static void keep_passing(const struct catalogue *c, const struct search_question *q,
			 const struct candidates *excluded, struct arena *arena,
			 struct candidates *list)
{
	char *out = arena_get(arena, c->nposts + 1);
	for (size_t i = 0; i < excluded->count; i++)
		out[excluded->at[i].post] = 1;
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!out[list->at[i].post] && passes_filters(c, list->at[i].post, q))
			list->at[kept++] = list->at[i];
	list->count = kept;
}

static struct str context_of(struct search *s, struct str match, const struct candidate *candidate,
			     struct arena *arena)
{
	struct str context = { 0 };
	sqlite3_stmt *row =
	    index_prepare(s->db, "SELECT snippet(posts, 3, '', '', '…', 20) FROM posts"
				 " WHERE posts MATCH ?1 AND rowid = ?2");
	index_bind(row, 1, match);
	sqlite3_bind_int64(row, 2, candidate->id);
	if (sqlite3_step(row) == SQLITE_ROW) {
		struct buf line = { 0 };
		utf8_clean_line(&line, index_text(row, 0));
		context = arena_str(arena, buf_str(&line));
		buf_free(&line);
	}
	sqlite3_finalize(row);
	return context;
}

static void fill_result(struct search *s, const struct catalogue *c, struct str match,
			const struct candidates *list, uint32_t first, uint32_t most,
			struct arena *arena, struct search_result *result)
{
	result->total = (uint32_t)list->count;
	if (first >= list->count)
		return;
	result->nhits = result->total - first < most ? result->total - first : most;
	result->hits = ARENA_ARRAY(arena, struct search_hit, result->nhits);
	for (uint32_t i = 0; i < result->nhits; i++) {
		const struct candidate *candidate = &list->at[first + i];
		result->hits[i].post = candidate->post;
		result->hits[i].context = match.len > 0 ? context_of(s, match, candidate, arena)
							: c->posts[candidate->post].description;
	}
}

void search_find(struct search *s, const struct catalogue *c, struct str text, uint32_t first,
		 uint32_t most, struct arena *arena, struct search_result *result)
{
	struct search_question question;
	struct candidates list = { 0 }, excluded = { 0 };
	*result = (struct search_result){ 0 };
	search_question_read(arena, text, &question);
	bool narrows = question.series.len > 0 || question.keyword.len > 0 || question.year != 0 ||
		       question.excluded.len > 0;

	pthread_mutex_lock(&s->lock);
	if (question.excluded.len > 0)
		match_rows(s, c, question.excluded, false, arena, &excluded);
	if (question.match.len > 0)
		match_rows(s, c, question.match, true, arena, &list);
	else if (narrows)
		all_posts(c, arena, &list);
	keep_passing(c, &question, &excluded, arena, &list);
	if (list.count > 1)
		qsort(list.at, list.count, sizeof *list.at, by_rank);
	fill_result(s, c, question.match, &list, first, most, arena, result);
	if (index_is_damaged(s))
		give_up_damaged(s);
	pthread_mutex_unlock(&s->lock);
}
