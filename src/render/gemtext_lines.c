#include "render/gemtext_lines.h"

#include "render/walk.h"

/* Whether clients would take a text line for one of another kind (X01, GT-22). */
static bool is_live(struct str line)
{
	switch (line.len > 0 ? line.at[0] : 0) {
	case '#':
	case '>': return true;
	case '=': return str_starts(line, STR("=>"));
	case '*': return str_starts(line, STR("* ")) || str_starts(line, STR("*\t"));
	case '`': return str_starts(line, STR("```"));
	default: return false;
	}
}

/* The blank line between blocks; inside a quote that goes on it is quoted too. */
void gemtext_separate(struct gemtext *g)
{
	if (g->out->len > g->start && !g->walk.tight) {
		buf_repeat(g->out, STR("> "), g->joined);
		if (g->joined > 0)
			g->out->len--;
		buf_add_char(g->out, '\n');
	}
}

void gemtext_wrote(struct gemtext *g)
{
	walk_wrote(&g->walk);
	g->joined = g->quotes;
}

/* The path of an item's numbers, begun anew below bullets (O01, O03). */
void gemtext_add_path(const struct gemtext *g, struct buf *out)
{
	const struct walk_level *levels = g->walk.levels;
	unsigned first = g->item;
	while (first >= 3 && levels[first - 2].block->kind == BLOCK_ITEM &&
	       levels[first - 3].block->delimiter != 0)
		first -= 2;
	for (unsigned i = first; i <= g->item; i += 2) {
		if (i > first)
			buf_add_char(out, '.');
		buf_add_number(out, levels[i].block->number);
	}
	buf_add_char(out, levels[g->item - 1].block->delimiter);
	buf_add_char(out, ' ');
}

void gemtext_add_task(const struct gemtext *g, struct buf *out)
{
	uint8_t task = g->walk.levels[g->item].block->task;
	if (task != TASK_NONE)
		links_words(&g->links, task == TASK_OPEN ? STR("☐ ") : STR("☑ "), out);
}

/* What stands before an item's text: "* – 2.1. ☑ " and the like (U01, O01, T01, Q02). */
static void add_marker(struct gemtext *g, struct buf *out)
{
	const struct walk_level *level = &g->walk.levels[g->item];
	const struct block *block = level->block;
	if (block->kind == BLOCK_NOTE) {
		buf_add_char(out, '[');
		buf_add_number(out, links_use_note(&g->links, block->number));
		buf_add(out, STR("] "));
		return;
	}
	if (level->bullets > 0) {
		links_words(&g->links, g->quotes > 0 ? STR("• ") : STR("* "), out);
		for (unsigned i = level->ordered ? 0 : 1; i < level->bullets; i++)
			links_words(&g->links, STR("– "), out);
	}
	if (level->ordered)
		gemtext_add_path(g, out);
	gemtext_add_task(g, out);
}

/* Begins a line of text: blank line, marks of quotes and of the item that is due. */
static void begin_text(struct gemtext *g, bool *is_plain)
{
	gemtext_separate(g);
	buf_repeat(g->out, STR("> "), g->quotes);
	*is_plain = g->quotes == 0 && !g->marker_due;
	if (g->marker_due)
		add_marker(g, g->out);
	g->marker_due = false;
}

/* Numbers, tasks and notes say something without a text behind them; a bullet does not. */
static bool is_telling(const struct walk_level *item)
{
	return item->ordered || item->block->task != TASK_NONE || item->block->kind == BLOCK_NOTE;
}

void gemtext_end_marker(struct gemtext *g)
{
	bool due = g->marker_due;
	g->marker_due = due && is_telling(&g->walk.levels[g->item]);
	if (!g->marker_due)
		return;
	bool is_plain;
	begin_text(g, &is_plain);
	g->out->len--;
	buf_add_char(g->out, '\n');
	gemtext_wrote(g);
	g->walk.tight = true;
}

