/*
 * looks - what a piece of text is made of, found out once.
 *
 * The parser asks it of every piece that md4c hands over; what it learns spares the writers the
 * same question (see struct run).
 *
 *	if (looks_of(text) == LOOKS_PLAIN)
 *		copy_at_once(text);
 */
#ifndef DOCUMENT_LOOKS_H
#define DOCUMENT_LOOKS_H

#include "base/str.h"

enum looks {
	LOOKS_PLAIN,    /* printable ASCII, no two blanks in a row */
	LOOKS_MANIFOLD, /* beyond ASCII, or blanks in a row */
	LOOKS_CONTROLS, /* tabs, and line ends that md4c leaves in some URLs */
};

enum looks looks_of(struct str text);

#endif
