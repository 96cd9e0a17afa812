#include "content/catalogue_build.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "content/versions.h"

enum place { PLACE_POST, PLACE_PAGE, PLACE_HIDDEN };

static bool is_future(const struct build *b, const struct entry *e)
{
	return !b->drafts && date_is_set(&e->post->date) && e->post->date.instant > b->now;
}

static enum place place_of(const struct build *b, const struct entry *e)
{
	const struct post_source *s = e->source;
	if (s->no_page || (s->draft && !b->drafts) || s->expires <= b->now)
		return PLACE_HIDDEN;
	if (s->is_page)
		return PLACE_PAGE;
	return is_future(b, e) ? PLACE_HIDDEN : PLACE_POST;
}

/*
 * Posts: newest first. The year is the one that is shown, so that a year's posts stand together
 * whatever the zones of its first and last hours.
 */
static int compare_posts(const struct entry *a, const struct entry *b)
{
	const struct date *x = &a->post->date, *y = &b->post->date;
	if (x->year != y->year)
		return x->year > y->year ? -1 : 1;
	if (x->instant != y->instant)
		return x->instant > y->instant ? -1 : 1;
	return str_compare(a->post->path, b->post->path);
}

/* Pages: those of the pages folder first, since they win their address. */
static int compare_pages(const struct entry *a, const struct entry *b)
{
	if (a->post->in_pages != b->post->in_pages)
		return a->post->in_pages ? -1 : 1;
	return str_compare(a->post->path, b->post->path);
}

static int by_date(const void *a, const void *b)
{
	return compare_posts(a, b);
}

static int by_path(const void *a, const void *b)
{
	return compare_pages(a, b);
}

/* Entries in the order posts, pages, hidden. */
static void sort_entries(struct build *b, struct catalogue *c)
{
	struct entry *sorted = memory_resize(NULL, (b->nentries + 1) * sizeof *sorted);
	uint32_t counts[3] = { 0 }, next[3];
	for (size_t i = 0; i < b->nentries; i++)
		counts[place_of(b, &b->entries[i])]++;
	next[PLACE_POST] = 0;
	next[PLACE_PAGE] = counts[PLACE_POST];
	next[PLACE_HIDDEN] = counts[PLACE_POST] + counts[PLACE_PAGE];
	for (size_t i = 0; i < b->nentries; i++)
		sorted[next[place_of(b, &b->entries[i])]++] = b->entries[i];
	c->nposts = counts[PLACE_POST];
	c->npages = counts[PLACE_PAGE];
	c->nhidden = counts[PLACE_HIDDEN];
	memcpy(b->entries, sorted, b->nentries * sizeof *sorted);
	free(sorted);
	qsort(b->entries, c->nposts, sizeof *b->entries, by_date);
	qsort(b->entries + c->nposts, c->npages, sizeof *b->entries, by_path);
	qsort(b->entries + c->nposts + c->npages, c->nhidden, sizeof *b->entries, by_path);
}

static struct str keep(struct arena *arena, struct str s)
{
	return s.len > 0 ? arena_str(arena, s) : STR("");
}

static const char *keep_c(struct arena *arena, const char *text)
{
	return *text ? arena_str(arena, str_from(text)).at : "";
}

/* Equal extras are kept once: whole blogs share their author, language and license. */
struct extras_pool {
	struct map known;
	const struct post_extras **all;
	size_t count, capacity;
	const struct post_extras *last_from, *last_to;
};

static void add_part(struct buf *key, struct str part)
{
	buf_add(key, part);
	buf_add_char(key, '\0');
}

static const struct post_extras *keep_extras(struct arena *arena, struct extras_pool *pool,
					     const struct post_extras *e)
{
	if (e == pool->last_from)
		return pool->last_to;
	struct buf key = { 0 };
	const struct str parts[] = { e->list_title, e->lang,  e->author,
				     e->license,    e->cover, e->links };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		add_part(&key, parts[i]);
	uint32_t known = map_get(&pool->known, buf_str(&key));
	if (known == MAP_NONE) {
		struct post_extras *copy = ARENA_NEW(arena, struct post_extras);
		*copy = (struct post_extras){
			.list_title = keep(arena, e->list_title),
			.lang = keep(arena, e->lang),
			.author = keep(arena, e->author),
			.license = keep(arena, e->license),
			.cover = keep(arena, e->cover),
			.links = keep(arena, e->links),
		};
		known = (uint32_t)pool->count;
		pool->all = memory_grow(pool->all, pool->count, &pool->capacity, sizeof *pool->all);
		pool->all[pool->count++] = copy;
		map_put(&pool->known, keep(arena, buf_str(&key)), known);
	}
	buf_free(&key);
	pool->last_from = e;
	pool->last_to = pool->all[known];
	return pool->last_to;
}

