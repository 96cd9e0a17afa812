#include "document/prepass.h"
#include "document/survey.h"

static bool is_blank(const struct prepass *p, size_t at)
{
	return str_trim(str_sub(p->text, at, prepass_line_end(p, at))).len == 0;
}

static void add_mark_paragraph(struct prepass *p, enum cut_kind kind)
{
	cuts_add(p->cuts, (struct cut){ .kind = kind }, p->out);
	prepass_break(p);
}

/* Whether the line that begins at `start` is a definition, in the containers of the present one. */
static bool is_definition(const struct prepass *p, size_t start)
{
	return survey_begins_definition(p->text, lines_strip(&p->lines, start)) &&
	       lines_is_within(&p->lines, start);
}

/* A paragraph that is followed by `: ` holds terms: one a line (F02). */
static bool holds_terms(struct prepass *p)
{
	size_t lines = 0, at = p->line.content;
	for (;; lines++) {
		size_t end = prepass_line_end(p, at);
		if (end >= p->text.len)
			return false;
		if (is_definition(p, end + 1))
			return true;
		at = lines_strip(&p->lines, end + 1);
		if (is_blank(p, at))
			break;
	}
	/* One blank line may stand between a single term and its definition. */
	size_t end = prepass_line_end(p, at);
	return lines == 0 && end < p->text.len && is_definition(p, end + 1);
}

void prepass_end_definitions(struct prepass *p)
{
	if (p->in_definitions) {
		/* A paragraph above the present line, in the containers of the list. */
		unsigned depth = p->definitions_depth;
		if (depth > p->lines.nopen)
			depth = p->lines.nopen;
		prepass_add_prefix(p, depth);
		prepass_begin_block(p, depth);
		cuts_add(p->cuts, (struct cut){ .kind = CUT_DEFINITIONS_END }, p->out);
		buf_add_char(p->out, '\n');
		prepass_add_prefix(p, depth);
		buf_add_char(p->out, '\n');
	}
	p->in_definitions = p->lines.definitions = false;
}

/* Whether this line is a term, or the first that belongs to no definition list any more. */
static bool is_term(struct prepass *p)
{
	if (p->line.kind == LINE_BLANK || p->line.continues || p->line.lazy)
		return p->in_definitions && p->line.continues && p->line_is_term;
	if (lines_find(&p->lines, IN_DEFINITION) < p->lines.nopen)
		return false;
	if (p->line.kind == LINE_TEXT && holds_terms(p)) {
		if (p->definitions_depth != p->lines.nopen)
			prepass_end_definitions(p);
		p->definitions_depth = p->lines.nopen;
		p->in_definitions = p->lines.definitions = true;
		return true;
	}
	prepass_end_definitions(p);
	return false;
}

void prepass_follow_definitions(struct prepass *p)
{
	p->line_is_term = is_term(p);
}

void prepass_mark_definitions(struct prepass *p)
{
	const struct line_scanner *s = &p->lines;
	if (p->line_is_term) {
		if (!p->line.has_mark)
			prepass_begin_block(p, s->nopen);
		add_mark_paragraph(p, CUT_TERM);
	} else if (p->line.has_mark && s->nopen > 0 &&
		   s->open[s->nopen - 1].kind == IN_DEFINITION) {
		add_mark_paragraph(p, CUT_DEFINITION);
	}
}
