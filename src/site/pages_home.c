/* The home page: the author's words, the newest posts, and ways into all the rest. */
#include "content/loader.h"
#include "site/furniture.h"
#include "site/pages.h"
#include "site/post_document.h"

#define SHOWN_GROUPS  8  /* of each sort */
#define CHOSEN_GROUPS 64 /* those are the largest of so many */
#define PAGES         20 /* hand-written ones */

/* The text of home.md, below the capsule's own headings. */
static void add_home_text(struct visit *visit, struct document *d)
{
	const struct post *page = catalogue_page(visit->catalogue, STR("home"));
	if (page == NULL || !page->in_pages)
		return;
	struct post_text text;
	struct fault fault;
	if (!loader_read_post(visit->catalogue, page, visit->settings->limits.post_bytes,
			      visit->arena, &text, &fault))
		return;
	struct catalogue_resolver resolver;
	catalogue_resolver(&resolver, visit->catalogue, page->path, page->in_pages);
	struct post_header header = { .math = text.said->math };
	struct document *words = post_document(visit->arena, visit->settings, &header, text.body,
					       &resolver.base, &visit->settings->style);
	document_append(d, words, 1);
}

static void add_heading(const struct visit *visit, struct document *d, enum label label)
{
	document_heading(d, 2, visit->settings->style.labels.word[label]);
}

/* A link "All series (2)". */
static void add_all(const struct visit *visit, struct document *d, enum route_kind kind,
		    enum label label, uint32_t count)
{
	struct str word = visit->settings->style.labels.word[label];
	document_link(d, (struct route){ .kind = kind },
		      arena_format(d->arena, "%.*s (%u)", STR_ARGS(word), count));
}

static void add_posts(const struct visit *visit, struct document *d)
{
	const struct found *found = &visit->found;
	add_heading(visit, d, LABEL_LATEST_POSTS);
	for (uint32_t i = 0; i < found->count; i++)
		furniture_post(visit, d, found_post(visit->site, found, i));
	add_all(visit, d, ROUTE_ARCHIVE, LABEL_ALL_POSTS, visit->catalogue->nposts);
}

/* Indices of groups, each once. */
struct choice {
	uint32_t at[CHOSEN_GROUPS];
	unsigned count;
};

static void choose(struct choice *choice, uint32_t index)
{
	for (unsigned i = 0; i < choice->count; i++)
		if (choice->at[i] == index)
			return;
	if (choice->count < CHOSEN_GROUPS)
		choice->at[choice->count++] = index;
}

/* What the newest posts are about: to rank all keywords would cost what the catalogue holds. */
static void choose_groups(const struct visit *visit, struct choice *series, struct choice *keywords)
{
	const struct catalogue *c = visit->catalogue;
	for (uint32_t i = 0; i < visit->found.count; i++) {
		const struct post *post = found_post(visit->site, &visit->found, i);
		if (post->series != NO_INDEX)
			choose(series, post->series);
		for (uint32_t k = 0; k < post->nkeywords; k++)
			choose(keywords, c->post_keywords[post->first_keyword + k]);
	}
}

/* The largest first; of equals the one that the newest posts have. */
static void sort_by_size(struct choice *choice, const struct group *groups)
{
	for (unsigned i = 1; i < choice->count; i++) {
		uint32_t moved = choice->at[i];
		unsigned k = i;
		for (; k > 0 && groups[choice->at[k - 1]].nmembers < groups[moved].nmembers; k--)
			choice->at[k] = choice->at[k - 1];
		choice->at[k] = moved;
	}
}

static void add_chosen(const struct visit *visit, struct document *d, enum route_kind kind,
		       const struct choice *choice, const struct group *groups)
{
	for (unsigned i = 0; i < choice->count && i < SHOWN_GROUPS; i++)
		furniture_group(d, kind, &groups[choice->at[i]], STR(""),
				&visit->settings->style.labels);
}

static void add_groups(const struct visit *visit, struct document *d)
{
	const struct catalogue *c = visit->catalogue;
	struct choice series = { .count = 0 }, keywords = { .count = 0 };
	choose_groups(visit, &series, &keywords);
	sort_by_size(&keywords, c->keywords);
	if (c->nseries > 0) {
		add_heading(visit, d, LABEL_SERIES);
		add_chosen(visit, d, ROUTE_SERIES, &series, c->series);
		add_all(visit, d, ROUTE_SERIES_LIST, LABEL_ALL_SERIES, c->nseries);
	}
	if (c->nkeywords > 0) {
		add_heading(visit, d, LABEL_KEYWORDS);
		add_chosen(visit, d, ROUTE_KEYWORD, &keywords, c->keywords);
		add_all(visit, d, ROUTE_KEYWORD_LIST, LABEL_ALL_KEYWORDS, c->nkeywords);
	}
}

/* About and its like: Markdown at the top of `pages`. */
static void add_pages(const struct visit *visit, struct document *d)
{
	const struct catalogue *c = visit->catalogue;
	unsigned count = 0;
	for (uint32_t i = 0; i < c->npages && count < PAGES; i++) {
		const struct post *page = &c->pages[i];
		if (!page->in_pages || str_find(page->slug, '/', 0) != STR_NOT_FOUND ||
		    str_equal(page->slug, STR("home")))
			continue;
		struct str title = post_list_title(page);
		if (furniture_looks_dated(title))
			furniture_titled(d, catalogue_route(c, page),
					 visit->settings->style.labels.word[LABEL_MORE], title);
		else
			document_link(d, catalogue_route(c, page), title);
		count++;
	}
}

static void add_other_space(const struct visit *visit, struct document *d)
{
	const struct style *style = &visit->settings->style;
	bool gemini = visit->space == SPACE_GEMINI;
	if (!(gemini ? style->place.has_gopher : style->place.has_gemini))
		return;
	struct buf url = { 0 };
	struct route home = { .kind = ROUTE_HOME };
	style_absolute(style, gemini ? SPACE_GOPHER : SPACE_GEMINI, &home, &url);
	document_link_url(d, buf_str(&url),
			  style->labels.word[gemini ? LABEL_IN_GOPHER : LABEL_IN_GEMINI]);
	buf_free(&url);
}

void pages_home(struct visit *visit)
{
	const struct settings *settings = visit->settings;
	const struct labels *labels = &settings->style.labels;
	struct document *d = document_new(visit->arena);
	d->lang = settings->language;
	document_heading(d, 1, settings->title);
	if (settings->description.len > 0)
		document_heading(d, 2, settings->description);
	add_home_text(visit, d);
	if (visit->found.count > 0)
		add_posts(visit, d);
	add_groups(visit, d);
	add_heading(visit, d, LABEL_MORE);
	if (visit->site->search != NULL)
		document_link(d, (struct route){ .kind = ROUTE_SEARCH },
			      labels->word[LABEL_SEARCH]);
	struct route random = { .kind = ROUTE_RANDOM };
	if (visit->found.count > 0 && style_reaches(&settings->style, &random))
		document_link(d, random, labels->word[LABEL_RANDOM_POST]);
	document_link(d, (struct route){ .kind = ROUTE_FEED }, labels->word[LABEL_FEED]);
	add_pages(visit, d);
	add_other_space(visit, d);
	visit_show(visit, d, &settings->style);
}
