#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "command/export_folder.h"
#include "command/export_links.h"
#include "command/export_tree.h"

static void assert_text(const struct buf *b, const char *wanted)
{
	if (b->len != strlen(wanted) || (b->len > 0 && memcmp(b->at, wanted, b->len) != 0))
		fail_msg("%.*s\nis not\n%s", STR_ARGS(buf_str(b)), wanted);
}

/* ---- links ---- */

static const struct {
	const char *from, *to, *relative;
} pairs[] = {
	{ "/", "/", "./" },
	{ "/", "/posts/x.gmi", "posts/x.gmi" },
	{ "/posts/x.gmi", "/", "../" },
	{ "/posts/x.gmi", "/posts/y.gmi", "y.gmi" },
	{ "/posts/x.gmi", "/posts/x.gmi", "x.gmi" },
	{ "/posts/x.gmi", "/posts/", "./" },
	{ "/archive/2/", "/archive/", "../" },
	{ "/archive/", "/archive/2/", "2/" },
	{ "/archive/2/", "/archive/3/", "../3/" },
	{ "/series/a/2/", "/keywords/a/feed.xml", "../../../keywords/a/feed.xml" },
	{ "/a.gmi", "/x:y.gmi", "./x:y.gmi" },
	{ "/posts/x.gmi", "/x:y.gmi", "../x:y.gmi" },
	{ "/ab/x", "/a/x", "../a/x" },
};

/* RFC 3986 5.2 takes back what export_relative() makes. */
static void test_relative_references(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct buf relative = { 0 }, back = { 0 };
		struct str from = str_from(pairs[i].from);
		export_relative(from, str_from(pairs[i].to), &relative);
		assert_text(&relative, pairs[i].relative);
		export_resolve(from, buf_str(&relative), &back);
		assert_text(&back, pairs[i].to);
		buf_free(&relative);
		buf_free(&back);
	}
}

