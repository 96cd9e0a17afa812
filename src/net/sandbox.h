/*
 * sandbox - what the process gives up once it has what it needs.
 *
 * Both steps bind the calling thread and the threads that it starts afterwards, so that
 * they come before workers_start():
 *
 *	listener_open(...);                          // ports below 1024 need root
 *	if (!sandbox_drop_root(user, &fault))
 *		...                                  // never go on as root instead
 *	certificate_ensure(...);                     // files belong to the user
 *	sandbox_confine(&settings);
 *	workers_start(...);
 *
 * What the kernel cannot do is said in a warning and left out: a server on an old kernel
 * is better than none. What has been promised by `user` is a fault when it fails.
 */
#ifndef NET_SANDBOX_H
#define NET_SANDBOX_H

#include <stddef.h>

#include "base/fault.h"
#include "base/str.h"

/*
 * Becomes `user` for good, with its group and no others. Nothing to do, and true, when
 * `user` is empty or the process is not root's.
 */
bool sandbox_drop_root(struct str user, struct fault *);

/* Files and whole folders. One that does not exist is left out, with a warning. */
struct sandbox_settings {
	const struct str *readable; /* content, pages, settings */
	size_t nreadable;
	const struct str *writable; /* certificates, the access log's folder, the cache */
	size_t nwritable;
};

/*
 * After this no file but the named ones can be opened, no program run, no socket made,
 * and no system call used that serving does not need. Settles for less with a warning.
 */
void sandbox_confine(const struct sandbox_settings *);

#endif
