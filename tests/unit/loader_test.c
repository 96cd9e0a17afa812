/* The loader over folders that change: nothing is lost, everything is reported. */
#include <fcntl.h>
#include <unistd.h>

#include "loads.h"

static void an_edit_is_seen_and_nothing_else_is_news(void **state)
{
	(void)state;
	assert_true(load());
	assert_title("first", "First");
	assert_body("first", "first body\n");
	assert_false(load());
	write_file("content/2020-01-02-first.md", "---\ntitle: Second\n---\nsecond\n");
	assert_true(load());
	assert_title("first", "Second");
	assert_body("first", "second\n");
	assert_int_equal(faults.count, 0);
}

static void a_noted_change_is_enough(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/new.md", "---\ndate: 2020-02-03\n---\nnew\n");
	write_file("content/other.md", "---\ndate: 2020-02-04\n---\nother\n");
	loader_note_change(loader, false, STR("new.md"));
	assert_true(load());
	assert_non_null(post("new"));
	assert_null(post("other"));
	/* A note of a file that is no post is no news. */
	write_file("content/x.png", "");
	loader_note_change(loader, false, STR("x.png"));
	loader_note_change(loader, false, STR("2022-01-01-never-there.md"));
	assert_false(load());
	unlink(in_home("content/new.md"));
	loader_note_change(loader, false, STR("new.md"));
	assert_true(load());
	assert_null(post("new"));
	assert_non_null(post("first"));
	loader_note_all(loader);
	assert_true(load());
	assert_non_null(post("other"));
}

static void a_noted_folder_is_looked_at_as_a_whole(void **state)
{
	(void)state;
	make_folder("content/sub");
	write_file("content/sub/a.md", "---\ndate: 2020-02-03\n---\na\n");
	write_file("content/sub/b.md", "---\ndate: 2020-02-03\n---\nb\n");
	assert_true(load());
	assert_int_equal(current->nposts, 3);
	rename(in_home("content/sub"), in_home("content/moved"));
	loader_note_change(loader, false, STR("sub"));
	loader_note_change(loader, false, STR("moved"));
	assert_true(load());
	assert_int_equal(current->nposts, 3);
	assert_string_equal(post("a")->path.at, "moved/a.md");
	home_remove_below(in_home("content/moved"));
	loader_note_change(loader, false, STR("moved"));
	assert_true(load());
	assert_int_equal(current->nposts, 1);
}

/* Whether a reference in first.md leads to a file that exists. */
static bool is_found(const char *reference)
{
	struct catalogue_resolver resolver;
	struct target target;
	struct arena arena = { 0 };
	catalogue_resolver(&resolver, current, STR("2020-01-02-first.md"), false);
	resolver.base.resolve(&resolver.base, &arena, str_from(reference), &target);
	arena_free(&arena);
	return !resolver.missed;
}

static void files_of_new_folders_are_found(void **state)
{
	(void)state;
	make_folder("pages/old");
	write_file("pages/old/a.png", "a");
	assert_true(load());
	assert_true(is_found("/old/a.png"));
	assert_false(is_found("/new/a.png"));
	assert_false(is_found("/old/b.png"));
	/* In a folder that is known a file needs no new catalogue. */
	write_file("pages/old/b.png", "b");
	assert_true(is_found("/old/b.png"));
	make_folder("content/new");
	write_file("content/new/a.png", "a");
	loader_note_change(loader, false, STR("new"));
	assert_true(load());
	assert_true(is_found("/new/a.png"));
	assert_int_equal(symlink("new", in_home("content/link")), 0);
	loader_note_change(loader, false, STR("link"));
	assert_true(load());
	assert_true(is_found("/link/a.png"));
	loader_note_all(loader);
	load();
	assert_true(is_found("/link/a.png"));
	assert_true(is_found("/new/a.png"));
	assert_false(load());
}

static void a_deleted_file_is_a_deleted_post(void **state)
{
	(void)state;
	assert_true(load());
	unlink(in_home("content/2020-01-02-first.md"));
	assert_true(load());
	assert_int_equal(current->nposts, 0);
	assert_int_equal(faults.count, 0);
}

static void a_file_over_the_limit_is_reported_and_the_rest_served(void **state)
{
	(void)state;
	char large[10100];
	memset(large, 'x', sizeof large);
	large[sizeof large - 1] = '\0';
	write_file("content/2020-01-03-large.md", large);
	assert_true(load());
	assert_true(has_fault("2020-01-03-large.md", "post_bytes"));
	assert_null(post("large"));
	assert_non_null(post("first"));
	/* One that was good stays as it was. */
	write_file("content/2020-01-02-first.md", large);
	load();
	assert_true(has_fault("2020-01-02-first.md", "post_bytes"));
	assert_body("first", "first body\n");
}

