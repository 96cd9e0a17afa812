#include "render/gemtext.h"

#include "render/display.h"
#include "render/gemtext_lines.h"
#include "render/link_blocks.h"
#include "render/table.h"
#include "render/wrap.h"

static void flush_links(struct gemtext *g)
{
	if (!links_pending(&g->links))
		return;
	g->joined = 0;
	g->walk.tight = false;
	gemtext_separate(g);
	links_flush(&g->links, LINKS_FLOW, g->out);
	gemtext_wrote(g);
}

static bool is_place_for_links(const struct gemtext *g)
{
	enum links_mode mode = g->style->links;
	return g->walk.nlevels == 0 && mode != LINKS_SECTION && mode != LINKS_END &&
	       !g->walk.notes_begun;
}

/* A block at the top is over: a place for its links, unless they are kept for later. */
static void flush_after_block(struct gemtext *g)
{
	if (links_pending(&g->links) && is_place_for_links(g))
		flush_links(g);
}

static void write_heading(struct gemtext *g, const struct block *block)
{
	if (g->quotes > 0 || g->marker_due) {
		gemtext_text(g, block->first_run, block->nruns);
		return;
	}
	if (g->style->links == LINKS_SECTION && g->walk.nlevels == 0)
		flush_links(g);
	if (gemtext_heading_runs(g, block))
		flush_after_block(g);
}

/* Links and nothing else: lines without text that repeats them (L07, L08). */
static void write_own_links(struct gemtext *g, const struct block *block)
{
	uint32_t link = NO_LINK;
	const struct run *runs = g->document->runs;
	for (uint32_t i = block->first_run; i < block->first_run + block->nruns; i++) {
		if (runs[i].link != link && runs[i].link != NO_LINK)
			links_use(&g->links, LINKS_OWN, runs[i].link);
		link = runs[i].link;
		if (runs[i].kind == RUN_IMAGE)
			links_use(&g->links, LINKS_OWN, runs[i].image);
	}
	gemtext_separate(g);
	links_flush(&g->links, LINKS_OWN, g->out);
	gemtext_wrote(g);
}

/* An item of a list of links: all its text is the label (L09). */
static void write_link_item(struct gemtext *g, const struct block *block)
{
	uint32_t link = link_of_item(&g->links, block);
	const struct walk_level *level = &g->walk.levels[g->item];
	struct buf label = { 0 };
	gemtext_separate(g);
	if (level[-1].block->delimiter != 0)
		gemtext_add_path(g, &label);
	gemtext_add_task(g, &label);
	size_t marks = label.len;
	link_item_label(&g->links, block, &label);
	if (label.len == marks)
		buf_clear(&label);
	links_line(&g->links, links_url(&g->links, link), links_number(&g->links, link),
		   buf_str(&label), g->out);
	buf_free(&label);
	g->marker_due = false;
	gemtext_wrote(g);
}

static void write_paragraph(struct gemtext *g, const struct block *block)
{
	if (g->link_list)
		write_link_item(g, block);
	else if (g->walk.nlevels == 0 && link_paragraph(&g->links, block))
		write_own_links(g, block);
	else
		gemtext_text(g, block->first_run, block->nruns);
	flush_after_block(g);
}

static void write_rule(struct gemtext *g)
{
	bool shows =
	    str_trim(g->style->rule).len > 0; /* an empty line would be a second one (G-1) */
	if (shows && g->out->len > g->start && !walk_at_edge(&g->walk))
		gemtext_line(g, g->style->rule);
}

static void write_math(struct gemtext *g, const struct block *block)
{
	bool ascii = g->flags & INLINE_ASCII;
	buf_clear(&g->scratch);
	display_math(g->document, g->style, block, g->style->width, ascii, &g->scratch);
	gemtext_preformatted(g, g->style->labels.word[LABEL_MATH], block->info,
			     buf_str(&g->scratch));
}

/* --- tables ------------------------------------------------------------------------------- */

