/*
 * gemtext_document - a hand-written gemtext file as a document, so that Gopher can show it.
 */
#ifndef SITE_GEMTEXT_DOCUMENT_H
#define SITE_GEMTEXT_DOCUMENT_H

#include "document/markdown.h"

/*
 * Never fails; `text` must outlive the document. Line types as specs of gemtext say (GT-10 to 17);
 * links without a scheme are resolved, since pages have other addresses in Gopher.
 */
struct document *gemtext_document(struct arena *, struct str text, const struct link_resolver *);

#endif
