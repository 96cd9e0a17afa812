/*
 * load - one load of a loader: which files are to be read, and what their reading comes to.
 *
 * Private to the loader: loader.c keeps the state from load to load, load.c decides for each
 * file whether the last catalogue's entry stays, goes or is replaced.
 *
 *	load_find_files(&load);             // load.jobs, load.present
 *	reading_run(...);
 *	load_take_results(&load);           // load.present, load.fresh
 */
#ifndef CONTENT_LOAD_H
#define CONTENT_LOAD_H

#include <pthread.h>

#include "content/broken.h"
#include "content/data_files.h"
#include "content/folder_set.h"
#include "content/loader.h"
#include "content/root.h"
#include "content/stamp.h"

struct note {
	struct str path;
	bool in_pages;
};

struct loader {
	struct arena arena;
	struct loader_options options;
	struct root roots[2]; /* content, pages */
	struct catalogue *last;
	struct version_store *versions;
	struct broken_list broken;
	struct folder_set folders; /* of the last load */
	struct data_files data[2]; /* below content, below pages */
	struct arena note_arena;
	struct note *notes;
	size_t nnotes, notes_capacity;
	bool look_at_all; /* there were changes that are not in notes */
	int64_t built_at;
	struct stamp stamp; /* during the first load */
	pthread_t stamp_reader;
	bool has_stamp;        /* there is a file of that name */
	bool stamp_is_reading; /* beside the listing of the folders */
	bool keeps_later;      /* last good versions, when nobody waits for the catalogue */
	size_t nread;          /* files since the stamp was made */
};

/* A load: which files are new, and what became of them. */
struct load {
	struct loader *loader;
	struct fault_list *faults;
	struct arena *fault_arena;
	struct arena arena;
	struct reading_job *jobs;
	size_t njobs, jobs_capacity;
	bool *present; /* which entries of the last catalogue stay */
	uint32_t nold;
	struct entry *fresh;
	size_t nfresh, fresh_capacity;
	struct broken_list broken;
	struct folder_set folders;
	struct data_files data_before[2]; /* when all was looked at anew */
	bool again;                       /* unchanged files are carried over */
	bool changed;
};

void load_find_files(struct load *);
void load_take_results(struct load *);
void load_end_data(struct load *); /* what was said before this load is needed no longer */
void load_fault(struct load *, const struct fault *);
void load_wait_for_stamp(struct loader *);

#endif
