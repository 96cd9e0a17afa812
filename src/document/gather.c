#include "document/gather.h"

void gather_begin(struct gather *g)
{
	g->slice = (struct str){ 0 };
	g->copied = false;
	g->indent = 0;
	buf_clear(&g->copy);
}

/* The source goes on with the same bytes, even where the piece itself is no part of it. */
static bool goes_on(const struct gather *g, struct str piece)
{
	const char *end = g->slice.at + g->slice.len;
	size_t left = (size_t)(g->source.at + g->source.len - end);
	return piece.len <= left && memcmp(end, piece.at, piece.len) == 0;
}

/* Makes the slice longer where that is all that a piece asks for. */
static inline bool lengthen(struct gather *g, struct str piece)
{
	bool longer = !g->copied && g->slice.len > 0 && goes_on(g, piece);
	if (longer)
		g->slice.len += piece.len;
	return longer;
}

static void add(struct gather *g, struct str piece)
{
	if (piece.len == 0 || lengthen(g, piece))
		return;
	if (!g->copied && g->slice.len == 0 && gather_is_source(g, piece.at)) {
		g->slice = piece;
		return;
	}
	if (!g->copied)
		buf_add(&g->copy, g->slice);
	g->copied = true;
	buf_add(&g->copy, piece);
}

static void add_blanks(struct gather *g, size_t count)
{
	static const struct str blanks = STR_INIT("                ");
	for (; count > blanks.len; count -= blanks.len)
		add(g, blanks);
	add(g, str_sub(blanks, 0, count));
}

static size_t column_behind(char c, size_t column)
{
	return c == '\t' ? column / 4 * 4 + 4 : column + 1;
}

/* Whether a tab is among the blanks before a place of the source. */
static bool is_behind_tab(const struct gather *g, const char *at)
{
	while (at > g->source.at && at[-1] == ' ')
		at--;
	return at > g->source.at && at[-1] == '\t';
}

/* What the source has in the `g->indent` columns before a place: a tab may begin before them. */
static void add_indentation(struct gather *g, const char *end)
{
	const char *line = end;
	while (line > g->source.at && line[-1] != '\n')
		line--;
	size_t column = 0, skipped = 0;
	for (const char *at = line; at < end; at++)
		column = column_behind(*at, column);
	size_t first = column > g->indent ? column - g->indent : 0;
	const char *at = line;
	while (at < end && skipped < first)
		skipped = column_behind(*at++, skipped);
	add_blanks(g, skipped - first);
	add(g, (struct str){ at, (size_t)(end - at) });
}

/* What md4c told of a line's indentation, now that the piece behind it is known. */
static void end_indentation(struct gather *g, struct str piece)
{
	if (gather_is_source(g, piece.at) && is_behind_tab(g, piece.at))
		add_indentation(g, piece.at);
	else
		add_blanks(g, g->indent);
	g->indent = 0;
}

void gather_add(struct gather *g, struct str piece)
{
	if (piece.len == 0)
		return;
	if (g->indent == 0 && lengthen(g, piece))
		return;
	if (piece.at[0] == ' ' && !gather_is_source(g, piece.at)) {
		g->indent += piece.len;
		return;
	}
	if (g->indent > 0)
		end_indentation(g, piece);
	add(g, piece);
}

struct str gather_end(struct gather *g, struct arena *arena)
{
	add_blanks(g, g->indent);
	struct str text = g->copied ? arena_str(arena, buf_str(&g->copy)) : g->slice;
	gather_begin(g);
	return text;
}

void gather_free(struct gather *g)
{
	buf_free(&g->copy);
}
