#include "render/gopher_text.h"

#include "render/ascii.h"
#include "render/display.h"
#include "render/inline.h"
#include "render/links.h"
#include "render/table.h"
#include "render/walk.h"
#include "render/wrap.h"

struct gopher_text {
	const struct document *document;
	const struct style *style;
	struct buf *out;
	size_t start; /* of the output */
	struct links links;
	struct inline_text text;
	struct walk walk;
	struct buf scratch;
	struct buf prefix; /* of every line in the open containers: "> ", blanks */
	size_t joined;     /* how much of it stood before the last line too */
	struct buf marker; /* of the innermost item, while it is due */
	struct buf first;  /* of a line: prefix and marker */
	size_t marker_at;  /* how much of the prefix stands before it */
	unsigned flags;    /* of inline_add() */
};

static bool is_ascii(const struct gopher_text *g)
{
	return g->flags & INLINE_ASCII;
}

static void wrote(struct gopher_text *g)
{
	walk_wrote(&g->walk);
	g->joined = g->prefix.len;
}

/* The blank line between blocks; inside a quote that goes on it has the quote's mark. */
static void separate(struct gopher_text *g)
{
	if (g->out->len == g->start || g->walk.tight)
		return;
	if (g->joined > 0)
		buf_add(g->out, str_trim_end(str_sub(buf_str(&g->prefix), 0, g->joined)));
	buf_add_char(g->out, '\n');
}

/*
 * Wraps a text behind the marks of what is open; gives the columns of its longest line. `plain`:
 * it is known to be ASCII without marks.
 */
static size_t add_wrapped(struct gopher_text *g, struct str text, bool plain)
{
	struct str prefix = buf_str(&g->prefix);
	separate(g);
	buf_clear(&g->first);
	if (g->marker.len > 0) {
		buf_add(&g->first, str_sub(prefix, 0, g->marker_at));
		buf_add(&g->first, buf_str(&g->marker));
	}
	struct wrap wrap = { .first = g->marker.len > 0 ? buf_str(&g->first) : prefix,
			     .rest = prefix,
			     .width = g->style->width,
			     .plain = plain,
			     .guard_dot = true };
	wrap_add(text, &wrap, g->out);
	buf_clear(&g->marker);
	wrote(g);
	return wrap.widest;
}

static void write_text(struct gopher_text *g, uint32_t first_run, uint32_t nruns)
{
	buf_clear(&g->scratch);
	if (inline_add(&g->text, g->flags, first_run, nruns, &g->scratch))
		add_wrapped(g, buf_str(&g->scratch), g->text.plain);
}

/* The mark of an item that begins with something else than text stands alone. */
static void end_marker(struct gopher_text *g)
{
	if (g->marker.len == 0)
		return;
	separate(g);
	buf_add(g->out, str_sub(buf_str(&g->prefix), 0, g->marker_at));
	buf_add(g->out, str_trim_end(buf_str(&g->marker)));
	buf_add_char(g->out, '\n');
	buf_clear(&g->marker);
	wrote(g);
	g->walk.tight = true;
}

/* What is open may take half of the width: deeper containers are not indented further. */
static void push_prefix(struct gopher_text *g, struct str text, size_t times)
{
	if (g->prefix.len + text.len * times <= g->style->width / 2)
		buf_repeat(&g->prefix, text, times);
}

static void push_marker(struct gopher_text *g, struct str marker)
{
	buf_clear(&g->marker);
	buf_add(&g->marker, marker);
	g->marker_at = g->prefix.len;
	push_prefix(g, STR(" "), marker.len);
}

/* "1. ", "[1] " */
static void push_number(struct gopher_text *g, const char *before, uint32_t number, char after)
{
	push_marker(g, str_from(before));
	buf_add_number(&g->marker, number);
	buf_add_char(&g->marker, after);
	buf_add_char(&g->marker, ' ');
	g->prefix.len = g->marker_at;
	push_prefix(g, STR(" "), g->marker.len);
}

/* --- leaves ------------------------------------------------------------------------------- */

static void add_underline(struct gopher_text *g, unsigned level, size_t columns)
{
	struct str sign = level <= 1 ? STR("=") : level == 2 ? STR("-") : STR("~");
	size_t indent = g->prefix.len;
	buf_add(g->out, buf_str(&g->prefix));
	/* A heading may be nothing but characters without a width: no blank line underlines it. */
	buf_repeat(g->out, sign, columns > indent ? columns - indent : 1);
	buf_add_char(g->out, '\n');
}

