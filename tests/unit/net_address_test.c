/* address_parse() and friends: what may be written after --gemini and in `listen`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "net/address.h"

static void good_addresses(void **state)
{
	(void)state;
	static const struct {
		struct str text, formatted;
	} cases[] = {
		{ STR_INIT("127.0.0.1:1965"), STR_INIT("127.0.0.1:1965") },
		{ STR_INIT("0.0.0.0:0"), STR_INIT("0.0.0.0:0") },
		{ STR_INIT("[::]:70"), STR_INIT("[::]:70") },
		{ STR_INIT("[2001:DB8::1]:65535"), STR_INIT("[2001:db8::1]:65535") },
		{ STR_INIT("localhost:7070"), STR_INIT("127.0.0.1:7070") },
		{ STR_INIT(":1965"), STR_INIT("[::]:1965") },
		{ STR_INIT("*:1965"), STR_INIT("[::]:1965") },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		struct fault fault;
		struct buf out = { 0 };
		assert_true(address_parse(cases[i].text, &address, &fault));
		address_format(&address, &out);
		assert_string_equal(buf_c(&out), cases[i].formatted.at);
		buf_free(&out);
	}
}

static void bad_addresses(void **state)
{
	(void)state;
	static const char *const cases[] = { "",
					     "1965",
					     "127.0.0.1",
					     "127.0.0.1:",
					     "[::1]",
					     "127.0.0.1:65536",
					     "127.0.0.1:x",
					     "::1:1965",
					     "example.org:1965",
					     "[]:1",
					     "[1.2.3.4]:1",
					     "1.2.3:1",
					     "127.0.0.1:-1" };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address address;
		struct fault fault = { 0 };
		assert_false(address_parse(str_from(cases[i]), &address, &fault));
		assert_int_not_equal(strlen(fault.text), 0);
	}
}

/* OTH-78: a client that comes over IPv4 has one form, whatever the socket is. */
static void mapped_addresses_are_ipv4(void **state)
{
	(void)state;
	struct address address;
	struct fault fault;
	char room[ADDRESS_TEXT_MAX];
	assert_true(address_parse(STR("[::ffff:192.0.2.7]:99"), &address, &fault));
	address_unmap(&address);
	assert_int_equal(address.any.sa_family, AF_INET);
	assert_true(str_equal(address_host(&address, room), STR("192.0.2.7")));
	assert_int_equal(address_port(&address), 99);

	assert_true(address_parse(STR("[2001:db8::1]:99"), &address, &fault));
	address_unmap(&address);
	assert_int_equal(address.any.sa_family, AF_INET6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_addresses),
		cmocka_unit_test(bad_addresses),
		cmocka_unit_test(mapped_addresses_are_ipv4),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
