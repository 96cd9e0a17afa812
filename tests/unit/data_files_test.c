/* Eleventy's data files: what they say for posts, and what becomes of them when they change. */
#include <sys/stat.h>
#include <unistd.h>

#include "content/catalogue_build.h"
#include "content/data_files.h"
#include "loads.h"

/* The keywords of a post, each with a blank behind it. */
static const char *keywords(const char *slug)
{
	static char text[200];
	const struct post *p = post(slug);
	text[0] = '\0';
	for (uint32_t i = 0; i < p->nkeywords; i++) {
		struct str name =
		    current->keywords[current->post_keywords[p->first_keyword + i]].name;
		snprintf(text + strlen(text), sizeof text - strlen(text), "%.*s ", STR_ARGS(name));
	}
	return text;
}

static void assert_author(const char *slug, const char *author)
{
	assert_non_null(post(slug));
	assert_string_equal(arena_str(&fault_arena, post(slug)->extras->author).at, author);
}

static int begin(void **state)
{
	set_up(state);
	make_folder("content/posts");
	make_folder("content/posts/old");
	write_file("content/posts/a.md", "---\ndate: 2020-02-01\ntags: [own]\n---\na\n");
	write_file("content/posts/old/b.md", "---\ndate: 2020-02-02\n---\nb\n");
	return 0;
}

static void values_of_a_folder_are_those_of_its_posts(void **state)
{
	(void)state;
	write_file("content/posts/posts.json",
		   "{\n\t\"tags\": [\"posts\", \"own\"], \"layout\": \"post.njk\",\n"
		   "\t\"permalink\": \"/{{ page.fileSlug }}/\", \"author\":\"Ann\", "
		   "\"lang\": \"fr\"\n}\n");
	assert_true(load());
	assert_int_equal(faults.count, 0);
	assert_string_equal(keywords("a"), "own posts ");
	assert_string_equal(keywords("b"), "posts own ");
	assert_author("a", "Ann");
	assert_author("b", "Ann");
	assert_author("first", "");
	assert_memory_equal(post("b")->extras->lang.at, "fr", 2);
	assert_int_equal(post("a")->nkeywords, 2);
	assert_int_equal(current->old_addresses.count, 0);
	assert_false(load());
}

static void the_nearest_word_counts(void **state)
{
	(void)state;
	write_file("content/content.json", "{\"author\": \"root\", \"license\": \"root\"}");
	write_file("content/posts/posts.json", "{\"author\": \"folder\", \"title\": \"folder\"}");
	assert_true(load());
	assert_author("first", "root");
	assert_author("b", "folder");
	assert_memory_equal(post("b")->extras->license.at, "root", 4);
	write_file("content/posts/posts.11tydata.json", "{\"author\": \"own ending\"}");
	assert_true(load());
	assert_author("b", "own ending");
	assert_title("b", "folder");
	write_file("content/posts/old/old.json", "{\"author\": \"deeper\"}");
	assert_true(load());
	assert_author("a", "own ending");
	assert_author("b", "deeper");
	write_file("content/posts/old/b.json", "{\"author\": \"beside\", \"tags\": \"two words\"}");
	assert_true(load());
	assert_author("b", "beside");
	assert_string_equal(keywords("b"), "two words ");
	write_file("content/posts/old/b.11tydata.json", "{\"author\": \"beside, own ending\"}");
	assert_true(load());
	assert_author("b", "beside, own ending");
	write_file("content/posts/old/b.md", "---\ndate: 2020-02-02\nauthor: itself\n---\nb\n");
	assert_true(load());
	assert_author("b", "itself");
	assert_title("b", "folder");
	assert_int_equal(faults.count, 0);
}

static void a_post_may_say_otherwise(void **state)
{
	(void)state;
	write_file("content/posts/posts.json",
		   "{\"draft\": true, \"permalink\": false, \"date\": \"2019-01-01\", "
		   "\"series\": \"All\", \"tags\": [\"posts\"]}");
	assert_true(load());
	assert_null(post("a"));
	assert_null(post("b"));
	assert_true(catalogue_is_hidden(current, STR("posts/a.md")));
	write_file("content/posts/a.md", "---\ndraft: false\npublished: 2020-02-01\n"
					 "permalink: /a/\nseries: false\n"
					 "override:tags: [own]\n---\na\n");
	write_file("content/posts/old/b.md", "---\ndraft: false\naliases: /x/\n---\nb\n");
	assert_true(load());
	assert_non_null(post("a"));
	assert_int_equal(post("a")->date.year, 2020);
	assert_int_equal(post("a")->series, NO_INDEX);
	assert_string_equal(keywords("a"), "own ");
	/* Other addresses do not make a page of what has none. */
	assert_null(post("b"));
}

