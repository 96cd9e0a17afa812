#include "content/search_functions.h"

#include <math.h>

#include "content/search_tokens.h"

/* Occurrences of words that a question may look at to rank what it finds: about a millisecond. */
#define WORK_MOST 20000

/*
 * How rare a word is shows after this many posts that hold it, and how rare a phrase after the
 * first posts: the engine has to look at every post to find those that hold one.
 */
#define RARITY_POSTS  500
#define RARITY_PHRASE 300

#define TEXT_COLUMN 3

/* BM25's constants, as usual. */
#define K1 1.2
#define B  0.75

struct occurrences {
	sqlite3_int64 posts, last, farthest; /* farthest: the row to stop at */
};

static int count_post(const Fts5ExtensionApi *api, Fts5Context *row, void *context)
{
	struct occurrences *found = context;
	found->posts++;
	found->last = api->xRowid(row);
	return found->posts >= RARITY_POSTS || found->last >= found->farthest ? SQLITE_DONE
									      : SQLITE_OK;
}

/* BM25's idf. Of a common word it is reckoned from the first posts that hold it. */
static double rarity_of(const Fts5ExtensionApi *api, Fts5Context *row, int phrase,
			sqlite3_int64 nposts)
{
	struct occurrences found = { .farthest = INT64_MAX };
	if (api->xPhraseSize(row, phrase) > 1)
		found.farthest = RARITY_PHRASE;
	api->xQueryPhrase(row, phrase, &found, count_post);
	double all = (double)nposts, holding = (double)found.posts;
	if ((found.posts >= RARITY_POSTS || found.last >= found.farthest) && found.last < nposts)
		holding *= all / (double)found.last;
	double rarity = log((all - holding + 0.5) / (holding + 0.5));
	return rarity > 0 ? rarity : 1e-6;
}

static void make_ready(struct weighing *w, const Fts5ExtensionApi *api, Fts5Context *row)
{
	sqlite3_int64 nposts = 0;
	api->xRowCount(row, &nposts);
	/* One word is as rare in every post. */
	for (size_t i = 0; i < w->nwords; i++)
		w->rarity[i] = w->nwords > 1 ? rarity_of(api, row, (int)i, nposts) : 1;
	w->is_ready = true;
}

/*
 * What a word is worth in the row. Each column has its own measure: were the columns one, a long
 * text that repeats a word would beat the title that says it. Only texts differ in length.
 */
static double worth(struct weighing *w, const Fts5ExtensionApi *api, Fts5Context *row,
		    size_t phrase, double length)
{
	static const double weights[TEXT_COLUMN + 1] = { 10, 5, 3, 1 };
	double often[TEXT_COLUMN + 1] = { 0 }, sum = 0;
	Fts5PhraseIter place;
	int column, offset;
	if (api->xPhraseFirst(row, (int)phrase, &place, &column, &offset) != SQLITE_OK)
		return 0;
	for (; column >= 0; api->xPhraseNext(row, &place, &column, &offset)) {
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
	double sum = 0, length = w->length(w->context, api->xRowid(row));
	if (length < 0)
		return; /* NULL */
	if (!w->is_ready)
		make_ready(w, api, row);
	for (size_t i = 0; i < w->nwords && w->work < WORK_MOST; i++)
		sum += w->rarity[i] * worth(w, api, row, i, length);
	sqlite3_result_double(result, sum);
}

struct search_for_place {
	int token; /* how many are before it */
	int at;    /* the byte; -1 = not there yet */
};

static int pass_token(void *context, int flags, const char *token, int size, int start, int end)
{
	struct search_for_place *place = context;
	(void)token, (void)size, (void)end;
	if (flags & FTS5_TOKEN_COLOCATED || place->token-- > 0)
		return SQLITE_OK;
	place->at = start;
	return SQLITE_DONE;
}

/* The first occurrence of any word in the text; -1 when there is none. */
static int first_token(const Fts5ExtensionApi *api, Fts5Context *row)
{
	int first = -1, nphrases = api->xPhraseCount(row);
	for (int i = 0; i < nphrases; i++) {
		Fts5PhraseIter place;
		int column, offset;
		if (api->xPhraseFirst(row, i, &place, &column, &offset) != SQLITE_OK)
			continue;
		while (column >= 0 && column < TEXT_COLUMN)
			api->xPhraseNext(row, &place, &column, &offset);
		if (column == TEXT_COLUMN && (first < 0 || offset < first))
			first = offset;
	}
	return first;
}

static void place(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *result,
		  int narguments, sqlite3_value **arguments)
{
	(void)narguments, (void)arguments;
	const char *text;
	int size;
	struct search_for_place search = { first_token(api, row), -1 };
	if (search.token >= 0 && api->xColumnText(row, TEXT_COLUMN, &text, &size) == SQLITE_OK)
		api->xTokenize(row, text, size, &search, pass_token);
	sqlite3_result_int(result, search.at);
}

bool search_functions_register(sqlite3 *db, struct weighing *weighing)
{
	fts5_api *api = search_tokens_engine(db);
	return api != NULL &&
	       api->xCreateFunction(api, "weight", weighing, weight, NULL) == SQLITE_OK &&
	       api->xCreateFunction(api, "place", NULL, place, NULL) == SQLITE_OK;
}
