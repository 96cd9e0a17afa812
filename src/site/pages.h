/*
 * pages - one function for each kind of page, called with what the route names already found.
 *
 * How pages read is shown in cases/pages.md. No page but listings has links that begin with
 * a date (GEM-S8), and none holds a counter or a clock: readers compare pages. Each costs
 * what it shows, not what the catalogue holds.
 */
#ifndef SITE_PAGES_H
#define SITE_PAGES_H

#include "site/visit.h"

void pages_home(struct visit *);
void pages_search(struct visit *);

/* Listings: posts_per_page at a time, each page linking the one before and after it. */
void pages_archive(struct visit *);
void pages_year(struct visit *);
void pages_series(struct visit *);
void pages_keyword(struct visit *);
void pages_series_list(struct visit *);
void pages_keyword_list(struct visit *);

/* A post: its page, its plain text, its menu in Gopher, its file. */
void pages_post(struct visit *);
void pages_post_text(struct visit *);
void pages_post_menu(struct visit *);
void pages_post_source(struct visit *);
void pages_page(struct visit *);   /* a hand-written one in Markdown */
void pages_random(struct visit *); /* any post: a redirect, in Gopher a menu of one item */

/* Atom, the newest 50 posts. */
void pages_feed(struct visit *);
void pages_series_feed(struct visit *);
void pages_keyword_feed(struct visit *);

#endif
