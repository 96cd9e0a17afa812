#include <stdlib.h>

#include "content/search_context.h"
#include "content/search_index.h"
#include "content/search_question.h"

/*
 * A common word is in every post. Of more posts than these the newest are ranked, and the best
 * among those whose title, keywords and description hold all of the words: nobody turns
 * to the twenty-fifth page.
 */
#define FIND_MOST 500

/* Heads that are looked at besides. */
#define HEADS_MOST (10 * FIND_MOST)

/* Heads of which the text is asked too. */
#define ASKED_MOST 40

/* Puts posts whose title, keywords and description answer the question before all others. */
#define HEAD_RANK (-1e6)

struct candidate {
	uint32_t post;
	int64_t id;  /* of its row, where words were asked for */
	double rank; /* less is better */
	bool unsure; /* it may hold an excluded word */
	int token;   /* of its text: the first that answers; -1 = not known */
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
	uint32_t series, keyword; /* that it narrows to; NO_INDEX = any */
	struct candidates list;
	const struct post *last; /* of the row that was weighed last */
	bool in_heads;           /* `heads` is asked, not `posts` */
	struct pair_rows rows;   /* that may hold all phrases */
	uint32_t *place; /* of each post in the list, from 1; 0 = not there; LEFT_OUT = never */
};

#define LEFT_OUT UINT32_MAX

/* --- what narrows --- */

/* False when there is no such series or keyword. */
static bool find_groups(struct finding *f)
{
	const struct catalogue *c = f->catalogue;
	const struct search_question *q = &f->question;
	const struct group *series = NULL, *keyword = NULL;
	if (q->series.len > 0)
		series = catalogue_series(c, q->series);
	if (q->keyword.len > 0)
		keyword = catalogue_keyword(c, q->keyword);
	f->series = series != NULL ? (uint32_t)(series - c->series) : NO_INDEX;
	f->keyword = keyword != NULL ? (uint32_t)(keyword - c->keywords) : NO_INDEX;
	return (q->series.len == 0 || series != NULL) && (q->keyword.len == 0 || keyword != NULL);
}

static bool has_keyword(const struct catalogue *c, const struct post *post, uint32_t keyword)
{
	for (uint32_t i = 0; i < post->nkeywords; i++)
		if (c->post_keywords[post->first_keyword + i] == keyword)
			return true;
	return false;
}

static bool passes_filters(const struct finding *f, const struct post *post)
{
	return (f->question.year == 0 || post->date.year == f->question.year) &&
	       (f->series == NO_INDEX || post->series == f->series) &&
	       (f->keyword == NO_INDEX || has_keyword(f->catalogue, post, f->keyword));
}

/* --- candidates --- */

/* The post of a row; NULL when the catalogue of this question lacks it. */
static const struct post *post_of(const struct finding *f, int64_t id)
{
	const struct search *s = f->search;
	return id >= 0 && (size_t)id < s->nposts ? catalogue_post(f->catalogue, s->posts[id].slug)
						 : NULL;
}

/* Takes a post into the list, or gives it another rank when it is there. */
static void take(struct finding *f, struct candidate candidate)
{
	uint32_t *place = &f->place[candidate.post];
	struct candidates *list = &f->list;
	if (*place == LEFT_OUT)
		return;
	if (*place > 0) {
		list->at[*place - 1].rank = candidate.rank;
		return;
	}
	list->at = arena_grow(f->arena, list->at, list->count, &list->capacity, sizeof *list->at);
	list->at[list->count++] = candidate;
	*place = (uint32_t)list->count;
}

static sqlite3_stmt *ask(const struct finding *f, const char *sql, struct str match)
{
	sqlite3_stmt *rows = index_prepare(f->search, f->search->reader, sql);
	index_bind(rows, 1, match);
	return rows;
}

/* How long a post is, for its weight; negative when it does not pass. */
static double length_of(void *context, int64_t id)
{
	struct finding *f = context;
	const struct search *s = f->search;
	const struct post *post = f->last = post_of(f, id);
	if (post == NULL || !passes_filters(f, post))
		return -1;
	return s->total_bytes > 0
		   ? (double)s->posts[id].bytes * (double)s->nrows / (double)s->total_bytes
		   : 1;
}

/* Rows (rowid, weight), until `enough` are in the list. A weight of NULL: not wanted. */
static void take_rows(struct finding *f, const char *sql, struct str match, double rank,
		      size_t enough)
{
	sqlite3_stmt *rows = ask(f, sql, match);
	f->search->weighing = (struct weighing){
		.question = &f->question, .rows = f->rows, .length = length_of, .context = f
	};
	while (f->list.count < enough && index_next(f->search, rows)) {
		if (sqlite3_column_type(rows, 1) == SQLITE_NULL)
			continue;
		take(f,
		     (struct candidate){ .post = (uint32_t)(f->last - f->catalogue->posts),
					 .id = sqlite3_column_int64(rows, 0),
					 .rank = rank - sqlite3_column_double(rows, 1),
					 .token = f->search->weighing.first,
					 .unsure = f->in_heads && f->question.excluded.len > 0 });
	}
	sqlite3_finalize(rows);
}

static void leave_out_row(struct finding *f, int64_t id)
{
	const struct post *post = post_of(f, id);
	if (post != NULL)
		f->place[post - f->catalogue->posts] = LEFT_OUT;
}

