#include "content/load.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "content/reading.h"
#include "content/scan.h"
#include "content/versions.h"

void load_fault(struct load *load, const struct fault *fault)
{
	fault_list_add(load->faults, load->fault_arena, fault);
}

static void add_fresh(struct load *load, const struct post *post, const struct post_source *source)
{
	load->fresh =
	    memory_grow(load->fresh, load->nfresh, &load->fresh_capacity, sizeof *load->fresh);
	load->fresh[load->nfresh++] = (struct entry){ post, source };
	load->changed = true;
}

static void set_present(struct load *load, bool in_pages, struct str folder, bool present)
{
	for (uint32_t i = 0; i < load->nold; i++) {
		const struct post *post = catalogue_entry(load->loader->last, i);
		if (post->in_pages == in_pages && scan_is_within(post->path, folder))
			load->present[i] = present;
	}
}

/* A file that is there: unchanged, known to be broken, or to be read. */
static void take_file(struct load *load, const struct scanned_file *file)
{
	struct loader *l = load->loader;
	struct post_data data = data_files_of(&l->data[file->in_pages], &load->arena, file->path);
	const struct entry *stamped =
	    file->has_identity
		? stamp_find(&l->stamp, file->in_pages, file->path, file->identity, data.identity)
		: NULL;
	if (stamped != NULL) {
		add_fresh(load, stamped->post, stamped->source);
		return;
	}
	uint32_t old =
	    l->last ? catalogue_find_path(l->last, file->in_pages, file->path) : NO_INDEX;
	bool is_same = load->again && old != NO_INDEX && file->has_identity &&
		       file_identity_equal(catalogue_entry(l->last, old)->file, file->identity);
	if (is_same && catalogue_entry(l->last, old)->data == data.identity) {
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
							  .identity = file->identity,
							  .data = data,
							  .is_same = is_same };
}

static void scan_root(struct load *load, struct root *root, struct str path)
{
	struct loader *l = load->loader;
	struct scan scan = {
		.root = root->fd,
		.in_pages = root->in_pages,
		.identities = l->last != NULL || l->has_stamp,
		.arena = &load->arena,
		.folders = &load->folders,
		.data = &l->data[root->in_pages],
	};
	struct root *other = root->in_pages ? &l->roots[0] : &l->roots[1];
	struct stat status;
	struct fault fault;
	if (other->fd >= 0 && !root_is_same(root, other) && fstat(other->fd, &status) == 0)
		scan_leave_out(&scan, &status);
	if (!scan_folder(&scan, path, &fault)) {
		load_fault(load, &fault);
		set_present(load, root->in_pages, path, true);
	}
	for (size_t i = 0; i < scan.nfailed; i++)
		set_present(load, root->in_pages, scan.failed[i], true);
	load_wait_for_stamp(l);
	for (size_t i = 0; i < scan.count; i++)
		take_file(load, &scan.files[i]);
	scan_free(&scan);
}

static void look_at_all(struct load *load)
{
	struct loader *l = load->loader;
	for (size_t i = 0; i < 2; i++) {
		struct root *root = &l->roots[i];
		if (root->missing != 0) {
			set_present(load, root->in_pages, STR(""), true);
			folder_set_add(&load->folders, root->in_pages, STR(""), false);
		} else if (root->fd >= 0 && (i == 0 || !root_is_same(root, &l->roots[0]))) {
			scan_root(load, root, STR(""));
		}
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
	if (S_ISLNK(status.st_mode)) /* perhaps to a folder */
		folder_set_add(&load->folders, note->in_pages, note->path, false);
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
		    scan_is_within(load->jobs[i].path, note->path))
			return true;
	return false;
}

static void look_at_notes(struct load *load)
{
	struct loader *l = load->loader;
	memset(load->present, true, load->nold);
	folder_set_copy(&l->folders, &load->folders);
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

static void forget_notes(struct loader *l)
{
	l->nnotes = 0;
	arena_clear(&l->note_arena);
	l->look_at_all = false;
}

/* Where a link of a post leads may depend on it. */
static void take_folders(struct load *load)
{
	struct loader *l = load->loader;
	folder_set_sort(&load->folders);
	load->changed = load->changed || !folder_set_equal(&load->folders, &l->folders);
	folder_set_free(&l->folders);
	l->folders = load->folders;
}

/* `anew`: what there is will be found, and what has changed. */
static void begin_data(struct load *load, bool anew)
{
	struct loader *l = load->loader;
	for (size_t i = 0; i < 2; i++) {
		struct data_files *data = &l->data[i];
		if (anew) {
			load->data_before[i] = *data;
			*data = (struct data_files){ .before = &load->data_before[i] };
		}
		data->root = l->roots[i].fd;
		data->root_name = root_name(&l->roots[i]);
		data->math = l->options.math;
		data->faults = load->faults;
		data->fault_arena = load->fault_arena;
	}
}

void load_end_data(struct load *load)
{
	for (size_t i = 0; i < 2; i++) {
		data_files_free(&load->data_before[i]);
		load->loader->data[i].before = NULL;
	}
}

void load_find_files(struct load *load)
{
	struct loader *l = load->loader;
	bool notes = l->nnotes > 0 && !l->look_at_all && l->last != NULL;
	begin_data(load, !notes);
	load->nold = l->last ? catalogue_nentries(l->last) : 0;
	load->present = memory_new(load->nold + 1);
	if (notes)
		look_at_notes(load);
	else
		look_at_all(load);
	take_folders(load);
	forget_notes(l);
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
	mixed->source.is_broken = true;
	mixed->post.file = job->identity;
	mixed->post.body_offset = job->record->post.body_offset;
	add_fresh(load, &mixed->post, &mixed->source);
}

static bool is_emptied(struct load *load, const struct reading_job *job)
{
	if (job->old == NO_INDEX || job->size > 0 || job->result != READING_FINE)
		return false;
	struct fault fault;
	fault_set(&fault, job->path, 0, 0, "the file is empty: its last version stays");
	load_fault(load, &fault);
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

void load_take_results(struct load *load)
{
	for (size_t i = 0; i < load->njobs; i++) {
		struct reading_job *job = &load->jobs[i];
		if (is_moving(load, job))
			continue;
		bool may_keep =
		    job->old != NO_INDEX && !(job->is_same && job->result == READING_BROKEN);
		if (may_keep && (job->result == READING_BROKEN || job->result == READING_REFUSED ||
				 is_emptied(load, job))) {
			job->result = job->result == READING_FINE ? READING_BROKEN : job->result;
			keep_old(load, job);
		} else if (job->record != NULL && job->result != READING_REFUSED &&
			   job->result != READING_GONE) {
			add_fresh(load, &job->record->post, &job->record->source);
		} else if (job->result == READING_REFUSED) {
			broken_add(&load->broken, job->path, job->in_pages, job->identity);
		}
	}
}
