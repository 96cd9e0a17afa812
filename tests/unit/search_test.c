/* The index follows the catalogue and answers questions (contract "Search", issue: FTS5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/loader.h"
#include "content/search.h"

static char folder[] = "/tmp/perigee-search-XXXXXX";
static struct loader *loader;
static struct arena arena;

static struct str path_of(const char *name)
{
	return arena_format(&arena, "%s/%s", folder, name);
}

static void put(const char *name, const char *header, const char *body)
{
	struct fault fault;
	struct str text = arena_format(&arena, "---\n%s\n---\n%s\n", header, body);
	assert_true(file_replace(path_of(name), text, 0644, &fault));
}

static struct catalogue *load(void)
{
	struct fault_list faults = { 0 };
	struct catalogue *c = loader_load(loader, date_now(), &faults, &arena);
	assert_non_null(c);
	return c;
}

static void put_all(void)
{
	put("eigen.md",
	    "title: Eigenvalues, slowly\ndate: 2020-06-20\nkeyword: [linear algebra]\n"
	    "series: Math for Machine Learning",
	    "A matrix stretches its *eigenvector* by the "
	    "[eigenvalue](https://example.org/secret).\n\n"
	    "```\ncodeonly\n```");
	put("vectors.md",
	    "title: What a vector is\ndate: 2020-06-02\ndescription: Arrows and eigenvalues",
	    "Arrows, lists of numbers. See the matrix.");
	put("nhat.md", "title: 機械学習ノート\ndate: 2021-01-05\nkeyword: 学習",
	    "線形代数について。Linuxの使い方。");
	put("viet.md", "title: Đại số tuyến tính\ndate: 2021-02-01", "Học đại số thật chậm.");
	put("seoul.md", "title: 한국어 글\ndate: 2022-03-01", "선형대수를 배운다.");
	put("thai.md", "title: ภาษาไทย\ndate: 2022-03-02", "การเรียนรู้ของเครื่อง");
	put("draft.md", "title: A secret matrix\ndate: 2020-01-01\ndraft: true", "matrix");
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	put_all();
	struct loader_options options = { .content = str_from(folder), .language = STR("en") };
	loader = loader_new(&options);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	static const char *const names[] = { "eigen.md", "vectors.md",   "nhat.md",     "viet.md",
					     "seoul.md", "thai.md",      "draft.md",    "new.md",
					     "index.db", "index.db-wal", "index.db-shm" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]).at);
	loader_free(loader);
	arena_free(&arena);
	return rmdir(folder);
}

static struct search *open_with(struct str file, const struct catalogue *c)
{
	struct fault fault;
	struct search *search = search_open(file, &fault);
	assert_non_null(search);
	assert_true(search_update(search, c, NULL, &fault));
	return search;
}

/* Slugs of what is found, in order, separated by blanks. */
static const char *slugs(struct search *search, const struct catalogue *c, const char *question)
{
	struct search_result result;
	struct buf list = { 0 };
	search_find(search, c, str_from(question), 0, 20, &arena, &result);
	assert_int_equal(result.total, result.nhits);
	for (uint32_t i = 0; i < result.nhits; i++)
		buf_format(&list, "%s%.*s", i ? " " : "",
			   STR_ARGS(c->posts[result.hits[i].post].slug));
	const char *copy = arena_str(&arena, buf_str(&list)).at;
	buf_free(&list);
	return copy;
}

static void all_words_must_occur_and_titles_weigh_most(void **state)
{
	(void)state;
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	assert_string_equal(slugs(s, c, "eigenvalues"), "eigen vectors");
	assert_string_equal(slugs(s, c, "matrix arrows"), "vectors");
	assert_string_equal(slugs(s, c, "matr"), "eigen vectors");
	assert_string_equal(slugs(s, c, "matrix -arrows"), "eigen");
	assert_string_equal(slugs(s, c, "\"its eigenvector\""), "eigen");
	assert_string_equal(slugs(s, c, "algebra"), "eigen");
	assert_string_equal(slugs(s, c, "nothing-like-this"), "");
	assert_string_equal(slugs(s, c, "secret"), ""); /* a URL and a draft */
	assert_string_equal(slugs(s, c, "codeonly"), "");
	search_close(s);
	catalogue_release(c);
}

