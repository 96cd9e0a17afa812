/*
 * describe - a document as text, for tests that compare it with what they expect.
 *
 * A line a block, indented by its depth: its name, its numbers in parentheses, its text. Soft
 * breaks are `/`, hard ones `//`, links [label](target), images ![alt](target "title"), formulas
 * {row}, footnotes [^1].
 */
#ifndef TESTS_UNIT_DESCRIBE_H
#define TESTS_UNIT_DESCRIBE_H

#include "base/buf.h"
#include "document/document.h"

static const char *const block_names[BLOCK_KINDS] = {
	"heading", "text", "list",        "item", "quote",      "code", "math", "table", "row",
	"cell",    "rule", "definitions", "term", "definition", "note", "link", "links",
};

static inline void describe_target(const struct target *t, struct buf *out)
{
	if (t->kind == TARGET_ROUTE)
		buf_format(out, "%d:", (int)t->route.kind);
	buf_add(out, t->kind == TARGET_ROUTE ? t->route.name : t->url);
}

static inline void describe_link(const struct document *d, uint32_t index, struct buf *out)
{
	const struct link *l = &d->links[index];
	static const char *const kinds[] = { "", "auto ", "", "embed " };
	buf_format(out, "(%s", kinds[l->kind]);
	describe_target(&l->target, out);
	if (l->title.len > 0)
		buf_format(out, " \"%.*s\"", STR_ARGS(l->title));
	buf_add_char(out, ')');
}

static inline void describe_run(const struct document *d, const struct run *r, struct buf *out)
{
	static const char *const open[] = { "", "`", "{", "/", "//", "![", "[^" };
	static const char *const close[] = { "", "`", "}", "", "", "]", "]" };
	buf_add(out, r->style & STYLE_STRONG ? STR("**") : STR(""));
	buf_add(out, r->style & STYLE_EMPHASIS ? STR("*") : STR(""));
	buf_add(out, r->style & STYLE_STRIKE ? STR("~~") : STR(""));
	buf_add(out, str_from(open[r->kind]));
	if (r->kind == RUN_NOTE)
		buf_format(out, "%u", r->note + 1);
	size_t start = out->len;
	buf_add(out, r->text);
	for (size_t i = start; i < out->len; i++)
		if (out->at[i] == '\n')
			out->at[i] = '/'; /* a soft break within plain text */
	buf_add(out, str_from(close[r->kind]));
	if (r->kind == RUN_IMAGE)
		describe_link(d, r->image, out);
	buf_add(out, r->style & STYLE_STRIKE ? STR("~~") : STR(""));
	buf_add(out, r->style & STYLE_EMPHASIS ? STR("*") : STR(""));
	buf_add(out, r->style & STYLE_STRONG ? STR("**") : STR(""));
}

static inline void describe_runs(const struct document *d, const struct block *b, struct buf *out)
{
	uint32_t link = NO_LINK;
	for (uint32_t i = b->first_run; i < b->first_run + b->nruns; i++) {
		const struct run *r = &d->runs[i];
		if (r->link != link && link != NO_LINK) {
			buf_add_char(out, ']');
			describe_link(d, link, out);
		}
		if (r->link != link && r->link != NO_LINK)
			buf_add_char(out, '[');
		link = r->link;
		describe_run(d, r, out);
	}
	if (link != NO_LINK) {
		buf_add_char(out, ']');
		describe_link(d, link, out);
	}
}

static inline void describe(const struct document *d, struct buf *out)
{
	for (uint32_t i = 0; i < d->nblocks; i++) {
		const struct block *b = &d->blocks[i];
		buf_repeat(out, STR("  "), b->depth);
		buf_add(out, str_from(block_names[b->kind]));
		if (b->kind == BLOCK_HEADING)
			buf_format(out, "(%u)", b->level);
		if (b->kind == BLOCK_ITEM || b->kind == BLOCK_NOTE || b->kind == BLOCK_TABLE)
			buf_format(out, "(%u)", b->number);
		if (b->delimiter != 0)
			buf_format(out, "(%c)", b->delimiter);
		if (b->task != TASK_NONE)
			buf_add(out, b->task == TASK_DONE ? STR("[x]") : STR("[ ]"));
		if (b->info.len > 0)
			buf_format(out, " <%.*s>", STR_ARGS(b->info));
		if (b->text.len > 0)
			buf_format(out, " |%.*s|", STR_ARGS(b->text));
		if (b->nruns > 0)
			buf_add_char(out, ' ');
		describe_runs(d, b, out);
		buf_add_char(out, '\n');
	}
}

#endif
