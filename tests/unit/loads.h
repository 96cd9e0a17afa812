/*
 * loads - a loader over the folders of one test, loaded again and again.
 *
 *	write_file("content/2020-01-02-first.md", "---\ntitle: Second\n---\n");
 *	assert_true(load());
 *	assert_title("first", "Second");
 */
#ifndef TESTS_UNIT_LOADS_H
#define TESTS_UNIT_LOADS_H

#include "content/loader.h"
#include "home.h"

static struct loader *loader;
static struct catalogue *current;
static struct fault_list faults;
static struct arena fault_arena;

/* Loads; gives whether there is a new catalogue, which becomes the current one. */
static inline bool load_at(int64_t now)
{
	arena_clear(&fault_arena);
	faults = (struct fault_list){ 0 };
	struct catalogue *c = loader_reload(loader, now, &faults, &fault_arena);
	if (c == NULL)
		return false;
	catalogue_release(current);
	current = c;
	return true;
}

static inline bool load(void)
{
	return load_at(date_now());
}

static inline bool has_fault(const char *file, const char *text)
{
	for (size_t i = 0; i < faults.count; i++)
		if (str_equal(faults.at[i].file, str_from(file)) &&
		    strstr(faults.at[i].text, text) != NULL)
			return true;
	return false;
}

static inline const struct post *post(const char *slug)
{
	return catalogue_post(current, str_from(slug));
}

static inline void assert_title(const char *slug, const char *title)
{
	assert_non_null(post(slug));
	assert_int_equal(post(slug)->title.len, strlen(title));
	assert_memory_equal(post(slug)->title.at, title, strlen(title));
}

/* The body of a post as a reader would get it. */
static inline void assert_body(const char *slug, const char *body)
{
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	assert_non_null(post(slug));
	assert_true(loader_read_post(current, post(slug), 0, &arena, &text, &fault));
	assert_ptr_equal(text.said, post(slug));
	assert_string_equal(text.body.at, body);
	arena_free(&arena);
}

static inline void options_are(struct loader_options options)
{
	options.content = str_from(in_home("content"));
	options.pages = str_from(in_home("pages"));
	options.language = STR("en");
	loader = loader_new(&options);
}

static inline int set_up(void **state)
{
	(void)state;
	home_make();
	make_folder("content");
	make_folder("pages");
	options_are((struct loader_options){ .post_bytes = 10000 });
	write_file("content/2020-01-02-first.md", "---\ntitle: First\n---\nfirst body\n");
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	loader_free(loader);
	catalogue_release(current);
	current = NULL;
	arena_free(&fault_arena);
	home_remove();
	return 0;
}

#define LOADER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
