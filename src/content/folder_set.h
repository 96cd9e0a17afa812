/*
 * folder_set - which folders there are below the roots, as far as a scan has seen.
 *
 * Most references of posts that lead nowhere lead into folders that do not exist. This set knows
 * those without asking the disk. It errs on one side only: what it denies does not exist, what it
 * does not deny has to be looked for. So it keeps hashes, four bytes a folder, and
 * folders that have gone may stay in it.
 *
 *	folder_set_add(&set, false, STR("2020/pictures"), true);
 *	folder_set_sort(&set);
 *	if (folder_set_may_hold(&set, false, STR("2020/pictures/a.png")))
 *		...                             // worth a system call
 */
#ifndef CONTENT_FOLDER_SET_H
#define CONTENT_FOLDER_SET_H

#include "base/str.h"

struct folder_set {
	uint32_t *hashes; /* sorted by folder_set_sort() */
	size_t count, capacity;
};

/* `listed`: everything in it was seen. Of what is below other folders nothing is known. */
void folder_set_add(struct folder_set *, bool in_pages, struct str path, bool listed);

void folder_set_sort(struct folder_set *); /* before it is asked; drops what was added twice */
void folder_set_copy(const struct folder_set *from, struct folder_set *to); /* `to` is empty */
void folder_set_free(struct folder_set *);

/* Both are sorted. */
bool folder_set_equal(const struct folder_set *, const struct folder_set *);

/* False when no file can be at `path`. A set to which nothing was added denies nothing. */
bool folder_set_may_hold(const struct folder_set *, bool in_pages, struct str path);

#endif
