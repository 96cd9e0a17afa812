/*
 * gophermap - a menu as the files that Gopher hosts make menus of.
 *
 * A host that serves folders keeps its menus in files: `gophermap` for Gophernicus and Bucktooth,
 * `index.gph` for geomyidae. Both are made here from the bytes of the menu as it is served, so
 * that all hosts show the same.
 *
 *	struct gopher_place here = { .host = STR("example.org"), .port = 70 };
 *	gophermap_write(menu, &here, &map);
 *	gophermap_write_gph(menu, &here, &gph);
 */
#ifndef WIRE_GOPHERMAP_H
#define WIRE_GOPHERMAP_H

#include "wire/gopher.h"

/* Longer lines are split by Gophernicus, what is left becoming a line of its own (GOPH-114). */
#define GOPHERMAP_MAX_LINE 1000

/* Appends the menu as a `gophermap`; items of this place take host and port of whoever serves it
 * (GOPH-110 to 114). */
void gophermap_write(struct str menu, const struct gopher_place *, struct buf *out);

/* The same as an `index.gph` (GOPH-120 to 124). */
void gophermap_write_gph(struct str menu, const struct gopher_place *, struct buf *out);

/*
 * Appends text of type 0 as a file: as gopher_text() does it, and lines that Gophernicus would
 * split are broken between characters, so that all hosts send the same (GOPH-114, GOPH-125).
 */
void gophermap_text(struct str text, struct buf *out);

#endif
