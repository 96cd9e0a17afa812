/* Opening beneath a folder, in one call and on foot: the same answers (GEM-43, GOPH-7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"

static char outer[] = "/tmp/perigee-beneath-XXXXXX";
static int top, root;

static const char *const folders[] = { "root", "root/a", "root/a/b" };
static const char *const files[] = { "outside", "root/f", "root/a/b/g" };
static const struct {
	const char *name, *target;
} links[] = {
	{ "root/to-f", "f" },
	{ "root/to-a", "a" },
	{ "root/a/up", "../f" },
	{ "root/a/b/far", "../../to-a//b/./g" },
	{ "root/out", "../outside" },
	{ "root/a/out", "../../outside" },
	{ "root/in-again", "../root/f" },
	{ "root/absolute", "/etc/passwd" },
	{ "root/loop", "loop" },
	{ "root/dangling", "nothing" },
	{ "root/slash", "a/b/" },
	{ "root/f-slash", "f/" },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(outer));
	top = open(outer, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; i < COUNT(folders); i++)
		assert_int_equal(mkdirat(top, folders[i], 0755), 0);
	for (size_t i = 0; i < COUNT(files); i++)
		assert_int_equal(close(openat(top, files[i], O_WRONLY | O_CREAT, 0644)), 0);
	for (size_t i = 0; i < COUNT(links); i++)
		assert_int_equal(symlinkat(links[i].target, top, links[i].name), 0);
	root = openat(top, "root", O_RDONLY | O_DIRECTORY);
	assert_true(root >= 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(links); i++)
		unlinkat(top, links[i].name, 0);
	for (size_t i = 0; i < COUNT(files); i++)
		unlinkat(top, files[i], 0);
	for (size_t i = COUNT(folders); i > 0; i--)
		unlinkat(top, folders[i - 1], AT_REMOVEDIR);
	close(root);
	close(top);
	return rmdir(outer);
}

static const struct {
	const char *path;
	int reason; /* 0: it opens */
	const char *what;
} cases[] = {
	{ "f", 0, "root/f" },
	{ "a/b/g", 0, "root/a/b/g" },
	{ "a//b/./g", 0, "root/a/b/g" },
	{ "a/../f", 0, "root/f" },
	{ "a/b/..", 0, "root/a" },
	{ ".", 0, "root" },
	{ "a/", 0, "root/a" },
	{ "to-f", 0, "root/f" },
	{ "to-a/b/g", 0, "root/a/b/g" },
	{ "to-a/up", 0, "root/f" },
	{ "a/b/far", 0, "root/a/b/g" },
	{ "slash", 0, "root/a/b" },
	{ "slash/g", 0, "root/a/b/g" },
	{ "..", EXDEV, NULL },
	{ "../root/f", EXDEV, NULL },
	{ "a/../../outside", EXDEV, NULL },
	{ "/etc/passwd", EXDEV, NULL },
	{ "out", EXDEV, NULL },
	{ "a/out", EXDEV, NULL },
	{ "to-a/out", EXDEV, NULL },
	{ "in-again", EXDEV, NULL },
	{ "absolute", EXDEV, NULL },
	{ "loop", ELOOP, NULL },
	{ "loop/f", ELOOP, NULL },
	{ "dangling", ENOENT, NULL },
	{ "nothing/f", ENOENT, NULL },
	{ "", ENOENT, NULL },
	{ "f/", ENOTDIR, NULL },
	{ "f/..", ENOTDIR, NULL },
	{ "f/g", ENOTDIR, NULL },
	{ "f-slash", ENOTDIR, NULL },
};

static void check(int (*open_one)(int, struct str, int), size_t i)
{
	struct stat found, wanted;
	errno = 0;
	int fd = open_one(root, str_from(cases[i].path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 ? errno != cases[i].reason : cases[i].reason != 0)
		fail_msg("\"%s\": %d, errno %d", cases[i].path, fd, errno);
	if (fd < 0)
		return;
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(fstatat(top, cases[i].what, &wanted, 0), 0);
	if (found.st_ino != wanted.st_ino)
		fail_msg("\"%s\" is not %s", cases[i].path, cases[i].what);
	close(fd);
}

static void the_kernel_opens_what_is_beneath(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(beneath_open, i);
}

static void a_walk_opens_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(beneath_walk, i);
}

static void flags_are_kept(void **state)
{
	(void)state;
	assert_int_equal(beneath_walk(root, STR("f"), O_RDONLY | O_DIRECTORY), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(beneath_walk(root, STR("to-f"), O_RDONLY | O_DIRECTORY), -1);
	assert_int_equal(errno, ENOTDIR);
	int fd = beneath_walk(root, STR("to-a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(fd);
}

static void a_walk_leaves_no_descriptor_behind(void **state)
{
	(void)state;
	int before = dup(root);
	close(before);
	for (size_t i = 0; i < COUNT(cases); i++)
		check(beneath_walk, i);
	int after = dup(root);
	close(after);
	assert_int_equal(before, after);
}

static void a_nul_ends_no_path(void **state)
{
	(void)state;
	assert_int_equal(beneath_open(root, STR("f\0x"), O_RDONLY), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(beneath_walk(root, STR("f\0x"), O_RDONLY), -1);
	assert_int_equal(errno, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_opens_what_is_beneath),
		cmocka_unit_test(a_walk_opens_the_same),
		cmocka_unit_test(flags_are_kept),
		cmocka_unit_test(a_walk_leaves_no_descriptor_behind),
		cmocka_unit_test(a_nul_ends_no_path),
	};
	return cmocka_run_group_tests_name("base/beneath", tests, set_up, tear_down);
}