/* Posts that hold an excluded word, and those that there was no time to look at. */
static void leave_out(struct finding *f, struct str match)
{
	int64_t last = (int64_t)f->search->nposts;
	sqlite3_stmt *rows =
	    ask(f, "SELECT rowid FROM posts WHERE posts MATCH ?1 ORDER BY rowid DESC", match);
	while (index_next(f->search, rows))
		leave_out_row(f, last = sqlite3_column_int64(rows, 0));
	sqlite3_finalize(rows);
	while (f->search->is_cut && last-- > 0)
		leave_out_row(f, last);
}

/* Posts whose words answer; true when there are more than FIND_MOST. */
static bool match_words(struct finding *f)
{
	struct search_question *q = &f->question;
	struct str match = q->match;
	if (q->excluded.len > 0)
		match = arena_format(f->arena, "(%.*s) NOT (%.*s)", STR_ARGS(q->match),
				     STR_ARGS(q->excluded));
	f->rows = search_pairs_find(f->search, &q->pairs, f->arena);
	take_rows(f,
		  "SELECT rowid, weight(posts) FROM posts WHERE posts MATCH ?1"
		  " ORDER BY rowid DESC",
		  match, 0, FIND_MOST + 1);
	if (f->list.count <= FIND_MOST)
		return false;
	f->in_heads = true;
	take_rows(f,
		  "SELECT rowid, weight(heads) FROM heads WHERE heads MATCH ?1"
		  " ORDER BY rowid DESC",
		  q->match, HEAD_RANK, HEADS_MOST);
	return true;
}

/* Everything that passes, for questions that only narrow. */
static void match_all(struct finding *f)
{
	if (f->question.excluded.len > 0)
		leave_out(f, f->question.excluded);
	for (uint32_t i = 0; i < f->catalogue->nposts; i++)
		if (passes_filters(f, &f->catalogue->posts[i]))
			take(f, (struct candidate){ .post = i });
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->rank < y->rank || x->rank > y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->post > y->post) - (x->post < y->post); /* posts[] is newest first */
}

/* Heads do not tell what is in the text of their posts. The best are asked, the others dropped. */
static void drop_excluded(struct finding *f)
{
	struct candidates *list = &f->list;
	size_t kept = 0, asked = 0;
	sqlite3_stmt *row =
	    ask(f, "SELECT 1 FROM posts WHERE posts MATCH ?1 AND rowid = ?2", f->question.excluded);
	for (size_t i = 0; i < list->count; i++) {
		const struct candidate *candidate = &list->at[i];
		if (candidate->unsure) {
			sqlite3_reset(row);
			sqlite3_bind_int64(row, 2, candidate->id);
			if (asked++ >= ASKED_MOST || index_next(f->search, row))
				continue;
		}
		list->at[kept++] = *candidate;
	}
	list->count = kept;
	sqlite3_finalize(row);
}

static void fill_result(const struct finding *f, uint32_t first, uint32_t most,
			struct search_result *result)
{
	const struct candidates *list = &f->list;
	if (first >= result->total)
		return;
	uint32_t rest = result->total - first;
	struct search_context context;
	search_context_begin(&context, f->search, &f->question, f->arena);
	result->nhits = rest < most ? rest : most;
	result->hits = ARENA_ARRAY(f->arena, struct search_hit, result->nhits);
	for (uint32_t i = 0; i < result->nhits; i++) {
		const struct candidate *candidate = &list->at[first + i];
		struct search_hit *hit = &result->hits[i];
		hit->post = candidate->post;
		if (f->question.match.len > 0)
			hit->context = search_context_of(&context, candidate->id, candidate->token);
		if (hit->context.len == 0)
			hit->context = f->catalogue->posts[candidate->post].description;
	}
	search_context_end(&context);
}

/* An update that runs meanwhile does it itself. */
static void give_up_damaged(struct search *s)
{
	if (pthread_mutex_trylock(&s->updating) != 0)
		return;
	pthread_mutex_lock(&s->lock);
	if (atomic_load(&s->is_damaged))
		index_give_up_damaged(s);
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_unlock(&s->updating);
}

static void answer(struct finding *f, uint32_t first, uint32_t most, struct search_result *result)
{
	const struct search_question *q = &f->question;
	f->place = ARENA_ARRAY(f->arena, uint32_t, f->catalogue->nposts + 1);
	index_begin_question(f->search);
	if (q->match.len > 0)
		result->more = match_words(f);
	else if (f->series != NO_INDEX || f->keyword != NO_INDEX || q->year != 0 ||
		 q->excluded.len > 0)
		match_all(f);
	if (f->list.count > 1)
		qsort(f->list.at, f->list.count, sizeof *f->list.at, by_rank);
	if (f->in_heads && q->excluded.len > 0)
		drop_excluded(f);
	result->total = result->more ? FIND_MOST : (uint32_t)f->list.count;
	result->cut = index_end_question(f->search);
	result->unready = q->match.len > 0 && f->search->nrows < f->catalogue->nposts;
	fill_result(f, first, most, result);
}

void search_find(struct search *s, const struct catalogue *c, struct str text, uint32_t first,
		 uint32_t most, struct arena *arena, struct search_result *result)
{
	struct finding f = { .search = s, .catalogue = c, .arena = arena };
	*result = (struct search_result){ 0 };
	pthread_mutex_lock(&s->lock);
	search_question_read(arena, s->engine, text, &f.question);
	if (find_groups(&f))
		answer(&f, first, most, result);
	pthread_mutex_unlock(&s->lock);
	if (atomic_load(&s->is_damaged))
		give_up_damaged(s);
}
