/*
 * math_break - what to do with a formula that is too wide.
 *
 * Private to math/.
 */
#ifndef MATH_BREAK_H
#define MATH_BREAK_H

#include "math/math_layout.h"

/*
 * The items in lines of at most `width` columns: broken before relations, else before binary
 * operators, and lines after the first begin behind the first relation. False when the
 * places to break at are not enough.
 */
bool math_break_items(struct math_layout *, const struct math_items *, size_t width,
		      struct math_box *box);

/*
 * A text of one row in lines, broken at blanks and within what has none; the lines after the
 * first are indented.
 */
void math_break_text(struct str text, size_t width, size_t indent, struct buf *out);

#endif
