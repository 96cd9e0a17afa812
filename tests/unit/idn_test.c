/* Host names of every script (GEM-40; L17 with hosts that are not ASCII). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/idn.h"

static void names_become_a_labels(void **state)
{
	(void)state;
	static const struct {
		struct str host;
		const char *ascii; /* NULL: no host */
	} names[] = {
		{ STR_INIT("example.org"), "example.org" },
		{ STR_INIT("B\xc3\xbc"
			   "cher.example"),
		  "xn--bcher-kva.example" },
		{ STR_INIT("bu\xcc\x88"
			   "cher.example"),
		  "xn--bcher-kva.example" },
		{ STR_INIT("例え.jp"), "xn--r8jz45g.jp" },
		{ STR_INIT("a\0b"), NULL },
		{ STR_INIT("a.℀.example"), NULL }, /* a/c */
		{ STR_INIT("e\xc2\xa0"), NULL },
		{ STR_INIT("\xff.example"), NULL },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf ascii = { 0 };
		bool done = idn_to_ascii(names[i].host, &ascii);
		assert_int_equal(done, names[i].ascii != NULL);
		assert_string_equal(buf_c(&ascii), done ? names[i].ascii : "");
		buf_free(&ascii);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_a_labels),
	};
	return cmocka_run_group_tests_name("idn", tests, NULL, NULL);
}
