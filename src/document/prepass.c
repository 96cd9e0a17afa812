#include "document/prepass.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "document/survey.h"

/* The containers of a note's or definition's body are not md4c's: its lines lose their indent. */
static unsigned first_kept(const struct prepass *p)
{
	unsigned note = lines_find(&p->lines, IN_NOTE);
	return note < p->lines.nopen ? note + 1 : 0;
}

void prepass_add_prefix(struct prepass *p, unsigned depth)
{
	lines_add_prefix(&p->lines, first_kept(p), depth, p->out);
}

/* What stands before `to` and was not cut out goes to md4c as it is. */
static void copy_to(struct prepass *p, size_t to)
{
	buf_add(p->out, str_sub(p->text, p->at, to));
	p->at = to;
}

/*
 * Whether lines are written one by one because they change: those of notes and definitions lose
 * their marks. All others are copied together with their neighbours.
 */
static bool is_line_by_line(const struct prepass *p)
{
	return p->has_definitions || p->out != &p->main;
}

/* The marks at the start of the present line, as far as md4c shall see them. */
static void add_marks(struct prepass *p)
{
	const struct line_scanner *s = &p->lines;
	unsigned own = s->nopen;
	for (unsigned i = s->nopen; i > 0 && own == s->nopen; i--)
		if (s->open[i - 1].kind == IN_NOTE || s->open[i - 1].kind == IN_DEFINITION)
			own = i - 1;
	if (own < s->nopen && !p->line.lazy) {
		lines_add_prefix(s, first_kept(p), own, p->out);
		p->at = s->open[own].behind;
	}
	copy_to(p, p->line.content);
}

void prepass_break(struct prepass *p)
{
	buf_add_char(p->out, '\n');
	prepass_add_prefix(p, p->lines.nopen);
	buf_add_char(p->out, '\n');
	prepass_add_prefix(p, p->lines.nopen);
}

void prepass_cut(struct prepass *p, struct cut cut, size_t from, size_t to)
{
	buf_add(p->out, str_sub(p->text, p->at, from));
	cut.source = str_sub(p->text, from, to);
	cuts_add(p->cuts, cut, p->out);
	p->at = to;
}

static bool blank_between(const struct prepass *p, size_t from, size_t to)
{
	return str_trim(str_sub(p->text, from, to)).len == 0;
}

size_t prepass_line_end(const struct prepass *p, size_t at)
{
	if (at >= p->last_start && at <= p->end)
		return p->end;
	size_t end = str_find(p->text, '\n', at);
	return end == STR_NOT_FOUND ? p->text.len : end;
}

bool prepass_is_alone(const struct prepass *p, size_t from, size_t to)
{
	return from >= p->line.content && blank_between(p, p->line.content, from) &&
	       blank_between(p, to, prepass_line_end(p, to));
}

static bool is_only_punctuation(struct str s)
{
	s = str_trim(s);
	return s.len == 1 && strchr(".,;:", s.at[0]) != NULL;
}

/* Whether there is nothing but marks of quotes from a place to the end of its line. */
static bool is_bare(struct str text, size_t at)
{
	while (at < text.len && text.at[at] != '\n' &&
	       (str_is_blank(text.at[at]) || text.at[at] == '>'))
		at++;
	return at >= text.len || text.at[at] == '\n';
}

/* The line above the one that is being written says nothing. */
static bool follows_blank(const struct prepass *p)
{
	struct str out = buf_str(p->out);
	size_t end = str_find_last(out, '\n');
	if (end == STR_NOT_FOUND)
		return true;
	size_t before = str_find_last(str_sub(out, 0, end), '\n');
	return is_bare(out, before == STR_NOT_FOUND ? 0 : before + 1);
}

void prepass_begin_block(struct prepass *p, unsigned depth)
{
	if (follows_blank(p))
		return;
	buf_add_char(p->out, '\n');
	prepass_add_prefix(p, depth);
}

