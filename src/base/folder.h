/*
 * folder - every file below a folder that a reader may see.
 *
 *	static void note(void *context, struct str path, const struct stat *status) { ... }
 *
 *	struct folder_visitor visitor = { .file = note, .context = &notes };
 *	folder_walk(root, &visitor);                    // "about.md", "images/a.png", ...
 *
 * Names that begin with a dot are left out with all that is below them, but for `.well-known` at
 * the top (GEM-43). Symbolic links that stay within the folder are followed, others are not.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <sys/stat.h>

#include "base/str.h"

/* A folder that has this file is a copy of a capsule, not a part of one, and is left out. */
#define FOLDER_COPY_MARK ".perigee-manifest"

struct folder_visitor {
	/* Of a regular file. The path is below the root, and gone after the call. */
	void (*file)(void *context, struct str path, const struct stat *status);
	/* Whether a folder is to be entered; NULL = all are. */
	bool (*enters)(void *context, struct str path, const struct stat *status);
	void *context;
};

/*
 * Visits the files below the folder whose descriptor is `root`, in no certain order. Folders that
 * cannot be read count as empty.
 */
void folder_walk(int root, const struct folder_visitor *);

#endif