static void a_change_reads_the_posts_that_it_concerns(void **state)
{
	(void)state;
	write_file("content/posts/old/old.json", "{\"author\": \"Ann\"}");
	assert_true(load());
	/* What only this catalogue knows shows which posts are not read again. */
	struct post *a = (struct post *)post("a"), *b = (struct post *)post("b");
	a->title = b->title = STR("Carried over");
	write_file("content/posts/old/old.json", "{\"author\": \"Bob\"}");
	loader_note_change(loader, false, STR("posts/old/old.json"));
	assert_true(load());
	assert_title("a", "Carried over");
	assert_title("b", "B");
	assert_author("b", "Bob");
	unlink(in_home("content/posts/old/old.json"));
	loader_note_change(loader, false, STR("posts/old/old.json"));
	assert_true(load());
	assert_author("b", "");
	assert_title("a", "Carried over");
}

static void an_edited_post_keeps_what_is_said_for_it(void **state)
{
	(void)state;
	write_file("content/posts/posts.json", "{\"author\": \"Ann\"}");
	write_file("content/posts/a.json", "{\"license\": \"CC0\"}");
	assert_true(load());
	write_file("content/posts/a.md", "---\ndate: 2020-02-01\ntitle: New\n---\na\n");
	loader_note_change(loader, false, STR("posts/a.md"));
	assert_true(load());
	assert_title("a", "New");
	assert_author("a", "Ann");
	assert_int_equal(post("a")->extras->license.len, 3);
	assert_false(load());
}

static void folders_come_and_go_with_their_data(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/posts/old/old.json", "{\"author\": \"Ann\"}");
	rename(in_home("content/posts/old"), in_home("old"));
	loader_note_change(loader, false, STR("posts/old"));
	assert_true(load());
	assert_null(post("b"));
	rename(in_home("old"), in_home("content/posts/old"));
	loader_note_change(loader, false, STR("posts/old"));
	assert_true(load());
	assert_author("b", "Ann");
	/* A folder of another name has no data. */
	rename(in_home("content/posts/old"), in_home("content/posts/new"));
	loader_note_change(loader, false, STR("posts/old"));
	loader_note_change(loader, false, STR("posts/new"));
	assert_true(load());
	assert_author("b", "");
}

static void a_fault_is_told_once_and_breaks_no_post(void **state)
{
	(void)state;
	write_file("content/posts/posts.json",
		   "{\n  \"draft\": true\n  \"lang\": \"no language\"\n}\n");
	assert_true(load());
	assert_int_equal(faults.count, 2);
	assert_string_equal(faults.at[0].file.at, "posts/posts.json");
	assert_int_equal(faults.at[0].line, 3);
	assert_int_not_equal(faults.at[0].column, 0);
	/* What its lines plainly say. */
	assert_null(post("a"));
	assert_non_null(post("first"));
	write_file("content/posts/a.md", "---\ndraft: false\ndate: 2020-02-01\n---\na\n");
	assert_true(load());
	assert_int_equal(faults.count, 0);
	assert_non_null(post("a"));
	assert_false(load());
	write_file("content/posts/old/old.11tydata.json", "[1, 2]");
	load();
	assert_int_equal(faults.count, 1);
	assert_true(has_fault("posts/old/old.11tydata.json", "no object"));
}

static void a_slip_of_the_pen_publishes_nothing(void **state)
{
	(void)state;
	static const char *const slips[] = { "{\"draft\": true", "", "[]" };
	write_file("content/posts/posts.11tydata.json", "{\"draft\": true, \"author\": \"Ann\"}");
	assert_true(load());
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
		write_file("content/posts/posts.11tydata.json", slips[i]);
		assert_false(load());
		assert_int_equal(faults.count, 1);
		assert_false(load());
		assert_int_equal(faults.count, 0);
		assert_null(post("a"));
	}
	/* Nor does a look at all anew, as after SIGHUP. */
	struct loader *next = loader_new(&(struct loader_options){
	    .content = str_from(in_home("content")), .pages = str_from(in_home("pages")) });
	loader_inherit(next, loader);
	loader_free(loader);
	loader = next;
	for (size_t i = 0; i < 2; i++) {
		catalogue_release(current);
		faults = (struct fault_list){ 0 };
		current = loader_load(loader, date_now(), &faults, &fault_arena);
		assert_int_equal(faults.count, 1);
		assert_null(post("a"));
		assert_non_null(post("first"));
	}
	write_file("content/posts/posts.11tydata.json", "{\"draft\": false}");
	assert_true(load());
	assert_non_null(post("a"));
	assert_author("a", "");
}

