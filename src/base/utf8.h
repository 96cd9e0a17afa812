/*
 * utf8 - code points, display widths and folding of UTF-8 text (by utf8proc).
 *
 * Widths are terminal columns: 0 for combining marks and other zero-width
 * characters, 2 for East Asian wide ones, 1 for the rest (GOPH-91).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

#define UTF8_REPLACEMENT 0xfffdu

size_t utf8_decode_rare(struct str s, uint32_t *code); /* the rest of utf8_decode() */

/*
 * The code point at the start of `s` (which must not be empty) and, as result, its
 * length in bytes. Invalid bytes give U+FFFD and length 1.
 */
static inline size_t utf8_decode(struct str s, uint32_t *code)
{
	const unsigned char *at = (const unsigned char *)s.at;
	if (at[0] < 0x80) {
		*code = at[0];
		return 1;
	}
	if (at[0] >= 0xc2 && at[0] < 0xe0 && s.len > 1 && (at[1] & 0xc0) == 0x80) {
		*code = (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu);
		return 2;
	}
	if (at[0] > 0xe0 && at[0] < 0xed && s.len > 2 && (at[1] & 0xc0) == 0x80 &&
	    (at[2] & 0xc0) == 0x80) {
		*code = (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
		return 3;
	}
	return utf8_decode_rare(s, code);
}

/* The last code point of a text, 0 when there is none. */
uint32_t utf8_last(struct str);

void utf8_encode(struct buf *, uint32_t code);

bool utf8_valid(struct str);

/*
 * Columns of one code point: 0, 1 or 2. By utf8proc, but for the marks of Indic scripts that stand
 * beside their letter and for Hangul in pieces, which are as wcwidth() of terminals has them.
 */
unsigned utf8_width(uint32_t code);
size_t utf8_columns(struct str text); /* columns of a text without control bytes */

/* Wide (EAW W or F) and not Hangul: a soft line break between two of these is no blank. */
bool utf8_is_ideographic(uint32_t code);

bool utf8_is_hangul(uint32_t code); /* syllables and their parts: words with blanks between them */

/*
 * Part of a word in a script that puts no blanks between words (Chinese, Japanese, Thai, Lao,
 * Khmer, Burmese), or in Korean, where particles follow a word without one.
 */
bool utf8_is_unspaced(uint32_t code);

bool utf8_is_letter(uint32_t code);      /* Unicode L* and M*: what slugs and words keep */
bool utf8_is_digit(uint32_t code);       /* Unicode N* */
bool utf8_is_punctuation(uint32_t code); /* Unicode P* and ASCII's other signs */

/* Appends the text case-folded and in NFC: equal results mean "the same word". */
void utf8_fold(struct buf *, struct str text);

/*
 * Appends what a text is sorted by in lists for readers: folded, without marks, so that é
 * stands beside e. Not for equality.
 */
void utf8_sort_key(struct buf *, struct str text);

/* Appends the text composed to NFC. */
void utf8_compose(struct buf *, struct str text);

/* The code points that one is made of, by compatibility decomposition: how many, at most `max`. */
size_t utf8_decompose(uint32_t code, uint32_t *parts, size_t max);

/*
 * Appends text as it may enter the program: BOM dropped, CRLF and CR become LF, the separators
 * U+2028 and U+2029 blanks, invalid UTF-8 and NUL U+FFFD; C0 and C1 controls but LF and TAB
 * vanish.
 */
void utf8_clean(struct buf *, struct str text);

/*
 * Appends text as one line for a header, a label or a log: as utf8_clean(), and
 * every run of blanks and line ends is one space; bidirectional controls vanish.
 */
void utf8_clean_line(struct buf *, struct str text);

/* The longest prefix of at most `columns` columns that ends between code points. */
struct str utf8_prefix(struct str text, size_t columns);

#endif