static void links_out_of_the_folder_are_refused(void **state)
{
	(void)state;
	write_file("secret.md", "---\ndate: 2020-01-01\n---\nsecret\n");
	assert_int_equal(symlink("../secret.md", in_home("content/leak.md")), 0);
	assert_int_equal(symlink("/etc", in_home("content/etc")), 0);
	assert_int_equal(symlink(".", in_home("content/loop")), 0);
	assert_int_equal(symlink("2020-01-02-first.md", in_home("content/2021-01-01-link.md")), 0);
	assert_true(load());
	assert_true(has_fault("leak.md", "leads out"));
	assert_true(has_fault("etc", "leads out"));
	assert_null(post("leak"));
	assert_non_null(post("link"));
	assert_int_equal(current->nposts, 2);
}

static void odd_things_are_reported_and_nothing_else_is_lost(void **state)
{
	(void)state;
	make_folder("content/folder.md");
	write_file("content/folder.md/inside.md", "---\ndate: 2020-01-01\n---\n");
	assert_int_equal(mkfifo(in_home("content/pipe.md"), 0644), 0);
	make_folder("content/.git");
	write_file("content/.git/x.md", "---\ndate: 2020-01-01\n---\n");
	make_folder("content/node_modules");
	write_file("content/node_modules/README.md", "# Not ours\n");
	write_file("content/empty.png", "");
	assert_true(load());
	assert_true(has_fault("folder.md", "folder"));
	assert_true(has_fault("pipe.md", "pipe"));
	assert_int_equal(faults.count, 2);
	load();
	assert_int_equal(faults.count, 0);
	assert_int_equal(current->nposts, 2);
	assert_int_equal(current->npages, 0);
}

static void a_content_folder_that_goes_away_leaves_the_last_catalogue(void **state)
{
	(void)state;
	assert_true(load());
	write_file("content/bad.md", "---\ntitle: [\n---\n");
	assert_true(load());
	write_file("content/2020-01-02-first.md", "---\ntitle: [\n---\n");
	assert_false(load());
	assert_int_equal(rename(in_home("content"), in_home("away")), 0);
	assert_false(load());
	assert_int_equal(faults.count, 1);
	assert_int_equal(rename(in_home("away"), in_home("content")), 0);
	assert_false(load());
	assert_int_equal(faults.count, 0); /* what is broken was told before */
	assert_int_equal(rename(in_home("content"), in_home("away")), 0);
	assert_false(load());
	assert_int_equal(faults.count, 1);
	assert_body("first", "first body\n");
	assert_false(load());
	assert_int_equal(faults.count, 0);
	/* A new folder in its place. */
	make_folder("content");
	write_file("content/2021-01-01-new.md", "new\n");
	assert_true(load());
	assert_non_null(post("new"));
	assert_null(post("first"));
	/* The old one comes back. */
	home_remove_below(in_home("content"));
	assert_int_equal(rename(in_home("away"), in_home("content")), 0);
	assert_true(load());
	assert_non_null(post("first"));
}

static void a_missing_content_folder_is_no_catalogue(void **state)
{
	(void)state;
	home_remove_below(in_home("content"));
	assert_false(load());
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.at[0].text, "No such file"));
}

static void future_posts_appear_and_expired_ones_go(void **state)
{
	(void)state;
	struct date date;
	assert_true(date_parse(STR("2030-01-01"), &date));
	write_file("content/future.md", "---\ndate: 2030-01-01\n---\n");
	write_file("content/passing.md", "---\ndate: 2020-01-01\nexpiryDate: 2031-01-01\n---\n");
	write_file("content/draft.md", "---\ndate: 2020-01-01\ndraft: true\n---\n");
	assert_true(load_at(date.instant - 1));
	assert_int_equal(current->next_change, date.instant);
	assert_null(post("future"));
	assert_true(catalogue_is_hidden(current, STR("future.md")));
	assert_true(catalogue_is_hidden(current, STR("draft.md")));
	assert_false(catalogue_is_hidden(current, STR("passing.md")));
	assert_true(load_at(date.instant));
	assert_non_null(post("future"));
	assert_true(date_parse(STR("2031-01-01"), &date));
	assert_int_equal(current->next_change, date.instant);
	assert_true(load_at(date.instant));
	assert_null(post("passing"));
	assert_true(catalogue_is_gone(current, STR("passing")));
	/* A clock that jumps back. */
	assert_true(load_at(date.instant - 1));
	assert_non_null(post("passing"));
}

static void one_slug_twice_is_reported_once(void **state)
{
	(void)state;
	make_folder("content/b");
	write_file("content/b/2020-05-05-first.md", "newer\n");
	assert_true(load());
	assert_true(has_fault("b/2020-05-05-first.md", "`first`"));
	assert_body("first", "first body\n");
	assert_body("first-2", "newer\n");
	write_file("content/2021-01-01-x.md", "x\n");
	assert_true(load());
	assert_int_equal(faults.count, 0);
	assert_body("first-2", "newer\n");
}

static void pages_stand_beside_posts(void **state)
{
	(void)state;
	write_file("pages/about.md", "# About me\n\ntext\n");
	write_file("content/README.md", "A page without date.\n");
	make_folder("content/bundle");
	write_file("content/bundle/index.md", "---\ntitle: Bundle\n---\n");
	assert_true(load());
	assert_int_equal(current->npages, 3);
	const struct post *about = catalogue_page(current, STR("about"));
	assert_non_null(about);
	assert_true(about->in_pages);
	assert_string_equal(about->title.at, "About me");
	assert_non_null(catalogue_page(current, STR("README")));
	assert_non_null(catalogue_page(current, STR("bundle")));
	assert_ptr_equal(catalogue_page(current, STR("bundle/index")),
			 catalogue_page(current, STR("bundle")));
}