static void write_table_list(struct gemtext *g, const struct table *table)
{
	struct buf text = { 0 };
	gemtext_end_marker(g);
	table_head(table, &text);
	if (text.len > 0) {
		buf_clear(&g->scratch);
		wrap_strip(buf_str(&text), &g->scratch);
		gemtext_line(g, buf_str(&g->scratch));
		g->walk.tight = true;
	}
	for (size_t row = 0; buf_clear(&text), table_item(table, row, &text); row++) {
		if (text.len == 0)
			continue;
		gemtext_separate(g);
		buf_add(g->out, STR("* "));
		wrap_strip(buf_str(&text), g->out);
		while (str_ends(buf_str(g->out), STR(" ")))
			g->out->len--; /* a no-break space at the end of a cell */
		buf_add_char(g->out, '\n');
		gemtext_wrote(g);
		g->walk.tight = true;
	}
	g->walk.tight = false;
	buf_free(&text);
}

static void write_table(struct gemtext *g, const struct block *block)
{
	struct table table = { .block = block,
			       .text = &g->text,
			       .flags = g->flags | INLINE_WRAP,
			       .width = g->style->width,
			       .ascii = g->style->ascii };
	unsigned quotes = g->quotes;
	struct buf drawing = { 0 }, names = { 0 };
	table_read(&table);
	g->quotes = 0;
	if (table_draw(&table, &drawing)) {
		table_names(&table, &names);
		gemtext_preformatted(g, g->style->labels.word[LABEL_TABLE], buf_str(&names),
				     buf_str(&drawing));
	} else {
		g->joined = 0;
		write_table_list(g, &table);
	}
	g->quotes = quotes;
	table_free(&table);
	buf_free(&drawing);
	buf_free(&names);
	flush_after_block(g);
}

/* --- the page furniture ------------------------------------------------------------------- */

static void write_link_line(struct gemtext *g, uint32_t link, struct str word)
{
	struct buf label = { 0 };
	struct str url = links_url(&g->links, link);
	if (word.len > 0) {
		links_words(&g->links, word, &label);
		buf_add(&label, STR(": "));
	}
	links_label(&g->links, link, &label);
	if (url.len > 0) {
		gemtext_separate(g);
		links_line(&g->links, url, 0, buf_str(&label), g->out);
		gemtext_wrote(g);
	} else if (label.len > 0) {
		gemtext_line(g, buf_str(&label));
	}
	buf_free(&label);
}

static void write_link_group(struct gemtext *g, const struct block *block)
{
	for (uint32_t i = 0; i < block->number; i++) {
		write_link_line(g, block->link + i, block->text);
		g->walk.tight = true;
	}
	g->walk.tight = false;
}

/* --- containers --------------------------------------------------------------------------- */

/* The one list of links stands above the notes: those of the notes' own texts are noted ahead. */
static void note_links_ahead(struct gemtext *g, const struct block *first)
{
	const struct document *d = g->document;
	for (const struct block *b = first; b < d->blocks + d->nblocks; b++) {
		if (d->foot > 0 && b >= d->blocks + d->foot)
			break;
		if (b->kind == BLOCK_NOTE)
			links_use_note(&g->links, b->number);
		buf_clear(&g->scratch);
		if (b->nruns > 0)
			inline_add(&g->text, g->flags, b->first_run, b->nruns, &g->scratch);
	}
}

/* What was kept for later comes before the notes, or at the end of the text. */
static void flush_kept_links(struct gemtext *g)
{
	if (!links_pending(&g->links) || g->links_listed)
		return;
	if (g->style->links == LINKS_END) {
		g->joined = 0;
		g->walk.tight = false;
		gemtext_heading(g, 2, g->style->labels.word[LABEL_LINKS]);
	}
	flush_links(g);
}

static void begin_item(struct gemtext *g)
{
	g->item = g->walk.nlevels - 1;
	g->marker_due = true;
	walk_level(&g->walk)->prefix = g->out->len;
}

