/* What was written beside the files of the folder takes their places, and what is left over goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "command/export_folder.h"
#include "command/export_tree.h"

/* ---- The two files at the top ---- */

static int compare_paths(const void *a, const void *b)
{
	const struct export_file *const *x = a, *const *y = b;
	return str_compare((*x)->path, (*y)->path);
}

/* The files of the export, sorted; the array is the folder's. */
static const struct export_file **sorted_files(struct export_folder *folder, size_t *count)
{
	const struct export_file **sorted =
	    arena_get(&folder->arena, (folder->nfiles + 1) * sizeof *sorted);
	*count = 0;
	for (size_t i = 0; i < folder->nfiles; i++)
		if (folder->files[i].state != EXPORT_ABSENT &&
		    folder->files[i].state != EXPORT_NOT_OURS)
			sorted[(*count)++] = &folder->files[i];
	qsort(sorted, *count, sizeof *sorted, compare_paths);
	return sorted;
}

/*
 * Before the first new file takes its place, the manifest says that it will be ours: were we
 * stopped in between, the next export would take it for somebody else's.
 */
static bool claim(struct export_folder *folder, const struct export_file *const *files,
		  size_t count, struct fault *fault)
{
	struct buf text = { 0 };
	size_t nclaimed = 0;
	const struct export_file **claimed =
	    arena_get(&folder->arena, (count + folder->old.count + 1) * sizeof *claimed);
	for (size_t i = 0; i < folder->old.count; i++)
		claimed[nclaimed++] = &folder->old.files[i];
	for (size_t i = 0; i < count; i++)
		if (map_get(&folder->old.by_path, files[i]->path) == MAP_NONE)
			claimed[nclaimed++] = files[i];
	bool good = nclaimed == folder->old.count;
	if (!good) {
		export_manifest_write(folder->form, claimed, nclaimed, &text);
		good = export_folder_put_own(folder, EXPORT_MANIFEST, buf_str(&text), fault);
	}
	buf_free(&text);
	return good;
}

static bool write_manifest(struct export_folder *folder, const struct export_file *const *files,
			   size_t count, struct fault *fault)
{
	struct buf text = { 0 }, old = { 0 };
	struct stat status;
	export_manifest_write(folder->form, files, count, &text);
	int fd = file_open_beneath(folder->top, STR(EXPORT_MANIFEST), &status);
	bool same = fd >= 0 && file_read(fd, text.len + 1, &old) &&
		    str_equal(buf_str(&old), buf_str(&text));
	if (fd >= 0)
		close(fd);
	bool good = same || export_folder_put_own(folder, EXPORT_MANIFEST, buf_str(&text), fault);
	buf_free(&text);
	buf_free(&old);
	return good;
}

/* Last of all: what is newer than the stamp was changed by somebody else. */
static bool write_stamp(struct export_folder *folder, const struct export_stamp *stamp,
			struct fault *fault)
{
	struct buf text = { 0 };
	struct stat status;
	export_stamp_write(stamp, &text);
	bool good = export_folder_put_own(folder, EXPORT_STAMP, buf_str(&text), fault);
	buf_free(&text);
	if (good && fstatat(folder->top, EXPORT_STAMP, &status, 0) == 0)
		export_wait_for_tick(&status.st_ctim);
	return good;
}

/* ---- The files ---- */

/* What is on its way from the stage to the top, file by file. */
struct placing {
	int stage, top;
	struct map there; /* folders of the top */
	struct str moved; /* the folder that went last, with all that was in it */
};

/* Moves the file, or the first of the folders above it that is not there yet. */
static bool place(struct placing *placing, struct str path, struct fault *fault)
{
	struct buf name = { 0 };
	bool good = true, moved = false;
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND && good && !moved;
	     slash = str_find(path, '/', slash + 1)) {
		struct str above = str_sub(path, 0, slash);
		if (map_put(&placing->there, above, 1) != MAP_NONE)
			continue;
		buf_clear(&name);
		buf_add(&name, above);
		/* A folder never takes the place of one that holds something, nor of a file. */
		moved = renameat(placing->stage, buf_c(&name), placing->top, buf_c(&name)) == 0;
		if (moved)
			placing->moved = above;
		else
			good = export_tree_make(placing->top, above) >= 0;
	}
	if (good && !moved)
		good = renameat(placing->stage, path.at, placing->top, path.at) == 0;
	buf_free(&name);
	return good || fault_system(fault, path, "put it in place");
}

