#include "content/plain.h"

#include "base/utf8.h"
#include "document/html_tags.h"
#include "math/math.h"
#include "math/math_find.h"

/* Longer texts are cut first: nobody reads them in a list, and marks are matched within them. */
#define MOST_BYTES 4096

static bool is_word(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || (unsigned char)c >= 0x80;
}

static char at(struct str s, size_t i)
{
	return i < s.len ? s.at[i] : ' ';
}

static size_t run_length(struct str s, size_t i)
{
	size_t n = 1;
	while (i + n < s.len && s.at[i + n] == s.at[i])
		n++;
	return n;
}

/* What a mark is replaced by, and how much of the source it takes. */
struct mark {
	struct str text;
	size_t length;
	bool is_markdown; /* the text may hold marks itself */
};

/* The bracket that closes the one at `i`, or STR_NOT_FOUND. */
static size_t closing(struct str s, size_t i, char open, char close)
{
	size_t depth = 0;
	for (; i < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == open)
			depth++;
		else if (s.at[i] == close && --depth == 0)
			return i;
	}
	return STR_NOT_FOUND;
}

/* Whether [text](target), [text][name] or [text]: `end` is behind it. */
static size_t end_of_target(struct str s, size_t end)
{
	char open = at(s, end);
	if (open != '(' && open != '[')
		return end;
	size_t close = closing(s, end, open, open == '(' ? ')' : ']');
	return close == STR_NOT_FOUND ? end : close + 1;
}

static bool match_link(struct str s, size_t i, struct mark *mark)
{
	bool image = s.at[i] == '!';
	size_t open = i + image;
	if (at(s, open) != '[')
		return false;
	size_t close = closing(s, open, '[', ']');
	if (close == STR_NOT_FOUND)
		return false;
	struct str text = str_sub(s, open + 1, close);
	size_t end = end_of_target(s, close + 1);
	bool note = str_starts(text, STR("^"));
	bool wiki = text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']';
	if (wiki) {
		text = str_sub(text, 1, text.len - 1);
		size_t bar = str_find(text, '|', 0);
		text = bar == STR_NOT_FOUND ? text : str_skip(text, bar + 1);
	} else if (end == close + 1 && !note) {
		return false; /* plain brackets */
	}
	*mark = (struct mark){ note || image ? STR("") : text, end - i, true };
	return true;
}

static bool match_code(struct str s, size_t i, struct mark *mark)
{
	if (s.at[i] != '`')
		return false;
	size_t n = run_length(s, i);
	for (size_t j = i + n; j < s.len; j++) {
		if (s.at[j] != '`')
			continue;
		size_t m = run_length(s, j);
		if (m == n) {
			*mark = (struct mark){ str_sub(s, i + n, j), j + n - i, false };
			return true;
		}
		j += m - 1;
	}
	return false;
}

/* `Vec<T>`: no element but a word, as in a body. */
static bool is_word_in_angles(struct str text)
{
	struct html_tag tag = { 0 };
	unsigned level;
	size_t length = html_read_tag(text, &tag);
	return tag.markup == HTML_START_TAG && tag.nattributes == 0 &&
	       str_find(tag.name, '-', 0) == STR_NOT_FOUND &&
	       html_role(tag.name, &level) == HTML_UNKNOWN &&
	       str_find_str(str_skip(text, length), STR("</"), 0) == STR_NOT_FOUND;
}

/* <tag>, </tag>, <!-- comment -->, <https://autolink>, {{ }}, {% %}, {: } */
static bool match_bracketed(struct str s, size_t i, struct mark *mark)
{
	static const struct {
		struct str open, close;
	} pairs[] = {
		{ STR_INIT("<!--"), STR_INIT("-->") }, { STR_INIT("{{"), STR_INIT("}}") },
		{ STR_INIT("{%"), STR_INIT("%}") },    { STR_INIT("{:"), STR_INIT("}") },
		{ STR_INIT("<"), STR_INIT(">") },
	};
	struct str rest = str_skip(s, i);
	for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
		if (!str_starts(rest, pairs[p].open))
			continue;
		size_t end = str_find_str(rest, pairs[p].close, pairs[p].open.len);
		char first = at(rest, 1);
		if (end == STR_NOT_FOUND ||
		    (pairs[p].open.len == 1 && !str_is_alpha(first) && first != '/'))
			return false;
		struct str inside = str_sub(rest, 1, end);
		bool url = pairs[p].open.len == 1 &&
			   str_find_str(inside, STR("://"), 0) != STR_NOT_FOUND &&
			   str_find(inside, ' ', 0) == STR_NOT_FOUND;
		if (!url && p == sizeof pairs / sizeof *pairs - 1 && is_word_in_angles(rest))
			return false;
		*mark = (struct mark){ url ? inside : STR(""), end + pairs[p].close.len, false };
		return true;
	}
	return false;
}