/* A slug is most often a part of its path, and then needs no bytes of its own. */
static struct str keep_slug(struct arena *arena, struct str path, struct str slug)
{
	size_t at = str_find_str(path, slug, 0);
	return at == STR_NOT_FOUND ? keep(arena, slug) : str_sub(path, at, at + slug.len);
}

static void copy_entry(struct catalogue *c, struct extras_pool *pool, const struct entry *e,
		       struct post *post, struct post_source *source)
{
	struct arena *arena = &c->arena;
	*source = *e->source;
	source->keywords = keep_c(arena, source->keywords);
	source->series = keep_c(arena, source->series);
	source->addresses = keep_c(arena, source->addresses);
	source->slug_suffix = 0;
	*post = *e->post;
	post->path = keep(arena, post->path);
	post->title = keep(arena, post->title);
	post->description = keep(arena, post->description);
	/* Without the suffix that the catalogue before gave it. */
	post->slug = str_sub(post->slug, 0, post->slug.len - e->source->slug_suffix);
	post->slug = keep_slug(arena, post->path, post->slug);
	post->extras = keep_extras(arena, pool, post->extras);
	post->series = post->older = post->newer = NO_INDEX;
	post->part = post->first_keyword = post->nkeywords = 0;
}

static void copy_entries(const struct build *b, struct catalogue *c)
{
	struct extras_pool pool = { 0 };
	struct post *all = ARENA_ARRAY(&c->arena, struct post, b->nentries);
	c->sources = ARENA_ARRAY(&c->arena, struct post_source, b->nentries);
	c->posts = all;
	c->pages = all + c->nposts;
	c->hidden_posts = c->pages + c->npages;
	for (size_t i = 0; i < b->nentries; i++)
		copy_entry(c, &pool, &b->entries[i], &all[i], &c->sources[i]);
	for (uint32_t i = 0; i < c->nposts; i++) {
		all[i].newer = i > 0 ? i - 1 : NO_INDEX;
		all[i].older = i + 1 < c->nposts ? i + 1 : NO_INDEX;
	}
	map_free(&pool.known);
	free(pool.all);
}

static void report_slug(const struct build *b, const struct post *post, const struct post *first,
			struct str wanted)
{
	struct fault fault;
	fault_set(&fault, post->path, 0, 0,
		  "the slug `%.*s` belongs to the older %.*s: served as `%.*s`; give one a `slug`",
		  STR_ARGS(wanted), STR_ARGS(first->path), STR_ARGS(post->slug));
	fault_list_add(b->faults, b->fault_arena, &fault);
}

static void give_other_slug(const struct build *b, struct catalogue *c, uint32_t i)
{
	struct post *post = &c->posts[i];
	const struct post *first = catalogue_post(c, post->slug);
	struct str wanted = post->slug;
	for (unsigned n = 2;; n++) {
		post->slug = arena_format(&c->arena, "%.*s-%u", STR_ARGS(wanted), n);
		if (catalogue_post(c, post->slug) == NULL)
			break;
	}
	hash_index_add(&c->slugs, hash_index_hash(post->slug), i);
	c->sources[i].slug_suffix = (uint8_t)(post->slug.len - wanted.len);
	if (!b->quiet || b->entries[i].source->slug_suffix == 0)
		report_slug(b, post, first, wanted);
}

/* The oldest keeps its slug; later ones get the first free number behind it. */
static void index_slugs(const struct build *b, struct catalogue *c)
{
	hash_index_reserve(&c->slugs, c->nposts);
	uint32_t *twice = NULL;
	size_t ntwice = 0, capacity = 0;
	for (uint32_t i = c->nposts; i-- > 0;) {
		if (catalogue_post(c, c->posts[i].slug) == NULL) {
			hash_index_add(&c->slugs, hash_index_hash(c->posts[i].slug), i);
			continue;
		}
		twice = memory_grow(twice, ntwice, &capacity, sizeof *twice);
		twice[ntwice++] = i;
	}
	for (size_t i = 0; i < ntwice; i++)
		give_other_slug(b, c, twice[i]);
	free(twice);
}

