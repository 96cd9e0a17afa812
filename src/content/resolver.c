#include <unistd.h>

#include "base/file.h"
#include "content/catalogue_build.h"
#include "content/old_address.h"
#include "content/plain.h"

/* A reference of a source file, taken apart. */
struct reference {
	struct str path; /* decoded, from the root, without dot segments and outer slashes */
	struct str query;
	bool folder; /* it ended in a slash */
};

/* Appends `path` to `out` segment by segment; `..` never leads above the root. */
static void add_segments(struct str path, struct buf *out)
{
	struct str segment;
	while (path.len > 0) {
		str_cut(&path, '/', &segment);
		if (segment.len == 0 || str_equal(segment, STR(".")))
			continue;
		if (str_equal(segment, STR(".."))) {
			size_t slash = str_find_last(buf_str(out), '/');
			out->len = slash == STR_NOT_FOUND ? 0 : slash;
			continue;
		}
		if (out->len > 0)
			buf_add_char(out, '/');
		buf_add(out, segment);
	}
}

/* The path that `path` means in a file of `folder`. */
static struct str join(struct arena *arena, struct str folder, struct str path)
{
	struct buf joined = { 0 };
	if (str_starts(path, STR("@/"))) /* Zola: from the root of the content */
		path = str_skip(path, 1);
	if (!str_starts(path, STR("/")))
		add_segments(folder, &joined);
	add_segments(path, &joined);
	struct str result = arena_str(arena, buf_str(&joined));
	buf_free(&joined);
	return result;
}

static struct str folder_of(struct str path)
{
	size_t slash = str_find_last(path, '/');
	return slash == STR_NOT_FOUND ? STR("") : str_sub(path, 0, slash);
}

/* The post or page whose file is `path` and one of `endings`; a neighbour before a stranger. */
static const struct post *find_file(const struct catalogue_resolver *r, struct arena *arena,
				    struct str path)
{
	const struct catalogue *c = r->catalogue;
	static const struct str endings[] = { STR_INIT(""), STR_INIT(".md"), STR_INIT(".markdown"),
					      STR_INIT("/index.md"), STR_INIT("/_index.md") };
	char *name = arena_get(arena, path.len + sizeof "/_index.md");
	memcpy(name, path.at, path.len);
	for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
		memcpy(name + path.len, endings[e].at, endings[e].len);
		struct str whole = { name, path.len + endings[e].len };
		for (unsigned other = 0; other < 2; other++) {
			uint32_t i = catalogue_find_path(c, r->in_pages != (other == 1), whole);
			if (i != NO_INDEX && i < c->nposts + c->npages)
				return catalogue_entry(c, i);
		}
	}
	return NULL;
}

static const struct post *find_path(const struct catalogue_resolver *r, struct arena *arena,
				    struct str path)
{
	if (path.len == 0)
		return NULL;
	const struct post *found = find_file(r, arena, path);
	if (found == NULL && str_ends(path, STR(".html")))
		found = find_file(r, arena, str_sub(path, 0, path.len - 5));
	if (found == NULL)
		found = catalogue_page(r->catalogue, path);
	if (found == NULL)
		found = catalogue_old_address(r->catalogue, path);
	return found;
}

/* Whether one of the capsule's own addresses (contract "Addresses") leads somewhere. */
static bool exists(const struct catalogue *c, const struct route *route)
{
	switch (route->kind) {
	case ROUTE_POST:
	case ROUTE_POST_TEXT:
	case ROUTE_POST_SOURCE:
	case ROUTE_POST_MENU: return catalogue_post(c, route->name) != NULL;
	case ROUTE_PAGE: return catalogue_page(c, route->name) != NULL;
	case ROUTE_SERIES:
	case ROUTE_SERIES_FEED: return catalogue_series(c, route->name) != NULL;
	case ROUTE_KEYWORD:
	case ROUTE_KEYWORD_FEED: return catalogue_keyword(c, route->name) != NULL;
	case ROUTE_FILE:
	case ROUTE_NONE: return false;
	default: return true;
	}
}