void prepass_cut_block(struct prepass *p, struct cut cut, size_t from, size_t to)
{
	struct line_scanner *s = &p->lines;
	buf_add(p->out, str_sub(p->text, p->at, from));
	/* A line without its mark goes on with a quote's paragraph, a block does not. */
	while (p->line.lazy && s->nopen > 0 && s->open[s->nopen - 1].kind == IN_QUOTE)
		s->nopen--;
	bool begins = from >= p->line.content && blank_between(p, p->line.content, from);
	if (!begins)
		prepass_break(p);
	else if (!p->line.has_mark)
		prepass_begin_block(p, s->nopen);
	cut.source = str_sub(p->text, from, to);
	cuts_add(p->cuts, cut, p->out);
	size_t end = prepass_line_end(p, to);
	if (is_only_punctuation(str_sub(p->text, to, end)))
		to = end; /* a full stop alone is no paragraph */
	p->at = to;
	if (!is_bare(p->text, to)) {
		prepass_break(p);
	} else if (!is_bare(p->text, end + 1)) {
		buf_add_char(p->out, '\n');
		prepass_add_prefix(p, s->nopen);
	}
	s->in_paragraph = false;
}

bool prepass_is_one_line(const struct prepass *p)
{
	return p->line.kind == LINE_HEADING ||
	       (p->line.content < p->text.len && p->text.at[p->line.content] == '|');
}

/* A place where no paragraph goes on: a blank line, a fence or another block's beginning. */
static bool ends_paragraph(const struct prepass *p, size_t start)
{
	struct str line = str_sub(p->text, start, prepass_line_end(p, start));
	while (line.len > 0 && (str_is_blank(line.at[0]) || line.at[0] == '>'))
		line = str_skip(line, 1);
	return line.len == 0 || lines_begins_block(line);
}

size_t prepass_paragraph_end(struct prepass *p, size_t at)
{
	if (at < p->paragraph_end)
		return p->paragraph_end;
	size_t end = prepass_line_end(p, at);
	while (end < p->text.len && !ends_paragraph(p, end + 1))
		end = prepass_line_end(p, end + 1);
	p->paragraph_end = end;
	return end;
}

struct str prepass_between(struct prepass *p, size_t from, size_t to)
{
	struct str whole = str_sub(p->text, from, to);
	if (p->lines.nopen == 0 || str_find(whole, '\n', 0) == STR_NOT_FOUND)
		return whole;
	struct buf out = { 0 };
	while (from < to) {
		size_t end = prepass_line_end(p, from);
		end = end < to ? end + 1 : to;
		buf_add(&out, str_sub(p->text, from, end));
		from = end;
		if (from < to) {
			size_t content = lines_strip(&p->lines, from);
			from = content < to ? content : to;
		}
	}
	struct str text = arena_str(p->arena, buf_str(&out));
	buf_free(&out);
	return text;
}

/* Skips a code span: gives where it ends, or behind the backticks when it does not. */
static size_t skip_code_span(struct prepass *p, size_t at)
{
	size_t open = at;
	while (open < p->text.len && p->text.at[open] == '`')
		open++;
	size_t length = open - at, end = prepass_paragraph_end(p, at);
	if (length > 32 || p->backticks[length] >= end)
		return open;
	for (size_t i = str_find(p->text, '`', open); i < end; i = str_find(p->text, '`', i)) {
		size_t close = i;
		while (close < end && p->text.at[close] == '`')
			close++;
		if (close - i == length)
			return close;
		i = close;
	}
	p->backticks[length] = end;
	return open;
}

/* Behind a tag or an autolink: what stands in its attributes is not searched. */
static size_t skip_tag(struct prepass *p, size_t at)
{
	struct html_tag *tag = &p->tag;
	size_t end = prepass_paragraph_end(p, at);
	if (p->tag_end != end)
		tag->unclosed = 0;
	p->tag_end = end;
	size_t length = html_read_tag(str_sub(p->text, at, end), tag);
	/* <img src="{{ site.url }}/a.png">: Liquid fills in attributes too */
	struct str markup = str_sub(p->text, at, at + length);
	if (str_find(markup, '{', 0) != STR_NOT_FOUND &&
	    (str_find_str(markup, STR("{{"), 0) != STR_NOT_FOUND ||
	     str_find_str(markup, STR("{%"), 0) != STR_NOT_FOUND))
		return at + 1;
	if (tag->markup == HTML_START_TAG && html_has_attribute(tag, STR("markdown")) &&
	    !str_equal(html_attribute(tag, STR("markdown")), STR("0"))) {
		/* kramdown reads Markdown in there: a blank line makes md4c do so too */
		buf_add(p->out, str_sub(p->text, p->at, at + length));
		p->at = at + length;
		prepass_break(p);
	}
	return length > 0 ? at + length : at + 1;
}

