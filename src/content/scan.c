#include "content/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "content/post.h"

#define MOST_LEVELS   32
#define MOST_FOLDERS  100000
#define MOST_LISTINGS 5 /* of a folder that changes all the time */

/* A folder that waits for its visit. Links come last, so that a file has its real path. */
struct waiting {
	struct str path;
	unsigned level;
	bool is_link;
};

struct queue {
	struct waiting *at;
	size_t count, capacity;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ (b >> 32 | b << 32)) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 29 ^ b) * 0xbf58476d1ce4e5b9u;
	return h ^ h >> 32;
}

static uint64_t nanoseconds(struct timespec t)
{
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct file_identity file_identity_of(const struct stat *s)
{
	return (struct file_identity){
		.place = mix(mix(s->st_dev, s->st_ino), (uint64_t)s->st_size),
		.time = mix(nanoseconds(s->st_ctim), nanoseconds(s->st_mtim)),
	};
}

/* What other programs keep beside posts: none of it was written to be read. */
static bool is_foreign(struct str name)
{
	static const struct str names[] = { STR_INIT("node_modules"), STR_INIT("_site"),
					    STR_INIT("_includes"), STR_INIT("_layouts"),
					    STR_INIT("archetypes") };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_equal(name, names[i]))
			return true;
	return false;
}

bool scan_wants_folder(struct str name)
{
	return name.len > 0 && name.at[0] != '.' && !is_foreign(name);
}

bool scan_wants_path(struct str path)
{
	struct str segment;
	while (str_cut(&path, '/', &segment))
		if (!scan_wants_folder(segment))
			return false;
	return segment.len > 0 && segment.at[0] != '.' && post_is_markdown(segment);
}

bool scan_is_within(struct str path, struct str folder)
{
	return folder.len == 0 || str_equal(path, folder) ||
	       (str_starts(path, folder) && path.at[folder.len] == '/');
}

void scan_leave_out(struct scan *scan, const struct stat *folder)
{
	scan->visited = memory_grow(scan->visited, scan->nvisited, &scan->visited_capacity,
				    sizeof *scan->visited);
	scan->visited[scan->nvisited++] = (struct scanned_folder){ folder->st_dev, folder->st_ino };
}

/* A real folder is met once; only those that were to be left out, and links, need a look. */
static bool is_visited(const struct scan *scan, const struct stat *folder, bool is_link)
{
	size_t n = is_link ? scan->nvisited : scan->nleft_out;
	for (size_t i = 0; i < n; i++)
		if (scan->visited[i].inode == folder->st_ino &&
		    scan->visited[i].device == folder->st_dev)
			return true;
	return false;
}

void scan_free(struct scan *scan)
{
	free(scan->files);
	free(scan->visited);
	free(scan->failed);
}

static void add_file(struct scan *scan, struct str path, const struct stat *status)
{
	scan->files = memory_grow(scan->files, scan->count, &scan->capacity, sizeof *scan->files);
	struct scanned_file *file = &scan->files[scan->count++];
	*file = (struct scanned_file){ .path = path, .in_pages = scan->in_pages };
	if (status != NULL) {
		file->has_identity = true;
		file->identity = file_identity_of(status);
	}
}

/* What cannot be a post: whoever reads it finds out why and says so, once. */
static void add_odd(struct scan *scan, struct str path)
{
	struct stat status;
	struct buf name = { 0 };
	buf_add(&name, path);
	if (fstatat(scan->root, buf_c(&name), &status, AT_SYMLINK_NOFOLLOW) == 0)
		add_file(scan, path, &status);
	buf_free(&name);
}

static void add_folder(struct scan *scan, struct queue *queue, const struct waiting *parent,
		       struct str path, bool is_link)
{
	if (parent->level + 1 > MOST_LEVELS || queue->count > MOST_FOLDERS) {
		add_odd(scan, path);
		folder_set_add(scan->folders, scan->in_pages, path, false);
		return;
	}
	queue->at = memory_grow(queue->at, queue->count, &queue->capacity, sizeof *queue->at);
	queue->at[queue->count++] =
	    (struct waiting){ path, parent->level + 1, is_link || parent->is_link };
}

/* A symbolic link: to a file or a folder within the root, or to what is refused. */
static void take_link(struct scan *scan, struct queue *queue, const struct waiting *parent,
		      struct str path, bool markdown)
{
	struct stat status;
	int fd = file_open_beneath(scan->root, path, &status);
	if (fd >= 0) {
		close(fd);
		if (markdown)
			add_file(scan, path, &status);
	} else if (errno == EISDIR) {
		add_folder(scan, queue, parent, path, true);
	} else if (errno == EXDEV || markdown) {
		add_odd(scan, path);
	}
}

