/* What the tests of the writers share: a small document by the builder, and what a form makes of
 * it. */
#ifndef TESTS_UNIT_WRITERS_H
#define TESTS_UNIT_WRITERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "document/document.h"
#include "render/gemtext.h"
#include "render/gopher_menu.h"
#include "render/gopher_text.h"

static struct arena arena;
static struct style style;
static struct document *d;

static int setup(void **state)
{
	(void)state;
	arena = (struct arena){ 0 };
	style_default(&style);
	style.place.gemini_host = style.place.gopher_host = STR("example.org");
	d = document_new(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static inline void text(const char *words)
{
	document_run(d, RUN_TEXT, str_from(words), 0, NO_LINK);
}

static inline void paragraph(const char *words)
{
	document_add(d, BLOCK_PARAGRAPH);
	text(words);
}

static inline void link_to(const char *url, const char *words)
{
	struct target target = { .kind = TARGET_URL, .url = str_from(url) };
	uint32_t link = document_add_link(d, LINK_TEXT, target);
	document_run(d, RUN_TEXT, str_from(words), 0, link);
}

typedef void writer(const struct document *, const struct style *, struct buf *);

static inline void assert_written(writer *write, const char *expected)
{
	struct buf out = { 0 }, again = { 0 };
	write(d, &style, &out);
	write(d, &style, &again);
	assert_string_equal(buf_c(&out), expected);
	assert_string_equal(buf_c(&again), expected);
	buf_free(&out);
	buf_free(&again);
}

#define WRITER_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
