#include "content/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "content/search_index.h"
#include "content/search_tokens.h"

/* Grows when the tables or the tokens change: an index of another version is made anew. */
#define INDEX_VERSION  1
#define APPLICATION_ID 0x50657269 /* "Peri" */

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
