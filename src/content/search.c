#include "content/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "content/search_index.h"
#include "content/search_tokens.h"
#include "content/search_way.h"

/* Grows when the tables or the tokens change: an index of another version is made anew. */
#define INDEX_VERSION  5
#define CLOCK_STEPS    400        /* of the engine, between two looks at the clock */
#define PATIENCE       25         /* ms */
#define APPLICATION_ID 0x50657269 /* "Peri" */

/*
 * `posts` answers; `heads` holds the same posts without their text, for questions that nearly every
 * text answers. Beginnings of words have three letters at least (search_question), so that one
 * list answers the shortest. `pairs` is search_pairs'.
 */
static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA cache_size = -1024;"
    "PRAGMA temp_store = MEMORY;"
    "CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, slug TEXT UNIQUE, identity TEXT, "
    "bytes INTEGER);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS posts USING fts5"
    "    (title, keywords, description, text, tokenize = 'perigee', prefix = 3, columnsize = 0);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS heads USING fts5"
    "    (title, keywords, description, tokenize = 'perigee', prefix = 3, columnsize = 0);"
    "CREATE TABLE IF NOT EXISTS pairs (place INTEGER PRIMARY KEY, bits BLOB);";

/* Of a new index, which keeps them: lists are joined later, for they are joined again at the end.
 */
static const char lasting_settings[] = "INSERT INTO posts (posts, rank) VALUES ('automerge', 8);";

static const char reader_settings[] = "PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY;";

bool index_run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void note_damage(struct search *s, int result)
{
	int reason = result & 0xff; /* of an extended one */
	if (reason == SQLITE_CORRUPT || reason == SQLITE_NOTADB)
		atomic_store(&s->is_damaged, true);
}

sqlite3_stmt *index_prepare(struct search *s, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	/* There is no error in what we ask: a table is missing. */
	note_damage(s, result == SQLITE_ERROR ? SQLITE_CORRUPT : result);
	return statement; /* NULL is a statement that every sqlite3_ function takes and refuses */
}

bool index_next(struct search *s, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	note_damage(s, result);
	return result == SQLITE_ROW;
}

bool index_execute(struct search *s, sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	note_damage(s, result);
	sqlite3_reset(statement);
	return result == SQLITE_DONE;
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
	sqlite3_stmt *statement = NULL;
	sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	int64_t number =
	    sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return number;
}

/* --- opening --- */

static void close_db(struct search *s)
{
	if (s->reader != s->writer)
		sqlite3_close(s->reader);
	sqlite3_close(s->writer);
	s->writer = s->reader = NULL;
	s->engine = NULL;
}

void index_remember(struct search *s, int64_t id, struct str slug, uint32_t bytes)
{
	if (id < 0 || id > INT32_MAX)
		return;
	while (s->nposts <= (size_t)id) {
		s->posts = memory_grow(s->posts, s->nposts, &s->posts_capacity, sizeof *s->posts);
		s->posts[s->nposts++] = (struct indexed){ 0 };
	}
	struct indexed *post = &s->posts[id];
	s->total_bytes += bytes - (uint64_t)post->bytes;
	s->nrows += (slug.len > 0 ? 1u : 0u) - (uint64_t)(post->slug.len > 0 ? 1 : 0);
	if (!str_equal(post->slug, slug))
		post->slug = arena_str(&s->arena, slug);
	post->bytes = bytes;
}

static bool read_posts(struct search *s)
{
	sqlite3_stmt *rows = index_prepare(s, s->writer, "SELECT id, slug, bytes FROM files");
	while (index_next(s, rows))
		index_remember(s, sqlite3_column_int64(rows, 0), index_text(rows, 1),
			       (uint32_t)sqlite3_column_int64(rows, 2));
	sqlite3_finalize(rows);
	return !atomic_load(&s->is_damaged);
}

/*
 * False for a file that is not ours, not of this version or not to be written. It is not looked
 * through, which would read all of it before the server is ready: who meets damage mends it.
 */
