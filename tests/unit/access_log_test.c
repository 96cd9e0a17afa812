/* The access log's lines, whoever's bytes are in them, and its files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "command/access_log.h"

/* A folder of its own for each test. */
struct logging {
	char folder[32];
	struct buf file, text;
	struct access_log *log;
};

static int set_up(void **state)
{
	static struct logging logging;
	struct fault fault;
	logging = (struct logging){ .folder = "/tmp/perigee-log-XXXXXX" };
	*state = &logging;
	if (mkdtemp(logging.folder) == NULL)
		return -1;
	buf_format(&logging.file, "%s/access.log", logging.folder);
	logging.log = access_log_open(buf_str(&logging.file), 2, &fault);
	return logging.log != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	struct logging *logging = *state;
	access_log_close(logging->log);
	unlink(buf_c(&logging->file));
	rmdir(logging->folder);
	buf_free(&logging->file);
	buf_free(&logging->text);
	return 0;
}

/* What is in the file after the time of the first line. */
static struct str written(struct logging *logging)
{
	struct fault fault;
	access_log_flush(logging->log);
	buf_clear(&logging->text);
	assert_true(file_read_path(buf_str(&logging->file), 2 << 20, &logging->text, &fault));
	return str_skip(buf_str(&logging->text), sizeof("2026-05-04T10:11:12Z"));
}

static void add(struct logging *logging, struct str address, enum log_addresses addresses,
		struct str path)
{
	struct access_record record = { .address = address,
					.addresses = addresses,
					.space = "gemini",
					.path = path,
					.status = 20,
					.bytes = 5213,
					.microseconds = 431 };
	access_log_add(logging->log, 1, &record);
}

static void a_line_has_seven_fields(void **state)
{
	struct logging *logging = *state;
	add(logging, STR("192.0.2.7"), ADDRESSES_FULL, STR("/posts/vectors.gmi"));
	assert_true(
	    str_equal(written(logging), STR("192.0.2.7 gemini /posts/vectors.gmi 20 5213 431\n")));
}

static void bytes_from_outside_forge_nothing(void **state)
{
	struct logging *logging = *state;
	add(logging, STR("192.0.2.7"), ADDRESSES_FULL, STR("/a b\n\x1b[31m\xff  "));
	assert_true(str_equal(written(logging),
			      STR("192.0.2.7 gemini /a\\x20b\\x0a\\x1b[31m\\xff\\x20\\x20 "
				  "20 5213 431\n")));
}

static void addresses_are_as_short_as_asked(void **state)
{
	static const struct {
		struct str address, text;
	} rows[] = {
		{ STR_INIT("192.0.2.7"), STR_INIT("192.0.2.0 ") },
		{ STR_INIT("2001:db8:1:2:3::5"), STR_INIT("2001:db8:1:: ") },
		{ STR_INIT("2001:db8::5"), STR_INIT("2001:db8:: ") },
		{ STR_INIT("2001::5"), STR_INIT("2001:: ") },
		{ STR_INIT("::1"), STR_INIT(":: ") },
	};
	struct logging *logging = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		add(logging, rows[i].address, ADDRESSES_SHORT, STR("/"));
		assert_true(str_starts(written(logging), rows[i].text));
		assert_int_equal(truncate(buf_c(&logging->file), 0), 0);
	}
	add(logging, STR("192.0.2.7"), ADDRESSES_NONE, STR("/"));
	assert_true(str_starts(written(logging), STR("- gemini / ")));
}

static void a_file_that_was_renamed_is_made_anew(void **state)
{
	struct logging *logging = *state;
	struct buf old = { 0 };
	struct fault fault;
	buf_format(&old, "%s.1", buf_c(&logging->file));
	add(logging, STR("192.0.2.7"), ADDRESSES_FULL, STR("/before"));
	assert_int_equal(rename(buf_c(&logging->file), buf_c(&old)), 0);
	assert_true(access_log_reopen(logging->log, buf_str(&logging->file), &fault));
	add(logging, STR("192.0.2.7"), ADDRESSES_FULL, STR("/after"));
	assert_true(str_starts(written(logging), STR("192.0.2.7 gemini /after ")));
	assert_false(access_log_reopen(logging->log, STR("/nowhere/access.log"), &fault));
	add(logging, STR("192.0.2.7"), ADDRESSES_FULL, STR("/still"));
	assert_int_not_equal(str_find_str(written(logging), STR(" /still "), 0), STR_NOT_FOUND);
	unlink(buf_c(&old));
	buf_free(&old);
}

static void lines_beyond_the_room_are_dropped(void **state)
{
	struct logging *logging = *state;
	struct buf path = { 0 };
	buf_repeat(&path, STR("x"), 1000);
	for (unsigned i = 0; i < 3000; i++)
		add(logging, STR("192.0.2.7"), ADDRESSES_FULL, buf_str(&path));
	struct str text = written(logging);
	assert_true(text.len > 1000000 && text.len < (1 << 20) + 2000);
	buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_has_seven_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bytes_from_outside_forge_nothing, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(addresses_are_as_short_as_asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_was_renamed_is_made_anew, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(lines_beyond_the_room_are_dropped, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
