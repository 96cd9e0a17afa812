#include <stdlib.h>

#include "base/log.h"
#include "base/utf8.h"
#include "content/search_index.h"
#include "content/search_question.h"

/*
 * To rank a post costs a microsecond or two, and a common word is in every post. Questions that
 * more posts match than these are ranked among those whose title, keywords or description
 * match; the others follow, newest first. Nobody turns to the fiftieth page for its rank.
 */
#define RANK_ALL  1000
#define RANK_MOST 2000

/* The line of context: bytes in all, and of them before the word. */
#define CONTEXT_BYTES  160
#define CONTEXT_BEFORE 60

struct candidate {
	uint32_t post;
	int64_t id;  /* of its row; 0 = not known */
	double rank; /* less is better; 0 = not ranked */
};

struct candidates {
	struct candidate *at;
	size_t count, capacity;
};

/* One question on its way. */
struct finding {
	struct search *search;
	const struct catalogue *catalogue;
	struct arena *arena;
	struct search_question question;
	struct candidates list;
	bool narrows; /* something but words decides who is in the list */
	char *out;    /* posts that are excluded, or in the list already; by index */
};

/* The next update fills it again, that of the next start at the latest. */
static void give_up_damaged(struct search *s)
{
	struct fault fault;
	fault_set(&fault, buf_str(&s->file), 0, 0, "the search index is damaged: made anew");
	log_fault(LOG_WARNING, &fault);
	index_open_anew(s);
}

static bool has_keyword(const struct catalogue *c, const struct post *post, struct str slug)
{
	for (uint32_t i = 0; i < post->nkeywords; i++)
		if (str_equal(c->keywords[c->post_keywords[post->first_keyword + i]].slug, slug))
			return true;
	return false;
}

static bool passes_filters(const struct finding *f, uint32_t index)
{
	const struct catalogue *c = f->catalogue;
	const struct post *post = &c->posts[index];
	const struct search_question *q = &f->question;
	if (q->year != 0 && post->date.year != q->year)
		return false;
	if (q->series.len > 0 &&
	    (post->series == NO_INDEX || !str_equal(c->series[post->series].slug, q->series)))
		return false;
	return q->keyword.len == 0 || has_keyword(c, post, q->keyword);
}

/* Takes a post into the list once, if nothing speaks against it. */
static void take(struct finding *f, struct candidate candidate)
{
	if (f->out[candidate.post] || !passes_filters(f, candidate.post))
		return;
	f->out[candidate.post] = 1;
	struct candidates *list = &f->list;
	list->at = arena_grow(f->arena, list->at, list->count, &list->capacity, sizeof *list->at);
	list->at[list->count++] = candidate;
}

/* Asks for rows (rowid, rank) of an expression; false at their end. */
static bool next_row(const struct finding *f, sqlite3_stmt *rows, struct candidate *candidate)
{
	const struct search *s = f->search;
	while (sqlite3_step(rows) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(rows, 0);
		const struct post *post = NULL;
		if (id >= 0 && (size_t)id < s->nslugs)
			post = catalogue_post(f->catalogue, s->slugs[id]);
		if (post == NULL)
			continue;
		*candidate = (struct candidate){ (uint32_t)(post - f->catalogue->posts), id,
						 sqlite3_column_double(rows, 1) };
		return true;
	}
	return false;
}

static sqlite3_stmt *ask(const struct finding *f, const char *sql, struct str match)
{
	sqlite3_stmt *rows = index_prepare(f->search->db, sql);
	index_bind(rows, 1, match);
	return rows;
}

/* Rows with their weight: title 10, keywords 5, description 3, text 1. */
static void take_ranked(struct finding *f, struct str match)
{
	struct candidate candidate;
	sqlite3_stmt *rows = ask(f,
				 "SELECT rowid, bm25(posts, 10.0, 5.0, 3.0, 1.0) FROM posts"
				 " WHERE posts MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
				 match);
	sqlite3_bind_int(rows, 2, RANK_MOST);
	while (next_row(f, rows, &candidate))
		take(f, candidate);
	sqlite3_finalize(rows);
}

/* Rows as they come, the last that were written first; no more than `enough` in the list. */
static void take_unranked(struct finding *f, struct str match, size_t enough)
{
	struct candidate candidate;
	sqlite3_stmt *rows =
	    ask(f, "SELECT rowid, 0 FROM posts WHERE posts MATCH ?1 ORDER BY rowid DESC", match);
	while (f->list.count < enough && next_row(f, rows, &candidate))
		take(f, candidate);
	sqlite3_finalize(rows);
}

static void leave_out(struct finding *f, struct str match)
{
	struct candidate candidate;
	sqlite3_stmt *rows = ask(f, "SELECT rowid, 0 FROM posts WHERE posts MATCH ?1", match);
	while (next_row(f, rows, &candidate))
		f->out[candidate.post] = 1;
	sqlite3_finalize(rows);
}

static uint32_t count_rows(const struct finding *f, struct str match)
{
	sqlite3_stmt *row = ask(f, "SELECT count(*) FROM posts WHERE posts MATCH ?1", match);
	int64_t count = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
	sqlite3_finalize(row);
	return count > 0 && count < UINT32_MAX ? (uint32_t)count : 0;
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->rank < y->rank || x->rank > y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->post > y->post) - (x->post < y->post); /* posts[] is newest first */
}

