/* The listings: archive, years, series, keywords. */
#include "site/furniture.h"
#include "site/pages.h"

#define NEIGHBOURS 5

static const struct labels *labels_of(const struct visit *visit)
{
	return &visit->settings->style.labels;
}

static struct str word_of(const struct visit *visit, enum label label)
{
	return labels_of(visit)->word[label];
}

/* "24 posts" and what follows it, as a paragraph. */
static void add_count(const struct visit *visit, struct document *d, unsigned count,
		      struct str rest)
{
	struct buf text = { 0 };
	furniture_count(&text, labels_of(visit), LABEL_ONE_POST, LABEL_POST_COUNT, count);
	buf_add(&text, rest);
	buf_add_char(&text, '.');
	document_text(d, buf_str(&text));
	buf_free(&text);
}

static void add_posts(const struct visit *visit, struct document *d)
{
	const struct found *found = &visit->found;
	document_gap(d);
	for (uint32_t i = found->first; i < found->first + found->count; i++)
		furniture_post(visit, d, found_post(visit->site, found, i));
}

/* To the pages of this listing before and after this one. */
static void add_neighbour_pages(const struct visit *visit, struct document *d, enum label next,
				enum label previous)
{
	const struct found *found = &visit->found;
	struct route route = visit->route;
	unsigned page = route.page > 1 ? route.page : 1;
	if (found->first + found->count < found->total) {
		route.page = page + 1;
		document_link(d, route, word_of(visit, next));
	}
	if (page > 1) {
		route.page = page - 1;
		document_link(d, route, word_of(visit, previous));
	}
}

/* ---- By time ---- */

/* The posts of this page, each year under its heading. */
static void add_years(const struct visit *visit, struct document *d)
{
	const struct found *found = &visit->found;
	int32_t year = 0;
	for (uint32_t i = found->first; i < found->first + found->count; i++) {
		const struct post *post = found_post(visit->site, found, i);
		if (post->date.year != year) {
			year = post->date.year;
			document_heading(d, 2, arena_format(d->arena, "%d", (int)year));
		}
		furniture_post(visit, d, post);
	}
}

/* "Year 2019 (7)" for each year that has posts: from a year's first post to the year before. */
static void add_year_links(const struct visit *visit, struct document *d)
{
	const struct catalogue *c = visit->catalogue;
	struct str word = word_of(visit, LABEL_YEAR);
	for (uint32_t i = 0; i < c->nposts;) {
		uint32_t first, count;
		unsigned year = (unsigned)c->posts[i].date.year;
		catalogue_year(c, (int32_t)year, &first, &count);
		document_link(d, (struct route){ .kind = ROUTE_YEAR, .year = year },
			      arena_format(d->arena, "%.*s %u (%u)", STR_ARGS(word), year, count));
		i = first + count > i ? first + count : i + 1;
	}
}

