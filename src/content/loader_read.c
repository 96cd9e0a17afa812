#include <unistd.h>

#include "base/file.h"
#include "content/front_matter.h"
#include "content/loader.h"
#include "content/scan.h"
#include "content/versions.h"

/*
 * A file that changed a moment ago and is not loaded yet: its new body behind as many bytes as the
 * catalogue knows its header to have.
 */
static void fit_header(const struct post *post, size_t start, struct buf *out)
{
	struct front_matter header;
	struct str file = str_skip(buf_str(out), start);
	struct buf fitted = { 0 };
	front_matter_split(file, true, &header);
	if (header.body_offset == post->body_offset)
		return;
	buf_repeat(&fitted, STR("\n"), post->body_offset);
	buf_add(&fitted, str_skip(file, header.body_offset));
	out->len = start;
	buf_add(out, buf_str(&fitted));
	buf_free(&fitted);
}

bool loader_read_file(const struct catalogue *c, const struct post *post, size_t limit,
		      struct buf *out, struct fault *fault)
{
	struct stat status;
	size_t start = out->len, most = limit > 0 ? limit : SIZE_MAX;
	int root = post->in_pages ? c->pages_root : c->content_root;
	int fd = file_open_beneath(root, post->path, &status);
	bool done = (fd >= 0 && versions_read(fd, &status, post->file, most, out)) ||
		    versions_get(c->versions, post->in_pages, post->path, post->file, out);
	if (!done && fd >= 0) {
		done = lseek(fd, 0, SEEK_SET) == 0 && file_read(fd, most, out);
		if (done)
			fit_header(post, start, out);
	}
	if (!done)
		fault_system(fault, post->path, "read");
	if (fd >= 0)
		close(fd);
	return done;
}