/* A title once, keywords, a description, a text that says it over and over: in this order. */
static void each_column_weighs_more_than_the_next(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (size_t i = 0; i < 60; i++)
		buf_add(&text, STR("Other words of a long text. "));
	put("w1.md", "title: Quokka habits\ndate: 2018-01-01\ndescription: marsupials",
	    buf_c(&text));
	put("w2.md", "title: Other\ndate: 2018-01-02\nkeyword: quokka", "Short.");
	put("w3.md", "title: Third\ndate: 2018-01-03\ndescription: a quokka seen", "Short.");
	put("w4.md", "title: Fourth\ndate: 2018-01-04\ndescription: animals",
	    "A quokka, a quokka, quokka quokka quokka quokka quokka quokka quokka.");
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	assert_string_equal(slugs(s, c, "quokka"), "w1 w2 w3 w4");
	search_close(s);
	catalogue_release(c);
	static const char *const names[] = { "w1.md", "w2.md", "w3.md", "w4.md" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]).at);
	buf_free(&text);
}

static void scripts_of_the_world(void **state)
{
	(void)state;
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	assert_string_equal(slugs(s, c, "学習"), "nhat");
	assert_string_equal(slugs(s, c, "代数"), "nhat");
	assert_string_equal(slugs(s, c, "LINUX"), "nhat");
	assert_string_equal(slugs(s, c, "tuyen tinh"), "viet");
	assert_string_equal(slugs(s, c, "대수"), "seoul"); /* within a word, before a particle */
	assert_string_equal(slugs(s, c, "선형 배운"), "seoul");
	assert_string_equal(slugs(s, c, "เรียน"), "thai");
	assert_string_equal(slugs(s, c, "\"เรียนรู้\""), "thai");
	assert_string_equal(slugs(s, c, "รู้ภาษา"), "");
	search_close(s);
	catalogue_release(c);
}

static void filters_narrow(void **state)
{
	(void)state;
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	assert_string_equal(slugs(s, c, "year:2021"), "viet nhat");
	assert_string_equal(slugs(s, c, "series:\"Math for Machine Learning\""), "eigen");
	assert_string_equal(slugs(s, c, "keyword:linear_algebra matrix"), "eigen");
	assert_string_equal(slugs(s, c, "matrix year:2021"), "");
	assert_string_equal(slugs(s, c, "-matrix year:2020"), "");
	assert_string_equal(slugs(s, c, ""), "");
	search_close(s);
	catalogue_release(c);
}

static void contexts_and_pages(void **state)
{
	(void)state;
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	struct search_result result;
	search_find(s, c, STR("stretches"), 0, 20, &arena, &result);
	assert_int_equal(result.nhits, 1);
	assert_true(str_find_str(result.hits[0].context, STR("stretches its eigenvector"), 0) !=
		    STR_NOT_FOUND);
	/* Words that are written otherwise, one in a script without blanks, one that goes on. */
	static const char *const others[][2] = {
		{ "CHAM", "thật chậm" },
		{ "hoc", "Học đại số" },
		{ "方", "Linuxの使い方" },
		{ "tha", "Học đại số thật" },
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		search_find(s, c, str_from(others[i][0]), 0, 20, &arena, &result);
		assert_int_equal(result.nhits, 1);
		assert_true(str_find_str(result.hits[0].context, str_from(others[i][1]), 0) !=
			    STR_NOT_FOUND);
	}
	search_find(s, c, STR("matrix"), 1, 1, &arena, &result);
	assert_int_equal(result.total, 2);
	assert_int_equal(result.nhits, 1);
	search_find(s, c, STR("matrix"), 2, 20, &arena, &result);
	assert_int_equal(result.nhits, 0);
	search_close(s);
	catalogue_release(c);
}

