/*
 * html_media - images, figures, videos and frames of raw HTML, for html_elements.c.
 */
#ifndef DOCUMENT_HTML_MEDIA_H
#define DOCUMENT_HTML_MEDIA_H

#include "document/html.h"

/* An attribute's words, clean and on one line. */
struct str html_words(struct html *, const struct html_tag *, struct str name);

/* The end of a paragraph; where no block may end, and in the cells of a table, a blank. */
void html_break(struct html *);

void html_add_image(struct html *, const struct html_tag *);

/* A video, sound or frame: its address with its host as label. */
void html_add_embed(struct html *, const struct html_tag *);

void html_start_figure(struct html *);
void html_start_caption(struct html *);

/* A caption of one plain paragraph becomes the image's title; any other stays a paragraph. */
void html_end_caption(struct html *);

#endif