static bool in_quote(const struct gopher_text *g)
{
	for (unsigned i = 0; i < g->walk.nlevels; i++)
		if (g->walk.levels[i].block->kind == BLOCK_QUOTE)
			return true;
	return false;
}

static void write_heading(struct gopher_text *g, const struct block *block)
{
	bool is_text = g->marker.len > 0 || in_quote(g);
	unsigned flags = g->flags | INLINE_ONE_LINE | INLINE_NO_EMPHASIS;
	buf_clear(&g->scratch);
	if (!inline_add(&g->text, flags, block->first_run, block->nruns, &g->scratch))
		return;
	size_t columns = add_wrapped(g, buf_str(&g->scratch), g->text.plain);
	if (!is_text)
		add_underline(g, block->level, columns);
}

/* In ASCII also a line of signs that it has no letter for. */
static bool is_blank_line(const struct gopher_text *g, struct str line)
{
	if (!is_ascii(g) || str_trim(line).len == 0)
		return str_trim(line).len == 0;
	struct buf shown = { 0 };
	ascii_add(line, &shown);
	bool blank = str_trim(buf_str(&shown)).len == 0;
	buf_free(&shown);
	return blank;
}

/* Nothing marks where a block of code begins and ends: blank lines there are not its own (G-1). */
static struct str without_blank_lines(const struct gopher_text *g, struct str text)
{
	struct str rest = text, line;
	while (str_line(&rest, &line) && is_blank_line(g, line))
		text = rest;
	while (text.len > 0) {
		size_t end = str_find_last(text, '\n'), start = end == STR_NOT_FOUND ? 0 : end + 1;
		if (!is_blank_line(g, str_skip(text, start)))
			break;
		text.len = start > 0 ? start - 1 : 0;
	}
	return text;
}

/* Lines as they are, indented by four (K01), tabs as four blanks. */
static void write_preformatted(struct gopher_text *g, struct str text)
{
	text = without_blank_lines(g, text);
	if (text.len == 0)
		return;
	end_marker(g);
	separate(g);
	for (struct str line; str_line(&text, &line);) {
		line = str_trim_end(line);
		size_t start = g->out->len;
		buf_add(g->out, buf_str(&g->prefix));
		buf_add(g->out, STR("    "));
		for (struct str part; line.len > 0;) {
			bool tab = str_cut(&line, '\t', &part);
			if (is_ascii(g))
				ascii_add(part, g->out);
			else
				buf_add(g->out, part);
			if (tab)
				buf_add(g->out, STR("    "));
		}
		while (g->out->len > start && g->out->at[g->out->len - 1] == ' ')
			g->out->len--;
		buf_add_char(g->out, '\n');
	}
	wrote(g);
}

static unsigned room(const struct gopher_text *g)
{
	size_t taken = g->prefix.len;
	return taken < g->style->width ? (unsigned)(g->style->width - taken) : 1;
}

static void write_math(struct gopher_text *g, const struct block *block)
{
	unsigned width = room(g) > 5 ? room(g) - 4 : 1;
	buf_clear(&g->scratch);
	display_math(g->document, g->style, block, width, is_ascii(g), &g->scratch);
	write_preformatted(g, buf_str(&g->scratch));
}

static void write_rule(struct gopher_text *g)
{
	if (g->out->len == g->start || walk_at_edge(&g->walk))
		return;
	size_t width = room(g);
	end_marker(g);
	separate(g);
	buf_add(g->out, buf_str(&g->prefix));
	buf_repeat(g->out, STR(" "), width > 5 ? (width - 5) / 2 : 0);
	buf_add(g->out, STR("* * *\n"));
	wrote(g);
}

static void write_table_list(struct gopher_text *g, const struct table *table)
{
	size_t prefix = g->prefix.len;
	buf_clear(&g->scratch);
	table_head(table, &g->scratch);
	if (g->scratch.len > 0) {
		add_wrapped(g, buf_str(&g->scratch), false);
		g->walk.tight = true;
	}
	for (size_t row = 0; buf_clear(&g->scratch), table_item(table, row, &g->scratch); row++) {
		if (g->scratch.len == 0)
			continue;
		push_marker(g, STR("* "));
		add_wrapped(g, buf_str(&g->scratch), false);
		g->prefix.len = g->joined = prefix;
		g->walk.tight = true;
	}
	g->walk.tight = false;
}

