#include "render/walk.h"

static const struct block *block_at(const struct walk *w, uint32_t index)
{
	return &w->document->blocks[index];
}

static const bool is_container[BLOCK_KINDS] = {
	[BLOCK_LIST] = true,        [BLOCK_ITEM] = true,       [BLOCK_QUOTE] = true,
	[BLOCK_DEFINITIONS] = true, [BLOCK_DEFINITION] = true, [BLOCK_NOTE] = true,
};

/* Whether a container holds more than one block, lists below its first not counted. */
static bool has_blocks(const struct walk *w, uint32_t index)
{
	uint32_t end = block_at(w, index)->end;
	unsigned n = 0;
	for (uint32_t i = index + 1; i < end; i = block_at(w, i)->end)
		if (block_at(w, i)->kind != BLOCK_LIST && ++n > 1)
			return true;
	return false;
}

static bool any_has_blocks(const struct walk *w, uint32_t from, uint32_t end, enum block_kind kind)
{
	for (uint32_t i = from; i < end; i = block_at(w, i)->end)
		if (block_at(w, i)->kind == kind && has_blocks(w, i))
			return true;
	return false;
}

/* Where this walk stops. */
static uint32_t end_of(const struct walk *w)
{
	return w->end > 0 ? w->end : w->document->nblocks;
}

static void enter_item(struct walk *w, const struct walk_level *list)
{
	const struct walk_level *around = w->nlevels > 1 ? list - 1 : NULL;
	bool in_item = around != NULL && (around->block->kind == BLOCK_ITEM ||
					  around->block->kind == BLOCK_DEFINITION);
	if (list->nblocks > 1)
		w->tight = !list->loose && !w->after_loose;
	else if (in_item && around->nblocks > 1)
		w->tight = around->nblocks == 2 && !list->loose;
}

/* How closely a container's first line follows what stands above it. */
static void enter(struct walk *w, uint32_t index)
{
	const struct block *block = block_at(w, index);
	struct walk_level *around = walk_level(w);
	switch (block->kind) {
	case BLOCK_ITEM:
		if (around != NULL)
			enter_item(w, around);
		break;
	case BLOCK_DEFINITION:
		w->tight =
		    block_at(w, index - 1)->kind == BLOCK_TERM || around == NULL || !around->loose;
		break;
	case BLOCK_NOTE:
		if (!w->notes_begun)
			w->notes_loose = any_has_blocks(w, index, end_of(w), BLOCK_NOTE);
		else
			w->tight = !w->notes_loose;
		w->notes_begun = true;
		break;
	default: break;
	}
	struct walk_level level = { .block = block, .bullets = around ? around->bullets : 0 };
	if (block->kind == BLOCK_QUOTE)
		level.bullets = 0;
	level.ordered =
	    block->kind == BLOCK_ITEM && around != NULL && around->block->delimiter != 0;
	if (block->kind == BLOCK_LIST)
		level.loose = any_has_blocks(w, index + 1, block->end, BLOCK_ITEM);
	else if (block->kind == BLOCK_DEFINITIONS)
		level.loose = any_has_blocks(w, index + 1, block->end, BLOCK_DEFINITION);
	if (block->kind == BLOCK_DEFINITIONS || (block->kind == BLOCK_LIST && !block->delimiter))
		level.bullets++;
	w->levels[w->nlevels++] = level;
}

static void leave(struct walk *w)
{
	struct walk_level *level = walk_level(w);
	w->event = WALK_LEAVE;
	w->block = level->block;
	w->after_loose |= level->block->kind == BLOCK_LIST && level->loose;
	w->nlevels--;
}

static bool follows_term(const struct walk *w, uint32_t index)
{
	return index > 0 && block_at(w, index - 1)->kind == BLOCK_TERM;
}

void walk_begin(struct walk *w, const struct document *d, uint32_t next, uint32_t end)
{
	w->document = d;
	w->next = next;
	w->end = end;
	w->nlevels = 0;
	w->tight = w->notes_loose = w->notes_begun = w->after_loose = false;
}

bool walk_next(struct walk *w)
{
	struct walk_level *level = walk_level(w);
	if (level != NULL && w->next >= level->block->end) {
		leave(w);
		return true;
	}
	if (w->next >= end_of(w))
		return false;
	uint32_t index = w->next;
	w->block = block_at(w, index);
	if (level != NULL)
		level->nblocks++;
	if (w->block->close)
		w->tight = true;
	if (is_container[w->block->kind]) {
		w->event = WALK_ENTER;
		w->next = index + 1;
		enter(w, index);
		return true;
	}
	w->event = WALK_LEAF;
	w->next = w->block->end;
	if (w->block->kind == BLOCK_TERM && follows_term(w, index))
		w->tight = true;
	return true;
}

bool walk_at_edge(const struct walk *w)
{
	uint32_t i = w->next;
	while (i < w->document->nblocks && block_at(w, i)->kind == BLOCK_RULE)
		i++;
	if (i >= w->document->nblocks)
		return true;
	return block_at(w, i)->kind == BLOCK_HEADING || block_at(w, i)->kind == BLOCK_NOTE;
}
