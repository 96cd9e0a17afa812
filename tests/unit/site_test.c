/* The door into the capsule: what exists, what moved, what is not for readers. */
#include "small_capsule.h"

static struct small_capsule capsule;

static void missing_slashes_are_redirected(void **state)
{
	(void)state;
	/* GEM-114; in Gopher selectors of folders answer with and without it */
	static const char *const folders[] = { "/archive",        "/archive/2",     "/archive/2020",
					       "/series",         "/keywords",      "/keywords/two",
					       "/archive/2020/2", "/keywords/two/2" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, folders[i]);
		if (r->kind != RESPONSE_REDIRECT || !r->permanent)
			fail_msg("%s: %d", folders[i], r->kind);
		assert_true(str_ends(r->text, STR("/")));
		r = small_capsule_ask(&capsule, SPACE_GOPHER, folders[i]);
		if (r->kind != RESPONSE_MENU)
			fail_msg("%s: %d", folders[i], r->kind);
	}
	assert_redirect(&capsule, SPACE_GEMINI, "/series/a-b-c", true, "/series/a-b-c/");
	/* No redirect to what is not there (GEM-110). */
	assert_missing(&capsule, SPACE_GEMINI, "/series/none");
	assert_missing(&capsule, SPACE_GEMINI, "/archive/1999");
	assert_missing(&capsule, SPACE_GEMINI, "/archive/9");
}

static void other_names_lead_to_the_place(void **state)
{
	(void)state;
	assert_redirect(&capsule, SPACE_GEMINI, "/atom.xml", true, "/feed.xml");
	assert_redirect(&capsule, SPACE_GEMINI, "/index.gmi", true, "/");
	/* old addresses, in one step (GEM-110), encoded (GEM-116) */
	assert_redirect(&capsule, SPACE_GEMINI, "/old/address", true, "/posts/caf%C3%A9%20%25.gmi");
	assert_redirect(&capsule, SPACE_GEMINI, "/old/address/", true,
			"/posts/caf%C3%A9%20%25.gmi");
	assert_redirect(&capsule, SPACE_GEMINI, "/old/address.html", true,
			"/posts/caf%C3%A9%20%25.gmi");
	assert_redirect(&capsule, SPACE_GOPHER, "/old/address", true,
			"/posts/caf\xc3\xa9 %.txt"); /* selectors are not encoded: GOPH-5 */
	/* files that Hugo puts at the root of its site */
	assert_redirect(&capsule, SPACE_GEMINI, "/img/b.png", true, "/static/img/b.png");
	assert_redirect(&capsule, SPACE_GOPHER, "/img/b.png", true, "/static/img/b.png");
	assert_missing(&capsule, SPACE_GEMINI, "/img/.b.png");
}

static void what_is_not_there_is_missing(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"/nope",
		"/posts/nope.gmi",
		"/posts/",
		"/posts",
		"/archive/1/",
		"/archive/4/",
		"/keywords/two/9/",
		"/series/none/feed.xml",
		"//",
		"/a//b",
		"/images",
		"/images/",
		"/archive/0/",
		"/search",
		"/posts/first.txt.gmi",
		"/nope.gmi",
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		for (int space = 0; space < 2; space++)
			assert_missing(&capsule, (enum space)space, paths[i]);
	struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, "/nope");
	assert_true(str_equal(r->text, STR("Not found: no post, page or file has this address")));
	r = small_capsule_ask(&capsule, SPACE_GOPHER, "/nope");
	assert_true(str_equal(r->text, STR("Not found")));
}

static void a_near_slug_is_named(void **state)
{
	(void)state;
	struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, "/posts/frist.gmi");
	assert_int_equal(r->kind, RESPONSE_MISSING);
	assert_true(str_equal(r->text, STR("Not found (did you mean /posts/first.gmi?)")));
	r = small_capsule_ask(&capsule, SPACE_GOPHER, "/posts/firts.txt");
	assert_true(str_equal(r->text, STR("Not found (did you mean /posts/first.txt?)")));
}

