/* Code points, widths, folding and the cleaning of everything that enters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"

static void expect(void (*change)(struct buf *, struct str), struct str in, const char *out)
{
	struct buf b = { 0 };
	change(&b, in);
	assert_string_equal(buf_c(&b), out);
	assert_int_equal(b.len, strlen(out));
	buf_free(&b);
}

static void invalid_bytes_become_the_replacement(void **state)
{
	(void)state;
	uint32_t code;
	assert_int_equal(utf8_decode(STR("\xc3\xa9"), &code), 2);
	assert_int_equal(code, 0xe9);
	assert_int_equal(utf8_decode(STR("\xc3"), &code), 1);
	assert_int_equal(code, UTF8_REPLACEMENT);
	assert_int_equal(utf8_decode(STR("\xc0\xaf"), &code), 1); /* an overlong slash */
	assert_int_equal(code, UTF8_REPLACEMENT);
	assert_int_equal(utf8_decode(STR("\xed\xa0\x80"), &code), 1); /* a surrogate */
	assert_int_equal(code, UTF8_REPLACEMENT);
	assert_true(utf8_valid(STR("\xef\xbf\xbd ok")));
	assert_false(utf8_valid(STR("no \xff")));
}

static void widths_are_terminal_columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns(STR("abc")), 3);
	assert_int_equal(utf8_columns(STR("日本語")), 6);
	assert_int_equal(utf8_columns(STR("x\xcc\x84")), 1); /* x and a combining macron */
	assert_int_equal(utf8_columns(STR("한")), 2);
	assert_int_equal(utf8_columns(STR("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab")),
			 2);                             /* in pieces */
	assert_int_equal(utf8_columns(STR("हिन्दी")), 5); /* vowels that stand beside their letter */
	assert_int_equal(utf8_columns(STR("─│√∑ℝⁿ")), 6);
	struct str prefix = utf8_prefix(STR("日本語"), 5);
	assert_int_equal(prefix.len, 6);
	assert_int_equal(utf8_prefix(STR("ab"), 9).len, 2);
}

static void soft_breaks_vanish_between_ideographs_only(void **state)
{
	(void)state;
	assert_true(utf8_is_ideographic(0x65e5));
	assert_true(utf8_is_ideographic(0x3002));
	assert_true(utf8_is_ideographic(0x3099));  /* a mark of kana is wide too (P02) */
	assert_false(utf8_is_ideographic(0xd55c)); /* Hangul is written with blanks (P02) */
	assert_false(utf8_is_ideographic('a'));
}

static void scripts_without_blanks_are_known(void **state)
{
	(void)state;
	assert_true(utf8_is_unspaced(0x65e5));
	assert_true(utf8_is_unspaced(0xd55c));
	assert_true(utf8_is_unspaced(0x0e01)); /* Thai */
	assert_true(utf8_is_unspaced(0x1780)); /* Khmer */
	assert_false(utf8_is_unspaced(0x3002));
	assert_false(utf8_is_unspaced(0x0905)); /* Devanagari */
	assert_false(utf8_is_unspaced(0x1f600));
	assert_false(utf8_is_unspaced('a'));
}

static void the_last_character_is_whole(void **state)
{
	(void)state;
	assert_int_equal(utf8_last(STR("a日")), 0x65e5);
	assert_int_equal(utf8_last(STR("日a")), 'a');
	assert_int_equal(utf8_last(STR("")), 0);
	assert_int_equal(utf8_last(STR("\x97\xa5")), 0); /* a text that begins inside one */
}

static void punctuation_is_that_of_commonmark(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < 0x80; code++)
		assert_int_equal(
		    utf8_is_punctuation(code),
		    code != 0 && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", (int)code) != NULL);
	assert_true(utf8_is_punctuation(0x3002)); /* 。 */
	assert_true(utf8_is_punctuation(0x201c)); /* “ */
	assert_false(utf8_is_punctuation(0x65e5));
	assert_false(utf8_is_punctuation(0xa0));
}

static void folding_joins_spellings(void **state)
{
	(void)state;
	expect(utf8_fold, STR("Straße ÉTÉ"), "strasse été");
	expect(utf8_fold, STR("e\xcc\x81"), "é");
	expect(utf8_fold, STR("ĐẠI SỐ"), "đại số");
}

static void entering_text_is_cleaned(void **state)
{
	(void)state;
	expect(utf8_clean,
	       STR("\xef\xbb\xbf"
		   "a\r\nb\rc\n"),
	       "a\nb\nc\n");
	expect(utf8_clean, STR("ab\x1b[31mred\tc\x7f"), "ab[31mred\tc");
	expect(utf8_clean, STR("x\0y\xff"), "x\xef\xbf\xbdy\xef\xbf\xbd");
	expect(utf8_clean,
	       STR("a\xe2\x80\xa8"
		   "b\xe2\x80\xa9"),
	       "a b ");
	expect(utf8_clean, STR("c1\xc2\x85gone nbsp\xc2\xa0kept"), "c1gone nbsp\xc2\xa0kept");
}

static void labels_are_one_clean_line(void **state)
{
	(void)state;
	expect(utf8_clean_line, STR("  a \r\n\t b  "), "a b");
	expect(utf8_clean_line, STR("evil\xe2\x80\xaetxt\x1b"), "eviltxt");
	expect(utf8_clean_line,
	       STR("a\xe2\x80\xa8"
		   "b"),
	       "a b");
	expect(utf8_clean_line, STR("\n"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invalid_bytes_become_the_replacement),
		cmocka_unit_test(widths_are_terminal_columns),
		cmocka_unit_test(soft_breaks_vanish_between_ideographs_only),
		cmocka_unit_test(scripts_without_blanks_are_known),
		cmocka_unit_test(the_last_character_is_whole),
		cmocka_unit_test(punctuation_is_that_of_commonmark),
		cmocka_unit_test(folding_joins_spellings),
		cmocka_unit_test(entering_text_is_cleaned),
		cmocka_unit_test(labels_are_one_clean_line),
	};
	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
