#include "document/markdown.h"

#include <limits.h>
#include <md4c.h>

#include "base/utf8.h"
#include "document/bare_links.h"
#include "document/code_info.h"
#include "document/cuts.h"
#include "document/entities.h"
#include "document/flow.h"
#include "document/gather.h"
#include "document/html.h"
#include "document/long_paragraphs.h"
#include "document/prepass.h"
#include "document/target.h"

/* One post on its way from md4c's callbacks to the document. */
struct parser {
	struct flow flow;
	struct cuts cuts;
	struct html html;
	struct gather gather; /* of code */
	struct buf alt;       /* of an image, while images > 0 */
	unsigned images;      /* open images: in their alt text all is text */
	bool in_code, header;
	bool hides_name; /* the name of a wiki link stands before its own words yet */
	size_t produced, limit;
	const char *reached; /* the end of the last piece of the source that was seen */
};

/* md4c's own memory is gone when a callback returns. */
static struct str keep(struct parser *p, const char *text, size_t size)
{
	struct str s = { text, size };
	if (!gather_is_source(&p->gather, text))
		return arena_str(p->flow.arena, s);
	p->reached = text + size;
	return s;
}

/* References and titles hold entities; escapes are undone by md4c. */
static struct str attribute(struct parser *p, const MD_ATTRIBUTE *a)
{
	struct str text = { a->text, a->size };
	if (a->size == 0)
		return STR("");
	bool plain = a->substr_offsets[1] == a->size && a->substr_types[0] == MD_TEXT_NORMAL;
	if (plain)
		return keep(p, a->text, a->size);
	struct buf decoded = { 0 };
	for (size_t i = 0; a->substr_offsets[i] < a->size; i++) {
		struct str part = str_sub(text, a->substr_offsets[i], a->substr_offsets[i + 1]);
		struct str value = part;
		if (a->substr_types[i] == MD_TEXT_ENTITY)
			entity_read(part, ENTITY_MARKDOWN, p->flow.arena, &value);
		buf_add(&decoded, value);
	}
	struct str kept = arena_str(p->flow.arena, buf_str(&decoded));
	buf_free(&decoded);
	return kept;
}

/*
 * The marks of a block end with it at the latest: md4c 0.4.8 opens some spans and never closes
 * them, or closes what was never open, where an address or a wiki link swallows the other mark.
 */
static void end_spans(struct parser *p)
{
	html_end_paragraph(&p->html);
	p->flow.emphasis = p->flow.strong = p->flow.strike = 0;
	if (p->images > 0)
		flow_text(&p->flow, arena_str(p->flow.arena, buf_str(&p->alt)));
	p->images = 0;
}

static void end_span(unsigned *open)
{
	*open -= *open > 0;
}

static void open_list(struct parser *p, uint32_t start, char delimiter)
{
	struct block *list = flow_open(&p->flow, BLOCK_LIST, FLOW_MARKDOWN, 0);
	if (list == NULL)
		return;
	list->number = start;
	list->delimiter = delimiter;
	p->flow.open[p->flow.nopen - 1].next_number = start;
}

static void open_item(struct parser *p, const MD_BLOCK_LI_DETAIL *detail)
{
	struct flow *f = &p->flow;
	uint32_t number = f->beyond == 0 && f->nopen > 0 ? f->open[f->nopen - 1].next_number++ : 0;
	struct block *item = flow_open(f, BLOCK_ITEM, FLOW_MARKDOWN, 0);
	if (item == NULL)
		return;
	item->number = number;
	if (detail->is_task)
		item->task = detail->task_mark == ' ' ? TASK_OPEN : TASK_DONE;
}

static void open_table(struct parser *p, const MD_BLOCK_TABLE_DETAIL *detail)
{
	struct block *table = flow_open(&p->flow, BLOCK_TABLE, FLOW_MARKDOWN, 0);
	if (table != NULL)
		table->number = detail->col_count;
}

static void open_row(struct parser *p)
{
	struct block *row = flow_open(&p->flow, BLOCK_ROW, FLOW_MARKDOWN, 0);
	if (row != NULL)
		row->header = p->header;
}

