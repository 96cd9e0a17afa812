/*
 * sandbox_files - the part of the sandbox that Landlock plays. Private to net/.
 */
#ifndef NET_SANDBOX_FILES_H
#define NET_SANDBOX_FILES_H

#include "net/sandbox.h"

/* Needs no_new_privs. False after a warning when the kernel has no Landlock. */
bool sandbox_confine_files(const struct sandbox_settings *);

#endif
