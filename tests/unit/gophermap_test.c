#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "wire/gophermap.h"

static const struct gopher_place here = { .host = STR_INIT("example.org"), .port = 70 };

/* What every line of a menu may hold: the texts that hosts take for commands among it. */
static const char menu[] = "iLearning out loud\t\terror.host\t1\r\n"
			   "i\t\terror.host\t1\r\n"
			   "i=> not a link\t\terror.host\t1\r\n"
			   "i# head\t\terror.host\t1\r\n"
			   "i* star\t\terror.host\t1\r\n"
			   "i.\t\terror.host\t1\r\n"
			   "i-hide\t\terror.host\t1\r\n"
			   "i:ext=type\t\terror.host\t1\r\n"
			   "i=/bin/sh\t\terror.host\t1\r\n"
			   "i!title\t\terror.host\t1\r\n"
			   "i~\t\terror.host\t1\r\n"
			   "i%\t\terror.host\t1\r\n"
			   "ithe end\t\terror.host\t1\r\n"
			   "itthe\t\terror.host\t1\r\n"
			   "i[1] a note\t\terror.host\t1\r\n"
			   "i[0|no|item|server|port]\t\terror.host\t1\r\n"
			   "ia | b\t\terror.host\t1\r\n"
			   "1Archive\t/archive/\texample.org\t70\r\n"
			   "0a | b \\| c\t/posts/x.txt\texample.org\t70\r\n"
			   "0[t]\t/posts/t.txt\texample.org\t70\r\n"
			   "hA page\tURL:https://example.com/?a=b\texample.org\t70\r\n"
			   "1Elsewhere\t/~ada|x/\tother.example\t7070\r\n"
			   "0Our host, another port\t/x\texample.org\t7070\r\n"
			   "0Our host, no slash\trobots.txt\texample.org\t70\r\n"
			   ".\r\n";

/*
 * A model of how geomyidae reads a file (specs/gopher.md section 13): gives the menu that it
 * sends, its info lines in our form.
 */
static void gph_field(struct str *line, struct buf *field)
{
	size_t i = 0;
	for (; i < line->len && line->at[i] != '|' && line->at[i] != ']'; i++) {
		if (line->at[i] == '\\' && i + 1 < line->len && line->at[i + 1] == '|')
			i++;
		buf_add_char(field, line->at[i]);
	}
	for (; i < line->len && line->at[i] == ']' && i + 1 < line->len;) {
		/* only the last bracket ends an item */
		buf_add_char(field, ']');
		for (i++; i < line->len && line->at[i] != '|' && line->at[i] != ']'; i++)
			buf_add_char(field, line->at[i]);
	}
	*line = str_skip(*line, i + 1);
}

static bool gph_item(struct str line, struct buf *out)
{
	struct buf fields[6] = { 0 };
	size_t count = 0;
	line = str_skip(line, 1);
	while (line.len > 0 && count < 6)
		gph_field(&line, &fields[count++]);
	bool good = count == 5 && fields[0].len == 1;
	if (good) {
		buf_add(out, buf_str(&fields[0]));
		buf_add(out, buf_str(&fields[1]));
		buf_add_char(out, '\t');
		buf_add(out, buf_str(&fields[2]));
		buf_add_char(out, '\t');
		bool server = str_equal(buf_str(&fields[3]), STR("server"));
		buf_add(out, server ? here.host : buf_str(&fields[3]));
		bool port = str_equal(buf_str(&fields[4]), STR("port"));
		buf_add_char(out, '\t');
		buf_add(out, port ? STR("70") : buf_str(&fields[4]));
		buf_add(out, STR("\r\n"));
	}
	for (size_t i = 0; i < 6; i++)
		buf_free(&fields[i]);
	return good;
}

static void gph_menu(struct str file, struct buf *out)
{
	for (struct str line; str_line(&file, &line);) {
		assert_true(str_find(line, '\t', 0) == STR_NOT_FOUND);
		if (str_starts(line, STR("[")) && str_ends(line, STR("]")) && gph_item(line, out))
			continue;
		if (str_starts(line, STR("t")))
			line = str_skip(line, 1);
		buf_format(out, "i%.*s\t\terror.host\t1\r\n", STR_ARGS(line));
	}
	buf_add(out, STR(".\r\n"));
}

/* A model of how Gophernicus reads a map (section 12); commands fail the test. */
static void map_menu(struct str file, struct buf *out)
{
	for (struct str line, field; str_line(&file, &line);) {
		assert_true(line.len > 0 && line.len < 1000);
		assert_null(strchr("#*.~%-:=!", line.at[0])); /* GOPH-152 */
		assert_true(str_find(line, '\t', 0) != STR_NOT_FOUND);
		str_cut(&line, '\t', &field);
		buf_add(out, field);
		str_cut(&line, '\t', &field);
		buf_format(out, "\t%.*s", STR_ARGS(field));
		assert_true(line.len > 0 || field.at[0] == '/' || str_starts(field, STR("URL:")));
		if (line.len > 0)
			buf_format(out, "\t%.*s\r\n", STR_ARGS(line));
		else
			buf_add(out, STR("\texample.org\t70\r\n"));
	}
	buf_add(out, STR(".\r\n"));
}