/* A mark for a table of contents alone on its line vanishes. */
static size_t cut_contents_mark(struct prepass *p, size_t at)
{
	size_t end = at + survey_contents_mark(str_sub(p->text, at, p->end));
	if (end == at || !prepass_is_alone(p, at, end))
		return 0;
	prepass_cut_block(p, (struct cut){ .kind = CUT_NOTHING }, at, end);
	return end;
}

/* What may begin at a mark of the present line; gives where to go on. */
static size_t look_at(struct prepass *p, size_t at)
{
	size_t end = 0;
	switch (p->text.at[at]) {
	case '`': return skip_code_span(p, at);
	case '|': prepass_keep_cell(p, at); break;
	case '<': return skip_tag(p, at);
	case '*': end = prepass_stars(p, at); break;
	case '$':
	case '\\':
		if (p->options->math)
			end = prepass_math(p, at);
		if (end == 0 && p->text.at[at] == '\\' && at + 1 < p->end &&
		    utf8_is_punctuation((unsigned char)p->text.at[at + 1]))
			end = at + 2;
		break;
	case '[':
		end = prepass_note(p, at);
		if (end == 0)
			end = cut_contents_mark(p, at);
		if (end == 0)
			end = prepass_brackets(p, at);
		if (end == 0)
			end = prepass_embed(p, at);
		break;
	case '{':
		if (at >= p->raw_to)
			end = prepass_shortcode(p, at);
		if (end == 0)
			end = prepass_attributes(p, at);
		break;
	default: break;
	}
	return end > at ? end : at + 1;
}

/* A cut may reach into later lines: the scanner goes on behind them. */
static void reach(struct prepass *p, size_t at)
{
	if (at <= p->end)
		return;
	p->end = prepass_line_end(p, at);
	p->last_start = at;
	p->lines.at = p->end < p->text.len ? p->end + 1 : p->end;
}

static void scan_text(struct prepass *p)
{
	p->end = p->line.end;
	p->last_start = p->line.start;
	size_t at = p->at > p->line.content ? p->at : p->line.content;
	at = survey_next_mark(p->marks, at, p->end);
	while (at < p->end) {
		at = look_at(p, at);
		reach(p, at);
		if (at < p->at)
			at = p->at;
		at = survey_next_mark(p->marks, at, p->end);
	}
	reach(p, p->at);
}

/* An open fence ends with the body that holds it: what comes next in the text is no code. */
static void close_fence(struct prepass *p, char fence)
{
	if (fence == 0)
		return;
	buf_add_char(p->out, '\n');
	buf_repeat(p->out, fence == '`' ? STR("`") : STR("~"), p->fence_length);
	buf_add_char(p->out, '\n');
}

/* Footnotes are written elsewhere: `out` is where this line goes. */
static void choose_output(struct prepass *p)
{
	const struct line_scanner *s = &p->lines;
	bool inside = lines_find(s, IN_NOTE) < s->nopen;
	bool begins = inside && p->line.has_mark && s->open[s->nopen - 1].kind == IN_NOTE;
	if (p->out != &p->main && (begins || !inside))
		close_fence(p, p->fence);
	if (begins) {
		copy_to(p, p->line.start);
		p->out = prepass_note_body(p);
	} else if (!inside) {
		p->out = &p->main;
	}
}

/* Remembers a fence that no container but a note's will end. */
static void note_fence(struct prepass *p)
{
	const struct line_scanner *s = &p->lines;
	p->fence = s->fence != 0 && s->fence_depth == first_kept(p) ? s->fence : 0;
	p->fence_length = s->fence_length;
}

