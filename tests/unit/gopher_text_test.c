#include "base/utf8.h"
#include "writers.h"

/* L01, L12, L15: one number an address, none where the address can be read. */
static void links_have_notes(void **state)
{
	(void)state;
	paragraph("See ");
	link_to("https://a.example/", "one");
	text(" and ");
	link_to("https://a.example/", "again");
	text(" and ");
	link_to("https://b.example/", "");
	text(".");
	assert_written(gopher_text_write, "See one[1] and again[1] and https://b.example/.\n\n"
					  "Notes\n-----\n[1] https://a.example/\n");
}

/* P03: columns are counted, not bytes; wide characters are two. */
static void lines_are_wrapped_by_columns(void **state)
{
	(void)state;
	style.width = 20;
	paragraph("one two thréé four five");
	paragraph("日本語の文章、「引用」は難しい。");
	assert_written(gopher_text_write, "one two thréé four\nfive\n\n"
					  "日本語の文章、「引\n用」は難しい。\n");
}

/* Never before closing and never after opening punctuation. */
static void punctuation_stays_with_its_text(void **state)
{
	(void)state;
	style.width = 10;
	paragraph("日本語の文。終");
	paragraph("日本語の「文」");
	assert_written(gopher_text_write, "日本語の\n文。終\n\n日本語の\n「文」\n");
}

/* P03: a code span that fits a line is not broken; a longer one at its blanks. */
static void code_is_kept_together(void **state)
{
	(void)state;
	style.width = 20;
	paragraph("we call ");
	document_run(d, RUN_CODE, STR("read(0, a, b)"), 0, NO_LINK);
	text(" and ");
	document_run(d, RUN_CODE, STR("write(1, some_long_name, n)"), 0, NO_LINK);
	assert_written(gopher_text_write,
		       "we call\n`read(0, a, b)` and\n`write(1,\nsome_long_name, n)`\n");
}

/* P04: NBSP is a blank that is not broken at. */
static void nbsp_holds_words_together(void **state)
{
	(void)state;
	style.width = 10;
	paragraph("about 10\xc2\xa0km now");
	assert_written(gopher_text_write, "about\n10 km now\n");
}

/* A word over the width is broken behind punctuation; an address is not. */
static void long_words_are_broken(void **state)
{
	(void)state;
	style.width = 10;
	paragraph("see abcdefg/hijklmn/opq");
	paragraph("see https://a.example/b/c/d");
	assert_written(gopher_text_write, "see\nabcdefg/\nhijklmn/\nopq\n\n"
					  "see\nhttps://a.example/b/c/d\n");
}

/* The mark of an open task takes six columns of its first line, two of the others (T01). */
static void first_lines_have_less_room(void **state)
{
	(void)state;
	style.width = 10;
	document_open(d, BLOCK_LIST);
	d->blocks[document_open(d, BLOCK_ITEM)].task = TASK_OPEN;
	paragraph("abcdefg");
	document_close(d);
	document_close(d);
	assert_written(gopher_text_write, "* [ ] abcd\n  efg\n");
}

/* Z03: a lone dot would end the page in old clients. */
static void dots_do_not_end_the_page(void **state)
{
	(void)state;
	paragraph("Hello");
	document_run(d, RUN_HARD_BREAK, STR(""), 0, NO_LINK);
	text(".");
	assert_written(gopher_text_write, "Hello\n .\n");
}

/* A no-break blank for which the line has no room is not the next line. */
static void blanks_are_no_lines(void **state)
{
	(void)state;
	style.width = 12;
	paragraph("twelve marks \u00a0");
	paragraph("twelve marks \u00a0 x");
	assert_written(gopher_text_write, "twelve marks\n\ntwelve marks\nx\n");
}

/* Headings over the width wrap, and are underlined to their longest line. */
static void headings_are_underlined(void **state)
{
	(void)state;
	style.width = 12;
	document_heading(d, 1, STR("A heading of length"));
	document_heading(d, 2, STR("漢字"));
	document_heading(d, 5, STR("x"));
	document_heading(d, 5, STR("\u200b")); /* no column wide */
	assert_written(gopher_text_write, "A heading of\nlength\n============\n\n漢字\n----\n\n"
					  "x\n~\n\n\u200b\n~\n");
}

/* `charset: ascii`: nothing is lost that ASCII can say. */
static void ascii_says_what_it_can(void **state)
{
	(void)state;
	style.ascii = true;
	paragraph("“Naïve” – Đại số… 2×2 ≤ 5 ™ ½ ﬁn ☃ m² → y, β ∈ Σ, λόγος");
	uint32_t code = document_add(d, BLOCK_CODE);
	d->blocks[code].text = STR("│ é\tx");
	document_add(d, BLOCK_CODE);
	d->blocks[d->nblocks - 1].text = STR("\t\u00a0\n"); /* nothing that could be seen */
	assert_written(gopher_text_write, "\"Naive\" - Dai so... 2x2 <= 5 TM 1/2 fin ? m^2 -> y, "
					  "beta in Sigma,\n?????\n\n    | e    x\n");
}

/* F01: footnotes and links share one counter; a note's own links come last. */
static void footnotes_hang_under_their_text(void **state)
{
	(void)state;
	paragraph("Text");
	document_run(d, RUN_NOTE, STR(""), 0, NO_LINK)->note = 0;
	text(" ");
	link_to("https://a.example/", "a link");
	uint32_t note = document_open(d, BLOCK_NOTE);
	d->blocks[note].number = 0;
	paragraph("A note with ");
	link_to("https://b.example/", "its own");
	document_add(d, BLOCK_PARAGRAPH);
	text("and a second paragraph");
	document_close(d);
	assert_written(gopher_text_write,
		       "Text[1] a link[2]\n\nNotes\n-----\n[1] A note with its own[3]\n\n"
		       "    and a second paragraph\n[2] https://a.example/\n"
		       "[3] https://b.example/\n");
	assert_written(gemtext_write,
		       "Text[1] a link\n\n=> https://a.example/ a link\n\n## Notes\n\n"
		       "[1] A note with its own\n\nand a second paragraph\n\n"
		       "=> https://b.example/ its own\n");
}

