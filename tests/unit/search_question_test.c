/* What readers type into the search (issue: no query that FTS5 would reject ever fails). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "content/search_question.h"
#include "content/search_tokens.h"

static sqlite3 *db;
static struct pair_set pairs;

static struct search_question read_question(struct arena *arena, struct str text)
{
	struct search_question question;
	search_question_read(arena, search_tokens_engine(db), text, &question);
	return question;
}

static void match_is(const char *text, const char *match, const char *excluded)
{
	struct arena arena = { 0 };
	struct search_question question = read_question(&arena, str_from(text));
	assert_string_equal(question.match.at, match);
	assert_string_equal(question.excluded.at, excluded);
	arena_free(&arena);
}

static void all_words_must_occur_and_the_last_may_go_on(void **state)
{
	(void)state;
	match_is("linear alg", "\"linear\" AND \"alg\" *", "");
	match_is("  eigen  ", "\"eigen\" *", "");
	match_is("don't", "\"don\" AND \"t\"", "");
	match_is("go", "\"go\"", "");     /* two letters begin too much */
	match_is("한국", "\"한국\"", ""); /* a whole token too */
	match_is("機", "\"機\" *", "");
	match_is("機械", "\"機械\"", ""); /* a whole token */
	match_is("C++", "\"C\"", "");
}

static void phrases_and_exclusions(void **state)
{
	(void)state;
	match_is("\"deep learning\"", "\"deep\" AND \"learning\"", "");
	match_is("a \"b c\" dog", "\"a\" AND \"b\" AND \"c\" AND \"dog\" *", "");
	match_is("matrix -hype -\"big data\"", "\"matrix\" *", "\"hype\" OR \"big data\"");
	match_is("state-of-the-art", "\"state-of-the-art\" *", "");
	match_is("state-of-the-art gone",
		 "\"state\" AND \"of\" AND \"the\" AND \"art\" AND \"gone\" *", "");
	match_is("\"open end", "\"open\" AND \"end\"", "");
}

static void phrases_are_runs_of_tokens(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct search_question q = read_question(&arena, STR("one \"two three four\" five-six"));
	assert_int_equal(q.nwords, 3);
	assert_int_equal(q.phrases[0].first, 0);
	assert_int_equal(q.phrases[0].nwords, 1);
	assert_int_equal(q.phrases[1].first, 1);
	assert_int_equal(q.phrases[1].nwords, 3);
	assert_int_equal(q.phrases[2].first, 4);
	assert_int_equal(q.phrases[2].nwords, 1); /* it goes on: left to the engine */
	arena_free(&arena);
}

static unsigned npairs(struct str question)
{
	struct arena arena = { 0 };
	struct search_question q = read_question(&arena, question);
	unsigned count = 0;
	for (size_t name = 0; name < PAIR_NAMES; name++)
		count += (unsigned)(q.pairs.names[name / 64] >> name % 64 & 1);
	arena_free(&arena);
	return count;
}

static void neighbours_in_phrases_are_pairs(void **state)
{
	(void)state;
	assert_int_equal(npairs(STR("two words")), 0);
	assert_int_equal(npairs(STR("\"two words\"")), 1);
	assert_int_equal(npairs(STR("\"two\" \"words\"")), 0);
	assert_int_equal(npairs(STR("\"these are four words\"")), 3);
	assert_int_equal(npairs(STR("five-six-sev")), 1); /* sev may be seven */
	assert_int_equal(npairs(STR("-\"not this\" word")), 0);
	assert_int_equal(npairs(STR("\"Straße naïve\" \"STRASSE naive\"")), 1);
}

static void filters_become_slugs_and_years(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct search_question q = read_question(
	    &arena, STR("series:\"Math for ML\" keyword:machine_learning year:2020 vector"));
	assert_string_equal(q.series.at, "math-for-ml");
	assert_string_equal(q.keyword.at, "machine-learning");
	assert_int_equal(q.year, 2020);
	assert_string_equal(q.match.at, "\"vector\" *");
	q = read_question(&arena, STR("year:soon std::vector"));
	assert_int_equal(q.year, 0);
	assert_string_equal(q.match.at, "\"year\" AND \"soon\" AND \"std::vector\" *");
	arena_free(&arena);
}

