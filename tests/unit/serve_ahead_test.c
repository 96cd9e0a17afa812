/* What idle workers make before somebody asks: which pages, how much, never in a reader's way. */
#include "small_capsule.h"

#include "command/serve.h"

#define POSTS 300

static struct small_capsule capsule;
static struct serve_socket sockets[2] = { { .kind = LISTENER_GOPHER, .port = 7070 },
					  { .kind = LISTENER_GEMINI, .port = 1966 } };
static struct serve_capsule served[1];
static struct worker worker;
static struct server server = { .capsules = served,
				.ncapsules = 1,
				.nworkers = 1,
				.sockets = sockets,
				.nsockets = 2,
				.worker = &worker };
static struct shared_settings shared;

/* post-000 is the oldest. */
static void write_posts(size_t size)
{
	struct buf text = { 0 }, name = { 0 };
	for (unsigned i = 0; i < POSTS; i++) {
		buf_clear(&text);
		buf_clear(&name);
		buf_format(&name, "content/post-%03u.md", i);
		buf_format(&text, "---\ntitle: Post %u\ndate: 2020-%02u-%02u\n---\n", i, 1 + i / 28,
			   1 + i % 28);
		buf_repeat(&text, STR("word "), size / 5);
		small_capsule_write(&capsule, buf_c(&name), buf_c(&text));
	}
	buf_free(&text);
	buf_free(&name);
}

static void begin(const char *settings)
{
	small_capsule_load(&capsule, settings);
	shared = (struct shared_settings){ capsule.settings, 1 };
	served[0].public[LISTENER_GEMINI] = &sockets[1];
	serve_place(&server, 0, capsule.settings);
	worker = (struct worker){ .server = &server };
	struct edition_capsule one = { &shared,
				       (struct catalogue *)(uintptr_t)capsule.site.catalogue };
	serve_take_edition(&worker, edition_new(&server, &one));
}

static int set_up(void **state)
{
	(void)state;
	small_capsule_begin(&capsule);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	serve_free_worker(&worker);
	small_capsule_end(&capsule);
	return 0;
}

static bool has(const char *line)
{
	struct reply *reply = response_cache_find(&worker.cache, 0, str_from(line));
	if (reply == NULL)
		return false;
	assert_true(str_starts(buf_str(&reply->bytes), STR("20 text/gemini")));
	reply_release(reply);
	return true;
}

static unsigned run(void)
{
	unsigned times = 0;
	while (serve_ahead(&server, 0))
		assert_true(++times <= POSTS + 1);
	return times;
}

static void the_newest_are_made_one_at_a_time(void **state)
{
	(void)state;
	write_posts(10);
	begin("title: T\nhosts: [localhost]\n");
	assert_true(serve_ahead(&server, 0));
	assert_true(has("gemini://localhost:1966/"));
	assert_false(has("gemini://localhost:1966/posts/post-299.gmi"));
	assert_true(serve_ahead(&server, 0));
	assert_true(has("gemini://localhost:1966/posts/post-299.gmi"));
	assert_false(has("gemini://localhost:1966/posts/post-298.gmi"));
	assert_int_equal(run(), 255); /* 257 in all, however small they are */
	assert_true(has("gemini://localhost:1966/posts/post-044.gmi"));
	assert_false(has("gemini://localhost:1966/posts/post-043.gmi"));
}

static void readers_come_first(void **state)
{
	(void)state;
	write_posts(10);
	begin("title: T\nhosts: [localhost]\n");
	assert_true(serve_ahead(&server, 0));
	size_t used = worker.cache.used;
	atomic_fetch_add(&worker.nasked, 1); /* somebody asks */
	assert_true(serve_ahead(&server, 0));
	assert_int_equal(worker.cache.used, used);
	assert_true(serve_ahead(&server, 0));
	assert_true(worker.cache.used > used);
}

static void large_posts_fill_a_budget(void **state)
{
	(void)state;
	write_posts(20000);
	begin("title: T\nhosts: [localhost]\n");
	assert_true(run() < 60); /* of the size of a megabyte */
	assert_in_range(worker.cache.used, 700000, 850000);
	assert_true(has("gemini://localhost:1966/posts/post-299.gmi"));
}

static void without_a_cache_nothing_is_made(void **state)
{
	(void)state;
	write_posts(10);
	begin("title: T\nhosts: [localhost]\nlimits: {cache_bytes: 0}\n");
	assert_int_equal(run(), 0);
	assert_int_equal(worker.cache.used, 0);
}

static void a_new_edition_begins_again(void **state)
{
	(void)state;
	write_posts(10);
	begin("title: T\nhosts: [localhost]\n");
	run();
	serve_take_edition(&worker, edition_hold(worker.edition));
	assert_false(has("gemini://localhost:1966/"));
	run();
	assert_true(has("gemini://localhost:1966/"));
	assert_true(has("gemini://localhost:1966/posts/post-299.gmi"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_newest_are_made_one_at_a_time), TEST(readers_come_first),
		TEST(large_posts_fill_a_budget),         TEST(without_a_cache_nothing_is_made),
		TEST(a_new_edition_begins_again),
	};
	return cmocka_run_group_tests_name("serve_ahead", tests, NULL, NULL);
}
