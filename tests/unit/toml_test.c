/* The TOML reader: the same tree as YAML's, and faults that say where. */

#include "group.h"

#include "content/value.h"

static struct fault fault;

static const struct value *parse(const char *text)
{
	struct value *top = NULL;
	if (!toml_parse(&arena, str_from(text), STR("x.toml"), 1, &top, &fault))
		return NULL;
	return top;
}

static const struct value *get(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, str_from(key));
	assert_non_null(v);
	return v;
}

static void assert_text(const struct value *v, const char *text)
{
	assert_int_equal(v->kind, VALUE_SCALAR);
	assert_int_equal(v->text.len, strlen(text));
	assert_memory_equal(v->text.at, text, v->text.len);
}

static void reads_strings_of_four_kinds(void **state)
{
	(void)state;
	const struct value *top = parse("basic = \"a \\\"b\\\" \\u00e9\\t\\\\\"\n"
					"literal = 'C:\\x'\n"
					"many = \"\"\"\nline\n\\\n   joined \"\"quoted\"\"\"\"\n"
					"raw = '''\na\\nb'''\n"
					"empty = \"\"\n");
	assert_text(get(top, "basic"), "a \"b\" \xc3\xa9\t\\");
	assert_text(get(top, "literal"), "C:\\x");
	assert_text(get(top, "many"), "line\njoined \"\"quoted\"");
	assert_text(get(top, "raw"), "a\\nb");
	assert_text(get(top, "empty"), "");
	assert_true(get(top, "basic")->quoted);
}

static void reads_numbers_dates_and_truth_as_they_stand(void **state)
{
	(void)state;
	bool truth = false;
	const struct value *top = parse("draft = true # a comment\nweight = 17\nminus=-3\n"
					"date = 2020-05-25T02:50:54Z\nday = 2020-05-25 02:50:54\n");
	assert_true(value_bool(get(top, "draft"), &truth));
	assert_true(truth);
	assert_text(get(top, "weight"), "17");
	assert_text(get(top, "minus"), "-3");
	assert_text(get(top, "date"), "2020-05-25T02:50:54Z");
	assert_text(get(top, "day"), "2020-05-25 02:50:54");
	assert_false(get(top, "date")->quoted);
}

static void reads_arrays_and_tables(void **state)
{
	(void)state;
	const struct value *top = parse("tags = [ 'a', # first\n  \"b\",\n]\n"
					"point = { x = 1, y.z = 2 }\n"
					"a.b.c = 'dotted'\n"
					"[taxonomies]\nseries = ['S']\n"
					"[extra.\"in ner\"]\nkey = 'v'\n"
					"[[links]]\nname = 'one'\n[[links]]\nname = 'two'\n"
					"[links.sub]\nx = 1\n");
	assert_int_equal(get(top, "tags")->count, 2);
	assert_text(get(top, "tags")->first->next, "b");
	assert_text(get(get(get(top, "point"), "y"), "z"), "2");
	assert_text(get(get(get(top, "a"), "b"), "c"), "dotted");
	assert_text(get(get(top, "taxonomies"), "series")->first, "S");
	assert_text(get(get(get(top, "extra"), "in ner"), "key"), "v");
	assert_int_equal(get(top, "links")->count, 2);
	assert_text(get(get(top, "links")->last, "name"), "two");
	assert_text(get(get(get(top, "links")->last, "sub"), "x"), "1");
}

static void line_ends_may_be_crlf(void **state)
{
	(void)state;
	const struct value *top = parse("a = 'x'\r\n\r\nb = 2\r\n");
	assert_text(get(top, "a"), "x");
	assert_text(get(top, "b"), "2");
	assert_int_equal(get(top, "b")->line, 3);
}

static void a_fault_says_where(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned line, column;
	} faults[] = {
		{ "a = 1\nb = text\n", 2, 5 },
		{ "a\n", 1, 2 },
		{ "a = 'open\n", 1, 10 },
		{ "a = [1, 2\n", 2, 1 },
		{ "a = 1 2 'x\n", 1, 7 },
		{ "b = 1\n= 3", 2, 1 },
		{ "[table\n", 1, 7 },
		{ "a = 'x' y\n", 1, 9 },
		{ "a = \"\\q\"\n", 1, 7 },
		{ "a = 1\n[a]\n", 2, 4 },
		{ "a = { b = 1 c = 2 }", 1, 13 },
	};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		if (parse(faults[i].text) != NULL)
			fail_msg("no fault in: %s", faults[i].text);
		assert_int_equal(fault.line, faults[i].line);
		assert_int_equal(fault.column, faults[i].column);
	}
}

static void depth_is_bounded(void **state)
{
	(void)state;
	char deep[300] = "a = ";
	memset(deep + 4, '[', 200);
	deep[204] = '\0';
	assert_null(parse(deep));
	assert_non_null(strstr(fault.text, "levels"));
	memset(deep, 0, sizeof deep);
	for (size_t i = 0; i < 100; i++)
		strcat(deep, "a.");
	strcat(deep, "a = 1");
	assert_null(parse(deep));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_strings_of_four_kinds),
		cmocka_unit_test(reads_numbers_dates_and_truth_as_they_stand),
		cmocka_unit_test(reads_arrays_and_tables),
		cmocka_unit_test(line_ends_may_be_crlf),
		cmocka_unit_test(a_fault_says_where),
		cmocka_unit_test(depth_is_bounded),
	};
	return cmocka_run_group_tests_name("toml", tests, NULL, free_arena);
}
