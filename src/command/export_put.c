/* Bytes that are written beside the files of the folder, where they are not there already. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "command/export_folder.h"
#include "command/export_tree.h"

/* Where the bytes of a file come from: memory or a descriptor. */
struct source {
	struct str bytes;
	int fd; /* -1: memory */
	uint64_t size;
};

#define PIECE (32 * 1024)

/* The next piece at `at`; empty at the end, and when the file has become shorter. */
static bool read_piece(const struct source *source, uint64_t at, char *room, struct str *piece)
{
	if (source->fd < 0) {
		*piece = str_skip(source->bytes, (size_t)at);
		return true;
	}
	uint64_t left = source->size - at;
	ssize_t n;
	do
		n = pread(source->fd, room, left < PIECE ? (size_t)left : PIECE, (off_t)at);
	while (n < 0 && errno == EINTR);
	*piece = (struct str){ room, n > 0 ? (size_t)n : 0 };
	return n >= 0;
}

static bool holds_same(int fd, const struct source *source)
{
	char room[PIECE], old[PIECE];
	bool same = true;
	for (uint64_t at = 0; same && at < source->size;) {
		struct str piece;
		same = read_piece(source, at, room, &piece) && piece.len > 0;
		for (size_t done = 0; same && done < piece.len;) {
			size_t wanted = piece.len - done < PIECE ? piece.len - done : PIECE;
			ssize_t n = pread(fd, old, wanted, (off_t)(at + done));
			same = n > 0 && memcmp(old, piece.at + done, (size_t)n) == 0;
			done += same ? (size_t)n : 0;
		}
		at += piece.len;
	}
	return same;
}

enum standing { STANDS_NOTHING, STANDS_SAME, STANDS_OTHER, STANDS_IN_THE_WAY };

/* A folder that holds files of ours: those that a commit removes first. */
static bool is_our_folder(const struct export_folder *folder, struct str path)
{
	for (size_t i = 0; i < folder->old.count; i++) {
		struct str other = folder->old.files[i].path;
		if (str_starts(other, path) && other.len > path.len && other.at[path.len] == '/')
			return true;
	}
	return false;
}

/* ENOTDIR: a file of ours is where a folder has to be; it makes way too. */
static bool is_ours_above(const struct export_folder *folder, struct str path)
{
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
	     slash = str_find(path, '/', slash + 1))
		if (map_get(&folder->old.by_path, str_sub(path, 0, slash)) != MAP_NONE)
			return true;
	return false;
}

/* What is in the place of a file now. */
static enum standing look(const struct export_folder *folder, const struct export_file *file,
			  const struct source *source)
{
	if (folder->empty)
		return STANDS_NOTHING;
	int fd = export_tree_open(folder->top, file->path);
	if (fd < 0)
		return errno == ENOENT || is_ours_above(folder, file->path) ? STANDS_NOTHING
									    : STANDS_IN_THE_WAY;
	struct stat status = { 0 };
	enum standing standing = STANDS_IN_THE_WAY;
	fstat(fd, &status);
	if (S_ISREG(status.st_mode)) {
		bool same = (uint64_t)status.st_size == source->size && holds_same(fd, source);
		standing = same ? STANDS_SAME : STANDS_OTHER;
		/* Hosts serve what all may read and nobody may run (GOPH-115). */
		if (same && (status.st_mode & 07777) != 0644 && !folder->options.dry_run)
			fchmod(fd, 0644);
	} else if (S_ISDIR(status.st_mode) && is_our_folder(folder, file->path)) {
		standing = STANDS_NOTHING;
	}
	close(fd);
	return standing;
}

