#include "render/gopher_menu.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "render/gemtext.h"
#include "render/wrap.h"

/* Display strings are at most this wide: info lines beyond it are cut by servers (GOPH-13). */
#define MENU_COLUMNS 67

struct menu {
	const struct style *style;
	struct buf *out;
	struct buf lines; /* wrapped, until they are items */
	bool preformatted;
};

/* GOPH-14: no TAB, CR, LF or other control byte in any field. */
static bool has_control(struct str text)
{
	size_t i = 0;
	for (; i + BYTES_AT_ONCE <= text.len; i += BYTES_AT_ONCE) {
		struct bytes b = bytes_load(text.at + i);
		if (bytes_any((struct bytes){ ((b.all >= 0) & (b.all < 0x20)) | (b.all == 0x7f) }))
			return true;
	}
	for (; i < text.len; i++)
		if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f)
			return true;
	return false;
}

static void add_field(struct str text, struct buf *out)
{
	if (has_control(text))
		utf8_clean_line(out, text);
	else
		buf_add(out, text);
}

/* The display string, cut with dots to what a menu can hold. */
static void add_display(struct str text, struct buf *out)
{
	size_t start = out->len;
	add_field(text, out);
	struct str display = str_skip(buf_str(out), start);
	if (display.len <= MENU_COLUMNS || utf8_columns(display) <= MENU_COLUMNS)
		return;
	out->len = start + utf8_prefix(display, MENU_COLUMNS - 3).len;
	buf_add(out, STR("..."));
}

void gopher_menu_item(char type, struct str display, struct str selector, struct str host,
		      unsigned port, struct buf *out)
{
	buf_add_char(out, type);
	add_display(display.len > 0 || type == 'i' ? display : selector, out); /* GOPH-17 */
	buf_add_char(out, '\t');
	add_field(selector, out);
	buf_add_char(out, '\t');
	add_field(host, out);
	buf_add_char(out, '\t');
	buf_add_number(out, port);
	buf_add(out, STR("\r\n"));
}

static void add_info(struct str display, struct buf *out)
{
	buf_add_char(out, 'i');
	add_display(display, out);
	buf_add(out, STR("\t\terror.host\t1\r\n")); /* GOPH-30 */
}

/* --- where a link leads ------------------------------------------------------------------- */

struct item {
	char type;
	struct str host;
	unsigned port;
	struct buf selector;
};

/* What a menu can hold in a field: UTF-8 without control bytes (GOPH-14, GOPH-90). */
static bool is_clean(struct str text)
{
	return !has_control(text) && utf8_valid(text);
}

/* "host:port" without the port; 70 when there is none. False when it is not a number. */
static bool split_port(struct str authority, struct item *item)
{
	size_t colon = str_find_last(authority, ':');
	uint64_t port = 70;
	item->host = str_sub(authority, 0, colon);
	if (colon != STR_NOT_FOUND && !str_number(str_skip(authority, colon + 1), 65535, &port))
		return false;
	item->port = (unsigned)port;
	return item->host.len > 0;
}

/*
 * gopher://host:port/Tselector as an item (RFC 4266, GOPH-36). False for what a menu line
 * cannot hold, such as the query of a search.
 */
static bool read_gopher(struct str url, struct item *item)
{
	static const struct str scheme = STR_INIT("gopher://");
	struct str path = STR(""), authority, rest;
	if (!str_starts_nocase(url, scheme))
		return false;
	rest = str_skip(url, scheme.len);
	str_cut(&rest, '#', &url);
	size_t slash = str_find(url, '/', 0);
	authority = str_sub(url, 0, slash);
	if (slash != STR_NOT_FOUND)
		path = str_skip(url, slash + 1);
	item->type = path.len > 0 ? path.at[0] : '1';
	route_decode(str_skip(path, 1), &item->selector);
	bool is_type = item->type != 0 && strchr("0179gIhs", item->type) != NULL; /* GOPH-20 */
	return is_type && split_port(authority, item) && is_clean(buf_str(&item->selector));
}

static bool has_scheme(struct str url)
{
	size_t i = 0;
	while (i < url.len && (str_is_alpha(url.at[i]) || str_is_digit(url.at[i]) ||
			       strchr("+-.", url.at[i]) != NULL))
		i++;
	return i > 0 && i < url.len && url.at[i] == ':';
}

/* A path that no capsule resolved: the same path on this server. */
static void read_path(const struct menu *m, struct str url, struct item *item)
{
	struct route route;
	bool slash_missing;
	if (!str_starts(url, STR("/")))
		buf_add_char(&item->selector, '/');
	size_t slash = item->selector.len;
	route_decode(url, &item->selector);
	if (!is_clean(buf_str(&item->selector))) {
		item->selector.len = slash;
		buf_add(&item->selector, url);
	}
	route_parse(SPACE_GOPHER, buf_str(&item->selector), &route, &slash_missing);
	item->type = route_gopher_type(&route);
	item->host = m->style->place.gopher_host;
	item->port = m->style->place.gopher_port;
}

