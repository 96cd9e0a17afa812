/*
 * bare_links - whether the addresses in a text can be looked for in time.
 *
 * Of an address without brackets md4c reads what follows it, up to the next blank and, in steps of
 * its own marks, up to the end of the paragraph: its time grows with the square of their number.
 * A text of which nobody but an attacker would write as many is read without them; they
 * stay words then.
 *
 *	if (!bare_links_are_affordable(text))
 *		flags &= ~MD_FLAG_PERMISSIVEAUTOLINKS;
 */
#ifndef DOCUMENT_BARE_LINKS_H
#define DOCUMENT_BARE_LINKS_H

#include "base/str.h"

/* False when more than some 64 steps a byte would be taken. */
bool bare_links_are_affordable(struct str text);

#endif