static void index_pages(const struct build *b, struct catalogue *c)
{
	for (uint32_t i = 0; i < c->npages; i++) {
		struct post *page = &c->pages[i];
		uint32_t first = map_put(&c->page_paths, page->slug, i);
		if (first != MAP_NONE) {
			struct fault fault;
			fault_set(&fault, page->path, 0, 0, "%.*s has the same address, /%.*s.gmi",
				  STR_ARGS(c->pages[first].path), STR_ARGS(page->slug));
			if (!b->quiet)
				fault_list_add(b->faults, b->fault_arena, &fault);
		}
		/* The folder's index answers under its own name too. */
		size_t dot = str_find_last(page->path, '.');
		map_put(&c->page_paths, str_sub(page->path, 0, dot), i);
	}
}

static void index_names(struct catalogue *c)
{
	uint32_t n = c->nposts + c->npages;
	hash_index_reserve(&c->names, 2 * (size_t)n);
	/* Titles before slugs: L20. */
	for (uint32_t i = 0; i < n; i++)
		hash_index_add(&c->names, c->sources[i].title_hash, i);
	for (uint32_t i = 0; i < n; i++) {
		const struct post_source *s = &c->sources[i];
		if (s->slug_hash != s->title_hash)
			hash_index_add(&c->names, s->slug_hash, i);
		if (s->title_slug_hash != s->title_hash && s->title_slug_hash != s->slug_hash)
			hash_index_add(&c->names, s->title_slug_hash, i);
	}
}

static void index_paths(struct catalogue *c)
{
	uint32_t n = catalogue_nentries(c);
	hash_index_reserve(&c->paths, n);
	for (uint32_t i = 0; i < n; i++)
		hash_index_add(&c->paths, hash_index_hash(catalogue_entry(c, i)->path), i);
}

static void index_addresses(struct catalogue *c)
{
	for (uint32_t i = 0; i < c->nposts + c->npages; i++) {
		struct str rest = str_from(c->sources[i].addresses), line;
		while (str_line(&rest, &line))
			map_put(&c->old_addresses, line, i);
	}
}

/* When the picture changes without any change on disk. */
static void note_times(const struct build *b, struct catalogue *c)
{
	c->next_change = INT64_MAX;
	for (size_t i = 0; i < b->nentries; i++) {
		const struct entry *e = &b->entries[i];
		if (e->source->draft && !b->drafts)
			continue;
		if (is_future(b, e) && e->post->date.instant < c->next_change)
			c->next_change = e->post->date.instant;
		if (e->source->expires > b->now && e->source->expires < c->next_change)
			c->next_change = e->source->expires;
	}
	for (uint32_t i = 0; i < c->nhidden; i++)
		if (c->sources[c->nposts + c->npages + i].expires <= b->now)
			map_put(&c->gone, c->hidden_posts[i].slug, i);
}

struct catalogue *catalogue_build(struct build *b)
{
	static _Atomic uint64_t generation;
	struct catalogue *c = memory_new(sizeof *c);
	c->holders = 1;
	c->generation = atomic_fetch_add(&generation, 1) + 1;
	c->content_root = b->content_root < 0 ? -1 : fcntl(b->content_root, F_DUPFD_CLOEXEC, 0);
	c->pages_root = b->pages_root < 0 ? -1 : fcntl(b->pages_root, F_DUPFD_CLOEXEC, 0);
	for (size_t i = 0; i < 2; i++)
		c->root_names[i] = keep(&c->arena, b->root_names[i]);
	c->versions = versions_hold(b->versions);
	if (b->folders != NULL)
		folder_set_copy(b->folders, &c->folders);
	sort_entries(b, c);
	copy_entries(b, c);
	index_paths(c);
	index_slugs(b, c);
	index_pages(b, c);
	index_names(c);
	index_addresses(c);
	groups_build(c);
	note_times(b, c);
	return c;
}
