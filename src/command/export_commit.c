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

/* ---- Folders ---- */

static bool make_folder(struct export_folder *folder, struct str path, struct fault *fault)
{
	int made = export_tree_make(folder->top, path);
	/* What was a file of ours is a folder now. */
	if (made < 0 && errno == ENOTDIR && map_get(&folder->old.by_path, path) != MAP_NONE &&
	    export_tree_unlink(folder->top, path))
		made = export_tree_make(folder->top, path);
	if (made < 0)
		return fault_system(fault, path, "make this folder");
	if (made > 0) {
		folder->made = arena_grow(&folder->arena, folder->made, folder->nmade,
					  &folder->made_capacity, sizeof *folder->made);
		folder->made[folder->nmade++] = path;
	}
	return true;
}

/* Paths come sorted, so most folders are those of the file before. */
static bool make_folders(struct export_folder *folder, const struct export_file *const *files,
			 size_t count, struct fault *fault)
{
	struct map known = { 0 };
	bool good = true;
	for (size_t i = 0; i < count && good; i++) {
		struct str path = files[i]->path;
		if (files[i]->state != EXPORT_WRITTEN)
			continue;
		for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND && good;
		     slash = str_find(path, '/', slash + 1)) {
			struct str above = str_sub(path, 0, slash);
			if (map_put(&known, above, 1) == MAP_NONE)
				good = make_folder(folder, above, fault);
		}
	}
	map_free(&known);
	return good;
}

/* ---- The two files at the top ---- */

static bool replace(const struct export_folder *folder, const char *name, struct str data,
		    struct fault *fault)
{
	struct buf path = { 0 };
	buf_format(&path, "%.*s/%s", STR_ARGS(folder->name), name);
	bool done = file_replace(buf_str(&path), data, 0644, fault);
	buf_free(&path);
	if (!done)
		fault->file = folder->name;
	return done;
}

static int compare_paths(const void *a, const void *b)
{
	const struct export_file *const *x = a, *const *y = b;
	return str_compare((*x)->path, (*y)->path);
}

/* The files of the export, sorted; the caller frees the array. */
static const struct export_file **sorted_files(struct export_folder *folder, size_t *count)
{
	const struct export_file **sorted =
	    arena_get(&folder->arena, (folder->nfiles + 1) * sizeof *sorted);
	*count = 0;
	for (size_t i = 0; i < folder->nfiles; i++)
		if (folder->files[i].state != EXPORT_ABSENT)
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
		good = replace(folder, EXPORT_MANIFEST, buf_str(&text), fault);
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
	bool good = same || replace(folder, EXPORT_MANIFEST, buf_str(&text), fault);
	buf_free(&text);
	buf_free(&old);
	return good;
}

/* Last of all: what is newer than the stamp was changed by somebody else. */
static bool write_stamp(const struct export_folder *folder, const struct export_stamp *stamp,
			struct fault *fault)
{
	struct buf text = { 0 };
	struct stat status;
	export_stamp_write(stamp, &text);
	bool good = replace(folder, EXPORT_STAMP, buf_str(&text), fault);
	buf_free(&text);
	if (good && fstatat(folder->top, EXPORT_STAMP, &status, 0) == 0)
		export_wait_for_tick(&status.st_ctim);
	return good;
}

/* ---- The files ---- */

static bool place_files(struct export_folder *folder, const struct export_file *const *files,
			size_t count, struct fault *fault)
{
	struct buf path = { 0 };
	bool good = true;
	for (size_t i = 0; i < count && good; i++) {
		char name[16];
		if (files[i]->state != EXPORT_WRITTEN)
			continue;
		snprintf(name, sizeof name, "%u", (unsigned)(files[i] - folder->files));
		buf_clear(&path);
		buf_add(&path, files[i]->path);
		good = renameat(folder->stage, name, folder->top, buf_c(&path)) == 0;
		if (!good)
			fault_system(fault, files[i]->path, "replace");
	}
	buf_free(&path);
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
		export_tree_clear(folder->top, STR(EXPORT_STAGE));
		folder->stage = -1;
	}
	for (; folder->nmade > 0; folder->nmade--) {
		struct buf path = { 0 };
		buf_add(&path, folder->made[folder->nmade - 1]);
		unlinkat(folder->top, buf_c(&path), AT_REMOVEDIR);
		buf_free(&path);
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
	if (!make_folders(folder, files, count, fault) || !claim(folder, files, count, fault))
		return false;
	/* First, for a file may take the place of a folder. */
	export_folder_removals(folder, remove_file, folder);
	if (!place_files(folder, files, count, fault))
		return false;
	folder->nmade = 0; /* they hold files now */
	export_folder_removals(folder, remove_left_over, folder);
	return write_manifest(folder, files, count, fault) && write_stamp(folder, stamp, fault);
}