static bool make_stage(struct export_folder *folder, struct fault *fault)
{
	pthread_mutex_lock(&folder->lock);
	if (folder->stage < 0 && mkdirat(folder->top, EXPORT_STAGE, 0700) == 0)
		folder->stage = openat(folder->top, EXPORT_STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool good = folder->stage >= 0 || fault_system(fault, folder->name, "write into it");
	pthread_mutex_unlock(&folder->lock);
	return good;
}

static bool write_piece(int fd, struct str piece)
{
	while (piece.len > 0) {
		ssize_t n = write(fd, piece.at, piece.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		piece = str_skip(piece, (size_t)n);
	}
	return true;
}

static enum export_outcome cannot_write(struct str path, struct fault *fault)
{
	fault_system(fault, path, "write");
	return EXPORT_FAILED;
}

static enum export_outcome write_source(int fd, struct str path, const struct source *source,
					struct fault *fault)
{
	char room[PIECE];
	struct str piece;
	for (uint64_t at = 0; at < source->size; at += piece.len) {
		if (!read_piece(source, at, room, &piece)) {
			fault_system(fault, path, "read its source");
			return EXPORT_REFUSED;
		}
		if (piece.len == 0) {
			fault_set(fault, path, 0, 0, "became shorter while it was copied");
			return EXPORT_REFUSED;
		}
		if (!write_piece(fd, piece))
			return cannot_write(path, fault);
	}
	return EXPORT_DONE;
}

/* A file of the stage. */
static enum export_outcome write_file(struct export_folder *folder, struct str path,
				      const struct source *source, bool flush, struct fault *fault)
{
	if (!make_stage(folder, fault))
		return EXPORT_FAILED;
	int fd = export_tree_create(folder->stage, path);
	if (fd < 0)
		return cannot_write(path, fault);
	enum export_outcome outcome = write_source(fd, path, source, fault);
	if (outcome == EXPORT_DONE && flush && fsync(fd) != 0)
		outcome = cannot_write(path, fault);
	/* A disk of another machine may say only now that it is full. */
	if (close(fd) != 0 && outcome == EXPORT_DONE)
		outcome = cannot_write(path, fault);
	if (outcome == EXPORT_REFUSED)
		unlinkat(folder->stage, path.at, 0);
	return outcome;
}

static enum export_outcome put(struct export_folder *folder, uint32_t index,
			       const struct source *source, struct fault *fault)
{
	struct export_file *file = &folder->files[index];
	enum standing standing = look(folder, file, source);
	bool ours = map_get(&folder->old.by_path, file->path) != MAP_NONE;
	file->size = source->size;
	file->state = EXPORT_UNCHANGED;
	if (standing == STANDS_SAME)
		return EXPORT_DONE;
	if (standing == STANDS_IN_THE_WAY ||
	    (standing == STANDS_OTHER && !ours && !folder->options.force)) {
		file->state = EXPORT_NOT_OURS;
		fault_set(
		    fault, file->path, 0, 0,
		    "what is there is not ours and stays; this part of the capsule is missing");
		return EXPORT_REFUSED;
	}
	file->state = EXPORT_WRITTEN;
	if (folder->options.dry_run)
		return EXPORT_DONE;
	enum export_outcome outcome = write_file(folder, file->path, source, false, fault);
	if (outcome == EXPORT_REFUSED)
		file->state = EXPORT_KEPT;
	return outcome;
}

enum export_outcome export_folder_put(struct export_folder *folder, uint32_t index,
				      struct str bytes, struct fault *fault)
{
	struct source source = { .bytes = bytes, .fd = -1, .size = bytes.len };
	return put(folder, index, &source, fault);
}

enum export_outcome export_folder_put_fd(struct export_folder *folder, uint32_t index, int fd,
					 uint64_t size, struct fault *fault)
{
	struct source source = { .fd = fd, .size = size };
	return put(folder, index, &source, fault);
}

bool export_folder_put_own(struct export_folder *folder, const char *name, struct str bytes,
			   struct fault *fault)
{
	struct source source = { .bytes = bytes, .fd = -1, .size = bytes.len };
	if (write_file(folder, str_from(name), &source, true, fault) != EXPORT_DONE)
		return false;
	return renameat(folder->stage, name, folder->top, name) == 0 ||
	       fault_system(fault, str_from(name), "replace");
}
