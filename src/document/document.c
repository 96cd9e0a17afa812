#include "document/document.h"

#include <assert.h>

#include "base/utf8.h"

struct document *document_new(struct arena *arena)
{
	struct document *d = ARENA_NEW(arena, struct document);
	d->arena = arena;
	return d;
}

static unsigned open_depth(const struct document *d)
{
	return d->nopen < DOCUMENT_MAX_DEPTH ? d->nopen : DOCUMENT_MAX_DEPTH;
}

uint32_t document_add(struct document *d, enum block_kind kind)
{
	d->blocks =
	    arena_grow(d->arena, d->blocks, d->nblocks, &d->blocks_capacity, sizeof *d->blocks);
	d->blocks[d->nblocks] = (struct block){ .kind = (uint8_t)kind,
						.depth = (uint8_t)open_depth(d),
						.end = d->nblocks + 1,
						.first_run = d->nruns,
						.link = NO_LINK };
	d->nblocks++;
	return d->nblocks - 1;
}

uint32_t document_open(struct document *d, enum block_kind kind)
{
	if (d->nopen >= DOCUMENT_MAX_DEPTH) {
		d->nopen++;
		return d->open[DOCUMENT_MAX_DEPTH - 1];
	}
	uint32_t index = document_add(d, kind);
	d->open[d->nopen++] = index;
	return index;
}

void document_close(struct document *d)
{
	assert(d->nopen > 0);
	d->nopen--;
	if (d->nopen < DOCUMENT_MAX_DEPTH)
		d->blocks[d->open[d->nopen]].end = d->nblocks;
}

struct run *document_run(struct document *d, enum run_kind kind, struct str text, unsigned style,
			 uint32_t link)
{
	assert(d->nblocks > 0);
	d->runs = arena_grow(d->arena, d->runs, d->nruns, &d->runs_capacity, sizeof *d->runs);
	d->blocks[d->nblocks - 1].nruns++;
	if (link != NO_LINK) {
		struct link *l = &d->links[link];
		if (l->nruns == 0)
			l->first_run = d->nruns;
		l->nruns = d->nruns + 1 - l->first_run;
	}
	struct run *r = &d->runs[d->nruns++];
	*r = (struct run){ .text = text,
			   .link = link,
			   .image = NO_LINK,
			   .kind = (uint8_t)kind,
			   .style = (uint8_t)style };
	return r;
}

uint32_t document_add_link(struct document *d, enum link_kind kind, struct target target)
{
	d->links = arena_grow(d->arena, d->links, d->nlinks, &d->links_capacity, sizeof *d->links);
	d->links[d->nlinks++] =
	    (struct link){ .kind = kind, .target = target, .first_run = d->nruns };
	return d->nlinks - 1;
}

/* The newest block is furniture: it goes on with what stands above, unless a gap is asked for. */
static void set_close(struct document *d, uint32_t block)
{
	d->blocks[block].close = !d->gap;
	d->gap = false;
}

static uint32_t add_words(struct document *d, enum block_kind kind, struct str text)
{
	uint32_t block = document_add(d, kind);
	if (text.len > 0)
		document_run(d, RUN_TEXT, arena_str(d->arena, text), 0, NO_LINK);
	return block;
}

void document_heading(struct document *d, unsigned level, struct str text)
{
	uint32_t block = add_words(d, BLOCK_HEADING, text);
	d->blocks[block].level = (uint8_t)level;
	d->gap = false;
}

void document_text(struct document *d, struct str text)
{
	add_words(d, BLOCK_PARAGRAPH, text);
	d->gap = false;
}

void document_line(struct document *d, struct str text)
{
	set_close(d, add_words(d, BLOCK_PARAGRAPH, text));
}

static void add_link_line(struct document *d, struct target target, struct str label)
{
	uint32_t block = document_add(d, BLOCK_LINK);
	uint32_t link = document_add_link(d, LINK_TEXT, target);
	d->blocks[block].link = link;
	if (label.len > 0)
		document_run(d, RUN_TEXT, arena_str(d->arena, label), 0, link);
	set_close(d, block);
}

void document_link(struct document *d, struct route route, struct str label)
{
	route.name = arena_str(d->arena, route.name);
	route.query = arena_str(d->arena, route.query);
	add_link_line(d, (struct target){ .kind = TARGET_ROUTE, .route = route }, label);
}

void document_link_url(struct document *d, struct str url, struct str label)
{
	struct target target = { .kind = TARGET_URL, .url = arena_str(d->arena, url) };
	add_link_line(d, target, label);
}

void document_gap(struct document *d)
{
	d->gap = true;
}

static uint32_t count_notes(const struct document *d)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < d->nblocks; i = d->blocks[i].end)
		n += d->blocks[i].kind == BLOCK_NOTE;
	return n;
}