static void grammar_of_the_engine_is_text(void **state)
{
	(void)state;
	match_is("NEAR(a b) OR c*", "\"NEAR\" AND \"a\" AND \"b\" AND \"OR\" AND \"c\"", "");
	match_is("* ( ) ^ + \"\" -- -", "", "");
	match_is("", "", "");
	struct arena arena = { 0 };
	struct buf many = { 0 };
	buf_repeat(&many, STR("\"a\" "), 500);
	struct search_question q = read_question(&arena, buf_str(&many));
	assert_true(q.match.len < 32 * 10);
	buf_clear(&many);
	buf_repeat(&many, STR("機"), 400); /* cut between two characters */
	assert_int_equal(search_question_cut(buf_str(&many)).len, QUESTION_MAX_BYTES);
	q = read_question(&arena, str_skip(buf_str(&many), 1));
	assert_true(utf8_valid(q.match));
	q = read_question(&arena, STR("\0\xff\x1b[31m\n'; DROP TABLE posts;"));
	assert_true(q.match.len > 0);
	buf_free(&many);
	arena_free(&arena);
}

/* Rows of a table with our tokens: one text each. Gives how many match. */
static int matches(struct str question)
{
	struct arena arena = { 0 };
	struct search_question q = read_question(&arena, question);
	sqlite3_stmt *rows;
	assert_int_equal(
	    sqlite3_prepare_v2(db, "SELECT count(*) FROM t WHERE t MATCH ?1", -1, &rows, NULL),
	    SQLITE_OK);
	sqlite3_bind_text(rows, 1, q.match.at, (int)q.match.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int count = sqlite3_column_int(rows, 0);
	sqlite3_finalize(rows);
	arena_free(&arena);
	return count;
}

static void words_of_every_script_are_found(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_exec(db,
				      "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='perigee');"
				      "INSERT INTO t VALUES('機械学習 rates and Linuxの使い方。');"
				      "INSERT INTO t VALUES('Đại số tuyến tính, naïve café');"
				      "INSERT INTO t VALUES('한국어 문장');"
				      "INSERT INTO t VALUES('Straße, œuvre, ﬁle, ılık, Łódź');"
				      "INSERT INTO t VALUES('ο σοφός, сёстры, e\u0301te\u0301');",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(matches(STR("機械")), 1);
	assert_int_equal(matches(STR("械学")), 1);
	assert_int_equal(matches(STR("機械学習")), 1);
	assert_int_equal(matches(STR("習")), 1);
	assert_int_equal(matches(STR("\"学習 rates\"")), 1);
	assert_int_equal(matches(STR("機習")), 0);
	assert_int_equal(matches(STR("linux 使い")), 1);
	assert_int_equal(matches(STR("tuyen tinh")), 1);
	assert_int_equal(matches(STR("dai so")), 1);
	assert_int_equal(matches(STR("ĐẠI SỐ")), 1);
	assert_int_equal(matches(STR("CAFE")), 1);
	assert_int_equal(matches(STR("한국")), 1);
	assert_int_equal(matches(STR("문장 한국어")), 1);
	static const char *const others[] = {
		"strasse", "STRASSE", "straße", "OEUVRE", "œuvre", "file",  "ﬁle",
		"ilik",    "ILIK",    "ılık",   "lodz",   "ŁÓDŹ",  "σοφος", "ΣΟΦΌΣ",
		"σοφός",   "сестры",  "СЁСТРЫ", "ete",    "été",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(matches(str_from(others[i])), 1);
}

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	return search_tokens_register(db, &pairs) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_must_occur_and_the_last_may_go_on),
		cmocka_unit_test(phrases_and_exclusions),
		cmocka_unit_test(phrases_are_runs_of_tokens),
		cmocka_unit_test(neighbours_in_phrases_are_pairs),
		cmocka_unit_test(filters_become_slugs_and_years),
		cmocka_unit_test(grammar_of_the_engine_is_text),
		cmocka_unit_test(words_of_every_script_are_found),
	};
	return cmocka_run_group_tests_name("search_question", tests, set_up, tear_down);
}