static void write_table(struct gopher_text *g, const struct block *block)
{
	struct buf drawing = { 0 };
	end_marker(g);
	struct table table = { .block = block,
			       .text = &g->text,
			       .flags = g->flags,
			       .width = room(g),
			       .prefix = buf_str(&g->prefix),
			       .ascii = g->style->ascii };
	table_read(&table);
	if (table_draw(&table, &drawing)) {
		separate(g);
		buf_add(g->out, buf_str(&drawing));
		wrote(g);
	} else {
		write_table_list(g, &table);
	}
	table_free(&table);
	buf_free(&drawing);
}

static void write_link_line(struct gopher_text *g, const struct block *block)
{
	const struct link *link = &g->document->links[block->link];
	write_text(g, link->first_run, link->nruns);
}

/* One line for all: "Keywords: linear algebra, eigenvalue" (Y01). */
static void write_link_group(struct gopher_text *g, const struct block *block)
{
	struct buf *line = &g->scratch;
	buf_clear(line);
	for (uint32_t i = 0; i < block->number; i++) {
		if (i > 0)
			buf_add(line, STR(", "));
		links_label(&g->links, block->link + i, line);
	}
	if (line->len == 0)
		return;
	struct buf text = { 0 };
	links_words(&g->links, block->info, &text);
	if (block->info.len > 0)
		buf_add(&text, STR(": "));
	buf_add(&text, buf_str(line));
	add_wrapped(g, buf_str(&text), false);
	buf_free(&text);
}

static void write_leaf(struct gopher_text *g, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING: write_heading(g, block); break;
	case BLOCK_PARAGRAPH:
	case BLOCK_TERM: write_text(g, block->first_run, block->nruns); break;
	case BLOCK_CODE: write_preformatted(g, block->text); break;
	case BLOCK_MATH: write_math(g, block); break;
	case BLOCK_TABLE: write_table(g, block); break;
	case BLOCK_RULE: write_rule(g); break;
	case BLOCK_LINK: write_link_line(g, block); break;
	case BLOCK_LINK_GROUP: write_link_group(g, block); break;
	default: break;
	}
}

/* --- containers --------------------------------------------------------------------------- */

static void push_item(struct gopher_text *g, const struct walk_level *level)
{
	static const struct str bullets[] = { STR_INIT("* "), STR_INIT("- "), STR_INIT("+ ") };
	if (level->ordered)
		push_number(g, "", level->block->number, level[-1].block->delimiter);
	else
		push_marker(g, bullets[level->bullets > 2 ? 2 : level->bullets - 1]);
	if (level->block->task != TASK_NONE)
		buf_add(&g->marker, level->block->task == TASK_DONE ? STR("[x] ") : STR("[ ] "));
}

static void enter(struct gopher_text *g, const struct block *block)
{
	struct walk_level *level = walk_level(&g->walk);
	level->prefix = g->prefix.len;
	switch (block->kind) {
	case BLOCK_LIST:
		/* a bullet whose first block is a list is shown by that list's own marks */
		if (g->marker.len > 0 && !level[-1].ordered && level[-1].block->task == TASK_NONE &&
		    level[-1].block->kind == BLOCK_ITEM)
			buf_clear(&g->marker);
		end_marker(g);
		break;
	case BLOCK_QUOTE:
		end_marker(g);
		push_prefix(g, STR("> "), 1);
		break;
	case BLOCK_ITEM: push_item(g, level); break;
	case BLOCK_DEFINITION: push_prefix(g, STR(" "), 4); break;
	case BLOCK_NOTE: push_number(g, "[", links_use_note(&g->links, block->number), ']'); break;
	default: break;
	}
}

static void leave(struct gopher_text *g)
{
	end_marker(g);
	g->walk.tight = false; /* what follows an empty item stands apart from it */
	g->prefix.len = g->walk.levels[g->walk.nlevels].prefix;
	if (g->joined > g->prefix.len)
		g->joined = g->prefix.len;
}

/* A page may go on behind its footnotes, which come last here. */
static void pass_over(struct gopher_text *g, const struct block *note)
{
	g->walk.next = note->end;
	walk_next(&g->walk); /* out of it again */
	g->walk.tight = false;
}

