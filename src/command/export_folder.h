/*
 * export_folder - a folder of files that are ours, brought up to date.
 *
 * New bytes are first written beside the folder's files, all of them, into a tree of its own, and
 * only then renamed into their places: what fails before, a full disk above all, leaves every old
 * file as it was. Files that hold the right bytes already are not touched. Two files at the top
 * are our own:
 *
 *	.perigee-manifest    which files are ours, with their sizes
 *	.perigee-stamp       of what they were made: nothing is to do while that is the same
 *
 *	struct export_folder folder;
 *	if (export_folder_open(&folder, STR("out"), STR("gopher"), &options, &fault)) {
 *		index = export_folder_expect(&folder, STR("posts/x.txt"));   // in one thread
 *		export_folder_put(&folder, index, bytes, &fault);            // in any thread
 *		export_folder_commit(&folder, &stamp, &fault);
 *	}
 *	export_folder_close(&folder);               // what was not committed never happened
 */
#ifndef COMMAND_EXPORT_FOLDER_H
#define COMMAND_EXPORT_FOLDER_H

#include <pthread.h>

#include "command/export_manifest.h"

#define EXPORT_STAGE ".perigee-new" /* a folder, while files are being written */

struct export_options {
	bool force;   /* foreign files may be there, and are replaced where they stand in the way */
	bool dry_run; /* nothing is written */
};

struct export_folder {
	struct str name, form;
	struct export_options options;
	int top;       /* -1: a dry run, and the folder is not there */
	bool made_top; /* it was not there */
	bool empty;    /* nothing is in it yet */
	struct arena arena;
	struct export_manifest old;
	struct export_file *files;
	size_t nfiles, capacity;
	struct map by_path; /* of files[], and of the folders that will hold them */
	int stage;          /* -1 until something is written; made under the lock */
	pthread_mutex_t lock;
};

#define EXPORT_NO_FILE UINT32_MAX

/*
 * Makes the folder when it is not there. False and a fault for a folder that has foreign files
 * and no manifest, or a manifest of another form, without `force`; and while another export is
 * at work there.
 */
bool export_folder_open(struct export_folder *, struct str name, struct str form,
			const struct export_options *, struct fault *);

/* Whether the files were made of the same and nobody changed one since. */
bool export_folder_is_current(const struct export_folder *, uint64_t inputs, int64_t now);

/*
 * Announces a file; the path is copied. EXPORT_NO_FILE when another file or folder has its place
 * already, or when it stands in the way of our own two files.
 */
uint32_t export_folder_expect(struct export_folder *, struct str path);

enum export_outcome {
	EXPORT_DONE,
	EXPORT_REFUSED, /* this file alone stays as it is: it is not ours, or its source changes */
	EXPORT_FAILED,  /* the disk is full or broken: nothing can be committed */
};

/* Gives an announced file its bytes; `fd` is read from its start and stays open. */
enum export_outcome export_folder_put(struct export_folder *, uint32_t index, struct str bytes,
				      struct fault *);
enum export_outcome export_folder_put_fd(struct export_folder *, uint32_t index, int fd,
					 uint64_t size, struct fault *);

/* Replaces one of our own two files at the top, now, and so that it is whole after a crash. */
bool export_folder_put_own(struct export_folder *, const char *name, struct str bytes,
			   struct fault *);

/*
 * What else can become of an announced file is set in `state` by whoever asked for its bytes:
 * EXPORT_ABSENT (as it comes) or EXPORT_KEPT.
 */

/* Puts all that was written into its place and removes files of ours that no longer belong. */
bool export_folder_commit(struct export_folder *, const struct export_stamp *, struct fault *);

/* Calls `visit` for each file that a commit removes, or has removed. */
typedef void export_visit(void *context, struct str path);
void export_folder_removals(const struct export_folder *, export_visit *, void *context);

/* Takes back what was written but not committed; export_folder_close() does it too. */
void export_folder_undo(struct export_folder *);
void export_folder_close(struct export_folder *);

#endif
