/* Catalogues: order, slugs, series, keywords, look-ups, links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "content/catalogue_build.h"
#include "content/versions.h"

/* A path that begins with `pages:` is below the pages folder. */
struct file {
	const char *path, *text;
};

static struct arena arena;
static struct catalogue *c;
static struct fault_list faults;

/* The catalogue of these files on 2024-01-01. */
static void build_files(const struct file *files, size_t n)
{
	struct post_parser parser = {
		.arena = &arena, .language = STR("en"), .faults = &faults, .fault_arena = &arena
	};
	struct record *records = ARENA_ARRAY(&arena, struct record, n);
	struct entry *entries = ARENA_ARRAY(&arena, struct entry, n);
	struct date now;
	assert_true(date_parse(STR("2024-01-01"), &now));
	faults = (struct fault_list){ 0 };
	for (size_t i = 0; i < n; i++) {
		struct str path = str_from(files[i].path), prefix = STR("pages:");
		bool in_pages = str_starts(path, prefix);
		post_parse(&parser, str_skip(path, in_pages ? prefix.len : 0), in_pages,
			   str_from(files[i].text), true, &records[i]);
		entries[i] = (struct entry){ &records[i].post, &records[i].source };
	}
	struct version_store *versions = versions_new(1000);
	struct build build = { .entries = entries,
			       .nentries = n,
			       .now = now.instant,
			       .content_root = -1,
			       .pages_root = -1,
			       .versions = versions,
			       .faults = &faults,
			       .fault_arena = &arena };
	c = catalogue_build(&build);
	versions_release(versions);
	arena_free(&parser.work);
	buf_free(&parser.scratch);
}
#define BUILD(...)                                                                                 \
	do {                                                                                       \
		static const struct file files[] = { __VA_ARGS__ };                                \
		build_files(files, sizeof files / sizeof *files);                                  \
	} while (0)

static int tear_down(void **state)
{
	(void)state;
	catalogue_release(c);
	c = NULL;
	arena_free(&arena);
	return 0;
}