/* Fills the list as far as `enough` and gives how many posts match in all. */
static uint32_t match_words(struct finding *f, size_t enough)
{
	struct str match = f->question.match, excluded = f->question.excluded;
	if (excluded.len > 0)
		match = arena_format(f->arena, "(%.*s) NOT (%.*s)", STR_ARGS(match),
				     STR_ARGS(excluded));
	uint32_t count = count_rows(f, match);
	if (count <= RANK_ALL) {
		take_ranked(f, match);
		return (uint32_t)f->list.count;
	}
	take_ranked(
	    f, arena_format(f->arena, "{title keywords description} : (%.*s)", STR_ARGS(match)));
	take_unranked(f, match, f->narrows ? SIZE_MAX : enough);
	return f->narrows ? (uint32_t)f->list.count : count;
}

/* Everything that passes, for questions that only narrow. */
static uint32_t match_all(struct finding *f)
{
	if (f->question.excluded.len > 0)
		leave_out(f, f->question.excluded);
	for (uint32_t i = 0; i < f->catalogue->nposts; i++)
		take(f, (struct candidate){ .post = i });
	return (uint32_t)f->list.count;
}

static bool is_word_byte(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || (unsigned char)c >= 0x80;
}

/* Where the word begins a word of the text, case of ASCII aside; or STR_NOT_FOUND. */
static size_t find_word(struct str text, struct str word)
{
	for (size_t at = 0; at + word.len <= text.len; at++)
		if (str_lower(text.at[at]) == str_lower(word.at[0]) &&
		    (at == 0 || !is_word_byte(text.at[at - 1])) &&
		    str_starts_nocase(str_skip(text, at), word))
			return at;
	return STR_NOT_FOUND;
}

/* A line of about CONTEXT_BYTES around a place, cut at blanks. */
static struct str line_around(struct arena *arena, struct str text, size_t place)
{
	size_t from = place > CONTEXT_BEFORE ? place - CONTEXT_BEFORE : 0;
	size_t to = from + CONTEXT_BYTES < text.len ? from + CONTEXT_BYTES : text.len;
	while (from > 0 && from < place && !str_is_blank(text.at[from]))
		from++;
	while (to < text.len && to > place && !str_is_blank(text.at[to]))
		to--;
	struct buf line = { 0 };
	buf_add(&line, from > 0 ? STR("…") : STR(""));
	utf8_clean_line(&line, str_sub(text, from, to > place ? to : text.len));
	buf_add(&line, to < text.len ? STR("…") : STR(""));
	struct str copy = arena_str(arena, buf_str(&line));
	buf_free(&line);
	return copy;
}

static struct str one_line(struct arena *arena, struct str text)
{
	struct buf line = { 0 };
	utf8_clean_line(&line, text);
	struct str copy = arena_str(arena, buf_str(&line));
	buf_free(&line);
	return copy;
}

/* The engine's own way knows diacritics and wide scripts, and takes each word of the text apart. */
static struct str context_by_tokens(const struct finding *f, int64_t id)
{
	struct str context = { 0 };
	sqlite3_stmt *row = ask(f,
				"SELECT snippet(posts, 3, '', '', '…', 20) FROM posts"
				" WHERE posts MATCH ?1 AND rowid = ?2",
				f->question.match);
	sqlite3_bind_int64(row, 2, id);
	if (sqlite3_step(row) == SQLITE_ROW)
		context = one_line(f->arena, index_text(row, 0));
	sqlite3_finalize(row);
	return context;
}

static struct str context_of(const struct finding *f, sqlite3_stmt *row, int64_t id)
{
	struct str context = { 0 };
	sqlite3_reset(row);
	sqlite3_bind_int64(row, 1, id);
	if (sqlite3_step(row) != SQLITE_ROW)
		return context;
	struct str text = index_text(row, 0);
	for (size_t i = 0; i < f->question.nwords; i++) {
		size_t place = find_word(text, f->question.words[i]);
		if (place != STR_NOT_FOUND)
			return line_around(f->arena, text, place);
	}
	return context_by_tokens(f, id);
}

static void fill_result(const struct finding *f, uint32_t first, uint32_t most,
			struct search_result *result)
{
	const struct candidates *list = &f->list;
	if (first >= list->count)
		return;
	uint32_t rest = (uint32_t)list->count - first;
	bool words = f->question.match.len > 0;
	sqlite3_stmt *row = index_prepare(f->search->db, "SELECT text FROM posts WHERE rowid = ?1");
	result->nhits = rest < most ? rest : most;
	result->hits = ARENA_ARRAY(f->arena, struct search_hit, result->nhits);
	for (uint32_t i = 0; i < result->nhits; i++) {
		const struct candidate *candidate = &list->at[first + i];
		struct search_hit *hit = &result->hits[i];
		hit->post = candidate->post;
		hit->context = words ? context_of(f, row, candidate->id)
				     : f->catalogue->posts[candidate->post].description;
	}
	sqlite3_finalize(row);
}

void search_find(struct search *s, const struct catalogue *c, struct str text, uint32_t first,
		 uint32_t most, struct arena *arena, struct search_result *result)
{
	struct finding f = { .search = s, .catalogue = c, .arena = arena };
	*result = (struct search_result){ 0 };
	search_question_read(arena, text, &f.question);
	f.narrows = f.question.series.len > 0 || f.question.keyword.len > 0 || f.question.year != 0;
	f.out = arena_get(arena, c->nposts + 1);

	pthread_mutex_lock(&s->lock);
	if (f.question.match.len > 0)
		result->total = match_words(&f, (size_t)first + most);
	else if (f.narrows || f.question.excluded.len > 0)
		result->total = match_all(&f);
	if (f.list.count > 1)
		qsort(f.list.at, f.list.count, sizeof *f.list.at, by_rank);
	fill_result(&f, first, most, result);
	if (index_is_damaged(s))
		give_up_damaged(s);
	pthread_mutex_unlock(&s->lock);
}
