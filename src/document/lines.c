#include "document/lines.h"

#define TAB 4

/* A place in a line, with its column: tabs reach to the next multiple of four. */
struct place {
	size_t at, column;
};

static char byte_at(const struct line_scanner *s, size_t at, size_t end)
{
	return at < end ? s->text.at[at] : '\n';
}

/* Skips at most `columns` columns of blanks. */
static struct place skip_blanks(const struct line_scanner *s, struct place p, size_t end,
				size_t columns)
{
	size_t limit = p.column + columns;
	while (p.at < end && p.column < limit) {
		char c = s->text.at[p.at];
		if (c == ' ')
			p.column++;
		else if (c == '\t')
			p.column += TAB - p.column % TAB;
		else
			break;
		p.at++;
	}
	return p;
}

static size_t indent_at(const struct line_scanner *s, struct place p, size_t end)
{
	return skip_blanks(s, p, end, end).column - p.column;
}

/* Behind `>` and one blank; false when there is no `>`. */
static bool skip_quote_mark(const struct line_scanner *s, struct place *p, size_t end)
{
	struct place mark = skip_blanks(s, *p, end, 3);
	if (byte_at(s, mark.at, end) != '>')
		return false;
	mark.at++;
	mark.column++;
	*p = skip_blanks(s, mark, end, 1);
	return true;
}

/* Behind the marks of as many open containers as this line has. */
static unsigned match(const struct line_scanner *s, struct place *p, size_t end, size_t *behind)
{
	unsigned i = 0;
	for (; i < s->nopen; i++) {
		const struct container *c = &s->open[i];
		struct place start = skip_blanks(s, *p, end, end);
		size_t indent = start.column - p->column;
		bool blank = start.at == end;
		if (c->kind == IN_QUOTE) {
			if (!skip_quote_mark(s, p, end))
				break;
		} else if (blank || indent >= c->indent) {
			*p = skip_blanks(s, *p, end, c->indent);
		} else {
			break;
		}
		behind[i] = p->at;
	}
	return i;
}

/* No block begins with a letter. */
static bool begins_with_letter(struct str rest)
{
	return rest.len > 0 && (str_is_alpha(rest.at[0]) || (unsigned char)rest.at[0] >= 0x80);
}

static bool is_rule(struct str rest)
{
	char mark = rest.len > 0 ? rest.at[0] : 0;
	size_t marks = 0;
	if (mark != '-' && mark != '*' && mark != '_')
		return false;
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.at[i] == mark)
			marks++;
		else if (!str_is_blank(rest.at[i]))
			return false;
	}
	return marks >= 3;
}

static bool is_heading(struct str rest)
{
	size_t marks = 0;
	while (marks < rest.len && rest.at[marks] == '#')
		marks++;
	return marks >= 1 && marks <= 6 && (marks == rest.len || str_is_blank(rest.at[marks]));
}

static bool is_underline(struct str rest)
{
	rest = str_trim_end(rest);
	char mark = rest.len > 0 ? rest.at[0] : 0;
	size_t i = 0;
	while (i < rest.len && rest.at[i] == mark)
		i++;
	return i == rest.len && (mark == '=' || mark == '-');
}

static size_t fence_at(struct str rest)
{
	char mark = rest.len > 0 ? rest.at[0] : 0;
	size_t length = 0;
	if (mark != '`' && mark != '~')
		return 0;
	while (length < rest.len && rest.at[length] == mark)
		length++;
	if (length < 3 || (mark == '`' && str_find(rest, '`', length) != STR_NOT_FOUND))
		return 0;
	return length;
}

