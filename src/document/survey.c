#include "document/survey.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "document/bytes.h"

/* What each byte may begin. */
enum { PLAIN, CONTROL, LEAD, MARK };

static const uint8_t classes[256] = {
	[0 ... 8] = CONTROL,   [11 ... 31] = CONTROL, [0x7f] = CONTROL,
	[0x80 ... 255] = LEAD, ['$'] = MARK,          ['{'] = MARK,
	['['] = MARK,          ['\\'] = MARK,         ['|'] = MARK,
};

static const struct str contents_marks[] = {
	STR_INIT("[toc]"),
	STR_INIT("[[toc]]"),
	STR_INIT("[[_toc_]]"),
	STR_INIT("[_toc_]"),
};

size_t survey_contents_mark(struct str text)
{
	if (text.len < 5 || strchr("tT[_", text.at[1]) == NULL)
		return 0;
	for (size_t i = 0; i < sizeof contents_marks / sizeof *contents_marks; i++)
		if (str_starts_nocase(text, contents_marks[i]))
			return contents_marks[i].len;
	return 0;
}

bool survey_begins_definition(struct str text, size_t at)
{
	size_t colon = at;
	while (colon < text.len && colon < at + 4 && text.at[colon] == ' ')
		colon++;
	return colon + 1 < text.len && text.at[colon] == ':' && str_is_blank(text.at[colon + 1]);
}

static bool is_mark(struct str text, size_t at)
{
	char next = at + 1 < text.len ? text.at[at + 1] : '\0';
	switch (next == '\0' ? 0 : text.at[at]) {
	case '[': return next == '^' || survey_contents_mark(str_skip(text, at)) > 0;
	case '\\': return strchr("([\\bnrpDd", next) != NULL;
	case '{': return strchr("{%:#.", next) != NULL || (at > 0 && text.at[at - 1] == ')');
	case '$': return true;
	case '|': /* the line below a table's head */
		return next == '-' || next == ':' ||
		       (next == ' ' && at + 2 < text.len && strchr("-:", text.at[at + 2]) != NULL);
	default: return false;
	}
}

/*
 * The length of the character at `at` when it is valid UTF-8 and may stay: no C1 control, no
 * placeholder's mark, no byte order mark at the start. Else 0.
 */
static size_t clean_length(struct str text, size_t at)
{
	const unsigned char *c = (const unsigned char *)text.at + at;
	size_t left = text.len - at, n = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (c[0] < 0xc2 || c[0] > 0xf4 || left < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	unsigned first = c[0] * 256u + c[1];
	if (first < 0xc2a0 || (first >= 0xe080 && first < 0xe0a0) ||
	    (first >= 0xeda0 && first < 0xee00) || (first >= 0xee80 && first <= 0xee83) ||
	    (first >= 0xf080 && first < 0xf090) || first >= 0xf490)
		return 0;
	return at == 0 && n == 3 && c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf ? 0 : n;
}

/* The first byte from `at` on that is not plain. */
static size_t skip_plain(struct str text, size_t at)
{
	for (; at + BYTES_AT_ONCE <= text.len; at += BYTES_AT_ONCE) {
		struct bytes b = bytes_load(text.at + at);
		/* signed: what is not ASCII is below a blank too */
		struct bytes hits = { ((b.all < 0x20) & (b.all != '\n')) | (b.all == 0x7f) |
				      (b.all == '$') | (b.all == '{') | (b.all == '[') |
				      (b.all == '|') | (b.all == '\\') };
		if (bytes_any(hits))
			break;
	}
	while (at < text.len && classes[(unsigned char)text.at[at]] == PLAIN)
		at++;
	return at;
}

/* A line that may be a definition: `:` behind at most three blanks, and a blank. */
static bool has_definition_line(struct str text)
{
	for (size_t at = str_find(text, ':', 1); at != STR_NOT_FOUND;
	     at = str_find(text, ':', at + 1)) {
		size_t start = at;
		while (start > 0 && at - start < 3 && text.at[start - 1] == ' ')
			start--;
		if (start > 0 && text.at[start - 1] == '\n' && at + 1 < text.len &&
		    str_is_blank(text.at[at + 1]))
			return true;
	}
	return false;
}

/* <div markdown="1"> of kramdown */
static bool has_markdown_attribute(struct str text)
{
	struct str name = STR("markdown");
	for (size_t at = str_find(text, '=', 0); at != STR_NOT_FOUND;
	     at = str_find(text, '=', at + 1))
		if (str_ends(str_sub(text, 0, at), name))
			return true;
	return false;
}

struct survey survey(struct str text)
{
	struct survey found = { .clean = true };
	for (size_t i = skip_plain(text, 0); i < text.len; i = skip_plain(text, i)) {
		size_t n = 1;
		switch (classes[(unsigned char)text.at[i]]) {
		case CONTROL: found.clean = false; break;
		case LEAD:
			n = clean_length(text, i);
			found.clean = found.clean && n > 0;
			n = n > 0 ? n : 1;
			break;
		case MARK: found.marks = found.marks || is_mark(text, i); break;
		default: break;
		}
		i += n;
	}
	found.definitions = has_definition_line(text);
	if (!found.marks)
		found.marks = has_markdown_attribute(text);
	return found;
}

/* The range of the placeholders belongs to us. */
static void drop_private(struct buf *b)
{
	size_t kept = 0;
	for (size_t i = 0; i < b->len; i++) {
		if ((unsigned char)b->at[i] == 0xee && i + 2 < b->len &&
		    (unsigned char)b->at[i + 1] >= 0x80 && (unsigned char)b->at[i + 1] <= 0x83) {
			i += 2;
			continue;
		}
		b->at[kept++] = b->at[i];
	}
	b->len = kept;
}

struct str survey_clean(struct arena *arena, struct str body)
{
	struct buf cleaned = { 0 };
	utf8_clean(&cleaned, body);
	drop_private(&cleaned);
	struct str text = arena_str(arena, buf_str(&cleaned));
	buf_free(&cleaned);
	return text;
}
