/*
 * export_tree - files and folders below an export's top, without ever following a symbolic link:
 * one that somebody put there must not lead our hand elsewhere.
 */
#ifndef COMMAND_EXPORT_TREE_H
#define COMMAND_EXPORT_TREE_H

#include "base/str.h"

/* Folders within folders; a path that has more is not exported. */
#define EXPORT_TREE_DEPTH 100

/* Opens a file for reading; -1 and errno, ENOENT when there is nothing. */
int export_tree_open(int top, struct str path);

/*
 * Makes the folder at `path` (mode 0755). 1 when it was made, 0 when it is there already, -1 and
 * errno: ENOTDIR when something else is.
 */
int export_tree_make(int top, struct str path);

/* Removes a file, or a folder that is empty; false and errno. */
bool export_tree_unlink(int top, struct str path);
bool export_tree_rmdir(int top, struct str path);

/*
 * Makes a file in a folder that is nobody's but ours, with the folders above it; -1 and errno,
 * EEXIST when it is there. `path` ends with a NUL. Any thread may ask.
 */
int export_tree_create(int ours, struct str path);

/* Removes the folder `name` of the top with all that is in it; it may be missing. */
void export_tree_clear(int top, const char *name);

#endif
