#include "render/wrap.h"

#include "base/bytes.h"
#include "base/utf8.h"

/* What stands between two places where a line may end. */
struct piece {
	struct str text;
	size_t columns;
	bool blank;  /* a blank stands before it when it does not begin a line */
	bool line;   /* a hard break stands before it */
	bool marked; /* holds wrap marks */
	bool keep;   /* holds a code span or a URL */
};

static bool is_mark(char c)
{
	return c >= WRAP_BLANK && c <= WRAP_KEEP_END;
}

/* Signed: what is beyond ASCII is below a blank too. Clean text has no DEL. */
static struct bytes not_plain(struct str text, size_t at)
{
	return (struct bytes){ bytes_load(text.at + at).all < ' ' };
}

/* The end of the printable ASCII from `at` on. */
static size_t plain_end(struct str text, size_t at)
{
	for (; at + BYTES_AT_ONCE <= text.len; at += BYTES_AT_ONCE) {
		struct bytes hits = not_plain(text, at);
		if (bytes_any(hits))
			return at + bytes_first(hits);
	}
	if (text.len >= BYTES_AT_ONCE && !bytes_any(not_plain(text, text.len - BYTES_AT_ONCE)))
		return text.len;
	while (at < text.len && (signed char)text.at[at] >= ' ')
		at++;
	return at;
}

size_t wrap_columns(struct str s)
{
	size_t i = plain_end(s, 0), columns = i;
	while (i < s.len) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x80) {
			columns += c >= 0x20 || c == WRAP_BLANK || c == WRAP_NO_BREAK;
			i++;
		} else {
			uint32_t code;
			i += utf8_decode(str_skip(s, i), &code);
			columns += utf8_width(code);
		}
	}
	return columns;
}