/* The length of a list's mark without the blanks behind it, 0 for none. */
static size_t list_mark(struct str rest, bool in_paragraph)
{
	size_t length = 0;
	char mark = rest.len > 0 ? rest.at[0] : 0;
	if (mark == '-' || mark == '+' || mark == '*') {
		length = 1;
	} else {
		size_t digits = 0;
		while (digits < rest.len && str_is_digit(rest.at[digits]))
			digits++;
		if (digits == 0 || digits > 9 || digits == rest.len ||
		    (rest.at[digits] != '.' && rest.at[digits] != ')'))
			return 0;
		if (in_paragraph && (digits != 1 || rest.at[0] != '1'))
			return 0;
		length = digits + 1;
	}
	bool empty = str_trim(str_skip(rest, length)).len == 0;
	if (empty ? in_paragraph : !str_is_blank(rest.at[length]))
		return 0;
	return length;
}

size_t lines_note_label(struct str text, struct str *label)
{
	if (!str_starts(text, STR("[^")))
		return 0;
	size_t end = 2;
	while (end < text.len && end < 202 && text.at[end] != ']' && text.at[end] != '[' &&
	       !str_is_blank(text.at[end]))
		end++;
	if (end == 2 || end >= text.len || text.at[end] != ']')
		return 0;
	*label = str_sub(text, 2, end);
	return end + 1;
}

bool lines_begins_block(struct str line)
{
	struct str rest = str_trim(line);
	if (begins_with_letter(rest))
		return false;
	return fence_at(rest) > 0 || is_heading(rest) || is_rule(rest) ||
	       list_mark(rest, true) > 0 || str_starts(rest, STR(">"));
}

/* What begins a container at `rest`, and the length of its mark. */
static size_t container_mark(const struct line_scanner *s, struct str rest,
			     enum container_kind *kind)
{
	struct str label;
	size_t length = lines_note_label(rest, &label);
	if (str_starts(rest, STR(">"))) {
		*kind = IN_QUOTE;
		return 1;
	}
	if (length > 0 && length < rest.len && rest.at[length] == ':') {
		*kind = IN_NOTE;
		return length + 1;
	}
	if (s->definitions && rest.len > 1 && rest.at[0] == ':' && str_is_blank(rest.at[1])) {
		*kind = IN_DEFINITION;
		return 1;
	}
	*kind = IN_ITEM;
	return is_rule(rest) ? 0 : list_mark(rest, s->in_paragraph);
}

static void push(struct line_scanner *s, enum container_kind kind, size_t indent, size_t behind)
{
	if (s->nopen < LINES_DEPTH)
		s->open[s->nopen++] = (struct container){ kind, indent, behind };
}

/* Opens the containers that begin at `p`; gives where their content is. */
static struct place open_containers(struct line_scanner *s, struct place p, size_t end,
				    struct line *line)
{
	while (s->nopen < LINES_DEPTH) {
		struct place start = skip_blanks(s, p, end, end);
		size_t indent = start.column - p.column;
		if (indent >= 4)
			break;
		struct str rest = str_sub(s->text, start.at, end);
		enum container_kind kind;
		size_t length = begins_with_letter(rest) ? 0 : container_mark(s, rest, &kind);
		if (length == 0)
			break;
		s->in_paragraph = false;
		struct place behind = { start.at + length, start.column + length };
		size_t blanks = indent_at(s, behind, end);
		if (kind == IN_QUOTE) {
			p = skip_blanks(s, behind, end, 1);
			push(s, kind, 0, p.at);
			continue;
		}
		if (blanks > 4 && kind == IN_ITEM)
			blanks = 1;
		p = skip_blanks(s, behind, end, blanks);
		size_t columns = indent + length + (blanks == 0 ? 1 : blanks);
		if (kind == IN_NOTE)
			columns = 4;
		if (kind == IN_DEFINITION && columns > 4)
			columns = 4;
		push(s, kind, columns, p.at);
		line->has_mark = true;
		if (kind == IN_NOTE || kind == IN_DEFINITION)
			break;
	}
	return p;
}

