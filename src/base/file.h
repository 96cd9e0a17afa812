/*
 * file - reading beneath a folder and replacing files whole.
 *
 * Paths from outside are opened beneath a folder's descriptor (base/beneath.h):
 * neither `..`, nor an absolute path, nor a symbolic link can lead out of it
 * (GEM-43, GOPH-7); links that stay within are followed.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/str.h"

int file_open_folder(struct str path); /* O_PATH-like use as a root; -1 and errno */

/*
 * Opens `path` (relative, no NUL) for reading beneath `root` and fills `status`.
 * Anything but a regular file is refused: EISDIR for a folder, EINVAL for others.
 * Gives a descriptor for the caller to close, or -1 and errno.
 */
int file_open_beneath(int root, struct str path, struct stat *status);

/* The same for a folder; "." is `root` itself. Gives a descriptor to read it, or -1 and errno. */
int file_open_folder_beneath(int root, struct str path);

/* Appends the rest of `fd`, at most `limit` bytes; EFBIG beyond. */
bool file_read(int fd, size_t limit, struct buf *out);

/* Appends the next `count` bytes of `fd`, no look at where it ends; false when there are fewer. */
bool file_read_bytes(int fd, size_t count, struct buf *out);

/* Appends the whole file at `path`; the fault names it. */
bool file_read_path(struct str path, size_t limit, struct buf *out, struct fault *);

/*
 * Makes `path` hold exactly `data`: written beside it, flushed, renamed over it. On
 * failure the old file is whole and nothing is left behind.
 */
bool file_replace(struct str path, struct str data, mode_t mode, struct fault *);

#endif
