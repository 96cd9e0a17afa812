/*
 * broken - files that were tried and found broken, so that they are tried and reported once.
 *
 *	if (broken_has(&list, file.path, file.in_pages, file.identity))
 *		return;                         // the same bytes as last time
 *	...
 *	broken_add(&list, file.path, file.in_pages, file.identity);
 */
#ifndef CONTENT_BROKEN_H
#define CONTENT_BROKEN_H

#include "content/catalogue.h"

struct broken_file {
	struct str path;
	bool in_pages;
	struct file_identity identity;
};

struct broken_list {
	struct arena arena;
	struct broken_file *files;
	size_t count, capacity;
	struct hash_index paths;
};

void broken_add(struct broken_list *, struct str path, bool in_pages, struct file_identity);
bool broken_has(const struct broken_list *, struct str path, bool in_pages, struct file_identity);
void broken_free(struct broken_list *); /* and empty */

#endif
