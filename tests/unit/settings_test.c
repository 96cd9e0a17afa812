/* capsule.yaml: every key of the contract, and every kind of fault with its place. */
#include "group.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "math/math.h"
#include "site/settings.h"

static struct str path; /* of the settings under test */

static struct settings *read_text(const char *text, struct fault *fault)
{
	struct fault failed;
	if (!file_replace(path, str_from(text), 0600, &failed))
		fail_msg("%s", failed.text);
	return settings_read(path, fault);
}

static struct settings *good(const char *text)
{
	struct fault fault;
	struct settings *settings = read_text(text, &fault);
	if (settings == NULL)
		fail_msg("%u:%u: %s", fault.line, fault.column, fault.text);
	return settings;
}

static void fills_in_the_defaults(void **state)
{
	(void)state;
	struct settings *s = good("title: Learning out loud\n");
	assert_str(s->title, "Learning out loud");
	assert_str(s->language, "en");
	assert_int_equal(s->nhosts, 1);
	assert_str(s->hosts[0], "localhost");
	assert_int_equal(s->posts_per_page, 20);
	assert_int_equal(s->style.width, 70);
	assert_int_equal(s->style.links, LINKS_PARAGRAPH);
	assert_str(s->style.rule, "---");
	assert_true(s->math);
	assert_false(s->style.ascii || s->style.emphasis_markdown || s->style.math_bold_unicode);
	assert_str(s->gemini.addresses[0], "[::]:1965");
	assert_str(s->gopher.addresses[0], "[::]:7070");
	assert_int_equal(s->gemini.public_port, 0);
	assert_str(s->gopher.host, "localhost");
	assert_int_equal(s->limits.connections, 10000);
	assert_int_equal(s->limits.per_address, 256);
	assert_int_equal(s->limits.handshake_s, 10);
	assert_int_equal(s->limits.request_s, 10);
	assert_int_equal(s->limits.response_s, 60);
	assert_int_equal(s->limits.post_bytes, 4194304);
	assert_int_equal(s->limits.cache_bytes, 16777216);
	assert_str(s->access_log, "stderr");
	assert_int_equal(s->log_addresses, ADDRESSES_FULL);
	assert_true(str_ends(s->content, STR("/../content")));
	assert_true(str_ends(s->certificates, STR("/../certs")));
	assert_true(s->style.place.has_gemini && s->style.place.has_gopher);
	settings_free(s);
}

