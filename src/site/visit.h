/*
 * visit - one request on its way: what every maker of a page needs, and how pages answer.
 *
 *	struct document *d = document_new(visit->arena);
 *	document_heading(d, 1, STR("Archive"));
 *	visit_show(visit, d, &visit->settings->style);
 */
#ifndef SITE_VISIT_H
#define SITE_VISIT_H

#include "site/route_lookup.h"

struct visit {
	const struct site *site;
	const struct settings *settings;   /* the site's */
	const struct catalogue *catalogue; /* the site's */
	const struct site_request *request;
	enum space space;
	struct arena *arena;
	struct route route;
	struct found found;
	struct response *response; /* comes zeroed but for `file` and `item` */
};

/* Answers with a page: gemtext, or a menu in Gopher. */
void visit_show(struct visit *, const struct document *, const struct style *);

/* Answers with a page as plain text: Gopher's type 0. */
void visit_show_text(struct visit *, const struct document *, const struct style *);

/* Makes the response a text of this media type; the caller fills its body. Cacheable. */
struct buf *visit_text(struct visit *, struct str type);

/* Sends the reader to another route of this space, percent-encoded (GEM-116). */
void visit_redirect(struct visit *, const struct route *, bool permanent);

/* 51; names the nearest post when a slug is a letter or two off. */
void visit_missing(struct visit *);

/* 52 */
void visit_gone(struct visit *);

/* 40; the fault goes to the log, not to the reader. */
void visit_failed(struct visit *, const struct fault *);

#endif