/* The few references that people write by hand; the rest keep their text. */
static bool match_entity(struct str s, size_t i, struct mark *mark)
{
	static const struct {
		struct str name, text;
	} entities[] = {
		{ STR_INIT("&amp;"), STR_INIT("&") },
		{ STR_INIT("&lt;"), STR_INIT("<") },
		{ STR_INIT("&gt;"), STR_INIT(">") },
		{ STR_INIT("&quot;"), STR_INIT("\"") },
		{ STR_INIT("&#39;"), STR_INIT("'") },
		{ STR_INIT("&apos;"), STR_INIT("'") },
		{ STR_INIT("&nbsp;"), STR_INIT(" ") },
		{ STR_INIT("&copy;"), STR_INIT("\xc2\xa9") },
		{ STR_INIT("&ndash;"), STR_INIT("\xe2\x80\x93") },
		{ STR_INIT("&mdash;"), STR_INIT("\xe2\x80\x94") },
		{ STR_INIT("&hellip;"), STR_INIT("\xe2\x80\xa6") },
	};
	for (size_t e = 0; e < sizeof entities / sizeof *entities; e++) {
		if (str_starts(str_skip(s, i), entities[e].name)) {
			*mark = (struct mark){ entities[e].text, entities[e].name.len, false };
			return true;
		}
	}
	return false;
}

/* Emphasis: a run that leans on the word behind it and has its like leaning on a word before it. */
static bool match_emphasis(struct str s, size_t i, struct mark *mark)
{
	char c = s.at[i];
	size_t n = run_length(s, i);
	if ((c == '~' && n != 2) || n > 3 || str_is_blank(at(s, i + n)))
		return false;
	if (c == '_' && i > 0 && is_word(s.at[i - 1]))
		return false;
	size_t end = 0; /* behind the closing run */
	for (size_t j = i + n; j < s.len; j++) {
		if (s.at[j] == '\\') {
			j++;
			continue;
		}
		if (s.at[j] != c)
			continue;
		size_t m = run_length(s, j);
		bool leans =
		    j > i + n && !str_is_blank(s.at[j - 1]) && (c != '_' || !is_word(at(s, j + m)));
		/* A longer run closes what is nested as well, unless one of our length comes. */
		if (leans && (m == n || (m > n && end == 0)))
			end = j + m;
		if (leans && m == n)
			break;
		j += m - 1;
	}
	if (end == 0)
		return false;
	*mark = (struct mark){ str_sub(s, i + n, end - n), end - i, true };
	return true;
}

static bool match(struct str s, size_t i, struct mark *mark)
{
	switch (s.at[i]) {
	case '[':
	case '!': return match_link(s, i, mark);
	case '`': return match_code(s, i, mark);
	case '<':
	case '{': return match_bracketed(s, i, mark);
	case '&': return match_entity(s, i, mark);
	case '*':
	case '_':
	case '~': return match_emphasis(s, i, mark);
	default: return false;
	}
}

/* Characters that CommonMark lets a backslash escape. */
static bool is_escapable(char c)
{
	return c > ' ' && c < 0x7f && !str_is_alpha(c) && !str_is_digit(c);
}

/* Marks within marks: bold links with code. Deeper ones keep theirs. */
#define MOST_NESTED 4

/* Mathematics as its one row; its source when that is broken. The place behind it, or 0. */
static size_t add_math(struct str s, size_t i, struct buf *out)
{
	struct str tex;
	size_t end;
	if ((s.at[i] != '$' && s.at[i] != '\\') || !math_find(s, i, &tex, &end))
		return 0;
	struct math_options options = { 0 };
	if (!math_row(tex, &options, out))
		buf_add(out, str_sub(s, i, end));
	return end;
}

