#include "site/routes.h"

#include <sys/stat.h>

#include "base/folder.h"
#include "content/scan.h"

static void add(struct routes *routes, struct route route)
{
	routes->at = arena_grow(&routes->arena, routes->at, routes->count, &routes->capacity,
				sizeof *routes->at);
	routes->at[routes->count++] = route;
}

/* A listing of `total` posts: all its pages; one even when it is empty. */
static void add_listing(const struct site *site, struct routes *routes, struct route route,
			uint32_t total)
{
	uint32_t size = site->settings->posts_per_page;
	add(routes, route);
	for (route.page = 2; (uint64_t)(route.page - 1) * size < total; route.page++)
		add(routes, route);
}

static void add_years(const struct site *site, struct routes *routes)
{
	const struct catalogue *c = site->catalogue;
	for (uint32_t i = 0; i < c->nposts;) {
		uint32_t first, count;
		int32_t year = c->posts[i].date.year;
		catalogue_year(c, year, &first, &count);
		add_listing(site, routes,
			    (struct route){ .kind = ROUTE_YEAR, .year = (unsigned)year }, count);
		i = first + count > i ? first + count : i + 1;
	}
}

static void add_groups(const struct site *site, struct routes *routes, const struct group *groups,
		       uint32_t count, enum route_kind listing, enum route_kind feed)
{
	for (uint32_t i = 0; i < count; i++) {
		struct route route = { .kind = listing, .name = groups[i].slug };
		add_listing(site, routes, route, groups[i].nmembers);
		route.kind = feed;
		add(routes, route);
	}
}

static void add_posts(const struct catalogue *c, enum space space, struct routes *routes)
{
	static const enum route_kind forms[][3] = {
		[SPACE_GEMINI] = { ROUTE_POST, ROUTE_POST_TEXT, ROUTE_POST_SOURCE },
		[SPACE_GOPHER] = { ROUTE_POST, ROUTE_POST_MENU, ROUTE_POST_SOURCE },
	};
	for (uint32_t i = 0; i < c->nposts; i++)
		for (size_t f = 0; f < 3; f++)
			add(routes,
			    (struct route){ .kind = forms[space][f], .name = c->posts[i].slug });
}

/* home.md is the home page's text and has no address of its own. */
static void add_pages(const struct catalogue *c, struct routes *routes)
{
	for (uint32_t i = 0; i < c->npages; i++)
		if (!c->pages[i].in_pages || !str_equal(c->pages[i].slug, STR("home")))
			add(routes, catalogue_route(c, &c->pages[i]));
}

/* ---- Files ---- */

struct file_walk {
	struct routes *routes;
	enum space space;
	struct map known;    /* sources of posts and pages below this root */
	struct stat content; /* its root: where it lies below pages, it is walked on its own */
};

static void note_sources(struct file_walk *walk, const struct post *posts, uint32_t count,
			 bool in_pages)
{
	for (uint32_t i = 0; i < count; i++)
		if (posts[i].in_pages == in_pages)
			map_put(&walk->known, posts[i].path, 1);
}

static bool has_control(struct str path)
{
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.at[i] < 0x20 || path.at[i] == 0x7f)
			return true;
	return false;
}

/* In Gopher about.gmi is the text /about.txt too, and docs/index.gmi the menu /docs/. */
static void add_gemtext(struct routes *routes, struct str path)
{
	static const struct str indices[] = { STR_INIT("/index.gmi"), STR_INIT("/index.gemini") };
	if (str_ends(path, STR(".gmi")))
		add(routes,
		    (struct route){ .kind = ROUTE_PAGE, .name = str_sub(path, 0, path.len - 4) });
	for (size_t i = 0; i < 2; i++) {
		size_t folder = path.len - indices[i].len + 1;
		if (str_ends(path, indices[i]))
			add(routes,
			    (struct route){ .kind = ROUTE_FILE, .name = str_sub(path, 0, folder) });
	}
}

static void take_file(void *context, struct str path, const struct stat *status)
{
	(void)status;
	struct file_walk *walk = context;
	/* No request can name such a file (GEM-19); dot-names are nothing for Gopher (GOPH-116). */
	if (has_control(path) || (walk->space == SPACE_GOPHER && str_starts(path, STR("."))) ||
	    map_get(&walk->known, path) != MAP_NONE)
		return;
	path = arena_str(&walk->routes->arena, path);
	add(walk->routes, (struct route){ .kind = ROUTE_FILE, .name = path });
	if (walk->space == SPACE_GOPHER)
		add_gemtext(walk->routes, path);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static bool enters(void *context, struct str path, const struct stat *status)
{
	const struct file_walk *walk = context;
	size_t slash = str_find_last(path, '/');
	struct str name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	return (scan_wants_folder(name) || str_equal(path, STR(".well-known"))) &&
	       !is_same(status, &walk->content);
}

static void add_root(const struct catalogue *c, enum space space, bool in_pages,
		     struct routes *routes)
{
	struct file_walk walk = { .routes = routes, .space = space };
	struct folder_visitor visitor = { take_file, enters, &walk };
	struct stat top = { 0 };
	int root = in_pages ? c->pages_root : c->content_root;
	fstat(c->content_root, &walk.content);
	if (root < 0 || fstat(root, &top) != 0 || (in_pages && is_same(&top, &walk.content)))
		return;
	note_sources(&walk, c->posts, c->nposts, in_pages);
	note_sources(&walk, c->pages, c->npages, in_pages);
	folder_walk(root, &visitor);
	map_free(&walk.known);
}

static void add_files(const struct catalogue *c, enum space space, struct routes *routes)
{
	add_root(c, space, false, routes);
	add_root(c, space, true, routes);
	add(routes, (struct route){ .kind = ROUTE_FILE, .name = STR("robots.txt") });
	if (space == SPACE_GOPHER)
		add(routes, (struct route){ .kind = ROUTE_FILE, .name = STR("caps.txt") });
}

/* ---- All ---- */

/* Two names may have one address: a file beside a page. The first is what the site answers. */
static void drop_repeated(enum space space, struct routes *routes, size_t from)
{
	struct map seen = { 0 };
	struct buf path = { 0 };
	size_t kept = from;
	for (size_t i = from; i < routes->count; i++) {
		buf_clear(&path);
		route_spell(space, &routes->at[i], &path);
		if (map_put(&seen, arena_str(&routes->arena, buf_str(&path)), 1) == MAP_NONE)
			routes->at[kept++] = routes->at[i];
	}
	routes->count = kept;
	buf_free(&path);
	map_free(&seen);
}

void routes_list(const struct site *site, enum space space, struct routes *routes)
{
	const struct catalogue *c = site->catalogue;
	size_t from = routes->count;
	add(routes, (struct route){ .kind = ROUTE_HOME });
	add(routes, (struct route){ .kind = ROUTE_FEED });
	add_listing(site, routes, (struct route){ .kind = ROUTE_ARCHIVE }, c->nposts);
	add_years(site, routes);
	add_posts(c, space, routes);
	add(routes, (struct route){ .kind = ROUTE_SERIES_LIST });
	add_groups(site, routes, c->series, c->nseries, ROUTE_SERIES, ROUTE_SERIES_FEED);
	add(routes, (struct route){ .kind = ROUTE_KEYWORD_LIST });
	add_groups(site, routes, c->keywords, c->nkeywords, ROUTE_KEYWORD, ROUTE_KEYWORD_FEED);
	add_pages(c, routes);
	add_files(c, space, routes);
	drop_repeated(space, routes, from);
}

void routes_free(struct routes *routes)
{
	arena_free(&routes->arena);
	*routes = (struct routes){ 0 };
}
