#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

size_t utf8_decode_rare(struct str s, uint32_t *code)
{
	utf8proc_int32_t point;
	utf8proc_ssize_t n =
	    utf8proc_iterate((const utf8proc_uint8_t *)s.at, (utf8proc_ssize_t)s.len, &point);
	if (n <= 0) {
		*code = UTF8_REPLACEMENT;
		return 1;
	}
	*code = (uint32_t)point;
	return (size_t)n;
}

uint32_t utf8_last(struct str text)
{
	uint32_t code = 0;
	size_t at = text.len;
	while (at > 0 && ((unsigned char)text.at[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0)
		utf8_decode(str_skip(text, at - 1), &code);
	return code;
}

void utf8_encode(struct buf *b, uint32_t code)
{
	if (!utf8proc_codepoint_valid((utf8proc_int32_t)code))
		code = UTF8_REPLACEMENT;
	buf_reserve(b, 4);
	b->len += (size_t)utf8proc_encode_char((utf8proc_int32_t)code,
					       (utf8proc_uint8_t *)b->at + b->len);
}

bool utf8_valid(struct str s)
{
	while (s.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);
		if (n == 1 && code == UTF8_REPLACEMENT)
			return false;
		s = str_skip(s, n);
	}
	return true;
}

unsigned utf8_width(uint32_t code)
{
	if (code < 0x7f)
		return code >= 0x20;
	if (code >= 0x4e00 && code < 0x9fa6) /* most of what is wide */
		return 2;
	if ((code >= 0x1160 && code < 0x1200) || (code >= 0xd7b0 && code < 0xd800))
		return 0; /* vowels and finals of Hangul share the columns of their initial */
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
	return property->category == UTF8PROC_CATEGORY_MC ? 1 : property->charwidth;
}

size_t utf8_columns(struct str s)
{
	size_t columns = 0;
	while (s.len > 0) {
		uint32_t code;
		s = str_skip(s, utf8_decode(s, &code));
		columns += utf8_width(code);
	}
	return columns;
}

bool utf8_is_hangul(uint32_t code)
{
	return (code >= 0x1100 && code <= 0x11ff) || (code >= 0x3130 && code <= 0x318f) ||
	       (code >= 0xa960 && code <= 0xa97f) || (code >= 0xac00 && code <= 0xd7ff);
}

/* Marks on ideographs and kana: wide for Unicode, though they take no column of their own. */
static bool is_wide_mark(uint32_t code)
{
	return (code >= 0x302a && code <= 0x302d) || code == 0x3099 || code == 0x309a;
}

bool utf8_is_ideographic(uint32_t code)
{
	return (code >= 0x1100 && utf8_width(code) == 2 && !utf8_is_hangul(code)) ||
	       is_wide_mark(code);
}

bool utf8_is_letter(uint32_t code)
{
	if (code < 0x80)
		return str_is_alpha((char)code);
	switch (utf8proc_category((utf8proc_int32_t)code)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME: return true;
	default: return false;
	}
}

bool utf8_is_digit(uint32_t code)
{
	if (code < 0x80)
		return str_is_digit((char)code);
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
	return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL ||
	       category == UTF8PROC_CATEGORY_NO;
}

bool utf8_is_unspaced(uint32_t code)
{
	if (code < 0x0e00)
		return false;
	bool south_east = code <= 0x0eff || (code >= 0x1000 && code <= 0x109f) ||
			  (code >= 0x1780 && code <= 0x17ff);
	return (south_east || utf8_width(code) == 2) &&
	       (utf8_is_letter(code) || utf8_is_digit(code));
}

bool utf8_is_punctuation(uint32_t code)
{
	if (code < 0x80)
		return code > ' ' && code < 0x7f && !str_is_alpha((char)code) &&
		       !str_is_digit((char)code);
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
	return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

static void add_mapped(struct buf *b, struct str text, utf8proc_option_t options)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text.at,
					  (utf8proc_ssize_t)text.len, &mapped, options);
	if (n >= 0)
		buf_add(b, (struct str){ (const char *)mapped, (size_t)n });
	else
		buf_add(b, text); /* not UTF-8: the bytes themselves are the best key there is */
	free(mapped);
}