/* md4c makes up the cells that a row lacks, as many as the table's head has. */
static void begin_cell(struct parser *p, const MD_BLOCK_TD_DETAIL *detail)
{
	p->produced += sizeof(struct block);
	flow_begin_leaf(&p->flow, BLOCK_CELL, 0);
	struct document *d = p->flow.document;
	if (d->blocks[d->nblocks - 1].kind == BLOCK_CELL)
		d->blocks[d->nblocks - 1].align = (uint8_t)detail->align; /* the same numbers */
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
	struct parser *p = userdata;
	end_spans(p);
	switch (type) {
	case MD_BLOCK_QUOTE: flow_open(&p->flow, BLOCK_QUOTE, FLOW_MARKDOWN, 0); break;
	case MD_BLOCK_UL: open_list(p, 1, 0); break;
	case MD_BLOCK_OL: {
		const MD_BLOCK_OL_DETAIL *list = detail;
		open_list(p, list->start, list->mark_delimiter);
		break;
	}
	case MD_BLOCK_LI: open_item(p, detail); break;
	case MD_BLOCK_HR: flow_rule(&p->flow); break;
	case MD_BLOCK_H: {
		const MD_BLOCK_H_DETAIL *heading = detail;
		flow_begin_leaf(&p->flow, BLOCK_HEADING, heading->level);
		break;
	}
	case MD_BLOCK_CODE:
		p->in_code = true;
		gather_begin(&p->gather);
		break;
	case MD_BLOCK_P: flow_begin_leaf(&p->flow, BLOCK_PARAGRAPH, 0); break;
	case MD_BLOCK_TABLE: open_table(p, detail); break;
	case MD_BLOCK_THEAD: p->header = true; break;
	case MD_BLOCK_TBODY: p->header = false; break;
	case MD_BLOCK_TR: open_row(p); break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD: begin_cell(p, detail); break;
	case MD_BLOCK_HTML:
		flow_end_leaf(&p->flow);
		p->html.in_block = true;
		break;
	case MD_BLOCK_DOC: flow_end_leaf(&p->flow); break;
	}
	return p->produced > p->limit ? -1 : 0;
}

static void end_code_block(struct parser *p, const MD_BLOCK_CODE_DETAIL *detail)
{
	p->in_code = false;
	struct str text = gather_end(&p->gather, p->flow.arena);
	text = cuts_restore(&p->cuts, text, p->flow.arena);
	if (html_takes(&p->html, text))
		return;
	if (str_ends(text, STR("\n")))
		text.len--;
	struct str info = cuts_restore(&p->cuts, attribute(p, &detail->info), p->flow.arena);
	if (p->flow.options->math && str_equal_nocase(code_info_language(info), STR("math"))) {
		flow_math_display(&p->flow, text, text);
		return;
	}
	struct buf words = { 0 };
	code_info(info, &words);
	flow_code(&p->flow, text, arena_str(p->flow.arena, buf_str(&words)));
	buf_free(&words);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
	struct parser *p = userdata;
	end_spans(p);
	switch (type) {
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
	case MD_BLOCK_LI:
	case MD_BLOCK_TABLE:
	case MD_BLOCK_TR: flow_close(&p->flow); break;
	case MD_BLOCK_CODE: end_code_block(p, detail); break;
	case MD_BLOCK_DOC:
		html_end(&p->html);
		flow_close_all(&p->flow);
		break;
	default: flow_end_leaf(&p->flow); break;
	}
	p->html.in_block = false;
	return 0;
}

static struct str title(struct parser *p, const MD_ATTRIBUTE *a)
{
	struct str text = cuts_restore(&p->cuts, attribute(p, a), p->flow.arena);
	return flow_line(&p->flow, text);
}

static void enter_link(struct parser *p, const MD_SPAN_A_DETAIL *detail)
{
	struct str href = attribute(p, &detail->href);
	p->produced += detail->href.size;
	struct target target = cuts_target(&p->cuts, href, &p->flow);
	flow_begin_link(&p->flow, FLOW_MARKDOWN, LINK_TEXT, target,
			cuts_restore_url(&p->cuts, href, p->flow.arena), title(p, &detail->title));
}

/*
 * L20: by title, then by slug; what is not there is only text. For md4c a bar with a backslash, as
 * cells need it, does not end the name.
 */
