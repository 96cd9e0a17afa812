/* Tables as the pre-pass and md4c make them of Markdown. */
#include "markdown_cases.h"

static void tables_have_rows_and_cells(void **state)
{
	(void)state;
	expect(
	    "| a | b |\n|---|:-:|\n| `x \\| y` | $|z|$ |", /* G05 */
	    "table(2)\n  row\n    cell a\n    cell b\n  row\n    cell `x | y`\n    cell {|z|}\n");
}

static void one_dash_makes_a_table(void **state)
{
	(void)state;
	expect("a | b\n:-|-:\n1 | 2",
	       "table(2)\n  row\n    cell a\n    cell b\n  row\n    cell 1\n    cell 2\n");
	expect("|a|\n|-|\n|1|", "table(1)\n  row\n    cell a\n  row\n    cell 1\n");
}

static void surplus_cells_are_kept(void **state)
{
	(void)state;
	expect("| a | b |\n|---|---|\n| x | O(|V|) | y |\n| 1 | 2 |",
	       "table(2)\n  row\n    cell a\n    cell b\n  row\n    cell x\n    cell O(|V|) | y\n"
	       "  row\n    cell 1\n    cell 2\n");
	const char *const three = "table(3)\n  row\n    cell a\n    cell {|b|}\n    cell c\n"
				  "  row\n    cell 1\n    cell 2\n    cell 3\n";
	expect("| a | $|b|$ | c |\n|---|---|\n| 1 | 2 | 3 |", three);
	expect("a | $|b|$ | c\n-- | --\n1 | 2 | 3", three);
}

/* md4c wants three dashes a cell, GFM one; and only the second line of a paragraph is such a line.
 */
static void one_dash_makes_a_column(void **state)
{
	(void)state;
	const char *const table =
	    "table(2)\n  row\n    cell a\n    cell b\n  row\n    cell 1\n    cell 2\n";
	expect("| a | b |\n|-|-|\n| 1 | 2 |", table);
	expect("a | b\n--|--\n1 | 2", table);
	expect("| a | b |\n| - | - |\n| 1 | 2 |", table);
	expect("x\ny\n-|-\nz", "text x/y/-|-/z\n");
	expect("> a | b\n> -|-\n> 1 | 2", "quote\n  table(2)\n    row\n      cell a\n      cell b\n"
					  "    row\n      cell 1\n      cell 2\n");
}

/* As on GitHub and in Hugo; md4c wants a blank line. */
static void tables_interrupt_paragraphs(void **state)
{
	(void)state;
	expect("a\nb:\n| c |\n|---|\n| d |",
	       "text a/b:\ntable(1)\n  row\n    cell c\n  row\n    cell d\n");
	expect("> - a\n>   | c |\n>   |-|\n> - b",
	       "quote\n  list\n    item(1)\n      text a\n      table(1)\n        row\n"
	       "          cell c\n    item(2)\n      text b\n");
	expect("a\n| b", "text a/| b\n");
	expect("a\n| b\nc\n|--", "text a/| b/c/|--\n");
}

/* A wide head and short rows: md4c makes up the cells that are not there. */
static void tables_are_bounded(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct buf body = { 0 };
	buf_repeat(&body, STR("|x"), 2000);
	buf_add_char(&body, '\n');
	buf_repeat(&body, STR("|-"), 2000);
	buf_add_char(&body, '\n');
	buf_repeat(&body, STR("|y\n"), 10000);
	struct document *d = parse_case(&arena, buf_str(&body));
	assert_true(d->nblocks < body.len);
	struct buf words = { 0 };
	document_plain(d, 0, d->nruns, &words);
	size_t nrows = 0;
	for (size_t i = 0; i < words.len; i++)
		nrows += words.at[i] == 'y';
	assert_int_equal(nrows, 10000);
	buf_free(&words);
	buf_free(&body);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_have_rows_and_cells),
		cmocka_unit_test(one_dash_makes_a_table),
		cmocka_unit_test(surplus_cells_are_kept),
		cmocka_unit_test(one_dash_makes_a_column),
		cmocka_unit_test(tables_interrupt_paragraphs),
		cmocka_unit_test(tables_are_bounded),
	};
	return cmocka_run_group_tests_name("markdown tables", tests, NULL, NULL);
}
