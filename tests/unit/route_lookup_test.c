/* What routes name: posts, groups, and the part of a listing that a page shows. */
#include "site/route_lookup.h"
#include "small_capsule.h"

static struct small_capsule capsule;

static bool look(struct route route, struct found *found)
{
	return route_lookup(&capsule.site, &route, found);
}

static void assert_slice(struct route route, uint32_t first, uint32_t count, uint32_t total)
{
	struct found found;
	assert_true(look(route, &found));
	assert_int_equal(found.first, first);
	assert_int_equal(found.count, count);
	assert_int_equal(found.total, total);
}

static void cuts_listings_into_pages(void **state)
{
	(void)state;
	struct found found;
	assert_slice((struct route){ .kind = ROUTE_HOME }, 0, 2, 5);
	assert_slice((struct route){ .kind = ROUTE_ARCHIVE }, 0, 2, 5);
	assert_slice((struct route){ .kind = ROUTE_ARCHIVE, .page = 1 }, 0, 2, 5);
	assert_slice((struct route){ .kind = ROUTE_ARCHIVE, .page = 2 }, 2, 2, 5);
	assert_slice((struct route){ .kind = ROUTE_ARCHIVE, .page = 3 }, 4, 1, 5);
	assert_false(look((struct route){ .kind = ROUTE_ARCHIVE, .page = 4 }, &found));
	assert_false(look((struct route){ .kind = ROUTE_ARCHIVE, .page = UINT32_MAX }, &found));
	assert_slice((struct route){ .kind = ROUTE_YEAR, .year = 2020, .page = 2 }, 2, 1, 3);
	assert_slice((struct route){ .kind = ROUTE_YEAR, .year = 2019 }, 0, 2, 2);
	assert_false(look((struct route){ .kind = ROUTE_YEAR, .year = 2018 }, &found));
	assert_slice((struct route){ .kind = ROUTE_KEYWORD, .name = STR("k") }, 0, 2, 3);
	assert_false(look((struct route){ .kind = ROUTE_KEYWORD, .name = STR("none") }, &found));
}

static void finds_the_posts_of_a_listing(void **state)
{
	(void)state;
	struct found found;
	assert_true(look((struct route){ .kind = ROUTE_YEAR, .year = 2019, .page = 1 }, &found));
	assert_true(str_equal(found_post(&capsule.site, &found, 0)->slug, STR("bravo")));
	assert_true(str_equal(found_post(&capsule.site, &found, 1)->slug, STR("alpha")));
	assert_true(look((struct route){ .kind = ROUTE_SERIES, .name = STR("s") }, &found));
	assert_true(str_equal(found_post(&capsule.site, &found, 0)->slug, STR("alpha")));
	assert_true(look((struct route){ .kind = ROUTE_KEYWORD, .name = STR("k") }, &found));
	assert_true(str_equal(found_post(&capsule.site, &found, 0)->slug, STR("echo")));
}

static void finds_posts_and_pages(void **state)
{
	(void)state;
	struct found found;
	static const enum route_kind kinds[] = { ROUTE_POST, ROUTE_POST_TEXT, ROUTE_POST_SOURCE,
						 ROUTE_POST_MENU };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		assert_true(look((struct route){ .kind = kinds[i], .name = STR("alpha") }, &found));
		assert_true(str_equal(found.post->slug, STR("alpha")));
		assert_false(look((struct route){ .kind = kinds[i], .name = STR("a") }, &found));
	}
	assert_true(look((struct route){ .kind = ROUTE_PAGE, .name = STR("about") }, &found));
	assert_false(look((struct route){ .kind = ROUTE_PAGE, .name = STR("alpha") }, &found));
	assert_false(look((struct route){ .kind = ROUTE_FILE, .name = STR("about.md") }, &found));
}

static void names_the_nearest_slug(void **state)
{
	(void)state;
	const struct catalogue *c = capsule.site.catalogue;
	assert_true(str_equal(route_nearest(c, STR("alhpa"))->slug, STR("alpha")));
	assert_true(str_equal(route_nearest(c, STR("brvo"))->slug, STR("bravo")));
	assert_true(str_equal(route_nearest(c, STR("charly"))->slug, STR("charlie")));
	assert_null(route_nearest(c, STR("zulu")));
	assert_null(route_nearest(c, STR("ec")));
	assert_null(route_nearest(c, STR("")));
}

static int begin(void **state)
{
	(void)state;
	static const struct {
		const char *name, *date;
	} posts[] = { { "alpha", "2019-01-01" },
		      { "bravo", "2019-12-31" },
		      { "charlie", "2020-01-01" },
		      { "delta", "2020-05-05" },
		      { "echo", "2020-06-06" } };
	small_capsule_begin(&capsule);
	for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
		struct str name = arena_format(&capsule.arena, "content/%s.md", posts[i].name);
		struct str text = arena_format(
		    &capsule.arena, "---\ndate: %s\nkeyword: [%s]\nseries: %s\n---\nx\n",
		    posts[i].date, i % 2 == 0 ? "k" : "l", i < 2 ? "s" : "false");
		small_capsule_write(&capsule, name.at, text.at);
	}
	small_capsule_write(&capsule, "pages/about.md", "About.\n");
	small_capsule_load(&capsule, "title: T\nposts_per_page: 2\n");
	return 0;
}

static int end(void **state)
{
	(void)state;
	small_capsule_end(&capsule);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_listings_into_pages),
		cmocka_unit_test(finds_the_posts_of_a_listing),
		cmocka_unit_test(finds_posts_and_pages),
		cmocka_unit_test(names_the_nearest_slug),
	};
	return cmocka_run_group_tests_name("route_lookup", tests, begin, end);
}
