#include "document/flow.h"

#include "base/utf8.h"
#include "document/flow_runs.h"
#include "document/looks.h"

static struct flow_container *top(struct flow *f)
{
	return f->nopen > 0 ? &f->open[f->nopen - 1] : NULL;
}

static void pop(struct flow *f)
{
	document_close(f->document);
	f->nopen--;
}

static struct flow_container *push(struct flow *f, enum block_kind kind, enum flow_origin origin,
				   uint8_t tag)
{
	struct flow_container *c = &f->open[f->nopen++];
	*c = (struct flow_container){ .block = document_open(f->document, kind),
				      .next_number = 1,
				      .kind = (uint8_t)kind,
				      .origin = (uint8_t)origin,
				      .tag = tag };
	return c;
}

/* What may stand in nothing but its own kind of list or table. */
static enum block_kind home_of(enum block_kind kind)
{
	switch (kind) {
	case BLOCK_ITEM: return BLOCK_LIST;
	case BLOCK_ROW: return BLOCK_TABLE;
	case BLOCK_CELL: return BLOCK_ROW;
	case BLOCK_TERM:
	case BLOCK_DEFINITION: return BLOCK_DEFINITIONS;
	default: return BLOCK_KINDS;
	}
}

static bool is_home(struct flow *f, enum block_kind kind)
{
	return home_of(kind) == BLOCK_KINDS || (f->nopen > 0 && top(f)->kind == home_of(kind));
}

/* Lists hold items and definition lists hold terms, whatever HTML puts between its tags. */
static void make_room_for(struct flow *f, enum block_kind kind)
{
	while (!is_home(f, kind) && f->nopen > 0 && top(f)->implicit)
		pop(f);
	struct flow_container *c = top(f);
	if (c == NULL)
		return;
	if (c->kind == BLOCK_LIST && kind != BLOCK_ITEM) {
		if (c->implicit)
			pop(f);
		else if (f->nopen < FLOW_DEPTH)
			push(f, BLOCK_ITEM, FLOW_HTML, 0)->implicit = true;
	} else if (c->kind == BLOCK_DEFINITIONS && home_of(kind) != BLOCK_DEFINITIONS &&
		   f->nopen < FLOW_DEPTH) {
		push(f, BLOCK_DEFINITION, (enum flow_origin)c->origin, 0)->implicit = true;
	}
}

/* How many levels must be free: a list needs its items, a table its rows. */
static unsigned levels_of(enum block_kind kind)
{
	return kind == BLOCK_LIST || kind == BLOCK_TABLE || kind == BLOCK_DEFINITIONS ? 2 : 1;
}

struct block *flow_open(struct flow *f, enum block_kind kind, enum flow_origin origin, uint8_t tag)
{
	flow_end_leaf(f);
	if (f->beyond == 0)
		make_room_for(f, kind);
	if (f->beyond > 0 || f->nopen + levels_of(kind) > FLOW_DEPTH || !is_home(f, kind)) {
		f->beyond += origin == FLOW_MARKDOWN;
		return NULL;
	}
	uint32_t block = push(f, kind, origin, tag)->block;
	return &f->document->blocks[block];
}

void flow_close(struct flow *f)
{
	flow_end_leaf(f);
	if (f->beyond > 0) {
		f->beyond--;
		return;
	}
	while (f->nopen > 0 && top(f)->origin != FLOW_MARKDOWN)
		pop(f);
	if (f->nopen > 0)
		pop(f);
}

struct flow_container *flow_find_tag(struct flow *f, enum flow_origin origin, uint8_t tag)
{
	for (unsigned i = f->nopen; i > 0 && f->open[i - 1].origin != FLOW_MARKDOWN; i--)
		if (f->open[i - 1].origin == origin && f->open[i - 1].tag == tag)
			return &f->open[i - 1];
	return NULL;
}

