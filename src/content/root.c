#include "content/root.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static bool is_gone(struct root *root, struct fault *fault)
{
	root->missing = errno;
	if (errno == EACCES && root->fd >= 0)
		return fault_set(fault, root->path, 0, 0,
				 "the folder that is here now may not be opened; if it is the "
				 "sandbox that forbids it, restart");
	return fault_system(fault, root->path, "open the folder");
}

bool root_refresh(struct root *root, bool *replaced, struct fault *fault)
{
	struct stat status;
	int fd = file_open_folder(root->path);
	*replaced = false;
	if (fd < 0)
		return is_gone(root, fault);
	if (fstat(fd, &status) != 0) {
		is_gone(root, fault);
		close(fd);
		return false;
	}
	root->missing = 0;
	if (root->fd >= 0 && status.st_dev == root->device && status.st_ino == root->inode) {
		close(fd);
		return true;
	}
	root_close(root);
	root->fd = fd;
	root->device = status.st_dev;
	root->inode = status.st_ino;
	*replaced = true;
	return true;
}

void root_close(struct root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}

struct str root_name(const struct root *root)
{
	struct str path = root->path;
	while (str_ends(path, STR("/")))
		path.len--;
	size_t slash = str_find_last(path, '/');
	struct str name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	return str_equal(name, STR(".")) || str_equal(name, STR("..")) ? STR("") : name;
}

bool root_is_same(const struct root *a, const struct root *b)
{
	return a->fd >= 0 && b->fd >= 0 && a->device == b->device && a->inode == b->inode;
}
