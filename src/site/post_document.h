/*
 * post_document - a post's header and body as one document (case Y01).
 *
 * Used for posts and hand-written pages as they are served, by `perigee render`, by export
 * and by search: what a post looks like is decided here once. The foot with its
 * navigation belongs to the served page alone (site/pages_post).
 *
 *	struct post_header header;
 *	post_header_of(catalogue, post, text.said, &arena, &header);
 *	post_style(settings, &header, &style);
 *	struct document *d = post_document(&arena, settings, &header, body, resolver, &style);
 */
#ifndef SITE_POST_DOCUMENT_H
#define SITE_POST_DOCUMENT_H

#include "content/catalogue.h"
#include "site/settings.h"

/* What stands above a body. All but the title may be missing. */
struct post_header {
	struct str title; /* empty: no heading, and the body's headings stay as they are */
	struct date date, updated;
	struct str series, series_slug;
	const struct str *keywords, *keyword_slugs;
	size_t nkeywords;
	struct str cover; /* a reference or URL, as its author wrote it */
	struct str lang;  /* empty = the capsule's */
	struct str links; /* the post's own links mode, or empty */
	bool math;
};

/*
 * The header of a post or page of a catalogue. `said` is what its text says of itself: most often
 * the same post (struct post_text). Texts are those of the two and of the catalogue.
 */
void post_header_of(const struct catalogue *, const struct post *, const struct post *said,
		    struct arena *, struct post_header *);

/* The settings' style in the post's language and with its links mode. */
void post_style(const struct settings *, const struct post_header *, struct style *);

/*
 * Header and body. `body` must outlive the document; `resolver` may be NULL, then relative
 * references stay what they are.
 */
struct document *post_document(struct arena *, const struct settings *, const struct post_header *,
			       struct str body, const struct link_resolver *, const struct style *);

#endif