bool flow_close_tag(struct flow *f, enum flow_origin origin, uint8_t tag)
{
	if (f->beyond > 0)
		return false;
	struct flow_container *c = flow_find_tag(f, origin, tag);
	if (c == NULL)
		return false;
	flow_end_leaf(f);
	while (top(f) > c)
		pop(f);
	pop(f);
	return true;
}

void flow_close_all(struct flow *f)
{
	flow_end_leaf(f);
	while (f->nopen > 0)
		pop(f);
	f->beyond = 0;
}

bool flow_is_one_line(const struct flow *f)
{
	return f->leaf_kind != BLOCK_PARAGRAPH;
}

static void open_leaf(struct flow *f)
{
	if (f->leaf_open)
		return;
	if (f->beyond == 0)
		make_room_for(f, (enum block_kind)f->leaf_kind);
	if (f->beyond > 0 || !is_home(f, (enum block_kind)f->leaf_kind))
		f->leaf_kind = f->leaf_kind == BLOCK_HEADING ? BLOCK_HEADING : BLOCK_PARAGRAPH;
	uint32_t block = document_add(f->document, (enum block_kind)f->leaf_kind);
	f->document->blocks[block].level = f->leaf_level;
	f->leaf_open = true;
}

void flow_begin_leaf(struct flow *f, enum block_kind kind, unsigned level)
{
	flow_end_leaf(f);
	if (f->next_is_term && kind == BLOCK_PARAGRAPH)
		kind = BLOCK_TERM;
	f->next_is_term = false;
	f->leaf_kind = (uint8_t)kind;
	f->leaf_level = (uint8_t)level;
	if (kind == BLOCK_CELL)
		open_leaf(f);
}

static struct block *newest_block(struct flow *f)
{
	return &f->document->blocks[f->document->nblocks - 1];
}

static void drop_newest_run(struct flow *f)
{
	struct document *d = f->document;
	uint32_t link = d->runs[d->nruns - 1].link;
	if (link != NO_LINK)
		d->links[link].nruns--;
	d->nruns--;
	newest_block(f)->nruns--;
}

void flow_drop_breaks(struct flow *f)
{
	if (!f->leaf_open)
		return;
	struct document *d = f->document;
	while (newest_block(f)->nruns > 0) {
		struct run *last = &d->runs[d->nruns - 1];
		if (last->kind != RUN_SOFT_BREAK && last->kind != RUN_HARD_BREAK)
			break;
		drop_newest_run(f);
	}
}

/* The words of GitHub's alerts (Q05). */
static const struct {
	struct str mark;
	enum label label;
} alerts[] = {
	{ STR_INIT("[!note]"), LABEL_ALERT_NOTE },
	{ STR_INIT("[!tip]"), LABEL_ALERT_TIP },
	{ STR_INIT("[!important]"), LABEL_ALERT_IMPORTANT },
	{ STR_INIT("[!warning]"), LABEL_ALERT_WARNING },
	{ STR_INIT("[!caution]"), LABEL_ALERT_CAUTION },
};

/* A quote that begins with an alert's mark begins with its word instead. */
static void name_alert(struct flow *f)
{
	const struct flow_container *quote = top(f);
	struct document *d = f->document;
	struct block *b = newest_block(f);
	if (quote == NULL || quote->kind != BLOCK_QUOTE || b->kind != BLOCK_PARAGRAPH ||
	    quote->block + 2 != d->nblocks || b->nruns == 0)
		return;
	struct run *first = &d->runs[b->first_run];
	if (first->kind != RUN_TEXT || !str_starts(first->text, STR("[!")))
		return;
	for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
		if (!str_starts_nocase(first->text, alerts[i].mark))
			continue;
		struct str rest = str_skip(first->text, alerts[i].mark.len);
		if (str_starts(rest, STR("+")) || str_starts(rest, STR("-")))
			rest = str_skip(rest, 1); /* Obsidian folds them */
		struct str word = f->options->labels->word[alerts[i].label];
		first->text = arena_format(f->arena, "%.*s:%.*s", STR_ARGS(word), STR_ARGS(rest));
		first->plain = false;
		return;
	}
}

