/* Reading beneath a folder (GEM-43, GOPH-7) and replacing files whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/perigee-file-XXXXXX";
static int root;

static void put(const char *name, const char *text)
{
	int fd = openat(root, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	root = file_open_folder(str_from(folder));
	assert_true(root >= 0);
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	put("a.txt", "inside");
	assert_int_equal(symlinkat("a.txt", root, "within"), 0);
	assert_int_equal(symlinkat("../a.txt", root, "sub/up-within"), 0);
	assert_int_equal(symlinkat("/etc/passwd", root, "absolute"), 0);
	assert_int_equal(symlinkat("../../etc/passwd", root, "escape"), 0);
	assert_int_equal(mkfifoat(root, "fifo", 0644), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	static const char *const names[] = { "a.txt",  "within", "sub/up-within", "absolute",
					     "escape", "fifo",   "new.txt" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlinkat(root, names[i], 0);
	unlinkat(root, "sub", AT_REMOVEDIR);
	close(root);
	return rmdir(folder);
}

static int open_name(const char *name)
{
	struct stat status;
	return file_open_beneath(root, str_from(name), &status);
}

static void files_and_links_within_are_opened(void **state)
{
	(void)state;
	static const char *const names[] = { "a.txt", "within", "sub/up-within", "sub/../a.txt" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf text = { 0 };
		int fd = open_name(names[i]);
		assert_true(fd >= 0);
		assert_true(file_read(fd, 100, &text));
		assert_string_equal(buf_c(&text), "inside");
		close(fd);
		buf_free(&text);
	}
}

static void nothing_leads_out(void **state)
{
	(void)state;
	static const char *const names[] = { "absolute", "escape", "../x", "/etc/passwd",
					     "sub/../../x" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(open_name(names[i]), -1);
	struct stat status;
	assert_int_equal(file_open_beneath(root, STR("a.txt\0b"), &status), -1);
	assert_int_equal(errno, EINVAL);
}

static void only_regular_files_are_opened(void **state)
{
	(void)state;
	assert_int_equal(open_name("sub"), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(open_name("fifo"), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(open_name("missing"), -1);
	assert_int_equal(errno, ENOENT);
}

static void reading_is_bounded(void **state)
{
	(void)state;
	struct buf text = { 0 };
	int fd = open_name("a.txt");
	assert_false(file_read(fd, 5, &text));
	assert_int_equal(errno, EFBIG);
	assert_int_equal(text.len, 0);
	close(fd);
	fd = open_name("a.txt");
	assert_true(file_read(fd, 6, &text));
	close(fd);
	fd = open_name("a.txt");
	assert_true(file_read_bytes(fd, 4, &text));
	assert_int_equal(text.len, 10);
	assert_false(file_read_bytes(fd, 3, &text)); /* two are left */
	close(fd);
	buf_free(&text);
}

static void a_failed_replacement_leaves_the_old_file(void **state)
{
	(void)state;
	struct fault fault;
	struct buf path = { 0 }, text = { 0 };
	buf_format(&path, "%s/new.txt", folder);
	assert_true(file_replace(buf_str(&path), STR("first"), 0600, &fault));

	/* A file-size limit of 0 stands for a full disk. */
	struct rlimit none = { 0, 0 }, before;
	getrlimit(RLIMIT_FSIZE, &before);
	none.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &none);
	bool replaced = file_replace(buf_str(&path), STR("second"), 0600, &fault);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_false(replaced);
	assert_true(str_starts(str_from(fault.text), STR("cannot write: ")));

	assert_true(file_read_path(buf_str(&path), 100, &text, &fault));
	assert_string_equal(buf_c(&text), "first");
	struct stat status;
	assert_int_equal(stat(buf_c(&path), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	buf_clear(&text);
	buf_format(&text, "ls %s | grep -c 'new.txt.'", folder);
	FILE *list = popen(buf_c(&text), "r");
	char count[8] = "";
	assert_non_null(fgets(count, sizeof count, list));
	pclose(list);
	assert_string_equal(count, "0\n");

	assert_false(file_replace(STR("/nowhere/at/all"), STR("x"), 0600, &fault));
	assert_false(file_read_path(STR("/nowhere/at/all"), 9, &text, &fault));
	buf_free(&path);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_links_within_are_opened),
		cmocka_unit_test(nothing_leads_out),
		cmocka_unit_test(only_regular_files_are_opened),
		cmocka_unit_test(reading_is_bounded),
		cmocka_unit_test(a_failed_replacement_leaves_the_old_file),
	};
	return cmocka_run_group_tests_name("file", tests, set_up, tear_down);
}