static void drafts_and_their_files_are_hidden(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"/posts/draft.gmi",   "/posts/draft.md",   "/draft.md",        "/posts/future.gmi",
		"/future.md",         "/posts/bundle.gmi", "/bundle/index.md", "/bundle/photo.png",
		"/bundle/deep/a.txt", "/keywords/secret/",
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		for (int space = 0; space < 2; space++)
			assert_missing(&capsule, (enum space)space, paths[i]);
	struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, "/posts/expired.gmi");
	assert_int_equal(r->kind, RESPONSE_GONE);
	assert_true(r->text.len > 0);
}

static void private_files_are_not_served(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"/capsule.yaml",   "/certs/localhost.key", "/certs/deep/a.key",
		"/access.log",     "/.hidden.txt",         "/.git/config",
		"/images/.hidden", "/outside.txt",         "/etc/passwd",
		"//etc/passwd",    "/.well-known/.secret", "/cache/posts-localhost.stamp",
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		for (int space = 0; space < 2; space++)
			assert_missing(&capsule, (enum space)space, paths[i]);
	assert_page(&capsule, SPACE_GEMINI, "/.well-known/security.txt", "here\n"); /* GEM-43 */
	assert_page(&capsule, SPACE_GEMINI, "/inside.txt", "a\nb\n"); /* a link that stays within */
}

static void data_files_are_not_served(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"/content.json",
		"/eleventy/eleventy.json",
		"/eleventy/eleventy.11tydata.js",
		"/eleventy/data-post.json",
		"/eleventy/x.11tydata.json",
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		for (int space = 0; space < 2; space++)
			assert_missing(&capsule, (enum space)space, paths[i]);
	assert_page(&capsule, SPACE_GEMINI, "/eleventy/other.json", "{\"title\": \"x\"}");
}

static void assert_file(const char *path, const char *type, char item, uint64_t size)
{
	struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, path);
	assert_int_equal(r->kind, RESPONSE_FILE);
	assert_string_equal(arena_str(&capsule.arena, r->type).at, type);
	assert_int_equal(r->size, size);
	r = small_capsule_ask(&capsule, SPACE_GOPHER, path);
	assert_int_equal(r->item, item);
	assert_int_equal(r->kind, item == '0' ? RESPONSE_TEXT : RESPONSE_FILE);
}

static void files_are_served_as_they_are(void **state)
{
	(void)state;
	assert_file("/images/a.png", "image/png", 'I', 4);
	assert_file("/images/empty.jpg", "image/jpeg", 'I', 0);
	assert_file("/images/a.gif", "image/gif", 'g', 1);
	assert_file("/song.mp3", "audio/mpeg", 's', 1);
	assert_file("/paper.PDF", "application/pdf", '9', 1);
	assert_file("/data.bin", "application/octet-stream", '9', 3);
	assert_file("/notes.txt", "text/plain", '0', 4);
	assert_file("/README", "text/plain", '0', 2);
	assert_file("/first.md", "text/markdown", '0', 73);
	/* Text of another encoding is not touched. */
	struct response *r = small_capsule_ask(&capsule, SPACE_GOPHER, "/latin.txt");
	assert_int_equal(r->kind, RESPONSE_FILE);
	assert_false(r->cacheable);
	assert_page(&capsule, SPACE_GOPHER, "/latin.txt", "caf\xe9\n");
}

static void folders_show_their_index(void **state)
{
	(void)state;
	/* GEM-B1 */
	assert_page(&capsule, SPACE_GEMINI, "/garden/", "# Garden\n");
	assert_true(str_equal(capsule.response.type, STR("text/gemini")));
	assert_redirect(&capsule, SPACE_GEMINI, "/garden", true, "/garden/");
	assert_redirect(&capsule, SPACE_GEMINI, "/shed/", true, "/shed.gmi");
	assert_redirect(&capsule, SPACE_GEMINI, "/shed", true, "/shed.gmi");
	assert_page(&capsule, SPACE_GEMINI, "/shed.gmi", "# Shed\n\nTools.\n\n=> / T\n");
	assert_page(&capsule, SPACE_GOPHER, "/garden", "iGarden\t\terror.host\t1\r\n.\r\n");
}

