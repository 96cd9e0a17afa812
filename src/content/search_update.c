#include <stdlib.h>

#include "base/memory.h"
#include "content/loader.h"
#include "content/search_index.h"

#define STEP_POSTS     16 /* posts a transaction: how long a question may have to wait */
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
	struct buf source = { 0 };
	struct fault fault;
	labels_for(&labels, post->extras->lang);
	struct markdown_options options = { .labels = &labels, .math = post->math };
	if (loader_read_file(c, post, MAX_POST_BYTES, &source, &fault))
		add_prose(
		    markdown_parse(&arena, str_skip(buf_str(&source), post->body_offset), &options),
		    out);
	buf_free(&source);
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

/* What must be equal for a post to be left alone: its bytes and what its header became. */
static void identity_text(const struct catalogue *c, const struct post *post, struct buf *out)
{
	struct buf words = { 0 };
	buf_add(&words, post->title);
	add_keywords(c, post, &words);
	buf_clear(out);
	buf_format(out, "%llx %llx %llx", (unsigned long long)post->file.place,
		   (unsigned long long)post->file.time,
		   (unsigned long long)str_hash(buf_str(&words)));
	buf_free(&words);
}

/* A post that the index lacks or holds in an older form. */
struct change {
	uint32_t post;
	int64_t id; /* of its row; 0 = a new one */
};

struct changes {
	struct change *at;
	size_t count, capacity;
	int64_t *removed;
	size_t nremoved, removed_capacity;
};

static bool find_changes(struct search *s, const struct catalogue *c, struct changes *changes)
{
	char *seen = memory_new(c->nposts + 1);
	struct buf identity = { 0 };
	sqlite3_stmt *rows = index_prepare(s->db, "SELECT id, slug, identity FROM files");
	int result;
	while ((result = sqlite3_step(rows)) == SQLITE_ROW) {
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
		changes->at[changes->count++] = (struct change){ post, id };
	}
	sqlite3_finalize(rows);
	for (uint32_t i = c->nposts; i-- > 0 && result == SQLITE_DONE;) {
		if (seen[i])
			continue;
		changes->at = memory_grow(changes->at, changes->count, &changes->capacity,
					  sizeof *changes->at);
		changes->at[changes->count++] = (struct change){ i, 0 };
	}
	buf_free(&identity);
	free(seen);
	return result == SQLITE_DONE;
}

static bool remove_row(struct search *s, int64_t id)
{
	static const char *const deletions[] = { "DELETE FROM posts WHERE rowid = ?1",
						 "DELETE FROM files WHERE id = ?1" };
	bool done = true;
	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *statement = index_prepare(s->db, deletions[i]);
		sqlite3_bind_int64(statement, 1, id);
		done = sqlite3_step(statement) == SQLITE_DONE && done;
		sqlite3_finalize(statement);
	}
	if (done)
		index_remember(s, id, STR(""));
	return done;
}

/* A post's columns, made before the lock is taken. */
struct row {
	struct change change;
	struct buf identity, keywords, prose;
};

static bool add_row(struct search *s, const struct post *post, const struct row *row)
{
	sqlite3_stmt *file =
	    index_prepare(s->db, "INSERT INTO files (slug, identity) VALUES (?1, ?2)");
	index_bind(file, 1, post->slug);
	index_bind(file, 2, buf_str(&row->identity));
	bool done = sqlite3_step(file) == SQLITE_DONE;
	sqlite3_finalize(file);
	if (!done)
		return false;
	int64_t id = sqlite3_last_insert_rowid(s->db);
	sqlite3_stmt *text =
	    index_prepare(s->db, "INSERT INTO posts (rowid, title, keywords, description, text)"
				 " VALUES (?1, ?2, ?3, ?4, ?5)");
	sqlite3_bind_int64(text, 1, id);
	index_bind(text, 2, post->title);
	index_bind(text, 3, buf_str(&row->keywords));
	index_bind(text, 4, post->description);
	index_bind(text, 5, buf_str(&row->prose));
	done = sqlite3_step(text) == SQLITE_DONE;
	sqlite3_finalize(text);
	if (done)
		index_remember(s, id, post->slug);
	return done;
}

/* One transaction: all of the rows or none of them. */
static bool write_step(struct search *s, const struct catalogue *c, const struct row *rows,
		       size_t nrows)
{
	pthread_mutex_lock(&s->lock);
	bool done = index_run(s->db, "BEGIN");
	for (size_t i = 0; i < nrows && done; i++) {
		const struct row *row = &rows[i];
		done = row->change.id == 0 || remove_row(s, row->change.id);
		done = done && add_row(s, &c->posts[row->change.post], row);
	}
	done = index_run(s->db, done ? "COMMIT" : "ROLLBACK") && done;
	pthread_mutex_unlock(&s->lock);
	return done;
}

static bool write_changes(struct search *s, const struct catalogue *c,
			  const struct changes *changes, const atomic_bool *stop)
{
	struct row rows[STEP_POSTS] = { 0 };
	bool done = true;
	for (size_t i = 0; i < changes->count && done; i += STEP_POSTS) {
		size_t n = 0;
		if (stop != NULL && atomic_load(stop))
			break;
		for (; n < STEP_POSTS && i + n < changes->count; n++) {
			const struct post *post = &c->posts[changes->at[i + n].post];
			rows[n].change = changes->at[i + n];
			buf_clear(&rows[n].keywords);
			buf_clear(&rows[n].prose);
			identity_text(c, post, &rows[n].identity);
			add_keywords(c, post, &rows[n].keywords);
			post_prose(c, post, &rows[n].prose);
		}
		done = write_step(s, c, rows, n);
	}
	for (size_t i = 0; i < STEP_POSTS; i++) {
		buf_free(&rows[i].identity);
		buf_free(&rows[i].keywords);
		buf_free(&rows[i].prose);
	}
	return done;
}

static bool try_update(struct search *s, const struct catalogue *c, const atomic_bool *stop)
{
	struct changes changes = { 0 };
	pthread_mutex_lock(&s->lock);
	bool done = find_changes(s, c, &changes) && index_run(s->db, "BEGIN");
	if (done) {
		for (size_t i = 0; i < changes.nremoved && done; i++)
			done = remove_row(s, changes.removed[i]);
		done = index_run(s->db, done ? "COMMIT" : "ROLLBACK") && done;
	}
	pthread_mutex_unlock(&s->lock);
	done = done && write_changes(s, c, &changes, stop);
	free(changes.at);
	free(changes.removed);
	return done;
}

bool search_update(struct search *s, const struct catalogue *c, const atomic_bool *stop,
		   struct fault *fault)
{
	if (try_update(s, c, stop)) {
		pthread_mutex_lock(&s->lock);
		sqlite3_db_release_memory(s->db);
		pthread_mutex_unlock(&s->lock);
		return true;
	}
	pthread_mutex_lock(&s->lock);
	bool opened = index_is_damaged(s) && index_open_anew(s);
	fault_set(fault, buf_str(&s->file), 0, 0, "cannot write the search index: %s",
		  sqlite3_errmsg(s->db));
	pthread_mutex_unlock(&s->lock);
	return opened && try_update(s, c, stop);
}
