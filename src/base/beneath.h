/*
 * beneath - open what lies below a folder, and never anything else.
 *
 * Neither `..`, nor an absolute path, nor a symbolic link leads out of the folder (GEM-43, GOPH-7);
 * links that stay within are followed. The kernel does it in one call, openat2(). Where that call
 * is missing (before Linux 5.6) or forbidden (systemd's DynamicUser= and RestrictSUIDSGID= forbid
 * it), the path is walked folder by folder to the same end.
 *
 *	int fd = beneath_open(content, STR("2020/notes.md"), O_RDONLY | O_CLOEXEC);
 */
#ifndef BASE_BENEATH_H
#define BASE_BENEATH_H

#include "base/str.h"

/*
 * Opens `path`, relative to the folder `root`, with the flags of open(2). Gives a descriptor for
 * the caller to close, or -1 and errno; EXDEV when the path leads out.
 */
int beneath_open(int root, struct str path, int flags);

/* The same without openat2(). */
int beneath_walk(int root, struct str path, int flags);

#endif