static void well_known_files(void **state)
{
	(void)state;
	struct response *r = small_capsule_ask(&capsule, SPACE_GEMINI, "/robots.txt");
	assert_int_equal(r->kind, RESPONSE_TEXT); /* GEM-R1 */
	assert_true(str_equal(r->type, STR("text/plain")));
	assert_non_null(strstr(small_capsule_body(&capsule), "User-agent: *\nDisallow: /search\n"));
	r = small_capsule_ask(&capsule, SPACE_GOPHER, "/robots.txt"); /* GOPH-100 */
	assert_int_equal(r->item, '0');
	assert_int_equal(r->kind, RESPONSE_TEXT);
	r = small_capsule_ask(&capsule, SPACE_GOPHER, "/caps.txt"); /* GOPH-101, GOPH-151 */
	assert_int_equal(r->kind, RESPONSE_TEXT);
	assert_true(str_starts(buf_str(&r->body), STR("CAPS\nCapsVersion=1\n")));
	assert_missing(&capsule, SPACE_GEMINI, "/caps.txt");
	assert_missing(&capsule, SPACE_GEMINI, "/favicon.txt"); /* GEM-F2 */
	small_capsule_write(&capsule, "pages/robots.txt", "mine\n");
	assert_page(&capsule, SPACE_GEMINI, "/robots.txt", "mine\n");
	assert_page(&capsule, SPACE_GOPHER, "/robots.txt", "mine\n");
}

/* A draft has no second address by way of the folder around its own. */
static void nested_roots_hide_drafts(void **state)
{
	(void)state;
	struct small_capsule nested;
	small_capsule_begin(&nested);
	small_capsule_write(&nested, "pages/posts/draft.md",
			    "---\ntitle: D\ndate: 2020-01-03\ndraft: true\n---\n");
	small_capsule_write(&nested, "pages/posts/photo.png", "x");
	small_capsule_load(&nested, "title: T\ncontent: posts\npages: .\n");
	assert_missing(&nested, SPACE_GEMINI, "/draft.md");
	assert_missing(&nested, SPACE_GEMINI, "/posts/draft.md");
	assert_missing(&nested, SPACE_GEMINI, "/capsule.yaml");
	assert_int_equal(small_capsule_ask(&nested, SPACE_GEMINI, "/photo.png")->kind,
			 RESPONSE_FILE);
	small_capsule_end(&nested);
}

static void queries_are_ignored_where_they_mean_nothing(void **state)
{
	(void)state;
	struct response *r = small_capsule_query(&capsule, SPACE_GEMINI, "/", "q"); /* GEM-33 */
	assert_int_equal(r->kind, RESPONSE_TEXT);
}

/* GEM-S7: something follows the date, however long a word the title begins with. */
static void endless_titles_are_cut(void **state)
{
	(void)state;
	small_capsule_ask(&capsule, SPACE_GEMINI, "/archive/2020/2/");
	const char *body = small_capsule_body(&capsule);
	assert_non_null(strstr(body, "=> /posts/endless.gmi 2020-01-01 wwwwwwww"));
	assert_null(strstr(body, "=> /posts/endless.gmi 2020-01-01\xe2\x80\xa6"));
}

static void write_posts(void)
{
	struct buf endless = { 0 };
	buf_add(&endless, STR("---\ndate: 2020-01-01\ntitle: "));
	buf_repeat(&endless, STR("w"), 400);
	buf_add(&endless, STR("\n---\nText.\n"));
	small_capsule_write_bytes(&capsule, "content/endless.md", buf_str(&endless));
	buf_free(&endless);
	small_capsule_write(
	    &capsule, "content/first.md",
	    "---\ntitle: First\ndate: 2020-01-01\nseries: a%b c\nkeyword: [two]\n---\nText.\n");
	small_capsule_write(&capsule, "content/cafe.md",
			    "---\ntitle: Caf\xc3\xa9\ndate: 2020-01-02\nslug: \"caf\xc3\xa9 %\"\n"
			    "aliases: [/old/address]\nkeyword: two\n---\nText.\n");
	small_capsule_write(
	    &capsule, "content/draft.md",
	    "---\ntitle: Draft\ndate: 2020-01-03\ndraft: true\nkeyword: secret\n---\n");
	small_capsule_write(&capsule, "content/future.md",
			    "---\ntitle: Future\ndate: 2021-01-03\nkeyword: secret\n---\n");
	small_capsule_write(&capsule, "content/expired.md",
			    "---\ntitle: E\ndate: 2020-01-03\nexpiryDate: 2020-02-01\n---\n");
	small_capsule_write(&capsule, "content/bundle/index.md",
			    "---\ntitle: Bundle\ndate: 2021-05-03\n---\n");
	small_capsule_write(&capsule, "content/bundle/photo.png", "x");
	small_capsule_write(&capsule, "content/content.json", "{\"layout\": \"base.njk\"}");
	small_capsule_write(&capsule, "content/eleventy/data-post.md",
			    "---\ndraft: true\ndate: 2020-01-01\n---\n");
	small_capsule_write(&capsule, "content/eleventy/data-post.json", "{\"title\": \"Secret\"}");
	small_capsule_write(&capsule, "content/eleventy/eleventy.json", "{\"lang\": \"en\"}");
	small_capsule_write(&capsule, "content/eleventy/eleventy.11tydata.js", "x");
	small_capsule_write(&capsule, "content/eleventy/x.11tydata.json", "x");
	small_capsule_write(&capsule, "content/eleventy/other.json", "{\"title\": \"x\"}");
	small_capsule_write(&capsule, "content/bundle/deep/a.txt", "x");
}