void pages_archive(struct visit *visit)
{
	const struct catalogue *c = visit->catalogue;
	struct document *d = document_new(visit->arena);
	document_heading(d, 1, word_of(visit, LABEL_ARCHIVE));
	struct str since = { 0 };
	if (c->nposts > 0)
		since = arena_format(d->arena, " %.*s %d", STR_ARGS(word_of(visit, LABEL_SINCE)),
				     (int)c->posts[c->nposts - 1].date.year);
	add_count(visit, d, c->nposts, since);
	add_years(visit, d);
	document_gap(d);
	add_neighbour_pages(visit, d, LABEL_OLDER_POSTS, LABEL_NEWER_POSTS);
	add_year_links(visit, d);
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

void pages_year(struct visit *visit)
{
	struct document *d = document_new(visit->arena);
	document_heading(d, 1,
			 arena_format(d->arena, "%.*s %u", STR_ARGS(word_of(visit, LABEL_YEAR)),
				      visit->route.year));
	add_count(visit, d, visit->found.total, STR(""));
	add_posts(visit, d);
	document_gap(d);
	add_neighbour_pages(visit, d, LABEL_OLDER_POSTS, LABEL_NEWER_POSTS);
	document_link(d, (struct route){ .kind = ROUTE_ARCHIVE }, word_of(visit, LABEL_ARCHIVE));
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

/* ---- Series ---- */

/* Number and description are lines of text beside the link, which keeps its form. */
static void add_part(const struct visit *visit, struct document *d, const struct post *post)
{
	struct buf line = { 0 };
	furniture_words(&line, word_of(visit, LABEL_PART_NUMBER), post->part, 0);
	document_text(d, buf_str(&line));
	buf_free(&line);
	furniture_post(visit, d, post);
	if (post->description.len > 0)
		document_line(d, post->description);
}

void pages_series(struct visit *visit)
{
	const struct found *found = &visit->found;
	struct document *d = document_new(visit->arena);
	document_heading(d, 1, found->group->name);
	struct buf text = { 0 };
	furniture_count(&text, labels_of(visit), LABEL_ONE_PART, LABEL_PART_COUNT, found->total);
	buf_format(&text, ", %.*s.", STR_ARGS(word_of(visit, LABEL_IN_READING_ORDER)));
	document_text(d, buf_str(&text));
	buf_free(&text);
	for (uint32_t i = found->first; i < found->first + found->count; i++)
		add_part(visit, d, found_post(visit->site, found, i));
	document_gap(d);
	add_neighbour_pages(visit, d, LABEL_NEXT_PAGE, LABEL_PREVIOUS_PAGE);
	document_link(d, (struct route){ .kind = ROUTE_SERIES_FEED, .name = found->group->slug },
		      word_of(visit, LABEL_FEED_OF_SERIES));
	document_link(d, (struct route){ .kind = ROUTE_SERIES_LIST },
		      word_of(visit, LABEL_ALL_SERIES));
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

/* ---- Keywords ---- */

static void add_neighbours(const struct visit *visit, struct document *d)
{
	uint32_t found[NEIGHBOURS];
	unsigned count =
	    catalogue_neighbours(visit->catalogue, visit->found.group, NEIGHBOURS, found);
	for (unsigned i = 0; i < count; i++)
		furniture_group(d, ROUTE_KEYWORD, &visit->catalogue->keywords[found[i]],
				word_of(visit, LABEL_RELATED_KEYWORD), labels_of(visit));
}

void pages_keyword(struct visit *visit)
{
	const struct group *keyword = visit->found.group;
	struct document *d = document_new(visit->arena);
	document_heading(d, 1, keyword->name);
	add_count(visit, d, visit->found.total, STR(""));
	add_posts(visit, d);
	document_gap(d);
	add_neighbour_pages(visit, d, LABEL_OLDER_POSTS, LABEL_NEWER_POSTS);
	document_gap(d);
	add_neighbours(visit, d);
	document_gap(d);
	document_link(d, (struct route){ .kind = ROUTE_KEYWORD_FEED, .name = keyword->slug },
		      word_of(visit, LABEL_FEED_OF_KEYWORD));
	document_link(d, (struct route){ .kind = ROUTE_KEYWORD_LIST },
		      word_of(visit, LABEL_ALL_KEYWORDS));
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

/* ---- All series, all keywords ---- */

static void show_groups(struct visit *visit, enum label title, enum route_kind kind,
			const struct group *groups, uint32_t count)
{
	struct document *d = document_new(visit->arena);
	document_heading(d, 1, word_of(visit, title));
	document_gap(d);
	for (uint32_t i = 0; i < count; i++)
		furniture_group(d, kind, &groups[i], STR(""), labels_of(visit));
	document_gap(d);
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

void pages_series_list(struct visit *visit)
{
	const struct catalogue *c = visit->catalogue;
	show_groups(visit, LABEL_SERIES, ROUTE_SERIES, c->series, c->nseries);
}

void pages_keyword_list(struct visit *visit)
{
	const struct catalogue *c = visit->catalogue;
	show_groups(visit, LABEL_KEYWORDS, ROUTE_KEYWORD, c->keywords, c->nkeywords);
}
