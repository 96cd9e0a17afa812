#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#define DEEPEST      64     /* folders within folders */
#define MOST_FOLDERS 100000 /* links can make few folders look like many */

/* A folder to be read; all that were found stay, so that a way back up can be followed. */
struct place {
	struct str path; /* empty = the root */
	dev_t device;
	ino_t inode;
	uint32_t above; /* index of the folder around it */
	unsigned depth;
};

struct walk {
	int root;
	const struct folder_visitor *visitor;
	struct arena arena;
	struct place *places;
	size_t count, capacity;
	struct buf path; /* of the entry in hand */
};

static bool is_left_out(const struct place *in, const char *name)
{
	return name[0] == '.' && !(in->path.len == 0 && strcmp(name, ".well-known") == 0);
}

/* A link back to a folder above would lead round for ever. */
static bool is_above(const struct walk *walk, const struct stat *status, uint32_t at)
{
	for (;;) {
		const struct place *place = &walk->places[at];
		if (place->device == status->st_dev && place->inode == status->st_ino)
			return true;
		if (at == 0)
			return false;
		at = place->above;
	}
}

static void add_folder(struct walk *walk, const struct stat *status, uint32_t above)
{
	unsigned depth = walk->places[above].depth + 1;
	const struct folder_visitor *visitor = walk->visitor;
	if (depth > DEEPEST || walk->count >= MOST_FOLDERS || is_above(walk, status, above))
		return;
	if (visitor->enters != NULL &&
	    !visitor->enters(visitor->context, buf_str(&walk->path), status))
		return;
	walk->places = arena_grow(&walk->arena, walk->places, walk->count, &walk->capacity,
				  sizeof *walk->places);
	walk->places[walk->count++] =
	    (struct place){ .path = arena_str(&walk->arena, buf_str(&walk->path)),
			    .device = status->st_dev,
			    .inode = status->st_ino,
			    .above = above,
			    .depth = depth };
}

/* What a symbolic link leads to, when that is within the root. */
static bool follow(const struct walk *walk, struct stat *status)
{
	int fd = file_open_beneath(walk->root, buf_str(&walk->path), status);
	if (fd < 0 && errno == EISDIR)
		fd = file_open_folder_beneath(walk->root, buf_str(&walk->path));
	bool good = fd >= 0 && fstat(fd, status) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static void take_entry(struct walk *walk, int fd, const char *name, uint32_t in)
{
	const struct place *place = &walk->places[in];
	struct stat status;
	if (is_left_out(place, name))
		return;
	buf_clear(&walk->path);
	buf_add(&walk->path, place->path);
	if (place->path.len > 0)
		buf_add_char(&walk->path, '/');
	buf_add(&walk->path, str_from(name));
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISLNK(status.st_mode) && !follow(walk, &status))
		return;
	if (S_ISDIR(status.st_mode))
		add_folder(walk, &status, in);
	else if (S_ISREG(status.st_mode))
		walk->visitor->file(walk->visitor->context, buf_str(&walk->path), &status);
}

static void read_folder(struct walk *walk, uint32_t at)
{
	struct str path = walk->places[at].path;
	int fd = file_open_folder_beneath(walk->root, path.len > 0 ? path : STR("."));
	bool copy = fd >= 0 && path.len > 0 && faccessat(fd, FOLDER_COPY_MARK, F_OK, 0) == 0;
	DIR *dir = fd >= 0 && !copy ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		take_entry(walk, fd, entry->d_name, at);
	closedir(dir);
}

void folder_walk(int root, const struct folder_visitor *visitor)
{
	struct walk walk = { .root = root, .visitor = visitor };
	struct stat status;
	if (fstat(root, &status) == 0) {
		walk.places = arena_grow(&walk.arena, NULL, 0, &walk.capacity, sizeof *walk.places);
		walk.places[0] = (struct place){ .device = status.st_dev, .inode = status.st_ino };
		walk.count = 1;
	}
	for (uint32_t i = 0; i < walk.count; i++)
		read_folder(&walk, i);
	buf_free(&walk.path);
	arena_free(&walk.arena);
}