/* A link to an address of ours, as the author sees it in the capsule. */
static bool resolve_route(const struct catalogue *c, struct arena *arena, struct str path,
			  bool folder, struct target *target)
{
	bool slash_missing;
	struct route route;
	char *absolute = arena_get(arena, path.len + 2);
	absolute[0] = '/';
	memcpy(absolute + 1, path.at, path.len);
	absolute[path.len + 1] = '/';
	struct str address = { absolute, path.len + 1 + (folder && path.len > 0) };
	route_parse(SPACE_GEMINI, address, &route, &slash_missing);
	if (!exists(c, &route))
		return false;
	target->route = route;
	const struct post *post = route.kind == ROUTE_POST   ? catalogue_post(c, route.name)
				  : route.kind == ROUTE_PAGE ? catalogue_page(c, route.name)
							     : NULL;
	if (post != NULL && post->has_title)
		target->title = post->title;
	return true;
}

static bool resolve_post(const struct catalogue_resolver *r, struct arena *arena, struct str path,
			 struct target *target)
{
	const struct post *post = find_path(r, arena, path);
	if (post == NULL)
		return false;
	target->route = catalogue_route(r->catalogue, post);
	target->title = post->has_title ? post->title : STR("");
	return true;
}

static bool is_on_disk(const struct catalogue *c, struct str path)
{
	const int roots[] = { c->content_root, c->pages_root };
	for (size_t i = 0; i < 2; i++) {
		struct stat status;
		if (roots[i] < 0 || !folder_set_may_hold(&c->folders, i == 1, path))
			continue;
		int fd = file_open_beneath(roots[i], path, &status);
		if (fd < 0)
			continue;
		close(fd);
		return true;
	}
	return false;
}

static bool resolve_file(const struct catalogue *c, struct str path, struct target *target)
{
	if (path.len == 0 || catalogue_is_hidden(c, path) || !is_on_disk(c, path))
		return false;
	target->route = (struct route){ ROUTE_FILE, .name = path };
	return true;
}

/* One reading of the reference: a post, a page, an address of ours, or a file that exists. */
static bool try_path(const struct catalogue_resolver *r, struct arena *arena, struct str path,
		     bool folder, struct target *target)
{
	const struct catalogue *c = r->catalogue;
	/* A page of HTML beside the post is itself; otherwise it was made of the post. */
	if (str_ends(path, STR(".html")) && resolve_file(c, path, target))
		return true;
	return resolve_post(r, arena, path, target) ||
	       resolve_route(c, arena, path, folder, target) || resolve_file(c, path, target);
}

/*
 * `/img/a.png` of a site that Hugo makes is static/img/a.png of its project, where that is the
 * content: in most capsules there is nothing to be tried.
 */
static bool try_roots(const struct catalogue_resolver *r, struct arena *arena, struct str path,
		      bool folder, struct target *target)
{
	for (size_t i = 0; old_address_root(i).len > 0; i++) {
		struct str root = old_address_root(i);
		if (folder_set_may_hold(&r->catalogue->folders, false, root) &&
		    try_path(r, arena, join(arena, root, path), folder, target))
			return true;
	}
	return false;
}

static void split_reference(struct str text, struct str *path, struct str *query)
{
	*path = str_sub(text, 0, str_find(text, '#', 0)); /* gemtext has no anchors */
	size_t mark = str_find(*path, '?', 0);
	*query = mark == STR_NOT_FOUND ? STR("") : str_skip(*path, mark + 1);
	*path = str_sub(*path, 0, mark);
}