static void enter_wiki_link(struct parser *p, const MD_SPAN_WIKILINK_DETAIL *detail)
{
	const struct link_resolver *resolver = p->flow.options->resolver;
	struct str rest = attribute(p, &detail->target), name = rest;
	p->hides_name = str_cut(&rest, '|', &name);
	name = str_trim(name);
	name = cuts_restore(&p->cuts, name, p->flow.arena);
	struct target target = { .kind = TARGET_NONE };
	if (resolver != NULL && !resolver->find(resolver, p->flow.arena, name, &target))
		target.kind = TARGET_NONE;
	flow_begin_link(&p->flow, FLOW_MARKDOWN, LINK_TEXT, target, name, STR(""));
}

static int enter_span(MD_SPANTYPE type, void *detail, void *userdata)
{
	struct parser *p = userdata;
	html_run(&p->html);
	if (type == MD_SPAN_CODE)
		gather_begin(&p->gather);
	if (type == MD_SPAN_IMG && p->images++ == 0)
		buf_clear(&p->alt);
	if (p->images > 0)
		return 0;
	switch (type) {
	case MD_SPAN_EM: p->flow.emphasis++; break;
	case MD_SPAN_STRONG: p->flow.strong++; break;
	case MD_SPAN_DEL: p->flow.strike++; break;
	case MD_SPAN_A: enter_link(p, detail); break;
	case MD_SPAN_WIKILINK: enter_wiki_link(p, detail); break;
	default: break;
	}
	return p->produced > p->limit ? -1 : 0;
}

/* In a cell a bar is written `\|`, in code too. */
static struct str cell_code(struct parser *p, struct str text)
{
	if (str_find_str(text, STR("\\|"), 0) == STR_NOT_FOUND)
		return text;
	struct str copy = arena_str(p->flow.arena, text);
	char *at = (char *)copy.at;
	copy.len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != '\\' || i + 1 == text.len || text.at[i + 1] != '|')
			at[copy.len++] = text.at[i];
	return copy;
}

static void end_code_span(struct parser *p)
{
	struct str text = gather_end(&p->gather, p->flow.arena);
	if (p->flow.leaf_kind == BLOCK_CELL)
		text = cell_code(p, text);
	struct str original = cuts_restore(&p->cuts, text, p->flow.arena);
	if (original.at != text.at)
		text = flow_line(&p->flow, original); /* a formula may have lines */
	if (p->images > 0)
		buf_add(&p->alt, text);
	else if (!html_takes(&p->html, text))
		flow_code_span(&p->flow, text);
}

static void end_image(struct parser *p, const MD_SPAN_IMG_DETAIL *detail)
{
	p->produced += detail->src.size;
	struct str source = attribute(p, &detail->src);
	source = cuts_restore_url(&p->cuts, source, p->flow.arena);
	struct str alt = flow_line(&p->flow, buf_str(&p->alt));
	p->html.alt_missing = alt.len == 0;
	if (!html_takes(&p->html, alt))
		flow_image(&p->flow, source, alt, title(p, &detail->title));
}

static int leave_span(MD_SPANTYPE type, void *detail, void *userdata)
{
	struct parser *p = userdata;
	html_run(&p->html);
	if (type == MD_SPAN_CODE)
		end_code_span(p);
	if (type == MD_SPAN_IMG && p->images > 0 && --p->images == 0)
		end_image(p, detail);
	if (p->images > 0)
		return 0;
	switch (type) {
	case MD_SPAN_EM: end_span(&p->flow.emphasis); break;
	case MD_SPAN_STRONG: end_span(&p->flow.strong); break;
	case MD_SPAN_DEL: end_span(&p->flow.strike); break;
	case MD_SPAN_A:
	case MD_SPAN_WIKILINK: flow_end_link(&p->flow, FLOW_MARKDOWN); break;
	default: break;
	}
	return 0;
}

static struct str read_entity(struct parser *p, const char *text, size_t size)
{
	struct str value;
	if (entity_read((struct str){ text, size }, ENTITY_MARKDOWN, p->flow.arena, &value) > 0)
		return value;
	return keep(p, text, size);
}

