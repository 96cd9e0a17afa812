#include "content/watch.h"

#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/memory.h"
#include "content/scan.h"

/* A file is looked at when its writer closes it: IN_MODIFY would show halves. */
#define FOLDER_EVENTS                                                                              \
	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |        \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW)
#define PARENT_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR)

#define MOST_LEVELS 32

/* What a descriptor of inotify stands for. */
struct watched {
	int wd;
	bool in_pages;
	struct str path; /* below the root; freed with the entry */
};

struct watch_root {
	struct str path;   /* as given */
	struct str parent; /* the folder that holds it */
	struct str name;   /* in the parent */
	int parent_wd;     /* -1 = cannot be watched */
	bool is_remote;    /* on a file system that tells nothing */
};

struct watch {
	struct arena arena;
	int fd;
	struct watch_root roots[2]; /* content, pages */
	struct watched *watched;    /* sorted by wd */
	size_t count, capacity;
	bool is_short; /* a folder could not be watched */
	uint64_t amid; /* hash of the path that is amid a change; 0 = none */
};

static size_t place_of(const struct watch *w, int wd)
{
	size_t low = 0, high = w->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (w->watched[middle].wd < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct watched *find(struct watch *w, int wd)
{
	size_t i = place_of(w, wd);
	return i < w->count && w->watched[i].wd == wd ? &w->watched[i] : NULL;
}

static char *copy_text(struct str s)
{
	char *copy = memory_resize(NULL, s.len + 1);
	memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return copy;
}

static void forget(struct watch *w, struct watched *entry)
{
	size_t i = (size_t)(entry - w->watched);
	free((char *)entry->path.at);
	memmove(entry, entry + 1, (w->count - i - 1) * sizeof *entry);
	w->count--;
}

static void remember(struct watch *w, int wd, bool in_pages, struct str path)
{
	struct watched *known = find(w, wd);
	if (known != NULL)
		forget(w, known);
	w->watched = memory_grow(w->watched, w->count, &w->capacity, sizeof *w->watched);
	size_t i = place_of(w, wd);
	memmove(&w->watched[i + 1], &w->watched[i], (w->count - i) * sizeof *w->watched);
	w->watched[i] = (struct watched){ wd, in_pages, { copy_text(path), path.len } };
	w->count++;
}

/* "root/path" or "root" */
static const char *full_path(const struct watch_root *root, struct str path, struct buf *name)
{
	buf_clear(name);
	buf_add(name, root->path);
	if (path.len > 0) {
		buf_add_char(name, '/');
		buf_add(name, path);
	}
	return buf_c(name);
}

/* The other root is watched on its own: content within pages, or both the same. */
static bool is_other_root(const struct watch *w, bool in_pages, const char *name)
{
	struct stat here, there;
	struct buf other = { 0 };
	const struct watch_root *root = &w->roots[!in_pages];
	bool same = root->path.len > 0 && stat(full_path(root, STR(""), &other), &there) == 0 &&
		    stat(name, &here) == 0 && here.st_dev == there.st_dev &&
		    here.st_ino == there.st_ino;
	buf_free(&other);
	return same;
}

struct pending {
	struct str path;
	unsigned level;
};

struct pending_list {
	struct arena arena;
	struct pending *at;
	size_t count, capacity;
};

static void add_pending(struct pending_list *list, struct str path, unsigned level)
{
	list->at = memory_grow(list->at, list->count, &list->capacity, sizeof *list->at);
	list->at[list->count++] = (struct pending){ path, level };
}

static void add_subfolders(struct pending_list *list, const struct pending *folder,
			   const char *name)
{
	DIR *dir = opendir(name);
	const struct dirent *e;
	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) {
		if ((e->d_type != DT_DIR && e->d_type != DT_UNKNOWN) ||
		    !scan_wants_folder(str_from(e->d_name)) || folder->level >= MOST_LEVELS)
			continue;
		const char *slash = folder->path.len > 0 ? "/" : "";
		struct str path = arena_format(&list->arena, "%.*s%s%s", STR_ARGS(folder->path),
					       slash, e->d_name);
		add_pending(list, path, folder->level + 1);
	}
	closedir(dir);
}

/* Watches a folder and all below it. */
static void add_tree(struct watch *w, bool in_pages, struct str path)
{
	struct pending_list list = { 0 };
	struct buf name = { 0 };
	const struct watch_root *root = &w->roots[in_pages];
	add_pending(&list, path, 0);
	for (size_t i = 0; i < list.count; i++) {
		struct pending folder = list.at[i];
		full_path(root, folder.path, &name);
		if ((folder.path.len > 0 || in_pages) && is_other_root(w, in_pages, name.at))
			continue;
		/* The root may be a link to where the posts really are. */
		uint32_t events = FOLDER_EVENTS;
		if (folder.path.len == 0)
			events &= ~(uint32_t)IN_DONT_FOLLOW;
		int wd = inotify_add_watch(w->fd, name.at, events);
		if (wd < 0) {
			w->is_short = w->is_short || errno == ENOSPC || errno == ENOMEM;
			continue;
		}
		remember(w, wd, in_pages, folder.path);
		/* Only now, so that what comes while we look is told. */
		add_subfolders(&list, &folder, name.at);
	}
	free(list.at);
	arena_free(&list.arena);
	buf_free(&name);
}

static void drop_tree(struct watch *w, bool in_pages, struct str path)
{
	for (size_t i = w->count; i-- > 0;) {
		struct watched *entry = &w->watched[i];
		if (entry->in_pages != in_pages || !scan_is_within(entry->path, path))
			continue;
		inotify_rm_watch(w->fd, entry->wd);
		forget(w, entry);
	}
}

/* File systems whose changes may be made elsewhere, unknown to this kernel. */
static bool is_remote(const char *path)
{
	static const unsigned long remote[] = { NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,
						SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC,
						FUSE_SUPER_MAGIC, V9FS_MAGIC,
						CODA_SUPER_MAGIC, AFS_SUPER_MAGIC,
						CEPH_SUPER_MAGIC };
	struct statfs status;
	if (statfs(path, &status) != 0)
		return false;
	for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
		if ((unsigned long)status.f_type == remote[i])
			return true;
	return false;
}

static void add_root(struct watch *w, bool in_pages)
{
	struct watch_root *root = &w->roots[in_pages];
	struct buf name = { 0 };
	if (root->path.len == 0)
		return;
	buf_add(&name, root->parent);
	root->parent_wd = inotify_add_watch(w->fd, buf_c(&name), PARENT_EVENTS | IN_MASK_ADD);
	root->is_remote = is_remote(full_path(root, STR(""), &name));
	add_tree(w, in_pages, STR(""));
	buf_free(&name);
}

static void set_root(struct watch *w, struct watch_root *root, struct str path)
{
	path = arena_str(&w->arena, path);
	root->path = path;
	while (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	size_t slash = str_find_last(path, '/');
	root->name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	root->parent = slash == STR_NOT_FOUND ? STR(".")
		       : slash == 0           ? STR("/")
					      : str_sub(path, 0, slash);
	root->parent_wd = -1;
}

struct watch *watch_new(struct str content, struct str pages)
{
	struct watch *w = memory_new(sizeof *w);
	set_root(w, &w->roots[0], content);
	set_root(w, &w->roots[1], pages);
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	for (int i = 0; i < 2 && w->fd >= 0; i++)
		add_root(w, i);
	return w;
}

static void drop_all(struct watch *w)
{
	while (w->count > 0) {
		inotify_rm_watch(w->fd, w->watched[w->count - 1].wd);
		forget(w, &w->watched[w->count - 1]);
	}
}

void watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	while (w->count > 0)
		forget(w, &w->watched[w->count - 1]);
	if (w->fd >= 0)
		close(w->fd);
	free(w->watched);
	arena_free(&w->arena);
	free(w);
}

int watch_fd(const struct watch *w)
{
	return w->fd;
}

/* A missing folder announces its return through the one that holds it, unless that is gone too. */
static bool is_lost(const struct watch *w)
{
	for (size_t i = 0; i < 2; i++)
		if (w->roots[i].path.len > 0 && w->roots[i].parent_wd < 0)
			return true;
	return false;
}

bool watch_needs_polling(const struct watch *w)
{
	return w->fd < 0 || w->is_short || w->roots[0].is_remote || w->roots[1].is_remote ||
	       is_lost(w);
}

/* From nothing: whatever was missed, the loader looks at everything and all is watched again. */
static void start_again(struct watch *w, struct loader *loader)
{
	drop_all(w);
	w->is_short = false;
	for (int i = 0; i < 2; i++)
		add_root(w, i);
	loader_note_all(loader);
}

static bool take_root_event(struct watch *w, const struct inotify_event *e)
{
	struct str name = e->len > 0 ? str_from(e->name) : STR("");
	for (size_t i = 0; i < 2; i++)
		if (w->roots[i].parent_wd == e->wd && w->roots[i].path.len > 0 &&
		    str_equal(w->roots[i].name, name))
			return true;
	return false;
}

/*
 * A new file is looked at when it is closed; one that is only another name for what exists (a hard
 * or symbolic link) never is.
 */
static bool is_only_begun(const struct watch *w, const struct watched *folder, struct str path)
{
	struct buf name = { 0 };
	struct stat status;
	bool begun = lstat(full_path(&w->roots[folder->in_pages], path, &name), &status) == 0 &&
		     S_ISREG(status.st_mode) && status.st_nlink == 1;
	buf_free(&name);
	return begun;
}

static bool take_folder_event(struct watch *w, const struct inotify_event *e, bool in_pages,
			      struct str path, struct loader *loader)
{
	if (e->mask & (IN_MOVED_FROM | IN_DELETE))
		drop_tree(w, in_pages, path);
	if (e->mask & (IN_MOVED_TO | IN_CREATE))
		add_tree(w, in_pages, path);
	loader_note_change(loader, in_pages, path);
	return true;
}

/* Editors move the old file away, or remove it, and then write the new one. */
static void note_progress(struct watch *w, const struct inotify_event *e, struct str path)
{
	uint64_t hash = str_hash(path) | 1;
	if (e->mask & (IN_MOVED_FROM | IN_DELETE | IN_CREATE))
		w->amid = hash;
	else if ((e->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) && w->amid == hash)
		w->amid = 0;
}

static bool take_named_event(struct watch *w, const struct inotify_event *e,
			     const struct watched *folder, struct loader *loader)
{
	struct str name = str_from(e->name);
	bool in_pages = folder->in_pages, noted = false;
	struct buf joined = { 0 };
	if (name.len == 0 || name.at[0] == '.')
		return false;
	if (folder->path.len > 0) {
		buf_add(&joined, folder->path);
		buf_add_char(&joined, '/');
	}
	buf_add(&joined, name);
	struct str path = buf_str(&joined);
	if (e->mask & IN_ISDIR) {
		if (scan_wants_folder(name))
			noted = take_folder_event(w, e, in_pages, path, loader);
	} else {
		if (scan_wants_path(path) || data_files_may_be(name))
			note_progress(w, e, path);
		if (!(e->mask & IN_CREATE) || !is_only_begun(w, folder, path)) {
			loader_note_change(loader, in_pages, path);
			noted = true;
		}
	}
	buf_free(&joined);
	return noted;
}

/* Whether the loader has news; `*again` when everything must be watched anew. */
static bool take_event(struct watch *w, const struct inotify_event *e, struct loader *loader,
		       bool *again)
{
	if ((e->mask & IN_Q_OVERFLOW) || take_root_event(w, e)) {
		*again = true;
		return true;
	}
	struct watched *folder = find(w, e->wd);
	if (folder == NULL) {
		for (size_t i = 0; i < 2; i++)
			if ((e->mask & IN_IGNORED) && w->roots[i].parent_wd == e->wd)
				w->roots[i].parent_wd = -1;
		return false;
	}
	if ((e->mask & IN_ATTRIB) && e->len == 0) {
		loader_note_all(loader); /* it may have become readable */
		return true;
	}
	if (e->mask & (IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) {
		bool is_root = folder->path.len == 0;
		if (is_root)
			*again = true;
		else if (e->mask & IN_IGNORED)
			forget(w, folder);
		return is_root;
	}
	return e->len > 0 && take_named_event(w, e, folder, loader);
}

bool watch_is_amid_change(const struct watch *w)
{
	return w->amid != 0;
}

bool watch_read(struct watch *w, struct loader *loader)
{
	_Alignas(struct inotify_event) char events[16384];
	bool news = false, again = is_lost(w);
	ssize_t n;
	while (w->fd >= 0 && (n = read(w->fd, events, sizeof events)) > 0) {
		for (char *at = events; at < events + n;) {
			const struct inotify_event *e = (const struct inotify_event *)(void *)at;
			news = take_event(w, e, loader, &again) || news;
			at += sizeof *e + e->len;
		}
	}
	if (again)
		start_again(w, loader);
	return news || again;
}
