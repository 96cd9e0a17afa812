#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "content/loader.h"
#include "content/search_index.h"
#include "content/search_way.h"

/*
 * A transaction. The more posts, the less work; but who asks an index in memory waits for its end.
 */
#define STEP_POSTS        256
#define STEP_BYTES        ((size_t)2 << 20)
#define STEP_BYTES_MEMORY ((size_t)256 << 10)

/* Pages of the index that are merged in a transaction. */
#define MERGE_PAGES 256

#define MAX_POST_BYTES ((size_t)4 << 20)

/* The words of a post that are prose: neither code nor mathematics of its own paragraph. */
static void add_prose(const struct document *d, struct buf *out)
{
	for (uint32_t i = 0; i < d->nblocks; i++) {
		const struct block *block = &d->blocks[i];
		if (block->nruns == 0)
			continue;
		document_plain(d, block->first_run, block->nruns, out);
		buf_add_char(out, '\n');
	}
}

static void post_prose(const struct catalogue *c, const struct post *post, struct buf *out)
{
	struct labels labels;
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	labels_for(&labels, post->extras->lang);
	if (loader_read_post(c, post, MAX_POST_BYTES, &arena, &text, &fault)) {
		struct markdown_options options = { .labels = &labels, .math = text.said->math };
		struct document *d = markdown_parse(&arena, text.body, &options);
		markdown_fit_title(d, text.said->title); /* which has a column of its own */
		add_prose(d, out);
	}
	arena_free(&arena);
}

static void add_keywords(const struct catalogue *c, const struct post *post, struct buf *out)
{
	for (uint32_t i = 0; i < post->nkeywords; i++) {
		const struct group *g = &c->keywords[c->post_keywords[post->first_keyword + i]];
		buf_add(out, g->name);
		buf_add_char(out, '\n');
	}
}

/* What must be equal for a post to be left alone: its bytes, what its header became, and what data
 * files say for it. */
static void identity_text(const struct catalogue *c, const struct post *post, struct buf *out)
{
	struct buf words = { 0 };
	buf_add(&words, post->title);
	add_keywords(c, post, &words);
	buf_clear(out);
	buf_format(out, "%llx %llx %llx", (unsigned long long)post->file.place,
		   (unsigned long long)post->file.time,
		   (unsigned long long)(str_hash(buf_str(&words)) ^ post->data));
	buf_free(&words);
}

/* A post that the index lacks or holds in an older form. */
struct change {
	uint32_t post;
	int64_t id; /* of its row */
	bool is_new;
};

struct changes {
	struct change *at;
	size_t count, capacity;
	int64_t *removed;
	size_t nremoved, removed_capacity;
};

/* The writer of a file is ours alone, while we hold `updating`: who asks need not wait for it. */
static void lock_memory(struct search *s)
{
	if (s->reader == s->writer)
		pthread_mutex_lock(&s->lock);
}

static void unlock_memory(struct search *s)
{
	if (s->reader == s->writer)
		pthread_mutex_unlock(&s->lock);
}

static bool find_changes(struct search *s, const struct catalogue *c, struct changes *changes)
{
	char *seen = memory_new(c->nposts + 1);
	struct buf identity = { 0 };
	sqlite3_stmt *rows = index_prepare(s, s->writer, "SELECT id, slug, identity FROM files");
	while (index_next(s, rows)) {
		int64_t id = sqlite3_column_int64(rows, 0);
		const struct post *found = catalogue_post(c, index_text(rows, 1));
		if (found == NULL) {
			changes->removed = memory_grow(changes->removed, changes->nremoved,
						       &changes->removed_capacity, sizeof id);
			changes->removed[changes->nremoved++] = id;
			continue;
		}
		uint32_t post = (uint32_t)(found - c->posts);
		seen[post] = 1;
		identity_text(c, found, &identity);
		if (str_equal(index_text(rows, 2), buf_str(&identity)))
			continue;
		changes->at = memory_grow(changes->at, changes->count, &changes->capacity,
					  sizeof *changes->at);
		changes->at[changes->count++] = (struct change){ post, id, false };
	}
	sqlite3_finalize(rows);
	/* The oldest first: rows are looked at from the last. Numbers are not used again. */
	int64_t next = (int64_t)s->nposts;
	for (uint32_t i = c->nposts; i-- > 0;) {
		if (seen[i])
			continue;
		changes->at = memory_grow(changes->at, changes->count, &changes->capacity,
					  sizeof *changes->at);
		changes->at[changes->count++] = (struct change){ i, next++, true };
	}
	buf_free(&identity);
	free(seen);
	return !atomic_load(&s->is_damaged);
}