static void add_alt(struct parser *p, struct str text)
{
	cuts_words(&p->cuts, &p->flow, text, &p->alt);
}

static void add_break(struct parser *p, enum run_kind kind)
{
	if (p->images > 0)
		add_alt(p, STR(" "));
	else if (!html_takes(&p->html, STR("\n")))
		flow_break(&p->flow, kind);
}

static void add_text(struct parser *p, struct str text)
{
	if (p->hides_name) {
		size_t bar = str_find_str(text, STR("\\|"), 0);
		text = bar == STR_NOT_FOUND ? text : str_skip(text, bar + 2);
		p->hides_name = false;
	}
	if (p->images > 0)
		add_alt(p, text);
	else if (!html_takes(&p->html, text))
		cuts_flow(&p->cuts, &p->flow, text);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *userdata)
{
	struct parser *p = userdata;
	p->produced += size;
	if (p->produced > p->limit)
		return -1;
	if (gather_is_source(&p->gather, text))
		p->reached = text + size;
	if (type == MD_TEXT_HTML) {
		if (p->images == 0)
			html_add(&p->html, (struct str){ text, size });
		return 0;
	}
	html_run(&p->html);
	switch (type) {
	case MD_TEXT_CODE: gather_add(&p->gather, (struct str){ text, size }); break;
	case MD_TEXT_ENTITY: add_text(p, read_entity(p, text, size)); break;
	case MD_TEXT_BR: add_break(p, RUN_HARD_BREAK); break;
	case MD_TEXT_SOFTBR: add_break(p, RUN_SOFT_BREAK); break;
	default: add_text(p, keep(p, text, size)); break;
	}
	return 0;
}

static const MD_PARSER callbacks = {
	.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_WIKILINKS,
	.enter_block = enter_block,
	.leave_block = leave_block,
	.enter_span = enter_span,
	.leave_span = leave_span,
	.text = on_text,
};

/* What was not reached when a bound ended the parsing is kept as plain paragraphs. */
static void add_rest(struct parser *p)
{
	struct flow *f = &p->flow;
	html_end(&p->html);
	f->nlinks = f->emphasis = f->strong = f->strike = 0;
	flow_close_all(f);
	struct str rest = p->gather.source, line;
	rest = str_skip(rest, (size_t)(p->reached - rest.at));
	while (str_line(&rest, &line)) {
		line = str_trim(line);
		if (line.len == 0) {
			flow_end_leaf(f);
			continue;
		}
		flow_break(f, RUN_SOFT_BREAK);
		flow_text(f, line);
	}
	flow_close_all(f);
}

/* Room for as much as prose of that length commonly becomes. */
static void reserve(struct document *d, size_t length)
{
	d->blocks_capacity = length / 128 + 8;
	d->blocks = arena_room(d->arena, d->blocks_capacity * sizeof *d->blocks);
	d->runs_capacity = length / 32 + 8;
	d->runs = arena_room(d->arena, d->runs_capacity * sizeof *d->runs);
}

struct document *markdown_parse(struct arena *arena, struct str body,
				const struct markdown_options *options)
{
	struct document *d = document_new(arena);
	d->macros = options->macros;
	reserve(d, body.len);
	struct cuts cuts = { .arena = arena };
	struct str source = long_paragraphs_break(arena, prepass(&cuts, options, body, &d->macros));
	if (source.len > UINT_MAX)
		source.len = UINT_MAX;
	struct parser p = {
		.flow = { .document = d, .arena = arena, .options = options },
		.cuts = cuts,
		.html = { .markup = { .source = source } },
		.gather = { .source = source },
		.limit = 64 * source.len + 64 * 1024,
		.reached = source.at,
	};
	p.html.flow = &p.flow;
	p.html.cuts = &p.cuts;
	MD_PARSER parser = callbacks;
	if (bare_links_are_affordable(source))
		parser.flags |= MD_FLAG_PERMISSIVEAUTOLINKS;
	if (md_parse(source.at, (MD_SIZE)source.len, &parser, &p) != 0)
		add_rest(&p);
	gather_free(&p.gather);
	buf_free(&p.alt);
	buf_free(&p.flow.scratch);
	return d;
}