static bool open_writer(struct search *s, const char *name)
{
	/* A count of memory takes a lock at each allocation: 7 % of a question. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	char stamp[128];
	/* No file of the first start waits for the disk: what a crash leaves is made anew. */
	snprintf(stamp, sizeof stamp,
		 "PRAGMA synchronous = OFF; PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION_ID, INDEX_VERSION);
	if (sqlite3_open_v2(name, &s->writer, flags, NULL) != SQLITE_OK ||
	    sqlite3_db_readonly(s->writer, "main") != 0 ||
	    !search_tokens_register(s->writer, &s->pairs))
		return false;
	/* In memory it is locked while it is written: who waits for it would wait longer. */
	if (s->file.len > 0)
		search_way_offer(s->writer);
	bool is_new = ask_number(s->writer, "SELECT count(*) FROM sqlite_master") == 0;
	if (is_new)
		return index_run(s->writer, stamp) && index_run(s->writer, schema) &&
		       index_run(s->writer, lasting_settings);
	return ask_number(s->writer, "PRAGMA application_id") == APPLICATION_ID &&
	       ask_number(s->writer, "PRAGMA user_version") == INDEX_VERSION &&
	       index_run(s->writer, schema) && read_posts(s);
}

static int64_t processor_time(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int is_late(void *context)
{
	struct search *s = context;
	s->is_cut = s->is_cut || processor_time() > s->deadline;
	return s->is_cut;
}

void index_begin_question(struct search *s)
{
	s->is_cut = false;
	s->deadline = processor_time() + s->patience;
	sqlite3_progress_handler(s->reader, CLOCK_STEPS, is_late, s);
}

bool index_end_question(struct search *s)
{
	sqlite3_progress_handler(s->reader, 0, NULL, NULL);
	return s->is_cut;
}

static bool open_reader(struct search *s, const char *name)
{
	if (s->file.len == 0)
		s->reader = s->writer;
	else if (sqlite3_open_v2(name, &s->reader, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
				 NULL) != SQLITE_OK ||
		 !search_tokens_register(s->reader, &s->pairs) ||
		 !index_run(s->reader, reader_settings))
		return false;
	s->engine = search_tokens_engine(s->reader);
	return search_functions_register(s->engine, &s->weighing);
}

static bool open_db(struct search *s)
{
	const char *name = s->file.len > 0 ? buf_c(&s->file) : ":memory:";
	atomic_store(&s->is_damaged, false);
	return open_writer(s, name) && open_reader(s, name);
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

static bool open_anew(struct search *s)
{
	close_db(s);
	s->nposts = s->nrows = 0;
	s->total_bytes = 0;
	arena_clear(&s->arena);
	if (s->file.len > 0)
		remove_files(s);
	return open_db(s);
}

bool index_give_up_damaged(struct search *s)
{
	struct fault fault;
	fault_set(&fault, buf_str(&s->file), 0, 0, "the search index is damaged: made anew");
	log_fault(LOG_WARNING, &fault);
	return open_anew(s);
}

struct search *search_open(struct str cache_file, struct fault *fault)
{
	struct search *s = memory_new(sizeof *s);
	pthread_mutex_init(&s->updating, NULL);
	pthread_mutex_init(&s->lock, NULL);
	buf_add(&s->file, cache_file);
	search_set_patience(s, PATIENCE);
	if (open_db(s) || open_anew(s))
		return s;
	fault_set(fault, cache_file, 0, 0, "cannot make the search index: %s",
		  s->writer != NULL && sqlite3_db_readonly(s->writer, "main") == 1
		      ? "the file cannot be written"
		      : sqlite3_errmsg(s->writer));
	search_close(s);
	return NULL;
}

void search_close(struct search *s)
{
	if (s == NULL)
		return;
	close_db(s);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->updating);
	arena_free(&s->arena);
	buf_free(&s->file);
	free(s->posts);
	free(s);
}

void search_set_patience(struct search *s, unsigned milliseconds)
{
	s->patience = (int64_t)milliseconds * 1000000;
}

uint32_t search_posts(struct search *s)
{
	pthread_mutex_lock(&s->lock);
	uint64_t count = s->nrows;
	pthread_mutex_unlock(&s->lock);
	return (uint32_t)count;
}

uint64_t search_bytes(struct search *s)
{
	pthread_mutex_lock(&s->lock);
	int64_t pages = ask_number(s->reader, "PRAGMA page_count");
	int64_t size = ask_number(s->reader, "PRAGMA page_size");
	pthread_mutex_unlock(&s->lock);
	return pages > 0 && size > 0 ? (uint64_t)(pages * size) : 0;
}