static void strip(struct str s, bool math, unsigned depth, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		struct mark mark;
		size_t end = math ? add_math(s, i, out) : 0;
		if (end > 0) {
			i = end - 1;
		} else if (s.at[i] == '\\' && is_escapable(at(s, i + 1))) {
			buf_add_char(out, s.at[++i]);
		} else if (match(s, i, &mark)) {
			if (mark.is_markdown && depth < MOST_NESTED)
				strip(mark.text, math, depth + 1, out);
			else
				buf_add(out, mark.text);
			i += mark.length - 1;
		} else {
			size_t n = 1;
			/* A run that is no mark is no mark from its second character on either. */
			if (s.at[i] == '*' || s.at[i] == '_' || s.at[i] == '`')
				n = run_length(s, i);
			buf_add(out, str_sub(s, i, i + n));
			i += n - 1;
		}
	}
}

static bool has_marks(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("\\[!`<{&*_~$", s.at[i]) != NULL)
			return true;
	return false;
}

void plain_line(struct str markdown, bool math, struct buf *out)
{
	markdown = str_sub(markdown, 0, MOST_BYTES);
	if (!has_marks(markdown)) {
		utf8_clean_line(out, markdown);
		return;
	}
	struct buf text = { 0 };
	strip(markdown, math, 0, &text);
	utf8_clean_line(out, buf_str(&text));
	buf_free(&text);
}

void plain_cut(struct str markdown, bool math, size_t columns, struct buf *out)
{
	size_t start = out->len;
	plain_line(markdown, math, out);
	struct str all = str_skip(buf_str(out), start);
	if (all.len <= columns || utf8_columns(all) <= columns)
		return;
	struct str kept = utf8_prefix(all, columns - 1);
	size_t blank = str_find_last(kept, ' ');
	if (blank != STR_NOT_FOUND && blank > kept.len / 2)
		kept = str_sub(kept, 0, blank);
	out->len = start + str_trim_end(kept).len;
	buf_add(out, STR("\xe2\x80\xa6"));
}

/* `---` or `===` under a line makes it a heading. */
static bool is_underline(struct str line, char c)
{
	line = str_trim_end(line);
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] != c)
			return false;
	return line.len > 0;
}

/* An ATX heading's level, 0 for other lines. */
static size_t heading_level(struct str line)
{
	size_t n = 0;
	while (n < line.len && line.at[n] == '#')
		n++;
	return n >= 1 && n <= 6 && (n == line.len || str_is_blank(line.at[n])) ? n : 0;
}

static struct str heading_text(struct str line)
{
	line = str_trim(str_skip(line, heading_level(line)));
	size_t end = line.len;
	while (end > 0 && line.at[end - 1] == '#')
		end--;
	if (end < line.len && (end == 0 || str_is_blank(line.at[end - 1])))
		line = str_trim_end(str_sub(line, 0, end));
	/* kramdown's and Pandoc's attributes */
	size_t brace = str_find_last(line, '{');
	if (brace != STR_NOT_FOUND && line.at[line.len - 1] == '}' &&
	    (at(line, brace + 1) == '#' || at(line, brace + 1) == ':' ||
	     at(line, brace + 1) == '.'))
		line = str_trim_end(str_sub(line, 0, brace));
	return line;
}

static bool is_rule(struct str line)
{
	char c = at(line, 0);
	size_t count = 0;
	if (c != '-' && c != '*' && c != '_')
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] == c)
			count++;
		else if (!str_is_blank(line.at[i]))
			return false;
	}
	return count >= 3;
}

static bool is_indented(struct str line)
{
	return str_starts(line, STR("    ")) || str_starts(line, STR("\t"));
}

/* Lines that begin something else than a paragraph: lists, quotes, tables, images, definitions. */
static bool begins_other(struct str line)
{
	if (is_indented(line))
		return true;
	while (at(line, 0) == ' ' && line.len > 0)
		line = str_skip(line, 1);
	char c = at(line, 0), next = at(line, 1);
	if (c == '>' || c == '|' || c == '{' || is_rule(line))
		return true;
	if ((c == '-' || c == '*' || c == '+') && str_is_blank(next))
		return true;
	size_t digits = 0;
	while (digits < line.len && str_is_digit(line.at[digits]))
		digits++;
	char mark = at(line, digits);
	if (digits > 0 && (mark == '.' || mark == ')') && str_is_blank(at(line, digits + 1)))
		return true;
	struct mark found;
	size_t colon = c == '[' ? str_find_str(line, STR("]:"), 0) : STR_NOT_FOUND;
	if (colon != STR_NOT_FOUND || str_starts(line, STR("[TOC]")) ||
	    str_starts(line, STR("[[toc]]")))
		return true;
	return (c == '!' || c == '<') && match(line, 0, &found) && found.text.len == 0 &&
	       str_trim(str_skip(line, found.length)).len == 0;
}

