/*
 * long_paragraphs - paragraphs that are broken because nobody could wait for them.
 *
 * For each bracket md4c looks for its line from the first one of the paragraph on: a
 * paragraph of thousands of lines with as many brackets would take it minutes. Such a one is
 * broken into several; nothing of it is lost. Rows of tables stay together, each is read alone.
 *
 *	source = long_paragraphs_break(&arena, source);
 */
#ifndef DOCUMENT_LONG_PARAGRAPHS_H
#define DOCUMENT_LONG_PARAGRAPHS_H

#include "base/arena.h"
#include "base/str.h"

/* `text` itself where there is no such paragraph, or a copy in the arena. */
struct str long_paragraphs_break(struct arena *, struct str text);

#endif