/* The name behind `<` or `</`; empty where there is no tag. */
static struct str tag_name(struct str line)
{
	size_t from = str_starts(line, STR("</")) ? 2 : 1, end = from;
	while (end < line.len && (str_is_alpha(line.at[end]) || str_is_digit(line.at[end])))
		end++;
	return str_starts(line, STR("<")) ? str_sub(line, from, end) : STR("");
}

/* Whether the present line is <hr> or <br>, or ends the block of HTML that it stands in. */
static bool ends_html(struct prepass *p)
{
	struct str line = str_sub(p->text, p->line.content, p->end), name = tag_name(line);
	if (!p->line.continues)
		p->html = name;
	if (name.len == 0 || !survey_ends_html(p->text, p->line.content))
		return false;
	bool is_end = line.at[1] == '/';
	return (!is_end || html_is_block(name)) &&
	       (!p->line.continues || (is_end && str_equal(name, p->html)));
}

/*
 * For CommonMark all lines below are HTML up to the next blank one; for kramdown they are Markdown,
 * and for whoever reads them: so a blank line is put between.
 */
static void end_html(struct prepass *p)
{
	const struct line_scanner *s = &p->lines;
	size_t next = p->line.next;
	if (!ends_html(p) || !lines_is_within(s, next))
		return;
	size_t at = lines_strip(s, next), text = at;
	while (text < p->text.len && p->text.at[text] == ' ')
		text++;
	if (text > at + 3 || text == p->text.len || strchr("<\t\n", p->text.at[text]) != NULL)
		return; /* HTML goes on, or what is indented would be code */
	copy_to(p, p->end);
	buf_add_char(p->out, '\n');
	prepass_add_prefix(p, s->nopen);
	p->lines.in_paragraph = false;
}

static void end_line(struct prepass *p)
{
	copy_to(p, p->end);
	buf_add_char(p->out, '\n');
	p->at = p->lines.at;
}

static void read_line(struct prepass *p)
{
	p->end = p->line.end;
	choose_output(p);
	note_fence(p);
	bool interrupts = prepass_interrupts_paragraph(p);
	p->line.continues = p->line.continues && !interrupts;
	prepass_follow_table(p);
	if (p->has_definitions)
		prepass_follow_definitions(p);
	if (is_line_by_line(p))
		add_marks(p);
	if (interrupts) {
		copy_to(p, p->line.content);
		prepass_begin_block(p, p->lines.nopen);
	}
	if (p->has_definitions)
		prepass_mark_definitions(p);
	if (p->is_below_head)
		prepass_lengthen_dashes(p);
	if (p->line.kind == LINE_TEXT || p->line.kind == LINE_HEADING)
		scan_text(p);
	if (p->line.kind == LINE_TEXT)
		end_html(p);
	if (is_line_by_line(p))
		end_line(p);
}

void prepass_read(struct prepass *p)
{
	while (lines_next(&p->lines, &p->line))
		read_line(p);
	copy_to(p, p->text.len);
	if (p->has_definitions)
		prepass_end_definitions(p);
	close_fence(p, p->fence);
}

struct str prepass(struct cuts *cuts, const struct markdown_options *options, struct str body,
		   const struct math_macros **macros)
{
	struct survey found = survey(cuts->arena, body);
	if (!found.clean) {
		body = survey_clean(cuts->arena, body);
		found = survey(cuts->arena, body);
	}
	if (!found.cuts && !found.definitions)
		return body;
	struct prepass p = { .arena = cuts->arena,
			     .cuts = cuts,
			     .options = options,
			     .text = body,
			     .marks = found.marks,
			     .lines = { .text = body },
			     .has_definitions = found.definitions,
			     .last_start = SIZE_MAX };
	p.out = &p.main;
	buf_reserve(&p.main, body.len + body.len / 8);
	prepass_read(&p);
	prepass_add_notes(&p);
	if (p.macros != NULL)
		*macros = p.macros;
	struct str text = arena_str(cuts->arena, buf_str(&p.main));
	prepass_free(&p);
	return text;
}
