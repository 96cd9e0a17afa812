/* Formulas that are meant to cost much, or never to end. */
#include "base/utf8.h"
#include "math_pairs.h"

static void repeat_to(struct buf *tex, struct str piece, size_t length)
{
	buf_clear(tex);
	while (tex->len < length)
		buf_add(tex, piece);
}

static void hostile_sources_end(void **state)
{
	(void)state;
	static const char *const pieces[] = { "{",
					      "\\frac",
					      "\\frac{",
					      "\\left(",
					      "x^{",
					      "\\sqrt[",
					      "\\text{",
					      "\\text{$",
					      "\\begin{matrix}",
					      "\\hat",
					      "&",
					      "\\\\",
					      "|",
					      "(",
					      "f(",
					      "\\frac{f(x}",
					      "'",
					      "^",
					      "_x",
					      "%",
					      "\\newcommand{\\a}{",
					      "\\def\\x{\\x\\x}\\x" };
	struct buf tex = { 0 }, out = { 0 };
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		for (size_t length = 1000; length <= 100000; length *= 10) {
			repeat_to(&tex, str_from(pieces[i]), length);
			buf_clear(&out);
			math_row(buf_str(&tex), &plain, &out);
			math_display(buf_str(&tex), &plain, &out);
			assert_true(utf8_valid(buf_str(&out)));
		}
	repeat_to(&tex, STR("x"), 60000);
	buf_clear(&out);
	assert_true(math_row(buf_str(&tex), &plain, &out));
	repeat_to(&tex, STR("x"), 70000);
	assert_false(math_row(buf_str(&tex), &plain, &out));
	buf_free(&tex);
	buf_free(&out);
}

static void nesting_is_bounded(void **state)
{
	(void)state;
	struct buf tex = { 0 }, out = { 0 };
	for (unsigned depth = 20; depth <= 40; depth += 20) {
		buf_clear(&tex);
		buf_repeat(&tex, STR("\\hat{\\sqrt[q]{"), depth / 2);
		buf_add(&tex, STR("ab"));
		buf_repeat(&tex, STR("}}"), depth / 2);
		assert_int_equal(math_row(buf_str(&tex), &plain, &out), depth < 32);
	}
	buf_free(&tex);
	buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_sources_end),
		cmocka_unit_test(nesting_is_bounded),
	};
	return cmocka_run_group_tests_name("math bounds", tests, NULL, NULL);
}