static const struct {
	struct str start, end;
} raw_blocks[] = {
	{ STR_INIT("<pre"), STR_INIT("</pre>") },
	{ STR_INIT("<script"), STR_INIT("</script>") },
	{ STR_INIT("<style"), STR_INIT("</style>") },
	{ STR_INIT("<textarea"), STR_INIT("</textarea>") },
	{ STR_INIT("<!--"), STR_INIT("-->") },
};

static bool contains_nocase(struct str text, struct str wanted)
{
	for (size_t at = str_find(text, wanted.at[0], 0); at != STR_NOT_FOUND;
	     at = str_find(text, wanted.at[0], at + 1))
		if (str_starts_nocase(str_skip(text, at), wanted))
			return true;
	return false;
}

static bool begins_raw(struct line_scanner *s, struct str rest)
{
	if (rest.len == 0 || rest.at[0] != '<')
		return false;
	for (size_t i = 0; i < sizeof raw_blocks / sizeof *raw_blocks; i++) {
		struct str start = raw_blocks[i].start;
		if (!str_starts_nocase(rest, start) ||
		    (start.at[1] != '!' && rest.len > start.len && rest.at[start.len] != '>' &&
		     !str_is_blank(rest.at[start.len])))
			continue;
		if (!contains_nocase(str_skip(rest, start.len), raw_blocks[i].end))
			s->raw_end = raw_blocks[i].end;
		return true;
	}
	return false;
}

/* What the text of a line is, when no code and no raw block is open. */
static enum line_kind classify(struct line_scanner *s, struct place p, size_t end)
{
	struct place start = skip_blanks(s, p, end, end);
	struct str rest = str_sub(s->text, start.at, end);
	bool in_paragraph = s->in_paragraph;
	if (start.column - p.column >= 4)
		return in_paragraph ? LINE_TEXT : LINE_CODE;
	s->in_paragraph = begins_with_letter(rest);
	if (s->in_paragraph)
		return LINE_TEXT;
	size_t fence = fence_at(rest);
	if (fence > 0) {
		s->fence = rest.at[0];
		s->fence_length = fence;
		s->fence_depth = s->nopen;
		return LINE_CODE;
	}
	if (is_heading(rest))
		return LINE_HEADING;
	if (is_rule(rest) || (in_paragraph && is_underline(rest)))
		return LINE_RULE;
	if (begins_raw(s, rest))
		return LINE_RAW;
	s->in_paragraph = true;
	return LINE_TEXT;
}

/* A line within a fence; false when the fence's container has ended and it with it. */
static bool next_in_fence(struct line_scanner *s, struct place p, size_t end, unsigned matched)
{
	if (matched < s->fence_depth) {
		s->fence = 0;
		return false;
	}
	struct place start = skip_blanks(s, p, end, 3);
	struct str rest = str_trim_end(str_sub(s->text, start.at, end));
	size_t length = 0;
	while (length < rest.len && rest.at[length] == s->fence)
		length++;
	if (length == rest.len && length >= s->fence_length)
		s->fence = 0;
	return true;
}

static void set_marks(struct line_scanner *s, unsigned matched, const size_t *behind)
{
	for (unsigned i = 0; i < matched; i++)
		s->open[i].behind = behind[i];
}

/* The line goes on with the paragraph above although its marks are missing. */
static bool is_lazy(const struct line_scanner *s, struct place p, size_t end)
{
	struct str rest = str_trim(str_sub(s->text, p.at, end)), label;
	size_t note = lines_note_label(rest, &label);
	return s->in_paragraph && !lines_begins_block(rest) &&
	       !(note > 0 && note < rest.len && rest.at[note] == ':') &&
	       !(s->definitions && rest.len > 1 && rest.at[0] == ':' && str_is_blank(rest.at[1]));
}

