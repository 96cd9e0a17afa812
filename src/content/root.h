/*
 * root - the folder of content, or of pages, which may go away and come back as another one.
 *
 *	if (!root_refresh(&root, &replaced, &fault))
 *		...                             // not there; root.fd still reads what was
 */
#ifndef CONTENT_ROOT_H
#define CONTENT_ROOT_H

#include <sys/types.h>

#include "base/fault.h"

struct root {
	struct str path;
	int fd; /* -1 = was never there; closed by root_close() */
	dev_t device;
	ino_t inode;
	bool in_pages;
	int missing; /* the errno of why it is not there; 0 = it is */
};

/*
 * Opens the folder anew when it is another one than before, which `*replaced` tells. False when it
 * is not there: the old descriptor stays, since its files may still be read.
 */
bool root_refresh(struct root *, bool *replaced, struct fault *);
void root_close(struct root *);

/* The last part of its path; empty where that is `.` or `..`. */
struct str root_name(const struct root *);

bool root_is_same(const struct root *, const struct root *);

#endif