static bool is_one_of(uint32_t code, const uint16_t *sorted, size_t count)
{
	size_t low = 0;
	while (count > 0) {
		size_t half = count / 2;
		if (sorted[low + half] == code)
			return true;
		if (sorted[low + half] < code) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return false;
}

/*
 * Signs that may not begin (Unicode Cl, Pf, and small kana) or not end a line (Ps, Pi). Both sets
 * stand among CJK punctuation with kana, and full-width forms.
 */
static bool is_cjk_sign(uint32_t code)
{
	return (code >= 0x3000 && code <= 0x30ff) || (code >= 0xff00 && code <= 0xff60);
}

static bool may_begin_line(uint32_t code)
{
	static const uint16_t closing[] = {
		0x3001, 0x3002, 0x3005, 0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0x3015,
		0x3017, 0x3019, 0x301b, 0x301e, 0x301f, 0x303b, 0x3041, 0x3043, 0x3045,
		0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308e, 0x309b, 0x309c,
		0x309d, 0x309e, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30c3, 0x30e3,
		0x30e5, 0x30e7, 0x30ee, 0x30fb, 0x30fc, 0x30fd, 0x30fe, 0xff01, 0xff05,
		0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff3d, 0xff5d, 0xff60,
	};
	return !is_cjk_sign(code) || !is_one_of(code, closing, sizeof closing / sizeof *closing);
}

static bool may_end_line(uint32_t code)
{
	static const uint16_t opening[] = {
		0x3008, 0x300a, 0x300c, 0x300e, 0x3010, 0x3014, 0x3016, 0x3018,
		0x301a, 0x301d, 0xff04, 0xff08, 0xff3b, 0xff5b, 0xff5f,
	};
	return !is_cjk_sign(code) || !is_one_of(code, opening, sizeof opening / sizeof *opening);
}

/*
 * Wide characters are broken between like ideographs, but Hangul has words, and sequences of emoji
 * are one picture.
 */
static bool is_breakable(uint32_t code, unsigned width)
{
	return width == 2 && !utf8_is_hangul(code) && !(code >= 0x1f000 && code < 0x20000);
}

/* Takes the next piece off the text; what stands between marks of keeping is never two of them. */
static bool next_piece(struct str text, size_t *at, struct piece *piece)
{
	size_t i = *at;
	*piece = (struct piece){ 0 };
	for (; i < text.len && (text.at[i] == ' ' || text.at[i] == WRAP_LINE); i++) {
		piece->blank = true;
		piece->line |= text.at[i] == WRAP_LINE;
	}
	size_t start = i, columns = 0;
	uint32_t before = 0;
	bool inside = false;
	while (i < text.len) {
		unsigned char c = (unsigned char)text.at[i];
		if (c == ' ' || c == WRAP_LINE)
			break;
		if (c < 0x80)
			before = 0;
		if (c > ' ' && c < 0x80) {
			size_t from = i++;
			while (i < text.len && (signed char)text.at[i] > ' ')
				i++;
			columns += i - from;
			continue;
		}
		if (c < ' ') {
			piece->marked = true;
			piece->keep |= c == WRAP_KEEP_BEGIN;
			inside = c == WRAP_KEEP_BEGIN || (inside && c != WRAP_KEEP_END);
			columns += c == WRAP_BLANK || c == WRAP_NO_BREAK;
			i++;
			continue;
		}
		uint32_t code;
		size_t n = utf8_decode(str_skip(text, i), &code);
		unsigned width = utf8_width(code);
		bool breakable = !inside && is_breakable(code, width);
		if (breakable && before != 0 && may_end_line(before) && may_begin_line(code))
			break;
		if (width > 0 || code == 0x200d)
			before = breakable ? code : 0;
		columns += width;
		i += n;
	}
	piece->text = str_sub(text, start, i);
	piece->columns = columns;
	*at = i;
	return piece->text.len > 0;
}

static void add_plain(const struct piece *piece, struct buf *out)
{
	if (!piece->marked)
		buf_add(out, piece->text);
	else
		wrap_strip(piece->text, out);
}

/* The first control byte from `at` on, such as marks are. */
static size_t marked_at(struct str text, size_t at)
{
	for (; at + BYTES_AT_ONCE <= text.len; at += BYTES_AT_ONCE) {
		struct bytes b = bytes_load(text.at + at);
		struct bytes hits = { (b.all >= 0) & (b.all < ' ') };
		if (bytes_any(hits))
			return at + bytes_first(hits);
	}
	while (at < text.len && (unsigned char)text.at[at] >= ' ')
		at++;
	return at;
}

void wrap_strip(struct str text, struct buf *out)
{
	for (size_t from = 0, at; from < text.len; from = at + 1) {
		at = marked_at(text, from);
		buf_add(out, str_sub(text, from, at));
		char c = at < text.len ? text.at[at] : WRAP_KEEP_END;
		if (c == WRAP_BLANK || c == WRAP_NO_BREAK || c == WRAP_LINE)
			buf_add_char(out, ' ');
		else if (!is_mark(c))
			buf_add_char(out, c);
	}
}

/* The lines while they are written. */
struct lines {
	struct wrap *wrap;
	struct buf *out;
	size_t column, start; /* of the line that is open: its columns, and where its text begins */
	size_t plain_end;     /* up to here the text is known to be plain */
	bool open;
};

static void end_line(struct lines *lines)
{
	struct buf *out = lines->out;
	if (!lines->open)
		return;
	while (out->len > lines->start && out->at[out->len - 1] == ' ') {
		out->len--;
		lines->column--;
	}
	if (lines->wrap->guard_dot && lines->column == 1 && out->at[out->len - 1] == '.') {
		out->at[out->len - 1] = ' ';
		buf_add_char(out, '.');
	}
	buf_add_char(out, '\n');
	if (lines->column > lines->wrap->widest)
		lines->wrap->widest = lines->column;
	lines->open = false;
}

/* What stands before the next line. */
static struct str before_line(const struct lines *lines)
{
	return lines->wrap->nlines == 0 ? lines->wrap->first : lines->wrap->rest;
}

static void begin_line(struct lines *lines)
{
	struct str before = before_line(lines);
	lines->wrap->nlines++;
	buf_add(lines->out, before);
	lines->column = before.len;
	lines->start = lines->out->len;
	lines->open = true;
}

static bool fits(const struct lines *lines, const struct piece *piece)
{
	return lines->column + piece->blank + piece->columns <= lines->wrap->width;
}

/* No line has room for it. The very first has its own beginning, which may be the longer one. */
static bool is_too_wide(const struct lines *lines, size_t columns)
{
	bool first = !lines->open && lines->wrap->nlines == 0;
	return (first ? lines->wrap->first : lines->wrap->rest).len + columns > lines->wrap->width;
}

/* No-break blanks that would stand alone on the next line. */
static bool is_left_over(const struct lines *lines, const struct piece *piece)
{
	for (size_t i = 0; i < piece->text.len; i++)
		if (piece->text.at[i] != WRAP_NO_BREAK)
			return false;
	return !piece->line && (lines->open ? !fits(lines, piece) : lines->wrap->nlines > 0);
}

static void put(struct lines *lines, const struct piece *piece)
{
	if (is_left_over(lines, piece))
		return;
	if (piece->line || (lines->open && !fits(lines, piece)))
		end_line(lines);
	if (!lines->open) {
		begin_line(lines);
	} else if (piece->blank) {
		buf_add_char(lines->out, ' ');
		lines->column++;
	}
	add_plain(piece, lines->out);
	lines->column += piece->columns;
}

/* The longest start of `text` that fits; after a sign of punctuation if one is near its end. */
static size_t cut_at(struct str text, size_t columns)
{
	size_t end = 0, good = 0;
	for (size_t used = 0; end < text.len;) {
		uint32_t code;
		size_t n = utf8_decode(str_skip(text, end), &code);
		used += code < 0x20 ? code <= WRAP_NO_BREAK : utf8_width(code);
		if (used > columns && end > 0)
			break;
		end += n;
		if (code < 0x80 && strchr("/-_.,;:=&?+|)]}", (int)code) != NULL)
			good = end;
	}
	return end < text.len && good > end / 2 ? good : end;
}

/* A word over the width that is neither URL nor code has to be broken somewhere. */
static void put_broken(struct lines *lines, struct piece piece)
{
	struct str rest = piece.text;
	if (piece.line || lines->column + piece.blank >= lines->wrap->width)
		end_line(lines);
	while (rest.len > 0) {
		size_t taken = lines->open ? lines->column + piece.blank : before_line(lines).len;
		size_t room = lines->wrap->width > taken ? lines->wrap->width - taken : 1;
		piece.text = str_sub(rest, 0, cut_at(rest, room));
		piece.columns = wrap_columns(piece.text);
		put(lines, &piece);
		rest = str_skip(rest, piece.text.len);
		piece.line = piece.blank = false;
		if (rest.len > 0)
			end_line(lines);
	}
}

static bool is_address(const struct piece *piece)
{
	return str_find_str(piece->text, STR("://"), 0) != STR_NOT_FOUND ||
	       str_starts_nocase(piece->text, STR("www.")) ||
	       str_starts_nocase(piece->text, STR("mailto:"));
}

/*
 * What no line has room for is broken at the blanks that hold it together after all: those of a
 * code span, then those that its author wrote as no-break. A URL or a word of code that is still
 * too wide stays whole.
 */
static void put_parts(struct lines *lines, struct piece piece, char blank)
{
	struct str rest = piece.text;
	while (rest.len > 0) {
		struct piece part = piece;
		piece.line = false;
		piece.blank = str_cut(&rest, blank, &part.text);
		part.columns = wrap_columns(part.text);
		if (part.text.len == 0)
			continue;
		if (!is_too_wide(lines, part.columns))
			put(lines, &part);
		else if (blank == WRAP_BLANK)
			put_parts(lines, part, WRAP_NO_BREAK);
		else if (lines->wrap->strict || !(part.keep || is_address(&part)))
			put_broken(lines, part);
		else
			put(lines, &part);
	}
}

/*
 * Whole lines of plain words, which is what paragraphs are made of, to the text's end or the last
 * one before something else. What needs a closer look ends them too: a word without end, a dot
 * alone, blanks in a row.
 */
static void put_whole_lines(struct lines *lines, struct str text, size_t *at)
{
	struct wrap *wrap = lines->wrap;
	struct buf *out = lines->out;
	for (;;) {
		struct str before = before_line(lines);
		size_t room = wrap->width > before.len ? wrap->width - before.len : 0;
		size_t from = *at, end = text.len;
		from += from < lines->plain_end && text.at[from] == ' ';
		if (from + room < lines->plain_end)
			for (end = from + room; end > from && text.at[end] != ' ';)
				end--;
		else if (lines->plain_end < text.len)
			return;
		if (end < from + 2 || text.at[from] == ' ' || text.at[end - 1] == ' ')
			return;
		buf_reserve(out, before.len + (end - from) + 1);
		buf_add(out, before);
		buf_add(out, (struct str){ text.at + from, end - from });
		buf_add_char(out, '\n');
		wrap->nlines++;
		if (before.len + (end - from) > wrap->widest)
			wrap->widest = before.len + (end - from);
		*at = end;
		if (end == text.len)
			return;
	}
}

/* Whether an ideograph or a letter of kana stands there that a line may begin and end with. */
static bool is_plain_ideograph(struct str text, size_t at)
{
	uint32_t code;
	if (at + 3 > text.len || (unsigned char)text.at[at] < 0xe3)
		return false;
	if (utf8_decode(str_skip(text, at), &code) != 3)
		return false;
	return (code >= 0x4e00 && code < 0x9fa6) ||
	       (code >= 0x3042 && code < 0x3094 && may_begin_line(code)) ||
	       (code >= 0x30a2 && code < 0x30f4 && may_begin_line(code));
}

/* As many of them as the line has room for, but not the last: what follows may belong to it. */
static bool put_ideographs(struct lines *lines, struct str text, size_t *at)
{
	size_t width = lines->wrap->width, n = 0;
	if (!is_plain_ideograph(text, *at) || !is_plain_ideograph(text, *at + 3) ||
	    lines->wrap->first.len + 2 > width || lines->wrap->rest.len + 2 > width)
		return false;
	if (lines->open && lines->column + 2 > width)
		end_line(lines);
	size_t column = lines->open ? lines->column : before_line(lines).len;
	while (column + 2 * (n + 1) <= width && is_plain_ideograph(text, *at + 3 * (n + 1)))
		n++;
	if (!lines->open)
		begin_line(lines);
	buf_add(lines->out, str_sub(text, *at, *at + 3 * n));
	lines->column += 2 * n;
	*at += 3 * n;
	return true;
}

/*
 * The short way for most text: as many words of plain ASCII as the line has room for, at once.
 * False when the next word needs a closer look.
 */
static bool put_plain(struct lines *lines, struct str text, size_t *at)
{
	size_t column = lines->open ? lines->column : before_line(lines).len;
	size_t from = *at, width = lines->wrap->width;
	if (lines->open && (from == text.len || text.at[from] != ' ' || ++column >= width))
		return false;
	while (from < text.len && text.at[from] == ' ')
		from++;
	if (from >= lines->plain_end)
		lines->plain_end = plain_end(text, from);
	if (column >= width || from == lines->plain_end)
		return false;
	size_t room = width - column, plain = lines->plain_end - from;
	bool full = plain > room;
	size_t end = from + (full ? room : plain);
	if (full || lines->plain_end < text.len)
		while (end > from && text.at[end] != ' ')
			end--;
	if (end == from)
		return false;
	if (lines->open)
		buf_add_char(lines->out, ' ');
	else
		begin_line(lines);
	buf_add(lines->out, str_sub(text, from, end));
	lines->column = column + end - from;
	*at = end;
	if (full)
		end_line(lines);
	return true;
}

void wrap_add(struct str text, struct wrap *wrap, struct buf *out)
{
	struct lines lines = { .wrap = wrap,
			       .out = out,
			       .plain_end = wrap->plain ? text.len : plain_end(text, 0) };
	struct piece piece;
	size_t at = 0;
	wrap->nlines = 0;
	wrap->widest = 0;
	for (;;) {
		if (!lines.open)
			put_whole_lines(&lines, text, &at);
		if (at == text.len)
			break;
		if (put_plain(&lines, text, &at) || put_ideographs(&lines, text, &at))
			continue;
		if (!next_piece(text, &at, &piece))
			break;
		if (is_too_wide(&lines, piece.columns))
			put_parts(&lines, piece, WRAP_BLANK);
		else
			put(&lines, &piece);
	}
	end_line(&lines);
}

size_t wrap_longest(struct str text)
{
	size_t longest = 0;
	struct piece piece;
	for (size_t at = 0; next_piece(text, &at, &piece);) {
		struct str rest = piece.text, word;
		do {
			str_cut(&rest, WRAP_BLANK, &word);
			size_t width = wrap_columns(word);
			if (width > longest)
				longest = width;
		} while (rest.len > 0);
	}
	return longest;
}
