#include "wire/gopher.h"

#include "base/utf8.h"

#define MAX_ECHO 60 /* bytes (GOPH-32) */

static enum wire_progress reject(struct gopher_request *request, const char *why)
{
	request->why = why;
	return WIRE_BAD;
}

/* `^(GET|HEAD|POST|OPTIONS) \S+ HTTP/1\.[01]$` */
static bool is_http(struct str line)
{
	static const struct str methods[] = { STR_INIT("GET "), STR_INIT("HEAD "),
					      STR_INIT("POST "), STR_INIT("OPTIONS ") };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (!str_starts(line, methods[i]))
			continue;
		struct str rest = str_skip(line, methods[i].len), target;
		return str_cut(&rest, ' ', &target) && target.len > 0 &&
		       (str_equal(rest, STR("HTTP/1.0")) || str_equal(rest, STR("HTTP/1.1")));
	}
	return false;
}

/* The headers of an HTTP request end with an empty line; they are read but not looked at. */
static enum wire_progress read_http(struct str received, bool ended, struct gopher_request *request)
{
	request->kind = GOPHER_HTTP;
	bool whole = str_find_str(received, STR("\r\n\r\n"), 0) != STR_NOT_FOUND ||
		     str_find_str(received, STR("\n\n"), 0) != STR_NOT_FOUND;
	return whole || ended || received.len >= GOPHER_MAX_HTTP ? WIRE_COMPLETE : WIRE_INCOMPLETE;
}

/* `x`, `/x` and `//x` are one path (GOPH-6); none climbs or hides a NUL (GOPH-7). */
static enum wire_progress read_path(struct arena *arena, struct gopher_request *request)
{
	struct str selector = request->selector;
	for (size_t i = 0; i < selector.len; i++) {
		unsigned char c = (unsigned char)selector.at[i];
		if (c < 0x20 || c == 0x7f)
			return reject(request, "Bad selector: a control character");
	}
	while (str_starts(selector, STR("/")))
		selector = str_skip(selector, 1);
	char *path = arena_get(arena, selector.len + 2);
	path[0] = '/';
	memcpy(path + 1, selector.at, selector.len);
	request->path = (struct str){ path, selector.len + 1 };
	for (struct str rest = selector, part; rest.len > 0;) {
		str_cut(&rest, '/', &part);
		if (str_equal(part, STR(".")) || str_equal(part, STR("..")))
			return reject(request, "Bad selector: a dot segment");
	}
	return WIRE_COMPLETE;
}

enum wire_progress gopher_request_read(struct arena *arena, struct str received, bool ended,
				       struct gopher_request *request)
{
	*request = (struct gopher_request){ .line = str_sub(received, 0, GOPHER_MAX_LINE) };
	size_t end = str_find(str_sub(received, 0, GOPHER_MAX_LINE + 2), '\n', 0);
	if (end == STR_NOT_FOUND) {
		/* A CR behind the longest line may belong to its end. */
		if (received.len > GOPHER_MAX_LINE + 1 ||
		    (received.len == GOPHER_MAX_LINE + 1 && !str_ends(received, STR("\r"))))
			return reject(request, "Bad request: the line is longer than 1024 bytes");
		return ended ? reject(request, "Bad request: the line has no end")
			     : WIRE_INCOMPLETE;
	}
	struct str line = str_sub(received, 0, end);
	if (str_ends(line, STR("\r")))
		line.len--;
	request->line_size = end + 1;
	if (line.len > GOPHER_MAX_LINE)
		return reject(request, "Bad request: the line is longer than 1024 bytes");
	request->line = line;
	if (is_http(line))
		return read_http(received, ended, request);
	struct str rest = line;
	request->has_search = str_cut(&rest, '\t', &request->selector);
	str_cut(&rest, '\t', &request->search);
	struct str bare = request->selector;
	if (str_starts(bare, STR("/")))
		bare = str_skip(bare, 1);
	if (str_starts(bare, STR("URL:"))) {
		request->kind = GOPHER_URL;
		request->url = str_skip(bare, 4);
		return WIRE_COMPLETE;
	}
	return read_path(arena, request);
}

bool gopher_is_plus_probe(const struct gopher_request *request, bool searches)
{
	struct str part = request->search;
	if (request->kind != GOPHER_SELECTOR || !request->has_search || part.len == 0)
		return false;
	if (searches)
		return str_equal(part, STR("$")) || str_equal(part, STR("!"));
	return part.at[0] == '+' || part.at[0] == '!' || part.at[0] == '$';
}

