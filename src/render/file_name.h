/*
 * file_name - names of files that every Gopher host serves under the same selector.
 *
 * Hosts decode, cut or execute what is in a selector, so the files of an export are named with
 * letters, digits, `.`, `_` and `-` alone (GOPH-116). A name that has more becomes what is left
 * of it in ASCII and a hash of all of it, so that different names stay different:
 *
 *	file_name_add_path(STR("/posts/vectors.txt"), &out);   // unchanged
 *	file_name_add_path(STR("/posts/đại-số.txt"), &out);    // /posts/dai-so_38405078fdb7.txt
 */
#ifndef RENDER_FILE_NAME_H
#define RENDER_FILE_NAME_H

#include "base/buf.h"
#include "base/str.h"

/* Appends the selector under which the files of an export have this path. Segments stay segments.
 */
void file_name_add_path(struct str path, struct buf *out);

#endif
