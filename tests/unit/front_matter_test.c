/* Headers: where they end, what they say, what is made of broken ones. */
#include "group.h"

#include <stdio.h>

#include "content/front_matter.h"
#include "content/header.h"

static struct fault_list faults;
static struct header header;
static struct front_matter matter;

static bool read_header(const char *text)
{
	struct value *top;
	struct fault fault;
	faults = (struct fault_list){ 0 };
	assert_true(front_matter_split(str_from(text), true, &matter));
	bool valid = front_matter_parse(&arena, &matter, STR("post.md"), &top, &fault);
	if (!valid)
		fault_list_add(&faults, &arena, &fault);
	return header_read(&arena, top, STR("post.md"), true, &header, &faults, &arena) == 0 &&
	       valid;
}

static void assert_body(const char *text, const char *body)
{
	read_header(text);
	assert_str(str_skip(str_from(text), matter.body_offset), body);
}

static void headers_of_three_forms_end_where_they_end(void **state)
{
	(void)state;
	assert_body("---\ntitle: A\n---\nbody\n", "body\n");
	assert_body("---\r\ntitle: A\r\n---\r\nbody\r\n", "body\r\n");
	assert_body("\xef\xbb\xbf---\ntitle: A\n...\nbody\n", "body\n");
	assert_str(header.title, "A");
	assert_body("--- \ntitle: A\n---\t\nbody\n", "body\n");
	assert_body("---\n---\nbody\n", "body\n");
	assert_body("+++\ntitle = 'A'\n+++\nbody\n", "body\n");
	assert_int_equal(matter.form, FRONT_MATTER_TOML);
	assert_body("{\"title\": \"A } \\\" b\",\n\"x\": {}}\nbody\n", "body\n");
	assert_int_equal(matter.form, FRONT_MATTER_JSON);
	assert_str(header.title, "A } \" b");
	assert_body("{ }\nbody\n", "body\n");
	assert_body("---\ntitle: A\n---", "");
}

static void json_has_its_own_escapes(void **state)
{
	(void)state;
	assert_true(read_header(
	    "{\"title\": \"\\ud83E\\udd89 \\/ \\u00e9 \\\\ud83e\", \"date\": \"2020-01-02\"}"));
	assert_str(header.title, "\xf0\x9f\xa6\x89 / \xc3\xa9 \\ud83e");
	assert_true(read_header("{\"title\": \"\\udd89 \\ud83ex \\ud83e\\u0041\"}"));
	assert_str(header.title, "\xef\xbf\xbd \xef\xbf\xbdx \xef\xbf\xbd"
				 "A");
}

static void other_languages_are_named(void **state)
{
	(void)state;
	assert_body("---json\n{\"title\": \"J\"}\n---\nbody\n", "body\n");
	assert_str(header.title, "J");
	assert_body("---toml\ntitle = 'T'\n---\nbody\n", "body\n");
	assert_str(header.title, "T");
	assert_body("---js\nconst title = \"A script\";\nexport const draft = true;\n"
		    "const tags = ['a', \"b\"];\n---\nbody\n",
		    "body\n");
	assert_int_equal(faults.count, 0);
	assert_str(header.title, "A script");
	assert_str(header.keywords, "a\nb");
	assert_true(header.draft);
}

static void what_only_looks_like_a_header_is_body(void **state)
{
	(void)state;
	static const char *const bodies[] = {
		"no header\n",
		"---\n\nSome prose.\n\n---\n\nMore.\n",
		"---\n- a list\n- between breaks\n---\n",
		"---\nprose without an end\n",
		"{{< figure src=\"x\" >}}\n",
		"{% raw %}\n",
		"{: .class}\n",
		"{#id}\ntext\n",
		"----\ntitle: A\n----\n",
		"+++ text +++\n",
		"",
		" ---\ntitle: A\n---\n",
	};
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		assert_body(bodies[i], bodies[i]);
		assert_int_equal(faults.count, 0);
		assert_str(header.title, "");
	}
	assert_body("\xef\xbb\xbftext\n", "text\n");
}

static void a_beginning_may_need_more(void **state)
{
	(void)state;
	assert_false(front_matter_split(STR("---\ntitle: A\n"), false, &matter));
	assert_false(front_matter_split(STR("---\ntitle: A\n--"), false, &matter));
	assert_false(front_matter_split(STR("---\ntitle: A\n---"), false, &matter));
	assert_true(front_matter_split(STR("---\ntitle: A\n---\n"), false, &matter));
	assert_false(front_matter_split(STR("{\"title\": \"A"), false, &matter));
	assert_true(front_matter_split(STR("plain text of a body\n"), false, &matter));
	assert_false(front_matter_split(STR("--"), false, &matter));
}

static void a_header_without_its_end_is_used(void **state)
{
	(void)state;
	assert_false(read_header("---\ntitle: Open\ntags:\n  - a\n\nThe body.\n"));
	assert_str(header.title, "Open");
	assert_str(header.keywords, "a");
	assert_str(
	    str_skip(STR("---\ntitle: Open\ntags:\n  - a\n\nThe body.\n"), matter.body_offset),
	    "\nThe body.\n");
	assert_int_equal(faults.at[0].line, 1);
	assert_non_null(strstr(faults.at[0].text, "`---`"));
}

