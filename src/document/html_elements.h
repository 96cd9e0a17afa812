/*
 * html_elements - what the start and the end of each element do to the flow of blocks.
 *
 * For html.c, which reads the markup.
 */
#ifndef DOCUMENT_HTML_ELEMENTS_H
#define DOCUMENT_HTML_ELEMENTS_H

#include "document/html.h"

/* `closed`: an end tag stands near behind this one; asked for links only. */
void html_start_element(struct html *, enum html_role, unsigned level, const struct html_tag *,
			bool closed);
void html_end_element(struct html *, enum html_role);

/* What <code> or <pre> captured becomes code. */
void html_end_capture(struct html *);

#endif