/* --- writing --- */

enum statement { NO_FILE, NO_POST, NO_HEAD, A_FILE, A_HEAD, A_POST, STATEMENTS };

static const char *const statements[STATEMENTS] = {
	[NO_FILE] = "DELETE FROM files WHERE id = ?1",
	[NO_POST] = "DELETE FROM posts WHERE rowid = ?1",
	[NO_HEAD] = "DELETE FROM heads WHERE rowid = ?1",
	[A_FILE] = "INSERT INTO files (id, slug, identity, bytes) VALUES (?1, ?2, ?3, ?4)",
	[A_POST] = "INSERT INTO posts (rowid, title, keywords, description, text)"
		   " VALUES (?1, ?2, ?3, ?4, ?5)",
	[A_HEAD] = "INSERT INTO heads (rowid, title, keywords, description)"
		   " VALUES (?1, ?2, ?3, ?4)",
};

struct writer {
	struct search *search;
	sqlite3_stmt *statements[STATEMENTS];
	struct pair_row pairs[STEP_POSTS]; /* of the posts of this step */
};

static void writer_open(struct writer *w, struct search *s)
{
	w->search = s;
	for (size_t i = 0; i < STATEMENTS; i++)
		w->statements[i] = index_prepare(s, s->writer, statements[i]);
}

static void writer_close(struct writer *w)
{
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(w->statements[i]);
}

static bool execute(struct writer *w, enum statement which, int64_t id)
{
	sqlite3_stmt *statement = w->statements[which];
	sqlite3_bind_int64(statement, 1, id);
	return index_execute(w->search, statement);
}

static bool remove_row(struct writer *w, int64_t id)
{
	return execute(w, NO_POST, id) && execute(w, NO_HEAD, id) && execute(w, NO_FILE, id);
}

/* A post's columns, made before the lock is taken. */
struct row {
	struct change change;
	struct buf identity, keywords, prose;
};

static bool add_row(struct writer *w, const struct post *post, const struct row *row,
		    struct pair_row *pairs)
{
	index_bind(w->statements[A_FILE], 2, post->slug);
	index_bind(w->statements[A_FILE], 3, buf_str(&row->identity));
	sqlite3_bind_int64(w->statements[A_FILE], 4, (int64_t)row->prose.len);
	for (enum statement i = A_HEAD; i <= A_POST; i++) {
		index_bind(w->statements[i], 2, post->title);
		index_bind(w->statements[i], 3, buf_str(&row->keywords));
		index_bind(w->statements[i], 4, post->description);
	}
	index_bind(w->statements[A_POST], 5, buf_str(&row->prose));
	if (!execute(w, A_FILE, row->change.id) || !execute(w, A_HEAD, row->change.id))
		return false;
	/* The tokenizer fills it while the post is written. */
	w->search->pairs = (struct pair_set){ 0 };
	bool done = execute(w, A_POST, row->change.id);
	*pairs = (struct pair_row){ row->change.id, w->search->pairs };
	return done;
}

/* One transaction: all of it or nothing. Who asks meanwhile waits only for what is in memory. */
static bool begin(struct search *s)
{
	lock_memory(s);
	return index_run(s->writer, "BEGIN");
}

/* The lock is held at its end, by which the caller may say which rows there are now. */
static bool end(struct search *s, bool done)
{
	done = index_run(s->writer, done ? "COMMIT" : "ROLLBACK") && done;
	if (s->reader != s->writer)
		pthread_mutex_lock(&s->lock);
	return done;
}

static bool write_step(struct writer *w, const struct catalogue *c, const struct row *rows,
		       size_t nrows)
{
	struct search *s = w->search;
	bool done = begin(s);
	for (size_t i = 0; i < nrows && done; i++) {
		const struct row *row = &rows[i];
		done = row->change.is_new || remove_row(w, row->change.id);
		done = done && add_row(w, &c->posts[row->change.post], row, &w->pairs[i]);
	}
	done = done && search_pairs_write(s, w->pairs, nrows);
	done = end(s, done);
	for (size_t i = 0; i < nrows && done; i++)
		index_remember(s, rows[i].change.id, c->posts[rows[i].change.post].slug,
			       (uint32_t)rows[i].prose.len);
	pthread_mutex_unlock(&s->lock);
	return done;
}

