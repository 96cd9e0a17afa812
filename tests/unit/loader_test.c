/* The loader over folders that change: nothing is lost, everything is reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content/loader.h"

static char home[] = "/tmp/perigee-loader-XXXXXX";
static struct loader *loader;
static struct catalogue *current;
static struct fault_list faults;
static struct arena fault_arena;

static const char *in_home(const char *name)
{
	static char path[4][400];
	static unsigned next;
	char *at = path[next++ % 4];
	snprintf(at, sizeof path[0], "%s/%s", home, name);
	return at;
}

static void make_folder(const char *name)
{
	assert_int_equal(mkdir(in_home(name), 0755), 0);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_home(name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

/* Loads; gives whether there is a new catalogue, which becomes the current one. */
static bool load_at(int64_t now)
{
	arena_clear(&fault_arena);
	faults = (struct fault_list){ 0 };
	struct catalogue *c = loader_reload(loader, now, &faults, &fault_arena);
	if (c == NULL)
		return false;
	catalogue_release(current);
	current = c;
	return true;
}

static bool load(void)
{
	return load_at(date_now());
}

static bool has_fault(const char *file, const char *text)
{
	for (size_t i = 0; i < faults.count; i++)
		if (str_equal(faults.at[i].file, str_from(file)) &&
		    strstr(faults.at[i].text, text) != NULL)
			return true;
	return false;
}

static const struct post *post(const char *slug)
{
	return catalogue_post(current, str_from(slug));
}

static void assert_title(const char *slug, const char *title)
{
	assert_non_null(post(slug));
	assert_int_equal(post(slug)->title.len, strlen(title));
	assert_memory_equal(post(slug)->title.at, title, strlen(title));
}

/* The body of a post as a reader would get it. */
static void assert_body(const char *slug, const char *body)
{
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	assert_non_null(post(slug));
	assert_true(loader_read_post(current, post(slug), 0, &arena, &text, &fault));
	assert_ptr_equal(text.said, post(slug));
	assert_string_equal(text.body.at, body);
	arena_free(&arena);
}

static void options_are(struct loader_options options)
{
	options.content = str_from(in_home("content"));
	options.pages = str_from(in_home("pages"));
	options.language = STR("en");
	loader = loader_new(&options);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(strrchr(home, '-'), "-XXXXXX");
	assert_non_null(mkdtemp(home));
	make_folder("content");
	make_folder("pages");
	options_are((struct loader_options){ .post_bytes = 10000 });
	write_file("content/2020-01-02-first.md", "---\ntitle: First\n---\nfirst body\n");
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static void remove_below(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int tear_down(void **state)
{
	(void)state;
	loader_free(loader);
	catalogue_release(current);
	current = NULL;
	arena_free(&fault_arena);
	remove_below(home);
	return 0;
}

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
	remove_below(in_home("content/moved"));
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
	remove_below(in_home("content"));
	assert_int_equal(rename(in_home("away"), in_home("content")), 0);
	assert_true(load());
	assert_non_null(post("first"));
}

static void a_missing_content_folder_is_no_catalogue(void **state)
{
	(void)state;
	remove_below(in_home("content"));
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
	open_with_stamp("Me");
	/* What only the stamp will know shows that it is used. */
	struct post *known = (struct post *)post("post-0007");
	known->title = STR("From the stamp");
	assert_true(loader_save(loader, &fault));
	write_file("content/post-0008.md", "---\ntitle: Edited\ndate: 2020-01-01\n---\n");
	unlink(in_home("content/post-0009.md"));
	open_with_stamp("Me");
	assert_int_equal(current->nposts, 4201);
	assert_title("post-0007", "From the stamp");
	assert_title("post-0008", "Edited");
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_edit_is_seen_and_nothing_else_is_news),
		TEST(a_noted_change_is_enough),
		TEST(a_noted_folder_is_looked_at_as_a_whole),
		TEST(files_of_new_folders_are_found),
		TEST(a_deleted_file_is_a_deleted_post),
		TEST(a_broken_header_keeps_the_last_good_version),
		TEST(beyond_the_budget_the_old_header_stands_before_the_new_body),
		TEST(what_is_not_loaded_yet_is_not_shown),
		TEST(a_reader_far_behind_gets_one_text_whole),
		TEST(a_newer_text_keeps_its_mathematics),
		TEST(a_header_that_was_never_good_is_used_as_it_reads),
		TEST(an_emptied_file_keeps_the_last_good_version),
		TEST(a_folder_in_place_of_a_post_keeps_the_last_good_version),
		TEST(a_file_over_the_limit_is_reported_and_the_rest_served),
		TEST(links_out_of_the_folder_are_refused),
		TEST(odd_things_are_reported_and_nothing_else_is_lost),
		TEST(a_content_folder_that_goes_away_leaves_the_last_catalogue),
		TEST(a_missing_content_folder_is_no_catalogue),
		TEST(future_posts_appear_and_expired_ones_go),
		TEST(new_settings_inherit_the_last_good_versions),
		TEST(one_slug_twice_is_reported_once),
		TEST(pages_stand_beside_posts),
		TEST(many_files_by_many_threads),
		TEST(a_stamp_saves_the_next_start_from_reading),
	};
	return cmocka_run_group_tests_name("loader", tests, NULL, NULL);
}