/* Outside all containers the first byte tells most lines: empty ones, prose, and code in fences. */
static bool read_simple_line(struct line_scanner *s, struct line *line)
{
	if (s->nopen > 0 || s->raw_end.len > 0)
		return false;
	char first = line->start < line->end ? s->text.at[line->start] : '\n';
	if (s->fence != 0) {
		line->kind = LINE_CODE;
		return first != s->fence && !(first == ' ' || first == '\t');
	}
	if (first == '\n') {
		line->kind = LINE_BLANK;
		line->continues = s->in_paragraph;
		s->in_paragraph = false;
		return true;
	}
	if (!begins_with_letter(str_sub(s->text, line->start, line->end)))
		return false;
	line->kind = LINE_TEXT;
	line->continues = s->in_paragraph;
	s->in_paragraph = true;
	return true;
}

static void read_line(struct line_scanner *s, struct line *line)
{
	line->content = line->start;
	if (read_simple_line(s, line))
		return;
	struct place p = { line->start, 0 };
	size_t behind[LINES_DEPTH];
	unsigned matched = match(s, &p, line->end, behind);
	line->content = p.at;
	bool blank = skip_blanks(s, p, line->end, line->end).at == line->end;
	if (s->fence != 0 && next_in_fence(s, p, line->end, matched)) {
		set_marks(s, matched, behind);
		line->kind = LINE_CODE;
		return;
	}
	if (s->raw_end.len > 0 && matched == s->nopen) {
		set_marks(s, matched, behind);
		line->kind = LINE_RAW;
		if (contains_nocase(str_sub(s->text, p.at, line->end), s->raw_end))
			s->raw_end.len = 0;
		return;
	}
	s->raw_end.len = 0;
	line->continues = s->in_paragraph;
	if (!blank && matched < s->nopen && is_lazy(s, p, line->end)) {
		for (unsigned i = 0; i < s->nopen; i++)
			s->open[i].behind = line->content;
		line->lazy = true;
		line->kind = LINE_TEXT;
		return;
	}
	if (matched < s->nopen)
		s->in_paragraph = line->continues = false;
	s->nopen = matched;
	set_marks(s, matched, behind);
	if (blank) {
		s->in_paragraph = false;
		line->kind = LINE_BLANK;
		return;
	}
	p = open_containers(s, p, line->end, line);
	line->content = p.at;
	line->continues = line->continues && s->in_paragraph;
	line->kind = p.at < line->end ? classify(s, p, line->end) : LINE_BLANK;
}

bool lines_next(struct line_scanner *s, struct line *line)
{
	if (s->at >= s->text.len)
		return false;
	*line = (struct line){ .start = s->at };
	size_t end = str_find(s->text, '\n', s->at);
	line->end = end == STR_NOT_FOUND ? s->text.len : end;
	line->next = end == STR_NOT_FOUND ? s->text.len : end + 1;
	s->at = line->next;
	read_line(s, line);
	return true;
}

/* Skips the marks of a raw line; gives how many of the open containers it stands in. */
static unsigned match_raw(const struct line_scanner *s, size_t start, struct place *p)
{
	size_t end = str_find(s->text, '\n', start), behind[LINES_DEPTH];
	*p = (struct place){ start, 0 };
	return match(s, p, end == STR_NOT_FOUND ? s->text.len : end, behind);
}

size_t lines_strip(const struct line_scanner *s, size_t start)
{
	struct place p;
	match_raw(s, start, &p);
	return p.at;
}

bool lines_is_within(const struct line_scanner *s, size_t start)
{
	struct place p;
	return match_raw(s, start, &p) == s->nopen;
}

void lines_add_prefix(const struct line_scanner *s, unsigned from, unsigned to, struct buf *out)
{
	for (unsigned i = from; i < to; i++) {
		const struct container *c = &s->open[i];
		if (c->kind == IN_QUOTE)
			buf_add(out, STR("> "));
		else if (c->kind == IN_ITEM)
			buf_repeat(out, STR(" "), c->indent);
	}
}

unsigned lines_find(const struct line_scanner *s, enum container_kind kind)
{
	for (unsigned i = s->nopen; i > 0; i--)
		if (s->open[i - 1].kind == kind)
			return i - 1;
	return s->nopen;
}
