#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "render/file_name.h"
#include "render/style.h"

static void assert_text(const struct buf *b, const char *wanted)
{
	assert_int_equal(b->len, strlen(wanted));
	assert_memory_equal(b->at, wanted, b->len);
}

static const char *const plain[] = { "/", "/posts/a-b_c.1.txt", "/archive/2020/2/", "/feed.xml" };

/* GOPH-116 */
static void test_plain_paths_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		struct buf out = { 0 };
		file_name_add_path(str_from(plain[i]), &out);
		assert_text(&out, plain[i]);
		buf_free(&out);
	}
}

static const struct {
	const char *path, *start, *end;
} changed[] = {
	{ "/posts/\xc4\x91\xe1\xba\xa1i-s\xe1\xbb\x91.txt", "/posts/dai-so_", ".txt" },
	{ "/posts/\xe5\x8d\x9a\xe5\xae\xa2.txt", "/posts/_", ".txt" },
	{ "/images/a b?.png", "/images/a-b_", ".png" },
	{ "/100%.svg", "/100_", ".svg" },
	{ "/.hidden", "/hidden_", "" },
	{ "/a..b", "/a_", ".b" },
	{ "/tool.cgi", "/tool-cgi_", "" },             /* GOPH-126 */
	{ "/docs/INDEX.GPH", "/docs/INDEX-GPH_", "" }, /* GOPH-120 */
	{ "/docs/gophermap", "/docs/gophermap_", "" },
	{ "/docs/x.gophermap", "/docs/x-gophermap_", "" },
	{ "/\xc3\xa9/x;y/", "/e_", "/" },
};

/* GOPH-111, GOPH-116, GOPH-126: nothing that a host decodes, cuts, hides or runs. */
static void test_other_paths_become_ascii(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		struct buf out = { 0 };
		file_name_add_path(str_from(changed[i].path), &out);
		struct str name = buf_str(&out);
		assert_true(str_starts(name, str_from(changed[i].start)));
		assert_true(str_ends(name, str_from(changed[i].end)));
		for (size_t k = 0; k < name.len; k++)
			assert_true(str_is_alpha(name.at[k]) || str_is_digit(name.at[k]) ||
				    strchr("._-/", name.at[k]) != NULL);
		assert_true(str_find_str(name, STR(".."), 0) == STR_NOT_FOUND);
		assert_true(str_find_str(name, STR("/."), 0) == STR_NOT_FOUND);
		buf_free(&out);
	}
}

static void test_different_names_stay_different(void **state)
{
	(void)state;
	const char *const names[] = { "\xc3\xa9t\xc3\xa9", "ete",          "\xc3\xaat\xc3\xaa",
				      "et\xc3\xa9",        "\xe5\x8d\x9a", "\xe5\xae\xa2" };
	struct buf outs[6] = { { 0 } };
	for (size_t i = 0; i < 6; i++) {
		file_name_add_path(str_from(names[i]), &outs[i]);
		for (size_t k = 0; k < i; k++)
			assert_false(str_equal(buf_str(&outs[i]), buf_str(&outs[k])));
	}
	for (size_t i = 0; i < 6; i++)
		buf_free(&outs[i]);
}

/* GOPH-4: a selector of three long names is under 255 bytes. */
static void test_long_names_are_cut(void **state)
{
	(void)state;
	struct buf name = { 0 }, out = { 0 };
	buf_repeat(&name, STR("\xe1\xba\xa1"), 80);
	file_name_add_path(buf_str(&name), &out);
	assert_true(out.len < 80);
	buf_free(&name);
	buf_free(&out);
}

static void expect_target(const struct style *style, enum space space, struct route route,
			  const char *wanted)
{
	struct target target = { .kind = TARGET_ROUTE, .route = route };
	struct buf out = { 0 };
	style_target(style, space, &target, &out);
	assert_text(&out, wanted);
	buf_free(&out);
}

/* GOPH-128; a capsule's own addresses change only where files are its host. */
static void test_links_follow(void **state)
{
	(void)state;
	struct style style;
	style_default(&style);
	struct route post = { .kind = ROUTE_POST, .name = STR("\xc3\xa9") };
	expect_target(&style, SPACE_GOPHER, post, "gopher://localhost/0/posts/%C3%A9.txt");
	style.place.gopher_prefix = STR("/~ada");
	style.place.form = PLACE_GOPHER_FILES;
	expect_target(&style, SPACE_GOPHER, post,
		      "gopher://localhost/0/~ada/posts/e_1707b71814c3.txt");
	expect_target(&style, SPACE_GEMINI, post, "/posts/%C3%A9.gmi");
	style.place.gemini_base = STR("gemini://example.org/~ada");
	style.place.form = PLACE_GEMINI_FILES;
	expect_target(&style, SPACE_GEMINI, post, "gemini://example.org/~ada/posts/%C3%A9.gmi");
	struct buf out = { 0 };
	style_absolute(&style, SPACE_GEMINI, &post, &out);
	assert_text(&out, "gemini://example.org/~ada/posts/%C3%A9.gmi");
	buf_free(&out);
}

static void test_files_know_neither_search_nor_chance(void **state)
{
	(void)state;
	struct style style;
	style_default(&style);
	struct route search = { .kind = ROUTE_SEARCH }, chance = { .kind = ROUTE_RANDOM };
	struct route home = { .kind = ROUTE_HOME };
	assert_true(style_reaches(&style, &search) && style_reaches(&style, &chance));
	style.place.form = PLACE_GEMINI_FILES;
	assert_false(style_reaches(&style, &search) || style_reaches(&style, &chance));
	assert_true(style_reaches(&style, &home));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_paths_stay),
		cmocka_unit_test(test_other_paths_become_ascii),
		cmocka_unit_test(test_different_names_stay_different),
		cmocka_unit_test(test_long_names_are_cut),
		cmocka_unit_test(test_links_follow),
		cmocka_unit_test(test_files_know_neither_search_nor_chance),
	};
	return cmocka_run_group_tests_name("file_name", tests, NULL, NULL);
}
