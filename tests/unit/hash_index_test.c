/* The index of hashes: every number of a hash, in order, through growth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/hash_index.h"

static void finds_all_numbers_of_a_hash_in_order(void **state)
{
	(void)state;
	struct hash_index index = { 0 };
	for (uint32_t i = 0; i < 1000; i++)
		hash_index_add(&index, i % 10 + 0xfffffff8u, i);
	size_t at = 0;
	for (uint32_t i = 3; i < 1000; i += 10)
		assert_int_equal(hash_index_next(&index, 3 + 0xfffffff8u, &at), i);
	assert_int_equal(hash_index_next(&index, 3 + 0xfffffff8u, &at), HASH_INDEX_NONE);
	hash_index_free(&index);
}

static void an_absent_hash_has_no_number(void **state)
{
	(void)state;
	struct hash_index index = { 0 };
	size_t at = 0;
	assert_int_equal(hash_index_next(&index, 5, &at), HASH_INDEX_NONE);
	hash_index_reserve(&index, 100);
	size_t capacity = index.capacity;
	for (uint32_t i = 0; i < 100; i++)
		hash_index_add(&index, i, i);
	assert_int_equal(index.capacity, capacity);
	at = 0;
	assert_int_equal(hash_index_next(&index, 100, &at), HASH_INDEX_NONE);
	hash_index_free(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_numbers_of_a_hash_in_order),
		cmocka_unit_test(an_absent_hash_has_no_number),
	};
	return cmocka_run_group_tests_name("hash_index", tests, NULL, NULL);
}
