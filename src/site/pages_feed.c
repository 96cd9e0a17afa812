/* Atom feeds of the capsule, of a series and of a keyword. */
#include <stdlib.h>

#include "render/atom.h"
#include "site/pages.h"

#define NEWEST 50

static void fill_entry(const struct visit *visit, const struct post *post, struct atom_entry *entry)
{
	const struct catalogue *c = visit->catalogue;
	*entry = (struct atom_entry){
		.title = post->title,
		.summary = post->description,
		.author = post->extras->author,
		.rights = post->extras->license,
		.route = catalogue_route(c, post),
		.published = post->date.instant,
		.updated = date_is_set(&post->updated) ? post->updated.instant : post->date.instant,
		.ncategories = post->nkeywords,
	};
	struct str *names = ARENA_ARRAY(visit->arena, struct str, post->nkeywords);
	for (uint32_t i = 0; i < post->nkeywords; i++)
		names[i] = c->keywords[c->post_keywords[post->first_keyword + i]].name;
	entry->categories = names;
}

static void show_feed(struct visit *visit, struct str title, const struct route *alternate,
		      const uint32_t *newest, uint32_t count)
{
	const struct settings *settings = visit->settings;
	struct atom_entry *entries = ARENA_ARRAY(visit->arena, struct atom_entry, count);
	for (uint32_t i = 0; i < count; i++)
		fill_entry(visit, &visit->catalogue->posts[newest[i]], &entries[i]);
	struct atom_feed feed = {
		.title = title,
		.subtitle = settings->description,
		.lang = settings->language,
		.author_name =
		    settings->author_name.len > 0 ? settings->author_name : settings->title,
		.author_email = settings->author_email,
		.author_uri = settings->author_uri,
		.self = visit->route,
		.alternate = *alternate,
		.entries = entries,
		.nentries = count,
	};
	struct buf *body = visit_text(visit, STR("application/atom+xml"));
	visit->response->lang = settings->language;
	atom_write(&feed, &settings->style, visit->space, body);
}

void pages_feed(struct visit *visit)
{
	uint32_t newest[NEWEST];
	uint32_t count = visit->catalogue->nposts < NEWEST ? visit->catalogue->nposts : NEWEST;
	for (uint32_t i = 0; i < count; i++)
		newest[i] = i;
	struct route home = { .kind = ROUTE_HOME };
	show_feed(visit, visit->settings->title, &home, newest, count);
}

static int compare_indices(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* posts[] is newest first, so the smallest indices are the newest. */
static void show_group_feed(struct visit *visit, enum route_kind kind)
{
	const struct group *group = visit->found.group;
	const uint32_t *members = visit->found.members;
	uint32_t count = visit->found.total;
	if (kind == ROUTE_SERIES) {
		uint32_t *sorted = ARENA_ARRAY(visit->arena, uint32_t, count);
		memcpy(sorted, members, count * sizeof *sorted);
		qsort(sorted, count, sizeof *sorted, compare_indices);
		members = sorted;
	}
	struct str title = arena_format(visit->arena, "%.*s: %.*s",
					STR_ARGS(visit->settings->title), STR_ARGS(group->name));
	struct route alternate = { .kind = kind, .name = group->slug };
	show_feed(visit, title, &alternate, members, count < NEWEST ? count : NEWEST);
}

void pages_series_feed(struct visit *visit)
{
	show_group_feed(visit, ROUTE_SERIES);
}

void pages_keyword_feed(struct visit *visit)
{
	show_group_feed(visit, ROUTE_KEYWORD);
}
