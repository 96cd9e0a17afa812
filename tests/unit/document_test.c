#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "document/document.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena = (struct arena){ 0 };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void containers_know_their_end(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	uint32_t list = document_open(d, BLOCK_LIST);
	uint32_t item = document_open(d, BLOCK_ITEM);
	uint32_t text = document_add(d, BLOCK_PARAGRAPH);
	document_close(d);
	document_close(d);
	uint32_t after = document_add(d, BLOCK_RULE);
	assert_int_equal(d->blocks[list].end, after);
	assert_int_equal(d->blocks[item].end, after);
	assert_int_equal(d->blocks[text].end, text + 1);
	assert_int_equal(d->blocks[text].depth, 2);
	assert_int_equal(d->blocks[after].depth, 0);
}

static void nesting_is_bounded(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	for (unsigned i = 0; i < 1000; i++)
		document_open(d, BLOCK_QUOTE);
	document_text(d, STR("deep"));
	assert_int_equal(d->nblocks, DOCUMENT_MAX_DEPTH + 1);
	assert_int_equal(d->blocks[DOCUMENT_MAX_DEPTH].depth, DOCUMENT_MAX_DEPTH);
	for (unsigned i = 0; i < 1000; i++)
		document_close(d);
	document_text(d, STR("flat"));
	assert_int_equal(d->blocks[d->nblocks - 1].depth, 0);
	assert_int_equal(d->blocks[0].end, DOCUMENT_MAX_DEPTH + 1);
}

static void links_know_their_label(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	document_add(d, BLOCK_PARAGRAPH);
	document_run(d, RUN_TEXT, STR("see "), 0, NO_LINK);
	uint32_t link = document_add_link(d, LINK_TEXT, (struct target){ .kind = TARGET_URL });
	document_run(d, RUN_TEXT, STR("a"), 0, link);
	document_run(d, RUN_CODE, STR("b"), STYLE_STRONG, link);
	document_run(d, RUN_TEXT, STR("."), 0, NO_LINK);
	assert_int_equal(d->links[link].first_run, 1);
	assert_int_equal(d->links[link].nruns, 2);
	assert_int_equal(d->blocks[0].nruns, 4);
}

static void furniture_is_close_unless_a_gap_is_asked_for(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	document_heading(d, 1, STR("Archive"));
	document_line(d, STR("a"));
	document_link(d, (struct route){ .kind = ROUTE_HOME }, STR("home"));
	document_gap(d);
	document_link_url(d, STR("gopher://x/"), STR("there"));
	document_line(d, STR("b"));
	assert_false(d->blocks[0].close);
	assert_true(d->blocks[1].close);
	assert_true(d->blocks[2].close);
	assert_false(d->blocks[3].close);
	assert_true(d->blocks[4].close);
	assert_int_equal(d->links[d->blocks[2].link].target.route.kind, ROUTE_HOME);
	assert_int_equal(d->links[d->blocks[3].link].target.kind, TARGET_URL);
}

/* A document with a heading, a note and a link in it. */
static struct document *small(const char *title)
{
	struct document *d = document_new(&arena);
	document_heading(d, 1, str_from(title));
	document_run(d, RUN_NOTE, STR(""), 0, NO_LINK)->note = 0;
	document_link_url(d, STR("gopher://x/"), STR("there"));
	document_open(d, BLOCK_NOTE);
	document_text(d, STR("the note"));
	document_close(d);
	return d;
}

static void documents_are_appended_whole(void **state)
{
	(void)state;
	struct document *d = small("one");
	document_append(d, small("two"), 2);
	assert_int_equal(d->nblocks, 8);
	const struct block *heading = &d->blocks[4];
	assert_int_equal(heading->level, 3);
	assert_true(str_equal(d->runs[heading->first_run].text, STR("two")));
	assert_int_equal(d->runs[heading->first_run + 1].note, 1);
	const struct block *link = &d->blocks[5];
	assert_int_equal(link->link, 1);
	assert_int_equal(d->links[1].first_run, link->first_run);
	assert_int_equal(d->runs[link->first_run].link, 1);
	const struct block *note = &d->blocks[6];
	assert_int_equal(note->kind, BLOCK_NOTE);
	assert_int_equal(note->number, 1);
	assert_int_equal(note->end, 8);
	assert_int_equal(d->blocks[7].depth, 1);
}

static void expect_plain(const struct document *d, const char *wanted)
{
	struct buf out = { 0 };
	document_plain(d, 0, d->nruns, &out);
	assert_string_equal(buf_c(&out), wanted);
	buf_free(&out);
}

static void plain_words_are_one_line(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	document_add(d, BLOCK_PARAGRAPH);
	document_run(d, RUN_TEXT, STR("  two  words "), 0, NO_LINK);
	document_run(d, RUN_SOFT_BREAK, STR(""), 0, NO_LINK);
	document_run(d, RUN_CODE, STR("x\ty"), 0, NO_LINK);
	document_run(d, RUN_NOTE, STR(""), 0, NO_LINK);
	document_run(d, RUN_HARD_BREAK, STR(""), 0, NO_LINK);
	document_run(d, RUN_TEXT, STR("end"), 0, NO_LINK);
	expect_plain(d, "two words x y end");
}

static void soft_breaks_between_ideographs_are_nothing(void **state)
{
	(void)state;
	struct document *d = document_new(&arena);
	document_add(d, BLOCK_PARAGRAPH);
	document_run(d, RUN_TEXT, STR("日本語の"), 0, NO_LINK);
	document_run(d, RUN_SOFT_BREAK, STR(""), 0, NO_LINK);
	document_run(d, RUN_TEXT, STR("文章"), 0, NO_LINK);
	document_run(d, RUN_SOFT_BREAK, STR(""), 0, NO_LINK);
	document_run(d, RUN_TEXT, STR("한국어"), 0, NO_LINK);
	expect_plain(d, "日本語の文章 한국어"); /* P02 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(containers_know_their_end, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(links_know_their_label, setup, teardown),
		cmocka_unit_test_setup_teardown(furniture_is_close_unless_a_gap_is_asked_for, setup,
						teardown),
		cmocka_unit_test_setup_teardown(documents_are_appended_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(plain_words_are_one_line, setup, teardown),
		cmocka_unit_test_setup_teardown(soft_breaks_between_ideographs_are_nothing, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