static void read_item(const struct menu *m, struct str url, struct item *item)
{
	if (read_gopher(url, item))
		return;
	buf_clear(&item->selector);
	if (!has_scheme(url)) {
		read_path(m, url, item);
		return;
	}
	item->type = 'h'; /* GOPH-33: host and port are ours */
	buf_add(&item->selector, STR("URL:"));
	buf_add(&item->selector, url);
	item->host = m->style->place.gopher_host;
	item->port = m->style->place.gopher_port;
}

/* --- lines of gemtext become lines of the menu -------------------------------------------- */

static void wrap_info(struct menu *m, struct str text, struct str first, struct str rest)
{
	struct wrap wrap = { .first = first, .rest = rest, .width = MENU_COLUMNS, .strict = true };
	buf_clear(&m->lines);
	wrap_add(text, &wrap, &m->lines);
	struct str lines = buf_str(&m->lines), line;
	while (str_line(&lines, &line))
		add_info(line, m->out);
}

/*
 * Lines of a label, about equally long: the last of them is what the item says, and a single
 * word would say little.
 */
static void wrap_label(struct menu *m, struct str label)
{
	struct wrap wrap = { .width = MENU_COLUMNS, .strict = true };
	buf_clear(&m->lines);
	wrap_add(label, &wrap, &m->lines);
	unsigned nlines = wrap.nlines;
	if (nlines < 2)
		return;
	wrap.width = (unsigned)(wrap_columns(label) / nlines);
	do {
		wrap.width++;
		buf_clear(&m->lines);
		wrap_add(label, &wrap, &m->lines);
	} while (wrap.nlines > nlines && wrap.width < MENU_COLUMNS);
}

/* A label over the width: all but its last line are information above the item. */
static void add_link(struct menu *m, struct str line)
{
	struct str url, label = line;
	struct item item = { 0 };
	str_cut(&label, ' ', &url);
	read_item(m, url, &item);
	wrap_label(m, label);
	struct str lines = buf_str(&m->lines), display = url;
	while (str_line(&lines, &display) && lines.len > 0)
		add_info(display, m->out);
	gopher_menu_item(item.type, label.len > 0 ? display : url, buf_str(&item.selector),
			 item.host, item.port, m->out);
	buf_free(&item.selector);
}

/* Code and drawings: tabs as four blanks, broken hard at the width. */
static void add_preformatted(struct menu *m, struct str line)
{
	struct str part;
	buf_clear(&m->lines);
	for (bool tab = true; tab;) {
		tab = str_cut(&line, '\t', &part);
		buf_add(&m->lines, part);
		if (tab)
			buf_add(&m->lines, STR("    "));
	}
	line = buf_str(&m->lines);
	do {
		part = utf8_prefix(line, MENU_COLUMNS);
		add_info(part, m->out);
		line = str_skip(line, part.len);
	} while (line.len > 0 && part.len > 0);
}

static void add_line(struct menu *m, struct str line)
{
	size_t marks = 0;
	if (str_starts(line, STR("```"))) {
		m->preformatted = !m->preformatted;
	} else if (m->preformatted) {
		add_preformatted(m, line);
	} else if (str_starts(line, STR("=> "))) {
		add_link(m, str_skip(line, 3));
	} else if (str_starts(line, STR("#"))) {
		wrap_info(m, str_skip(line, str_find(line, ' ', 0)), STR(""), STR(""));
	} else if (str_starts(line, STR("* "))) {
		wrap_info(m, str_skip(line, 2), STR("* "), STR("  "));
	} else if (str_starts(line, STR(">"))) {
		while (marks < line.len && marks < 32 &&
		       (line.at[marks] == '>' || line.at[marks] == ' '))
			marks++;
		struct str quote = str_sub(line, 0, marks);
		if (marks == line.len)
			add_info(line, m->out);
		else
			wrap_info(m, str_skip(line, marks), quote, quote);
	} else if (line.len == 0) {
		add_info(line, m->out);
	} else {
		wrap_info(m, line, STR(""), STR(""));
	}
}

void gopher_menu_write(const struct document *document, const struct style *style, struct buf *out)
{
	struct menu menu = { .style = style, .out = out };
	struct style narrow = *style;
	struct buf gemtext = { 0 };
	narrow.width = MENU_COLUMNS;
	gemtext_write_in(SPACE_GOPHER, document, &narrow, &gemtext);
	struct str lines = buf_str(&gemtext), line;
	while (str_line(&lines, &line))
		add_line(&menu, line);
	buf_add(out, STR(".\r\n")); /* GOPH-44 */
	buf_free(&gemtext);
	buf_free(&menu.lines);
}