static void write_files(void)
{
	small_capsule_write(&capsule, "content/images/a.png", "\x89PNG");
	small_capsule_write(&capsule, "content/images/empty.jpg", "");
	small_capsule_write(&capsule, "content/static/img/b.png", "b");
	small_capsule_write(&capsule, "content/static/img/.b.png", "b");
	small_capsule_write(&capsule, "content/images/a.gif", "G");
	small_capsule_write(&capsule, "content/images/.hidden", "x");
	small_capsule_write(&capsule, "content/song.mp3", "x");
	small_capsule_write(&capsule, "content/paper.PDF", "x");
	small_capsule_write_bytes(&capsule, "content/data.bin", STR("a\0b"));
	small_capsule_write(&capsule, "content/notes.txt", "a\nb\n");
	small_capsule_write(&capsule, "content/latin.txt", "caf\xe9\n");
	small_capsule_write(&capsule, "content/README", "a\n");
	small_capsule_write(&capsule, "pages/garden/index.gmi", "# Garden\n");
	small_capsule_write(&capsule, "pages/shed/index.md", "---\ntitle: Shed\n---\nTools.\n");
	small_capsule_write(&capsule, "pages/.hidden.txt", "x");
	small_capsule_write(&capsule, "pages/.git/config", "x");
	small_capsule_write(&capsule, "pages/.well-known/security.txt", "here\n");
	small_capsule_write(&capsule, "pages/.well-known/.secret", "x");
	small_capsule_write(&capsule, "pages/certs/localhost.key", "secret");
	small_capsule_write(&capsule, "pages/certs/deep/a.key", "secret");
	small_capsule_write(&capsule, "pages/cache/posts-localhost.stamp", "drafts, too");
	small_capsule_write(&capsule, "pages/access.log", "log");
	assert_int_equal(
	    symlink("/etc/passwd", small_capsule_path(&capsule, "content/outside.txt").at), 0);
	assert_int_equal(
	    symlink("notes.txt", small_capsule_path(&capsule, "content/inside.txt").at), 0);
}

static int begin(void **state)
{
	(void)state;
	small_capsule_begin(&capsule);
	write_posts();
	write_files();
	small_capsule_load(&capsule, "title: T\nposts_per_page: 1\ncertificates: certs\n"
				     "log: {access: access.log}\n");
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
		cmocka_unit_test(missing_slashes_are_redirected),
		cmocka_unit_test(other_names_lead_to_the_place),
		cmocka_unit_test(what_is_not_there_is_missing),
		cmocka_unit_test(a_near_slug_is_named),
		cmocka_unit_test(drafts_and_their_files_are_hidden),
		cmocka_unit_test(private_files_are_not_served),
		cmocka_unit_test(data_files_are_not_served),
		cmocka_unit_test(files_are_served_as_they_are),
		cmocka_unit_test(folders_show_their_index),
		cmocka_unit_test(well_known_files),
		cmocka_unit_test(nested_roots_hide_drafts),
		cmocka_unit_test(endless_titles_are_cut),
		cmocka_unit_test(queries_are_ignored_where_they_mean_nothing),
	};
	return cmocka_run_group_tests_name("site", tests, begin, end);
}