static unsigned char type_of(int folder, const struct dirent *e)
{
	struct stat status;
	if (e->d_type != DT_UNKNOWN)
		return e->d_type;
	if (fstatat(folder, e->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return (unsigned char)IFTODT(status.st_mode);
}

static void take_regular(struct scan *scan, int folder, const char *name, struct str path)
{
	struct stat status;
	if (!scan->identities)
		add_file(scan, path, NULL);
	else if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
		add_file(scan, path, &status);
}

static void take_entry(struct scan *scan, struct queue *queue, const struct waiting *parent,
		       int folder, const struct dirent *e)
{
	struct str name = str_from(e->d_name);
	bool markdown = post_is_markdown(name), data = !markdown && data_files_may_be(name);
	unsigned char type = type_of(folder, e);
	if (name.at[0] == '.' || (type == DT_REG && !markdown && !data))
		return;
	struct str path = parent->path.len == 0 ? arena_str(scan->arena, name)
						: arena_format(scan->arena, "%.*s/%s",
							       STR_ARGS(parent->path), e->d_name);
	if (data && (type == DT_REG || type == DT_LNK))
		data_files_add(scan->data, path);
	if (type == DT_REG && !data) {
		take_regular(scan, folder, e->d_name, path);
	} else if (type == DT_LNK) {
		take_link(scan, queue, parent, path, markdown);
	} else if (type == DT_DIR) {
		if (markdown)
			add_odd(scan, path);
		if (scan_wants_folder(name))
			add_folder(scan, queue, parent, path, false);
	} else if (markdown) {
		add_odd(scan, path);
	}
}

/*
 * A file that is renamed while its folder is listed may be in no part of the list: a folder that
 * has changed meanwhile is listed again.
 */
static void list(struct scan *scan, struct queue *queue, const struct waiting *folder, DIR *dir,
		 struct stat before)
{
	const struct dirent *e;
	for (unsigned times = 1;; times++) {
		size_t nfiles = scan->count, nfolders = queue->count;
		struct stat after;
		while ((e = readdir(dir)) != NULL)
			take_entry(scan, queue, folder, dirfd(dir), e);
		if (times == MOST_LISTINGS || fstat(dirfd(dir), &after) != 0 ||
		    (after.st_mtim.tv_sec == before.st_mtim.tv_sec &&
		     after.st_mtim.tv_nsec == before.st_mtim.tv_nsec))
			return;
		before = after;
		scan->count = nfiles;
		queue->count = nfolders;
		rewinddir(dir);
	}
}

/* `*listed` when all that is in the folder was seen. */
static bool look_into(struct scan *scan, struct queue *queue, const struct waiting *folder,
		      bool *listed, struct fault *fault)
{
	struct stat status;
	int fd =
	    file_open_folder_beneath(scan->root, folder->path.len > 0 ? folder->path : STR("."));
	if (fd < 0)
		return fault_system(fault, folder->path, "read the folder");
	if (fstat(fd, &status) != 0 || is_visited(scan, &status, folder->is_link)) {
		close(fd);
		return true;
	}
	scan_leave_out(scan, &status);
	if (folder->path.len > 0 && faccessat(fd, FOLDER_COPY_MARK, F_OK, 0) == 0) {
		close(fd);
		return true;
	}
	DIR *dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return fault_system(fault, folder->path, "read the folder");
	}
	list(scan, queue, folder, dir, status);
	closedir(dir);
	*listed = true;
	return true;
}

static bool visit(struct scan *scan, struct queue *queue, const struct waiting *folder,
		  struct fault *fault)
{
	bool listed = false;
	bool done = look_into(scan, queue, folder, &listed, fault);
	folder_set_add(scan->folders, scan->in_pages, folder->path, listed);
	return done;
}

/* Real folders in the order of their discovery, then, once none is left, those behind links. */
static void visit_all(struct scan *scan, struct queue *queue, bool links)
{
	for (size_t i = 1; i < queue->count; i++) {
		struct waiting folder = queue->at[i];
		struct fault fault;
		if (folder.is_link != links || visit(scan, queue, &folder, &fault))
			continue;
		add_odd(scan, folder.path);
		scan->failed = memory_grow(scan->failed, scan->nfailed, &scan->failed_capacity,
					   sizeof *scan->failed);
		scan->failed[scan->nfailed++] = folder.path;
	}
}

bool scan_folder(struct scan *scan, struct str path, struct fault *fault)
{
	struct queue queue = { 0 };
	struct waiting first = { path, 0, false };
	scan->nleft_out = scan->nvisited;
	queue.at = memory_grow(NULL, 0, &queue.capacity, sizeof *queue.at);
	queue.at[queue.count++] = first;
	bool done = visit(scan, &queue, &first, fault);
	if (done) {
		visit_all(scan, &queue, false);
		visit_all(scan, &queue, true);
	}
	free(queue.at);
	return done;
}