static void assert_same(const struct buf *read, struct str wanted)
{
	assert_int_equal(read->len, wanted.len);
	assert_memory_equal(read->at, wanted.at, wanted.len);
}

/* GOPH-110 to 113, GOPH-152 */
static void test_gophermap_gives_the_menu_back(void **state)
{
	(void)state;
	struct buf file = { 0 }, read = { 0 };
	gophermap_write(str_from(menu), &here, &file);
	map_menu(buf_str(&file), &read);
	assert_same(&read, str_from(menu));
	/* our own host is not written, so that the files serve on any */
	assert_true(str_find_str(buf_str(&file), STR("/\texample.org\t70\n"), 0) == STR_NOT_FOUND);
	assert_true(str_find_str(buf_str(&file), STR("1Archive\t/archive/\n"), 0) != STR_NOT_FOUND);
	buf_free(&file);
	buf_free(&read);
}

/* GOPH-120 to 124, GOPH-153 */
static void test_gph_gives_the_menu_back(void **state)
{
	(void)state;
	struct buf file = { 0 }, read = { 0 };
	gophermap_write_gph(str_from(menu), &here, &file);
	gph_menu(buf_str(&file), &read);
	assert_same(&read, str_from(menu));
	assert_true(str_find_str(buf_str(&file), STR("[1|Archive|/archive/|server|port]\n"), 0) !=
		    STR_NOT_FOUND);
	buf_free(&file);
	buf_free(&read);
}

/* It would escape the bar behind it: a blank keeps them apart. */
static void test_gph_label_may_end_in_a_backslash(void **state)
{
	(void)state;
	struct buf file = { 0 };
	gophermap_write_gph(STR("0a\\\t/x\texample.org\t70\r\n.\r\n"), &here, &file);
	assert_same(&file, STR("[0|a\\ |/x|server|port]\n"));
	buf_free(&file);
}

/* GOPH-114: an address that no line can hold is shown as text. */
static void test_long_addresses_become_text(void **state)
{
	(void)state;
	struct buf one = { 0 }, map = { 0 }, gph = { 0 };
	buf_add(&one, STR("hLong\tURL:https://example.com/"));
	buf_repeat(&one, STR("0123456789"), 120);
	buf_add(&one, STR("\texample.org\t70\r\n.\r\n"));
	gophermap_write(buf_str(&one), &here, &map);
	gophermap_write_gph(buf_str(&one), &here, &gph);
	size_t lines = 0;
	for (struct str rest = buf_str(&map), line; str_line(&rest, &line); lines++)
		assert_true(line.len < 1000 && line.at[0] == 'i');
	assert_true(lines > 10);
	assert_true(str_starts(buf_str(&gph), STR("Long\nURL:https://example.com/0123")));
	buf_free(&one);
	buf_free(&map);
	buf_free(&gph);
}

/* GOPH-43, GOPH-114, GOPH-125 */
static void test_text_has_short_lines_that_end_in_crlf(void **state)
{
	(void)state;
	struct buf text = { 0 }, file = { 0 };
	buf_add(&text, STR("one\n.\n"));
	buf_repeat(&text, STR("\xe1\xbb\x93"), 700); /* three bytes each */
	gophermap_text(buf_str(&text), &file);
	assert_true(str_starts(buf_str(&file), STR("one\r\n. \r\n")));
	size_t letters = 0, lines = 0;
	for (struct str rest = buf_str(&file), line; rest.len > 0; lines++) {
		size_t end = str_find(rest, '\n', 0);
		line = str_sub(rest, 0, end);
		rest = str_skip(rest, end + 1);
		assert_true(str_ends(line, STR("\r")));
		assert_true(line.len + 1 < 1000);
		letters += lines > 1 ? line.len - 1 : 0;
		assert_int_equal(lines > 1 ? (line.len - 1) % 3 : 0, 0);
	}
	assert_int_equal(letters, 2100);
	assert_int_equal(lines, 5);
	buf_free(&text);
	buf_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gophermap_gives_the_menu_back),
		cmocka_unit_test(test_gph_gives_the_menu_back),
		cmocka_unit_test(test_gph_label_may_end_in_a_backslash),
		cmocka_unit_test(test_long_addresses_become_text),
		cmocka_unit_test(test_text_has_short_lines_that_end_in_crlf),
	};
	return cmocka_run_group_tests_name("gophermap", tests, NULL, NULL);
}