/* Most titles and keywords of most blogs are ASCII, and a hundred times as fast to fold. */
static bool add_lower(struct buf *b, struct str text)
{
	size_t start = b->len;
	buf_reserve(b, text.len);
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] >= 0x80) {
			b->len = start;
			return false;
		}
		b->at[b->len++] = str_lower(text.at[i]);
	}
	return true;
}

void utf8_sort_key(struct buf *b, struct str text)
{
	if (!add_lower(b, text))
		add_mapped(b, text,
			   UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
			       UTF8PROC_STRIPMARK);
}

void utf8_fold(struct buf *b, struct str text)
{
	if (add_lower(b, text))
		return;
	add_mapped(b, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

void utf8_compose(struct buf *b, struct str text)
{
	add_mapped(b, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

size_t utf8_decompose(uint32_t code, uint32_t *parts, size_t max)
{
	utf8proc_int32_t found[32];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(
	    (utf8proc_int32_t)code, found, 32, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
	size_t count = n > 0 && n <= 32 ? (size_t)n : 0;
	for (size_t i = 0; i < count && i < max; i++)
		parts[i] = (uint32_t)found[i];
	return count < max ? count : max;
}

static bool is_plain(unsigned char c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t';
}

/* Looked for in blocks, which compilers compare at once. */
static size_t plain_prefix(struct str s)
{
	enum { BLOCK = 16 };
	const unsigned char *at = (const unsigned char *)s.at;
	size_t i = 0;
	for (unsigned char other = 0; i + BLOCK <= s.len; i += BLOCK) {
		for (size_t j = 0; j < BLOCK; j++)
			other |= (unsigned char)(((at[i + j] < 0x20) | (at[i + j] > 0x7e)) &
						 (at[i + j] != '\n') & (at[i + j] != '\t'));
		if (other)
			break;
	}
	while (i < s.len && is_plain(at[i]))
		i++;
	return i;
}

void utf8_clean(struct buf *b, struct str s)
{
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_skip(s, 3);
	buf_reserve(b, s.len);
	while (s.len > 0) {
		size_t plain = plain_prefix(s);
		buf_add(b, str_sub(s, 0, plain));
		s = str_skip(s, plain);
		if (s.len == 0)
			break;
		uint32_t code;
		size_t n = utf8_decode(s, &code);
		if (code == '\r') {
			if (s.len < 2 || s.at[1] != '\n')
				buf_add_char(b, '\n');
		} else if (code == 0) {
			utf8_encode(b, UTF8_REPLACEMENT);
		} else if (code == 0x2028 || code == 0x2029) {
			buf_add_char(b, ' ');
		} else if (code >= 0xa0) {
			utf8_encode(b, code);
		}
		s = str_skip(s, n);
	}
}

static bool is_bidi_control(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void utf8_clean_line(struct buf *b, struct str s)
{
	size_t start = b->len;
	bool blank = false;
	while (s.len > 0) {
		size_t plain = 0;
		while (plain < s.len && s.at[plain] > 0x20 && s.at[plain] < 0x7f)
			plain++;
		if (plain > 0 && blank)
			buf_add_char(b, ' ');
		blank = blank && plain == 0;
		buf_add(b, str_sub(s, 0, plain));
		s = str_skip(s, plain);
		if (s.len == 0)
			break;
		uint32_t code;
		s = str_skip(s, utf8_decode(s, &code));
		if (code == ' ' || code == '\t' || code == '\n' || code == '\r' || code == 0x2028 ||
		    code == 0x2029) {
			blank = b->len > start;
			continue;
		}
		if (code == 0)
			code = UTF8_REPLACEMENT;
		if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfeff ||
		    is_bidi_control(code))
			continue;
		if (blank)
			buf_add_char(b, ' ');
		blank = false;
		utf8_encode(b, code);
	}
}

struct str utf8_prefix(struct str text, size_t columns)
{
	size_t at = 0, used = 0;
	while (at < text.len) {
		uint32_t code;
		size_t n = utf8_decode(str_skip(text, at), &code);
		used += utf8_width(code);
		if (used > columns)
			break;
		at += n;
	}
	return str_sub(text, 0, at);
}