/* Posts that are no more. */
static bool remove_all(struct writer *w, const int64_t *ids, size_t count)
{
	struct search *s = w->search;
	bool done = begin(s);
	for (size_t i = 0; i < count && done; i++)
		done = remove_row(w, ids[i]);
	done = end(s, done);
	for (size_t i = 0; i < count && done; i++)
		index_remember(s, ids[i], STR(""), 0);
	pthread_mutex_unlock(&s->lock);
	return done;
}

static void fill_row(struct row *row, const struct catalogue *c, struct change change)
{
	const struct post *post = &c->posts[change.post];
	row->change = change;
	buf_clear(&row->keywords);
	buf_clear(&row->prose);
	identity_text(c, post, &row->identity);
	add_keywords(c, post, &row->keywords);
	post_prose(c, post, &row->prose);
}

static bool has_ended(const atomic_bool *stop)
{
	return stop != NULL && atomic_load(stop);
}

static bool write_changes(struct writer *w, const struct catalogue *c,
			  const struct changes *changes, const atomic_bool *stop)
{
	struct row *rows = memory_new(STEP_POSTS * sizeof *rows);
	size_t most = w->search->file.len > 0 ? STEP_BYTES : STEP_BYTES_MEMORY;
	bool done = true;
	for (size_t i = 0; i < changes->count && done && !has_ended(stop);) {
		size_t n = 0, bytes = 0;
		while (n < STEP_POSTS && i < changes->count && bytes < most && !has_ended(stop)) {
			search_way_give();
			fill_row(&rows[n], c, changes->at[i++]);
			bytes += rows[n++].prose.len;
		}
		done = write_step(w, c, rows, n);
	}
	for (size_t i = 0; i < STEP_POSTS; i++) {
		buf_free(&rows[i].identity);
		buf_free(&rows[i].keywords);
		buf_free(&rows[i].prose);
	}
	free(rows);
	return done;
}

/* One list of posts for each word instead of one for every few hundred posts. */
static bool merge(struct search *s, const char *table, const atomic_bool *stop)
{
	int pages = -MERGE_PAGES; /* negative: all there is shall become one */
	int64_t changes;
	bool done;
	do {
		char sql[80];
		snprintf(sql, sizeof sql, "INSERT INTO %s (%s, rank) VALUES ('merge', %d)", table,
			 table, pages);
		done = begin(s);
		changes = sqlite3_total_changes64(s->writer);
		done = done && index_run(s->writer, sql);
		changes = sqlite3_total_changes64(s->writer) - changes;
		done = end(s, done);
		pthread_mutex_unlock(&s->lock);
		pages = MERGE_PAGES;
	} while (done && changes > 1 && !has_ended(stop)); /* as FTS5 says that it is over */
	return done;
}

static bool try_update(struct search *s, const struct catalogue *c, const atomic_bool *stop)
{
	struct changes changes = { 0 };
	struct writer writer;
	lock_memory(s);
	bool done = find_changes(s, c, &changes);
	writer_open(&writer, s);
	unlock_memory(s);
	done = done &&
	       (changes.nremoved == 0 || remove_all(&writer, changes.removed, changes.nremoved));
	done = done && write_changes(&writer, c, &changes, stop);
	if (changes.count > s->nrows / 2)
		done = done && merge(s, "posts", stop) && merge(s, "heads", stop);
	lock_memory(s);
	writer_close(&writer);
	unlock_memory(s);
	free(changes.at);
	free(changes.removed);
	return done;
}

bool search_update(struct search *s, const struct catalogue *c, const atomic_bool *stop,
		   struct fault *fault)
{
	pthread_mutex_lock(&s->updating);
	bool done = try_update(s, c, stop);
	if (atomic_load(&s->is_damaged)) {
		pthread_mutex_lock(&s->lock);
		done = index_give_up_damaged(s);
		pthread_mutex_unlock(&s->lock);
		done = done && try_update(s, c, stop);
	}
	lock_memory(s);
	if (!done)
		fault_set(fault, buf_str(&s->file), 0, 0, "cannot write the search index: %s",
			  sqlite3_errmsg(s->writer));
	sqlite3_db_release_memory(s->writer);
	unlock_memory(s);
	pthread_mutex_unlock(&s->updating);
	return done;
}
