#include "content/reading.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "content/scan.h"
#include "content/versions.h"

/* One page holds nearly every header and the first paragraph. */
#define HEAD_BYTES 4096

/* Threads cost more than they save for a few files. */
#define FILES_A_THREAD 64
#define MOST_THREADS   8

struct reading_worker {
	struct reading *reading;
	struct arena arena, fault_arena;
	struct fault_list faults;
	struct post_parser parser;
	struct buf bytes;
	pthread_t thread;
	bool is_running;
};

static void refuse(struct reading_worker *w, struct reading_job *job, int reason)
{
	struct fault fault;
	job->result = READING_REFUSED;
	errno = reason;
	if (reason == ENOENT || reason == ENOTDIR) {
		job->result = READING_GONE;
		return;
	}
	if (reason == EISDIR)
		fault_set(&fault, job->path, 0, 0,
			  post_is_markdown(job->path)
			      ? "this is a folder with the name of a post"
			      : "folders are read 32 levels deep: this one is left out");
	else if (reason == EXDEV)
		fault_set(&fault, job->path, 0, 0,
			  "this link leads out of its folder: it is not followed");
	else if (reason == EINVAL)
		fault_set(&fault, job->path, 0, 0, "this is no file but a pipe, socket or device");
	else
		fault_system(&fault, job->path, "read");
	fault_list_add(&w->faults, &w->fault_arena, &fault);
}

/* Reads on until `most` bytes or those of the whole file are there; `*whole` when it ends before.
 */
static bool read_until(int fd, size_t most, uint64_t size, struct buf *bytes, bool *whole)
{
	buf_reserve(bytes, most - bytes->len);
	while (bytes->len < most && (bytes->len < size || size == 0)) {
		ssize_t n = read(fd, bytes->at + bytes->len, most - bytes->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0) {
			*whole = true;
			return true;
		}
		bytes->len += (size_t)n;
	}
	return true;
}

static bool parse(struct reading_worker *w, struct reading_job *job, int fd)
{
	bool whole = false;
	enum post_result result = POST_NEEDS_MORE;
	size_t ntold = w->faults.count;
	w->parser.data = job->data.header;
	buf_clear(&w->bytes);
	for (size_t most = HEAD_BYTES; result == POST_NEEDS_MORE; most = READING_HEADER_BYTES) {
		if (!read_until(fd, most, job->size, &w->bytes, &whole))
			return false;
		if (w->bytes.len >= READING_HEADER_BYTES || w->bytes.len >= job->size)
			whole = true;
		result = post_parse(&w->parser, job->path, job->in_pages, buf_str(&w->bytes), whole,
				    job->record);
	}
	if (job->is_same)
		w->faults.count = ntold; /* they were told before */
	job->record->post.file = job->identity;
	job->record->post.data = job->data.identity;
	job->result = result == POST_FINE ? READING_FINE : READING_BROKEN;
	return true;
}

static void read_job(struct reading_worker *w, struct reading_job *job)
{
	const struct reading *r = w->reading;
	struct stat status;
	int fd =
	    file_open_beneath(job->in_pages ? r->pages_root : r->content_root, job->path, &status);
	if (fd < 0) {
		refuse(w, job, errno);
		return;
	}
	struct file_identity identity = file_identity_of(&status);
	job->is_same = job->is_same && file_identity_equal(job->identity, identity);
	job->identity = identity;
	job->size = (uint64_t)status.st_size;
	job->modified_ns =
	    (int64_t)status.st_mtim.tv_sec * 1000000000 + (int64_t)status.st_mtim.tv_nsec;
	if (r->post_bytes > 0 && job->size > r->post_bytes) {
		struct fault fault;
		fault_set(&fault, job->path, 0, 0,
			  "%llu bytes are more than a post may have (limits: post_bytes: %zu)",
			  (unsigned long long)job->size, r->post_bytes);
		fault_list_add(&w->faults, &w->fault_arena, &fault);
		job->result = READING_REFUSED;
	} else {
		job->record = ARENA_NEW(&w->arena, struct record);
		if (!parse(w, job, fd))
			refuse(w, job, errno);
	}
	close(fd);
}

