#include "content/root.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

bool root_refresh(struct root *root, bool *replaced, struct fault *fault)
{
	struct stat status;
	int fd = file_open_folder(root->path);
	*replaced = false;
	if (fd < 0)
		return fault_system(fault, root->path, "open the folder");
	if (fstat(fd, &status) != 0) {
		fault_system(fault, root->path, "open the folder");
		close(fd);
		return false;
	}
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

bool root_is_same(const struct root *a, const struct root *b)
{
	return a->fd >= 0 && b->fd >= 0 && a->device == b->device && a->inode == b->inode;
}
