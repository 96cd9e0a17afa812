#include "content/loader.h"

#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "content/load.h"
#include "content/reading.h"
#include "content/scan.h"
#include "content/versions.h"

/* For last good versions. */
#define VERSIONS_BYTES (1024 * 1024)
#define MOST_NOTES     1024

struct loader *loader_new(const struct loader_options *options)
{
	struct loader *l = memory_new(sizeof *l);
	l->options = *options;
	l->options.content = arena_str(&l->arena, options->content);
	l->options.pages = arena_str(&l->arena, options->pages);
	l->options.language = arena_str(&l->arena, options->language);
	l->options.author = arena_str(&l->arena, options->author);
	l->options.cache_file = arena_str(&l->arena, options->cache_file);
	l->roots[0] = (struct root){ .path = l->options.content, .fd = -1 };
	l->roots[1] = (struct root){ .path = l->options.pages, .fd = -1, .in_pages = true };
	l->versions = versions_new(VERSIONS_BYTES);
	return l;
}

void loader_inherit(struct loader *l, const struct loader *old)
{
	if (!str_equal(l->options.content, old->options.content) ||
	    !str_equal(l->options.pages, old->options.pages))
		return;
	versions_release(l->versions);
	l->versions = versions_hold(old->versions);
	catalogue_release(l->last);
	l->last = old->last ? catalogue_hold(old->last) : NULL;
	for (size_t i = 0; i < 2; i++)
		data_files_inherit(&l->data[i], &old->data[i]);
}

void loader_free(struct loader *l)
{
	for (size_t i = 0; i < 2; i++)
		root_close(&l->roots[i]);
	catalogue_release(l->last);
	versions_release(l->versions);
	broken_free(&l->broken);
	folder_set_free(&l->folders);
	for (size_t i = 0; i < 2; i++)
		data_files_free(&l->data[i]);
	stamp_free(&l->stamp);
	arena_free(&l->note_arena);
	arena_free(&l->arena);
	free(l->notes);
	free(l);
}

/*
 * A data file speaks for others; a folder may bring or take such files, or come to where one speaks
 * for it.
 */
static bool concerns_others(const struct loader *l, bool in_pages, struct str path)
{
	return data_files_may_be(path) ||
	       (l->data[in_pages].nspeaking > 0 && !scan_wants_path(path));
}

void loader_note_change(struct loader *l, bool in_pages, struct str path)
{
	if (l->nnotes == MOST_NOTES || concerns_others(l, in_pages, path)) {
		loader_note_all(l);
		return;
	}
	/* An editor touches one file several times in a row. */
	if (l->nnotes > 0 && l->notes[l->nnotes - 1].in_pages == in_pages &&
	    str_equal(l->notes[l->nnotes - 1].path, path))
		return;
	l->notes = memory_grow(l->notes, l->nnotes, &l->notes_capacity, sizeof *l->notes);
	l->notes[l->nnotes++] = (struct note){ arena_str(&l->note_arena, path), in_pages };
}

void loader_note_all(struct loader *l)
{
	l->look_at_all = true;
}

/* Both folders. False when there is no content, which ends the load. */
static bool refresh_roots(struct load *load)
{
	struct loader *l = load->loader;
	for (size_t i = 0; i < 2; i++) {
		struct root *root = &l->roots[i];
		struct fault fault;
		if (root->path.len == 0)
			continue;
		int before = root->missing;
		bool replaced;
		if (!root_refresh(root, &replaced, &fault) && root->missing != before)
			load_fault(load, &fault);
		/* What comes back is looked at as a whole, the same folder too. */
		if (replaced || (before != 0 && root->missing == 0))
			loader_note_all(l);
	}
	return l->roots[0].missing == 0;
}

