/*
 * Sources of formulas and what is to become of them, for all tests of mathematics:
 *
 *     static const struct pair pairs[] = { { "x^2", "x²" }, { "\\frac{a", NULL } };
 *     ASSERT_PAIRS(math_row, &plain, pairs);
 */
#ifndef TESTS_UNIT_MATH_PAIRS_H
#define TESTS_UNIT_MATH_PAIRS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "math/math.h"

struct pair {
	const char *tex, *expected; /* NULL: it is not to be set */
};

typedef bool setter(struct str, const struct math_options *, struct buf *);

static inline void assert_pairs(setter *set, const struct math_options *options,
				const struct pair *pairs, size_t npairs)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < npairs; i++) {
		buf_clear(&out);
		bool done = set(str_from(pairs[i].tex), options, &out);
		if (done != (pairs[i].expected != NULL))
			fail_msg("%s: %s", pairs[i].tex, done ? buf_c(&out) : "not set");
		if (!done)
			assert_int_equal(out.len, 0);
		else if (strcmp(buf_c(&out), pairs[i].expected) != 0)
			fail_msg("%s\ngives\n%s\nnot\n%s", pairs[i].tex, buf_c(&out),
				 pairs[i].expected);
	}
	buf_free(&out);
}

#define ASSERT_PAIRS(set, options, pairs)                                                          \
	assert_pairs(set, options, pairs, sizeof(pairs) / sizeof *(pairs))

static const struct math_options plain;

#endif
