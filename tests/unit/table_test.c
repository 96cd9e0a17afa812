#include "writers.h"

/* A table of `columns` columns from its cells in reading order, the first row its header. */
static void table(uint32_t columns, const char *const *cells, size_t ncells)
{
	uint32_t block = document_open(d, BLOCK_TABLE);
	d->blocks[block].number = columns;
	for (size_t i = 0; i < ncells; i++) {
		if (i % columns == 0) {
			uint32_t row = document_open(d, BLOCK_ROW);
			d->blocks[row].header = i == 0;
		}
		uint32_t cell = document_add(d, BLOCK_CELL);
		d->blocks[cell].align = i % columns == 1 ? ALIGN_RIGHT : ALIGN_DEFAULT;
		text(cells[i]);
		if (i % columns == columns - 1)
			document_close(d);
	}
	document_close(d);
}

#define TABLE(columns, ...)                                                                        \
	table(columns, (const char *const[]){ __VA_ARGS__ },                                       \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* B01 */
static void columns_are_aligned(void **state)
{
	(void)state;
	TABLE(2, "Name", "n", "日本", "1", "x", "1000");
	assert_written(gemtext_write, "```Table: Name, n\nName │    n\n─────┼─────\n日本 │    1\n"
				      "x    │ 1000\n```\n");
	style.ascii = true;
	assert_written(gemtext_write, "```Table: Name, n\nName |    n\n-----+-----\n日本 |    1\n"
				      "x    | 1000\n```\n");
}

/* B03: the widest column gives way, the left one of two; rules stand between the rows. */
static void wide_tables_are_wrapped(void **state)
{
	(void)state;
	style.width = 20;
	TABLE(2, "a", "b", "one two three", "four five six", "x", "y");
	assert_written(gopher_text_write, "a        │         b\n─────────┼──────────\n"
					  "one two  │ four five\nthree    │       six\n"
					  "─────────┼──────────\nx        │         y\n");
}

/* B04: what cannot fit is a list; empty cells are left out. */
static void what_cannot_fit_is_a_list(void **state)
{
	(void)state;
	style.width = 20;
	TABLE(2, "Head", "Other", "aaaaaaaaaaaa", "bbbbbbbbbbbb", "", "c", "", "");
	assert_written(gemtext_write, "* Head: aaaaaaaaaaaa; Other: bbbbbbbbbbbb\n* Other: c\n");
	assert_written(gopher_text_write,
		       "* Head:\n  aaaaaaaaaaaa;\n  Other:\n  bbbbbbbbbbbb\n* Other: c\n");
}

static void one_column_is_a_list(void **state)
{
	(void)state;
	TABLE(1, "Head", "one", "two");
	assert_written(gemtext_write, "Head:\n* one\n* two\n");
	assert_written(gopher_text_write, "Head:\n* one\n* two\n");
}

static void an_empty_header_is_no_row(void **state)
{
	(void)state;
	TABLE(2, "", "", "a", "b");
	assert_written(gemtext_write, "```Table\na │ b\n```\n");
}

/* GT-43: a cell cannot end the block. */
static void cells_cannot_end_the_block(void **state)
{
	(void)state;
	TABLE(2, "```a", "b", "c", "d");
	assert_written(gemtext_write, "```Table: ```a, b\n ```a │ b\n ─────┼──\n c    │ d\n```\n");
}

/* A quote is closed for a table as for code (settled points). */
static void tables_close_the_quote(void **state)
{
	(void)state;
	document_open(d, BLOCK_QUOTE);
	paragraph("before");
	TABLE(2, "a", "b", "1", "2");
	paragraph("after");
	document_close(d);
	assert_written(gemtext_write, "> before\n\n```Table: a, b\na │ b\n──┼──\n1 │ 2\n```\n\n"
				      "> after\n");
	assert_written(gopher_text_write, "> before\n>\n> a │ b\n> ──┼──\n> 1 │ 2\n>\n> after\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(columns_are_aligned),       WRITER_TEST(wide_tables_are_wrapped),
		WRITER_TEST(what_cannot_fit_is_a_list), WRITER_TEST(one_column_is_a_list),
		WRITER_TEST(an_empty_header_is_no_row), WRITER_TEST(cells_cannot_end_the_block),
		WRITER_TEST(tables_close_the_quote),
	};
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
