/*
 * reading - many files are read and parsed, by several threads.
 *
 * Of each file only the beginning is read, which holds its header. What comes out lives in the
 * arenas of the threads, until reading_free().
 *
 *	struct reading reading = { .jobs = jobs, .njobs = n, ... };
 *	reading_run(&reading);
 *	...                                     // jobs[i].result, jobs[i].record
 *	reading_free(&reading);
 */
#ifndef CONTENT_READING_H
#define CONTENT_READING_H

#include "content/data_files.h"
#include "content/post.h"

#define READING_HEADER_BYTES (64 * 1024) /* a header that is longer is none */

enum reading_result {
	READING_FINE,
	READING_BROKEN,  /* the header has faults; the record holds what could be understood */
	READING_REFUSED, /* unreadable, too large, no file: there is no record */
	READING_MOVING,  /* written to while it was read: another change follows */
	READING_GONE,    /* no longer there, which is no fault */
};

struct reading_job {
	struct str path;
	bool in_pages;
	uint32_t old;                  /* for the caller */
	struct file_identity identity; /* given as far as known; that of the open file after */
	struct post_data data;
	bool is_same; /* the file is as it was: only what data files say has changed */

	enum reading_result result;
	struct record *record;
	int64_t modified_ns;
	uint64_t size;
};

struct reading_worker;

struct reading {
	struct reading_job *jobs;
	size_t njobs;
	int content_root, pages_root;
	struct str language, author;
	bool math;
	size_t post_bytes; /* 0 = no limit */
	unsigned threads;  /* 0 = one a core */
	struct fault_list *faults;
	struct arena *fault_arena;

	struct reading_worker *workers;
	unsigned nworkers;
	_Atomic size_t next;
};

void reading_run(struct reading *);

/*
 * Puts the bytes of good files into the store, as many as fit: those that were edited last come
 * last and stay longest. A file that is no longer what was read becomes READING_MOVING.
 */
void reading_keep(struct reading *, struct version_store *);
void reading_free(struct reading *);

#endif
