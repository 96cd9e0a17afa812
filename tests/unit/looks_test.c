/* What a text is made of: the steps of sixteen bytes say what a look at each byte says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "document/looks.h"

enum { MOST = 3 * BYTES_AT_ONCE + 2 };

static enum looks looks_of_each(struct str text)
{
	bool control = false, plain = true;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		control = control || c < ' ';
		plain = plain && c >= ' ' && c < 0x80 &&
			!(c == ' ' && i + 1 < text.len && text.at[i + 1] == ' ');
	}
	return control ? LOOKS_CONTROLS : plain ? LOOKS_PLAIN : LOOKS_MANIFOLD;
}

/* One byte, or two, at every place of a text of every length; no byte behind its end is seen. */
static void every_place_of_every_length_is_looked_at(void **state)
{
	(void)state;
	static const char bytes[] = { ' ', '\t', '\n', '\x01', '\x7f', '\x80', '\xff' };
	for (size_t length = 0; length <= MOST; length++) {
		for (size_t at = 0; at < length; at++) {
			for (size_t i = 0; i < sizeof bytes * 2; i++) {
				char room[MOST + 1];
				memset(room, 'a', length);
				memset(room + length, '\n', sizeof room - length);
				room[at] = bytes[i / 2];
				if (i % 2 == 1 && at + 1 < length)
					room[at + 1] = bytes[i / 2];
				struct str text = { room, length };
				assert_int_equal(looks_of(text), looks_of_each(text));
			}
		}
	}
}

static void an_empty_text_is_plain(void **state)
{
	(void)state;
	assert_int_equal(looks_of(STR("")), LOOKS_PLAIN);
}

static void comparisons_are_counted_from_the_first_byte(void **state)
{
	(void)state;
	for (size_t first = 0; first < BYTES_AT_ONCE; first++) {
		for (size_t second = first; second < BYTES_AT_ONCE; second++) {
			char text[BYTES_AT_ONCE];
			memset(text, 'a', sizeof text);
			text[first] = text[second] = '$';
			struct bytes hits = { bytes_load(text).all == '$' };
			assert_true(bytes_any(hits));
			assert_int_equal(bytes_first(hits), first);
			assert_int_equal(bytes_bits(hits), 1u << first | 1u << second);
		}
	}
	struct bytes none = { bytes_load("aaaaaaaaaaaaaaaa").all == '$' };
	assert_false(bytes_any(none));
	assert_int_equal(bytes_bits(none), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_of_every_length_is_looked_at),
		cmocka_unit_test(an_empty_text_is_plain),
		cmocka_unit_test(comparisons_are_counted_from_the_first_byte),
	};
	return cmocka_run_group_tests_name("looks", tests, NULL, NULL);
}
