#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "document/labels.h"

static void expect_word(struct str lang, enum label label, const char *wanted)
{
	struct labels labels;
	labels_for(&labels, lang);
	assert_true(str_equal(labels.word[label], str_from(wanted)));
}

static void a_language_is_found_by_its_tag(void **state)
{
	(void)state;
	expect_word(STR("en"), LABEL_IMAGE, "Image");
	expect_word(STR("vi"), LABEL_IMAGE, "Hình");
	expect_word(STR("vi-VN"), LABEL_NOTES, "Ghi chú");
	expect_word(STR("VI_vn"), LABEL_NOTES, "Ghi chú");
	expect_word(STR("xx"), LABEL_NOTES, "Notes");
	expect_word(STR(""), LABEL_NOTES, "Notes");
}

static unsigned count_percent(struct str s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '%';
	return n;
}

static void every_language_has_every_word(void **state)
{
	(void)state;
	struct labels english, vietnamese;
	labels_for(&english, STR("en"));
	labels_for(&vietnamese, STR("vi"));
	for (size_t i = 0; i < LABEL_COUNT; i++) {
		assert_int_not_equal(vietnamese.word[i].len, 0);
		assert_int_equal(count_percent(vietnamese.word[i]), count_percent(english.word[i]));
	}
}

static void settings_replace_words(void **state)
{
	(void)state;
	struct labels labels;
	labels_for(&labels, STR("en"));
	assert_true(labels_set(&labels, STR("keyword"), STR("Tag")));
	assert_true(str_equal(labels.word[LABEL_KEYWORD], STR("Tag")));
	assert_true(str_equal(labels.word[LABEL_KEYWORDS], STR("Keywords")));
	assert_false(labels_set(&labels, STR("nonsense"), STR("x")));
}

static void numbers_of_a_word_are_kept(void **state)
{
	(void)state;
	struct labels labels;
	labels_for(&labels, STR("en"));
	assert_true(labels_set(&labels, STR("part_of"), STR("%u/%u:")));
	assert_false(labels_set(&labels, STR("part_of"), STR("part")));
	assert_false(labels_set(&labels, STR("part_of"), STR("%u %s")));
	assert_false(labels_set(&labels, STR("part_count"), STR("%u %")));
	assert_true(str_equal(labels.word[LABEL_PART_OF], STR("%u/%u:")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_language_is_found_by_its_tag),
		cmocka_unit_test(every_language_has_every_word),
		cmocka_unit_test(settings_replace_words),
		cmocka_unit_test(numbers_of_a_word_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