static void reads_every_key(void **state)
{
	(void)state;
	struct settings *s =
	    good("title: \"A  title\"\n"
		 "description: Notes\n"
		 "author: {name: A, email: a@example.org, uri: https://example.org/}\n"
		 "language: vi\n"
		 "hosts: [Example.ORG, b\xc3\xbc"
		 "cher.example]\n"
		 "content: posts\n"
		 "pages: /srv/pages\n"
		 "certificates: keys\n"
		 "posts_per_page: 5\n"
		 "width: 66\n"
		 "links: section\n"
		 "emphasis: markdown\n"
		 "hr: \"* * *\"\n"
		 "charset: ascii\n"
		 "math: false\n"
		 "math_bold: unicode\n"
		 "math_macros: {'\\R': '\\mathbb{R}'}\n"
		 "labels: {keyword: Tag, part_of: \"%u/%u:\"}\n"
		 "gemini: {listen: \"127.0.0.1:0\", port: 1966}\n"
		 "gopher: {listen: [\"[::1]:70\", \"0.0.0.0:70\"], host: g.example.org, port: 70}\n"
		 "limits: {connections: 1, per_address: 0, handshake_s: 2, request_s: 3,\n"
		 "  response_s: 4, post_bytes: 5, cache_bytes: 0}\n"
		 "log: {access: access.log, addresses: short}\n"
		 "user: perigee\n");
	assert_str(s->title, "A title");
	assert_str(s->description, "Notes");
	assert_str(s->author_name, "A");
	assert_str(s->author_email, "a@example.org");
	assert_str(s->author_uri, "https://example.org/");
	assert_str(s->language, "vi");
	assert_int_equal(s->nhosts, 2);
	assert_str(s->hosts[0], "example.org");
	assert_str(s->hosts[1], "xn--bcher-kva.example");
	assert_true(str_ends(s->content, STR("/posts")));
	assert_str(s->pages, "/srv/pages");
	assert_int_equal(s->posts_per_page, 5);
	assert_int_equal(s->style.width, 66);
	assert_int_equal(s->style.links, LINKS_SECTION);
	assert_str(s->style.rule, "* * *");
	assert_true(s->style.ascii && s->style.emphasis_markdown && s->style.math_bold_unicode);
	assert_false(s->math);
	assert_str(s->style.labels.word[LABEL_KEYWORD], "Tag");
	assert_str(s->style.labels.word[LABEL_IMAGE], "H\xc3\xacnh");
	assert_str(s->gemini.addresses[0], "127.0.0.1:0");
	assert_int_equal(s->gemini.public_port, 1966);
	assert_int_equal(s->gopher.naddresses, 2);
	assert_str(s->gopher.addresses[1], "0.0.0.0:70");
	assert_str(s->gopher.host, "g.example.org");
	assert_str(s->style.place.gopher_host, "g.example.org");
	assert_int_equal(s->style.place.gemini_port, 1966);
	assert_int_equal(s->limits.connections, 1);
	assert_int_equal(s->limits.per_address, 0);
	assert_int_equal(s->limits.post_bytes, 5);
	assert_int_equal(s->limits.cache_bytes, 0);
	assert_true(str_ends(s->access_log, STR("/access.log")));
	assert_int_equal(s->log_addresses, ADDRESSES_SHORT);
	assert_str(s->user, "perigee");
	struct labels labels;
	settings_labels(s, STR("en"), &labels);
	assert_str(labels.word[LABEL_KEYWORD], "Tag");
	assert_str(labels.word[LABEL_IMAGE], "Image");
	settings_free(s);
}

static void takes_off_and_nothing(void **state)
{
	(void)state;
	struct settings *s = good("title: x\ngemini: {listen: off}\nlabels:\nlog: {access: off}\n");
	assert_true(s->gemini.off);
	assert_false(s->style.place.has_gemini);
	assert_false(s->gopher.off);
	assert_int_equal(s->nlabels, 0);
	assert_str(s->access_log, "off");
	settings_free(s);
}