static void test_references_of_others(void **state)
{
	static const struct {
		const char *from, *reference, *path;
	} cases[] = {
		{ "/a/b.gmi", "../../../x", "/x" },
		{ "/a/b.gmi", "./c?q#f", "/a/c" },
		{ "/a/b.gmi", "", "/a/b.gmi" },
		{ "/a/b.gmi", "?q", "/a/b.gmi" },
		{ "/a/b.gmi", ".", "/a/" },
		{ "/a/b.gmi", "..", "/" },
		{ "/a/b.gmi", "/x/./y/../z", "/x/z" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf path = { 0 };
		export_resolve(str_from(cases[i].from), str_from(cases[i].reference), &path);
		assert_text(&path, cases[i].path);
		buf_free(&path);
	}
}

static void test_gemtext_gets_other_links(void **state)
{
	static const char page[] = "# Title\n"
				   "=> /posts/x.gmi X\n"
				   "=>\t/\tHome\r\n"
				   "=> /search Find\n"
				   "=> /search/2?a%20b More\n"
				   "=> /random\n"
				   "=> //host/x Host\n"
				   "=> https://example.org/ Web\n"
				   "=> y.gmi Y\n"
				   "=>\n"
				   "```\n"
				   "=> /posts/x.gmi no link\n"
				   "```\n"
				   "=> /posts/last.gmi";
	(void)state;
	struct buf out = { 0 };
	export_gemtext(str_from(page), STR("/posts/me.gmi"), STR(""), &out);
	assert_text(&out, "# Title\n=> x.gmi X\n=> ../\tHome\r\nFind\nMore\n\n=> //host/x Host\n"
			  "=> https://example.org/ Web\n=> y.gmi Y\n=>\n```\n"
			  "=> /posts/x.gmi no link\n```\n=> last.gmi");
	buf_clear(&out);
	export_gemtext(STR("=> /posts/x.gmi X\n"), STR("/posts/me.gmi"),
		       STR("gemini://example.org/~ada"), &out);
	assert_text(&out, "=> gemini://example.org/~ada/posts/x.gmi X\n");
	buf_free(&out);
}

/* ---- the folder ---- */

struct place {
	char parent[64], name[80];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	snprintf(place->parent, sizeof place->parent, "/tmp/export_test.XXXXXX");
	if (mkdtemp(place->parent) == NULL)
		return -1;
	snprintf(place->name, sizeof place->name, "%s/out", place->parent);
	*state = place;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int remove_place(void **state)
{
	struct place *place = *state;
	nftw(place->parent, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

static void open_folder(struct export_folder *folder, const struct place *place)
{
	struct export_options options = { 0 };
	struct fault fault;
	if (!export_folder_open(folder, str_from(place->name), STR("gopher"), &options, &fault))
		fail_msg("%s", fault.text);
}

/* Exports these files: names and texts in turn. */
static void export_files(const struct place *place, const char *const *files)
{
	struct export_folder folder;
	struct export_stamp stamp = { .inputs = 7, .until = 1000 };
	struct fault fault;
	open_folder(&folder, place);
	for (; *files != NULL; files += 2) {
		uint32_t index = export_folder_expect(&folder, str_from(files[0]));
		assert_int_not_equal(index, EXPORT_NO_FILE);
		assert_int_equal(export_folder_put(&folder, index, str_from(files[1]), &fault),
				 EXPORT_DONE);
	}
	assert_true(export_folder_commit(&folder, &stamp, &fault));
	export_folder_close(&folder);
}

static void expect_file(const struct place *place, const char *name, const char *text)
{
	char path[200];
	struct buf found = { 0 };
	struct fault fault;
	snprintf(path, sizeof path, "%s/%s", place->name, name);
	if (text == NULL) {
		assert_int_not_equal(access(path, F_OK), 0);
		return;
	}
	if (!file_read_path(str_from(path), 1 << 20, &found, &fault))
		fail_msg("%s: %s", name, fault.text);
	assert_text(&found, text);
	buf_free(&found);
}

static void test_files_come_and_go(void **state)
{
	struct place *place = *state;
	export_files(place, (const char *[]){ "b", "one\n", "a/x", "two\n", "a/y/z", "", NULL });
	expect_file(place, "a/x", "two\n");
	expect_file(place, "a/y/z", "");
	expect_file(place, EXPORT_MANIFEST, "perigee export 1 gopher\n4 a/x\n0 a/y/z\n4 b\n");
	export_files(place, (const char *[]){ "b", "more\n", "c", "new\n", NULL });
	expect_file(place, "a", NULL);
	expect_file(place, "b", "more\n");
	expect_file(place, EXPORT_MANIFEST, "perigee export 1 gopher\n5 b\n4 c\n");
	expect_file(place, EXPORT_STAGE, NULL);
}

static void test_files_and_folders_change_places(void **state)
{
	struct place *place = *state;
	export_files(place, (const char *[]){ "a", "file\n", "b/c/d", "deep\n", NULL });
	export_files(place, (const char *[]){ "a/x/y", "deep\n", "b", "file\n", NULL });
	expect_file(place, "a/x/y", "deep\n");
	expect_file(place, "b", "file\n");
	expect_file(place, EXPORT_MANIFEST, "perigee export 1 gopher\n5 a/x/y\n5 b\n");
}

/* Closing without a commit takes back even the folders. */
static void test_what_is_not_committed_never_happened(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	struct fault fault;
	export_files(place, (const char *[]){ "a", "old\n", NULL });
	open_folder(&folder, place);
	uint32_t a = export_folder_expect(&folder, STR("a"));
	uint32_t b = export_folder_expect(&folder, STR("new/b"));
	assert_int_equal(export_folder_put(&folder, a, STR("new\n"), &fault), EXPORT_DONE);
	assert_int_equal(export_folder_put(&folder, b, STR("new\n"), &fault), EXPORT_DONE);
	expect_file(place, "a", "old\n");
	export_folder_close(&folder);
	expect_file(place, "a", "old\n");
	expect_file(place, "new", NULL);
	expect_file(place, EXPORT_STAGE, NULL);
	expect_file(place, EXPORT_MANIFEST, "perigee export 1 gopher\n4 a\n");
}

/* New folders move whole, but those that are there keep what they hold. */
static void test_new_files_join_old_folders(void **state)
{
	struct place *place = *state;
	char path[200];
	export_files(place, (const char *[]){ "a/x", "1\n", "b/y/z", "2\n", NULL });
	snprintf(path, sizeof path, "%s/b/y/foreign", place->name);
	close(open(path, O_CREAT | O_WRONLY, 0644));
	export_files(place,
		     (const char *[]){ "a/x", "1\n", "a/new/x", "3\n", "a/new-x", "4\n",
				       "b/y/more/x", "5\n", "b/y/z", "6\n", "c/x", "7\n", NULL });
	expect_file(place, "a/x", "1\n");
	expect_file(place, "a/new/x", "3\n");
	expect_file(place, "a/new-x", "4\n");
	expect_file(place, "b/y/foreign", "");
	expect_file(place, "b/y/more/x", "5\n");
	expect_file(place, "b/y/z", "6\n");
	expect_file(place, "c/x", "7\n");
	expect_file(place, EXPORT_STAGE, NULL);
}

/* A link in it is removed, not what it leads to. */
static void test_a_stage_that_was_left_is_cleared(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	struct fault fault;
	char path[200];
	open_folder(&folder, place);
	uint32_t deep = export_folder_expect(&folder, STR("a/b/c/d"));
	assert_int_equal(export_folder_put(&folder, deep, STR("x"), &fault), EXPORT_DONE);
	snprintf(path, sizeof path, "%s/" EXPORT_STAGE "/a/link", place->name);
	assert_int_equal(symlink("../../../kept", path), 0);
	snprintf(path, sizeof path, "%s/kept", place->parent);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/kept/x", place->parent);
	assert_true(file_replace(str_from(path), STR("kept"), 0644, &fault));
	/* As if it had been killed: nothing is taken back. */
	close(folder.stage);
	folder.stage = -1;
	folder.made_top = false;
	export_folder_close(&folder);
	snprintf(path, sizeof path, "%s/" EXPORT_STAGE, place->name);
	assert_int_equal(access(path, F_OK), 0);
	export_files(place, (const char *[]){ "a", "file\n", NULL });
	expect_file(place, EXPORT_STAGE, NULL);
	expect_file(place, "a", "file\n");
	expect_file(place, "../kept/x", "kept");
}

/* What no export could clear away again, or no kernel take. */
static void test_paths_have_bounds(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	struct buf deep = { 0 }, wide = { 0 };
	open_folder(&folder, place);
	buf_repeat(&deep, STR("x/"), EXPORT_TREE_DEPTH);
	buf_add_char(&deep, 'y');
	assert_int_equal(export_folder_expect(&folder, buf_str(&deep)), 0);
	buf_add(&deep, STR("/z"));
	assert_int_equal(export_folder_expect(&folder, buf_str(&deep)), EXPORT_NO_FILE);
	buf_repeat(&wide, STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde/"),
		   63);
	buf_repeat(&wide, STR("x"), 63);
	assert_int_equal(export_folder_expect(&folder, buf_str(&wide)), 1);
	buf_add_char(&wide, 'x');
	assert_int_equal(export_folder_expect(&folder, buf_str(&wide)), EXPORT_NO_FILE);
	buf_free(&deep);
	buf_free(&wide);
	export_folder_close(&folder);
}

static void test_places_are_taken_once(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	open_folder(&folder, place);
	assert_int_equal(export_folder_expect(&folder, STR("a/b")), 0);
	static const char *const refused[] = { "a/b",  "a",  "a/b/c", EXPORT_MANIFEST, EXPORT_STAMP,
					       "../x", "/x", "x//y",  "x/./y",         "" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_int_equal(export_folder_expect(&folder, str_from(refused[i])),
				 EXPORT_NO_FILE);
	struct buf name = { 0 };
	buf_repeat(&name, STR("x"), 256);
	assert_int_equal(export_folder_expect(&folder, buf_str(&name)), EXPORT_NO_FILE);
	buf_free(&name);
	assert_int_equal(export_folder_expect(&folder, STR("a/c")), 1);
	export_folder_close(&folder);
	expect_file(place, "", NULL); /* made for an export that did not come */
}

static void test_current_until_somebody_touches_it(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	char path[200];
	export_files(place, (const char *[]){ "a/b", "text\n", NULL });
	open_folder(&folder, place);
	assert_true(export_folder_is_current(&folder, 7, 999));
	assert_false(export_folder_is_current(&folder, 8, 999));
	assert_false(export_folder_is_current(&folder, 7, 1000)); /* a post appears then */
	snprintf(path, sizeof path, "%s/a/b", place->name);
	FILE *file = fopen(path, "r+");
	fputs("TEXT\n", file);
	fclose(file);
	assert_false(export_folder_is_current(&folder, 7, 999));
	export_folder_close(&folder);
}

static void test_one_at_a_time(void **state)
{
	struct place *place = *state;
	struct export_folder folder, other;
	struct export_options options = { 0 };
	struct fault fault;
	open_folder(&folder, place);
	assert_false(
	    export_folder_open(&other, str_from(place->name), STR("gopher"), &options, &fault));
	export_folder_close(&other);
	export_folder_close(&folder);
}

/* Bytes from a descriptor, more than one piece of them. */
static void test_files_are_copied(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	struct export_stamp stamp = { 0 };
	struct fault fault;
	struct buf bytes = { 0 };
	char path[200];
	buf_repeat(&bytes, STR("0123456789abcde"), 10000);
	snprintf(path, sizeof path, "%s/source", place->parent);
	assert_true(file_replace(str_from(path), buf_str(&bytes), 0644, &fault));
	for (int round = 0; round < 2; round++) {
		int fd = open(path, O_RDONLY);
		open_folder(&folder, place);
		uint32_t index = export_folder_expect(&folder, STR("copy"));
		assert_int_equal(export_folder_put_fd(&folder, index, fd, bytes.len, &fault),
				 EXPORT_DONE);
		assert_int_equal(folder.files[index].state,
				 round == 0 ? EXPORT_WRITTEN : EXPORT_UNCHANGED);
		assert_true(export_folder_commit(&folder, &stamp, &fault));
		export_folder_close(&folder);
		close(fd);
	}
	expect_file(place, "copy", buf_c(&bytes));
	buf_free(&bytes);
}

/* An editor writes it anew at this moment: its old copy stays, and the others are not held up. */
static void test_a_source_that_becomes_shorter(void **state)
{
	struct place *place = *state;
	struct export_folder folder;
	struct export_stamp stamp = { 0 };
	struct fault fault;
	char path[200];
	export_files(place, (const char *[]){ "a", "old\n", NULL });
	snprintf(path, sizeof path, "%s/source", place->parent);
	assert_true(file_replace(str_from(path), STR("short"), 0644, &fault));
	int fd = open(path, O_RDONLY);
	open_folder(&folder, place);
	uint32_t a = export_folder_expect(&folder, STR("a"));
	uint32_t b = export_folder_expect(&folder, STR("b"));
	uint32_t c = export_folder_expect(&folder, STR("c"));
	assert_int_equal(export_folder_put_fd(&folder, a, fd, 9, &fault), EXPORT_REFUSED);
	assert_int_equal(export_folder_put_fd(&folder, b, fd, 9, &fault), EXPORT_REFUSED);
	assert_int_equal(export_folder_put(&folder, c, STR("new\n"), &fault), EXPORT_DONE);
	assert_true(export_folder_commit(&folder, &stamp, &fault));
	export_folder_close(&folder);
	close(fd);
	expect_file(place, "a", "old\n");
	expect_file(place, "b", NULL);
	expect_file(place, EXPORT_MANIFEST, "perigee export 1 gopher\n4 a\n4 c\n");
}

#define FOLDER_TEST(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relative_references),
		cmocka_unit_test(test_references_of_others),
		cmocka_unit_test(test_gemtext_gets_other_links),
		FOLDER_TEST(test_files_come_and_go),
		FOLDER_TEST(test_files_and_folders_change_places),
		FOLDER_TEST(test_what_is_not_committed_never_happened),
		FOLDER_TEST(test_new_files_join_old_folders),
		FOLDER_TEST(test_a_stage_that_was_left_is_cleared),
		FOLDER_TEST(test_paths_have_bounds),
		FOLDER_TEST(test_places_are_taken_once),
		FOLDER_TEST(test_current_until_somebody_touches_it),
		FOLDER_TEST(test_one_at_a_time),
		FOLDER_TEST(test_files_are_copied),
		FOLDER_TEST(test_a_source_that_becomes_shorter),
	};
	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
