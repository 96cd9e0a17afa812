/*
 * gemtext - documents as text/gemini, by the rules of cases/conversion.md and specs/gemtext.md.
 *
 *	struct buf out = { 0 };
 *	gemtext_write(document, &style, &out);        // ends with one LF; empty for no content
 */
#ifndef RENDER_GEMTEXT_H
#define RENDER_GEMTEXT_H

#include "render/style.h"

/* Appends the document; lines end with LF (GT-2), no line is a live one by accident (X01). */
void gemtext_write(const struct document *, const struct style *, struct buf *out);

/* The same with links as the pages of a space spell them: what gopher menus are made from. */
void gemtext_write_in(enum space, const struct document *, const struct style *, struct buf *out);

#endif