void flow_end_leaf(struct flow *f)
{
	if (f->leaf_open) {
		flow_drop_breaks(f);
		name_alert(f);
		f->leaf_open = false;
		unsigned n = f->nlinks < FLOW_LINKS ? f->nlinks : FLOW_LINKS;
		for (unsigned i = 0; i < n; i++)
			f->links[i].index = NO_LINK;
	}
	f->leaf_kind = BLOCK_PARAGRAPH;
	f->leaf_level = 0;
}

static unsigned style(const struct flow *f)
{
	return (f->emphasis > 0 ? STYLE_EMPHASIS : 0u) | (f->strong > 0 ? STYLE_STRONG : 0u) |
	       (f->strike > 0 ? STYLE_STRIKE : 0u);
}

/* The link that new text is label of. It enters the document with its first text. */
static uint32_t current_link(struct flow *f)
{
	if (f->nlinks == 0)
		return NO_LINK;
	struct flow_link *l = &f->links[f->nlinks <= FLOW_LINKS ? f->nlinks - 1 : FLOW_LINKS - 1];
	if (l->target.kind == TARGET_NONE)
		return NO_LINK;
	if (l->index == NO_LINK) {
		l->index = document_add_link(f->document, l->kind, l->target);
		f->document->links[l->index].title = l->title;
		l->used = true;
	}
	return l->index;
}

struct run *flow_run(struct flow *f, enum run_kind kind, struct str text)
{
	open_leaf(f);
	return document_run(f->document, kind, text, style(f), current_link(f));
}

static struct str without_controls(struct flow *f, struct str text)
{
	struct buf *copy = &f->scratch;
	buf_clear(copy);
	buf_add(copy, text);
	for (size_t i = 0; i < copy->len; i++)
		if ((unsigned char)copy->at[i] < ' ')
			copy->at[i] = ' ';
	return arena_str(f->arena, buf_str(copy));
}

/*
 * md4c cuts at every mark that turned out to be none: such pieces are one. So are the lines of a
 * paragraph where a blank may stand for the line end. False when the text is a run of its own.
 */
static bool goes_on(struct flow *f, struct str text, bool plain)
{
	struct document *d = f->document;
	uint32_t nruns = newest_block(f)->nruns;
	if (nruns == 0)
		return false;
	struct run *last = &d->runs[d->nruns - 1];
	bool line = nruns > 1 && last->kind == RUN_SOFT_BREAK && plain && text.at[0] != ' ';
	if (line)
		last--;
	if (last->kind != RUN_TEXT || last->text.at + last->text.len + line != text.at ||
	    last->style != style(f) || last->link != current_link(f))
		return false;
	if (line) {
		if (!last->plain || text.at[-1] != '\n' || text.at[-2] == ' ' ||
		    last[1].link != last->link)
			return false;
		drop_newest_run(f);
	}
	bool blanks = last->text.len > 0 && text.at[-1] == ' ' && text.at[0] == ' ';
	last->plain = last->plain && plain && !blanks;
	last->text.len += text.len + line;
	return true;
}

static void add_text(struct flow *f, struct str text, bool plain)
{
	if (!f->leaf_open || !goes_on(f, text, plain))
		flow_run(f, RUN_TEXT, text)->plain = plain;
}

void flow_plain_text(struct flow *f, struct str text)
{
	if (text.len > 0)
		add_text(f, text, true);
}

void flow_text(struct flow *f, struct str text)
{
	if (text.len == 0)
		return;
	enum looks looks = looks_of(text);
	if (looks == LOOKS_CONTROLS)
		text = without_controls(f, text);
	add_text(f, text, looks == LOOKS_PLAIN);
}

void flow_code_span(struct flow *f, struct str text)
{
	if (text.len > 0)
		flow_run(f, RUN_CODE,
			 looks_of(text) == LOOKS_CONTROLS ? without_controls(f, text) : text);
}

struct flow_mark flow_mark(struct flow *f)
{
	flow_run(f, RUN_TEXT, STR(""));
	return (struct flow_mark){ .block = f->document->nblocks - 1,
				   .run = f->document->nruns - 1 };
}

