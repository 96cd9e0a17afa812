/*
 * home - a folder of its own for each test, and files in it.
 *
 *	home_make();                            // in set_up
 *	make_folder("content");
 *	write_file("content/a.md", "text\n");
 *	home_remove();                          // in tear_down
 */
#ifndef TESTS_UNIT_HOME_H
#define TESTS_UNIT_HOME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char home[] = "/tmp/perigee-unit-XXXXXX";

/* The last four are good. */
static inline const char *in_home(const char *name)
{
	static char path[4][400];
	static unsigned next;
	char *at = path[next++ % 4];
	snprintf(at, sizeof path[0], "%s/%s", home, name);
	return at;
}

static inline void make_folder(const char *name)
{
	assert_int_equal(mkdir(in_home(name), 0755), 0);
}

static inline void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_home(name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static inline int home_remove_one(const char *path, const struct stat *status, int type,
				  struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static inline void home_remove_below(const char *path)
{
	nftw(path, home_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void home_make(void)
{
	strcpy(strrchr(home, '-'), "-XXXXXX");
	assert_non_null(mkdtemp(home));
}

static inline void home_remove(void)
{
	home_remove_below(home);
}

#endif
