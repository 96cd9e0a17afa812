#include "content/search_question.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "content/catalogue.h"

struct word {
	struct str text;
	bool excluded, quoted;
};

/* Quotes end a word only in pairs: an open one at the end is no phrase but part of the text. */
static struct str take_quoted(struct str *rest)
{
	size_t end = str_find(*rest, '"', 1);
	struct str text = str_sub(*rest, 1, end);
	*rest = str_skip(*rest, end == STR_NOT_FOUND ? rest->len : end + 1);
	return text;
}

/* The next run of non-blanks or quoted phrase, with what stands before it (`-`, `series:`). */
static bool take_word(struct str *rest, struct str *prefix, struct word *word)
{
	*rest = str_trim(*rest);
	*prefix = STR("");
	*word = (struct word){ 0 };
	if (rest->len == 0)
		return false;
	if (rest->at[0] == '-' && rest->len > 1 && !str_is_blank(rest->at[1])) {
		word->excluded = true;
		*rest = str_skip(*rest, 1);
	}
	size_t end = 0;
	while (end < rest->len && !str_is_blank(rest->at[end]) && rest->at[end] != '"' &&
	       rest->at[end] != ':')
		end++;
	if (end > 0 && end < rest->len && rest->at[end] == ':') {
		*prefix = str_sub(*rest, 0, end);
		*rest = str_skip(*rest, end + 1);
		end = 0;
	}
	if (rest->len > 0 && rest->at[0] == '"') {
		word->quoted = true;
		word->text = take_quoted(rest);
		return true;
	}
	while (end < rest->len && !str_is_blank(rest->at[end]) && rest->at[end] != '"')
		end++;
	word->text = str_sub(*rest, 0, end);
	*rest = str_skip(*rest, end);
	return true;
}

static bool take_filter(struct arena *arena, struct str name, const struct word *word,
			struct search_question *question)
{
	uint64_t year;
	if (word->excluded || word->text.len == 0)
		return false;
	if (str_equal_nocase(name, STR("series")))
		question->series = catalogue_slug_in(arena, word->text);
	else if (str_equal_nocase(name, STR("keyword")) || str_equal_nocase(name, STR("tag")))
		question->keyword = catalogue_slug_in(arena, word->text);
	else if (str_equal_nocase(name, STR("year")) && str_number(word->text, 9999, &year))
		question->year = (int32_t)year;
	else
		return false;
	return true;
}

/* FTS5's string: its tokenizer sees the text, its grammar nothing of it. */
static void add_string(struct buf *out, struct str text, struct str joint)
{
	if (out->len > 0)
		buf_add(out, joint);
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, text.at[i]);
	}
	buf_add_char(out, '"');
}

/*
 * Whether a word may also be the beginning of a longer one: with three letters, or two columns
 * wide each; less would be the beginning of nearly everything. In scripts without blanks two
 * characters are a whole token, and one is the beginning of every pair.
 */
static bool may_go_on(struct str text)
{
	size_t columns = 0, nunspaced = 0;
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		bool of_word = utf8_is_letter(code) || utf8_is_digit(code);
		columns = of_word ? columns + utf8_width(code) : 0;
		nunspaced = of_word && utf8_is_unspaced(code) ? nunspaced + 1 : 0;
	}
	return nunspaced > 0 ? nunspaced == 1 : columns > 2;
}

struct str search_question_cut(struct str text)
{
	if (text.len <= QUESTION_MAX_BYTES)
		return text;
	size_t end = QUESTION_MAX_BYTES;
	while (end > 0 && ((unsigned char)text.at[end] & 0xc0) == 0x80)
		end--;
	return str_sub(text, 0, end);
}

/* A question on its way. */
struct reading {
	struct arena *arena;
	fts5_api *engine;
	struct buf match, excluded;
	size_t ntokens, last; /* in `match`; where its last word begins there */
	struct search_question *question;
};

/* A word without tokens matches nothing: signs alone are no word. */
static void take(struct reading *r, const struct word *word)
{
	struct search_question *q = r->question;
	struct str at[QUESTION_MAX_TOKENS];
	struct pair_set of_excluded = { 0 };
	struct search_tokens tokens = { .at = at, .most = QUESTION_MAX_TOKENS - r->ntokens };
	bool goes_on = !word->quoted && may_go_on(word->text);
	tokens.pairs = word->excluded ? &of_excluded : &q->pairs;
	search_tokens_split(r->engine, word->text, goes_on, &tokens);
	if (tokens.count == 0)
		return;
	if (word->excluded) {
		add_string(&r->excluded, word->text, STR(" OR "));
		return;
	}
	r->last = r->match.len;
	for (size_t i = 0; i < tokens.count; i++)
		add_string(&r->match, at[i], STR(" AND "));
	q->phrases[q->nwords] = (struct phrase){ r->ntokens, tokens.count };
	q->words[q->nwords++] = arena_str(r->arena, word->text);
	q->last_may_go_on = goes_on;
	r->ntokens += tokens.count;
}

/*
 * A word of several tokens ("state-of-the-ar") stays a phrase of the engine: a beginning stands in
 * so many places that it takes these together faster than we could compare them.
 */
static void let_go_on(struct reading *r)
{
	struct search_question *q = r->question;
	r->match.len = r->last;
	add_string(&r->match, q->words[q->nwords - 1], STR(" AND "));
	buf_add(&r->match, STR(" *"));
	q->phrases[q->nwords - 1].nwords = 1;
}

void search_question_read(struct arena *arena, fts5_api *engine, struct str text,
			  struct search_question *question)
{
	struct buf clean = { 0 };
	struct reading r = { .arena = arena, .engine = engine, .question = question };
	*question = (struct search_question){ 0 };
	utf8_clean_line(&clean, search_question_cut(text));
	struct str rest = buf_str(&clean), prefix;
	struct word word;
	for (size_t n = 0; n < QUESTION_MAX_WORDS && take_word(&rest, &prefix, &word); n++) {
		if (prefix.len > 0 && take_filter(arena, prefix, &word, question))
			continue;
		/* What only looks like a filter is text: "a:b" is the phrase a b. */
		if (prefix.len > 0)
			word.text =
			    arena_format(arena, "%.*s:%.*s", STR_ARGS(prefix), STR_ARGS(word.text));
		take(&r, &word);
	}
	if (question->last_may_go_on)
		let_go_on(&r);
	question->match = arena_str(arena, buf_str(&r.match));
	question->excluded = arena_str(arena, buf_str(&r.excluded));
	buf_free(&clean);
	buf_free(&r.match);
	buf_free(&r.excluded);
}
