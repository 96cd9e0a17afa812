#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "content/catalogue_build.h"

/* A way to write a keyword or series, and how often it is written so. */
struct spelling {
	struct str text;
	uint32_t group, count;
};

/* One kind of groups while it grows. */
struct grouping {
	struct catalogue *catalogue;
	struct spelling *spellings;
	size_t nspellings, spellings_capacity;
	struct map known; /* spelling -> spellings[] */
	struct map slugs; /* slug -> groups[] */
	struct group *groups;
	size_t ngroups, groups_capacity;
	uint32_t *uses; /* groups in the order of their use */
	size_t nuses, uses_capacity;
};

static uint32_t group_of_slug(struct grouping *g, struct str name)
{
	struct buf slug = { 0 };
	catalogue_slug(name, &slug);
	uint32_t group = map_get(&g->slugs, buf_str(&slug));
	if (group == MAP_NONE) {
		group = (uint32_t)g->ngroups;
		g->groups =
		    memory_grow(g->groups, g->ngroups, &g->groups_capacity, sizeof *g->groups);
		g->groups[g->ngroups] =
		    (struct group){ .slug = arena_str(&g->catalogue->arena, buf_str(&slug)) };
		map_put(&g->slugs, g->groups[g->ngroups++].slug, group);
	}
	buf_free(&slug);
	return group;
}

/* The group that a post means by this text. */
static uint32_t use(struct grouping *g, struct str text)
{
	uint32_t i = map_get(&g->known, text);
	if (i == MAP_NONE) {
		i = (uint32_t)g->nspellings;
		uint32_t group = group_of_slug(g, text);
		g->spellings = memory_grow(g->spellings, g->nspellings, &g->spellings_capacity,
					   sizeof *g->spellings);
		g->spellings[g->nspellings++] = (struct spelling){ text, group, 0 };
		map_put(&g->known, text, i);
	}
	g->spellings[i].count++;
	return g->spellings[i].group;
}

static void note_use(struct grouping *g, uint32_t group)
{
	g->uses = memory_grow(g->uses, g->nuses, &g->uses_capacity, sizeof *g->uses);
	g->uses[g->nuses++] = group;
	g->groups[group].nmembers++;
}

/* As authors write it most often; of equals the one that was used last. */
static void choose_names(struct grouping *g)
{
	uint32_t *best = memory_new((g->ngroups + 1) * sizeof *best);
	for (size_t i = 0; i < g->nspellings; i++) {
		const struct spelling *s = &g->spellings[i];
		if (s->count > best[s->group]) {
			best[s->group] = s->count;
			g->groups[s->group].name = s->text;
		}
	}
	free(best);
}

struct sortable {
	struct str key, slug;
	uint32_t group;
};

static int by_key(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;
	int order = str_compare(x->key, y->key);
	return order ? order : str_compare(x->slug, y->slug);
}

/* Sorts the groups for readers; gives the new place of each. The caller frees it. */
static uint32_t *sort_groups(struct grouping *g)
{
	struct arena arena = { 0 };
	struct buf key = { 0 };
	size_t n = g->ngroups;
	struct sortable *order = ARENA_ARRAY(&arena, struct sortable, n);
	struct group *sorted = ARENA_ARRAY(&g->catalogue->arena, struct group, n);
	uint32_t *places = memory_new((n + 1) * sizeof *places);
	for (uint32_t i = 0; i < n; i++) {
		buf_clear(&key);
		utf8_sort_key(&key, g->groups[i].name);
		order[i] =
		    (struct sortable){ arena_str(&arena, buf_str(&key)), g->groups[i].slug, i };
	}
	if (n > 0)
		qsort(order, n, sizeof *order, by_key);
	for (uint32_t i = 0; i < n; i++) {
		sorted[i] = g->groups[order[i].group];
		places[order[i].group] = i;
	}
	free(g->groups);
	g->groups = sorted;
	buf_free(&key);
	arena_free(&arena);
	return places;
}

/* After this `uses` hold the final places, and every group knows where its members begin. */
static void finish(struct grouping *g, uint32_t first_member, struct map *slugs)
{
	choose_names(g);
	uint32_t *places = sort_groups(g);
	for (size_t i = 0; i < g->nuses; i++)
		g->uses[i] = places[g->uses[i]];
	for (uint32_t i = 0; i < g->ngroups; i++) {
		g->groups[i].first_member = first_member;
		first_member += g->groups[i].nmembers;
		map_put(slugs, g->groups[i].slug, i);
	}
	free(places);
	free(g->spellings);
	map_free(&g->known);
	map_free(&g->slugs);
}

