#include "site/route_lookup.h"

#define NEAREST_POSTS   2000
#define NEAREST_LETTERS 2

/* The part of a listing that its page shows; false behind the end. */
static bool cut_page(const struct site *site, const struct route *route, struct found *found)
{
	uint64_t size = site->settings->posts_per_page;
	uint64_t first = route->page > 1 ? (route->page - 1) * size : 0;
	if (first > 0 && first >= found->total)
		return false;
	uint64_t rest = found->total - first;
	found->first = (uint32_t)first;
	found->count = (uint32_t)(rest < size ? rest : size);
	return true;
}

static bool find_all(const struct site *site, const struct route *route, struct found *found)
{
	found->total = site->catalogue->nposts;
	return cut_page(site, route, found);
}

static bool find_year(const struct site *site, const struct route *route, struct found *found)
{
	catalogue_year(site->catalogue, (int32_t)route->year, &found->base, &found->total);
	return found->total > 0 && cut_page(site, route, found);
}

static bool find_post(const struct site *site, const struct route *route, struct found *found)
{
	found->post = catalogue_post(site->catalogue, route->name);
	return found->post != NULL;
}

static bool find_page(const struct site *site, const struct route *route, struct found *found)
{
	found->post = catalogue_page(site->catalogue, route->name);
	return found->post != NULL;
}

static bool find_members(const struct site *site, const struct route *route, struct found *found)
{
	if (found->group == NULL)
		return false;
	found->members = site->catalogue->members + found->group->first_member;
	found->total = found->group->nmembers;
	return cut_page(site, route, found);
}

static bool find_series(const struct site *site, const struct route *route, struct found *found)
{
	found->group = catalogue_series(site->catalogue, route->name);
	return find_members(site, route, found);
}

static bool find_keyword(const struct site *site, const struct route *route, struct found *found)
{
	found->group = catalogue_keyword(site->catalogue, route->name);
	return find_members(site, route, found);
}

static bool find_always(const struct site *site, const struct route *route, struct found *found)
{
	(void)site;
	(void)route;
	(void)found;
	return true;
}

static bool find_search(const struct site *site, const struct route *route, struct found *found)
{
	(void)route;
	(void)found;
	return site->search != NULL;
}

static bool find_any_post(const struct site *site, const struct route *route, struct found *found)
{
	(void)route;
	found->total = site->catalogue->nposts;
	return found->total > 0;
}

/* What has no row is nothing of the catalogue's. */
typedef bool find_function(const struct site *, const struct route *, struct found *);
static find_function *const finders[ROUTE_KINDS] = {
	[ROUTE_HOME] = find_all,
	[ROUTE_ARCHIVE] = find_all,
	[ROUTE_YEAR] = find_year,
	[ROUTE_POST] = find_post,
	[ROUTE_POST_TEXT] = find_post,
	[ROUTE_POST_SOURCE] = find_post,
	[ROUTE_POST_MENU] = find_post,
	[ROUTE_SERIES_LIST] = find_always,
	[ROUTE_SERIES] = find_series,
	[ROUTE_SERIES_FEED] = find_series,
	[ROUTE_KEYWORD_LIST] = find_always,
	[ROUTE_KEYWORD] = find_keyword,
	[ROUTE_KEYWORD_FEED] = find_keyword,
	[ROUTE_SEARCH] = find_search,
	[ROUTE_FEED] = find_all,
	[ROUTE_RANDOM] = find_any_post,
	[ROUTE_PAGE] = find_page,
};

bool route_lookup(const struct site *site, const struct route *route, struct found *found)
{
	*found = (struct found){ 0 };
	find_function *find = finders[route->kind];
	return find != NULL && find(site, route, found);
}

const struct post *found_post(const struct site *site, const struct found *found, uint32_t i)
{
	uint32_t index = found->members != NULL ? found->members[i] : found->base + i;
	return &site->catalogue->posts[index];
}

const struct post *route_nearest(const struct catalogue *catalogue, struct str slug)
{
	if (catalogue->nposts > NEAREST_POSTS || slug.len <= NEAREST_LETTERS)
		return NULL;
	const struct post *nearest = NULL;
	unsigned distance = NEAREST_LETTERS + 1;
	for (uint32_t i = 0; i < catalogue->nposts && distance > 1; i++) {
		unsigned d = str_distance(catalogue->posts[i].slug, slug, distance - 1);
		if (d < distance) {
			distance = d;
			nearest = &catalogue->posts[i];
		}
	}
	return nearest;
}
