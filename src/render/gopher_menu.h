/*
 * gopher_menu - documents as type-1 menus with live links (GOPH-10 to 17, GOPH-30 to 35).
 *
 * Text, headings, lists, quotes and code become wrapped info lines of at most 67 columns;
 * links become items of the type of what they lead to, `h` + "URL:" for other schemes.
 */
#ifndef RENDER_GOPHER_MENU_H
#define RENDER_GOPHER_MENU_H

#include "render/style.h"

/* Appends the menu with CRLF line ends and the final dot (GOPH-44). */
void gopher_menu_write(const struct document *, const struct style *, struct buf *out);

/*
 * Appends one line "Tdisplay<TAB>selector<TAB>host<TAB>port<CRLF>"; every field is cleaned of
 * control bytes (GOPH-14), display is cut at 67 columns.
 */
void gopher_menu_item(char type, struct str display, struct str selector, struct str host,
		      unsigned port, struct buf *out);

#endif