/* G-1: code brings no blank lines to its edges, and keeps those within. */
/* Markup that never ends may swallow a footnote's text: the others are still there. */
static void footnotes_may_be_missing(void **state)
{
	(void)state;
	paragraph("a");
	document_run(d, RUN_NOTE, STR(""), 0, NO_LINK)->note = 0;
	document_run(d, RUN_NOTE, STR(""), 0, NO_LINK)->note = 1;
	d->blocks[document_open(d, BLOCK_NOTE)].number = 1;
	paragraph("one");
	document_close(d);
	assert_written(gopher_text_write, "a[1][2]\n\nNotes\n-----\n[2] one\n");
}

static void code_keeps_its_own_lines(void **state)
{
	(void)state;
	uint32_t code = document_add(d, BLOCK_CODE);
	d->blocks[code].text = STR("\n \n  a\n\n\nb\n\n  ");
	paragraph("after");
	assert_written(gopher_text_write, "      a\n\n\n    b\n\nafter\n");
}

/* Containers without end take no more than half of the page. */
static void deep_nesting_leaves_room(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		document_open(d, BLOCK_QUOTE);
	paragraph("Linear algebra is the language of machine learning.");
	struct buf out = { 0 };
	gopher_text_write(d, &style, &out);
	struct str rest = buf_str(&out), line;
	while (str_line(&rest, &line))
		assert_true(line.len <= 70);
	buf_free(&out);
}

/* What the parser knows of a run is a short way to the same text. */
static void plain_runs_are_written_as_others_are(void **state)
{
	(void)state;
	static const char *const words[] = {
		"The river",
		" followed ",
		"a\nlong and winding way",
		" ",
		"to",
		" .",
		"\nthe sea ",
		"andathingwithoutblanksthatfitsnowhere ",
		"in the year of the flood, or so they said",
	};
	size_t count = sizeof words / sizeof *words;
	document_add(d, BLOCK_PARAGRAPH);
	for (unsigned i = 0; i < 4 * count; i++) {
		unsigned bold = i % 7 == 3 ? STYLE_STRONG : 0;
		document_run(d, RUN_TEXT, str_from(words[i % count]), bold, NO_LINK);
		if (i % 5 == 4)
			document_run(d, i % 10 == 4 ? RUN_HARD_BREAK : RUN_SOFT_BREAK, STR(""), 0,
				     NO_LINK);
	}
	for (unsigned i = 0; i < 2 * count; i++)
		paragraph(words[i % count]);
	static writer *const writers[] = { gopher_text_write, gemtext_write };
	for (style.width = 1; style.width < 80; style.width++) {
		for (size_t w = 0; w < 2; w++) {
			struct buf forms[2] = { { 0 }, { 0 } };
			for (int plain = 0; plain < 2; plain++) {
				for (uint32_t i = 0; i < d->nruns; i++)
					d->runs[i].plain = plain && d->runs[i].kind == RUN_TEXT;
				writers[w](d, &style, &forms[plain]);
			}
			assert_string_equal(buf_c(&forms[0]), buf_c(&forms[1]));
			buf_free(&forms[0]);
			buf_free(&forms[1]);
		}
	}
}

/* Wherever the line ends: nothing is lost, and no sign of punctuation begins a line. */
static void ideographs_fill_their_lines(void **state)
{
	(void)state;
	static const char words[] = "今日は雨が降っていた。『書名』、線形代数と幾何学のノート一丁";
	paragraph(words);
	for (style.width = 6; style.width < 70; style.width++) {
		struct buf out = { 0 }, joined = { 0 };
		gopher_text_write(d, &style, &out);
		struct str rest = buf_str(&out), line;
		while (str_line(&rest, &line)) {
			assert_true(utf8_columns(line) <= style.width);
			assert_true(rest.len == 0 || utf8_columns(line) + 6 > style.width);
			assert_false(str_starts(line, STR("。")) || str_starts(line, STR("っ")) ||
				     str_starts(line, STR("』")) || str_ends(line, STR("『")));
			buf_add(&joined, line);
		}
		assert_string_equal(buf_c(&joined), words);
		buf_free(&out);
		buf_free(&joined);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(links_have_notes),
		WRITER_TEST(lines_are_wrapped_by_columns),
		WRITER_TEST(punctuation_stays_with_its_text),
		WRITER_TEST(code_is_kept_together),
		WRITER_TEST(nbsp_holds_words_together),
		WRITER_TEST(long_words_are_broken),
		WRITER_TEST(first_lines_have_less_room),
		WRITER_TEST(dots_do_not_end_the_page),
		WRITER_TEST(blanks_are_no_lines),
		WRITER_TEST(headings_are_underlined),
		WRITER_TEST(ascii_says_what_it_can),
		WRITER_TEST(footnotes_hang_under_their_text),
		WRITER_TEST(footnotes_may_be_missing),
		WRITER_TEST(code_keeps_its_own_lines),
		WRITER_TEST(deep_nesting_leaves_room),
		WRITER_TEST(plain_runs_are_written_as_others_are),
		WRITER_TEST(ideographs_fill_their_lines),
	};
	return cmocka_run_group_tests_name("gopher_text", tests, NULL, NULL);
}
