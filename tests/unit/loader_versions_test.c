/* Texts that are broken, being written, or older than what is on the disk: something good is shown.
 */
#include <unistd.h>

#include "loads.h"

static void a_broken_header_keeps_the_last_good_version(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/2020-01-02-first.md", "---\ntitle: [Broken\n---\nbroken body\n");
	load();
	assert_true(has_fault("2020-01-02-first.md", ""));
	assert_true(faults.at[0].line > 0);
	assert_title("first", "First");
	assert_body("first", "first body\n");
	/* Reported once, not at every load. */
	load();
	assert_int_equal(faults.count, 0);
	assert_title("first", "First");
	write_file("content/2020-01-02-first.md", "---\ntitle: Mended\n---\nmended\n");
	assert_true(load());
	assert_title("first", "Mended");
	assert_body("first", "mended\n");
}

static void beyond_the_budget_the_old_header_stands_before_the_new_body(void **state)
{
	(void)state;
	size_t size = 1100000;
	char *text = malloc(size + 1);
	loader_free(loader);
	options_are((struct loader_options){ 0 });
	memset(text, 'x', size);
	text[size] = '\0';
	memcpy(text, "---\ntitle: Large\n---\n", 21);
	write_file("content/2020-01-03-large.md", text);
	assert_true(load());
	write_file("content/2020-01-03-large.md", "---\ntitle: [Large\n---\nnew\n");
	assert_true(load());
	assert_int_equal(faults.count, 1);
	assert_title("large", "Large");
	assert_body("large", "new\n");
	assert_false(load());
	free(text);
}

static void what_is_not_loaded_yet_is_not_shown(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/2020-01-02-first.md", "---\ntitle: A longer header\n---\nnew\n");
	assert_body("first", "first body\n");
	unlink(in_home("content/2020-01-02-first.md"));
	assert_body("first", "first body\n");
}

/* What a reader gets who still has an old catalogue: title and body, never of two texts. */
static void assert_text(struct catalogue *c, const char *title, const char *body)
{
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	const struct post *first = catalogue_post(c, STR("first"));
	assert_true(loader_read_post(c, first, 0, &arena, &text, &fault));
	assert_string_equal(text.body.at, body);
	assert_string_equal(text.said->title.at, title);
	assert_string_equal(text.said->extras->lang.at, "en");
	arena_free(&arena);
}

static void a_reader_far_behind_gets_one_text_whole(void **state)
{
	(void)state;
	assert_true(load());
	struct catalogue *old = catalogue_hold(current);
	for (char n = '1'; n <= '9'; n++) {
		char text[64], body[16], title[16];
		snprintf(text, sizeof text, "---\ntitle: %cth\n%s---\nbody %c\n", n,
			 n % 2 ? "x: y\n" : "", n);
		snprintf(title, sizeof title, n < '4' ? "First" : "%cth", n);
		snprintf(body, sizeof body, n < '4' ? "first body\n" : "body %c\n", n);
		write_file("content/2020-01-02-first.md", text);
		assert_true(load());
		assert_text(old, title, body); /* three versions beside the newest are kept */
	}
	/* Such a text may have a broken header, or be begun and not written. */
	write_file("content/2020-01-02-first.md", "---\ntitle: [Broken\n---\nbroken\n");
	assert_text(old, "First", "broken\n");
	write_file("content/2020-01-02-first.md", "");
	assert_text(old, "First", "");
	catalogue_release(old);
}

/* Nor are its formulas text of a sudden. */
static void a_newer_text_keeps_its_mathematics(void **state)
{
	(void)state;
	loader_free(loader);
	options_are((struct loader_options){ .post_bytes = 10000, .math = true });
	assert_true(load());
	struct catalogue *old = catalogue_hold(current);
	for (char n = '1'; n <= '5'; n++) {
		char text[64];
		snprintf(text, sizeof text, "---\ntitle: $x^%c$\n---\n$y$\n", n);
		write_file("content/2020-01-02-first.md", text);
		assert_true(load());
	}
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	assert_true(
	    loader_read_post(old, catalogue_post(old, STR("first")), 0, &arena, &text, &fault));
	assert_string_equal(text.said->title.at, "x⁵");
	assert_true(text.said->math);
	arena_free(&arena);
	catalogue_release(old);
}

static void a_header_that_was_never_good_is_used_as_it_reads(void **state)
{
	(void)state;
	write_file("content/bad.md",
		   "---\ntitle: Colons: everywhere\ndate: 2020-03-04\n---\nbody\n");
	assert_true(load());
	assert_true(has_fault("bad.md", ""));
	assert_title("bad", "Colons: everywhere");
	assert_body("bad", "body\n");
	load();
	assert_int_equal(faults.count, 0);
}

static void an_emptied_file_keeps_the_last_good_version(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/2020-01-02-first.md", "");
	load();
	assert_true(has_fault("2020-01-02-first.md", "empty"));
	assert_body("first", "first body\n");
}

static void a_folder_in_place_of_a_post_keeps_the_last_good_version(void **state)
{
	(void)state;
	assert_true(load());
	unlink(in_home("content/2020-01-02-first.md"));
	make_folder("content/2020-01-02-first.md");
	load();
	assert_true(has_fault("2020-01-02-first.md", "folder"));
	assert_body("first", "first body\n");
	load();
	assert_int_equal(faults.count, 0);
	rmdir(in_home("content/2020-01-02-first.md"));
	assert_true(load());
	assert_null(post("first"));
}

static void new_settings_inherit_the_last_good_versions(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/2020-01-02-first.md", "---\ntitle: [\n---\nbroken\n");
	load();
	struct loader *old = loader;
	options_are((struct loader_options){ .post_bytes = 20000, .author = STR("New") });
	loader_inherit(loader, old);
	loader_free(old);
	struct catalogue *c = loader_load(loader, date_now(), &faults, &fault_arena);
	assert_non_null(c);
	catalogue_release(current);
	current = c;
	assert_title("first", "First");
	assert_body("first", "first body\n");
	write_file("content/2020-01-02-first.md", "mended\n");
	assert_true(load());
	assert_string_equal(post("first")->extras->author.at, "New");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(a_broken_header_keeps_the_last_good_version),
		LOADER_TEST(beyond_the_budget_the_old_header_stands_before_the_new_body),
		LOADER_TEST(what_is_not_loaded_yet_is_not_shown),
		LOADER_TEST(a_reader_far_behind_gets_one_text_whole),
		LOADER_TEST(a_newer_text_keeps_its_mathematics),
		LOADER_TEST(a_header_that_was_never_good_is_used_as_it_reads),
		LOADER_TEST(an_emptied_file_keeps_the_last_good_version),
		LOADER_TEST(a_folder_in_place_of_a_post_keeps_the_last_good_version),
		LOADER_TEST(new_settings_inherit_the_last_good_versions),
	};
	return cmocka_run_group_tests_name("loader_versions", tests, NULL, NULL);
}
