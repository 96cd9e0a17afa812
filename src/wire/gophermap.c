#include "wire/gophermap.h"

#include "base/utf8.h"

#define PIECE_COLUMNS 67 /* of an address that has to be shown as text (GOPH-13) */

/* A line of a menu, taken apart. */
struct item {
	char type;
	struct str display, selector, host, port;
};

/* The next line; false at the end, which is the lone dot (GOPH-44). */
static bool next_item(struct str *menu, struct item *item)
{
	struct str line, display;
	if (!str_line(menu, &line) || line.len == 0 || str_equal(line, STR(".")))
		return false;
	str_cut(&line, '\t', &display);
	item->type = display.at[0];
	item->display = str_skip(display, 1);
	if (item->type == 'i') /* most lines; what follows is a filler (GOPH-30) */
		return true;
	str_cut(&line, '\t', &item->selector);
	str_cut(&line, '\t', &item->host);
	str_cut(&line, '\t', &item->port);
	return true;
}

/* Of this place, and so that a host does not take the selector for a relative one (GOPH-110). */
static bool is_here(const struct item *item, const struct gopher_place *place)
{
	uint64_t port;
	if (!str_starts(item->selector, STR("/")) && !str_starts(item->selector, STR("URL:")))
		return false;
	return str_equal(item->host, place->host) && str_number(item->port, 65535, &port) &&
	       port == place->port;
}

/* One form of menu files. */
struct form {
	void (*item)(const struct item *, bool here, struct buf *out);
	void (*info)(struct str display, struct buf *out);
};

/* An item that no line can hold: its label and its address, as text that a reader can copy. */
static void add_as_text(const struct form *form, const struct item *item, struct buf *out)
{
	form->info(item->display, out);
	for (struct str rest = item->selector; rest.len > 0;) {
		struct str piece = utf8_prefix(rest, PIECE_COLUMNS);
		if (piece.len == 0)
			break;
		form->info(piece, out);
		rest = str_skip(rest, piece.len);
	}
}

static void write_menu(const struct form *form, struct str menu, const struct gopher_place *place,
		       struct buf *out)
{
	struct item item;
	while (next_item(&menu, &item)) {
		size_t start = out->len;
		if (item.type == 'i') {
			form->info(item.display, out);
			continue;
		}
		form->item(&item, is_here(&item, place), out);
		if (out->len - start >= GOPHERMAP_MAX_LINE) {
			out->len = start;
			add_as_text(form, &item, out);
		}
	}
}

/* ---- gophermap ---- */

/* In full, so that its first byte is no command and its width is left alone (GOPH-111, 112). */
static void add_map_info(struct str display, struct buf *out)
{
	buf_add_char(out, 'i');
	buf_add(out, display);
	buf_add(out, STR("\t\terror.host\t1\n"));
}

static void add_map_item(const struct item *item, bool here, struct buf *out)
{
	buf_add_char(out, item->type);
	buf_add(out, item->display);
	buf_add_char(out, '\t');
	buf_add(out, item->selector);
	if (!here)
		buf_format(out, "\t%.*s\t%.*s", STR_ARGS(item->host), STR_ARGS(item->port));
	buf_add_char(out, '\n');
}

void gophermap_write(struct str menu, const struct gopher_place *place, struct buf *out)
{
	static const struct form form = { add_map_item, add_map_info };
	write_menu(&form, menu, place, out);
}

/* ---- index.gph ---- */

/* GOPH-121 */
static void add_gph_info(struct str display, struct buf *out)
{
	if (str_starts(display, STR("t")) || str_starts(display, STR("[")))
		buf_add_char(out, 't');
	buf_add(out, display);
	buf_add_char(out, '\n');
}

static void add_gph_field(struct str text, struct buf *out)
{
	struct str part;
	while (str_cut(&text, '|', &part)) {
		buf_add(out, part);
		buf_add(out, STR("\\|"));
	}
	buf_add(out, part);
	/* It would escape the bar that ends the field. */
	if (str_ends(part, STR("\\")))
		buf_add_char(out, ' ');
}

static void add_gph_item(const struct item *item, bool here, struct buf *out)
{
	buf_add_char(out, '[');
	buf_add_char(out, item->type);
	buf_add_char(out, '|');
	add_gph_field(item->display, out);
	buf_add_char(out, '|');
	add_gph_field(item->selector, out);
	if (here)
		buf_add(out, STR("|server|port]\n"));
	else
		buf_format(out, "|%.*s|%.*s]\n", STR_ARGS(item->host), STR_ARGS(item->port));
}

void gophermap_write_gph(struct str menu, const struct gopher_place *place, struct buf *out)
{
	static const struct form form = { add_gph_item, add_gph_info };
	write_menu(&form, menu, place, out);
}

/* ---- texts ---- */

void gophermap_text(struct str text, struct buf *out)
{
	struct buf lines = { 0 };
	gopher_text(&lines, text);
	for (struct str rest = buf_str(&lines); rest.len > 0;) {
		size_t end = str_find(rest, '\n', 0) + 1;
		if (end == 0 || end > rest.len)
			end = rest.len;
		struct str line = str_sub(rest, 0, end);
		rest = str_skip(rest, end);
		while (line.len >= GOPHERMAP_MAX_LINE) {
			size_t cut = GOPHERMAP_MAX_LINE - 3; /* CRLF comes behind */
			while (((unsigned char)line.at[cut] & 0xc0) == 0x80 &&
			       cut > GOPHERMAP_MAX_LINE - 8)
				cut--;
			buf_add(out, str_sub(line, 0, cut));
			buf_add(out, STR("\r\n"));
			line = str_skip(line, cut);
		}
		buf_add(out, line);
	}
	buf_free(&lines);
}
