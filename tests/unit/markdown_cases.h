/*
 * markdown_cases - one way to say "this Markdown is that document", for markdown_test and
 * html_test.
 */
#ifndef TESTS_UNIT_MARKDOWN_CASES_H
#define TESTS_UNIT_MARKDOWN_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "describe.h"
#include "document/markdown.h"

/* Everything is a file with its path as written; one post is known. */
static inline void case_resolve(const struct link_resolver *self, struct arena *arena,
				struct str reference, struct target *target)
{
	(void)self;
	(void)arena;
	*target = (struct target){ .kind = TARGET_ROUTE,
				   .route = { .kind = ROUTE_FILE, .name = reference } };
}

static inline bool case_find(const struct link_resolver *self, struct arena *arena, struct str name,
			     struct target *target)
{
	(void)self;
	(void)arena;
	if (!str_equal_nocase(name, STR("other-post")) &&
	    !str_equal_nocase(name, STR("Other Post")))
		return false;
	*target = (struct target){ .kind = TARGET_ROUTE,
				   .route = { .kind = ROUTE_POST, .name = STR("other-post") },
				   .title = STR("Other Post") };
	return true;
}

static inline struct document *parse_case(struct arena *arena, struct str body)
{
	static struct labels labels;
	static const struct link_resolver resolver = { .resolve = case_resolve, .find = case_find };
	labels_for(&labels, STR("en"));
	struct markdown_options options = { .labels = &labels,
					    .math = true,
					    .resolver = &resolver };
	return markdown_parse(arena, body, &options);
}

static inline void expect(const char *markdown, const char *wanted)
{
	struct arena arena = { 0 };
	struct buf out = { 0 };
	describe(parse_case(&arena, str_from(markdown)), &out);
	assert_string_equal(buf_c(&out), wanted);
	buf_free(&out);
	arena_free(&arena);
}

#endif
