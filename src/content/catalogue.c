#include "content/catalogue.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "content/catalogue_build.h"
#include "content/versions.h"

struct catalogue *catalogue_hold(struct catalogue *c)
{
	atomic_fetch_add(&c->holders, 1);
	return c;
}

void catalogue_release(struct catalogue *c)
{
	if (c == NULL || atomic_fetch_sub(&c->holders, 1) > 1)
		return;
	if (c->content_root >= 0)
		close(c->content_root);
	if (c->pages_root >= 0)
		close(c->pages_root);
	hash_index_free(&c->slugs);
	hash_index_free(&c->paths);
	hash_index_free(&c->names);
	map_free(&c->page_paths);
	map_free(&c->series_slugs);
	map_free(&c->keyword_slugs);
	map_free(&c->old_addresses);
	map_free(&c->gone);
	folder_set_free(&c->folders);
	versions_release(c->versions);
	arena_free(&c->arena);
	free(c);
}

const struct post *catalogue_post(const struct catalogue *c, struct str slug)
{
	uint32_t hash = hash_index_hash(slug), i;
	size_t at = 0;
	while ((i = hash_index_next(&c->slugs, hash, &at)) != HASH_INDEX_NONE)
		if (str_equal(c->posts[i].slug, slug))
			return &c->posts[i];
	return NULL;
}

const struct post *catalogue_page(const struct catalogue *c, struct str path)
{
	uint32_t i = map_get(&c->page_paths, path);
	return i == MAP_NONE ? NULL : &c->pages[i];
}

const struct group *catalogue_series(const struct catalogue *c, struct str slug)
{
	uint32_t i = map_get(&c->series_slugs, slug);
	return i == MAP_NONE ? NULL : &c->series[i];
}

const struct group *catalogue_keyword(const struct catalogue *c, struct str slug)
{
	uint32_t i = map_get(&c->keyword_slugs, slug);
	return i == MAP_NONE ? NULL : &c->keywords[i];
}

bool catalogue_is_page(const struct catalogue *c, const struct post *post)
{
	return post >= c->pages && post < c->pages + c->npages;
}

struct route catalogue_route(const struct catalogue *c, const struct post *post)
{
	enum route_kind kind = catalogue_is_page(c, post) ? ROUTE_PAGE : ROUTE_POST;
	return (struct route){ .kind = kind, .name = post->slug };
}

const struct post *catalogue_entry(const struct catalogue *c, uint32_t i)
{
	if (i < c->nposts)
		return &c->posts[i];
	if (i < c->nposts + c->npages)
		return &c->pages[i - c->nposts];
	return &c->hidden_posts[i - c->nposts - c->npages];
}

uint32_t catalogue_find_path(const struct catalogue *c, bool in_pages, struct str path)
{
	uint32_t hash = hash_index_hash(path), i;
	size_t at = 0;
	while ((i = hash_index_next(&c->paths, hash, &at)) != HASH_INDEX_NONE) {
		const struct post *post = catalogue_entry(c, i);
		if (post->in_pages == in_pages && str_equal(post->path, path))
			return i;
	}
	return NO_INDEX;
}

bool catalogue_is_hidden(const struct catalogue *c, struct str path)
{
	uint32_t first_hidden = c->nposts + c->npages;
	if (c->nhidden == 0)
		return false;
	for (int in_pages = 0; in_pages < 2; in_pages++) {
		uint32_t i = catalogue_find_path(c, in_pages, path);
		if (i != NO_INDEX && i >= first_hidden)
			return true;
	}
	return false;
}

bool catalogue_is_gone(const struct catalogue *c, struct str slug)
{
	return map_get(&c->gone, slug) != MAP_NONE;
}

/* Posts stand newest first, so years fall: the first index whose year is at most `year`. */
static uint32_t first_of_year(const struct catalogue *c, int32_t year)
{
	uint32_t low = 0, high = c->nposts;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (c->posts[middle].date.year > year)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void catalogue_year(const struct catalogue *c, int32_t year, uint32_t *first, uint32_t *count)
{
	*first = first_of_year(c, year);
	*count = first_of_year(c, year - 1) - *first;
}

static void end_slug(struct str name, size_t start, struct buf *out)
{
	while (out->len > start && out->at[out->len - 1] == '-')
		out->len--;
	if (out->len > start)
		return;
	/* Neither letter nor digit in it (an emoji, `+++`): the text itself, as one segment. */
	utf8_fold(out, str_trim(name));
	for (size_t i = start; i < out->len; i++)
		if (out->at[i] == '/' || out->at[i] == '.' || str_is_blank(out->at[i]))
			out->at[i] = '-';
}

void catalogue_slug(struct str name, struct buf *out)
{
	struct buf folded = { 0 };
	size_t start = out->len;
	utf8_fold(&folded, name);
	struct str rest = buf_str(&folded);
	while (rest.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code);
		if (code != UTF8_REPLACEMENT && (utf8_is_letter(code) || utf8_is_digit(code)))
			buf_add(out, str_sub(rest, 0, n));
		else if (out->len > start && out->at[out->len - 1] != '-')
			buf_add_char(out, '-');
		rest = str_skip(rest, n);
	}
	buf_free(&folded);
	end_slug(name, start, out);
}

struct str catalogue_slug_in(struct arena *arena, struct str name)
{
	struct buf slug = { 0 };
	catalogue_slug(name, &slug);
	struct str copy = arena_str(arena, buf_str(&slug));
	buf_free(&slug);
	return copy;
}
