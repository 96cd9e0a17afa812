/*
 * gopher_text - documents as type-0 text: wrapped at the style's width, notes at the end.
 */
#ifndef RENDER_GOPHER_TEXT_H
#define RENDER_GOPHER_TEXT_H

#include "render/style.h"

/* Appends the document; lines end with LF, the wire makes CRLF of them (GOPH-43). */
void gopher_text_write(const struct document *, const struct style *, struct buf *out);

#endif
