#include "command/export_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

static int open_below(int top, struct str path, unsigned flags)
{
	struct buf name = { 0 };
	buf_add(&name, path.len > 0 ? path : STR("."));
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)syscall(SYS_openat2, top, buf_c(&name), &how, sizeof how);
	buf_free(&name);
	return fd;
}

int export_tree_open(int top, struct str path)
{
	return open_below(top, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

static struct str folder_of(struct str path)
{
	size_t slash = str_find_last(path, '/');
	return slash == STR_NOT_FOUND ? STR("") : str_sub(path, 0, slash);
}

static struct str name_of(struct str path)
{
	size_t slash = str_find_last(path, '/');
	return slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
}

int export_tree_make(int top, struct str path)
{
	struct buf name = { 0 };
	struct stat status;
	buf_add(&name, name_of(path));
	int made = -1, fd = open_below(top, folder_of(path), O_PATH | O_DIRECTORY);
	if (fd >= 0 && mkdirat(fd, buf_c(&name), 0755) == 0)
		made = 1;
	else if (fd >= 0 && errno == EEXIST &&
		 fstatat(fd, buf_c(&name), &status, AT_SYMLINK_NOFOLLOW) == 0) {
		made = S_ISDIR(status.st_mode) ? 0 : -1;
		errno = ENOTDIR;
	}
	buf_free(&name);
	if (fd >= 0)
		close(fd);
	return made;
}

static bool unlink_below(int top, struct str path, int flags)
{
	struct buf name = { 0 };
	buf_add(&name, name_of(path));
	int fd = open_below(top, folder_of(path), O_PATH | O_DIRECTORY);
	bool done = fd >= 0 && unlinkat(fd, buf_c(&name), flags) == 0;
	buf_free(&name);
	if (fd >= 0)
		close(fd);
	return done;
}

bool export_tree_unlink(int top, struct str path)
{
	return unlink_below(top, path, 0);
}

bool export_tree_rmdir(int top, struct str path)
{
	return unlink_below(top, path, AT_REMOVEDIR);
}

static bool make_ours(int ours, struct str path)
{
	struct buf name = { 0 };
	buf_add(&name, path);
	bool there = mkdirat(ours, buf_c(&name), 0755) == 0 || errno == EEXIST;
	buf_free(&name);
	return there;
}

/* From the lowest up, for it is mostly the only one that is missing, and down again. */
static bool make_above(int ours, struct str path)
{
	struct str above = folder_of(path);
	while (!make_ours(ours, above)) {
		if (errno != ENOENT || above.len == 0)
			return false;
		above = folder_of(above);
	}
	size_t slash = above.len;
	while ((slash = str_find(path, '/', slash + 1)) != STR_NOT_FOUND)
		if (!make_ours(ours, str_sub(path, 0, slash)))
			return false;
	return true;
}

int export_tree_create(int ours, struct str path)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = openat(ours, path.at, flags, 0644);
	/* Asked first, for most folders hold several files. */
	if (fd < 0 && errno == ENOENT && make_above(ours, path))
		fd = openat(ours, path.at, flags, 0644);
	return fd;
}

/* Recurses, as deep as an export can be. */
static void clear(int parent, const char *name, unsigned depth)
{
	/* A link goes, not what it leads to. */
	if (unlinkat(parent, name, 0) == 0 || depth == 0)
		return;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir != NULL) {
		for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
			if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
				clear(fd, entry->d_name, depth - 1);
		closedir(dir);
	} else if (fd >= 0) {
		close(fd);
	}
	unlinkat(parent, name, AT_REMOVEDIR);
}

void export_tree_clear(int top, const char *name)
{
	clear(top, name, EXPORT_TREE_DEPTH + 2); /* the stage and the file */
}