static void assert_str(struct str s, const char *text)
{
	if (!str_equal(s, str_from(text)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARGS(s), text);
}

static void posts_stand_newest_first(void **state)
{
	(void)state;
	BUILD({ "2020-01-01-b.md", "" }, { "2020-01-01-a.md", "" }, { "2021-01-01-c.md", "" },
	      { "2019-06-01-d.md", "" }, { "2030-01-01-future.md", "" }, { "page.md", "" });
	assert_int_equal(c->nposts, 4);
	assert_str(c->posts[0].slug, "c");
	assert_str(c->posts[1].slug, "a");
	assert_str(c->posts[2].slug, "b");
	assert_str(c->posts[3].slug, "d");
	assert_int_equal(c->posts[0].newer, NO_INDEX);
	assert_int_equal(c->posts[0].older, 1);
	assert_int_equal(c->posts[3].older, NO_INDEX);
	assert_int_equal(c->npages, 1);
	assert_int_equal(c->nhidden, 1);
	uint32_t first, count;
	catalogue_year(c, 2020, &first, &count);
	assert_int_equal(first, 1);
	assert_int_equal(count, 2);
	catalogue_year(c, 2018, &first, &count);
	assert_int_equal(count, 0);
}

static void a_year_is_whole_whatever_the_zones(void **state)
{
	(void)state;
	BUILD({ "a.md", "---\ndate: 2020-01-01 00:30 +0900\n---\n" },
	      { "b.md", "---\ndate: 2019-12-31 20:00\n---\n" },
	      { "c.md", "---\ndate: 2020-01-02\n---\n" });
	uint32_t first, count;
	catalogue_year(c, 2020, &first, &count);
	assert_int_equal(count, 2);
	assert_str(c->posts[2].slug, "b");
}

static void one_slug_twice_gets_a_number(void **state)
{
	(void)state;
	BUILD({ "2021-01-01-x.md", "" }, { "old/2020-01-01-x.md", "" }, { "2022-01-01-x.md", "" },
	      { "2023-01-01-x-2.md", "" });
	assert_int_equal(catalogue_post(c, STR("x"))->date.year, 2020);
	assert_int_equal(catalogue_post(c, STR("x-2"))->date.year, 2023);
	assert_int_equal(catalogue_post(c, STR("x-3"))->date.year, 2021);
	assert_int_equal(catalogue_post(c, STR("x-4"))->date.year, 2022);
	assert_int_equal(faults.count, 2);
}

static void keywords_are_merged_and_named_as_they_are_written_most(void **state)
{
	(void)state;
	BUILD({ "2020-01-01-a.md", "---\nkeyword: [machine_learning, blog]\n---\n" },
	      { "2020-01-02-b.md", "---\nkeyword: [Machine Learning, blog, Blog]\n---\n" },
	      { "2020-01-03-c.md", "---\nkeyword: [machine_learning]\n---\n" },
	      { "2020-01-04-d.md", "---\nkeyword: ['\xc3\x89t\xc3\xa9', zebra, alpha]\n---\n" });
	const struct group *g = catalogue_keyword(c, STR("machine-learning"));
	assert_non_null(g);
	assert_str(g->name, "machine_learning");
	assert_int_equal(g->nmembers, 3);
	assert_str(c->posts[c->members[g->first_member]].slug, "c");
	assert_int_equal(catalogue_keyword(c, STR("blog"))->nmembers, 2);
	assert_null(catalogue_keyword(c, STR("Machine Learning")));
	/* As a reader looks for them, not by bytes. */
	assert_str(c->keywords[0].name, "alpha");
	assert_str(c->keywords[1].name, "blog");
	assert_str(c->keywords[2].name, "\xc3\x89t\xc3\xa9");
	assert_str(c->keywords[2].slug, "\xc3\xa9t\xc3\xa9");
	assert_str(c->keywords[4].name, "zebra");
	/* A post's keywords in its own order, each once. */
	const struct post *b = catalogue_post(c, STR("b"));
	assert_int_equal(b->nkeywords, 2);
	assert_str(c->keywords[c->post_keywords[b->first_keyword]].slug, "machine-learning");
}

static void series_have_a_reading_order(void **state)
{
	(void)state;
	BUILD({ "2020-01-01-a.md", "---\nseries: S\n---\n" },
	      { "2020-01-02-b.md", "---\nseries: s\n---\n" },
	      { "2020-01-03-c.md", "---\nseries: S\npart: 1\n---\n" },
	      { "2020-01-02-bb.md", "---\nseries: S\n---\n" },
	      { "2020-01-05-draft.md", "---\nseries: S\ndraft: true\n---\n" },
	      { "2020-01-06-other.md", "" });
	assert_int_equal(c->nseries, 1);
	const struct group *s = catalogue_series(c, STR("s"));
	assert_str(s->name, "S");
	assert_int_equal(s->nmembers, 4);
	static const char *const order[] = { "c", "a", "b", "bb" };
	for (uint32_t i = 0; i < 4; i++) {
		const struct post *post = &c->posts[c->members[s->first_member + i]];
		assert_str(post->slug, order[i]);
		assert_int_equal(post->part, i + 1);
		assert_int_equal(post->series, 0);
	}
	assert_int_equal(catalogue_post(c, STR("other"))->series, NO_INDEX);
}

static void slugs_of_groups(void **state)
{
	(void)state;
	static const struct {
		const char *name, *slug;
	} cases[] = {
		{ "Machine Learning", "machine-learning" },
		{ "machine_learning", "machine-learning" },
		{ "  C++  ", "c" },
		{ "\xe6\x97\xa5\xe8\xa8\x98", "\xe6\x97\xa5\xe8\xa8\x98" },
		{ "Vi\xe1\xbb\x87t Nam!", "vi\xe1\xbb\x87t-nam" },
		{ "--a--b--", "a-b" },
		{ "\xf0\x9f\x9a\x80", "\xf0\x9f\x9a\x80" },
		{ "../x", "x" },
		{ "+/+", "+-+" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf slug = { 0 };
		catalogue_slug(str_from(cases[i].name), &slug);
		assert_str(buf_str(&slug), cases[i].slug);
		buf_free(&slug);
	}
}

static void related_posts_share_rare_keywords(void **state)
{
	(void)state;
	BUILD({ "2020-01-01-a.md", "---\ntags: [common, rare]\nseries: S\n---\n" },
	      { "2020-01-02-b.md", "---\ntags: [common]\n---\n" },
	      { "2020-01-03-c.md", "---\ntags: [common, rare]\n---\n" },
	      { "2020-01-04-d.md", "---\ntags: [common, rare]\nseries: S\n---\n" },
	      { "2020-01-05-e.md", "---\ntags: [other]\n---\n" });
	uint32_t found[3];
	unsigned n = catalogue_related(c, catalogue_post(c, STR("a")), 3, found);
	assert_int_equal(n, 2); /* d is of its own series, e shares nothing */
	assert_str(c->posts[found[0]].slug, "c");
	assert_str(c->posts[found[1]].slug, "b");
	n = catalogue_neighbours(c, catalogue_keyword(c, STR("rare")), 3, found);
	assert_int_equal(n, 1);
	assert_str(c->keywords[found[0]].slug, "common");
	assert_int_equal(catalogue_neighbours(c, catalogue_keyword(c, STR("other")), 3, found), 0);
}

static void old_web_addresses_are_found(void **state)
{
	(void)state;
	BUILD({ "_posts/2020-05-25-vectors.md",
		"---\ntitle: What a Vector Is\ncategories: [math]\n---\n" },
	      { "travel/2021-02-03-rome.md",
		"---\naliases: [/roma.html, 'old/rome/']\npermalink: /t/:title/\n---\n" },
	      { "about.md", "---\nredirect_from: /me\n---\n" },
	      { "content/trips/by-train.md",
		"---\ndate: 2021-03-04\naliases: [rails, ../tracks/, ./a/b.html]\n---\n" },
	      { "content/contact.md", "---\ntitle: Contact\n---\n" });
	static const struct {
		const char *path, *slug;
	} cases[] = {
		{ "/2020/05/25/vectors.html", "vectors" },
		{ "/math/2020/05/25/vectors.html", "vectors" },
		{ "/2020/05/25/vectors/", "vectors" },
		{ "/2020/146/vectors.html", "vectors" },
		{ "/vectors", "vectors" },
		{ "/vectors.html", "vectors" },
		{ "/blog/vectors/index.html", "vectors" },
		{ "/posts/what-a-vector-is/", "vectors" },
		{ "/2020-05-25-vectors", "vectors" },
		{ "/roma", "rome" },
		{ "/roma.html", "rome" },
		{ "/old/rome", "rome" },
		{ "/t/rome", "rome" },
		{ "/travel/rome/", "rome" },
		{ "/me/", "about" },
		{ "/about.html", "about" },
		/* Hugo's, from the folder of the post, and below the root of its site */
		{ "/rails/", "by-train" },
		{ "/trips/rails/", "by-train" },
		{ "/tracks/", "by-train" },
		{ "/trips/a/b/", "by-train" },
		{ "/physics/rails/", NULL },
		{ "/trips/by-train/", "by-train" },
		{ "/contact/", "content/contact" },
		{ "/2019/05/25/vectors.html", NULL },
		{ "/physics/vectors.html", NULL },
		{ "/travel/vectors", NULL },
		{ "/", NULL },
		{ "/nothing", NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct post *post = catalogue_old_address(c, str_from(cases[i].path));
		if ((post != NULL) != (cases[i].slug != NULL))
			fail_msg("%s", cases[i].path);
		if (post != NULL)
			assert_str(post->slug, cases[i].slug);
	}
	const struct post *about = catalogue_old_address(c, STR("/me"));
	assert_int_equal(catalogue_route(c, about).kind, ROUTE_PAGE);
	assert_true(catalogue_is_page(c, about));
}

static void assert_resolves(const char *from, const char *reference, const char *path,
			    const char *title, bool missed)
{
	struct catalogue_resolver r;
	struct target target;
	struct buf out = { 0 };
	catalogue_resolver(&r, c, str_from(from), false);
	r.base.resolve(&r.base, &arena, str_from(reference), &target);
	assert_int_equal(target.kind, TARGET_ROUTE);
	route_spell(SPACE_GEMINI, &target.route, &out);
	if (!str_equal(buf_str(&out), str_from(path)))
		fail_msg("%s in %s is %.*s, not %s", reference, from, STR_ARGS(buf_str(&out)),
			 path);
	assert_str(target.title, title);
	assert_int_equal(r.missed, missed);
	buf_free(&out);
}

/* L16, L13, M04 */
static void references_resolve_to_routes(void **state)
{
	(void)state;
	BUILD({ "posts/eigen.md", "---\ntitle: Eigen\ndate: 2020-01-01\n---\n" },
	      { "posts/other-post.md", "---\ntitle: Other Post\ndate: 2020-01-02\n---\n" },
	      { "posts/2020-02-02-dated.md", "---\ntitle: Dated\ntags: [x]\nseries: S\n---\n" },
	      { "posts/bundle/index.md", "---\ntitle: Bundle\ndate: 2020-01-03\n---\n" },
	      { "posts/draft.md", "---\ntitle: Secret\ndate: 2020-01-03\ndraft: true\n---\n" },
	      { "pages:about.md", "no title\n" }, { "sec/_index.md", "---\ntitle: Sec\n---\n" });
	static const struct {
		const char *reference, *path, *title;
		bool missed;
	} cases[] = {
		{ "../posts/other-post.md", "/posts/other-post.gmi", "Other Post", false },
		{ "nope.md", "/posts/nope.md", "", true },
		{ "/about.md?x=1", "/about.gmi?x=1", "", false },
		{ "./other-post.md#sec", "/posts/other-post.gmi", "Other Post", false },
		{ "other-post", "/posts/other-post.gmi", "Other Post", false },
		{ "other-post.html", "/posts/other-post.gmi", "Other Post", false },
		{ "../other-post/", "/posts/other-post.gmi", "Other Post", false },
		{ "/other-post/", "/posts/other-post.gmi", "Other Post", false },
		{ "@/posts/other-post.md", "/posts/other-post.gmi", "Other Post", false },
		{ "dated.md", "/posts/dated.gmi", "Dated", false },
		{ "2020-02-02-dated.md", "/posts/dated.gmi", "Dated", false },
		{ "/2020/02/02/dated.html", "/posts/dated.gmi", "Dated", false },
		{ "bundle", "/posts/bundle.gmi", "Bundle", false },
		{ "bundle/index.md", "/posts/bundle.gmi", "Bundle", false },
		{ "/sec/", "/sec.gmi", "Sec", false },
		{ "/posts/other-post.gmi", "/posts/other-post.gmi", "Other Post", false },
		{ "/series/s/", "/series/s/", "", false },
		{ "/keywords/x/", "/keywords/x/", "", false },
		{ "/keywords/y/", "/keywords/y/", "", true },
		{ "/archive/", "/archive/", "", false },
		{ "/", "/", "", false },
		{ "..", "/", "", false },
		{ "../../../../about", "/about.gmi", "", false },
		{ "draft.md", "/posts/draft.md", "", true },
		{ "img/a%20b.png?w=1", "/posts/img/a%20b.png?w=1", "", true },
		{ "/c", "/c", "", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_resolves("posts/eigen.md", cases[i].reference, cases[i].path, cases[i].title,
				cases[i].missed);
	/* A bundle's own files, and its neighbours as on the web. */
	assert_resolves("posts/bundle/index.md", "../other-post.md", "/posts/other-post.gmi",
			"Other Post", false);
	assert_resolves("posts/bundle/index.md", "pic.png", "/posts/bundle/pic.png", "", true);
}

static void references_count_from_the_root_of_the_site(void **state)
{
	(void)state;
	BUILD({ "content/posts/a.md", "---\ndate: 2020-01-01\nslug: x\ntitle: T\n---\n" },
	      { "content/about.md", "---\ntitle: About\n---\n" });
	assert_resolves("content/posts/b.md", "@/posts/a.md", "/posts/x.gmi", "T", false);
	assert_resolves("content/posts/b.md", "/posts/a/", "/posts/x.gmi", "T", false);
	assert_resolves("content/posts/b.md", "/about/", "/content/about.gmi", "About", false);
	assert_resolves("content/posts/b.md", "about/", "/content/posts/about/", "", true);
	struct catalogue_resolver r;
	struct target target;
	catalogue_resolver(&r, c, STR("content/posts/b.md"), false);
	assert_true(r.base.find(&r.base, &arena, STR("/posts/a.md"), &target));
}

/* L20, M04 */
static void names_are_found_folded(void **state)
{
	(void)state;
	BUILD({ "posts/2020-01-02-other-post.md", "---\ntitle: Other Post\n---\n" },
	      { "pages:about.md", "# About M\xc3\x89\n" },
	      { "draft.md", "---\ntitle: Secret\ndraft: true\n---\n" });
	static const struct {
		const char *name, *slug;
	} cases[] = {
		{ "Other Post", "other-post" },
		{ "other post", "other-post" },
		{ "*Other* `post`", "other-post" },
		{ "OTHER-POST", "other-post" },
		{ "other-post.md", "other-post" },
		{ "posts/2020-01-02-other-post.md", "other-post" },
		{ "2020-01-02-other-post", "other-post" },
		{ "/posts/2020-01-02-other-post", "other-post" },
		{ "about m\xc3\xa9", "about" },
		{ "Secret", NULL },
		{ "No Such", NULL },
		{ "", NULL },
	};
	struct catalogue_resolver r;
	catalogue_resolver(&r, c, STR("x.md"), false);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct target target;
		r.missed = false;
		bool found = r.base.find(&r.base, &arena, str_from(cases[i].name), &target);
		if (found != (cases[i].slug != NULL))
			fail_msg("%s", cases[i].name);
		assert_int_equal(r.missed, !found);
		if (found)
			assert_str(target.route.name, cases[i].slug);
	}
}

static void a_file_beside_is_meant_before_one_of_the_other_folder(void **state)
{
	(void)state;
	BUILD({ "notes.md", "---\ntitle: A post\ndate: 2020-01-01\n---\n" },
	      { "pages:notes.md", "# A page\n" },
	      { "only.md", "---\ntitle: Only\ndate: 2020-01-02\n---\n" });
	static const struct {
		bool in_pages;
		const char *reference, *title;
	} cases[] = {
		{ false, "notes.md", "A post" },
		{ true, "notes.md", "A page" },
		{ true, "only.md", "Only" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct catalogue_resolver r;
		struct target target;
		catalogue_resolver(&r, c, STR("x.md"), cases[i].in_pages);
		r.base.resolve(&r.base, &arena, str_from(cases[i].reference), &target);
		assert_str(target.title, cases[i].title);
	}
}

static void a_page_of_the_pages_folder_wins_its_address(void **state)
{
	(void)state;
	BUILD({ "about.md", "# Content\n" }, { "pages:about.md", "# Pages\n" });
	assert_str(catalogue_page(c, STR("about"))->title, "Pages");
	assert_int_equal(faults.count, 1);
}

static void what_no_page_asks_for_is_hidden(void **state)
{
	(void)state;
	BUILD({ "a.md", "---\npermalink: false\ndate: 2020-01-01\n---\n" },
	      { "b.md", "---\ndate: 2020-01-01\nexpiryDate: 2021-01-01\n---\n" });
	assert_int_equal(c->nposts, 0);
	assert_true(catalogue_is_hidden(c, STR("a.md")));
	assert_false(catalogue_is_gone(c, STR("a")));
	assert_true(catalogue_is_gone(c, STR("b")));
}

static void a_catalogue_lives_until_its_last_holder_lets_go(void **state)
{
	(void)state;
	BUILD({ "2020-01-01-a.md", "" });
	struct catalogue *held = catalogue_hold(c);
	catalogue_release(c);
	assert_str(held->posts[0].slug, "a");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(posts_stand_newest_first),
		TEST(a_year_is_whole_whatever_the_zones),
		TEST(one_slug_twice_gets_a_number),
		TEST(keywords_are_merged_and_named_as_they_are_written_most),
		TEST(series_have_a_reading_order),
		TEST(slugs_of_groups),
		TEST(related_posts_share_rare_keywords),
		TEST(old_web_addresses_are_found),
		TEST(references_resolve_to_routes),
		TEST(references_count_from_the_root_of_the_site),
		TEST(names_are_found_folded),
		TEST(a_file_beside_is_meant_before_one_of_the_other_folder),
		TEST(a_page_of_the_pages_folder_wins_its_address),
		TEST(what_no_page_asks_for_is_hidden),
		TEST(a_catalogue_lives_until_its_last_holder_lets_go),
	};
	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
