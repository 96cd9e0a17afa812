/* The watcher over real folders: what changes is noted, and the loader then finds it. */
#include <fcntl.h>
#include <unistd.h>

#include "content/watch.h"
#include "home.h"

static struct loader *loader;
static struct watch *watch;
static struct catalogue *current;

static void move(const char *from, const char *to)
{
	assert_int_equal(rename(in_home(from), in_home(to)), 0);
}

static void load(void)
{
	struct fault_list faults = { 0 };
	struct arena arena = { 0 };
	struct catalogue *c = loader_reload(loader, date_now(), &faults, &arena);
	if (c != NULL) {
		catalogue_release(current);
		current = c;
	}
	arena_free(&arena);
}

/* Reads what the kernel told so far; it does so before the changing call returns. */
static bool news(void)
{
	bool changed = watch_read(watch, loader);
	if (changed)
		load();
	return changed;
}

static bool has(const char *slug)
{
	return catalogue_post(current, str_from(slug)) != NULL;
}

static int set_up(void **state)
{
	(void)state;
	home_make();
	make_folder("capsule");
	make_folder("capsule/posts");
	make_folder("capsule/posts/old");
	write_file("capsule/posts/old/2020-01-01-first.md", "first\n");
	struct loader_options options = { .content = str_from(in_home("capsule/posts")),
					  .pages = str_from(in_home("capsule")) };
	loader = loader_new(&options);
	watch = watch_new(options.content, options.pages);
	load();
	assert_true(has("first"));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	watch_free(watch);
	loader_free(loader);
	catalogue_release(current);
	current = NULL;
	home_remove();
	return 0;
}

static void edits_are_noted(void **state)
{
	(void)state;
	assert_true(watch_fd(watch) >= 0);
	assert_false(watch_needs_polling(watch));
	assert_false(news());
	write_file("capsule/posts/2020-02-02-new.md", "new\n");
	assert_true(news());
	assert_true(has("new"));
	assert_false(news());
	unlink(in_home("capsule/posts/2020-02-02-new.md"));
	assert_true(news());
	assert_false(has("new"));
	write_file("capsule/about.md", "# About\n");
	assert_true(news());
	assert_non_null(catalogue_page(current, STR("about")));
}

static void a_rename_over_a_post_is_an_edit(void **state)
{
	(void)state;
	write_file("capsule/posts/old/.first.tmp", "---\ntitle: Renamed\n---\n");
	assert_false(news());
	move("capsule/posts/old/.first.tmp", "capsule/posts/old/2020-01-01-first.md");
	assert_true(news());
	assert_string_equal(catalogue_post(current, STR("first"))->title.at, "Renamed");
}

static void a_file_that_is_being_written_is_no_news(void **state)
{
	(void)state;
	FILE *file = fopen(in_home("capsule/posts/2020-03-03-slow.md"), "w");
	fputs("---\ntitle: Sl", file);
	fflush(file);
	assert_false(news());
	fputs("ow\n---\n", file);
	fclose(file);
	assert_true(news());
	assert_string_equal(catalogue_post(current, STR("slow"))->title.at, "Slow");
}

static void links_are_noted_when_they_are_made(void **state)
{
	(void)state;
	assert_int_equal(
	    symlink("old/2020-01-01-first.md", in_home("capsule/posts/2021-01-01-s.md")), 0);
	assert_true(news());
	assert_true(has("s"));
	assert_int_equal(link(in_home("capsule/posts/old/2020-01-01-first.md"),
			      in_home("capsule/posts/2021-01-01-h.md")),
			 0);
	assert_true(news());
	assert_true(has("h"));
}

static void new_and_moved_folders_are_watched(void **state)
{
	(void)state;
	make_folder("capsule/posts/a");
	make_folder("capsule/posts/a/b");
	write_file("capsule/posts/a/b/2020-01-01-deep.md", "deep\n");
	assert_true(news());
	assert_true(has("deep"));
	write_file("capsule/posts/a/b/2020-01-01-later.md", "later\n");
	assert_true(news());
	assert_true(has("later"));
	move("capsule/posts/a", "capsule/posts/c");
	assert_true(news());
	assert_true(has("deep"));
	write_file("capsule/posts/c/b/2020-01-01-more.md", "more\n");
	assert_true(news());
	assert_true(has("more"));
	/* Out of the capsule: what happens there is no news. */
	move("capsule/posts/c", "elsewhere");
	assert_true(news());
	assert_false(has("deep"));
	write_file("elsewhere/b/2020-01-01-x.md", "x\n");
	assert_false(news());
}

