/*
 * fault - what went wrong with some input, and where.
 *
 * Functions that can meet bad input return bool and fill one of these:
 *
 *	struct fault fault;
 *	if (!settings_read(path, &settings, &fault))
 *		print(fault_text(&fault, &line));     // "capsule.yaml:3:9: unknown key ..."
 *
 * fault_set() and fault_system() return false, so that they can end a function.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

struct fault {
	struct str file;       /* borrowed from whoever reported it; may be empty */
	unsigned line, column; /* from 1; 0 = unknown or meaningless */
	char text[240];        /* one sentence, no line end; says the mend where there is one */
};

bool fault_set(struct fault *, struct str file, unsigned line, unsigned column, const char *format,
	       ...) __attribute__((format(printf, 5, 6)));

/* "cannot <verb>: <text of errno>" */
bool fault_system(struct fault *, struct str file, const char *verb);

/* Appends "file:line:column: text", leaving out what is not known. Control bytes are escaped. */
void fault_text(const struct fault *, struct buf *out);

/* Many faults, e.g. of a whole folder of posts. Lives in an arena; file names are copied. */
struct fault_list {
	struct fault *at;
	size_t count, capacity;
};

void fault_list_add(struct fault_list *, struct arena *, const struct fault *);

#endif