static void says_where_and_what_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
		const char *part; /* of the sentence */
	} rows[] = {
		{ "titel: x\n", 1, 1, "unknown key \"titel\": did you mean \"title\"?" },
		{ "title: x\nfoo_bar_baz: 1\n", 2, 1, "unknown key \"foo_bar_baz\"" },
		{ "title: x\nlimits:\n  conections: 1\n", 3, 3, "did you mean \"connections\"?" },
		{ "title: x\nwidth: wide\n", 2, 8, "width must be a number from 20 to 200" },
		{ "title: x\nwidth: 7\n", 2, 8, "width must be a number from 20 to 200" },
		{ "title: x\nwidth: \"70\"\n", 2, 8, "width must be a number" },
		{ "title: x\nposts_per_page: 0\n", 2, 17, "posts_per_page must be" },
		{ "title: [x]\n", 1, 8, "title must be a text, not a list" },
		{ "title: x\nlinks: everywhere\n", 2, 8,
		  "paragraph | section | end | numbered | off" },
		{ "title: x\nmath: maybe\n", 2, 7, "true or false" },
		{ "title: x\nhosts: example.org\n", 2, 8, "hosts must be a list of names" },
		{ "title: x\nhosts: [127.0.0.1]\n", 2, 9, "names, not addresses" },
		{ "title: x\nhosts: [\"[::1]\"]\n", 2, 9, "names, not addresses" },
		{ "title: x\nhosts: [a b]\n", 2, 9, "a host must be a name" },
		{ "title: x\nhosts: []\n", 2, 8, "hosts must be a list of names" },
		{ "title: x\ngemini: {listen: 1965}\n", 2, 18, "listen takes ADDRESS:PORT" },
		{ "title: x\ngemini: {listen: [\"::1:70000\"]}\n", 2, 19, "listen takes" },
		{ "title: x\ngemini: {port: 0}\n", 2, 16, "port must be a number from 1" },
		{ "title: x\ngemini: off\n", 2, 9, "gemini must be a map of keys" },
		{ "title: x\ngopher: {hots: x}\n", 2, 10, "did you mean \"host\"?" },
		{ "title: x\nlabels: {keywrd: Tag}\n", 2, 10, "did you mean \"keyword\"?" },
		{ "title: x\nlabels: {part_count: many}\n", 2, 22, "as many %u" },
		{ "title: x\nmath_macros: {'R2': x}\n", 2, 21, "is no macro" },
		{ "title: x\nmath_macros: [x]\n", 2, 14, "math_macros must be a map" },
		{ "title: x\nlog: {addresses: some}\n", 2, 18, "full | short | none" },
		{ "title: x\ntitle: y\n", 2, 1, "stands twice" },
		{ "title: x\nlanguage: \"e n\"\n", 2, 11, "a language such as" },
		{ "title: x\nlanguage: [en]\n", 2, 11, "a language such as" },
		{ "description: x\n", 1, 1, "\"title\" is missing" },
		{ "", 1, 1, "\"title: ...\" is needed" },
		{ "- a\n", 1, 1, "\"title: ...\" is needed" },
		{ "title: [\n", 2, 1, "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fault fault = { 0 };
		struct settings *s = read_text(rows[i].text, &fault);
		if (s != NULL)
			fail_msg("accepted: %s", rows[i].text);
		if (str_find_str(str_from(fault.text), str_from(rows[i].part), 0) == STR_NOT_FOUND)
			fail_msg("%s: %s", rows[i].text, fault.text);
		if (fault.line != rows[i].line || fault.column != rows[i].column)
			fail_msg("%s: %u:%u %s", rows[i].text, fault.line, fault.column,
				 fault.text);
		assert_true(str_equal(fault.file, path));
	}
}

static void tells_a_missing_file(void **state)
{
	(void)state;
	struct fault fault = { 0 };
	assert_null(settings_read(STR("/nowhere/capsule.yaml"), &fault));
	assert_true(strlen(fault.text) > 0);
	assert_true(str_equal(fault.file, STR("/nowhere/capsule.yaml")));
}

static int begin(void **state)
{
	(void)state;
	char folder[] = "/tmp/settings_test.XXXXXX";
	if (mkdtemp(folder) == NULL)
		return -1;
	path = arena_format(&arena, "%s/capsule.yaml", folder);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path.at);
	rmdir(arena_str(&arena, str_sub(path, 0, str_find_last(path, '/'))).at);
	arena_free(&arena);
	return 0;
}

static void knows_where_caches_are(void **state)
{
	(void)state;
	struct settings *s = good("title: T\ncertificates: /srv/keys\n");
	assert_str(s->cache, "/srv/keys/../cache");
	assert_int_equal(s->search, SEARCH_AUTO);
	settings_free(s);
	setenv("CACHE_DIRECTORY", "/var/cache/perigee:/other", 1);
	s = good("title: T\nsearch: off\n");
	unsetenv("CACHE_DIRECTORY");
	assert_str(s->cache, "/var/cache/perigee");
	assert_int_equal(s->search, SEARCH_OFF);
	settings_free(s);
	s = good("title: T\ncache: /tmp/c\nsearch: file\n");
	assert_str(s->cache, "/tmp/c");
	assert_int_equal(s->search, SEARCH_FILE);
	settings_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_in_the_defaults),
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(takes_off_and_nothing),
		cmocka_unit_test(knows_where_caches_are),
		cmocka_unit_test(says_where_and_what_is_wrong),
		cmocka_unit_test(tells_a_missing_file),
	};
	return cmocka_run_group_tests_name("settings", tests, begin, end);
}