/* What follows an item without a line of its own is as if there were none. */
static void end_item(struct gemtext *g)
{
	gemtext_end_marker(g);
	g->walk.tight = false;
	struct walk_level *around = walk_level(&g->walk);
	if (around != NULL && g->walk.levels[g->walk.nlevels].prefix == g->out->len)
		around->nblocks--;
}

static void enter(struct gemtext *g, const struct block *block, bool first_note)
{
	switch (block->kind) {
	case BLOCK_LIST:
		gemtext_end_marker(g);
		g->link_list = g->quotes == 0 && link_list(&g->links, block);
		break;
	case BLOCK_QUOTE:
		gemtext_end_marker(g);
		g->quotes++;
		break;
	case BLOCK_NOTE:
		if (first_note) {
			if (g->style->links == LINKS_END)
				note_links_ahead(g, block);
			flush_kept_links(g);
			g->links_listed = g->style->links == LINKS_END;
			gemtext_heading(g, 2, g->style->labels.word[LABEL_NOTES]);
		}
		begin_item(g);
		break;
	case BLOCK_ITEM:
	case BLOCK_DEFINITION: begin_item(g); break;
	default: break;
	}
}

static void leave(struct gemtext *g, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_LIST: g->link_list = false; break;
	case BLOCK_QUOTE:
		g->quotes--;
		if (g->joined > g->quotes)
			g->joined = g->quotes;
		break;
	case BLOCK_ITEM:
	case BLOCK_DEFINITION:
	case BLOCK_NOTE: end_item(g); break;
	default: break;
	}
	flush_after_block(g);
}

static void write_leaf(struct gemtext *g, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_HEADING: write_heading(g, block); break;
	case BLOCK_PARAGRAPH: write_paragraph(g, block); break;
	case BLOCK_TERM: gemtext_text(g, block->first_run, block->nruns); break;
	case BLOCK_CODE: gemtext_preformatted(g, STR(""), block->info, block->text); break;
	case BLOCK_MATH: write_math(g, block); break;
	case BLOCK_TABLE: write_table(g, block); break;
	case BLOCK_RULE: write_rule(g); break;
	case BLOCK_LINK: write_link_line(g, block->link, STR("")); break;
	case BLOCK_LINK_GROUP: write_link_group(g, block); break;
	default: break;
	}
}

void gemtext_write_in(enum space space, const struct document *document, const struct style *style,
		      struct buf *out)
{
	bool ascii = style->ascii && space == SPACE_GOPHER;
	struct gemtext g = {
		.document = document,
		.style = style,
		.out = out,
		.start = out->len,
		.links = { .document = document,
			   .style = style,
			   .space = space,
			   .numbered = style->links == LINKS_NUMBERED ||
				       style->links == LINKS_SECTION || style->links == LINKS_END,
			   .off = style->links == LINKS_OFF,
			   .ascii = ascii },
		.text = { .document = document, .style = style },
		.walk = { .document = document },
		.flags =
		    (ascii ? INLINE_ASCII : 0u) | (style->emphasis_markdown ? INLINE_MARKDOWN : 0u),
	};
	g.text.links = &g.links;
	for (bool noted = false; walk_next(&g.walk); noted = g.walk.notes_begun) {
		if (document->foot > 0 && g.walk.block == &document->blocks[document->foot])
			flush_kept_links(&g);
		if (g.walk.event == WALK_ENTER)
			enter(&g, g.walk.block, !noted);
		else if (g.walk.event == WALK_LEAVE)
			leave(&g, g.walk.block);
		else
			write_leaf(&g, g.walk.block);
	}
	flush_kept_links(&g);
	links_free(&g.links);
	inline_free(&g.text);
	buf_free(&g.scratch);
}

void gemtext_write(const struct document *document, const struct style *style, struct buf *out)
{
	gemtext_write_in(SPACE_GEMINI, document, style, out);
}