static void keys_are_matched_loosely(void **state)
{
	(void)state;
	assert_true(read_header("---\nTitle: A\nLinkTitle: L\npublished_at: 2020-05-25\n"
				"Last-Modified-At: 2020-05-26\nunknown: {deep: [1]}\n---\n"));
	assert_str(header.title, "A");
	assert_str(header.list_title, "L");
	assert_int_equal(header.date.day, 25);
	assert_int_equal(header.updated.day, 26);
}

static void the_first_name_of_a_field_wins(void **state)
{
	(void)state;
	assert_true(read_header("---\nsummary: S\npubDate: 2019-01-01\ndate: 2020-05-25\n"
				"description: D\n---\n"));
	assert_str(header.description, "D");
	assert_int_equal(header.date.year, 2020);
	assert_true(read_header("---\nexcerpt: E\nsubtitle: T\n---\n"));
	assert_str(header.description, "E");
}

static void empty_values_say_nothing(void **state)
{
	(void)state;
	assert_true(
	    read_header("---\ndescription: ''\nsummary: S\ndate: \"\"\npubDate: 2020-05-25\n"
			"lastmod: ''\nexpiryDate: ''\nweight: ' '\nlang: ''\nseries: ''\n"
			"draft: ''\npublished: ''\ntags: ''\n---\n"));
	assert_str(header.description, "S");
	assert_int_equal(header.date.day, 25);
	assert_false(header.draft);
	assert_true(
	    read_header("+++\ntitle = ''\nseries = ''\n[taxonomies]\nseries = ['T']\n+++\n"));
	assert_str(header.series, "T");
}

static void published_is_a_date_or_a_draft(void **state)
{
	(void)state;
	assert_true(read_header("---\npublished: false\n---\n"));
	assert_true(header.draft);
	assert_true(read_header("---\npublished: true\n---\n"));
	assert_false(header.draft);
	assert_true(read_header("---\npublished: 2020-05-25\n---\n"));
	assert_false(header.draft);
	assert_int_equal(header.date.year, 2020);
	assert_true(read_header("---\ndraft: true\n---\n"));
	assert_true(header.draft);
	/* A slip of the pen publishes nothing. */
	assert_false(read_header("---\ndraft: ture\n---\n"));
	assert_true(header.draft);
}

