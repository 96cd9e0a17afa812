/*
 * The index beside a server: it outlives damage of its file, edits while questions are asked, and
 * questions that nearly every post answers (issue: rebuilt, never fatal; edits lose nothing).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/loader.h"
#include "content/search.h"

/* More than a question ranks one by one. */
#define NPOSTS 1100

static char folder[] = "/tmp/perigee-index-XXXXXX";
static struct loader *loader;
static struct arena arena;

static struct str path_of(const char *name)
{
	return arena_format(&arena, "%s/%s", folder, name);
}

/* Posts are written one a day; every tenth holds an odd word. */
static void put(unsigned number, const char *title, const char *text)
{
	FILE *file = fopen(arena_format(&arena, "%s/posts/p%u.md", folder, number).at, "w");
	assert_non_null(file);
	fprintf(file, "---\ntitle: %s\ndescription: About it\ndate: %04u-%02u-%02u\n---\n", title,
		2015 + number / 336, 1 + number % 336 / 28, 1 + number % 28);
	fprintf(file, "Common text %04u. %s%s\n", number, number % 10 == 0 ? "Odd. " : "", text);
	assert_int_equal(fclose(file), 0);
}

static struct catalogue *load(void)
{
	struct fault_list faults = { 0 };
	struct catalogue *c = loader_load(loader, date_now(), &faults, &arena);
	assert_non_null(c);
	return c;
}

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(mkdir(path_of("posts").at, 0755), 0);
	for (unsigned i = 0; i < NPOSTS; i++)
		put(i, "A post", "Words of it.");
	struct loader_options options = { .content = path_of("posts"), .language = STR("en") };
	loader = loader_new(&options);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	char command[64];
	loader_free(loader);
	arena_free(&arena);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

static struct search *open_with(struct str file, const struct catalogue *c)
{
	struct fault fault;
	struct search *s = search_open(file, &fault);
	assert_non_null(s);
	assert_true(search_update(s, c, NULL, &fault));
	return s;
}

static struct search_result ask(struct search *s, const struct catalogue *c, const char *question)
{
	struct search_result result;
	search_find(s, c, str_from(question), 0, 20, &arena, &result);
	return result;
}

static void slug_is(const struct catalogue *c, const struct search_result *result, uint32_t hit,
		    const char *slug)
{
	assert_true(result->nhits > hit);
	struct str found = c->posts[result->hits[hit].post].slug;
	assert_string_equal(arena_str(&arena, found).at, slug);
}

static void of_many_the_best_titles_come_first(void **state)
{
	(void)state;
	put(3, "The common one", "Gold.");
	put(7, "Common things", "An odd one.");
	struct catalogue *c = load();
	struct search *s = open_with(STR(""), c);
	struct search_result result = ask(s, c, "common");
	assert_true(result.more && !result.cut);
	assert_int_equal(result.total, 500);
	slug_is(c, &result, 0, "p7");
	slug_is(c, &result, 1, "p3");
	slug_is(c, &result, 2, "p1099"); /* newest first */
	result = ask(s, c, "common odd");
	assert_false(result.more);
	assert_int_equal(result.total, NPOSTS / 10 + 1);
	result = ask(s, c, "common -gold");
	slug_is(c, &result, 0, "p7"); /* p3 has its word in the text */
	slug_is(c, &result, 1, "p1099");
	result = ask(s, c, "common year:2016");
	assert_int_equal(result.total, 336);
	assert_false(result.more);
	search_find(s, c, STR("common"), 490, 20, &arena, &result);
	assert_int_equal(result.nhits, 10);
	search_close(s);
	put(3, "A post", "Words of it.");
	put(7, "A post", "Words of it.");
	catalogue_release(c);
}

/* Each is looked for in every post: enough for the clock to be looked at, several times. */
static const char many_phrases[] =
    "\"words common\" \"text of\" \"it text\" \"common of\" \"words it\" \"of words\" \"text it\""
    " \"it words\" \"it common\" \"text common\"";
static const char many_phrases_excluded[] =
    "-\"words common\" -\"text of\" -\"it text\" -\"common of\" -\"words it\" -\"of words\""
    " -\"text it\" -\"it words\" -\"it common\" -\"text common\"";

static void a_question_has_an_end(void **state)
{
	(void)state;
	struct catalogue *c = load();
	struct search *s = open_with(path_of("patience.db"), c);
	assert_false(ask(s, c, "\"common text\" -\"no such words\"").cut);
	search_set_patience(s, 0);
	struct search_result result = ask(s, c, many_phrases);
	assert_true(result.cut);
	assert_int_equal(result.total, 0);
	result = ask(s, c, many_phrases_excluded);
	assert_true(result.cut);
	assert_true(result.total < NPOSTS); /* none that may hold one */
	search_set_patience(s, 1000);
	assert_int_equal(ask(s, c, many_phrases_excluded).total, NPOSTS);
	search_close(s);
	catalogue_release(c);
}

static atomic_uint ways_given;

/* In place of libc's. */
int sched_yield(void)
{
	ways_given++;
	return 0;
}

/* Issue: built beside serving, without a request slower than 2x. */
static void filling_gives_way_to_who_asks(void **state)
{
	(void)state;
	struct fault fault;
	struct catalogue *c = load();
	ways_given = 0;
	struct search *s = open_with(path_of("way.db"), c);
	assert_true(ways_given > NPOSTS); /* between posts, and while the engine works */
	ways_given = 0;
	assert_true(search_update(s, c, NULL, &fault));
	assert_true(ways_given < NPOSTS); /* nothing is to do */
	ways_given = 0;
	ask(s, c, "common text");
	assert_int_equal(ways_given, 0); /* a reader waits for this */
	search_close(s);
	catalogue_release(c);
}