static void a_broken_post_is_told_of_once(void **state)
{
	(void)state;
	write_file("content/posts/posts.json", "{\"author\": \"Ann\"}");
	write_file("content/posts/a.md", "---\ndate: 2020-02-01\ntags: {a: b}\n---\na\n");
	assert_true(load());
	assert_true(has_fault("posts/a.md", "list of keywords"));
	write_file("content/posts/posts.json", "{\"author\": \"Robert\"}");
	assert_true(load());
	assert_int_equal(faults.count, 0);
	assert_author("a", "Robert");
}

static void attachments_are_left_alone(void **state)
{
	(void)state;
	char large[70000];
	static const char *const texts[] = { "[{\"title\": \"x\"}]", "12", "{\"2020\": {\"a\": 1}}",
					     "{\"type\": \"FeatureCollection\"}" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		write_file("content/posts/a.json", texts[i]);
		load();
		assert_int_equal(faults.count, 0);
		assert_false(data_files_hides(current, false, STR("posts/a.json")));
	}
	memset(large, ' ', sizeof large);
	memcpy(large, "{\"title\": \"x\"", 13);
	memcpy(large + sizeof large - 2, "}", 2);
	write_file("content/posts/a.json", large);
	load();
	assert_title("a", "A");
	assert_int_equal(faults.count, 0);
	assert_false(data_files_hides(current, false, STR("posts/a.json")));
	write_file("content/posts/other.json", "{\"title\": \"x\"}");
	assert_false(data_files_hides(current, false, STR("posts/other.json")));
	assert_false(data_files_hides(current, false, STR("posts/none.json")));
}

static void data_files_are_hidden(void **state)
{
	(void)state;
	static const char *const paths[] = { "content.json", "posts/posts.json", "posts/a.json",
					     "posts/old/old.json" };
	static const char *const texts[] = { "{\"tags\": [\"x\"]}", "{\"layout\": \"x.njk\"}",
					     "{\"eleventyComputed\": {}}", "{\"tags\"" };
	assert_true(load());
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct str path = arena_format(&fault_arena, "content/%s", paths[i]);
		write_file(path.at, texts[i]);
		assert_true(data_files_hides(current, false, str_from(paths[i])));
	}
	assert_true(data_files_hides(current, false, STR("posts/x.11tydata.json")));
	assert_true(data_files_hides(current, false, STR("posts/posts.11tydata.js")));
}

/* Before the loader has seen it, a reader gets the newest text whole. */
static void a_text_newer_than_its_catalogue_has_its_data(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	write_file("content/content.json", "{\"author\": \"Ann\"}");
	write_file("content/posts/a.json", "{\"license\": \"CC0\"}");
	assert_true(load());
	write_file("content/posts/a.md", "---\ndate: 2020-02-01\ntitle: Newer\n---\nnewer\n");
	struct post known = *post("a");
	known.file.time++;
	assert_true(loader_read_post(current, &known, 0, &arena, &text, &fault));
	assert_ptr_not_equal(text.said, &known);
	assert_string_equal(text.said->extras->author.at, "Ann");
	assert_string_equal(text.said->extras->license.at, "CC0");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define DATA_TEST(name) cmocka_unit_test_setup_teardown(name, begin, tear_down)
		DATA_TEST(values_of_a_folder_are_those_of_its_posts),
		DATA_TEST(the_nearest_word_counts),
		DATA_TEST(a_post_may_say_otherwise),
		DATA_TEST(a_change_reads_the_posts_that_it_concerns),
		DATA_TEST(an_edited_post_keeps_what_is_said_for_it),
		DATA_TEST(folders_come_and_go_with_their_data),
		DATA_TEST(a_fault_is_told_once_and_breaks_no_post),
		DATA_TEST(a_slip_of_the_pen_publishes_nothing),
		DATA_TEST(a_broken_post_is_told_of_once),
		DATA_TEST(attachments_are_left_alone),
		DATA_TEST(data_files_are_hidden),
		DATA_TEST(a_text_newer_than_its_catalogue_has_its_data),
	};
	return cmocka_run_group_tests_name("data files", tests, NULL, NULL);
}
