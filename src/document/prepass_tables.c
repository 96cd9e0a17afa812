#include "document/prepass.h"

/* The number of columns that a line below a table's head has; 0 for any other line. */
static unsigned table_columns(struct str line)
{
	unsigned bars = 0;
	bool dashes = false;
	line = str_trim(line);
	if (str_starts(line, STR("|")))
		line = str_skip(line, 1);
	if (str_ends(line, STR("|")))
		line.len--;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];
		bars += c == '|';
		dashes = dashes || c == '-';
		if (c != '|' && c != '-' && c != ':' && !str_is_blank(c))
			return 0;
	}
	return dashes ? bars + 1 : 0;
}

bool prepass_interrupts_paragraph(const struct prepass *p)
{
	const struct line *line = &p->line;
	if (!line->continues || line->lazy || line->kind != LINE_TEXT || p->columns > 0 ||
	    p->text.at[line->content] != '|' || line->next >= p->text.len)
		return false;
	size_t below = lines_strip(&p->lines, line->next);
	struct str dashes = str_sub(p->text, below, prepass_line_end(p, below));
	return str_starts(dashes, STR("|")) && table_columns(dashes) > 0 &&
	       table_columns(str_sub(p->text, line->content, line->end)) == 0;
}

void prepass_follow_table(struct prepass *p)
{
	bool second = p->may_be_head && p->line.continues;
	unsigned head = p->bars + 1;
	p->surplus = 0;
	if (p->line.kind != LINE_TEXT || !p->line.continues)
		p->columns = 0;
	else if (second)
		p->columns = table_columns(str_sub(p->text, p->line.content, p->line.end));
	if (second && p->columns > 0 && head > p->columns) {
		p->surplus = head - p->columns;
		p->columns = head;
	}
	p->may_be_head = p->line.kind == LINE_TEXT && !p->line.continues;
	p->is_below_head = second && p->columns > 0;
	p->bars = 0;
}

void prepass_lengthen_dashes(struct prepass *p)
{
	struct str line = str_sub(p->text, p->line.content, p->line.end);
	if (str_find(line, '|', 0) == STR_NOT_FOUND)
		return;
	size_t length = 0;
	buf_add(p->out, str_sub(p->text, p->at, p->line.content));
	for (size_t i = 0; i <= line.len; i++) {
		bool dash = i < line.len && line.at[i] == '-';
		if (!dash && length > 0 && length < 3)
			buf_repeat(p->out, STR("-"), 3 - length);
		length = dash ? length + 1 : 0;
		if (i < line.len)
			buf_add_char(p->out, line.at[i]);
	}
	bool closed = str_ends(str_trim_end(line), STR("|"));
	buf_repeat(p->out, closed ? STR("---|") : STR("|---"), p->surplus);
	p->at = p->line.end;
}

void prepass_keep_cell(struct prepass *p, size_t at)
{
	bool leading = str_trim(str_sub(p->text, p->line.content, at)).len == 0;
	if (leading || str_trim(str_sub(p->text, at + 1, p->end)).len == 0)
		return;
	if (++p->bars < p->columns || p->columns == 0)
		return;
	buf_add(p->out, str_sub(p->text, p->at, at));
	buf_add_char(p->out, '\\');
	p->at = at;
}
