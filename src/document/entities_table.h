/*
 * entities_table - the names of HTML5's character references, for entities.c.
 *
 * A row is the name, a mark and the characters: `"copy*©"`, `"Abreve Ă"`. The mark `*` says that
 * HTML knows the name without a semicolon too: 2125 names, 106 of them twice, 2231 in all.
 */
#ifndef DOCUMENT_ENTITIES_TABLE_H
#define DOCUMENT_ENTITIES_TABLE_H

#include <stddef.h>

extern const char *const entities_table[];
extern const size_t entities_count;

#endif
