/* Addresses: specs/gemini.md section 3. */

#include "group.h"

#include "wire/uri.h"

static struct uri parsed(const char *text)
{
	struct uri uri;
	const char *why = NULL;
	if (!uri_parse(&arena, str_from(text), &uri, &why))
		fail_msg("%s: %s", text, why);
	return uri;
}

static void splits_a_whole_address(void **state)
{
	(void)state;
	struct uri uri = parsed("GEMINI://u:p@Example.ORG.:1965/a%20b/c?q=1/?#frag");
	assert_str(uri.scheme, "gemini");
	assert_str(uri.host, "example.org"); /* GEM-40 */
	assert_int_equal(uri.port, 1965);
	assert_str(uri.path, "/a%20b/c");
	assert_str(uri.query, "q=1/?");
	assert_true(uri.has_userinfo && uri.has_query && uri.has_fragment && uri.has_authority);
}

static void knows_what_is_missing(void **state)
{
	(void)state;
	struct uri uri = parsed("gemini://h");
	assert_int_equal(uri.port, 0); /* GEM-32 */
	assert_false(uri.has_query);
	assert_int_equal(uri.path.len, 0);
	uri = parsed("gemini://h:?");
	assert_int_equal(uri.port, 0);
	assert_true(uri.has_query); /* GEM-39: an empty query is a query */
	assert_true(parsed("gemini://@h/").has_userinfo);
	assert_true(parsed("gemini://h/#").has_fragment);
	assert_int_equal(parsed("/path").scheme.len, 0);
	assert_int_equal(parsed("//h/").scheme.len, 0);
	assert_str(parsed("mailto:a@b").path, "a@b");
	assert_str(parsed("gemini://[::1]:70/").host, "[::1]");
	assert_int_equal(parsed("gemini://[::1]:70/").port, 70);
}

static void refuses_bytes_that_no_address_has(void **state)
{
	(void)state;
	/* GEM-19, GEM-20 */
	static const struct str bad[] = {
		STR_INIT("gemini://h/a b"),     STR_INIT("gemini://h/\""),
		STR_INIT("gemini://h/<"),       STR_INIT("gemini://h/>"),
		STR_INIT("gemini://h/\\"),      STR_INIT("gemini://h/^"),
		STR_INIT("gemini://h/`"),       STR_INIT("gemini://h/{"),
		STR_INIT("gemini://h/}"),       STR_INIT("gemini://h/|"),
		STR_INIT("gemini://h/\n"),      STR_INIT("gemini://h/\x7f"),
		STR_INIT("gemini://h/a\0b"),    STR_INIT("gemini://h/%"),
		STR_INIT("gemini://h/%2"),      STR_INIT("gemini://h/%zz"),
		STR_INIT("gemini://h/\xdc"),    STR_INIT("gemini://h:x/"),
		STR_INIT("gemini://h:99999/"),  STR_INIT("gemini://h:0/"),
		STR_INIT("gemini://a%00b/"),    STR_INIT("gemini://a%20b/"),
		STR_INIT("gemini://\xc0\x80/"), STR_INIT("gemini://./"),
		STR_INIT("gemini://a../"),      STR_INIT("gemini://.a/"),
		STR_INIT("gemini://a..b/"),
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct uri uri;
		const char *why = NULL;
		if (uri_parse(&arena, bad[i], &uri, &why))
			fail_msg("accepted %.*s", STR_ARGS(bad[i]));
		assert_non_null(why);
	}
	parsed("gemini://h/\xc3\xa9");
}

static void compares_hosts_as_a_labels(void **state)
{
	(void)state;
	/* GEM-40 */
	assert_str(parsed("gemini://B\xc3\xbc"
			  "cher.example/")
		       .host,
		   "xn--bcher-kva.example");
	assert_str(parsed("gemini://b%C3%BCcher.example/").host, "xn--bcher-kva.example");
	assert_str(parsed("gemini://XN--BCHER-KVA.example./").host, "xn--bcher-kva.example");
	assert_true(uri_host_is_address(STR("127.0.0.1")));
	assert_true(uri_host_is_address(STR("[::1]")));
	assert_false(uri_host_is_address(STR("localhost")));
	assert_false(uri_host_is_address(STR("1.example")));
}

static void assert_path(const char *raw, enum uri_path result, const char *decoded)
{
	struct str path = STR("");
	enum uri_path got = uri_decode_path(&arena, str_from(raw), &path);
	if (got != result)
		fail_msg("%s: %d instead of %d", raw, got, result);
	if (decoded != NULL)
		assert_str(path, decoded);
}

static void decodes_paths_segment_by_segment(void **state)
{
	(void)state;
	assert_path("", URI_PATH_GOOD, "/"); /* GEM-33 */
	assert_path("/", URI_PATH_GOOD, "/");
	assert_path("/a%20b/c+d", URI_PATH_GOOD, "/a b/c+d"); /* GEM-38 */
	assert_path("/%7Euser/%c3%a9", URI_PATH_GOOD, "/~user/\xc3\xa9");
	assert_path("/a/./b/../c", URI_PATH_GOOD, "/a/c"); /* GEM-37 */
	assert_path("/a/..", URI_PATH_GOOD, "/");
	assert_path("/a/b/.", URI_PATH_GOOD, "/a/b/");
	assert_path("/a/%2e%2E/b", URI_PATH_GOOD, "/b");
	assert_path("/a//b", URI_PATH_GOOD, "/a//b");
	assert_path("/a%252Fb", URI_PATH_GOOD, "/a%2Fb");
	assert_path("/...", URI_PATH_GOOD, "/...");
	assert_path("/..", URI_PATH_CLIMBS, NULL);
	assert_path("/../../", URI_PATH_CLIMBS, NULL);
	assert_path("/a/../../b", URI_PATH_CLIMBS, NULL);
	assert_path("/%2e%2e/x", URI_PATH_CLIMBS, NULL);
	assert_path("/a%2Fb", URI_PATH_NOWHERE, NULL); /* GEM-36 */
	assert_path("/..%2f", URI_PATH_NOWHERE, NULL);
	assert_path("/a%00b", URI_PATH_CONTROL, NULL); /* GEM-19 */
	assert_path("/a%0d%0ab", URI_PATH_CONTROL, NULL);
	assert_path("/%7f", URI_PATH_CONTROL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_a_whole_address),
		cmocka_unit_test(knows_what_is_missing),
		cmocka_unit_test(refuses_bytes_that_no_address_has),
		cmocka_unit_test(compares_hosts_as_a_labels),
		cmocka_unit_test(decodes_paths_segment_by_segment),
	};
	return cmocka_run_group_tests_name("uri", tests, NULL, free_arena);
}