bool flow_is_marked(const struct flow *f, struct flow_mark mark)
{
	return f->leaf_open && f->document->nblocks - 1 == mark.block;
}

void flow_replace(struct flow *f, struct flow_mark mark, struct str text)
{
	struct document *d = f->document;
	uint32_t dropped = d->nruns - mark.run - 1;
	d->nruns -= dropped;
	newest_block(f)->nruns -= dropped;
	struct run *run = &d->runs[mark.run];
	run->text = text;
	run->plain = false;
	if (run->link != NO_LINK)
		d->links[run->link].nruns -= dropped;
}

/* One break stands for several: a line end beside a hard break says nothing more. */
void flow_break(struct flow *f, enum run_kind kind)
{
	if (!f->leaf_open || newest_block(f)->nruns == 0)
		return;
	struct run *last = &f->document->runs[f->document->nruns - 1];
	if (last->kind != RUN_SOFT_BREAK && last->kind != RUN_HARD_BREAK)
		flow_run(f, kind, STR(""));
	else if (kind == RUN_HARD_BREAK)
		last->kind = RUN_HARD_BREAK;
}

bool flow_is_after_break(const struct flow *f)
{
	const struct document *d = f->document;
	return f->leaf_open && d->nruns > 0 && d->runs[d->nruns - 1].kind == RUN_HARD_BREAK;
}

void flow_note(struct flow *f, uint32_t number)
{
	flow_run(f, RUN_NOTE, STR(""))->note = number;
}

static struct block *add_block(struct flow *f, enum block_kind kind)
{
	flow_end_leaf(f);
	if (f->beyond == 0)
		make_room_for(f, kind);
	uint32_t block = document_add(f->document, kind);
	return &f->document->blocks[block];
}

void flow_rule(struct flow *f)
{
	add_block(f, BLOCK_RULE);
}

void flow_code(struct flow *f, struct str text, struct str info)
{
	if (text.len == 0)
		return; /* K04 */
	if (flow_is_one_line(f)) {
		flow_code_span(f, flow_line(f, text));
		return;
	}
	struct block *b = add_block(f, BLOCK_CODE);
	b->text = text;
	b->info = info;
}

struct math_options flow_math_options(const struct flow *f)
{
	return (struct math_options){ .macros = f->document->macros,
				      .flags =
					  f->options->math_bold_unicode ? MATH_BOLD_UNICODE : 0,
				      .width = f->options->width };
}

void flow_math_row(struct flow *f, struct str tex, struct str source)
{
	struct math_options options = flow_math_options(f);
	buf_clear(&f->scratch);
	if (!math_row(tex, &options, &f->scratch)) {
		flow_text(f, flow_line(f, source));
		return;
	}
	if (f->scratch.len == 0)
		return; /* nothing but definitions */
	struct str row = arena_str(f->arena, buf_str(&f->scratch));
	flow_run(f, RUN_MATH, row)->source = tex;
}

void flow_math_display(struct flow *f, struct str tex, struct str source)
{
	if (flow_is_one_line(f)) {
		flow_math_row(f, tex, source);
		return;
	}
	struct math_options options = flow_math_options(f);
	buf_clear(&f->scratch);
	bool set = math_display(tex, &options, &f->scratch);
	if (set && f->scratch.len == 0)
		return;
	struct str shown = arena_str(f->arena, buf_str(&f->scratch));
	buf_clear(&f->scratch);
	math_source_line(tex, &f->scratch);
	struct str info = arena_str(f->arena, buf_str(&f->scratch));
	struct block *b = add_block(f, BLOCK_MATH);
	b->text = tex;
	b->info = info;
	b->shown = shown;
}

struct str flow_line(struct flow *f, struct str text)
{
	if (text.len == 0)
		return text;
	buf_clear(&f->scratch);
	utf8_clean_line(&f->scratch, text);
	return arena_str(f->arena, buf_str(&f->scratch));
}
