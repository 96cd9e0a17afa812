/*
 * export_manifest - the two files at the top of an export, which say what it is.
 *
 * The manifest lists our files. It depends on nothing but them, so that it changes when they do
 * and can be kept in git with them:
 *
 *	perigee export 1 gopher
 *	5213 posts/vectors.txt
 *
 * The stamp is a hash of all that the files were made of, and until when that holds.
 */
#ifndef COMMAND_EXPORT_MANIFEST_H
#define COMMAND_EXPORT_MANIFEST_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/folder.h"
#include "base/map.h"

#define EXPORT_MANIFEST FOLDER_COPY_MARK
#define EXPORT_STAMP    ".perigee-stamp"

enum export_state {
	EXPORT_ABSENT,    /* there is no such thing after all: not part of the export */
	EXPORT_NOT_OURS,  /* what is in its place is somebody else's, and stays there */
	EXPORT_KEPT,      /* cannot be made just now: what is there stays */
	EXPORT_UNCHANGED, /* held these bytes already */
	EXPORT_WRITTEN,
};

struct export_file {
	struct str path; /* below the folder */
	uint64_t size;
	enum export_state state;
};

struct export_manifest {
	struct str form; /* "gopher", "gemini"; empty: there is no manifest */
	struct export_file *files;
	size_t count;
	struct map by_path; /* freed by export_manifest_free(); the rest is the arena's */
};

/* Whether a file of an export may have this path: it stays below the folder, and fits. */
bool export_is_path(struct str path);

/* A missing manifest is an empty one. False and a fault for one that nobody can have written. */
bool export_manifest_read(int top, struct arena *, struct export_manifest *, struct fault *);
void export_manifest_free(struct export_manifest *);

/* Appends the text of a manifest of these files. */
void export_manifest_write(struct str form, const struct export_file *const *files, size_t count,
			   struct buf *out);

struct export_stamp {
	uint64_t inputs; /* 0: make everything anew next time */
	int64_t until;   /* seconds since 1970; a post appears or expires then */
};

/* False when there is none. `status` says when it was written: after all files. */
bool export_stamp_read(int top, struct export_stamp *, struct stat *status);
void export_stamp_write(const struct export_stamp *, struct buf *out);

/* Sleeps until the clock of the file system has moved on, so that later changes have a later time.
 */
void export_wait_for_tick(const struct timespec *after);

#endif
