#include "document/survey.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/utf8.h"

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

size_t survey_bracketed_words(struct str text, size_t at)
{
	size_t end = at + 2;
	if (!str_starts(str_skip(text, at), STR("[[")))
		return 0;
	while (end < text.len && strchr("[]\n", text.at[end]) == NULL)
		end++;
	return str_starts(str_skip(text, end), STR("]](")) ? end : 0;
}

bool survey_begins_definition(struct str text, size_t at)
{
	size_t colon = at;
	while (colon < text.len && colon < at + 3 && text.at[colon] == ' ')
		colon++;
	return colon + 1 < text.len && text.at[colon] == ':' && str_is_blank(text.at[colon + 1]);
}

bool survey_ends_html(struct str text, size_t at)
{
	struct str rest = str_skip(text, at);
	size_t end = 2;
	if (rest.len > 2 && rest.at[1] == '/')
		while (end < rest.len && (str_is_alpha(rest.at[end]) || str_is_digit(rest.at[end])))
			end++;
	else if (str_starts_nocase(rest, STR("<hr")) || str_starts_nocase(rest, STR("<br")))
		end++;
	else
		return false;
	while (end < rest.len && strchr(" /", rest.at[end]) != NULL)
		end++;
	if (end == rest.len || rest.at[end] != '>')
		return false;
	end++;
	while (end < rest.len && rest.at[end] == ' ')
		end++;
	return end + 1 < rest.len && rest.at[end] == '\n' && rest.at[end + 1] != '\n';
}

static bool may_begin_cut(struct str text, size_t at)
{
	char next = at + 1 < text.len ? text.at[at + 1] : '\0';
	switch (next == '\0' ? 0 : text.at[at]) {
	case '[':
		return next == '^' || (next == '[' && at > 0 && text.at[at - 1] == '!') ||
		       survey_contents_mark(str_skip(text, at)) > 0 ||
		       (next == '[' && survey_bracketed_words(text, at) > 0);
	case '\\': return strchr("([\\bnrpDd", next) != NULL;
	case '{': return strchr("{%:#.", next) != NULL || (at > 0 && text.at[at - 1] == ')');
	case '$': return true;
	case '<': return survey_ends_html(text, at);
	case '*': return survey_is_beside_other_scripts(text, at);
	case '|': /* the line below a table's head */
		return next == '-' || next == ':' ||
		       (next == ' ' && at + 2 < text.len && strchr("-:", text.at[at + 2]) != NULL);
	default: return false;
	}
}

/*
 * The length of the character at `at` when it is valid UTF-8 and may stay: no C1 control, no
 * separator of lines, no placeholder's mark, no byte order mark at the start. Else 0.
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
	if (first == 0xe280 && n == 3 && (c[2] == 0xa8 || c[2] == 0xa9))
		return 0;
	return at == 0 && n == 3 && c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf ? 0 : n;
}

/*
 * Looks at those of sixteen bytes that are not plain ASCII: `bits` says which. Gives a place that
 * all characters before which are known.
 */
static size_t check_bytes(struct str text, size_t at, unsigned bits, size_t checked, bool *clean)
{
	for (; bits != 0; bits &= bits - 1) {
		size_t i = at + (size_t)__builtin_ctz(bits), n = 1;
		if (i < checked)
			continue; /* of a character that began before */
		unsigned char c = (unsigned char)text.at[i];
		if (c >= 0x80)
			n = clean_length(text, i);
		else if (c != '\t')
			n = 0;
		*clean = *clean && n > 0;
		checked = i + (n > 0 ? n : 1);
	}
	return checked;
}

/* Looks at sixteen bytes, the first of which stands at `at`, and says which of them are marks. */
static inline void read_step(struct survey *found, struct str text, size_t at, const char *bytes,
			     size_t *checked)
{
	struct bytes b = bytes_load(bytes);
	struct bytes low = { b.all | 0x20 }; /* makes `[` and `{` the same, and `\` and `|` */
	struct bytes marks = { (low.all == '{') | (low.all == '|') | (b.all == '$') |
			       (b.all == '<') | (b.all == '`') | (b.all == '*') };
	/* signed: what is not ASCII is below a blank too */
	struct bytes others = { ((b.all < ' ') & (b.all != '\n')) | (b.all == 0x7f) };
	if (!bytes_any((struct bytes){ marks.all | others.all }))
		return;
	found->marks[at / 64] |= (uint64_t)bytes_bits(marks) << at % 64;
	if (bytes_any(others))
		*checked = check_bytes(text, at, bytes_bits(others), *checked, &found->clean);
}

static void read_bytes(struct str text, struct survey *found)
{
	size_t checked = 0;
	for (size_t at = 0; at < text.len; at += BYTES_AT_ONCE) {
		const char *bytes = text.at + at;
		char last[BYTES_AT_ONCE];
		if (text.len - at < BYTES_AT_ONCE) {
			memset(last, ' ', sizeof last);
			bytes = memcpy(last, bytes, text.len - at);
		}
		read_step(found, text, at, bytes, &checked);
	}
}

static bool has_cuts(struct str text, const uint64_t *marks)
{
	for (size_t at = 0; (at = survey_next_mark(marks, at, text.len)) < text.len; at++)
		if (may_begin_cut(text, at))
			return true;
	return false;
}

/* A line that may be a definition: `:` behind blanks or the mark of a quote, and a blank. */
static bool has_definition_line(struct str text)
{
	for (size_t at = str_find(text, ':', 1); at != STR_NOT_FOUND;
	     at = str_find(text, ':', at + 1)) {
		size_t start = at;
		while (start > 0 && (text.at[start - 1] == ' ' || text.at[start - 1] == '>'))
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

struct survey survey(struct arena *arena, struct str text)
{
	struct survey found = { .clean = true };
	found.marks = ARENA_ARRAY(arena, uint64_t, text.len / 64 + 1);
	read_bytes(text, &found);
	found.definitions = has_definition_line(text);
	found.cuts = has_cuts(text, found.marks) || has_markdown_attribute(text);
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
