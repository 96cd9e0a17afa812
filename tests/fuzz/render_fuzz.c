/*
 * Any bytes as a post: what each form of it promises to a reader's client. The first byte
 * chooses the writers' options.
 */
#include <assert.h>

#include "base/utf8.h"
#include "document/markdown.h"
#include "render/gemtext.h"
#include "render/gopher_menu.h"
#include "render/gopher_text.h"
#include "render/wrap.h"

static void check_bytes(struct str page, const char *allowed)
{
	assert(utf8_valid(page));
	for (size_t i = 0; i < page.len; i++) {
		unsigned char c = (unsigned char)page.at[i];
		assert((c >= 0x20 && c != 0x7f) || strchr(allowed, c) != NULL);
	}
}

/* G-1: no blank line at the start or end, never two in a row (code may have them). */
static void check_blank_lines(struct str page, bool has_code)
{
	if (page.len == 0)
		return;
	assert(page.at[0] != '\n');
	assert(str_ends(page, STR("\n")) && !str_ends(page, STR("\n\n")));
	assert(has_code || str_find_str(page, STR("\n\n\n"), 0) == STR_NOT_FOUND);
}

/* GT-10 to GT-19: what a client takes for a line of some kind was meant as one. */
static void check_live_line(struct str line)
{
	if (str_starts(line, STR("=>"))) {
		assert(str_starts(line, STR("=> ")) && line.len > 3 && line.at[3] != ' ');
	} else if (str_starts(line, STR("#"))) {
		size_t level = 0;
		while (level < line.len && line.at[level] == '#')
			level++;
		assert(level <= 3 && level + 1 < line.len && line.at[level] == ' ');
	} else if (str_starts(line, STR(">"))) {
		assert(line.len == 1 || line.at[1] == ' ');
	}
	assert(line.len == 0 || line.at[line.len - 1] != ' ');
}

static void check_gemtext(struct str page)
{
	struct buf prose = { 0 };
	bool preformatted = false;
	check_bytes(page, "\n\t");
	for (struct str rest = page, line; str_line(&rest, &line);) {
		bool toggle = str_starts(line, STR("```"));
		assert(!preformatted || !toggle || line.len == 3);
		if (!preformatted && !toggle)
			check_live_line(line);
		if (!preformatted || toggle) {
			buf_add(&prose, line);
			buf_add_char(&prose, '\n');
		}
		preformatted ^= toggle;
	}
	assert(!preformatted);
	check_blank_lines(buf_str(&prose), false);
	buf_free(&prose);
}

static bool may_be_wide(struct str line)
{
	static const struct str reasons[] = { STR_INIT("`"), STR_INIT("://"), STR_INIT("    ") };
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (str_find_str(line, reasons[i], 0) != STR_NOT_FOUND)
			return true;
	if (line.len > 1 && line.at[0] == '[' && str_is_digit(line.at[1]))
		return true; /* the note of a relative URL, with its title */
	/* addresses and other words beyond help: no blank where the line could end */
	while (line.len > 0 && strchr("> *-+[]0123456789.)(", line.at[0]) != NULL)
		line = str_skip(line, 1);
	return str_starts_nocase(line, STR("www.")) || str_starts_nocase(line, STR("mailto:")) ||
	       str_find(line, ' ', 0) == STR_NOT_FOUND;
}

static void check_gopher_text(struct str page)
{
	check_bytes(page, "\n");
	check_blank_lines(page, true);
	for (struct str line; str_line(&page, &line);) {
		assert(!str_equal(line, STR(".")));
		assert(line.len == 0 || line.at[line.len - 1] != ' ');
		assert(utf8_columns(line) <= 70 || may_be_wide(line));
	}
}

static void check_menu(struct str page)
{
	struct str line = STR(""), display;
	check_bytes(page, "\r\n\t");
	while (page.len > 0) {
		size_t end = str_find_str(page, STR("\r\n"), 0);
		assert(end != STR_NOT_FOUND);
		line = str_sub(page, 0, end);
		page = str_skip(page, end + 2);
		if (page.len == 0)
			break;
		size_t tabs = 0;
		for (size_t i = 0; i < line.len; i++)
			tabs += line.at[i] == '\t';
		assert(tabs == 3 && strchr("0179gIhis", line.at[0]) != NULL);
		str_cut(&line, '\t', &display);
		assert(utf8_columns(str_skip(display, 1)) <= 67);
	}
	assert(str_equal(line, STR(".")));
}

/* What is shown; the selectors behind the first TAB of a menu's lines are what they are. */
static void check_ascii(struct str page)
{
	for (struct str line, shown; str_line(&page, &line);) {
		str_cut(&line, '\t', &shown);
		for (size_t i = 0; i < shown.len; i++)
			assert((unsigned char)shown.at[i] < 0x80);
	}
}

typedef void writer(const struct document *, const struct style *, struct buf *);

static void check_form(const struct document *document, const struct style *style, writer *write,
		       void (*check)(struct str))
{
	struct buf page = { 0 }, again = { 0 };
	write(document, style, &page);
	write(document, style, &again);
	assert(str_equal(buf_str(&page), buf_str(&again)));
	check(buf_str(&page));
	if (style->ascii && write != gemtext_write)
		check_ascii(buf_str(&page));
	buf_free(&page);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct style style;
	unsigned choice = size > 0 ? data[0] : 0;
	style_default(&style);
	style.links = (enum links_mode)(choice % 5);
	style.ascii = choice & 32;
	style.emphasis_markdown = choice & 64;
	struct markdown_options options = { .labels = &style.labels, .math = !(choice & 128) };
	struct str body = str_skip((struct str){ (const char *)data, size }, 1);
	struct document *document = markdown_parse(&arena, body, &options);
	check_form(document, &style, gemtext_write, check_gemtext);
	check_form(document, &style, gopher_text_write, check_gopher_text);
	check_form(document, &style, gopher_menu_write, check_menu);
	arena_free(&arena);
	return 0;
}
