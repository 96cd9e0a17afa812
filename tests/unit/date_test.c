/* Dates in all the lengths that contract.md ("Posts") and blog tools write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/date.h"

static void day_and_instant(const char *text, const char *day, const char *instant)
{
	struct date date;
	struct buf b = { 0 };
	if (!date_parse(str_from(text), &date))
		fail_msg("not read as a date: %s", text);
	date_add_day(&b, &date);
	assert_string_equal(buf_c(&b), day);
	buf_clear(&b);
	date_add_rfc3339(&b, date.instant);
	assert_string_equal(buf_c(&b), instant);
	buf_free(&b);
}

static void usual_lengths_are_read(void **state)
{
	(void)state;
	day_and_instant("2020-05-25", "2020-05-25", "2020-05-25T00:00:00Z");
	day_and_instant("2020/5/7", "2020-05-07", "2020-05-07T00:00:00Z");
	day_and_instant("2020-05-25T02:50", "2020-05-25", "2020-05-25T02:50:00Z");
	day_and_instant("2020-05-25T02:50:54.615Z", "2020-05-25", "2020-05-25T02:50:54Z");
	day_and_instant("2020-05-25 02:50:54", "2020-05-25", "2020-05-25T02:50:54Z");
	day_and_instant("2020-05-25 02:50:54 UTC", "2020-05-25", "2020-05-25T02:50:54Z");
	day_and_instant("  2020-05-25t02:50:54+07  ", "2020-05-25", "2020-05-24T19:50:54Z");
}

static void the_day_is_as_written_and_the_instant_is_not(void **state)
{
	(void)state;
	day_and_instant("2020-05-25 02:50:54 +0700", "2020-05-25", "2020-05-24T19:50:54Z");
	day_and_instant("2020-12-31T23:30:00-05:00", "2020-12-31", "2021-01-01T04:30:00Z");
	day_and_instant("1969-12-31T23:59:59Z", "1969-12-31", "1969-12-31T23:59:59Z");
	day_and_instant("0001-01-01", "0001-01-01", "0001-01-01T00:00:00Z");
	day_and_instant("9999-12-31T23:59:59Z", "9999-12-31", "9999-12-31T23:59:59Z");
}

static void what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"yesterday",
		"2020",
		"2020-13-01",
		"2020-00-10",
		"2020-02-30",
		"2019-02-29",
		"2020-05-25x",
		"20-05-25",
		"2020-05/25",
		"2020-05-25T",
		"2020-05-25 25:00",
		"2020-05-25 1:2",
		"0000-01-01",
		"2020-05-25 02:50 PST",
		"2020-05-25T02:50:54+99:00",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct date date;
		if (date_parse(str_from(wrong[i]), &date))
			fail_msg("read as a date: %s", wrong[i]);
	}
	day_and_instant("2020-02-29", "2020-02-29", "2020-02-29T00:00:00Z");
}

static void file_names_carry_dates(void **state)
{
	(void)state;
	struct date date;
	struct str rest;
	assert_true(date_prefix(STR("2020-01-02-other-post"), &date, &rest));
	assert_int_equal(date.day, 2);
	assert_memory_equal(rest.at, "other-post", rest.len);
	assert_false(date_prefix(STR("2020-1-2-other"), &date, &rest));
	assert_false(date_prefix(STR("2020-01-02"), &date, &rest));
	assert_false(date_prefix(STR("2020-99-02-x"), &date, &rest));
	assert_false(date_prefix(STR("other-post"), &date, &rest));
}

static void every_day_goes_there_and_back(void **state)
{
	(void)state;
	for (int64_t day = -800000; day < 2900000; day += 371) {
		struct date date = date_from_instant(day * 86400 + 3600), again;
		struct buf b = { 0 };
		if (date.year < 1 || date.year > 9999)
			continue;
		date_add_day(&b, &date);
		assert_true(date_parse(buf_str(&b), &again));
		assert_int_equal(again.instant, day * 86400);
		buf_free(&b);
	}
}

static void what_cannot_be_parsed_is_not_sound(void **state)
{
	(void)state;
	static const char *const texts[] = { "0001-01-01", "9999-12-31T24:59:60-23:59",
					     "2024-02-29T00:00+23:59", "2020-05-25" };
	struct date date;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(date_parse(str_from(texts[i]), &date));
		assert_true(date_is_sound(&date));
		date.instant += date.has_time ? 4 * 86400 : 1;
		assert_false(date_is_sound(&date));
	}
	assert_true(date_parse(STR("2023-02-28"), &date));
	date.day = 29;
	assert_false(date_is_sound(&date));
	date = (struct date){ 0 };
	assert_false(date_is_sound(&date));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_lengths_are_read),
		cmocka_unit_test(the_day_is_as_written_and_the_instant_is_not),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(file_names_carry_dates),
		cmocka_unit_test(every_day_goes_there_and_back),
		cmocka_unit_test(what_cannot_be_parsed_is_not_sound),
	};
	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
