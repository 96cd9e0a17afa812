#include "command/export_check.h"

#include <unistd.h>

#include "base/file.h"
#include "command/export_links.h"
#include "command/export_tree.h"

#define MOST_BYTES ((size_t)64 << 20) /* of a file whose links are looked at */

struct reader {
	const struct export_check *check;
	struct map folders;  /* of the export, without final slash; "" is its top */
	struct buf absolute; /* what the capsule's own URLs begin with */
	struct buf decoded;  /* of the link in hand */
	struct str file;
	unsigned line;
	size_t dead;
};

/* ---- Does it exist? ---- */

static bool has(const struct reader *reader, struct str folder, const char *index)
{
	struct buf path = { 0 };
	buf_format(&path, "%.*s%s%s", STR_ARGS(folder), folder.len > 0 ? "/" : "", index);
	bool found = map_get(&reader->check->manifest->by_path, buf_str(&path)) != MAP_NONE;
	buf_free(&path);
	return found;
}

/* A file of the export or a folder of it; `path` is decoded and begins with a slash. */
static bool exists(const struct reader *reader, struct str path)
{
	bool folder = str_ends(path, STR("/"));
	path = str_skip(path, 1);
	path.len -= folder && path.len > 0;
	if (!folder && map_get(&reader->check->manifest->by_path, path) != MAP_NONE)
		return true;
	if (map_get(&reader->folders, path) == MAP_NONE)
		return false;
	/* Gopher hosts list a folder of files; a Gemini host need not. */
	return reader->check->space == SPACE_GOPHER || has(reader, path, "index.gmi");
}

static void judge(struct reader *reader, struct str path, struct str link)
{
	struct fault fault;
	buf_clear(&reader->decoded);
	route_decode(path, &reader->decoded);
	if (exists(reader, buf_str(&reader->decoded)))
		return;
	reader->dead++;
	fault_set(&fault, reader->file, reader->line, 0, "leads nowhere: %.*s", STR_ARGS(link));
	reader->check->report(&fault);
}

/* ---- The capsule's own URLs ---- */

static void set_absolute(struct reader *reader)
{
	struct route home = { .kind = ROUTE_HOME };
	style_absolute(reader->check->style, reader->check->space, &home, &reader->absolute);
	reader->absolute.len--; /* the slash */
}

/* An absolute URL, when it is one of ours. In Gopher the type stands between host and selector. */
static void take_url(struct reader *reader, struct str url)
{
	struct str own = buf_str(&reader->absolute), prefix = STR("");
	if (reader->check->space == SPACE_GOPHER) {
		prefix = reader->check->style->place.gopher_prefix;
		own.len -= prefix.len + 1; /* ends before the type */
	}
	if (!str_starts(url, own))
		return;
	struct str path = str_skip(url, own.len);
	if (reader->check->space == SPACE_GOPHER) {
		path = str_skip(path, 1);
		if (!str_starts(path, prefix))
			return;
		path = str_skip(path, prefix.len);
	}
	size_t end = 0;
	while (end < path.len && path.at[end] != '?' && path.at[end] != '#')
		end++;
	if (path.len == 0 || path.at[0] == '/')
		judge(reader, end > 0 ? str_sub(path, 0, end) : STR("/"), url);
}

/* ---- The forms ---- */

static void read_gemtext_line(struct reader *reader, struct str line, bool *preformatted)
{
	struct str url, rest;
	struct buf path = { 0 }, from = { 0 };
	if (!export_link_line(line, preformatted, &url, &rest))
		return;
	if (str_find(str_sub(url, 0, str_find(url, '/', 0)), ':', 0) != STR_NOT_FOUND) {
		take_url(reader, url);
		return;
	}
	buf_format(&from, "/%.*s", STR_ARGS(reader->file));
	export_resolve(buf_str(&from), url, &path);
	judge(reader, buf_str(&path), url);
	buf_free(&from);
	buf_free(&path);
}

