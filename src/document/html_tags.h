/*
 * html_tags - the elements of HTML and what each means for a page of plain text.
 */
#ifndef DOCUMENT_HTML_TAGS_H
#define DOCUMENT_HTML_TAGS_H

#include "base/str.h"
#include "document/document.h"

enum html_role {
	HTML_UNKNOWN, /* no element of HTML */
	HTML_PLAIN,   /* its content as if the tags were not there */
	HTML_DROPPED, /* vanishes with its content */
	HTML_BREAK,   /* begins and ends a paragraph */
	HTML_HEADING,
	HTML_BULLETS,
	HTML_NUMBERS,
	HTML_ITEM,
	HTML_BLOCKQUOTE,
	HTML_PRE,
	HTML_TABLE,
	HTML_ROW,
	HTML_CELL,
	HTML_DEFINITIONS,
	HTML_TERM,
	HTML_DEFINITION,
	HTML_EMPHASIS,
	HTML_STRONG,
	HTML_STRIKE,
	HTML_CODE,
	HTML_RAISED,
	HTML_LOWERED,
	HTML_QUOTATION,
	HTML_READING, /* of ruby text: in parentheses */
	HTML_LINK,
	HTML_IMAGE,
	HTML_LINE,
	HTML_RULE,
	HTML_EMBED,
	HTML_SOURCE, /* of a video or sound around it */
	HTML_FIGURE,
	HTML_CAPTION,
};

/* The role of an element, by its name in any case; `*level` is set for headings. */
enum html_role html_role(struct str name, unsigned *level);

/* Whether an element stands beside paragraphs, not in them. */
bool html_is_block(struct str name);

/* A small number that stands for the role in flow's containers. */
static inline uint8_t html_tag(enum html_role role)
{
	return (uint8_t)role;
}

/* One tag, comment or other markup at the start of a text. */
enum html_markup {
	HTML_NOT_MARKUP, /* a plain `<` */
	HTML_COMMENT,    /* or a declaration, or an instruction */
	HTML_CDATA,      /* `content` is plain text */
	HTML_START_TAG,
	HTML_END_TAG,
};

#define HTML_MOST_ATTRIBUTES 24

struct html_tag {
	enum html_markup markup;
	struct str name, content;
	struct {
		struct str name, value; /* as written */
	} attributes[HTML_MOST_ATTRIBUTES];
	size_t nattributes;
	unsigned unclosed; /* kinds of markup that do not end in this text: not sought again */
};

/*
 * Reads the markup that `text` begins with; gives its length, 0 for HTML_NOT_MARKUP. A text's tags
 * are read one after the other into the same, at first zeroed, structure.
 */
size_t html_read_tag(struct str text, struct html_tag *);

/* The value of an attribute as written; empty when there is none. */
struct str html_attribute(const struct html_tag *, struct str name);
bool html_has_attribute(const struct html_tag *, struct str name);

#endif