/* --- damage --- */

static void cut_in_half(struct str file)
{
	struct stat status;
	assert_int_equal(stat(file.at, &status), 0);
	assert_int_equal(truncate(file.at, status.st_size / 2), 0);
}

static void empty(struct str file)
{
	assert_int_equal(truncate(file.at, 0), 0);
}

static void run_sql(struct str file, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(file.at, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void break_the_words(struct str file)
{
	run_sql(file,
		"UPDATE posts_data SET block = x'ffffffffffffffffffffffffffffffff' WHERE id > 10");
}

static void break_the_structure(struct str file)
{
	run_sql(file, "UPDATE posts_data SET block = x'ffffffffffffffff' WHERE id = 10");
}

static void drop_a_table(struct str file)
{
	run_sql(file, "DROP TABLE heads_data");
}

static void of_another_version(struct str file)
{
	run_sql(file, "PRAGMA user_version = 1; DELETE FROM files");
}

static void of_another_program(struct str file)
{
	assert_int_equal(unlink(file.at), 0);
	run_sql(file, "CREATE TABLE files (name TEXT); INSERT INTO files VALUES ('x')");
}

static void no_database(struct str file)
{
	struct fault fault;
	assert_true(file_replace(file, STR("SQLite format 3, or so it says"), 0644, &fault));
}

/* What a server does at its next start: it asks, updates, and asks again. */
static void damage_is_mended(void **state)
{
	(void)state;
	static void (*const damages[])(struct str) = {
		cut_in_half,         empty,        break_the_words,
		break_the_structure, drop_a_table, of_another_version,
		of_another_program,  no_database,
	};
	struct catalogue *c = load();
	struct str file = path_of("damaged.db");
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		struct fault fault;
		search_close(open_with(file, c));
		damages[i](file);
		struct search *s = search_open(file, &fault);
		assert_non_null(s);
		ask(s, c, "\"text 0077\"");
		assert_true(search_update(s, c, NULL, &fault));
		ask(s, c, "\"text 0077\"");
		assert_true(search_update(s, c, NULL, &fault));
		struct search_result result = ask(s, c, "\"text 0077\"");
		assert_int_equal(result.total, 1);
		assert_true(ask(s, c, "common").more);
		search_close(s);
	}
	catalogue_release(c);
}

static void an_update_mends_what_it_meets(void **state)
{
	(void)state;
	struct fault fault;
	struct str file = path_of("met.db");
	struct catalogue *c = load();
	search_close(open_with(file, c));
	catalogue_release(c);
	break_the_structure(file);
	put(5, "A post", "Entirely new.");
	c = load();
	struct search *s = search_open(file, &fault);
	assert_true(search_update(s, c, NULL, &fault));
	assert_int_equal(ask(s, c, "entirely").total, 1);
	assert_int_equal(ask(s, c, "\"text 0077\"").total, 1);
	search_close(s);
	catalogue_release(c);
	put(5, "A post", "Words of it.");
}

static void a_folder_is_no_file(void **state)
{
	(void)state;
	struct fault fault;
	assert_int_equal(mkdir(path_of("folder.db").at, 0755), 0);
	assert_null(search_open(path_of("folder.db"), &fault));
	assert_true(fault.text[0] != '\0');
}

/* --- edits --- */

struct asking {
	struct search *search;
	struct catalogue *catalogue;
	atomic_bool stop;
	unsigned asked, lost;
};

static void *ask_all_the_time(void *context)
{
	struct asking *asking = context;
	struct arena own = { 0 };
	while (!atomic_load(&asking->stop)) {
		struct search_result result;
		search_find(asking->search, asking->catalogue, STR("\"text 0077\" words"), 0, 20,
			    &own, &result);
		asking->lost += result.total != 1;
		search_find(asking->search, asking->catalogue, STR("post"), 0, 20, &own, &result);
		asking->lost += result.total != 500 || !result.more;
		asking->asked++;
		arena_clear(&own);
	}
	arena_free(&own);
	return NULL;
}

static void edits_while_searching_lose_nothing(void **state)
{
	(void)state;
	const char *files[] = { "", path_of("edits.db").at };
	for (size_t place = 0; place < 2; place++) {
		struct catalogue *c = load();
		struct search *s = open_with(str_from(files[place]), c);
		struct asking asking = { .search = s, .catalogue = c };
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, ask_all_the_time, &asking), 0);
		for (unsigned turn = 0; turn < 20; turn++) {
			struct fault fault;
			const char *mark = arena_format(&arena, "Edited%zux%u.", place, turn).at;
			for (unsigned i = 0; i < 3; i++)
				put(500 + (turn * 3 + i) % 40, "A post", mark);
			struct catalogue *next = load();
			assert_true(search_update(s, next, NULL, &fault));
			assert_int_equal(ask(s, next, mark).total, 3);
			catalogue_release(next);
		}
		atomic_store(&asking.stop, true);
		pthread_join(thread, NULL);
		assert_true(asking.asked > 0);
		assert_int_equal(asking.lost, 0);
		search_close(s);
		catalogue_release(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_many_the_best_titles_come_first),
		cmocka_unit_test(a_question_has_an_end),
		cmocka_unit_test(filling_gives_way_to_who_asks),
		cmocka_unit_test(damage_is_mended),
		cmocka_unit_test(an_update_mends_what_it_meets),
		cmocka_unit_test(a_folder_is_no_file),
		cmocka_unit_test(edits_while_searching_lose_nothing),
	};
	return cmocka_run_group_tests_name("search_file", tests, set_up, tear_down);
}
