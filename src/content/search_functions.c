#include "content/search_functions.h"

#include <math.h>

#include "content/search_phrase.h"

/* Occurrences of words that a question may look at to rank what it finds: about a millisecond. */
#define WORK_MOST 20000

/* How rare a word is shows after this many posts that hold it. */
#define RARITY_POSTS 500

/* How much rarer a phrase gets with each further word: as if that followed in one post of ten. */
#define RARITY_NEXT 2.3

#define TEXT_COLUMN 3

/* BM25's constants, as usual. */
#define K1 1.2
#define B  0.75

struct occurrences {
	sqlite3_int64 posts, last;
};

static int count_post(const Fts5ExtensionApi *api, Fts5Context *row, void *context)
{
	struct occurrences *found = context;
	found->posts++;
	found->last = api->xRowid(row);
	return found->posts >= RARITY_POSTS ? SQLITE_DONE : SQLITE_OK;
}

/* BM25's idf. Of a common word it is reckoned from the first posts that hold it. */
static double rarity_of_word(const Fts5ExtensionApi *api, Fts5Context *row, size_t word,
			     sqlite3_int64 nposts)
{
	struct occurrences found = { 0 };
	api->xQueryPhrase(row, (int)word, &found, count_post);
	double all = (double)nposts, holding = (double)found.posts;
	if (found.posts >= RARITY_POSTS && found.last < nposts)
		holding *= all / (double)found.last;
	double rarity = log((all - holding + 0.5) / (holding + 0.5));
	return rarity > 0 ? rarity : 1e-6;
}

static double rarity_of(const Fts5ExtensionApi *api, Fts5Context *row, struct phrase phrase,
			sqlite3_int64 nposts)
{
	double rarity = 0;
	for (size_t i = 0; i < phrase.nwords; i++)
		rarity = fmax(rarity, rarity_of_word(api, row, phrase.first + i, nposts));
	return rarity + RARITY_NEXT * (double)(phrase.nwords - 1);
}

static void make_ready(struct weighing *w, const Fts5ExtensionApi *api, Fts5Context *row)
{
	const struct search_question *q = w->question;
	sqlite3_int64 nposts = 0;
	api->xRowCount(row, &nposts);
	/* One word is as rare in every post. */
	for (size_t i = 0; i < q->nwords; i++)
		w->rarity[i] = q->nwords > 1 ? rarity_of(api, row, q->phrases[i], nposts) : 1;
	w->is_ready = true;
}

static bool all_occur(const struct search_question *q, const Fts5ExtensionApi *api,
		      Fts5Context *row)
{
	struct phrase_walk walk;
	for (size_t i = 0; i < q->nwords; i++)
		if (q->phrases[i].nwords > 1 && !phrase_first(&walk, api, row, q->phrases[i]))
			return false;
	return true;
}

/*
 * What a word is worth in the row. Each column has its own measure: were the columns one, a long
 * text that repeats a word would beat the title that says it. Only texts differ in length.
 */
static double worth(struct weighing *w, const Fts5ExtensionApi *api, Fts5Context *row,
		    struct phrase phrase, double length)
{
	static const double weights[TEXT_COLUMN + 1] = { 10, 5, 3, 1 };
	double often[TEXT_COLUMN + 1] = { 0 }, sum = 0;
	struct phrase_walk walk;
	for (bool on = phrase_first(&walk, api, row, phrase); on; on = phrase_next(&walk)) {
		int column = walk.words[0].column, offset = walk.words[0].offset;
		if (column == TEXT_COLUMN && (w->first < 0 || offset < w->first))
			w->first = offset;
		often[column <= TEXT_COLUMN ? column : TEXT_COLUMN]++;
		w->work++;
	}
	for (int i = 0; i <= TEXT_COLUMN; i++) {
		double usual = i == TEXT_COLUMN ? length : 1;
		sum += weights[i] * often[i] * (K1 + 1) / (often[i] + K1 * (1 - B + B * usual));
	}
	return sum;
}

static void weight(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *result,
		   int narguments, sqlite3_value **arguments)
{
	(void)narguments, (void)arguments;
	struct weighing *w = api->xUserData(row);
	const struct search_question *q = w->question;
	sqlite3_int64 id = api->xRowid(row);
	if (!pair_rows_have(w->rows, id) || !all_occur(q, api, row))
		return; /* NULL */
	double sum = 0, length = w->length(w->context, id);
	if (length < 0)
		return;
	if (!w->is_ready)
		make_ready(w, api, row);
	w->first = -1;
	for (size_t i = 0; i < q->nwords && w->work < WORK_MOST; i++)
		sum += w->rarity[i] * worth(w, api, row, q->phrases[i], length);
	sqlite3_result_double(result, sum);
}

bool search_functions_register(fts5_api *api, struct weighing *weighing)
{
	return api != NULL &&
	       api->xCreateFunction(api, "weight", weighing, weight, NULL) == SQLITE_OK;
}