/* Writes blocks until the end of the walk; with `body_only` none of the footnotes. */
static void write_blocks(struct gopher_text *g, bool body_only)
{
	while (walk_next(&g->walk)) {
		const struct block *block = g->walk.block;
		if (g->walk.event == WALK_LEAVE)
			leave(g);
		else if (g->walk.event == WALK_LEAF)
			write_leaf(g, block);
		else if (body_only && block->kind == BLOCK_NOTE)
			pass_over(g, block);
		else
			enter(g, block);
	}
}

/* --- notes -------------------------------------------------------------------------------- */

#define NO_BLOCK UINT32_MAX

/* Where each note begins, by its number; markup that never ends may have swallowed some. */
static uint32_t *find_notes(struct gopher_text *g, uint32_t *count)
{
	const struct document *d = g->document;
	*count = 0;
	for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end)
		if (d->blocks[i].kind == BLOCK_NOTE && d->blocks[i].number >= *count)
			*count = d->blocks[i].number + 1;
	uint32_t *blocks = arena_room(&g->links.arena, (*count + 1) * sizeof *blocks);
	for (uint32_t note = 0; note < *count; note++)
		blocks[note] = NO_BLOCK;
	for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end)
		if (d->blocks[i].kind == BLOCK_NOTE)
			blocks[d->blocks[i].number] = i;
	return blocks;
}

static void write_url_note(struct gopher_text *g, const struct reference *reference)
{
	struct buf *label = &g->scratch;
	buf_clear(label);
	links_label(&g->links, reference->link, label);
	struct str title = links_title(&g->links, reference->link, buf_str(label));
	buf_add_char(g->out, '[');
	buf_add_number(g->out, reference->number);
	buf_add(g->out, STR("] "));
	buf_add(g->out, reference->url);
	if (title.len > 0 && g->document->links[reference->link].kind != LINK_IMAGE) {
		buf_add(g->out, STR(" ("));
		links_words(&g->links, title, g->out);
		buf_add_char(g->out, ')');
	}
	buf_add_char(g->out, '\n');
}

static void write_footnote(struct gopher_text *g, uint32_t block)
{
	walk_begin(&g->walk, g->document, block, g->document->blocks[block].end);
	g->walk.tight = true;
	write_blocks(g, false);
}

/* All that has a number, in its order; a footnote's own links come behind (F01). */
static void write_notes(struct gopher_text *g)
{
	uint32_t count;
	const uint32_t *blocks = find_notes(g, &count);
	for (uint32_t note = 0; note < count; note++)
		if (blocks[note] != NO_BLOCK)
			links_use_note(&g->links, note);
	if (g->links.nnumbers == 0)
		return;
	walk_begin(&g->walk, g->document, 0, 0);
	struct str word = g->style->labels.word[LABEL_NOTES];
	buf_clear(&g->scratch);
	links_words(&g->links, word, &g->scratch);
	size_t columns = add_wrapped(g, buf_str(&g->scratch), false);
	add_underline(g, 2, columns);
	for (size_t n = 0; n < g->links.nnumbers; n++) {
		const struct reference *reference = &g->links.references[g->links.numbers[n]];
		if (reference->link != NO_LINK)
			write_url_note(g, reference);
		else if (reference->note < count && blocks[reference->note] != NO_BLOCK)
			write_footnote(g, blocks[reference->note]);
	}
}

void gopher_text_write(const struct document *document, const struct style *style, struct buf *out)
{
	struct gopher_text g = {
		.document = document,
		.style = style,
		.out = out,
		.start = out->len,
		.links = { .document = document,
			   .style = style,
			   .space = SPACE_GOPHER,
			   .numbered = true,
			   .off = style->links == LINKS_OFF,
			   .ascii = style->ascii },
		.text = { .document = document, .style = style },
		.walk = { .document = document },
		.flags = INLINE_GOPHER | INLINE_WRAP | (style->ascii ? INLINE_ASCII : 0u),
	};
	g.text.links = &g.links;
	write_blocks(&g, true);
	write_notes(&g);
	links_free(&g.links);
	inline_free(&g.text);
	buf_free(&g.scratch);
	buf_free(&g.prefix);
	buf_free(&g.marker);
	buf_free(&g.first);
}
