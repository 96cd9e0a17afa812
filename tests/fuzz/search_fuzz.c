/*
 * Any bytes as a question: no text is a wrong one, and what SQLite is asked is well-formed.
 */
#include <assert.h>

#include "base/utf8.h"
#include "content/search.h"
#include "content/search_question.h"

/* Words stand in quotes, so that none is an operator of FTS5. */
static void check_expression(struct str expression)
{
	unsigned quotes = 0;
	assert(utf8_valid(expression));
	for (size_t i = 0; i < expression.len; i++)
		quotes += expression.at[i] == '"';
	assert(quotes % 2 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct search *search;
	static struct pair_set pairs;
	static sqlite3 *db;
	static struct catalogue catalogue;
	struct arena arena = { 0 };
	struct str text = { (const char *)data, size };
	struct search_question question;
	struct search_result result;
	struct fault fault;
	if (search == NULL) {
		search = search_open(STR(""), &fault);
		sqlite3_open(":memory:", &db);
		search_tokens_register(db, &pairs);
	}
	assert(search != NULL);
	search_question_read(&arena, search_tokens_engine(db), text, &question);
	check_expression(question.match);
	check_expression(question.excluded);
	search_find(search, &catalogue, text, 0, 20, &arena, &result);
	assert(result.nhits == 0 && result.total == 0);
	arena_free(&arena);
	return 0;
}