static void *work(void *argument)
{
	struct reading_worker *w = argument;
	struct reading *r = w->reading;
	const size_t step = 16;
	for (;;) {
		size_t first = atomic_fetch_add(&r->next, step);
		if (first >= r->njobs)
			return NULL;
		for (size_t i = first; i < first + step && i < r->njobs; i++)
			read_job(w, &r->jobs[i]);
	}
}

static unsigned count_workers(const struct reading *r)
{
	long cores = r->threads ? (long)r->threads : sysconf(_SC_NPROCESSORS_ONLN);
	size_t useful = r->njobs / FILES_A_THREAD + 1;
	unsigned n = cores < 1 ? 1 : (unsigned)cores;
	n = n > MOST_THREADS ? MOST_THREADS : n;
	return useful < n ? (unsigned)useful : n;
}

static void start_worker(struct reading *r, struct reading_worker *w, bool as_thread)
{
	w->reading = r;
	w->parser = (struct post_parser){ .arena = &w->arena,
					  .language = r->language,
					  .author = r->author,
					  .math = r->math,
					  .faults = &w->faults,
					  .fault_arena = &w->fault_arena };
	/* The caller works too, so a thread that cannot be had only costs time. */
	w->is_running = as_thread && pthread_create(&w->thread, NULL, work, w) == 0;
}

void reading_run(struct reading *r)
{
	r->nworkers = count_workers(r);
	r->workers = memory_new(r->nworkers * sizeof *r->workers);
	r->next = 0;
	for (unsigned i = r->nworkers; i-- > 0;)
		start_worker(r, &r->workers[i], i > 0);
	work(&r->workers[0]);
	for (unsigned i = 0; i < r->nworkers; i++) {
		struct reading_worker *w = &r->workers[i];
		if (w->is_running)
			pthread_join(w->thread, NULL);
		for (size_t f = 0; f < w->faults.count; f++)
			fault_list_add(r->faults, r->fault_arena, &w->faults.at[f]);
		arena_free(&w->fault_arena);
		arena_free(&w->parser.work);
		buf_free(&w->parser.scratch);
		buf_free(&w->bytes);
	}
}

static void keep_version(const struct reading *r, struct reading_job *job,
			 struct version_store *store)
{
	int root = job->in_pages ? r->pages_root : r->content_root;
	size_t size;
	if (!versions_take(store, root, job->in_pages, job->path, job->identity, &size))
		job->result = READING_MOVING;
}

static int by_modification(const void *a, const void *b)
{
	const struct reading_job *const *x = a, *const *y = b;
	return ((*x)->modified_ns < (*y)->modified_ns) - ((*x)->modified_ns > (*y)->modified_ns);
}

void reading_keep(struct reading *r, struct version_store *store)
{
	struct reading_job **order = memory_new((r->njobs + 1) * sizeof *order);
	size_t n = 0, fitting = 0;
	uint64_t bytes = 0;
	for (size_t i = 0; i < r->njobs; i++)
		if (r->jobs[i].result == READING_FINE && r->jobs[i].size > 0 &&
		    r->jobs[i].size <= versions_budget(store))
			order[n++] = &r->jobs[i];
	qsort(order, n, sizeof *order, by_modification);
	while (fitting < n && bytes + order[fitting]->size <= versions_budget(store))
		bytes += order[fitting++]->size;
	while (fitting-- > 0)
		keep_version(r, order[fitting], store);
	free(order);
}

void reading_free(struct reading *r)
{
	for (unsigned i = 0; i < r->nworkers; i++)
		arena_free(&r->workers[i].arena);
	free(r->workers);
}
