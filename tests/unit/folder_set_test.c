/* Which folders there are: what is denied does not exist, the rest is worth a look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "content/folder_set.h"

static struct folder_set set;

static bool may_hold(bool in_pages, const char *path)
{
	return folder_set_may_hold(&set, in_pages, str_from(path));
}

static int set_up(void **state)
{
	(void)state;
	set = (struct folder_set){ 0 };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	folder_set_free(&set);
	return 0;
}

static void an_empty_set_denies_nothing(void **state)
{
	(void)state;
	assert_true(may_hold(false, "a.png"));
	assert_true(may_hold(true, "no/such/folder/a.png"));
}

static void folders_that_were_not_seen_hold_nothing(void **state)
{
	(void)state;
	folder_set_add(&set, false, STR("a/b"), true);
	folder_set_add(&set, false, STR(""), true);
	folder_set_add(&set, false, STR("a"), true);
	folder_set_sort(&set);
	assert_true(may_hold(false, "x.png"));
	assert_true(may_hold(false, "a/x.png"));
	assert_true(may_hold(false, "a/b/x.png"));
	assert_false(may_hold(false, "c/x.png"));
	assert_false(may_hold(false, "a/c/x.png"));
	assert_false(may_hold(false, "a/b/c/x.png"));
	assert_false(may_hold(true, "x.png")); /* the other root */
}

static void nothing_is_denied_where_nobody_looked(void **state)
{
	(void)state;
	folder_set_add(&set, true, STR(""), true);
	folder_set_add(&set, true, STR("closed"), false);
	folder_set_sort(&set);
	assert_true(may_hold(true, "closed/x.png"));
	assert_true(may_hold(true, "closed/a/b/x.png"));
	assert_false(may_hold(true, "open/x.png"));
	/* Folders that a scan passes by. */
	assert_true(may_hold(true, ".well-known/security.txt"));
	assert_true(may_hold(true, "_includes/a/b.png"));
}

static void twice_is_once(void **state)
{
	(void)state;
	struct folder_set copy = { 0 };
	for (unsigned i = 0; i < 100; i++)
		folder_set_add(&set, false, i % 2 ? STR("odd") : STR("even"), true);
	folder_set_sort(&set);
	assert_int_equal(set.count, 2);
	folder_set_copy(&set, &copy);
	assert_true(folder_set_equal(&set, &copy));
	folder_set_add(&copy, false, STR("third"), true);
	folder_set_sort(&copy);
	assert_false(folder_set_equal(&set, &copy));
	folder_set_free(&copy);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_empty_set_denies_nothing),
		TEST(folders_that_were_not_seen_hold_nothing),
		TEST(nothing_is_denied_where_nobody_looked),
		TEST(twice_is_once),
	};
	return cmocka_run_group_tests_name("folder_set", tests, NULL, NULL);
}
