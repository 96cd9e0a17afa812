#include "command/export_links.h"

#include "document/route.h"

static struct str folder_of(struct str path)
{
	return str_sub(path, 0, str_find_last(path, '/') + 1);
}

void export_relative(struct str from, struct str to, struct buf *out)
{
	struct str folder = folder_of(from);
	size_t common = 0;
	for (size_t i = 0; i < folder.len && i < to.len && folder.at[i] == to.at[i]; i++)
		if (folder.at[i] == '/')
			common = i + 1;
	size_t start = out->len;
	for (size_t i = common; i < folder.len; i++)
		if (folder.at[i] == '/')
			buf_add(out, STR("../"));
	struct str rest = str_skip(to, common);
	struct str segment = str_sub(rest, 0, str_find(rest, '/', 0));
	/* Nothing would mean the page itself, a colon a scheme, two slashes a host. */
	bool unclear = rest.len == 0 || rest.at[0] == '/' || rest.at[0] == '?' ||
		       str_find(segment, ':', 0) != STR_NOT_FOUND;
	if (out->len == start && unclear)
		buf_add(out, STR("./"));
	buf_add(out, rest);
}

void export_resolve(struct str from, struct str reference, struct buf *out)
{
	size_t start = out->len, end = 0;
	while (end < reference.len && reference.at[end] != '?' && reference.at[end] != '#')
		end++;
	reference = str_sub(reference, 0, end);
	if (reference.len == 0)
		reference = from;
	if (!str_starts(reference, STR("/")))
		buf_add(out, folder_of(from));
	for (bool more = true; more;) {
		struct str segment;
		more = str_cut(&reference, '/', &segment);
		if (str_equal(segment, STR(".."))) {
			struct str above = str_skip(buf_str(out), start);
			above.len -= above.len > 1;
			out->len = start + folder_of(above).len;
		} else if (!str_equal(segment, STR("."))) {
			buf_add(out, segment);
			if (more)
				buf_add_char(out, '/');
		}
	}
}

bool export_link_line(struct str line, bool *preformatted, struct str *url, struct str *rest)
{
	if (str_starts(line, STR("```")))
		*preformatted = !*preformatted;
	else if (!*preformatted && str_starts(line, STR("=>"))) {
		struct str link = str_trim(str_skip(line, 2));
		size_t end = 0;
		while (end < link.len && !str_is_blank(link.at[end]))
			end++;
		*url = str_sub(link, 0, end);
		*rest = str_skip(link, end);
		return url->len > 0;
	}
	return false;
}

static bool is_live_only(struct str path)
{
	struct buf decoded = { 0 };
	struct route route;
	bool slash_missing;
	route_decode(str_sub(path, 0, str_find(path, '?', 0)), &decoded);
	route_parse(SPACE_GEMINI, buf_str(&decoded), &route, &slash_missing);
	buf_free(&decoded);
	return route.kind == ROUTE_SEARCH || route.kind == ROUTE_RANDOM;
}

static void add_link(struct str url, struct str rest, struct str from, struct str base,
		     struct buf *out)
{
	if (is_live_only(url)) {
		buf_add(out, str_trim(rest));
		return;
	}
	buf_add(out, STR("=> "));
	buf_add(out, base);
	if (base.len > 0)
		buf_add(out, url);
	else
		export_relative(from, url, out);
	buf_add(out, rest);
}

void export_gemtext(struct str text, struct str from, struct str base, struct buf *out)
{
	bool preformatted = false;
	while (text.len > 0) {
		size_t end = str_find(text, '\n', 0);
		struct str line = str_sub(text, 0, end), url, rest;
		text = str_skip(text, line.len);
		bool own = export_link_line(line, &preformatted, &url, &rest) &&
			   str_starts(url, STR("/")) && !str_starts(url, STR("//"));
		if (own)
			add_link(url, rest, from, base, out);
		else
			buf_add(out, line);
		if (own && str_ends(line, STR("\r")))
			buf_add_char(out, '\r');
		if (text.len > 0)
			buf_add_char(out, '\n');
		text = str_skip(text, 1);
	}
}
