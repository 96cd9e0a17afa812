#include "document/gather.h"

void gather_begin(struct gather *g)
{
	g->slice = (struct str){ 0 };
	g->copied = false;
	buf_clear(&g->copy);
}

/* The source goes on with the same bytes, even where the piece itself is no part of it. */
static bool goes_on(const struct gather *g, struct str piece)
{
	const char *end = g->slice.at + g->slice.len;
	size_t left = (size_t)(g->source.at + g->source.len - end);
	return piece.len <= left && memcmp(end, piece.at, piece.len) == 0;
}

void gather_add(struct gather *g, struct str piece)
{
	if (piece.len == 0)
		return;
	if (!g->copied && g->slice.len == 0 && gather_is_source(g, piece.at)) {
		g->slice = piece;
	} else if (!g->copied && g->slice.len > 0 && goes_on(g, piece)) {
		g->slice.len += piece.len;
	} else {
		if (!g->copied)
			buf_add(&g->copy, g->slice);
		g->copied = true;
		buf_add(&g->copy, piece);
	}
}

struct str gather_end(struct gather *g, struct arena *arena)
{
	struct str text = g->copied ? arena_str(arena, buf_str(&g->copy)) : g->slice;
	gather_begin(g);
	return text;
}

void gather_free(struct gather *g)
{
	buf_free(&g->copy);
}
