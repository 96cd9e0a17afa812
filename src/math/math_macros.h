/*
 * math_macros - what the expander needs to know of definitions.
 *
 * Private to math/; the public part is in math/math.h.
 */
#ifndef MATH_MACROS_H
#define MATH_MACROS_H

#include "math/math.h"

struct math_macro {
	struct math_macro *next; /* of the same hash; newest first */
	struct str name;
	struct str body;     /* with #1 .. #9 */
	struct str fallback; /* of an optional first argument */
	unsigned nargs;
	bool optional; /* the first argument may be given in brackets */
	bool final;    /* the body is not expanded again: the meaning that \let saved */
};

/* By name, without the backslash, here or above; NULL when nobody defined it. */
const struct math_macro *math_macros_find(const struct math_macros *, struct str name);

bool math_macros_empty(const struct math_macros *); /* here and above */

/* Is it one of \newcommand and its kin? */
bool math_macros_defines(struct str command);

/*
 * `*at` is behind the name of such a command: reads and keeps its definition and moves on behind
 * it. False, with nothing moved, when it is not well formed.
 */
bool math_macros_read(struct math_macros *, struct str command, struct str tex, size_t *at);

#endif
