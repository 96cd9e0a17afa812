/*
 * group - what tests of readers share: cmocka, an arena that lives as long as the group of tests,
 * texts compared.
 *
 *	assert_str(uri.host, "example.org");
 *	...
 *	return cmocka_run_group_tests_name("uri", tests, NULL, free_arena);
 */
#ifndef TESTS_UNIT_GROUP_H
#define TESTS_UNIT_GROUP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"

static struct arena arena;

static inline int free_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static inline void assert_str(struct str got, const char *expected)
{
	if (!str_equal(got, str_from(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARGS(got), expected);
}

#endif