static void many_files_by_many_threads(void **state)
{
	(void)state;
	loader_free(loader);
	options_are((struct loader_options){ .threads = 4 });
	for (int i = 0; i < 700; i++) {
		char name[64], text[128];
		snprintf(name, sizeof name, "content/post-%03d.md", i);
		snprintf(text, sizeof text,
			 "---\ntitle: T%d\ndate: 2020-01-%02d\ntags: [a%d]\n---\n", i, i % 28 + 1,
			 i % 5);
		write_file(name, text);
	}
	assert_true(load());
	assert_int_equal(current->nposts, 701);
	assert_int_equal(current->nkeywords, 5);
	assert_int_equal(current->keywords[0].nmembers, 140);
	assert_title("post-699", "T699");
	assert_false(load());
}

static void open_with_stamp(const char *author)
{
	loader_free(loader);
	catalogue_release(current);
	current = NULL;
	options_are((struct loader_options){ .cache_file = str_from(in_home("posts.stamp")),
					     .author = str_from(author) });
	assert_true(load());
}

static void damage_stamp(void)
{
	int fd = open(in_home("posts.stamp"), O_RDWR | O_CLOEXEC);
	char byte;
	assert_int_equal(pread(fd, &byte, 1, 5000), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 5000), 1);
	close(fd);
}

static void a_stamp_saves_the_next_start_from_reading(void **state)
{
	(void)state;
	struct fault fault;
	for (int i = 0; i < 4200; i++) {
		char name[64], text[128];
		snprintf(name, sizeof name, "content/post-%04d.md", i);
		snprintf(text, sizeof text,
			 "---\ntitle: T%d\ndate: 2020-01-%02d\ntags: [a%d]\nseries: S%d\n---\nx\n",
			 i, i % 28 + 1, i % 5, i % 3);
		write_file(name, text);
	}
	write_file("content/bad.md", "---\ntitle: [Bad\ndate: 2020-01-01\n---\n");
	write_file("content/post-0005.json", "{\"license\": \"CC0\"}");
	open_with_stamp("Me");
	/* What only the stamp will know shows that it is used. */
	struct post *known = (struct post *)post("post-0007");
	known->title = STR("From the stamp");
	((struct post *)post("post-0005"))->title = STR("From the stamp");
	((struct post *)post("post-0006"))->title = STR("From the stamp");
	assert_true(loader_save(loader, &fault));
	write_file("content/post-0008.md", "---\ntitle: Edited\ndate: 2020-01-01\n---\n");
	write_file("content/post-0006.json", "{\"license\": \"CC0\"}");
	unlink(in_home("content/post-0009.md"));
	open_with_stamp("Me");
	assert_int_equal(current->nposts, 4201);
	assert_title("post-0007", "From the stamp");
	assert_title("post-0008", "Edited");
	/* Data files that are as they were, and one that came. */
	assert_title("post-0005", "From the stamp");
	assert_title("post-0006", "T6");
	assert_int_equal(post("post-0006")->extras->license.len, 3);
	assert_null(post("post-0009"));
	assert_int_equal(current->nkeywords, 5);
	assert_int_equal(current->nseries, 3);
	assert_string_equal(post("post-0007")->extras->author.at, "Me");
	assert_true(has_fault("bad.md", "")); /* told at every start */
	assert_body("post-0007", "x\n");
	assert_false(load());
	/* Other options, or damage: as if there were none. */
	open_with_stamp("You");
	assert_title("post-0007", "T7");
	damage_stamp();
	open_with_stamp("Me");
	assert_title("post-0007", "T7");
	write_file("posts.stamp", "perigee posts\n");
	open_with_stamp("Me");
	assert_title("post-0007", "T7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(an_edit_is_seen_and_nothing_else_is_news),
		LOADER_TEST(a_noted_change_is_enough),
		LOADER_TEST(a_noted_folder_is_looked_at_as_a_whole),
		LOADER_TEST(files_of_new_folders_are_found),
		LOADER_TEST(a_deleted_file_is_a_deleted_post),
		LOADER_TEST(a_file_over_the_limit_is_reported_and_the_rest_served),
		LOADER_TEST(links_out_of_the_folder_are_refused),
		LOADER_TEST(odd_things_are_reported_and_nothing_else_is_lost),
		LOADER_TEST(a_content_folder_that_goes_away_leaves_the_last_catalogue),
		LOADER_TEST(a_missing_content_folder_is_no_catalogue),
		LOADER_TEST(future_posts_appear_and_expired_ones_go),
		LOADER_TEST(one_slug_twice_is_reported_once),
		LOADER_TEST(pages_stand_beside_posts),
		LOADER_TEST(many_files_by_many_threads),
		LOADER_TEST(a_stamp_saves_the_next_start_from_reading),
	};
	return cmocka_run_group_tests_name("loader", tests, NULL, NULL);
}
