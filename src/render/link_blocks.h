/*
 * link_blocks - paragraphs and lists that are nothing but links (L07 to L10).
 *
 * In gemtext a link is a line: where the text would only repeat the labels, the lines
 * stand alone.
 */
#ifndef RENDER_LINK_BLOCKS_H
#define RENDER_LINK_BLOCKS_H

#include "render/links.h"

/*
 * Whether a paragraph is links, and between them nothing but blanks, separators, "and", "or", and
 * the lines of the links say all its words.
 */
bool link_paragraph(struct links *, const struct block *);

/* Whether every item of a list begins with its only link and holds one text and no more. */
bool link_list(const struct links *, const struct block *list);

/* The link of such an item's paragraph. */
uint32_t link_of_item(const struct links *, const struct block *paragraph);

/* Appends its label: the whole text of the item. */
void link_item_label(const struct links *, const struct block *paragraph, struct buf *out);

#endif