/* A selector of this host; what is not below our prefix is somebody else's. */
static void take_selector(struct reader *reader, struct str selector)
{
	struct str prefix = reader->check->style->place.gopher_prefix;
	struct str path = str_skip(selector, prefix.len);
	if (str_starts(selector, prefix) && str_starts(path, STR("/")))
		judge(reader, path, selector);
}

static void read_map_line(struct reader *reader, struct str line)
{
	struct str display, selector;
	if (str_starts(line, STR("i")))
		return;
	str_cut(&line, '\t', &display);
	str_cut(&line, '\t', &selector);
	if (line.len == 0)
		take_selector(reader, selector);
}

static void read_gph_line(struct reader *reader, struct str line)
{
	static const struct str end = STR_INIT("|server|port]");
	if (!str_starts(line, STR("[")) || !str_ends(line, end))
		return;
	line.len -= end.len;
	take_selector(reader, str_skip(line, str_find_last(line, '|') + 1));
}

/* URLs in running text, and in the attributes and elements of a feed. */
static void read_text_line(struct reader *reader, struct str line)
{
	struct str own = buf_str(&reader->absolute);
	if (reader->check->space == SPACE_GOPHER)
		own.len -= reader->check->style->place.gopher_prefix.len + 1;
	for (size_t at = 0; (at = str_find_str(line, own, at)) != STR_NOT_FOUND;) {
		struct str url = str_skip(line, at);
		size_t end = 0;
		while (end < url.len && !str_is_blank(url.at[end]) &&
		       strchr("<>\"'`)]", url.at[end]) == NULL)
			end++;
		take_url(reader, str_sub(url, 0, end));
		at += end;
	}
}

enum reading { READ_NOT, READ_GEMTEXT, READ_MAP, READ_GPH, READ_TEXT };

static enum reading reading_of(const struct reader *reader)
{
	bool gopher = reader->check->space == SPACE_GOPHER;
	struct str name = str_skip(reader->file, str_find_last(reader->file, '/') + 1);
	if (str_ends(name, STR("feed.xml")))
		return READ_TEXT;
	if (!gopher)
		return str_ends(name, STR(".gmi")) ? READ_GEMTEXT : READ_NOT;
	if (str_equal(name, STR("gophermap")))
		return READ_MAP;
	if (str_equal(name, STR("index.gph")))
		return READ_GPH;
	return str_ends(name, STR(".txt")) ? READ_TEXT : READ_NOT;
}

static void read_lines(struct reader *reader, enum reading reading, struct str text)
{
	bool preformatted = false;
	reader->line = 0;
	for (struct str line; str_line(&text, &line);) {
		reader->line++;
		switch (reading) {
		case READ_GEMTEXT: read_gemtext_line(reader, line, &preformatted); break;
		case READ_MAP: read_map_line(reader, line); break;
		case READ_GPH: read_gph_line(reader, line); break;
		case READ_TEXT: read_text_line(reader, line); break;
		case READ_NOT: break;
		}
	}
}

static void read_file(struct reader *reader, struct str path)
{
	struct buf text = { 0 };
	reader->file = path;
	enum reading reading = reading_of(reader);
	int fd = reading != READ_NOT ? export_tree_open(reader->check->top, path) : -1;
	if (fd >= 0 && file_read(fd, MOST_BYTES, &text))
		read_lines(reader, reading, buf_str(&text));
	if (fd >= 0)
		close(fd);
	buf_free(&text);
}

size_t export_check_run(const struct export_check *check)
{
	struct reader reader = { .check = check };
	const struct export_manifest *manifest = check->manifest;
	set_absolute(&reader);
	map_put(&reader.folders, STR(""), 1);
	for (size_t i = 0; i < manifest->count; i++) {
		struct str path = manifest->files[i].path;
		for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
		     slash = str_find(path, '/', slash + 1))
			map_put(&reader.folders, str_sub(path, 0, slash), 1);
	}
	for (size_t i = 0; i < manifest->count; i++)
		read_file(&reader, manifest->files[i].path);
	map_free(&reader.folders);
	buf_free(&reader.absolute);
	buf_free(&reader.decoded);
	return reader.dead;
}
