/* Files become posts: slugs, dates, titles and descriptions, by header, name and body. */
#include "group.h"

#include <stdio.h>

#include "content/old_address.h"
#include "content/plain.h"
#include "content/post.h"

static struct record record;

static enum post_result parse(const char *path, const char *text)
{
	struct fault_list faults = { 0 };
	struct post_parser parser = { .arena = &arena,
				      .language = STR("en"),
				      .author = STR("Me"),
				      .math = true,
				      .faults = &faults,
				      .fault_arena = &arena };
	enum post_result result =
	    post_parse(&parser, str_from(path), false, str_from(text), true, &record);
	arena_free(&parser.work);
	buf_free(&parser.scratch);
	return result;
}

static void slugs_come_from_header_or_name(void **state)
{
	(void)state;
	static const struct {
		const char *path, *slug;
	} cases[] = {
		{ "vectors.md", "vectors" },
		{ "2020-05-25-vectors.md", "vectors" },
		{ "_posts/2020-05-25-vectors.markdown", "vectors" },
		{ "posts/vectors/index.md", "vectors" },
		{ "2020-05-25-vectors/index.md", "vectors" },
		{ "a.b.c.md", "a.b.c" },
		{ "vectors.fr.md", "vectors.fr" },
		{ "x/index.fr.md", "x.fr" },
		{ "2020-05-25.md", "2020-05-25" },
		{ "With Blank.MD", "With Blank" },
		{ "\xe6\x97\xa5\xe8\xae\xb0.md", "\xe6\x97\xa5\xe8\xae\xb0" },
		{ "vectors.draft.md", "vectors" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(parse(cases[i].path, "---\ndate: 2020-01-01\n---\n"), POST_FINE);
		assert_str(record.post.slug, cases[i].slug);
		assert_false(record.source.is_page);
	}
	static const struct {
		const char *slug, *clean;
	} given[] = {
		{ "mine", "mine" },     { "Mine Own", "Mine Own" }, { "/a/b/", "a-b" },
		{ "../../etc", "etc" }, { "..", "file" },           { "''", "file" },
		{ "\"a\\tb\"", "a b" }, { ".hidden", "hidden" },
	};
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		char text[100];
		snprintf(text, sizeof text, "---\ndate: 2020-01-01\nslug: %s\n---\n",
			 given[i].slug);
		parse("file.md", text);
		assert_str(record.post.slug, given[i].clean);
	}
}

