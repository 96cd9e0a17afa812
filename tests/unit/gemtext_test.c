#include "writers.h"

static void nothing_is_an_empty_page(void **state)
{
	(void)state;
	assert_written(gemtext_write, "");
	document_add(d, BLOCK_PARAGRAPH);
	assert_written(gemtext_write, "");
}

/* G-1, pages.md: blocks apart by one blank line, furniture close to what it belongs to. */
static void furniture_stays_together(void **state)
{
	(void)state;
	document_heading(d, 1, STR("Archive"));
	document_text(d, STR("24 posts since 2019."));
	document_heading(d, 2, STR("2020"));
	document_link(d, (struct route){ .kind = ROUTE_POST, .name = STR("vectors") },
		      STR("2020-06-02 What a vector is"));
	document_line(d, STR("Arrows."));
	document_gap(d);
	document_link_url(d, STR("gopher://example.org/1/"), STR("In Gopherspace"));
	assert_written(gemtext_write, "# Archive\n\n24 posts since 2019.\n\n## 2020\n"
				      "=> /posts/vectors.gmi 2020-06-02 What a vector is\n"
				      "Arrows.\n\n"
				      "=> gopher://example.org/1/ In Gopherspace\n");
}

/* Y01: a line for each link of a group, its word before the label. */
static void groups_are_lines(void **state)
{
	(void)state;
	document_text(d, STR("2020-05-25"));
	uint32_t block = document_add(d, BLOCK_LINK_GROUP);
	const char *names[] = { "linear algebra", "eigenvalue" };
	for (int i = 0; i < 2; i++) {
		struct target target = { .kind = TARGET_ROUTE,
					 .route = { .kind = ROUTE_KEYWORD,
						    .name = str_from(names[i]) } };
		uint32_t link = document_add_link(d, LINK_TEXT, target);
		if (i == 0)
			d->blocks[block].link = link;
		document_run(d, RUN_TEXT, str_from(names[i]), 0, link);
	}
	d->blocks[block].number = 2;
	d->blocks[block].text = STR("Keyword");
	d->blocks[block].info = STR("Keywords");
	d->blocks[block].close = true;
	document_text(d, STR("Body."));
	assert_written(gemtext_write, "2020-05-25\n"
				      "=> /keywords/linear%20algebra/ Keyword: linear algebra\n"
				      "=> /keywords/eigenvalue/ Keyword: eigenvalue\n\nBody.\n");
	assert_written(gopher_text_write,
		       "2020-05-25\nKeywords: linear algebra, eigenvalue\n\nBody.\n");
}

/* X01, GT-22 */
static void text_is_never_live(void **state)
{
	(void)state;
	paragraph("=> not a link");
	paragraph("*no item");
	document_run(d, RUN_HARD_BREAK, STR(""), 0, NO_LINK);
	text("* an item");
	assert_written(gemtext_write, " => not a link\n\n*no item\n * an item\n");
}

/* K02, GT-43 */
static void code_cannot_end_early(void **state)
{
	(void)state;
	uint32_t block = document_add(d, BLOCK_CODE);
	d->blocks[block].text = STR("a\n```\n\n b");
	assert_written(gemtext_write, "```\n a\n ```\n\n  b\n```\n");
}

/* L01: each address once in a group; it comes again after the next block. */
static void addresses_stand_once_in_a_group(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		paragraph("see ");
		link_to("https://a.example/", "first");
		text(" and ");
		link_to("https://a.example/", "second");
		text(".");
	}
	assert_written(gemtext_write, "see first and second.\n\n=> https://a.example/ first\n\n"
				      "see first and second.\n\n=> https://a.example/ first\n");
}

/* L06: one label, many addresses of one host. */
static void labels_are_told_apart(void **state)
{
	(void)state;
	paragraph("See ");
	link_to("https://a.example/x/one", "paper");
	text(" or maybe ");
	link_to("https://a.example/two/", "paper");
	text(", not ");
	link_to("https://b.example/", "paper");
	text(".");
	assert_written(gemtext_write, "See paper or maybe paper, not paper.\n\n"
				      "=> https://a.example/x/one paper (a.example/one)\n"
				      "=> https://a.example/two/ paper (a.example/two)\n"
				      "=> https://b.example/ paper (b.example)\n");
}

/* Labels are cut at a word to 200 columns, the dots included. */
static void labels_are_cut(void **state)
{
	(void)state;
	char label[300];
	memset(label, 'a', sizeof label);
	label[150] = ' ';
	label[250] = '\0';
	paragraph("x ");
	link_to("https://a.example/", label);
	struct buf out = { 0 };
	gemtext_write(d, &style, &out);
	struct str line = str_skip(buf_str(&out), str_find_str(buf_str(&out), STR("=>"), 0));
	assert_int_equal(line.len, strlen("=> https://a.example/ ") + 150 + strlen("…\n"));
	buf_free(&out);
}

/* L07: a link that stands for itself is text too, where its label cannot say all of it. */
static void links_alone_keep_their_words(void **state)
{
	(void)state;
	char label[300];
	memset(label, 'a', sizeof label);
	label[150] = ' ';
	label[250] = '\0';
	document_add(d, BLOCK_PARAGRAPH);
	link_to("https://b.example/", label);
	struct buf out = { 0 };
	gemtext_write(d, &style, &out);
	assert_true(str_find_str(buf_str(&out), str_from(label), 0) != STR_NOT_FOUND);
	assert_true(str_find_str(buf_str(&out), STR("…\n"), 0) != STR_NOT_FOUND);
	buf_free(&out);
}

/* Thousands of links in one paragraph: time must stay linear, and none is lost. */
static void many_links_in_one_block(void **state)
{
	(void)state;
	enum { COUNT = 20000 };
	document_add(d, BLOCK_PARAGRAPH);
	text("many: ");
	for (unsigned i = 0; i < COUNT; i++) {
		struct str url = arena_format(&arena, "https://a.example/%u", i / 2);
		link_to(url.at, "the same label");
		text(" ");
	}
	struct buf out = { 0 };
	gemtext_write(d, &style, &out);
	size_t lines = 0;
	for (size_t i = 0; i < out.len; i++)
		lines += out.at[i] == '\n';
	assert_int_equal(lines, 2 + COUNT / 2);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(nothing_is_an_empty_page), WRITER_TEST(furniture_stays_together),
		WRITER_TEST(groups_are_lines),         WRITER_TEST(text_is_never_live),
		WRITER_TEST(code_cannot_end_early),    WRITER_TEST(addresses_stand_once_in_a_group),
		WRITER_TEST(labels_are_told_apart),    WRITER_TEST(labels_are_cut),
		WRITER_TEST(many_links_in_one_block),  WRITER_TEST(links_alone_keep_their_words),
	};
	return cmocka_run_group_tests_name("gemtext", tests, NULL, NULL);
}
