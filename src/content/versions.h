/*
 * versions - the last good version of the files of posts, within a budget.
 *
 * While serving, a post whose file breaks (its header, its permissions, a folder in its place, an
 * editor in the middle of writing) is served whole as it was. Old versions are kept in memory
 * up to a number of bytes, those that were edited last for longest. Shared by the loader,
 * which writes, and all catalogues, whose readers ask from any thread.
 *
 *	versions_take(store, root, false, path, identity, &size);
 *	if (versions_get(store, false, path, identity, &out))
 *		...                             // exactly the bytes of that identity
 */
#ifndef CONTENT_VERSIONS_H
#define CONTENT_VERSIONS_H

#include <sys/stat.h>

#include "content/catalogue.h"

struct version_store;

struct version_store *versions_new(size_t budget); /* held once */
struct version_store *versions_hold(struct version_store *);
void versions_release(struct version_store *); /* frees with the last holder */

/*
 * Keeps the file as it is below `root`, and gives its size, when it is of this version and fits;
 * else false. The newest versions of a file stay; beyond the budget the longest untouched files go.
 */
bool versions_take(struct version_store *, int root, bool in_pages, struct str path,
		   struct file_identity, size_t *size);

/* Appends the bytes of exactly this version; false when it is not kept. */
bool versions_get(struct version_store *, bool in_pages, struct str path, struct file_identity,
		  struct buf *out);

/* Bytes in all; a file larger than this is never kept. */
size_t versions_budget(const struct version_store *);

/*
 * Appends an open file, whose status was `opened`, when it is of this version before and after
 * reading: a file that is being written in place is never taken for what it was. False: nothing is
 * appended.
 */
bool versions_read(int fd, const struct stat *opened, struct file_identity, size_t limit,
		   struct buf *out);

#endif
