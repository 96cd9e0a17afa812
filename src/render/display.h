/*
 * display - the lines of a displayed formula, as a writer can show them.
 */
#ifndef RENDER_DISPLAY_H
#define RENDER_DISPLAY_H

#include "render/style.h"

/*
 * Appends the two-dimensional form of a BLOCK_MATH: the parser's, or set anew where it is over
 * `width` columns or has to be ASCII. A formula that cannot be set is its source.
 */
void display_math(const struct document *, const struct style *, const struct block *,
		  unsigned width, bool ascii, struct buf *out);

#endif