static void a_content_folder_that_comes_back_is_found(void **state)
{
	(void)state;
	move("capsule/posts", "capsule/.away");
	assert_true(news());
	assert_true(has("first")); /* the last catalogue */
	make_folder("capsule/posts");
	write_file("capsule/posts/2020-01-01-other.md", "other\n");
	assert_true(news());
	assert_true(has("other"));
	assert_false(has("first"));
	write_file("capsule/posts/2020-01-01-third.md", "third\n");
	assert_true(news());
	assert_true(has("third"));
}

static void a_capsule_whose_parent_vanishes_is_polled_for(void **state)
{
	(void)state;
	home_remove_below(in_home("capsule"));
	news();
	assert_true(watch_needs_polling(watch));
	make_folder("capsule");
	make_folder("capsule/posts");
	write_file("capsule/posts/2020-01-01-again.md", "again\n");
	assert_true(news());
	assert_true(has("again"));
	assert_false(watch_needs_polling(watch));
}

static void an_overflow_means_a_look_at_everything(void **state)
{
	(void)state;
	char name[2][64] = { "capsule/posts/x", "capsule/posts/y" };
	for (int i = 0; i < 9000; i++) {
		close(open(in_home(name[i % 2]), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
		unlink(in_home(name[i % 2]));
	}
	make_folder("capsule/posts/late");
	write_file("capsule/posts/late/2020-01-01-late.md", "late\n");
	assert_true(news());
	assert_true(has("late"));
	write_file("capsule/posts/late/2020-01-01-later.md", "later\n");
	assert_true(news());
	assert_true(has("later"));
}

static void a_file_that_went_away_is_awaited(void **state)
{
	(void)state;
	assert_false(watch_is_amid_change(watch));
	move("capsule/posts/old/2020-01-01-first.md", "capsule/posts/old/2020-01-01-first.md~");
	watch_read(watch, loader);
	assert_true(watch_is_amid_change(watch));
	write_file("capsule/posts/old/2020-01-01-first.md", "again\n");
	watch_read(watch, loader);
	assert_false(watch_is_amid_change(watch));
	assert_int_equal(unlink(in_home("capsule/posts/old/2020-01-01-first.md~")), 0);
	watch_read(watch, loader);
	assert_false(watch_is_amid_change(watch));
}

static void data_files_are_noted(void **state)
{
	(void)state;
	write_file("capsule/posts/old/old.json", "{\"author\": \"Ann\"}");
	assert_true(news());
	struct str known = catalogue_post(current, STR("first"))->extras->author;
	assert_string_equal(known.at, "Ann");
	/* As an editor saves: nobody sees the posts without it. */
	move("capsule/posts/old/old.json", "capsule/posts/old/old.json~");
	watch_read(watch, loader);
	assert_true(watch_is_amid_change(watch));
	write_file("capsule/posts/old/old.json", "{\"author\": \"Bob\"}");
	assert_true(news());
	assert_false(watch_is_amid_change(watch));
	known = catalogue_post(current, STR("first"))->extras->author;
	assert_string_equal(known.at, "Bob");
	assert_int_equal(unlink(in_home("capsule/posts/old/old.json")), 0);
	assert_true(news());
	known = catalogue_post(current, STR("first"))->extras->author;
	assert_int_equal(known.len, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(edits_are_noted),
		TEST(a_rename_over_a_post_is_an_edit),
		TEST(a_file_that_is_being_written_is_no_news),
		TEST(a_file_that_went_away_is_awaited),
		TEST(data_files_are_noted),
		TEST(links_are_noted_when_they_are_made),
		TEST(new_and_moved_folders_are_watched),
		TEST(a_content_folder_that_comes_back_is_found),
		TEST(a_capsule_whose_parent_vanishes_is_polled_for),
		TEST(an_overflow_means_a_look_at_everything),
	};
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
