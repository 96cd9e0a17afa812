/*
 * export_links - addresses as a folder of gemtext files needs them: relative to the page that
 * they stand in, or below a base.
 *
 *	export_relative(STR("/posts/x.gmi"), STR("/posts/y.gmi"), &out);     // y.gmi
 *	export_relative(STR("/archive/2/"), STR("/"), &out);                 // ../../
 */
#ifndef COMMAND_EXPORT_LINKS_H
#define COMMAND_EXPORT_LINKS_H

#include "base/buf.h"
#include "base/str.h"

/* Appends the reference that means the path `to` in the page at `from`; both begin with `/`. */
void export_relative(struct str from, struct str to, struct buf *out);

/* Appends the path that a relative reference means there (RFC 3986 5.2); its query is left out. */
void export_resolve(struct str from, struct str reference, struct buf *out);

/*
 * A line of gemtext that is a link (GT-4): its URL and what follows that. `preformatted` is kept
 * from line to line.
 */
bool export_link_line(struct str line, bool *preformatted, struct str *url, struct str *rest);

/*
 * Appends a page of gemtext with its links to the capsule's own paths made relative to `from` or,
 * where there is a base, put below that. Links to what only a running server has become text.
 */
void export_gemtext(struct str text, struct str from, struct str base, struct buf *out);

#endif
