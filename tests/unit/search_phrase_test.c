/*
 * Phrases: which posts hold words that follow one another (contract "Search"), seen in an index
 * that has more posts than a block of pairs, and against a naive look at every text.
 */
#include "home.h"

#include "content/loader.h"
#include "content/search.h"

/* Each followed by others as often: nearly every post holds all of them. */
static const char *const words[] = { "ant", "bee", "cat", "dog", "elk", "fox", "gnu" };
#define NWORDS (sizeof words / sizeof *words)

#define NPOSTS     400
#define POST_WORDS 12

static struct loader *loader;
static struct arena arena;
static const char *texts[NPOSTS];

static unsigned next_number(void)
{
	static unsigned state = 1;
	state = state * 1103515245 + 12345;
	return state >> 16;
}

static const char *some_words(size_t count)
{
	struct buf text = { 0 };
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%s%s", i > 0 ? " " : "", words[next_number() % NWORDS]);
	const char *copy = arena_str(&arena, buf_str(&text)).at;
	buf_free(&text);
	return copy;
}

static void put(const char *name, const char *title, const char *text)
{
	struct str file = arena_format(&arena, "content/%s.md", name);
	write_file(
	    file.at,
	    arena_format(&arena, "---\ntitle: %s\ndate: 2020-01-01\n---\n%s\n", title, text).at);
}

static struct catalogue *load(void)
{
	struct fault_list faults = { 0 };
	struct catalogue *c = loader_load(loader, date_now(), &faults, &arena);
	assert_non_null(c);
	return c;
}

static struct search *search;
static struct catalogue *catalogue;

static void follow(void)
{
	struct fault fault;
	catalogue_release(catalogue);
	catalogue = load();
	assert_true(search_update(search, catalogue, NULL, &fault));
}

static int set_up(void **state)
{
	(void)state;
	struct fault fault;
	home_make();
	make_folder("content");
	for (unsigned i = 0; i < NPOSTS; i++) {
		texts[i] = some_words(POST_WORDS);
		put(arena_format(&arena, "p%u", i).at, "A post", texts[i]);
	}
	struct loader_options options = { .content = str_from(in_home("content")),
					  .language = STR("en") };
	options.content = arena_str(&arena, options.content);
	loader = loader_new(&options);
	catalogue = load();
	search = search_open(arena_str(&arena, str_from(in_home("index.db"))), &fault);
	assert_non_null(search);
	assert_true(search_update(search, catalogue, NULL, &fault));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	search_close(search);
	catalogue_release(catalogue);
	loader_free(loader);
	arena_free(&arena);
	home_remove();
	return 0;
}

static uint32_t found(const char *question)
{
	struct search_result result;
	search_find(search, catalogue, str_from(question), 0, 20, &arena, &result);
	assert_false(result.more || result.cut);
	return result.total;
}

static void they_are_where_a_naive_look_sees_them(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		const char *phrase = some_words(2 + round % 3), *word = some_words(1);
		uint32_t expected = 0, without = 0;
		for (unsigned i = 0; i < NPOSTS; i++) {
			bool holds = strstr(texts[i], phrase) != NULL;
			expected += holds && strstr(texts[i], word) != NULL;
			without += !holds && strstr(texts[i], word) != NULL;
		}
		assert_int_equal(found(arena_format(&arena, "\"%s\" \"%s\"", phrase, word).at),
				 expected);
		assert_int_equal(found(arena_format(&arena, "\"%s\" -\"%s\"", word, phrase).at),
				 without);
	}
}

static void two_phrases_both_occur(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		const char *one = some_words(2), *other = some_words(2);
		uint32_t expected = 0;
		for (unsigned i = 0; i < NPOSTS; i++)
			expected +=
			    strstr(texts[i], one) != NULL && strstr(texts[i], other) != NULL;
		assert_int_equal(found(arena_format(&arena, "\"%s\" \"%s\"", one, other).at),
				 expected);
	}
}

static void columns_and_paragraphs(void **state)
{
	(void)state;
	put("columns", "Ibis jay", "Koala lynx.\n\nMole jay newt, ibis jay ibis jay koala.");
	put("marks", "Wörter", "Đường Straße (naïve) œuvre");
	put("wide", "機械学習", "Linuxの使い方 rates 線形代数 linux");
	follow();
	assert_int_equal(found("\"ibis jay\""), 1);
	assert_int_equal(found("\"jay koala\""), 1);
	assert_int_equal(found("\"lynx mole\""), 1); /* a phrase goes on in the next paragraph */
	assert_int_equal(found("\"newt lynx\""), 0);
	assert_int_equal(found("\"jay koala lynx\""), 0); /* but not from a title into a text */
	assert_int_equal(found("\"ibis jay ibis jay\""), 1);
	assert_int_equal(found("\"ibis ibis\""), 0);
	assert_int_equal(found("\"ibis jay\" \"koala lynx\""), 1);
	assert_int_equal(found("\"duong strasse\""), 1);
	assert_int_equal(found("naive-oeuv"), 1);
	assert_int_equal(found("strasse-naive-oeuv"), 1);
	assert_int_equal(found("duong-naive-oeuv"), 0);
	assert_int_equal(found("機械学習"), 1);
	assert_int_equal(found("\"使い方 rates\""), 1);
	assert_int_equal(found("\"数 linux\""), 1); /* the last of a run has a place of its own */
	assert_int_equal(found("\"rates 使い方\""), 0);
}

static void edits_are_followed(void **state)
{
	(void)state;
	put("edited", "Other", "Heron stork crane egret.");
	follow();
	assert_int_equal(found("\"stork crane\""), 1);
	put("edited", "Other", "Heron crane stork egret.");
	follow();
	assert_int_equal(found("\"stork crane\""), 0);
	assert_int_equal(found("\"crane stork\""), 1);
	assert_int_equal(found("\"heron crane\" \"stork egret\""), 1);
}

/* What is rarer weighs more: the phrase, not the word that all of them hold. */
static void a_phrase_weighs_more_than_its_words(void **state)
{
	(void)state;
	put("often", "One", "Yak zebu, yak zebu, yak zebu and okapi.");
	put("once", "Two", "Yak zebu and okapi. okapi okapi okapi okapi.");
	put("apart", "Three", "Zebu, yak. Okapi okapi.");
	put("okapi", "Four", "Okapi.");
	follow();
	struct search_result result;
	search_find(search, catalogue, STR("\"yak zebu\" \"okapi\""), 0, 20, &arena, &result);
	assert_int_equal(result.total, 2);
	struct str first = catalogue->posts[result.hits[0].post].slug;
	assert_true(str_equal(first, STR("often")));
	assert_true(str_find_str(result.hits[1].context, STR("Yak zebu"), 0) != STR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_where_a_naive_look_sees_them),
		cmocka_unit_test(two_phrases_both_occur),
		cmocka_unit_test(columns_and_paragraphs),
		cmocka_unit_test(edits_are_followed),
		cmocka_unit_test(a_phrase_weighs_more_than_its_words),
	};
	return cmocka_run_group_tests_name("search_phrase", tests, set_up, tear_down);
}