static int by_file(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	int order = str_compare(x->file, y->file);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static struct catalogue *build(struct load *load, int64_t now)
{
	struct loader *l = load->loader;
	size_t n = 0;
	struct entry *entries = memory_new((load->nold + load->nfresh + 1) * sizeof *entries);
	for (uint32_t i = 0; i < load->nold; i++)
		if (load->present[i])
			entries[n++] =
			    (struct entry){ catalogue_entry(l->last, i), &l->last->sources[i] };
	if (load->nfresh > 0)
		memcpy(entries + n, load->fresh, load->nfresh * sizeof *entries);
	struct build build = {
		.entries = entries,
		.nentries = n + load->nfresh,
		.now = now,
		.drafts = l->options.drafts,
		.content_root = l->roots[0].fd,
		.pages_root = l->roots[1].fd,
		.root_names = { root_name(&l->roots[0]), root_name(&l->roots[1]) },
		.versions = l->versions,
		.folders = &l->folders,
		.quiet = load->again,
		.faults = load->faults,
		.fault_arena = load->fault_arena,
	};
	struct catalogue *c = catalogue_build(&build);
	free(entries);
	l->built_at = now;
	return c;
}

static bool has_changed(const struct load *load, int64_t now)
{
	const struct loader *l = load->loader;
	if (l->last == NULL || load->changed || now >= l->last->next_change || now < l->built_at)
		return true;
	for (uint32_t i = 0; i < load->nold; i++)
		if (!load->present[i])
			return true;
	return false;
}

static struct catalogue *run(struct load *load, int64_t now)
{
	struct loader *l = load->loader;
	load_find_files(load);
	struct reading reading = {
		.jobs = load->jobs,
		.njobs = load->njobs,
		.content_root = l->roots[0].fd,
		.pages_root = l->roots[1].fd,
		.language = l->options.language,
		.author = l->options.author,
		.math = l->options.math,
		.post_bytes = l->options.post_bytes,
		.threads = l->options.threads,
		.faults = load->faults,
		.fault_arena = load->fault_arena,
	};
	reading_run(&reading);
	if (!l->keeps_later)
		reading_keep(&reading, l->versions);
	load_take_results(load);
	broken_free(&l->broken);
	l->broken = load->broken;
	l->nread += load->njobs;
	struct catalogue *c = NULL;
	if (!load->again || has_changed(load, now))
		c = build(load, now);
	reading_free(&reading);
	if (load->faults->count > 1)
		qsort(load->faults->at, load->faults->count, sizeof *load->faults->at, by_file);
	return c;
}

/* Entries depend on these options, and on how texts are hashed. */
static uint64_t stamp_key(const struct loader *l)
{
	struct buf key = { 0 };
	buf_format(&key, "%zu\n%d\n%.*s\n%.*s\n", l->options.post_bytes, l->options.math,
		   STR_ARGS(l->options.language), STR_ARGS(l->options.author));
	uint64_t hash = str_hash(buf_str(&key));
	buf_free(&key);
	return hash;
}

static void *read_stamp(void *context)
{
	struct loader *l = context;
	stamp_read(&l->stamp, l->options.cache_file, stamp_key(l));
	return NULL;
}

static void begin_stamp(struct loader *l)
{
	l->has_stamp = l->options.cache_file.len > 0 && access(l->options.cache_file.at, R_OK) == 0;
	if (!l->has_stamp)
		return;
	l->stamp_is_reading = pthread_create(&l->stamp_reader, NULL, read_stamp, l) == 0;
	if (!l->stamp_is_reading)
		read_stamp(l);
}

void load_wait_for_stamp(struct loader *l)
{
	if (l->stamp_is_reading)
		pthread_join(l->stamp_reader, NULL);
	l->stamp_is_reading = false;
}

static void end_stamp(struct loader *l)
{
	load_wait_for_stamp(l);
	stamp_free(&l->stamp);
	l->has_stamp = false;
}

/* Those of the newest posts are the likeliest to be edited. */
static void keep_newest(const struct loader *l, const struct catalogue *c)
{
	size_t total = 0, size;
	for (uint32_t i = 0; i < c->nposts && total < versions_budget(l->versions); i++) {
		const struct post *post = &c->posts[i];
		int root = post->in_pages ? c->pages_root : c->content_root;
		if (versions_take(l->versions, root, post->in_pages, post->path, post->file, &size))
			total += size;
	}
}

static void keep_now(struct loader *l)
{
	if (l->keeps_later && l->last != NULL)
		keep_newest(l, l->last);
	l->keeps_later = false;
}

bool loader_save(struct loader *l, struct fault *fault)
{
	uint32_t n = l->last ? catalogue_nentries(l->last) : 0;
	keep_now(l);
	if (l->options.cache_file.len == 0 || n < LOADER_SAVES || l->nread < n / 16)
		return true;
	l->nread = 0;
	return stamp_write(l->last, l->options.cache_file, stamp_key(l), fault);
}

static struct catalogue *load(struct loader *l, int64_t now, bool again, struct fault_list *faults,
			      struct arena *fault_arena)
{
	struct load load = {
		.loader = l, .faults = faults, .fault_arena = fault_arena, .again = again
	};
	if (!refresh_roots(&load))
		return NULL;
	if (l->last == NULL)
		begin_stamp(l);
	struct catalogue *c = run(&load, now);
	end_stamp(l);
	load_end_data(&load);
	free(load.jobs);
	free(load.present);
	free(load.fresh);
	arena_free(&load.arena);
	if (c != NULL) {
		catalogue_release(l->last);
		l->last = catalogue_hold(c);
		/* A load works with twice the memory that it leaves in use. */
		malloc_trim(0);
	}
	return c;
}

struct catalogue *loader_load(struct loader *l, int64_t now, struct fault_list *faults,
			      struct arena *fault_arena)
{
	loader_note_all(l);
	l->keeps_later = true;
	for (size_t i = 0; i < 2; i++)
		l->roots[i].missing = 0;
	broken_free(&l->broken);
	for (size_t i = 0; i < 2; i++) {
		struct data_files told = l->data[i];
		l->data[i] = (struct data_files){ 0 };
		data_files_inherit(&l->data[i], &told);
		data_files_free(&told);
	}
	return load(l, now, false, faults, fault_arena);
}

struct catalogue *loader_reload(struct loader *l, int64_t now, struct fault_list *faults,
				struct arena *fault_arena)
{
	keep_now(l);
	return load(l, now, l->last != NULL, faults, fault_arena);
}
