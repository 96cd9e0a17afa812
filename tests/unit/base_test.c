/* Units of base/: slices, growing text, arenas, maps, faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/map.h"

#define assert_str(got, expected)                                                                  \
	do {                                                                                       \
		struct str got_ = (got), expected_ = str_from(expected);                           \
		assert_int_equal(got_.len, expected_.len);                                         \
		assert_memory_equal(got_.at, expected_.at, expected_.len);                         \
	} while (0)

static void slices_are_clamped(void **state)
{
	(void)state;
	struct str s = STR("perigee");
	assert_str(str_sub(s, 0, 4), "peri");
	assert_str(str_sub(s, 5, 99), "ee");
	assert_str(str_sub(s, 6, 2), "");
	assert_str(str_skip(s, 100), "");
	assert_str(str_trim(STR(" \t a b \r\n")), "a b");
	assert_str(str_trim(STR("  ")), "");
}

static void words_have_a_distance(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		unsigned most, distance;
	} rows[] = {
		{ "vectors", "vectors", 2, 0 },
		{ "vectors", "vector", 2, 1 },
		{ "vectors", "vecotrs", 2, 1 },
		{ "vectors", "wektors", 2, 2 },
		{ "vectors", "eigenvalues", 2, 3 },
		{ "abcdef", "ghijkl", 2, 3 },
		{ "", "ab", 2, 2 },
		{ "", "", 0, 0 },
		{ "ab", "ba", 1, 1 },
		{ "kitten", "sitting", 3, 3 },
		{ "kitten", "sitting", 9, 3 },
		{ "titel", "title", 2, 1 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str a = str_from(rows[i].a), b = str_from(rows[i].b);
		assert_int_equal(str_distance(a, b, rows[i].most), rows[i].distance);
		assert_int_equal(str_distance(b, a, rows[i].most), rows[i].distance);
	}
}

static void slices_are_compared(void **state)
{
	(void)state;
	assert_true(str_equal(STR(""), (struct str){ NULL, 0 }));
	assert_false(str_equal(STR("a"), STR("A")));
	assert_true(str_equal_nocase(STR("GeMiNi"), STR("gemini")));
	assert_false(str_equal_nocase(STR("gemin"), STR("gemini")));
	assert_true(str_starts(STR("=> x"), STR("=>")));
	assert_false(str_starts(STR("="), STR("=>")));
	assert_true(str_ends(STR("a.md"), STR(".md")));
	assert_true(str_compare(STR("ab"), STR("abc")) < 0);
	assert_true(str_compare(STR("b"), STR("abc")) > 0);
	assert_int_equal(str_compare(STR("x"), STR("x")), 0);
}

static void slices_are_searched(void **state)
{
	(void)state;
	struct str s = STR("a/b/c");
	assert_int_equal(str_find(s, '/', 0), 1);
	assert_int_equal(str_find(s, '/', 2), 3);
	assert_true(str_find(s, '/', 9) == STR_NOT_FOUND);
	assert_int_equal(str_find_last(s, '/'), 3);
	assert_true(str_find_last(s, 'x') == STR_NOT_FOUND);
	assert_int_equal(str_find_str(s, STR("b/"), 0), 2);
	assert_true(str_find_str(s, STR("b/"), 3) == STR_NOT_FOUND);
}

static void cutting_takes_parts_and_lines(void **state)
{
	(void)state;
	struct str rest = STR("key: value: more"), part;
	assert_true(str_cut(&rest, ':', &part));
	assert_str(part, "key");
	assert_str(rest, " value: more");
	assert_true(str_cut(&rest, ':', &part));
	assert_false(str_cut(&rest, ':', &part));
	assert_str(part, " more");
	assert_int_equal(rest.len, 0);

	rest = STR("one\r\ntwo\n\nlast");
	const char *lines[] = { "one", "two", "", "last" };
	for (size_t i = 0; i < 4; i++) {
		assert_true(str_line(&rest, &part));
		assert_str(part, lines[i]);
	}
	assert_false(str_line(&rest, &part));
}

static void numbers_are_whole_and_bounded(void **state)
{
	(void)state;
	uint64_t n = 7;
	assert_true(str_number(STR("65535"), 65535, &n));
	assert_int_equal(n, 65535);
	assert_false(str_number(STR("65536"), 65535, &n));
	assert_false(str_number(STR(""), 10, &n));
	assert_false(str_number(STR("1x"), 10, &n));
	assert_false(str_number(STR("-1"), 10, &n));
	assert_true(str_number(STR("18446744073709551615"), UINT64_MAX, &n));
	assert_false(str_number(STR("18446744073709551616"), UINT64_MAX, &n));
}

static void text_grows(void **state)
{
	(void)state;
	struct buf b = { 0 };
	assert_str(buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		buf_format(&b, "%d,", i);
	assert_int_equal(b.len, 10 * 2 + 90 * 3 + 900 * 4);
	assert_true(str_starts(buf_str(&b), STR("0,1,2,")));
	assert_true(str_ends(buf_str(&b), STR("998,999,")));
	buf_clear(&b);
	buf_repeat(&b, STR("ab"), 3);
	buf_add(&b, STR(""));
	buf_add_char(&b, '!');
	assert_string_equal(buf_c(&b), "ababab!");
	assert_int_equal(b.len, 7);
	buf_free(&b);
	assert_null(b.at);
}

static void arenas_give_aligned_zeroed_memory(void **state)
{
	(void)state;
	struct arena a = { 0 };
	for (size_t i = 1; i < 3000; i++) {
		struct str copy = arena_str(&a, STR("odd"));
		assert_int_equal(copy.at[copy.len], '\0');
		unsigned char *p = arena_get(&a, i);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < i; j += 97)
			assert_int_equal(p[j], 0);
		memset(p, 0xff, i);
	}
	char *large = arena_get(&a, 3000000);
	large[2999999] = 1;
	assert_str(arena_format(&a, "%d of %d", 2, 5), "2 of 5");

	arena_clear(&a);
	unsigned char *again = arena_get(&a, 4000);
	for (size_t j = 0; j < 4000; j++)
		assert_int_equal(again[j], 0);
	arena_free(&a);
	assert_int_equal(a.total, 0);
}

static void arrays_grow_in_an_arena(void **state)
{
	(void)state;
	struct arena a = { 0 };
	int *numbers = NULL;
	size_t capacity = 0;
	for (size_t i = 0; i < 1000; i++) {
		numbers = arena_grow(&a, numbers, i, &capacity, sizeof *numbers);
		numbers[i] = (int)i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	arena_free(&a);
}

static void maps_find_what_was_put(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct map m = { 0 };
	assert_true(map_get(&m, STR("none")) == MAP_NONE);
	for (uint32_t i = 0; i < 5000; i++)
		assert_true(map_put(&m, arena_format(&a, "key %u", i), i) == MAP_NONE);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(map_get(&m, arena_format(&a, "key %u", i)), i);
	assert_true(map_get(&m, STR("key 5000")) == MAP_NONE);

	assert_int_equal(map_put(&m, STR("key 7"), 99), 7);
	assert_int_equal(map_get(&m, STR("key 7")), 7);
	map_set(&m, STR("key 7"), 99);
	assert_int_equal(map_get(&m, STR("key 7")), 99);
	assert_true(map_put(&m, STR(""), 1) == MAP_NONE);
	assert_int_equal(map_get(&m, (struct str){ NULL, 0 }), 1);
	map_free(&m);
	arena_free(&a);
}

static void faults_say_where_and_cannot_forge_lines(void **state)
{
	(void)state;
	struct fault fault;
	struct buf text = { 0 };
	assert_false(fault_set(&fault, STR("a\nb.yaml"), 3, 9, "unknown key %s", "x\033[31m"));
	fault_text(&fault, &text);
	assert_str(buf_str(&text), "a\\x0ab.yaml:3:9: unknown key x\\x1b[31m");

	buf_clear(&text);
	fault_set(&fault, STR(""), 0, 0, "plain");
	fault_text(&fault, &text);
	assert_str(buf_str(&text), "plain");

	struct arena a = { 0 };
	struct fault_list list = { 0 };
	char name[] = "post.md";
	for (unsigned line = 1; line <= 20; line++) {
		fault_set(&fault, str_from(name), line, 0, "line %u", line);
		fault_list_add(&list, &a, &fault);
	}
	name[0] = 'X';
	assert_int_equal(list.count, 20);
	assert_str(list.at[19].file, "post.md");
	assert_string_equal(list.at[19].text, "line 20");
	assert_false(fault_set(NULL, STR("x"), 1, 1, "nobody listens"));
	arena_free(&a);
	buf_free(&text);
}

static void log_text_is_escaped(void **state)
{
	(void)state;
	struct buf out = { 0 };
	log_escape(&out, STR("a\r\nb\\c\x1b[0m \xff\xc3\xa9\xc2\x85"));
	assert_str(buf_str(&out), "a\\x0d\\x0ab\\x5cc\\x1b[0m \\xff\xc3\xa9\\xc2\\x85");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_clamped),
		cmocka_unit_test(slices_are_compared),
		cmocka_unit_test(words_have_a_distance),
		cmocka_unit_test(slices_are_searched),
		cmocka_unit_test(cutting_takes_parts_and_lines),
		cmocka_unit_test(numbers_are_whole_and_bounded),
		cmocka_unit_test(text_grows),
		cmocka_unit_test(arenas_give_aligned_zeroed_memory),
		cmocka_unit_test(arrays_grow_in_an_arena),
		cmocka_unit_test(maps_find_what_was_put),
		cmocka_unit_test(faults_say_where_and_cannot_forge_lines),
		cmocka_unit_test(log_text_is_escaped),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
