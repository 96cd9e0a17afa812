#include "content/search_context.h"

#include <stdlib.h>

#include "base/utf8.h"

/* The line: bytes in all, and of them before the word. */
#define LINE_BYTES  160
#define LINE_BEFORE 60

static bool is_word_byte(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || (unsigned char)c >= 0x80;
}

/*
 * Where the word begins a word of the text, and unless it may go on also ends it, case of ASCII
 * aside; or STR_NOT_FOUND. Scripts without blanks have no ends of words.
 */
static size_t find_word(struct str text, struct str word, bool may_go_on)
{
	uint32_t code;
	utf8_decode(word, &code);
	if (utf8_is_unspaced(code))
		return str_find_str(text, word, 0);
	for (size_t at = 0; at + word.len <= text.len; at++) {
		size_t end = at + word.len;
		if (str_lower(text.at[at]) == str_lower(word.at[0]) &&
		    (at == 0 || !is_word_byte(text.at[at - 1])) &&
		    str_starts_nocase(str_skip(text, at), word) &&
		    (may_go_on || end == text.len || !is_word_byte(text.at[end])))
			return at;
	}
	return STR_NOT_FOUND;
}

static bool is_between_characters(struct str text, size_t at)
{
	return at >= text.len || ((unsigned char)text.at[at] & 0xc0) != 0x80;
}

/* Cuts at a blank, and in scripts without blanks between two characters. */
static struct str cut_around(struct str text, size_t place)
{
	size_t first = place > LINE_BEFORE ? place - LINE_BEFORE : 0, from = first;
	size_t last = first + LINE_BYTES < text.len ? first + LINE_BYTES : text.len, to = last;
	while (from > 0 && from < place && !str_is_blank(text.at[from]))
		from++;
	while (to < text.len && to > place && !str_is_blank(text.at[to]))
		to--;
	if (from == place)
		for (from = first; !is_between_characters(text, from);)
			from++;
	if (to <= place)
		for (to = last; !is_between_characters(text, to);)
			to--;
	return str_sub(text, from, to);
}

static struct str line_around(struct arena *arena, struct str text, size_t place)
{
	struct str part = cut_around(text, place);
	struct buf line = { 0 };
	buf_add(&line, part.at > text.at ? STR("…") : STR(""));
	utf8_clean_line(&line, part);
	buf_add(&line, part.at + part.len < text.at + text.len ? STR("…") : STR(""));
	struct str copy = arena_str(arena, buf_str(&line));
	buf_free(&line);
	return copy;
}

/* Long words say more than short ones. */
static int by_length(const void *a, const void *b)
{
	const struct context_word *x = a, *y = b;
	return (x->text.len < y->text.len) - (x->text.len > y->text.len);
}

void search_context_begin(struct search_context *c, struct search *s,
			  const struct search_question *question, struct arena *arena)
{
	*c = (struct search_context){ .search = s, .question = question, .arena = arena };
	for (size_t i = 0; i < question->nwords; i++)
		c->words[i] =
		    (struct context_word){ question->words[i],
					   question->last_may_go_on && i + 1 == question->nwords };
	qsort(c->words, question->nwords, sizeof *c->words, by_length);
	c->text = index_prepare(s, s->reader, "SELECT text FROM posts WHERE rowid = ?1");
}

void search_context_end(struct search_context *c)
{
	sqlite3_finalize(c->text);
}

struct str search_context_of(struct search_context *c, int64_t id, int token)
{
	size_t place = STR_NOT_FOUND;
	sqlite3_reset(c->text);
	sqlite3_bind_int64(c->text, 1, id);
	if (!index_next(c->search, c->text))
		return STR("");
	struct str text = index_text(c->text, 0);
	for (size_t i = 0; i < c->question->nwords && place == STR_NOT_FOUND; i++)
		place = find_word(text, c->words[i].text, c->words[i].may_go_on);
	/* The engine knows diacritics and scripts without blanks. */
	if (place == STR_NOT_FOUND && token >= 0)
		place = search_tokens_place(c->search->engine, text, token);
	return place < text.len ? line_around(c->arena, text, place) : STR("");
}
