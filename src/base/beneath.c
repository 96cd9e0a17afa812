#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

#define MAX_LINKS      40   /* the kernel's own bound */
#define MAX_DEPTH      64   /* descriptors that one walk may hold */
#define LONGEST_TARGET 4095 /* of a symbolic link in Linux */

struct walk {
	int root;
	int folders[MAX_DEPTH]; /* from below the root down to where the walk is */
	size_t depth;
	unsigned nlinks;
	struct buf path; /* as given, until a link replaces it */
	struct str left; /* what of it is still to be walked */
};

static int here(const struct walk *walk)
{
	return walk->depth > 0 ? walk->folders[walk->depth - 1] : walk->root;
}

static bool fail(int reason)
{
	errno = reason;
	return false;
}

/* Puts the target of the link `name` in front of what is left; EINVAL when it is no link. */
static bool take_link(struct walk *walk, const char *name)
{
	struct buf path = { 0 };
	buf_reserve(&path, LONGEST_TARGET);
	ssize_t n = readlinkat(here(walk), name, path.at, LONGEST_TARGET);
	int reason = n <= 0 ? errno : path.at[0] == '/' ? EXDEV : 0;
	if (reason == 0 && ++walk->nlinks > MAX_LINKS)
		reason = ELOOP;
	if (reason != 0) {
		buf_free(&path);
		return fail(reason);
	}
	path.len = (size_t)n;
	buf_add(&path, walk->left);
	buf_free(&walk->path);
	walk->path = path;
	walk->left = buf_str(&walk->path);
	return true;
}

static bool leave(struct walk *walk)
{
	if (walk->depth == 0)
		return fail(EXDEV);
	close(walk->folders[--walk->depth]);
	return true;
}

static bool enter(struct walk *walk, int folder)
{
	if (walk->depth == MAX_DEPTH) {
		close(folder);
		return fail(ENAMETOOLONG);
	}
	walk->folders[walk->depth++] = folder;
	return true;
}

/* Goes on through `name`. False when the walk is over: with `*fd`, or -1 there and errno. */
static bool step(struct walk *walk, const char *name, int flags, int *fd)
{
	bool last = walk->left.len == 0;
	int opened =
	    openat(here(walk), name,
		   last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (opened >= 0 && !last)
		return enter(walk, opened);
	*fd = opened;
	/* What these say of a link depends on the flags. */
	int reason = errno;
	if (opened >= 0 || (reason != ELOOP && reason != ENOTDIR))
		return false;
	return take_link(walk, name) || fail(errno == EINVAL ? reason : errno);
}

/* Takes the next name off the path and goes there. */
static bool go_on(struct walk *walk, int flags, int *fd)
{
	while (str_starts(walk->left, STR("/")))
		walk->left = str_skip(walk->left, 1);
	size_t end = str_find(walk->left, '/', 0);
	struct str name = str_sub(walk->left, 0, end);
	walk->left = str_skip(walk->left, end);
	if (name.len == 0) {
		*fd = openat(here(walk), ".", flags);
		return false;
	}
	if (str_equal(name, STR(".")))
		return true;
	if (str_equal(name, STR("..")))
		return leave(walk);
	struct buf copy = { 0 };
	buf_add(&copy, name);
	bool more = step(walk, buf_c(&copy), flags, fd);
	buf_free(&copy);
	return more;
}

static int refuse(int reason)
{
	errno = reason;
	return -1;
}

int beneath_walk(int root, struct str path, int flags)
{
	if (path.len == 0)
		return refuse(ENOENT);
	if (path.at[0] == '/')
		return refuse(EXDEV);
	if (str_find(path, '\0', 0) != STR_NOT_FOUND)
		return refuse(EINVAL);
	struct walk walk = { .root = root };
	buf_add(&walk.path, path);
	walk.left = buf_str(&walk.path);
	int fd = -1;
	while (go_on(&walk, flags, &fd))
		;
	int reason = errno;
	while (walk.depth > 0)
		leave(&walk);
	buf_free(&walk.path);
	errno = reason;
	return fd;
}

int beneath_open(int root, struct str path, int flags)
{
	if (str_find(path, '\0', 0) != STR_NOT_FOUND)
		return refuse(EINVAL);
	struct buf name = { 0 };
	buf_add(&name, path);
	struct open_how how = {
		.flags = (unsigned)flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, buf_c(&name), &how, sizeof how);
	buf_free(&name);
	return fd < 0 && (errno == ENOSYS || errno == EPERM) ? beneath_walk(root, path, flags) : fd;
}
