/*
 * header_keys - the fields of a header, and all names that they go by.
 *
 * Hugo, Jekyll, Zola, Eleventy, Gridsome and dev.to name the same things differently. One table
 * knows all names; they are matched without regard to case, `-` and `_`.
 *
 *	if (header_find_key(STR("last_modified_at"), &field, &rank))
 *		...                             // FIELD_UPDATED
 */
#ifndef CONTENT_HEADER_KEYS_H
#define CONTENT_HEADER_KEYS_H

#include "base/str.h"

enum header_field {
	FIELD_TITLE,
	FIELD_LIST_TITLE,
	FIELD_DESCRIPTION,
	FIELD_SLUG,
	FIELD_LANG,
	FIELD_AUTHOR,
	FIELD_LICENSE,
	FIELD_COVER,
	FIELD_LINKS,
	FIELD_SERIES,
	FIELD_DATE,
	FIELD_UPDATED,
	FIELD_EXPIRES,
	FIELD_WEIGHT,
	FIELD_MATH,
	FIELD_KIND,
	FIELD_SINGLE, /* the fields before this one have one value: the best key's */
	FIELD_DRAFT = FIELD_SINGLE,
	FIELD_PUBLISHED,
	FIELD_KEYWORDS,
	FIELD_WORDS, /* keywords whose text form is separated by blanks (Jekyll) */
	FIELD_ALIASES,
	FIELD_PERMALINK,
};

/*
 * False for names that mean nothing here. Of two names of one field that with the lower rank
 * counts.
 */
bool header_find_key(struct str name, enum header_field *, size_t *rank);

#define HEADER_RANKS 1000 /* more than there are */

#endif