static void keywords_in_all_their_forms(void **state)
{
	(void)state;
	static const struct {
		const char *line, *keywords;
	} cases[] = {
		{ "keyword:\n  - machine_learning\n  - blog", "machine_learning\nblog" },
		{ "keywords: a b, c", "a b\nc" },
		{ "tags: [one, \"two three\"]", "one\ntwo three" },
		{ "tags: one two", "one\ntwo" },
		{ "tags: one two, three", "one two\nthree" },
		{ "categories: x y", "x\ny" },
		{ "category: x y", "x y" },
		{ "tags: [a]\ncategories: [b]\nkeyword: c", "a\nb\nc" },
		{ "tags: '#go #c'", "go\nc" },
		{ "tags:", "" },
		{ "tags: []", "" },
		{ "tags: [2020, true]", "2020\ntrue" },
		{ "taxonomies:\n  tags: [z]", "z" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[200];
		snprintf(text, sizeof text, "---\n%s\n---\n", cases[i].line);
		assert_true(read_header(text));
		assert_str(header.keywords, cases[i].keywords);
	}
}

static void series_in_all_their_forms(void **state)
{
	(void)state;
	static const struct {
		const char *line, *series;
		int weight;
	} cases[] = {
		{ "series: Math for Machine Learning", "Math for Machine Learning", 0 },
		{ "series: {name: S, part: 3}", "S", 3 },
		{ "series: [First, Second]", "First", 0 },
		{ "series: false", "", 0 },
		{ "series:", "", 0 },
		{ "series: ''", "", 0 },
		{ "series: S\npart: 2", "S", 2 },
		{ "series: S\nweight: 20", "S", 20 },
		{ "series: S\nweight: +3", "S", 3 },
		{ "series: S\nseries_order: 4\nweight: 20", "S", 4 },
		{ "series: S\norder: -1", "S", -1 },
		{ "taxonomies: {series: [Z]}", "Z", 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[200];
		snprintf(text, sizeof text, "---\n%s\n---\n", cases[i].line);
		assert_true(read_header(text));
		assert_str(header.series, cases[i].series);
		assert_int_equal(header.weight, cases[i].weight);
	}
}

static void addresses_are_gathered(void **state)
{
	(void)state;
	assert_true(read_header("---\naliases: [/a/, /b.html]\nredirect_from: /c\n"
				"permalink: /d/\nurl: /e\n---\n"));
	assert_str(header.addresses, "/a/\n/b.html\n/c\n/d/\n/e");
	assert_false(header.no_page);
	assert_true(read_header("---\npermalink: false\n---\n"));
	assert_true(header.no_page);
}

static void authors_covers_and_the_rest(void **state)
{
	(void)state;
	assert_true(read_header("---\nauthors: [{name: Ann}, Bob]\ncover: {image: c.png, alt: x}\n"
				"lang: vi\nrights: CC BY\nlinks: numbered\nmath: false\n"
				"expiryDate: 2030-01-01\ntype: page\n---\n"));
	assert_str(header.author, "Ann, Bob");
	assert_str(header.cover, "c.png");
	assert_str(header.lang, "vi");
	assert_str(header.license, "CC BY");
	assert_str(header.links, "numbered");
	assert_false(header.math);
	assert_true(header.is_page);
	assert_int_equal(header.expires.year, 2030);
	assert_true(read_header("+++\ntitle = \"T\"\ndate = 2020-05-25\n[params]\nauthor = 'P'\n"
				"[taxonomies]\ntags = ['x']\n[extra]\nimage = 'i.png'\n+++\n"));
	assert_str(header.author, "P");
	assert_str(header.cover, "i.png");
	assert_str(header.keywords, "x");
	assert_int_equal(header.date.year, 2020);
}

static void languages_are_tags(void **state)
{
	(void)state;
	assert_true(read_header("---\nlocale: en_US.UTF-8\n---\n"));
	assert_str(header.lang, "en-US");
	assert_false(read_header("---\nlang: 'en; charset=x'\n---\n"));
	assert_str(header.lang, "");
}

static void values_are_clean_lines_without_marks(void **state)
{
	(void)state;
	assert_true(
	    read_header("---\ntitle: '**Bold** and `code` of [a link](http://x) &amp; 2 * 3'\n"
			"description: |\n  two\n  _lines_ of snake_case_words\n"
			"series: \"tab\\tesc\\e[31m\"\n---\n"));
	assert_str(header.title, "Bold and code of a link & 2 * 3");
	assert_str(header.description, "two lines of snake_case_words");
	assert_str(header.series, "tab esc[31m");
}

static void a_wrong_type_is_a_fault_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
	} cases[] = {
		{ "---\ntitle: A\ndate: yesterday\n---\n", 3, 7 },
		{ "---\ntitle: [a, b]\n---\n", 2, 8 },
		{ "---\ntags: {a: b}\n---\n", 2, 7 },
		{ "---\nweight: heavy\n---\n", 2, 9 },
		{ "+++\ndate = 'soon'\n+++\n", 2, 8 },
		{ "{\n \"date\": \"soon\"}\n", 2, 10 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_false(read_header(cases[i].text));
		assert_int_equal(faults.count, 1);
		assert_str(faults.at[0].file, "post.md");
		assert_int_equal(faults.at[0].line, cases[i].line);
		assert_int_equal(faults.at[0].column, cases[i].column);
	}
}

static void what_broken_lines_plainly_say_is_used(void **state)
{
	(void)state;
	assert_false(read_header("---\ntitle: Rust: a review\ndate: 2020-05-25\n"
				 "tags: [a, b]\nkeyword:\n  - c\n  - d\n"
				 "description: \"quoted\" and more\nslug: 'mine'\n---\n"));
	assert_str(header.title, "Rust: a review");
	assert_int_equal(header.date.day, 25);
	assert_str(header.keywords, "a\nb\nc\nd");
	assert_str(header.description, "\"quoted\" and more");
	assert_str(header.slug, "mine");
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.at[0].line, 2);
	assert_false(read_header("---\ntitle: @home\n\tbad: tab\n---\n"));
	assert_str(header.title, "@home");
	assert_false(read_header("+++\ntitle = Bare text\ndate = 2020-05-25\n+++\n"));
	assert_str(header.title, "Bare text");
	assert_int_equal(header.date.year, 2020);
	assert_false(read_header("{\n\"title\": \"A\",\n\"date\": \"2020-05-25\",,\n}\n"));
	assert_str(header.title, "A");
	assert_int_equal(header.date.year, 2020);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_three_forms_end_where_they_end),
		cmocka_unit_test(json_has_its_own_escapes),
		cmocka_unit_test(other_languages_are_named),
		cmocka_unit_test(what_only_looks_like_a_header_is_body),
		cmocka_unit_test(a_beginning_may_need_more),
		cmocka_unit_test(a_header_without_its_end_is_used),
		cmocka_unit_test(keys_are_matched_loosely),
		cmocka_unit_test(the_first_name_of_a_field_wins),
		cmocka_unit_test(empty_values_say_nothing),
		cmocka_unit_test(published_is_a_date_or_a_draft),
		cmocka_unit_test(keywords_in_all_their_forms),
		cmocka_unit_test(series_in_all_their_forms),
		cmocka_unit_test(addresses_are_gathered),
		cmocka_unit_test(authors_covers_and_the_rest),
		cmocka_unit_test(languages_are_tags),
		cmocka_unit_test(values_are_clean_lines_without_marks),
		cmocka_unit_test(a_wrong_type_is_a_fault_with_its_place),
		cmocka_unit_test(what_broken_lines_plainly_say_is_used),
	};
	return cmocka_run_group_tests_name("front_matter", tests, NULL, free_arena);
}
