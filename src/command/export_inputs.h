/*
 * export_inputs - all that an export is made of, as one number: when it is the same as last time
 * nothing need be made again.
 */
#ifndef COMMAND_EXPORT_INPUTS_H
#define COMMAND_EXPORT_INPUTS_H

#include "base/str.h"
#include "site/settings.h"

/*
 * A hash of the names, sizes, inodes and times of all files below content and pages, of the
 * settings' file, of this program, and of `options`, which says how it was asked to export. Never
 * 0. Bytes are not read. Whatever changes after the call gives another hash.
 */
uint64_t export_inputs(const struct settings *, struct str options);

#endif