static void *make_room(struct arena *arena, void *array, size_t count, size_t more,
		       size_t *capacity, size_t element_size)
{
	if (*capacity - count >= more)
		return array;
	*capacity = count + more;
	void *larger = arena_room(arena, *capacity * element_size);
	return count > 0 ? memcpy(larger, array, count * element_size) : larger;
}

/* Room for another document's elements at once: growing step by step copies them again and again.
 */
static void reserve(struct document *d, const struct document *other)
{
	d->blocks = make_room(d->arena, d->blocks, d->nblocks, other->nblocks + 8u,
			      &d->blocks_capacity, sizeof *d->blocks);
	d->runs = make_room(d->arena, d->runs, d->nruns, other->nruns + 8u, &d->runs_capacity,
			    sizeof *d->runs);
	d->links = make_room(d->arena, d->links, d->nlinks, other->nlinks + 8u, &d->links_capacity,
			     sizeof *d->links);
}

static void append_links(struct document *d, const struct document *other, uint32_t run_offset)
{
	for (uint32_t i = 0; i < other->nlinks; i++) {
		const struct link *from = &other->links[i];
		uint32_t link = document_add_link(d, from->kind, from->target);
		struct link *to = &d->links[link];
		to->title = from->title;
		to->first_run = from->first_run + run_offset;
		to->nruns = from->nruns;
	}
}

static void append_block(struct document *d, const struct block *from, uint32_t block_offset,
			 uint32_t run_offset, uint32_t link_offset)
{
	uint32_t block = document_add(d, (enum block_kind)from->kind);
	struct block *to = &d->blocks[block];
	unsigned depth = to->depth + from->depth;
	*to = *from;
	to->depth = (uint8_t)depth;
	to->end = from->end + block_offset;
	to->first_run = from->first_run + run_offset;
	if (from->link != NO_LINK)
		to->link = from->link + link_offset;
}

static void append_run(struct document *d, const struct run *from, uint32_t link_offset,
		       uint32_t first_note)
{
	struct run *to = &d->runs[d->nruns++];
	*to = *from;
	if (from->link != NO_LINK)
		to->link = from->link + link_offset;
	if (from->image != NO_LINK)
		to->image = from->image + link_offset;
	if (from->kind == RUN_NOTE)
		to->note = from->note + first_note;
}

void document_append(struct document *d, const struct document *other, unsigned shift)
{
	assert(other->nopen == 0);
	uint32_t block_offset = d->nblocks, run_offset = d->nruns, link_offset = d->nlinks;
	uint32_t first_note = count_notes(d);
	reserve(d, other);
	append_links(d, other, run_offset);
	for (uint32_t i = 0; i < other->nblocks; i++) {
		append_block(d, &other->blocks[i], block_offset, run_offset, link_offset);
		struct block *to = &d->blocks[d->nblocks - 1];
		if (to->kind == BLOCK_HEADING)
			to->level = (uint8_t)(to->level + shift > 6 ? 6 : to->level + shift);
		if (to->kind == BLOCK_NOTE)
			to->number += first_note;
	}
	for (uint32_t i = 0; i < other->nruns; i++)
		append_run(d, &other->runs[i], link_offset, first_note);
	if (d->lang.len == 0)
		d->lang = other->lang;
	if (d->macros == NULL)
		d->macros = other->macros;
	d->gap = false;
}

enum blank { BLANK_NONE, BLANK_SPACE, BLANK_SOFT };

static void add_plain(struct buf *out, size_t start, struct str text, enum blank *blank)
{
	for (size_t i = 0; i < text.len;) {
		if (str_is_blank(text.at[i])) {
			*blank = BLANK_SPACE;
			i++;
			continue;
		}
		size_t end = i;
		while (end < text.len && !str_is_blank(text.at[end]))
			end++;
		uint32_t next;
		utf8_decode(str_sub(text, i, end), &next);
		bool joined = *blank == BLANK_SOFT && utf8_is_ideographic(next) &&
			      utf8_is_ideographic(utf8_last(str_skip(buf_str(out), start)));
		if (*blank != BLANK_NONE && !joined && out->len > start)
			buf_add_char(out, ' ');
		*blank = BLANK_NONE;
		buf_add(out, str_sub(text, i, end));
		i = end;
	}
}

void document_plain(const struct document *d, uint32_t first_run, uint32_t nruns, struct buf *out)
{
	size_t start = out->len;
	enum blank blank = BLANK_NONE;
	for (uint32_t i = first_run; i < first_run + nruns; i++) {
		const struct run *r = &d->runs[i];
		switch (r->kind) {
		case RUN_SOFT_BREAK:
			if (blank == BLANK_NONE)
				blank = BLANK_SOFT;
			break;
		case RUN_HARD_BREAK: blank = BLANK_SPACE; break;
		case RUN_NOTE: break;
		default: add_plain(out, start, r->text, &blank);
		}
	}
}
