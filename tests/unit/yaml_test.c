/* The YAML reader: a value tree with places, and faults that say where. */

#include "group.h"

#include "content/value.h"

static struct fault fault;

static const struct value *parse(const char *text)
{
	struct value *top = NULL;
	if (!yaml_parse(&arena, str_from(text), STR("x.yaml"), 1, &top, &fault))
		return NULL;
	return top;
}

static void assert_text(const struct value *v, const char *text)
{
	assert_non_null(v);
	assert_int_equal(v->kind, VALUE_SCALAR);
	assert_int_equal(v->text.len, strlen(text));
	assert_memory_equal(v->text.at, text, v->text.len);
}

static void reads_scalars_lists_and_maps(void **state)
{
	(void)state;
	const struct value *top = parse("title: \"A: b\"\n"
					"tags: [one, 'two']\n"
					"author:\n"
					"  name: Ann\n"
					"text: >\n"
					"  folded\n"
					"  lines\n"
					"empty:\n");
	assert_int_equal(top->kind, VALUE_MAP);
	assert_int_equal(top->count, 5);
	assert_text(value_get(top, STR("title")), "A: b");
	assert_true(value_get(top, STR("title"))->quoted);
	const struct value *tags = value_get(top, STR("tags"));
	assert_int_equal(tags->kind, VALUE_LIST);
	assert_text(tags->first, "one");
	assert_text(tags->first->next, "two");
	assert_null(tags->first->next->next);
	assert_text(value_get(value_get(top, STR("author")), STR("name")), "Ann");
	assert_text(value_get(top, STR("text")), "folded lines\n");
	assert_int_equal(value_get(top, STR("empty"))->kind, VALUE_NULL);
	assert_null(value_get(top, STR("absent")));
}

static void values_know_their_place(void **state)
{
	(void)state;
	struct value *top;
	assert_true(
	    yaml_parse(&arena, STR("a: 1\nb:\n  - x\n  - yy\n"), STR("f"), 10, &top, &fault));
	const struct value *b = value_get(top, STR("b"));
	assert_int_equal(b->key_line, 11);
	assert_int_equal(b->key_column, 1);
	assert_int_equal(b->first->next->line, 13);
	assert_int_equal(b->first->next->column, 5);
}

static void truth_and_numbers_are_unquoted(void **state)
{
	(void)state;
	bool truth = false;
	uint64_t number = 0;
	const struct value *top = parse("a: yes\nb: 'true'\nc: 17\nd: '17'\ne: False\n");
	assert_true(value_bool(value_get(top, STR("a")), &truth));
	assert_true(truth);
	assert_false(value_bool(value_get(top, STR("b")), &truth));
	assert_true(value_bool(value_get(top, STR("e")), &truth));
	assert_false(truth);
	assert_true(value_number(value_get(top, STR("c")), 100, &number));
	assert_int_equal(number, 17);
	assert_false(value_number(value_get(top, STR("c")), 16, &number));
	assert_false(value_number(value_get(top, STR("d")), 100, &number));
}

static void nothing_is_null(void **state)
{
	(void)state;
	assert_int_equal(parse("")->kind, VALUE_NULL);
	assert_int_equal(parse("# only a comment\n")->kind, VALUE_NULL);
	assert_int_equal(value_get(parse("a: ~\n"), STR("a"))->kind, VALUE_NULL);
}

static void json_is_read_as_flow_yaml(void **state)
{
	(void)state;
	const struct value *top =
	    parse("{\n\t\"title\":\"A \\\"b\\\" \\/ \\u00e9\",\"n\":[1,true]}");
	assert_text(value_get(top, STR("title")), "A \"b\" / \xc3\xa9");
	assert_int_equal(value_get(top, STR("n"))->count, 2);
}

static void a_fault_says_where(void **state)
{
	(void)state;
	assert_null(parse("title: ok\nbad: [1, 2\nmore: x\n"));
	assert_true(str_equal(fault.file, STR("x.yaml")));
	assert_true(fault.line >= 2);
	assert_true(fault.column > 0);
	assert_null(parse("a: b: c\n"));
	assert_int_equal(fault.line, 1);
	assert_int_equal(fault.column, 5);
	assert_null(parse("a: 1\nb: \xff\n"));
	assert_int_equal(fault.line, 2);
	assert_int_equal(fault.column, 4);
}

static void aliases_documents_and_depth_are_refused(void **state)
{
	(void)state;
	assert_null(parse("a: &x [1]\nb: *x\n"));
	assert_int_equal(fault.line, 2);
	assert_null(parse("a: 1\n---\nb: 2\n"));
	assert_null(parse("? [a]\n: b\n"));
	char deep[200];
	memset(deep, '[', 100);
	memset(deep + 100, ']', 99);
	deep[199] = '\0';
	assert_null(parse(deep));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_scalars_lists_and_maps),
		cmocka_unit_test(values_know_their_place),
		cmocka_unit_test(truth_and_numbers_are_unquoted),
		cmocka_unit_test(nothing_is_null),
		cmocka_unit_test(json_is_read_as_flow_yaml),
		cmocka_unit_test(a_fault_says_where),
		cmocka_unit_test(aliases_documents_and_depth_are_refused),
	};
	return cmocka_run_group_tests_name("yaml", tests, NULL, free_arena);
}