static void edits_are_followed(void **state)
{
	(void)state;
	struct fault fault;
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	catalogue_release(c);
	put("vectors.md", "title: What a tensor is\ndate: 2020-06-02",
	    "Boxes of numbers, many of them.");
	put("new.md", "title: New\ndate: 2020-07-01", "Entirely new boxes.");
	unlink(path_of("eigen.md").at);
	c = load();
	assert_true(search_update(s, c, NULL, &fault));
	assert_string_equal(slugs(s, c, "arrows"), "");
	assert_string_equal(slugs(s, c, "eigenvector"), "");
	assert_string_equal(slugs(s, c, "boxes"), "new vectors");
	search_close(s);
	catalogue_release(c);
	unlink(path_of("new.md").at);
	put_all();
}

/* While the index is made, or its disk is full, nobody is told that there is nothing. */
static void what_is_not_indexed_yet_is_said(void **state)
{
	(void)state;
	struct fault fault;
	struct search_result result;
	struct catalogue *c = load();
	struct search *s = search_open(STR(""), &fault);
	search_find(s, c, STR("matrix"), 0, 20, &arena, &result);
	assert_true(result.unready && result.total == 0);
	search_find(s, c, STR("year:2020"), 0, 20, &arena, &result);
	assert_false(result.unready);
	assert_true(search_update(s, c, NULL, &fault));
	search_find(s, c, STR("no-such-word"), 0, 20, &arena, &result);
	assert_false(result.unready);
	search_close(s);
	catalogue_release(c);
}

static void a_file_outlives_the_process_and_a_damaged_one_is_made_anew(void **state)
{
	(void)state;
	struct fault fault;
	struct catalogue *c = load();
	struct str file = path_of("index.db");
	search_close(open_with(file, c));
	struct search *s = search_open(file, &fault);
	assert_non_null(s);
	assert_string_equal(slugs(s, c, "stretches"), "eigen"); /* before any update */
	assert_true(search_bytes(s) > 0);
	search_close(s);

	assert_true(file_replace(file, STR("SQLite format 3, or so it says"), 0644, &fault));
	s = open_with(file, c);
	assert_string_equal(slugs(s, c, "stretches"), "eigen");
	search_close(s);

	/* Damage behind the first pages shows in a question, or in the update before it. */
	struct buf whole = { 0 };
	assert_true(file_read_path(file, SIZE_MAX, &whole, &fault));
	assert_true(whole.len > 3 * 4096);
	memset(whole.at + 2 * 4096, 'x', whole.len - 2 * 4096);
	assert_true(file_replace(file, buf_str(&whole), 0644, &fault));
	buf_free(&whole);
	s = search_open(file, &fault);
	assert_non_null(s);
	assert_string_equal(slugs(s, c, "stretches"), "");
	assert_true(search_update(s, c, NULL, &fault));
	assert_string_equal(slugs(s, c, "stretches"), "eigen");
	search_close(s);
	assert_null(search_open(STR("/nowhere/at/all/index.db"), &fault));
	assert_true(fault.text[0] != '\0');
	catalogue_release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_must_occur_and_titles_weigh_most),
		cmocka_unit_test(each_column_weighs_more_than_the_next),
		cmocka_unit_test(scripts_of_the_world),
		cmocka_unit_test(filters_narrow),
		cmocka_unit_test(contexts_and_pages),
		cmocka_unit_test(edits_are_followed),
		cmocka_unit_test(what_is_not_indexed_yet_is_said),
		cmocka_unit_test(a_file_outlives_the_process_and_a_damaged_one_is_made_anew),
	};
	return cmocka_run_group_tests_name("search", tests, set_up, tear_down);
}
