#include "content/versions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "content/scan.h"

#define VERSIONS_OF_A_FILE 4

/* A file's version; path and bytes follow in the same allocation. */
struct version {
	struct version *older;
	struct file_identity identity;
	uint32_t hash;
	bool in_pages;
	size_t path_len, len;
	char text[];
};

struct version_store {
	pthread_mutex_t lock;
	size_t budget, used;
	struct version *newest;
	_Atomic unsigned holders;
};

struct version_store *versions_new(size_t budget)
{
	struct version_store *store = memory_new(sizeof *store);
	pthread_mutex_init(&store->lock, NULL);
	store->budget = budget;
	store->holders = 1;
	return store;
}

struct version_store *versions_hold(struct version_store *store)
{
	atomic_fetch_add(&store->holders, 1);
	return store;
}

void versions_release(struct version_store *store)
{
	if (store == NULL || atomic_fetch_sub(&store->holders, 1) > 1)
		return;
	while (store->newest != NULL) {
		struct version *v = store->newest;
		store->newest = v->older;
		free(v);
	}
	pthread_mutex_destroy(&store->lock);
	free(store);
}

/* Bookkeeping counts too, so that thousands of empty files are bounded. */
static size_t cost(const struct version *v)
{
	return sizeof *v + v->path_len + v->len;
}

/* The pointer that points to the newest version of this file from `at` on, or NULL. */
static struct version **find(struct version **at, bool in_pages, struct str path, uint32_t hash)
{
	for (; *at != NULL; at = &(*at)->older) {
		const struct version *v = *at;
		if (v->hash == hash && v->in_pages == in_pages &&
		    str_equal((struct str){ v->text, v->path_len }, path))
			return at;
	}
	return NULL;
}

static void drop(struct version_store *store, struct version **at)
{
	struct version *v = *at;
	*at = v->older;
	store->used -= cost(v);
	free(v);
}

static void drop_beyond_budget(struct version_store *store)
{
	size_t kept = 0;
	struct version **at = &store->newest;
	while (*at != NULL) {
		kept += cost(*at);
		if (kept > store->budget)
			drop(store, at);
		else
			at = &(*at)->older;
	}
}

/*
 * Some before the last stay: catalogues that know them are in use until every worker has taken
 * the next one, and a busy worker may be slow to.
 */
static void drop_outdated(struct version_store *store, bool in_pages, struct str path,
			  uint32_t hash, struct file_identity fresh)
{
	unsigned kept = 1; /* the one that comes */
	struct version **at = &store->newest;
	while ((at = find(at, in_pages, path, hash)) != NULL) {
		if (file_identity_equal((*at)->identity, fresh) || kept == VERSIONS_OF_A_FILE) {
			drop(store, at);
		} else {
			kept++;
			at = &(*at)->older;
		}
	}
}

static void put(struct version_store *store, bool in_pages, struct str path,
		struct file_identity identity, struct str bytes)
{
	struct version *v = memory_resize(NULL, sizeof *v + path.len + bytes.len);
	*v = (struct version){ .identity = identity,
			       .hash = (uint32_t)str_hash(path),
			       .in_pages = in_pages,
			       .path_len = path.len,
			       .len = bytes.len };
	memcpy(v->text, path.at, path.len);
	if (bytes.len > 0)
		memcpy(v->text + path.len, bytes.at, bytes.len);
	pthread_mutex_lock(&store->lock);
	drop_outdated(store, in_pages, path, v->hash, identity);
	v->older = store->newest;
	store->newest = v;
	store->used += cost(v);
	if (store->used > store->budget)
		drop_beyond_budget(store);
	pthread_mutex_unlock(&store->lock);
}

bool versions_get(struct version_store *store, bool in_pages, struct str path,
		  struct file_identity identity, struct buf *out)
{
	uint32_t hash = (uint32_t)str_hash(path);
	bool found = false;
	pthread_mutex_lock(&store->lock);
	struct version **at = find(&store->newest, in_pages, path, hash);
	while (at != NULL && !file_identity_equal((*at)->identity, identity))
		at = find(&(*at)->older, in_pages, path, hash);
	if (at != NULL) {
		found = true;
		buf_add(out, (struct str){ (*at)->text + (*at)->path_len, (*at)->len });
	}
	pthread_mutex_unlock(&store->lock);
	return found;
}

size_t versions_budget(const struct version_store *store)
{
	return store->budget;
}

static bool is_of(int fd, struct file_identity identity)
{
	struct stat status;
	return fstat(fd, &status) == 0 && file_identity_equal(file_identity_of(&status), identity);
}

bool versions_read(int fd, const struct stat *opened, struct file_identity identity, size_t limit,
		   struct buf *out)
{
	size_t start = out->len, size = (size_t)opened->st_size;
	if (file_identity_equal(file_identity_of(opened), identity) && size <= limit &&
	    file_read_bytes(fd, size, out) && is_of(fd, identity))
		return true;
	out->len = start;
	return false;
}

bool versions_take(struct version_store *store, int root, bool in_pages, struct str path,
		   struct file_identity identity, size_t *size)
{
	struct buf bytes = { 0 };
	struct stat status;
	int fd = file_open_beneath(root, path, &status);
	bool done = fd >= 0 && versions_read(fd, &status, identity, store->budget, &bytes);
	if (done)
		put(store, in_pages, path, identity, buf_str(&bytes));
	*size = bytes.len;
	if (fd >= 0)
		close(fd);
	buf_free(&bytes);
	return done;
}