static bool has_use(const struct grouping *g, size_t from, uint32_t group)
{
	for (size_t i = from; i < g->nuses; i++)
		if (g->uses[i] == group)
			return true;
	return false;
}

static void collect_keywords(struct grouping *g)
{
	struct catalogue *c = g->catalogue;
	for (uint32_t i = 0; i < c->nposts; i++) {
		struct str rest = str_from(c->sources[i].keywords), line;
		size_t first = g->nuses;
		while (str_line(&rest, &line)) {
			uint32_t group = use(g, line);
			if (!has_use(g, first, group))
				note_use(g, group);
		}
		c->posts[i].first_keyword = (uint32_t)first;
		c->posts[i].nkeywords = (uint32_t)(g->nuses - first);
	}
}

static void collect_series(struct grouping *g)
{
	struct catalogue *c = g->catalogue;
	for (uint32_t i = 0; i < c->nposts; i++) {
		struct str name = str_from(c->sources[i].series);
		if (name.len == 0)
			continue;
		uint32_t group = use(g, name);
		note_use(g, group);
		c->posts[i].series = group;
	}
}

struct part {
	int64_t instant;
	uint32_t post;
	int32_t weight;
};

/* Numbered parts first, in their order; the rest by date, the oldest first. */
static int by_reading(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	if ((x->weight == 0) != (y->weight == 0))
		return x->weight == 0 ? 1 : -1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	if (x->instant != y->instant)
		return x->instant < y->instant ? -1 : 1;
	return x->post < y->post ? -1 : 1; /* of one moment: by path */
}

static void order_series(struct catalogue *c, const struct group *series)
{
	uint32_t *members = c->members + series->first_member;
	struct part *parts = memory_resize(NULL, series->nmembers * sizeof *parts);
	for (uint32_t i = 0; i < series->nmembers; i++)
		parts[i] = (struct part){ c->posts[members[i]].date.instant, members[i],
					  c->sources[members[i]].weight };
	qsort(parts, series->nmembers, sizeof *parts, by_reading);
	for (uint32_t i = 0; i < series->nmembers; i++) {
		members[i] = parts[i].post;
		c->posts[members[i]].part = i + 1;
	}
	free(parts);
}

/* Fills the members of all groups, in the order of the posts: the newest first. */
static void fill_members(struct catalogue *c)
{
	uint32_t *next_keyword = memory_new((c->nkeywords + 1) * sizeof *next_keyword);
	uint32_t *next_series = memory_new((c->nseries + 1) * sizeof *next_series);
	for (uint32_t i = 0; i < c->nposts; i++) {
		const struct post *post = &c->posts[i];
		for (uint32_t k = 0; k < post->nkeywords; k++) {
			uint32_t keyword = c->post_keywords[post->first_keyword + k];
			uint32_t at = next_keyword[keyword]++;
			c->members[c->keywords[keyword].first_member + at] = i;
		}
		if (post->series != NO_INDEX) {
			uint32_t at = next_series[post->series]++;
			c->members[c->series[post->series].first_member + at] = i;
		}
	}
	free(next_keyword);
	free(next_series);
}

void groups_build(struct catalogue *c)
{
	struct grouping keywords = { .catalogue = c }, series = { .catalogue = c };
	collect_keywords(&keywords);
	collect_series(&series);
	uint32_t *series_uses = series.uses;
	finish(&keywords, 0, &c->keyword_slugs);
	finish(&series, (uint32_t)keywords.nuses, &c->series_slugs);
	for (uint32_t i = 0, used = 0; i < c->nposts; i++)
		if (c->posts[i].series != NO_INDEX)
			c->posts[i].series = series_uses[used++];
	c->keywords = keywords.groups;
	c->nkeywords = (uint32_t)keywords.ngroups;
	c->series = series.groups;
	c->nseries = (uint32_t)series.ngroups;
	c->members = ARENA_ARRAY(&c->arena, uint32_t, keywords.nuses + series.nuses);
	c->post_keywords = ARENA_ARRAY(&c->arena, uint32_t, keywords.nuses);
	if (keywords.nuses > 0)
		memcpy(c->post_keywords, keywords.uses, keywords.nuses * sizeof *keywords.uses);
	free(keywords.uses);
	free(series.uses);
	fill_members(c);
	for (uint32_t i = 0; i < c->nseries; i++)
		order_series(c, &c->series[i]);
}
