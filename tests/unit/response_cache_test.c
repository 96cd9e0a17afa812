/* Replies kept by a worker: what is found, what goes first, what outlives the cache. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "command/response_cache.h"

static void keep(struct response_cache *cache, unsigned place, struct str line, struct str bytes)
{
	struct reply *reply = reply_new();
	buf_add(&reply->bytes, bytes);
	response_cache_keep(cache, place, line, reply);
	reply_release(reply);
}

static bool has(struct response_cache *cache, unsigned place, struct str line, struct str bytes)
{
	struct reply *reply = response_cache_find(cache, place, line);
	if (reply == NULL)
		return false;
	assert_true(str_equal(buf_str(&reply->bytes), bytes));
	reply_release(reply);
	return true;
}

static void lines_are_told_apart_by_place(void **state)
{
	(void)state;
	struct response_cache cache = { .budget = 100000 };
	keep(&cache, 0, STR("/"), STR("20 home"));
	keep(&cache, 1, STR("/"), STR("imenu"));
	assert_true(has(&cache, 0, STR("/"), STR("20 home")));
	assert_true(has(&cache, 1, STR("/"), STR("imenu")));
	assert_false(has(&cache, 2, STR("/"), STR("")));
	assert_false(has(&cache, 0, STR("/x"), STR("")));
	response_cache_clear(&cache);
	assert_false(has(&cache, 0, STR("/"), STR("")));
	assert_int_equal(cache.used, 0);
}

static struct str numbered(struct buf *line, unsigned i)
{
	buf_clear(line);
	buf_format(line, "gemini://localhost/%u", i);
	return buf_str(line);
}

static void the_longest_unused_go_first(void **state)
{
	(void)state;
	struct response_cache cache = { .budget = 100000 };
	struct buf line = { 0 }, body = { 0 };
	buf_repeat(&body, STR("x"), 1000);
	keep(&cache, 0, STR("first"), buf_str(&body));
	for (unsigned i = 0; i < 500; i++) {
		keep(&cache, 0, numbered(&line, i), buf_str(&body));
		assert_true(cache.used <= cache.budget);
		assert_true(has(&cache, 0, STR("first"), buf_str(&body)));
	}
	assert_true(has(&cache, 0, numbered(&line, 499), buf_str(&body)));
	assert_false(has(&cache, 0, numbered(&line, 0), buf_str(&body)));
	response_cache_clear(&cache);
	buf_free(&line);
	buf_free(&body);
}

static void one_page_does_not_push_out_all_others(void **state)
{
	(void)state;
	struct response_cache cache = { .budget = 8000 };
	struct buf body = { 0 };
	buf_repeat(&body, STR("x"), 1100);
	keep(&cache, 0, STR("large"), buf_str(&body));
	assert_false(has(&cache, 0, STR("large"), buf_str(&body)));
	struct response_cache none = { 0 };
	keep(&none, 0, STR("small"), STR("x"));
	assert_false(has(&none, 0, STR("small"), STR("x")));
	buf_free(&body);
}

static void a_reply_that_is_being_sent_outlives_the_cache(void **state)
{
	(void)state;
	struct response_cache cache = { .budget = 100000 };
	keep(&cache, 0, STR("/"), STR("20 home"));
	struct reply *sent = response_cache_find(&cache, 0, STR("/"));
	response_cache_clear(&cache);
	assert_true(str_equal(buf_str(&sent->bytes), STR("20 home")));
	reply_release(sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_told_apart_by_place),
		cmocka_unit_test(the_longest_unused_go_first),
		cmocka_unit_test(one_page_does_not_push_out_all_others),
		cmocka_unit_test(a_reply_that_is_being_sent_outlives_the_cache),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
