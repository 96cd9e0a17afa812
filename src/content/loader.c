#include "content/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "content/broken.h"
#include "content/catalogue_build.h"
#include "content/reading.h"
#include "content/root.h"
#include "content/scan.h"
#include "content/versions.h"

/* For last good versions. */
#define VERSIONS_BYTES (1024 * 1024)
#define MOST_NOTES     1024

struct note {
	struct str path;
	bool in_pages;
};

struct loader {
	struct arena arena;
	struct loader_options options;
	struct root roots[2]; /* content, pages */
	struct catalogue *last;
	struct version_store *versions;
	struct broken_list broken;
	struct arena note_arena;
	struct note *notes;
	size_t nnotes, notes_capacity;
	bool look_at_all; /* there were changes that are not in notes */
	int64_t built_at;
};

/* What one load works with. */
struct load {
	struct loader *loader;
	struct fault_list *faults;
	struct arena *fault_arena;
	struct arena arena;
	struct reading_job *jobs;
	size_t njobs, jobs_capacity;
	bool *present; /* which entries of the last catalogue stay */
	uint32_t nold;
	struct entry *fresh;
	size_t nfresh, fresh_capacity;
	struct broken_list broken;
	bool again; /* unchanged files are carried over */
	bool changed;
};

struct loader *loader_new(const struct loader_options *options)
{
	struct loader *l = memory_new(sizeof *l);
	l->options = *options;
	l->options.content = arena_str(&l->arena, options->content);
	l->options.pages = arena_str(&l->arena, options->pages);
	l->options.language = arena_str(&l->arena, options->language);
	l->options.author = arena_str(&l->arena, options->author);
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
}

void loader_free(struct loader *l)
{
	for (size_t i = 0; i < 2; i++)
		root_close(&l->roots[i]);
	catalogue_release(l->last);
	versions_release(l->versions);
	broken_free(&l->broken);
	arena_free(&l->note_arena);
	arena_free(&l->arena);
	free(l->notes);
	free(l);
}