static void pages_keep_their_paths(void **state)
{
	(void)state;
	static const struct {
		const char *path, *page;
	} cases[] = {
		{ "about.md", "about" },       { "notes/list.md", "notes/list" },
		{ "about/index.md", "about" }, { "posts/_index.md", "posts" },
		{ "_index.md", "index" },      { "index.md", "index" },
		{ "about.fr.md", "about.fr" }, { "a/b/index.fr.md", "a/b.fr" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		parse(cases[i].path, "text\n");
		assert_true(record.source.is_page);
		assert_str(record.post.slug, cases[i].page);
	}
	/* A section's text is a page even where a generator dated it. */
	parse("posts/_index.md", "---\ndate: 2020-01-01\n---\n");
	assert_true(record.source.is_page);
	parse("2020-01-01-x.md", "---\nlayout: page\n---\n");
	assert_true(record.source.is_page);
}

static void dates_come_from_header_or_name(void **state)
{
	(void)state;
	parse("2019-03-04-x.md", "text\n");
	assert_int_equal(record.post.date.year, 2019);
	assert_int_equal(record.post.date.day, 4);
	parse("2019-03-04-x.md", "---\ndate: 2020-05-25 02:50:54 +0700\n---\n");
	assert_int_equal(record.post.date.year, 2020);
	assert_int_equal(record.post.date.day, 25);
	assert_true(record.post.date.has_time);
	parse("2019-03-04-x/index.md", "text\n");
	assert_int_equal(record.post.date.year, 2019);
	parse("2019/03/04/x.md", "text\n");
	assert_int_equal(record.post.date.month, 3);
	parse("blog/2019/3/4/x/index.md", "text\n");
	assert_int_equal(record.post.date.month, 3);
	parse("x.md", "---\npath: 2014/12/13/x\n---\n");
	assert_int_equal(record.post.date.day, 13);
	parse("x.md", "---\naliases: [/a/b, 'https://x.example/blog/2014/12/13/x.html']\n---\n");
	assert_int_equal(record.post.date.day, 13);
	parse("2019/03/x.md", "---\nurl: /2014/12/\n---\n");
	assert_int_equal(record.post.date.month, 0);
	assert_int_equal(parse("x.md", "---\ndate: 2019-03-05 18:30:22 2023\n---\n"), POST_BROKEN);
	assert_int_equal(record.post.date.day, 5);
	assert_int_equal(parse("2019-03-04-x.md", "---\ndate: soon\n---\n"), POST_BROKEN);
	assert_int_equal(record.post.date.year, 2019);
}

static void drafts_are_known_by_folder_name_and_header(void **state)
{
	(void)state;
	parse("_drafts/x.md", "text\n");
	assert_true(record.source.draft);
	parse("site/_drafts/x.md", "text\n");
	assert_true(record.source.draft);
	parse("x.draft.md", "text\n");
	assert_true(record.source.draft);
	parse("x.md", "---\ndraft: true\n---\n");
	assert_true(record.source.draft);
	parse("drafting.md", "text\n");
	assert_false(record.source.draft);
}

static void languages_come_from_header_name_or_capsule(void **state)
{
	(void)state;
	static const struct {
		const char *path, *header, *lang;
	} cases[] = {
		{ "x.md", "", "en" },          { "x.fr.md", "", "fr" },
		{ "x.pt-BR.md", "", "pt-BR" }, { "x.fr.md", "lang: vi", "vi" },
		{ "node.js.md", "", "en" },    { "x.y.md", "", "en" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[100];
		snprintf(text, sizeof text, "---\n%s\n---\n", cases[i].header);
		parse(cases[i].path, text);
		assert_str(record.post.extras->lang, cases[i].lang);
		assert_str(record.post.extras->author, "Me");
	}
}

static void titles_fall_back_to_heading_and_name(void **state)
{
	(void)state;
	static const struct {
		const char *text, *title;
		bool given;
	} cases[] = {
		{ "---\ntitle: T\n---\n# H\n", "T", true },
		{ "# The *first* heading #\n\ntext\n", "The first heading", true },
		{ "text\n\nUnderlined\n==========\n", "Underlined", true },
		{ "# With id {#here}\n", "With id", true },
		{ "## Second level only\n", "My first post", false },
		{ "```\n# in code\n```\ntext\n", "My first post", false },
		{ "<!--\n# in a comment\n-->\n", "My first post", false },
		{ "", "My first post", false },
		{ "---\ntitle: ''\n---\n", "My first post", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		parse("2020-01-01-my-first_post.md", cases[i].text);
		assert_str(record.post.title, cases[i].title);
		assert_int_equal(record.post.has_title, cases[i].given);
	}
}

static void descriptions_fall_back_to_the_text(void **state)
{
	(void)state;
	static const struct {
		const char *text, *description;
	} cases[] = {
		{ "---\ndescription: D\n---\ntext\n", "D" },
		{ "# H\n\nThe **first**\nparagraph.\n\nThe second.\n", "The first paragraph." },
		{ "One.\n\nTwo.\n\n<!--more-->\n\nThree.\n", "One. Two." },
		{ "![image](x.png)\n\nText.\n", "Text." },
		{ "> quote\n\n- list\n\n| a | b |\n\n    code\n\nText.\n", "Text." },
		{ "Heading\n---\n\nText with `code`.\n", "Text with code." },
		{ "{{< toc >}}\n\nText[^1] with [a link][r].\n\n[r]: /x\n", "Text with a link." },
		{ "* * *\n\n*Emphasis* at the start.\n", "Emphasis at the start." },
		{ "[r]: /x\n\n<div>\n\nText.\n", "Text." },
		{ "$$\nx\n$$\n\nText.\n", "Text." },
		{ "Intro\n - list\n", "Intro" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		parse("x.md", cases[i].text);
		assert_str(record.post.description, cases[i].description);
	}
	char text[1000] = "";
	for (size_t i = 0; i < 60; i++)
		strcat(text, "word word ");
	parse("x.md", text);
	assert_true(record.post.description.len <= 203);
	assert_true(str_ends(record.post.description, STR("word\xe2\x80\xa6")));
}

static void marks_go_and_words_stay(void **state)
{
	(void)state;
	static const struct {
		const char *markdown, *plain;
	} cases[] = {
		{ "plain", "plain" },
		{ "a * b * c", "a * b * c" },
		{ "snake_case_name and _emphasis_", "snake_case_name and emphasis" },
		{ "***both*** and **bold *nested***", "both and bold nested" },
		{ "unclosed **bold", "unclosed **bold" },
		{ "`` a `tick` ``", "a `tick`" },
		{ "\\*not\\* emphasis", "*not* emphasis" },
		{ "[[Wiki]] and [[page|label]]", "Wiki and label" },
		{ "[a [b] c](http://x/(y)) d", "a [b] c d" },
		{ "[plain brackets]", "[plain brackets]" },
		{ "<https://x.example/a> <b>bold</b> 1 < 2", "https://x.example/a bold 1 < 2" },
		{ "std::vector<int> and Vec<T>", "std::vector<int> and Vec<T>" },
		{ "a<br>b <x-note>c</x-note>", "ab c" },
		{ "~~gone~~ ~kept~", "gone ~kept~" },
		{ "Tom &amp; Jerry &copy; &unknown;", "Tom & Jerry \xc2\xa9 &unknown;" },
		{ "C# and F#", "C# and F#" },
		{ "The $\\text{length($A$)}$", "The length(A)" },
		{ "Why $x^2_i$ and \\(\\alpha*b*c\\)", "Why x\u1d62\u00b2 and \u03b1 * b * c" },
		{ "**The $\\ell_1$** norm: $$n^2$$", "The \u2113\u2081 norm: n\u00b2" },
		{ "From $5 to $6, `$x$`, \\$x$ and $\\frac{a$",
		  "From $5 to $6, $x$, $x$ and $\\frac{a$" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out = { 0 };
		plain_line(str_from(cases[i].markdown), true, &out);
		assert_str(buf_str(&out), cases[i].plain);
		buf_free(&out);
	}
}

static void mathematics_in_titles_is_set_unless_the_header_says_no(void **state)
{
	(void)state;
	parse("x.md", "---\ntitle: The $\\alpha$ of $5\n---\nA $\\beta^2$ day.\n");
	assert_str(record.post.title, "The \u03b1 of $5");
	assert_str(record.post.description, "A \u03b2\u00b2 day.");
	parse("x.md", "---\nmath: false\n---\n# On $x_1$\n\nA $y$.\n");
	assert_str(record.post.title, "On $x_1$");
	assert_str(record.post.description, "A $y$.");
}

static void old_addresses_are_compared_in_one_form(void **state)
{
	(void)state;
	static const struct {
		const char *address, *key;
	} cases[] = {
		{ "/2020/05/vectors.html", "2020/05/vectors" },
		{ "2020/05/vectors/", "2020/05/vectors" },
		{ "https://blog.example/vectors/index.html?x#y", "vectors" },
		{ "/caf%C3%A9/", "caf\xc3\xa9" },
		{ "https://blog.example", "" },
		{ "/", "" },
		{ "/index.html", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf key = { 0 };
		old_address_key(str_from(cases[i].address), &key);
		assert_str(buf_str(&key), cases[i].key);
		buf_free(&key);
	}
	parse("2020-02-03-x.md", "---\ncategories: [Big Things]\npermalink: "
				 "/:categories/:year/:i_month/:day/:y_day/:title:output\n---\n");
	assert_string_equal(record.source.addresses, "big-things/2020/2/03/034/x:output");
}

static void many_headers_are_read_from_their_beginning(void **state)
{
	(void)state;
	struct fault_list faults = { 0 };
	struct post_parser parser = { .arena = &arena, .faults = &faults, .fault_arena = &arena };
	struct str beginning = STR("---\ntitle: A\nda");
	assert_int_equal(post_parse(&parser, STR("x.md"), false, beginning, false, &record),
			 POST_NEEDS_MORE);
	assert_int_equal(post_parse(&parser, STR("x.md"), false, beginning, true, &record),
			 POST_BROKEN);
	assert_str(record.post.title, "A");
	arena_free(&parser.work);
	buf_free(&parser.scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slugs_come_from_header_or_name),
		cmocka_unit_test(pages_keep_their_paths),
		cmocka_unit_test(dates_come_from_header_or_name),
		cmocka_unit_test(drafts_are_known_by_folder_name_and_header),
		cmocka_unit_test(languages_come_from_header_name_or_capsule),
		cmocka_unit_test(titles_fall_back_to_heading_and_name),
		cmocka_unit_test(descriptions_fall_back_to_the_text),
		cmocka_unit_test(marks_go_and_words_stay),
		cmocka_unit_test(mathematics_in_titles_is_set_unless_the_header_says_no),
		cmocka_unit_test(old_addresses_are_compared_in_one_form),
		cmocka_unit_test(many_headers_are_read_from_their_beginning),
	};
	return cmocka_run_group_tests_name("post", tests, NULL, free_arena);
}
