/* The table of addresses and the verdicts of limits.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/address.h"
#include "net/limits.h"

static struct address ipv4(unsigned n)
{
	struct address address = { .len = sizeof address.ipv4 };
	address.ipv4.sin_family = AF_INET;
	address.ipv4.sin_addr.s_addr = htonl(0x0a000000u + n);
	return address;
}

static struct address ipv6(unsigned network, unsigned host)
{
	struct address address = { .len = sizeof address.ipv6 };
	address.ipv6.sin6_family = AF_INET6;
	address.ipv6.sin6_addr.s6_addr[0] = 0x20;
	address.ipv6.sin6_addr.s6_addr[7] = (unsigned char)network;
	address.ipv6.sin6_addr.s6_addr[15] = (unsigned char)host;
	return address;
}

static struct limits *limits_of(unsigned connections, unsigned per_address)
{
	struct limits_settings settings = { .connections = connections,
					    .per_address = per_address };
	return limits_new(&settings);
}

static void connections_in_all(void **state)
{
	(void)state;
	struct limits *limits = limits_of(3, 0);
	struct address address = ipv4(1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(limits_admit(limits, &address), LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &address), LIMITS_BUSY);
	limits_leave(limits, &address, LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &address), LIMITS_SERVE);
	limits_free(limits);
}

static void one_address_does_not_shut_out_others(void **state)
{
	(void)state;
	struct limits *limits = limits_of(100, 2);
	struct address greedy = ipv4(1), other = ipv4(2);
	assert_int_equal(limits_admit(limits, &greedy), LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &greedy), LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &greedy), LIMITS_SLOW_DOWN);
	assert_int_equal(limits_admit(limits, &other), LIMITS_SERVE);
	limits_free(limits);
}

/* Who owns one IPv6 address owns its /64. */
static void ipv6_counts_by_network(void **state)
{
	(void)state;
	struct limits *limits = limits_of(100, 1);
	struct address first = ipv6(1, 1), same = ipv6(1, 2), other = ipv6(2, 1);
	assert_int_equal(limits_admit(limits, &first), LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &same), LIMITS_SLOW_DOWN);
	assert_int_equal(limits_admit(limits, &other), LIMITS_SERVE);
	limits_free(limits);
}

/* A refusal costs a handshake: a flood gets only so many. */
static void refusals_are_bounded(void **state)
{
	(void)state;
	struct limits *limits = limits_of(1, 0);
	struct address address = ipv4(1);
	unsigned refused = 0;
	assert_int_equal(limits_admit(limits, &address), LIMITS_SERVE);
	for (int i = 0; i < 1000; i++) {
		enum limits_verdict verdict = limits_admit(limits, &address);
		assert_true(verdict == LIMITS_BUSY || verdict == LIMITS_DROP);
		refused += verdict == LIMITS_BUSY;
	}
	assert_in_range(refused, 1, 64);
	for (unsigned i = 0; i < refused; i++)
		limits_leave(limits, &address, LIMITS_BUSY);
	limits_leave(limits, &address, LIMITS_SERVE);
	assert_int_equal(limits_admit(limits, &address), LIMITS_SERVE);
	limits_free(limits);
}

/* The table against a plain array: random comings and goings of many addresses. */
static void table_counts_right(void **state)
{
	(void)state;
	enum { ADDRESSES = 500, CAP = 5 };
	unsigned counts[ADDRESSES] = { 0 };
	struct limits *limits = limits_of(0, CAP);
	srand(7);
	for (int i = 0; i < 200000; i++) {
		unsigned n = (unsigned)rand() % ADDRESSES;
		struct address address = n % 2 ? ipv4(n) : ipv6(n / 2 % 256, n);
		unsigned key = n % 2 ? n : n / 2 % 256 * 2; /* hosts of one /64 share a count */
		if (rand() % 2) {
			enum limits_verdict verdict = limits_admit(limits, &address);
			if (counts[key] < CAP) {
				assert_int_equal(verdict, LIMITS_SERVE);
				counts[key]++;
			} else {
				assert_int_not_equal(verdict, LIMITS_SERVE);
				limits_leave(limits, &address, verdict);
			}
		} else if (counts[key] > 0) {
			limits_leave(limits, &address, LIMITS_SERVE);
			counts[key]--;
		}
	}
	limits_free(limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_in_all),
		cmocka_unit_test(one_address_does_not_shut_out_others),
		cmocka_unit_test(ipv6_counts_by_network),
		cmocka_unit_test(refusals_are_bounded),
		cmocka_unit_test(table_counts_right),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