/* Clean text for a menu field: one line without TAB. */
static void add_field(struct buf *out, struct str text)
{
	utf8_clean_line(out, text);
}

void gopher_error(struct buf *out, struct str text, struct str echo)
{
	struct buf clean = { 0 };
	utf8_clean_line(&clean, echo);
	struct str shown = buf_str(&clean);
	if (shown.len > MAX_ECHO) {
		size_t end = MAX_ECHO;
		while (end > 0 && ((unsigned char)shown.at[end] & 0xc0) == 0x80)
			end--;
		shown.len = end;
	}
	buf_add_char(out, '3');
	add_field(out, text);
	if (shown.len > 0) {
		buf_add(out, STR(": "));
		buf_add(out, shown);
	}
	buf_add(out, STR("\t\terror.host\t1\r\n.\r\n"));
	buf_free(&clean);
}

void gopher_plus_reply(struct buf *out, char item, struct str display, struct str selector,
		       const struct gopher_place *place)
{
	buf_add(out, STR("+-2\r\n+INFO: "));
	buf_add_char(out, item);
	add_field(out, display);
	buf_add_char(out, '\t');
	add_field(out, selector);
	buf_format(out, "\t%.*s\t%u\r\n+ADMIN:\r\n Admin: \r\n", STR_ARGS(place->host),
		   place->port);
}

static void add_html(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		switch (c) {
		case '&': buf_add(out, STR("&amp;")); break;
		case '<': buf_add(out, STR("&lt;")); break;
		case '>': buf_add(out, STR("&gt;")); break;
		case '"': buf_add(out, STR("&quot;")); break;
		case '\'': buf_add(out, STR("&#39;")); break;
		default: buf_add_char(out, c);
		}
	}
}

static void add_html_link(struct buf *out, struct str url)
{
	buf_add(out, STR("<p><a href=\""));
	add_html(out, url);
	buf_add(out, STR("\">"));
	add_html(out, url);
	buf_add(out, STR("</a></p>\n"));
}

#define HTML_HEAD                                                                                  \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Gopher</"   \
	"title>\n"

void gopher_http_page(struct buf *out, const struct gopher_place *place)
{
	struct buf page = { 0 }, url = { 0 };
	buf_format(&url, "gopher://%.*s", STR_ARGS(place->host));
	if (place->port != GOPHER_PORT)
		buf_format(&url, ":%u", place->port);
	buf_add_char(&url, '/');
	buf_add(&page, STR(HTML_HEAD "</head>\n<body>\n<p>This is a Gopher server; a web browser "
				     "cannot read it. A Gopher or Gemini client can:</p>\n"));
	add_html_link(&page, buf_str(&url));
	if (place->gemini_url.len > 0)
		add_html_link(&page, place->gemini_url);
	buf_add(&page, STR("</body>\n</html>\n"));
	buf_format(out,
		   "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=utf-8\r\n"
		   "Connection: close\r\nContent-Length: %zu\r\n\r\n",
		   page.len);
	buf_add(out, buf_str(&page));
	buf_free(&url);
	buf_free(&page);
}

bool gopher_url_page(struct buf *out, struct str url)
{
	static const struct str allowed[] = { STR_INIT("http://"), STR_INIT("https://"),
					      STR_INIT("gemini://"), STR_INIT("gopher://"),
					      STR_INIT("mailto:") };
	bool known = false;
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		known = known || str_starts_nocase(url, allowed[i]);
	if (!known || !utf8_valid(url))
		return false;
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.at[i] < 0x20 || url.at[i] == 0x7f)
			return false;
	buf_add(out, STR(HTML_HEAD "<meta http-equiv=\"refresh\" content=\"1; url="));
	add_html(out, url);
	buf_add(out, STR("\">\n</head>\n<body>\n<p>This link leads out of Gopherspace:</p>\n"));
	add_html_link(out, url);
	buf_add(out, STR("</body>\n</html>\n"));
	return true;
}

void gopher_text(struct buf *out, struct str text)
{
	buf_reserve(out, text.len + text.len / 32 + 2);
	for (struct str line; str_line(&text, &line);) {
		buf_add(out, line);
		if (str_equal(line, STR(".")))
			buf_add_char(out, ' ');
		buf_add(out, STR("\r\n"));
	}
}