void loader_note_change(struct loader *l, bool in_pages, struct str path)
{
	if (l->nnotes == MOST_NOTES) {
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

static void forget_notes(struct loader *l)
{
	l->nnotes = 0;
	arena_clear(&l->note_arena);
	l->look_at_all = false;
}

/* --- the folders --- */

static void add_fault(struct load *load, const struct fault *fault)
{
	fault_list_add(load->faults, load->fault_arena, fault);
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
			add_fault(load, &fault);
		/* What comes back is looked at as a whole, the same folder too. */
		if (replaced || (before != 0 && root->missing == 0))
			loader_note_all(l);
	}
	return l->roots[0].missing == 0;
}

/* --- which files to read --- */

static bool is_below(struct str path, struct str folder)
{
	return folder.len == 0 || str_equal(path, folder) ||
	       (str_starts(path, folder) && path.at[folder.len] == '/');
}

static void set_present(struct load *load, bool in_pages, struct str folder, bool present)
{
	for (uint32_t i = 0; i < load->nold; i++) {
		const struct post *post = catalogue_entry(load->loader->last, i);
		if (post->in_pages == in_pages && is_below(post->path, folder))
			load->present[i] = present;
	}
}

/* A file that is there: unchanged, known to be broken, or to be read. */
static void take_file(struct load *load, const struct scanned_file *file)
{
	const struct loader *l = load->loader;
	uint32_t old =
	    l->last ? catalogue_find_path(l->last, file->in_pages, file->path) : NO_INDEX;
	if (load->again && old != NO_INDEX && file->has_identity &&
	    file_identity_equal(catalogue_entry(l->last, old)->file, file->identity)) {
		load->present[old] = true;
		return;
	}
	if (file->has_identity &&
	    broken_has(&l->broken, file->path, file->in_pages, file->identity)) {
		if (old != NO_INDEX)
			load->present[old] = true;
		broken_add(&load->broken, file->path, file->in_pages, file->identity);
		return;
	}
	load->jobs = memory_grow(load->jobs, load->njobs, &load->jobs_capacity, sizeof *load->jobs);
	load->jobs[load->njobs++] = (struct reading_job){ .path = file->path,
							  .in_pages = file->in_pages,
							  .old = old,
							  .identity = file->identity };
}

static void scan_root(struct load *load, struct root *root, struct str path)
{
	struct loader *l = load->loader;
	struct scan scan = {
		.root = root->fd,
		.in_pages = root->in_pages,
		.identities = l->last != NULL,
		.arena = &load->arena,
	};
	struct root *other = root->in_pages ? &l->roots[0] : &l->roots[1];
	struct stat status;
	struct fault fault;
	if (other->fd >= 0 && !root_is_same(root, other) && fstat(other->fd, &status) == 0)
		scan_leave_out(&scan, &status);
	if (!scan_folder(&scan, path, &fault)) {
		add_fault(load, &fault);
		set_present(load, root->in_pages, path, true);
	}
	for (size_t i = 0; i < scan.nfailed; i++)
		set_present(load, root->in_pages, scan.failed[i], true);
	for (size_t i = 0; i < scan.count; i++)
		take_file(load, &scan.files[i]);
	scan_free(&scan);
}

static void look_at_all(struct load *load)
{
	struct loader *l = load->loader;
	for (size_t i = 0; i < 2; i++) {
		struct root *root = &l->roots[i];
		if (root->missing != 0)
			set_present(load, root->in_pages, STR(""), true);
		else if (root->fd >= 0 && (i == 0 || !root_is_same(root, &l->roots[0])))
			scan_root(load, root, STR(""));
	}
}

static void look_at_note(struct load *load, const struct note *note)
{
	struct root *root = &load->loader->roots[note->in_pages];
	struct buf name = { 0 };
	struct stat status;
	if (root->fd < 0 || root->missing != 0)
		return;
	buf_add(&name, note->path.len > 0 ? note->path : STR("."));
	bool there = fstatat(root->fd, buf_c(&name), &status, AT_SYMLINK_NOFOLLOW) == 0;
	buf_free(&name);
	if (there && S_ISREG(status.st_mode) && !scan_wants_path(note->path)) {
		/* Answers made of hand-written text are kept as long as the catalogue. */
		load->changed = load->changed || str_ends(note->path, STR(".gmi")) ||
				str_ends(note->path, STR(".txt"));
		return;
	}
	set_present(load, note->in_pages, note->path, false);
	if (!there)
		return;
	/* No identity: two edits within a tick of the kernel's clock may have the same. */
	struct scanned_file file = { .path = arena_str(&load->arena, note->path),
				     .in_pages = note->in_pages,
				     .identity = file_identity_of(&status) };
	if (scan_wants_path(note->path))
		take_file(load, &file);
	if (S_ISDIR(status.st_mode))
		scan_root(load, root, file.path);
}

static bool has_job(const struct load *load, const struct note *note)
{
	for (size_t i = 0; i < load->njobs; i++)
		if (load->jobs[i].in_pages == note->in_pages &&
		    is_below(load->jobs[i].path, note->path))
			return true;
	return false;
}

static void look_at_notes(struct load *load)
{
	struct loader *l = load->loader;
	memset(load->present, true, load->nold);
	for (size_t i = 0; i < l->nnotes; i++)
		if (!has_job(load, &l->notes[i]))
			look_at_note(load, &l->notes[i]);
	/* Those that are not looked at are as broken as before. */
	for (size_t i = 0; i < l->broken.count; i++) {
		const struct broken_file *b = &l->broken.files[i];
		if (!broken_has(&load->broken, b->path, b->in_pages, b->identity))
			broken_add(&load->broken, b->path, b->in_pages, b->identity);
	}
}

/* --- what became of them --- */

static void add_fresh(struct load *load, const struct record *record)
{
	load->fresh =
	    memory_grow(load->fresh, load->nfresh, &load->fresh_capacity, sizeof *load->fresh);
	load->fresh[load->nfresh++] = (struct entry){ &record->post, &record->source };
	load->changed = true;
}

/* Whether the last catalogue's version of a file can still be served whole. */
static bool is_kept(const struct loader *l, const struct post *post)
{
	struct buf bytes = { 0 };
	bool kept = versions_get(l->versions, post->in_pages, post->path, post->file, &bytes);
	buf_free(&bytes);
	return kept;
}

/*
 * A broken file of a post that was good: served as it was. Where its bytes are no longer kept, the
 * old header stands before the new body.
 */
static void keep_old(struct load *load, const struct reading_job *job)
{
	struct loader *l = load->loader;
	const struct post *post = catalogue_entry(l->last, job->old);
	if (job->result == READING_REFUSED || is_kept(l, post)) {
		load->present[job->old] = true;
		broken_add(&load->broken, job->path, job->in_pages, job->identity);
		return;
	}
	struct record *mixed = ARENA_NEW(&load->arena, struct record);
	mixed->post = *post;
	mixed->source = l->last->sources[job->old];
	mixed->post.file = job->identity;
	mixed->post.body_offset = job->record->post.body_offset;
	add_fresh(load, mixed);
}

static bool is_emptied(struct load *load, const struct reading_job *job)
{
	if (job->old == NO_INDEX || job->size > 0 || job->result != READING_FINE)
		return false;
	struct fault fault;
	fault_set(&fault, job->path, 0, 0, "the file is empty: its last version stays");
	add_fault(load, &fault);
	return true;
}

/*
 * Whether a file that is being written stays what it was, until the end of writing brings the next
 * load: no reader sees half of it. At the first load there is nothing else to show.
 */
static bool is_moving(struct load *load, const struct reading_job *job)
{
	const struct loader *l = load->loader;
	if (job->result != READING_MOVING || !load->again)
		return false;
	if (job->old == NO_INDEX)
		return true;
	load->present[job->old] = is_kept(l, catalogue_entry(l->last, job->old));
	return load->present[job->old];
}

static void take_results(struct load *load)
{
	for (size_t i = 0; i < load->njobs; i++) {
		struct reading_job *job = &load->jobs[i];
		if (is_moving(load, job))
			continue;
		if (job->old != NO_INDEX &&
		    (job->result == READING_BROKEN || job->result == READING_REFUSED ||
		     is_emptied(load, job))) {
			job->result = job->result == READING_FINE ? READING_BROKEN : job->result;
			keep_old(load, job);
		} else if (job->record != NULL && job->result != READING_REFUSED &&
			   job->result != READING_GONE) {
			add_fresh(load, job->record);
		} else if (job->result == READING_REFUSED) {
			broken_add(&load->broken, job->path, job->in_pages, job->identity);
		}
	}
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
		.versions = l->versions,
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

static void find_files(struct load *load)
{
	struct loader *l = load->loader;
	load->nold = l->last ? catalogue_nentries(l->last) : 0;
	load->present = memory_new(load->nold + 1);
	if (l->nnotes > 0 && !l->look_at_all && l->last != NULL)
		look_at_notes(load);
	else
		look_at_all(load);
	forget_notes(l);
}

static struct catalogue *run(struct load *load, int64_t now)
{
	struct loader *l = load->loader;
	find_files(load);
	struct reading reading = {
		.jobs = load->jobs,
		.njobs = load->njobs,
		.content_root = l->roots[0].fd,
		.pages_root = l->roots[1].fd,
		.language = l->options.language,
		.author = l->options.author,
		.post_bytes = l->options.post_bytes,
		.threads = l->options.threads,
		.faults = load->faults,
		.fault_arena = load->fault_arena,
	};
	reading_run(&reading);
	reading_keep(&reading, l->versions);
	take_results(load);
	broken_free(&l->broken);
	l->broken = load->broken;
	struct catalogue *c = NULL;
	if (!load->again || has_changed(load, now))
		c = build(load, now);
	reading_free(&reading);
	if (load->faults->count > 1)
		qsort(load->faults->at, load->faults->count, sizeof *load->faults->at, by_file);
	return c;
}

static struct catalogue *load(struct loader *l, int64_t now, bool again, struct fault_list *faults,
			      struct arena *fault_arena)
{
	struct load load = {
		.loader = l, .faults = faults, .fault_arena = fault_arena, .again = again
	};
	if (!refresh_roots(&load))
		return NULL;
	struct catalogue *c = run(&load, now);
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
	for (size_t i = 0; i < 2; i++)
		l->roots[i].missing = 0;
	broken_free(&l->broken);
	return load(l, now, false, faults, fault_arena);
}

struct catalogue *loader_reload(struct loader *l, int64_t now, struct fault_list *faults,
				struct arena *fault_arena)
{
	return load(l, now, l->last != NULL, faults, fault_arena);
}
