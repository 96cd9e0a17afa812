/*
 * math_scan - where tokens of TeX end, for whoever looks at a source before it is parsed.
 *
 * Private to math/. Positions are bytes of the source; nothing is copied.
 */
#ifndef MATH_SCAN_H
#define MATH_SCAN_H

#include "base/str.h"

/*
 * The name of the command at `at`, which is just behind a backslash: a run of letters or one
 * character; empty at the end of the source.
 */
struct str math_scan_name(struct str tex, size_t at);

size_t math_scan_blanks(struct str tex, size_t at); /* the first byte that is no blank */

/*
 * `at` is an opening brace: the position of the one that closes it, or STR_NOT_FOUND when
 * there is none within `reach` bytes.
 */
size_t math_scan_group(struct str tex, size_t at, size_t reach);

/*
 * `at` is an opening bracket: the position of the one that closes it, those within braces not
 * counted, or STR_NOT_FOUND when there is none within `reach` bytes.
 */
size_t math_scan_option(struct str tex, size_t at, size_t reach);

/* Is every brace of the text closed, and none closed that was not open? */
bool math_scan_balanced(struct str tex);

/*
 * Takes a group (its content), a command (with its backslash) or one character at `*at`, blanks
 * before it skipped. False at the end of the source and for a group without an end.
 */
bool math_scan_argument(struct str tex, size_t *at, struct str *argument);

#endif
