/*
 * versions - the last good version of the files of posts, within a budget.
 *
 * While serving, a post whose file breaks (its header, its permissions, a folder in its place, an
 * editor in the middle of writing) is served whole as it was. Old versions are kept in memory
 * up to a number of bytes, those that were edited last for longest. Shared by the loader,
 * which writes, and all catalogues, whose readers ask from any thread.
 *
 *	versions_put(store, false, path, identity, bytes);
 *	if (versions_get(store, false, path, identity, &out))
 *		...                             // exactly the bytes of that identity
 */
#ifndef CONTENT_VERSIONS_H
#define CONTENT_VERSIONS_H

#include "content/catalogue.h"

struct version_store;

struct version_store *versions_new(size_t budget); /* held once */
struct version_store *versions_hold(struct version_store *);
void versions_release(struct version_store *); /* frees with the last holder */

/* Replaces an older version of this file; forgets the longest untouched files beyond the budget. */
void versions_put(struct version_store *, bool in_pages, struct str path, struct file_identity,
		  struct str bytes);

/* Appends the bytes of exactly this version; false when it is not kept. */
bool versions_get(struct version_store *, bool in_pages, struct str path, struct file_identity,
		  struct buf *out);

/* Bytes in all; a file larger than this is never kept. */
size_t versions_budget(const struct version_store *);

#endif
