/* Posts and hand-written pages, with the foot that leads on from them. */
#include <stdlib.h>

#include "base/memory.h"
#include "content/loader.h"
#include "site/files.h"
#include "site/furniture.h"
#include "site/pages.h"
#include "site/post_document.h"

#define RELATED 3

/* A post as it was asked for: what its document is made of. */
struct post_page {
	const struct post *post;
	struct post_header header;
	struct style style;
	struct document *document;
	uint32_t related[RELATED];
	unsigned nrelated;
};

/* False when the file cannot be read: the visit is answered then. */
static bool parse_page(struct visit *visit, struct arena *arena, struct post_page *page)
{
	struct post_text text;
	struct fault fault;
	page->post = visit->found.post;
	if (!loader_read_post(visit->catalogue, page->post, visit->settings->limits.post_bytes,
			      arena, &text, &fault)) {
		visit_failed(visit, &fault);
		return false;
	}
	post_header_of(visit->catalogue, page->post, text.said, arena, &page->header);
	post_style(visit->settings, &page->header, &page->style);
	struct catalogue_resolver resolver;
	catalogue_resolver(&resolver, visit->catalogue, page->post->path, page->post->in_pages);
	page->document = post_document(arena, visit->settings, &page->header, text.body,
				       &resolver.base, &page->style);
	page->nrelated = 0;
	if (!catalogue_is_page(visit->catalogue, page->post))
		page->nrelated =
		    catalogue_related(visit->catalogue, page->post, RELATED, page->related);
	return true;
}

/* ---- The post that was asked for last ---- */

struct post_memory {
	struct arena arena;
	const struct catalogue *catalogue;
	struct post_page page;    /* no post: nothing is kept */
	struct document document; /* as it was before a foot came to it */
};

struct post_memory *post_memory_new(void)
{
	return memory_new(sizeof(struct post_memory));
}

void post_memory_free(struct post_memory *memory)
{
	arena_free(&memory->arena);
	free(memory);
}

static bool make_page(struct visit *visit, struct post_page *page)
{
	struct post_memory *memory = visit->site->memory;
	if (memory == NULL)
		return parse_page(visit, visit->arena, page);
	if (memory->page.post != visit->found.post || memory->catalogue != visit->catalogue) {
		arena_clear(&memory->arena);
		memory->page.post = NULL;
		if (!parse_page(visit, &memory->arena, &memory->page)) {
			memory->page.post = NULL;
			return false;
		}
		memory->catalogue = visit->catalogue;
		memory->document = *memory->page.document;
	}
	*page = memory->page;
	/* Arrays may have been moved by the last foot; what stood before it still stands there. */
	struct document *d = page->document;
	d->nblocks = memory->document.nblocks;
	d->nruns = memory->document.nruns;
	d->nlinks = memory->document.nlinks;
	d->gap = memory->document.gap;
	return true;
}

/* ---- The foot ---- */

static void add_titled(const struct visit *visit, struct post_page *page, enum label label,
		       uint32_t index)
{
	const struct post *other = &visit->catalogue->posts[index];
	furniture_titled(page->document, catalogue_route(visit->catalogue, other),
			 page->style.labels.word[label], post_list_title(other));
}

/* "Part 2 of 4 of Math for Machine Learning", and the parts beside it. */
static void add_series(const struct visit *visit, struct post_page *page)
{
	const struct post *post = page->post;
	if (post->series == NO_INDEX)
		return;
	const struct labels *labels = &page->style.labels;
	const struct group *series = &visit->catalogue->series[post->series];
	const uint32_t *parts = visit->catalogue->members + series->first_member;
	struct buf place = { 0 };
	furniture_words(&place, labels->word[LABEL_PART_OF], post->part, series->nmembers);
	buf_format(&place, " %.*s", STR_ARGS(series->name));
	document_text(page->document, buf_str(&place));
	buf_free(&place);
	if (post->part > 1)
		add_titled(visit, page, LABEL_PREVIOUS_PART, parts[post->part - 2]);
	if (post->part < series->nmembers)
		add_titled(visit, page, LABEL_NEXT_PART, parts[post->part]);
	document_link(page->document, (struct route){ .kind = ROUTE_SERIES, .name = series->slug },
		      labels->word[LABEL_ALL_PARTS]);
}

static void add_foot(const struct visit *visit, struct post_page *page, bool as_text)
{
	const struct post *post = page->post;
	const struct labels *labels = &page->style.labels;
	struct document *d = page->document;
	d->foot = d->nblocks;
	add_series(visit, page);
	document_gap(d);
	if (post->older != NO_INDEX)
		add_titled(visit, page, LABEL_OLDER, post->older);
	if (post->newer != NO_INDEX)
		add_titled(visit, page, LABEL_NEWER, post->newer);
	for (unsigned i = 0; i < page->nrelated; i++)
		add_titled(visit, page, LABEL_RELATED, page->related[i]);
	if (as_text && visit->space == SPACE_GOPHER)
		document_link(d, (struct route){ .kind = ROUTE_POST_MENU, .name = post->slug },
			      labels->word[LABEL_WITH_LINKS]);
	document_link(d, (struct route){ .kind = ROUTE_POST_SOURCE, .name = post->slug },
		      labels->word[LABEL_SOURCE]);
	furniture_home(visit, d);
}

/* ---- The forms ---- */

void pages_post_text(struct visit *visit)
{
	struct post_page page;
	if (!make_page(visit, &page))
		return;
	add_foot(visit, &page, true);
	visit_show_text(visit, page.document, &page.style);
}

void pages_post_menu(struct visit *visit)
{
	struct post_page page;
	if (!make_page(visit, &page))
		return;
	add_foot(visit, &page, false);
	visit_show(visit, page.document, &page.style);
}

void pages_post(struct visit *visit)
{
	if (visit->space == SPACE_GOPHER)
		pages_post_text(visit);
	else
		pages_post_menu(visit);
}

void pages_post_source(struct visit *visit)
{
	const struct post *post = visit->found.post;
	const struct catalogue *c = visit->catalogue;
	if (!files_send(visit, post->in_pages ? c->pages_root : c->content_root, post->path))
		visit_missing(visit);
}

void pages_page(struct visit *visit)
{
	/* The home page shows it already. */
	if (visit->found.post->in_pages && str_equal(visit->found.post->slug, STR("home"))) {
		visit_redirect(visit, &(struct route){ .kind = ROUTE_HOME }, true);
		return;
	}
	struct post_page page;
	if (!make_page(visit, &page))
		return;
	document_gap(page.document);
	furniture_home(visit, page.document);
	if (visit->space == SPACE_GOPHER)
		visit_show_text(visit, page.document, &page.style);
	else
		visit_show(visit, page.document, &page.style);
}

void pages_random(struct visit *visit)
{
	uint32_t index = arc4random_uniform(visit->catalogue->nposts);
	const struct post *post = &visit->catalogue->posts[index];
	if (visit->space == SPACE_GEMINI) {
		struct route route = catalogue_route(visit->catalogue, post);
		visit_redirect(visit, &route, false);
		return;
	}
	struct document *d = document_new(visit->arena);
	furniture_post(visit, d, post);
	visit_show(visit, d, &visit->settings->style);
	visit->response->cacheable = false;
}
