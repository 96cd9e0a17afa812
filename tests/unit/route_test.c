#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "document/route.h"

static void assert_text(const struct buf *b, const char *wanted)
{
	assert_int_equal(b->len, strlen(wanted));
	assert_memory_equal(b->at, wanted, b->len);
}

static void expect_spelled(enum space space, struct route route, const char *wanted)
{
	struct buf out = { 0 };
	route_spell(space, &route, &out);
	assert_text(&out, wanted);
	buf_free(&out);
}

static const struct {
	enum space space;
	const char *path;
	struct route route;
	bool slash_missing;
} paths[] = {
	{ SPACE_GEMINI, "/", { .kind = ROUTE_HOME }, false },
	{ SPACE_GEMINI, "/archive/", { .kind = ROUTE_ARCHIVE }, false },
	{ SPACE_GEMINI, "/archive", { .kind = ROUTE_ARCHIVE }, true },
	{ SPACE_GEMINI, "/archive/2/", { .kind = ROUTE_ARCHIVE, .page = 2 }, false },
	{ SPACE_GEMINI, "/archive/02020/", { .kind = ROUTE_ARCHIVE, .page = 2020 }, false },
	{ SPACE_GEMINI, "/archive/2020/", { .kind = ROUTE_YEAR, .year = 2020 }, false },
	{ SPACE_GEMINI, "/archive/2020", { .kind = ROUTE_YEAR, .year = 2020 }, true },
	{ SPACE_GOPHER,
	  "/archive/2020/3/",
	  { .kind = ROUTE_YEAR, .year = 2020, .page = 3 },
	  false },
	{ SPACE_GEMINI, "/posts/x.gmi", { .kind = ROUTE_POST, .name = STR_INIT("x") }, false },
	{ SPACE_GOPHER, "/posts/x.txt", { .kind = ROUTE_POST, .name = STR_INIT("x") }, false },
	{ SPACE_GEMINI, "/posts/x.txt", { .kind = ROUTE_POST_TEXT, .name = STR_INIT("x") }, false },
	{ SPACE_GEMINI,
	  "/posts/x.md",
	  { .kind = ROUTE_POST_SOURCE, .name = STR_INIT("x") },
	  false },
	{ SPACE_GOPHER, "/posts/x/", { .kind = ROUTE_POST_MENU, .name = STR_INIT("x") }, false },
	{ SPACE_GOPHER, "/posts/x", { .kind = ROUTE_POST_MENU, .name = STR_INIT("x") }, true },
	{ SPACE_GOPHER,
	  "/posts/thumb.png",
	  { .kind = ROUTE_FILE, .name = STR_INIT("posts/thumb.png") },
	  false },
	{ SPACE_GEMINI, "/series/", { .kind = ROUTE_SERIES_LIST }, false },
	{ SPACE_GEMINI, "/series/a/", { .kind = ROUTE_SERIES, .name = STR_INIT("a") }, false },
	{ SPACE_GEMINI, "/series/a", { .kind = ROUTE_SERIES, .name = STR_INIT("a") }, true },
	{ SPACE_GEMINI,
	  "/series/a/2",
	  { .kind = ROUTE_SERIES, .page = 2, .name = STR_INIT("a") },
	  true },
	{ SPACE_GEMINI,
	  "/series/a/feed.xml",
	  { .kind = ROUTE_SERIES_FEED, .name = STR_INIT("a") },
	  false },
	{ SPACE_GEMINI, "/keywords", { .kind = ROUTE_KEYWORD_LIST }, true },
	{ SPACE_GEMINI,
	  "/keywords/b/12/",
	  { .kind = ROUTE_KEYWORD, .page = 12, .name = STR_INIT("b") },
	  false },
	{ SPACE_GEMINI,
	  "/keywords/b/feed.xml",
	  { .kind = ROUTE_KEYWORD_FEED, .name = STR_INIT("b") },
	  false },
	{ SPACE_GEMINI, "/search", { .kind = ROUTE_SEARCH }, false },
	{ SPACE_GEMINI, "/search/2", { .kind = ROUTE_SEARCH, .page = 2 }, false },
	{ SPACE_GOPHER,
	  "/search/2?a%20b",
	  { .kind = ROUTE_SEARCH, .page = 2, .query = STR_INIT("a%20b") },
	  false },
	{ SPACE_GEMINI, "/feed.xml", { .kind = ROUTE_FEED }, false },
	{ SPACE_GEMINI, "/random", { .kind = ROUTE_RANDOM }, false },
	{ SPACE_GEMINI,
	  "/a/about.gmi",
	  { .kind = ROUTE_PAGE, .name = STR_INIT("a/about") },
	  false },
	{ SPACE_GOPHER, "/about.txt", { .kind = ROUTE_PAGE, .name = STR_INIT("about") }, false },
	{ SPACE_GEMINI,
	  "/robots.txt",
	  { .kind = ROUTE_FILE, .name = STR_INIT("robots.txt") },
	  false },
};

static void searches_may_end_with_a_slash(void **state)
{
	(void)state;
	struct route route;
	bool slash_missing;
	route_parse(SPACE_GEMINI, STR("/search/"), &route, &slash_missing);
	assert_true(route.kind == ROUTE_SEARCH && route.page == 0 && !slash_missing);
	route_parse(SPACE_GOPHER, STR("/search/2/?a"), &route, &slash_missing);
	assert_true(route.kind == ROUTE_SEARCH && route.page == 2 && !slash_missing);
	assert_true(str_equal(route.query, STR("a")));
	route_parse(SPACE_GEMINI, STR("/search//"), &route, &slash_missing);
	assert_true(route.kind != ROUTE_SEARCH);
}

