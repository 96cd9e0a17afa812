#include "command/export_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "command/export_tree.h"

#define IS_FOLDER (UINT32_MAX - 1) /* in by_path: not a file, but what will hold some */

static const struct str own_names[] = { STR_INIT(EXPORT_MANIFEST), STR_INIT(EXPORT_STAMP),
					STR_INIT(EXPORT_STAGE) };

static bool is_own(struct str name)
{
	for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
		if (str_equal(name, own_names[i]))
			return true;
	return false;
}

/* ---- Opening ---- */

static bool open_top(struct export_folder *folder, struct fault *fault)
{
	struct buf name = { 0 };
	buf_add(&name, folder->name);
	folder->top = open(buf_c(&name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->top < 0 && errno == ENOENT && !folder->options.dry_run &&
	    mkdir(buf_c(&name), 0755) == 0) {
		folder->made_top = true;
		folder->top = open(buf_c(&name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	buf_free(&name);
	if (folder->top < 0)
		return (folder->options.dry_run && errno == ENOENT) ||
		       fault_system(fault, folder->name, "open");
	if (flock(folder->top, LOCK_EX | LOCK_NB) != 0)
		return fault_set(fault, folder->name, 0, 0, "another export is at work here");
	return true;
}

/* The name of something in the folder that is not ours; false when there is none. */
static bool find_foreign(int top, struct buf *name)
{
	int fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (struct dirent *entry; name->len == 0 && (entry = readdir(dir)) != NULL;) {
		struct str found = str_from(entry->d_name);
		if (!str_equal(found, STR(".")) && !str_equal(found, STR("..")) && !is_own(found))
			buf_add(name, found);
	}
	closedir(dir);
	return name->len > 0;
}

static bool check_owner(struct export_folder *folder, struct fault *fault)
{
	struct buf foreign = { 0 };
	struct str form = folder->old.form;
	bool good = true;
	folder->empty = form.len == 0 && !find_foreign(folder->top, &foreign);
	if (folder->options.force || folder->empty)
		good = true;
	else if (form.len == 0)
		good = fault_set(fault, folder->name, 0, 0,
				 "this folder has files that no export wrote (%s); name an empty "
				 "one, or leave them where they are with --force",
				 buf_c(&foreign));
	else if (!str_equal(form, folder->form))
		good = fault_set(fault, folder->name, 0, 0,
				 "this folder holds an export for %.*s; name another one, or "
				 "replace it with --force",
				 STR_ARGS(form));
	buf_free(&foreign);
	return good;
}

bool export_folder_open(struct export_folder *folder, struct str name, struct str form,
			const struct export_options *options, struct fault *fault)
{
	*folder = (struct export_folder){
		.name = name, .form = form, .options = *options, .top = -1, .stage = -1
	};
	pthread_mutex_init(&folder->lock, NULL);
	if (!open_top(folder, fault))
		return false;
	folder->empty = folder->top < 0;
	if (folder->empty)
		return true;
	if (!export_manifest_read(folder->top, &folder->arena, &folder->old, fault) ||
	    !check_owner(folder, fault))
		return false;
	/* An export that was killed left it. */
	if (!options->dry_run)
		export_tree_clear(folder->top, EXPORT_STAGE);
	return true;
}

/* ---- Nothing to do? ---- */

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

bool export_folder_is_current(const struct export_folder *folder, uint64_t inputs, int64_t now)
{
	struct export_stamp stamp;
	struct stat written, status;
	if (folder->top < 0 || inputs == 0 || !export_stamp_read(folder->top, &stamp, &written) ||
	    stamp.inputs != inputs || stamp.until <= now ||
	    !str_equal(folder->old.form, folder->form) ||
	    fstatat(folder->top, EXPORT_MANIFEST, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
	    is_later(&status.st_ctim, &written.st_ctim))
		return false;
	/* The stamp is written last: a file whose inode did not change since is as we left it. */
	for (size_t i = 0; i < folder->old.count; i++) {
		const struct export_file *file = &folder->old.files[i];
		struct buf path = { 0 };
		buf_add(&path, file->path);
		bool same = fstatat(folder->top, buf_c(&path), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			    S_ISREG(status.st_mode) && (uint64_t)status.st_size == file->size &&
			    !is_later(&status.st_ctim, &written.st_ctim);
		buf_free(&path);
		if (!same)
			return false;
	}
	return true;
}

/* ---- Announcing ---- */

uint32_t export_folder_expect(struct export_folder *folder, struct str path)
{
	path = arena_str(&folder->arena, path);
	if (!export_is_path(path) || map_get(&folder->by_path, path) != MAP_NONE || is_own(path))
		return EXPORT_NO_FILE;
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
	     slash = str_find(path, '/', slash + 1)) {
		uint32_t other = map_put(&folder->by_path, str_sub(path, 0, slash), IS_FOLDER);
		if (other != MAP_NONE && other != IS_FOLDER)
			return EXPORT_NO_FILE;
	}
	folder->files = arena_grow(&folder->arena, folder->files, folder->nfiles, &folder->capacity,
				   sizeof *folder->files);
	folder->files[folder->nfiles] = (struct export_file){ .path = path };
	map_put(&folder->by_path, path, (uint32_t)folder->nfiles);
	return (uint32_t)folder->nfiles++;
}

void export_folder_close(struct export_folder *folder)
{
	export_folder_undo(folder);
	if (folder->top >= 0)
		close(folder->top);
	export_manifest_free(&folder->old);
	map_free(&folder->by_path);
	arena_free(&folder->arena);
	pthread_mutex_destroy(&folder->lock);
}
