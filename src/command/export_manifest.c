#include "command/export_manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "command/export_tree.h"

#define MOST_BYTES   ((size_t)1 << 30)
#define LONGEST_PATH 4095 /* that the kernel takes */

static const struct str head = STR_INIT("perigee export 1 ");

bool export_is_path(struct str path)
{
	struct str part;
	if (path.len > LONGEST_PATH)
		return false;
	unsigned depth = 0;
	for (bool more = true; more; depth++) {
		more = str_cut(&path, '/', &part);
		if (depth > EXPORT_TREE_DEPTH || part.len == 0 || part.len > 255 ||
		    str_equal(part, STR(".")) || str_equal(part, STR("..")) ||
		    str_find(part, '\0', 0) != STR_NOT_FOUND ||
		    str_find(part, '\n', 0) != STR_NOT_FOUND)
			return false;
	}
	return true;
}

static bool read_line(struct str line, struct export_file *file)
{
	struct str size;
	*file = (struct export_file){ .state = EXPORT_UNCHANGED };
	if (!str_cut(&line, ' ', &size) || !export_is_path(line))
		return false;
	file->path = line;
	return str_number(size, UINT64_MAX / 2, &file->size);
}

static bool parse(struct str text, struct arena *arena, struct export_manifest *manifest,
		  struct fault *fault)
{
	struct str line, name = STR(EXPORT_MANIFEST);
	size_t capacity = 0;
	unsigned number = 1;
	if (!str_line(&text, &line) || !str_starts(line, head))
		return fault_set(fault, name, 1, 1, "this is no manifest of an export");
	manifest->form = str_skip(line, head.len);
	while (str_line(&text, &line)) {
		struct export_file file;
		number++;
		if (!read_line(line, &file))
			return fault_set(fault, name, number, 1, "the manifest is damaged here");
		manifest->files = arena_grow(arena, manifest->files, manifest->count, &capacity,
					     sizeof *manifest->files);
		map_put(&manifest->by_path, file.path, (uint32_t)manifest->count);
		manifest->files[manifest->count++] = file;
	}
	return true;
}

bool export_manifest_read(int top, struct arena *arena, struct export_manifest *manifest,
			  struct fault *fault)
{
	*manifest = (struct export_manifest){ 0 };
	struct stat status;
	struct buf text = { 0 };
	int fd = file_open_beneath(top, STR(EXPORT_MANIFEST), &status);
	if (fd < 0 && errno == ENOENT)
		return true;
	bool good = fd >= 0 && file_read(fd, MOST_BYTES, &text);
	if (!good)
		fault_system(fault, STR(EXPORT_MANIFEST), "read");
	if (fd >= 0)
		close(fd);
	good = good && parse(arena_str(arena, buf_str(&text)), arena, manifest, fault);
	buf_free(&text);
	return good;
}

void export_manifest_free(struct export_manifest *manifest)
{
	map_free(&manifest->by_path);
	*manifest = (struct export_manifest){ 0 };
}

void export_manifest_write(struct str form, const struct export_file *const *files, size_t count,
			   struct buf *out)
{
	buf_format(out, "%.*s%.*s\n", STR_ARGS(head), STR_ARGS(form));
	for (size_t i = 0; i < count; i++) {
		buf_add_number(out, files[i]->size);
		buf_add_char(out, ' ');
		buf_add(out, files[i]->path);
		buf_add_char(out, '\n');
	}
}

bool export_stamp_read(int top, struct export_stamp *stamp, struct stat *status)
{
	struct buf text = { 0 };
	int fd = file_open_beneath(top, STR(EXPORT_STAMP), status);
	bool good = fd >= 0 && file_read(fd, 4096, &text);
	if (fd >= 0)
		close(fd);
	struct str rest = buf_str(&text), inputs;
	uint64_t until = 0;
	good = good && str_cut(&rest, ' ', &inputs) &&
	       str_number(inputs, UINT64_MAX, &stamp->inputs) &&
	       str_number(str_trim_end(rest), INT64_MAX, &until) && stamp->inputs != 0;
	stamp->until = (int64_t)until;
	buf_free(&text);
	return good;
}

void export_stamp_write(const struct export_stamp *stamp, struct buf *out)
{
	buf_format(out, "%" PRIu64 " %" PRId64 "\n", stamp->inputs, stamp->until);
}

void export_wait_for_tick(const struct timespec *after)
{
	/* Longer than any tick; nobody waits for a file from the future. */
	for (int tries = 0; tries < 20; tries++) {
		struct timespec now, pause = { .tv_nsec = 1000000 };
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (now.tv_sec > after->tv_sec ||
		    (now.tv_sec == after->tv_sec && now.tv_nsec > after->tv_nsec))
			return;
		nanosleep(&pause, NULL);
	}
}