struct scan {
	struct str body, rest;
	struct plain_summary *summary;
	size_t start, end; /* of the paragraph that is being read */
	bool in_paragraph, skipping;
	struct str fence; /* what closes the code or mathematics that is being skipped */
};

static bool opens_fence(struct str line, struct str *fence)
{
	static const struct str fences[] = { STR_INIT("```"),    STR_INIT("~~~"),
					     STR_INIT("$$"),     STR_INIT("\\["),
					     STR_INIT("<!--"),   STR_INIT("<script"),
					     STR_INIT("<style"), STR_INIT("<pre") };
	static const struct str ends[] = { STR_INIT("```"),     STR_INIT("~~~"),
					   STR_INIT("$$"),      STR_INIT("\\]"),
					   STR_INIT("-->"),     STR_INIT("</script"),
					   STR_INIT("</style"), STR_INIT("</pre") };
	for (size_t i = 0; i < sizeof fences / sizeof *fences; i++) {
		if (!str_starts(line, fences[i]))
			continue;
		*fence = ends[i];
		/* `$$x$$` on one line is closed already; fences of code never are. */
		return i < 2 || str_find_str(line, ends[i], fences[i].len) == STR_NOT_FOUND;
	}
	return false;
}

static void end_paragraph(struct scan *scan)
{
	if (scan->in_paragraph && scan->summary->text.len == 0)
		scan->summary->text = str_sub(scan->body, scan->start, scan->end);
	scan->in_paragraph = scan->skipping = false;
}

static void take_heading(struct scan *scan, struct str text)
{
	if (scan->summary->heading.len == 0)
		scan->summary->heading = text;
}

static void take_line(struct scan *scan, struct str line)
{
	size_t start = (size_t)(line.at - scan->body.at);
	if (str_trim(line).len == 0) {
		end_paragraph(scan);
	} else if (scan->in_paragraph && (is_underline(line, '=') || is_underline(line, '-'))) {
		struct str text = str_trim(str_sub(scan->body, scan->start, scan->end));
		scan->in_paragraph = false;
		if (line.at[0] == '=')
			take_heading(scan, text);
	} else if (heading_level(line) > 0) {
		end_paragraph(scan);
		if (heading_level(line) == 1)
			take_heading(scan, heading_text(line));
	} else if (scan->in_paragraph && (is_indented(line) || !begins_other(line))) {
		scan->end = start + line.len;
	} else if (begins_other(line)) {
		end_paragraph(scan);
		scan->skipping = true; /* with the lines that belong to it */
	} else if (!scan->skipping) {
		scan->in_paragraph = true;
		scan->start = start;
		scan->end = start + line.len;
	}
}

/* The marker that Hugo, Jekyll, Zola and Hexo share. */
static size_t find_more(struct str body)
{
	static const struct str marks[] = { STR_INIT("<!--more-->"), STR_INIT("<!-- more -->"),
					    STR_INIT("<!--excerpt-->"),
					    STR_INIT("<!-- excerpt -->") };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t found = str_find_str(body, marks[i], 0);
		if (found != STR_NOT_FOUND)
			return found;
	}
	return STR_NOT_FOUND;
}

void plain_summarize(struct str body, struct plain_summary *summary)
{
	struct scan scan = { .body = body, .rest = body, .summary = summary };
	struct str line;
	*summary = (struct plain_summary){ 0 };
	size_t more = find_more(body);
	while (str_line(&scan.rest, &line) &&
	       (summary->heading.len == 0 || summary->text.len == 0)) {
		if (scan.fence.len > 0) {
			if (str_find_str(line, scan.fence, 0) != STR_NOT_FOUND)
				scan.fence.len = 0;
		} else if (opens_fence(line, &scan.fence)) {
			end_paragraph(&scan);
		} else {
			scan.fence.len = 0;
			take_line(&scan, line);
		}
	}
	end_paragraph(&scan);
	/* Several paragraphs may stand before the marker; the first one begins where they do. */
	if (more != STR_NOT_FOUND && summary->text.len > 0) {
		size_t start = (size_t)(summary->text.at - body.at);
		if (start < more)
			summary->text = str_sub(body, start, more);
	}
}