static bool is_below(struct str path, struct str folder)
{
	return folder.len > 0 && path.len > folder.len && path.at[folder.len] == '/' &&
	       str_starts(path, folder);
}

/* `files` are sorted, so that those of a folder follow each other. */
static bool place_files(const struct export_folder *folder, const struct export_file *const *files,
			size_t count, struct fault *fault)
{
	struct placing placing = { .stage = folder->stage, .top = folder->top };
	bool good = true;
	for (size_t i = 0; i < count && good; i++)
		if (files[i]->state == EXPORT_WRITTEN && !is_below(files[i]->path, placing.moved))
			good = place(&placing, files[i]->path, fault);
	map_free(&placing.there);
	return good;
}

void export_folder_removals(const struct export_folder *folder, export_visit *visit, void *context)
{
	for (size_t i = 0; i < folder->old.count; i++) {
		struct str path = folder->old.files[i].path;
		uint32_t index = map_get(&folder->by_path, path);
		if (index >= folder->nfiles || folder->files[index].state == EXPORT_ABSENT)
			visit(context, path);
	}
}

static bool is_announced_folder(const struct export_folder *folder, struct str path)
{
	uint32_t index = map_get(&folder->by_path, path);
	return index != MAP_NONE && index >= folder->nfiles;
}

/* The folders around a file that hold nothing more; those that will are left when `all` is not set.
 */
static void remove_empty(const struct export_folder *folder, struct str path, bool all)
{
	for (size_t slash; (slash = str_find_last(path, '/')) != STR_NOT_FOUND;) {
		path = str_sub(path, 0, slash);
		if ((!all && is_announced_folder(folder, path)) ||
		    !export_tree_rmdir(folder->top, path))
			return;
	}
}

static void remove_file(void *context, struct str path)
{
	const struct export_folder *folder = context;
	/* Gone already, or something else by now: either way not ours any more. */
	if (export_tree_unlink(folder->top, path))
		remove_empty(folder, path, false);
}

static void remove_left_over(void *context, struct str path)
{
	remove_empty(context, path, true);
}

void export_folder_undo(struct export_folder *folder)
{
	if (folder->stage >= 0) {
		close(folder->stage);
		export_tree_clear(folder->top, EXPORT_STAGE);
		folder->stage = -1;
	}
	if (folder->made_top) {
		struct buf path = { 0 };
		buf_add(&path, folder->name);
		rmdir(buf_c(&path)); /* only when nothing came of it */
		buf_free(&path);
	}
}

/* What cannot be made just now stays as it was, when it was there. */
static void keep_old(struct export_folder *folder)
{
	for (size_t i = 0; i < folder->nfiles; i++) {
		struct export_file *file = &folder->files[i];
		if (file->state != EXPORT_KEPT)
			continue;
		uint32_t old = map_get(&folder->old.by_path, file->path);
		if (old == MAP_NONE)
			file->state = EXPORT_ABSENT;
		else
			file->size = folder->old.files[old].size;
	}
}

bool export_folder_commit(struct export_folder *folder, const struct export_stamp *stamp,
			  struct fault *fault)
{
	size_t count;
	keep_old(folder);
	if (folder->options.dry_run)
		return true;
	const struct export_file **files = sorted_files(folder, &count);
	if (!claim(folder, files, count, fault))
		return false;
	/* First, for a file may take the place of a folder. */
	export_folder_removals(folder, remove_file, folder);
	if (!place_files(folder, files, count, fault))
		return false;
	export_folder_removals(folder, remove_left_over, folder);
	return write_manifest(folder, files, count, fault) && write_stamp(folder, stamp, fault);
}