static void every_address_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct route route;
		bool slash_missing;
		route_parse(paths[i].space, str_from(paths[i].path), &route, &slash_missing);
		const struct route *wanted = &paths[i].route;
		if (route.kind != wanted->kind || slash_missing != paths[i].slash_missing)
			fail_msg("%s is kind %d", paths[i].path, (int)route.kind);
		assert_int_equal(route.page, wanted->page);
		assert_int_equal(route.year, wanted->year);
		assert_true(str_equal(route.name, wanted->name));
		assert_true(str_equal(route.query, wanted->query));
	}
}

static void what_is_read_is_spelled_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (paths[i].slash_missing)
			continue;
		expect_spelled(paths[i].space, paths[i].route, paths[i].path);
	}
}

static void no_address_is_unknown(void **state)
{
	(void)state;
	const char *odd[] = { "/archive/1/",     "/archive/0/",          "/archive/20201/1/2/",
			      "/series//",       "/series/a/b/c/",       "/posts/.gmi",
			      "/posts/a/b.gmi/", "/searching",           "/feed.xml/",
			      "/archive/20-1/",  "/archive/99999999999/" };
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct route route;
		bool slash_missing;
		route_parse(SPACE_GEMINI, str_from(odd[i]), &route, &slash_missing);
		assert_int_equal(route.kind, ROUTE_FILE);
		assert_true(str_equal(route.name, str_from(odd[i] + 1)));
	}
}

static void names_are_encoded_in_gemini_only(void **state)
{
	(void)state;
	struct route route = { .kind = ROUTE_POST, .name = STR("a b?c%d/\xc3\xa9") };
	expect_spelled(SPACE_GEMINI, route, "/posts/a%20b%3Fc%25d/%C3%A9.gmi"); /* GEM-116 */
	expect_spelled(SPACE_GOPHER, route, "/posts/a b?c%d/\xc3\xa9.txt");     /* GOPH-5 */
	struct route query = { .kind = ROUTE_PAGE, .name = STR("about"), .query = STR("x=1") };
	expect_spelled(SPACE_GEMINI, query, "/about.gmi?x=1"); /* L16 */
	expect_spelled(SPACE_GOPHER, query, "/about.txt");
	struct route menu = { .kind = ROUTE_POST_MENU, .name = STR("x") };
	expect_spelled(SPACE_GEMINI, menu, "/posts/x.gmi");
	struct route text = { .kind = ROUTE_POST_TEXT, .name = STR("x") };
	expect_spelled(SPACE_GOPHER, text, "/posts/x.txt");
}

static void pages_of_four_digits_are_not_years(void **state)
{
	(void)state;
	expect_spelled(SPACE_GEMINI, (struct route){ .kind = ROUTE_ARCHIVE, .page = 2020 },
		       "/archive/02020/");
	expect_spelled(SPACE_GEMINI,
		       (struct route){ .kind = ROUTE_KEYWORD, .page = 2020, .name = STR("k") },
		       "/keywords/k/2020/");
}

static void types_follow_the_name(void **state)
{
	(void)state;
	const struct {
		const char *name;
		char type;
	} files[] = { { "posts/a.png", 'I' }, { "a.JPG", 'I' },     { "a.gif", 'g' },
		      { "a.mp3", 's' },       { "a.txt", '0' },     { "Makefile", '0' },
		      { "a.c", '0' },         { "feed.atom", '0' }, { "a.pdf", '9' },
		      { "a.mp4", '9' },       { "a.tar.gz", '9' },  { "a.html", '0' },
		      { "dir/", '1' },        { "dir.d/c", '0' } };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct route route = { .kind = ROUTE_FILE, .name = str_from(files[i].name) };
		assert_int_equal(route_gopher_type(&route), files[i].type); /* GOPH-20 */
	}
	assert_int_equal(route_gopher_type(&(struct route){ .kind = ROUTE_POST }), '0');
	assert_int_equal(route_gopher_type(&(struct route){ .kind = ROUTE_POST_MENU }), '1');
	assert_int_equal(route_gopher_type(&(struct route){ .kind = ROUTE_SEARCH }), '7');
	struct route results = { .kind = ROUTE_SEARCH, .page = 2, .query = STR("a") };
	assert_int_equal(route_gopher_type(&results), '1');
}

static void urls_are_encoded_once(void **state)
{
	(void)state;
	struct buf out = { 0 };
	route_encode_url(STR("https://x.example/a b/\xc3\xa9?q=a|b&r=%41%zz#f"), &out); /* L17 */
	assert_text(&out, "https://x.example/a%20b/%C3%A9?q=a%7Cb&r=%41%25zz#f");
	buf_clear(&out);
	route_decode(STR("a%20b%C3%A9%zz%4"), &out);
	assert_text(&out, "a b\xc3\xa9%zz%4");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_address_is_read),
		cmocka_unit_test(searches_may_end_with_a_slash),
		cmocka_unit_test(what_is_read_is_spelled_the_same),
		cmocka_unit_test(no_address_is_unknown),
		cmocka_unit_test(names_are_encoded_in_gemini_only),
		cmocka_unit_test(pages_of_four_digits_are_not_years),
		cmocka_unit_test(types_follow_the_name),
		cmocka_unit_test(urls_are_encoded_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