static void resolve(const struct link_resolver *base, struct arena *arena, struct str text,
		    struct target *target)
{
	/* The struct is the caller's own; only `missed` is written. */
	struct catalogue_resolver *r = (struct catalogue_resolver *)base;
	struct str encoded, query;
	struct buf decoded = { 0 };
	split_reference(text, &encoded, &query);
	route_decode(encoded, &decoded);
	struct str written = buf_str(&decoded);
	bool folder = str_ends(written, STR("/"));
	struct str folder_path = folder_of(r->path);
	struct str path = written.len > 0 ? join(arena, folder_path, written) : r->path;
	*target = (struct target){ .kind = TARGET_ROUTE };
	bool found = try_path(r, arena, path, folder, target);
	if (!found && (str_starts(written, STR("/")) || str_starts(written, STR("@/")))) {
		found = try_roots(r, arena, path, folder, target);
	} else if (!found) {
		/* As on the web, where a post is a folder: `../other/` stands beside it. */
		struct str beside = join(arena, r->path, written);
		found = try_path(r, arena, beside, folder, target);
	}
	if (!found) {
		r->missed = true;
		struct str name =
		    folder && path.len > 0 ? arena_format(arena, "%.*s/", STR_ARGS(path)) : path;
		target->route = (struct route){ ROUTE_FILE, .name = name };
	}
	target->route.query = query;
	buf_free(&decoded);
}

static const struct post *find_name(const struct catalogue *c, struct str name)
{
	struct buf folded = { 0 };
	uint32_t hash = post_name_hash(name, &folded), i;
	const struct post *found = NULL;
	size_t at = 0;
	while (found == NULL && (i = hash_index_next(&c->names, hash, &at)) != HASH_INDEX_NONE)
		if (post_has_name(catalogue_entry(c, i), buf_str(&folded)))
			found = catalogue_entry(c, i);
	buf_free(&folded);
	return found;
}

/* A title as its author wrote it, with marks and mathematics. */
static const struct post *find_title(const struct catalogue *c, struct str name)
{
	struct buf plain = { 0 };
	plain_line(name, true, &plain);
	const struct post *found =
	    str_equal(buf_str(&plain), name) ? NULL : find_name(c, buf_str(&plain));
	buf_free(&plain);
	return found;
}

/* Hugo's `ref "posts/x.md"`, Jekyll's `post_url 2020-01-02-x`: the slug in it. */
static const struct post *find_reference(const struct catalogue_resolver *r, struct arena *arena,
					 struct str name)
{
	struct str path = join(arena, STR(""), str_sub(name, 0, str_find(name, '#', 0)));
	const struct post *found = find_file(r, arena, path);
	for (size_t i = 0; found == NULL && old_address_root(i).len > 0; i++)
		found = find_file(r, arena, join(arena, old_address_root(i), path));
	if (found != NULL)
		return found;
	struct str last = path, rest;
	size_t slash = str_find_last(path, '/');
	if (slash != STR_NOT_FOUND)
		last = str_skip(path, slash + 1);
	if (post_is_markdown(last))
		last = str_sub(last, 0, str_find_last(last, '.'));
	struct date date;
	if (date_prefix(last, &date, &rest))
		last = rest;
	return find_name(r->catalogue, last);
}

static bool find(const struct link_resolver *base, struct arena *arena, struct str name,
		 struct target *target)
{
	struct catalogue_resolver *r = (struct catalogue_resolver *)base;
	name = str_trim(name);
	const struct post *post = find_name(r->catalogue, name);
	if (post == NULL)
		post = find_reference(r, arena, name);
	if (post == NULL)
		post = find_title(r->catalogue, name);
	if (post == NULL) {
		r->missed = true;
		return false;
	}
	*target = (struct target){
		.kind = TARGET_ROUTE,
		.route = catalogue_route(r->catalogue, post),
		.title = post->has_title ? post->title : STR(""),
	};
	return true;
}

void catalogue_resolver(struct catalogue_resolver *r, const struct catalogue *c, struct str path,
			bool in_pages)
{
	*r = (struct catalogue_resolver){
		.base = { .resolve = resolve, .find = find },
		.catalogue = c,
		.path = path,
		.in_pages = in_pages,
	};
}