/*
 * Makes lines of what inline_add() appended: no text line is live by accident, and after a hard
 * break stands a text line of its own or a further line of the quote (G-4). `several`: one does.
 */
static void settle_lines(struct gemtext *g, size_t from, bool is_plain, bool several)
{
	struct buf *out = g->out;
	struct str rest = str_skip(buf_str(out), from), line;
	if (several || (is_plain && is_live(rest))) {
		buf_clear(&g->scratch);
		buf_add(&g->scratch, rest);
		rest = buf_str(&g->scratch);
		out->len = from;
		for (bool first = true; str_line(&rest, &line); first = false) {
			if (!first) {
				buf_add_char(out, '\n');
				buf_repeat(out, STR("> "), g->quotes);
			}
			if ((!first || is_plain) && g->quotes == 0 && is_live(line))
				buf_add_char(out, ' ');
			buf_add(out, line);
		}
	}
	buf_add_char(out, '\n');
}

void gemtext_text(struct gemtext *g, uint32_t first_run, uint32_t nruns)
{
	struct buf *out = g->out;
	size_t before = out->len;
	bool is_plain, due = g->marker_due;
	begin_text(g, &is_plain);
	size_t from = out->len;
	if (!inline_add(&g->text, g->flags, first_run, nruns, out)) {
		out->len = before;
		g->marker_due = due;
		return;
	}
	settle_lines(g, from, is_plain, g->text.lines);
	gemtext_wrote(g);
}

static void begin_heading(struct gemtext *g, unsigned level)
{
	gemtext_separate(g);
	buf_repeat(g->out, STR("#"), level < 1 ? 1 : level < 3 ? level : 3);
	buf_add_char(g->out, ' ');
}

void gemtext_heading(struct gemtext *g, unsigned level, struct str text)
{
	begin_heading(g, level);
	links_words(&g->links, text, g->out);
	buf_add_char(g->out, '\n');
	gemtext_wrote(g);
}

bool gemtext_heading_runs(struct gemtext *g, const struct block *block)
{
	size_t before = g->out->len;
	begin_heading(g, block->level);
	if (!inline_add(&g->text, g->flags | INLINE_ONE_LINE | INLINE_NO_EMPHASIS, block->first_run,
			block->nruns, g->out)) {
		g->out->len = before;
		return false;
	}
	buf_add_char(g->out, '\n');
	gemtext_wrote(g);
	return true;
}

void gemtext_line(struct gemtext *g, struct str text)
{
	bool is_plain;
	begin_text(g, &is_plain);
	size_t from = g->out->len;
	links_words(&g->links, text, g->out);
	settle_lines(g, from, is_plain, str_find(text, '\n', 0) != STR_NOT_FOUND);
	gemtext_wrote(g);
}

static bool has_fence(struct str text)
{
	struct str line;
	if (str_find(text, '`', 0) == STR_NOT_FOUND)
		return false;
	while (str_line(&text, &line))
		if (str_starts(line, STR("```")))
			return true;
	return false;
}

static void add_fence(struct gemtext *g, struct str label, struct str alt)
{
	buf_add(g->out, STR("```"));
	links_words(&g->links, label, g->out);
	if (label.len > 0 && alt.len > 0)
		buf_add(g->out, STR(": "));
	links_words(&g->links, alt, g->out);
	buf_add_char(g->out, '\n');
}

void gemtext_preformatted(struct gemtext *g, struct str label, struct str alt, struct str text)
{
	bool indent = has_fence(text);
	if (str_trim(text).len == 0)
		return;
	gemtext_end_marker(g);
	g->joined = 0;
	gemtext_separate(g);
	add_fence(g, label, alt);
	for (struct str line; str_line(&text, &line);) {
		line = str_trim_end(line);
		if (indent && line.len > 0)
			buf_add_char(g->out, ' ');
		links_words(&g->links, line, g->out);
		buf_add_char(g->out, '\n');
	}
	add_fence(g, STR(""), STR(""));
	gemtext_wrote(g);
	g->joined = 0;
}
