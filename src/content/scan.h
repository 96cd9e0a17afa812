/*
 * scan - which Markdown files a folder holds.
 *
 * Walks a folder and all below it, without recursion and within bounds. Names that begin with a
 * dot and the folders of other programs (node_modules, _site, ...) are left out. Links within
 * the folder are followed. Links that lead out of it, folders that cannot be read and
 * whatever else bears the name of a post without being one are listed as files: whoever
 * opens them learns what is wrong.
 *
 *	struct scan scan = { .root = fd, .arena = &arena, ... };
 *	scan_folder(&scan, STR(""));
 *	for (size_t i = 0; i < scan.count; i++)
 *		use(&scan.files[i]);
 */
#ifndef CONTENT_SCAN_H
#define CONTENT_SCAN_H

#include <sys/stat.h>

#include "base/fault.h"
#include "content/catalogue.h"
#include "content/data_files.h"
#include "content/folder_set.h"

struct scanned_file {
	struct str path; /* below the root, in the arena */
	bool in_pages;
	bool has_identity;
	struct file_identity identity;
};

/* A folder that is visited once, however many links lead to it. */
struct scanned_folder {
	dev_t device;
	ino_t inode;
};

struct scan {
	int root;
	bool in_pages;
	bool identities; /* find them out; costs a system call a file */
	struct arena *arena;
	struct folder_set *folders; /* gets every folder that is met */
	struct data_files *data;    /* gets every file that may be one */

	struct scanned_file *files; /* in no order; freed by scan_free() */
	size_t count, capacity;
	struct str *failed; /* folders below the first that could not be read */
	size_t nfailed, failed_capacity;
	struct scanned_folder *visited;
	size_t nvisited, visited_capacity, nleft_out;
};

/* Adds the files of the folder `path` below the root. False and a fault when it cannot be read. */
bool scan_folder(struct scan *, struct str path, struct fault *);

/* Before scan_folder(): a folder with a life of its own, such as content within pages. */
void scan_leave_out(struct scan *, const struct stat *folder);
void scan_free(struct scan *); /* what is not in its arenas */

struct file_identity file_identity_of(const struct stat *);

static inline bool file_identity_equal(struct file_identity a, struct file_identity b)
{
	return a.place == b.place && a.time == b.time;
}

/* Whether a file below a root may be a post, by its path alone. */
bool scan_wants_path(struct str path);
bool scan_wants_folder(struct str name);

/* Whether a path is `folder` or below it; the folder "" is the root. */
bool scan_is_within(struct str path, struct str folder);

#endif
