#include <unistd.h>

#include "base/file.h"
#include "content/data_files.h"
#include "content/loader.h"
#include "content/post.h"
#include "content/versions.h"

/* `*newer`: this is not the text that the catalogue knows, which is no longer kept. */
static bool read_text(const struct catalogue *c, const struct post *post, size_t limit,
		      struct buf *out, bool *newer, struct fault *fault)
{
	struct stat status;
	size_t most = limit > 0 ? limit : SIZE_MAX;
	int root = post->in_pages ? c->pages_root : c->content_root;
	int fd = file_open_beneath(root, post->path, &status);
	bool done = (fd >= 0 && versions_read(fd, &status, post->file, most, out)) ||
		    versions_get(c->versions, post->in_pages, post->path, post->file, out);
	*newer = !done;
	if (!done && fd >= 0)
		done = lseek(fd, 0, SEEK_SET) == 0 && file_read(fd, most, out);
	if (!done)
		fault_system(fault, post->path, "read");
	if (fd >= 0)
		close(fd);
	return done;
}

/* A header that is broken, or not written yet, says nothing. */
static void take_newer(const struct catalogue *c, const struct post *post, struct str file,
		       struct arena *arena, struct post_text *text)
{
	struct fault_list faults = { 0 };
	struct record *record = ARENA_NEW(arena, struct record);
	struct data_files data = data_files_below(c, post->in_pages, &faults, arena);
	data.math = post->math;
	struct post_parser parser = { .arena = arena,
				      .language = post->extras->lang,
				      .author = post->extras->author,
				      .math = post->math,
				      .data = data_files_of(&data, arena, post->path).header,
				      .faults = &faults,
				      .fault_arena = arena };
	enum post_result result =
	    post_parse(&parser, post->path, post->in_pages, file, true, record);
	arena_free(&parser.work);
	buf_free(&parser.scratch);
	data_files_free(&data);
	text->body = str_skip(file, record->post.body_offset);
	if (result == POST_FINE && file.len > 0)
		text->said = &record->post;
}

bool loader_read_post(const struct catalogue *c, const struct post *post, size_t limit,
		      struct arena *arena, struct post_text *text, struct fault *fault)
{
	struct buf bytes = { 0 };
	bool newer;
	bool done = read_text(c, post, limit, &bytes, &newer, fault);
	if (done) {
		struct str file = arena_str(arena, buf_str(&bytes));
		*text = (struct post_text){ post, file, str_skip(file, post->body_offset) };
		if (newer)
			take_newer(c, post, file, arena, text);
	}
	buf_free(&bytes);
	return done;
}
