#include "small_capsule.h"

#include "base/map.h"
#include "site/routes.h"

static void write_capsule(struct small_capsule *capsule)
{
	small_capsule_begin(capsule);
	for (int i = 0; i < 5; i++) {
		char name[32], text[200];
		snprintf(name, sizeof name, "content/p%d.md", i);
		snprintf(text, sizeof text,
			 "---\ndate: 2020-0%d-01\nseries: S\nkeywords: [Tiếng Việt]\n---\nText.\n",
			 i + 1);
		small_capsule_write(capsule, name, text);
	}
	small_capsule_write(capsule, "content/draft.md",
			    "---\ndate: 2020-01-01\ndraft: true\n---\n");
	small_capsule_write(capsule, "content/images/a b.png", "x");
	small_capsule_write(capsule, "content/.hidden/x.png", "x");
	small_capsule_write(capsule, "content/node_modules/x.js", "x");
	small_capsule_write(capsule, "pages/about.md", "About.\n");
	small_capsule_write(capsule, "pages/home.md", "Home.\n");
	small_capsule_write(capsule, "pages/raw.gmi", "# Raw\n");
	small_capsule_write(capsule, "pages/docs/index.gmi", "# Docs\n");
	small_capsule_write(capsule, "pages/.well-known/security.txt", "x");
	small_capsule_write(capsule, "pages/copy/.perigee-manifest", "perigee export 1 gemini\n");
	small_capsule_write(capsule, "pages/copy/index.gmi", "# Copy\n");
	small_capsule_load(capsule, "title: T\nposts_per_page: 2\ncontent: ../content\n");
}

/* The spelled routes of a space, each once; the map and the routes are freed by the caller. */
static void spell_all(struct small_capsule *capsule, enum space space, struct routes *routes,
		      struct map *paths)
{
	*routes = (struct routes){ 0 };
	*paths = (struct map){ 0 };
	routes_list(&capsule->site, space, routes);
	for (size_t i = 0; i < routes->count; i++) {
		struct buf path = { 0 };
		route_spell(space, &routes->at[i], &path);
		struct str kept = arena_str(&capsule->arena, buf_str(&path));
		if (map_put(paths, kept, (uint32_t)i) != MAP_NONE)
			fail_msg("twice: %s", kept.at);
		buf_free(&path);
	}
}

static void expect(const struct map *paths, const char *const *names, bool there)
{
	for (; *names != NULL; names++)
		if ((map_get(paths, str_from(*names)) != MAP_NONE) != there)
			fail_msg("%s: %s", there ? "missing" : "should be missing", *names);
}

static const char *const nowhere[] = { "/search",          "/random",          "/home.gmi",
				       "/home.txt",        "/.hidden/x.png",   "/node_modules/x.js",
				       "/p0.md",           "/copy/index.gmi",  "/archive/4/",
				       "/posts/draft.gmi", "/posts/draft.txt", NULL };

static void test_routes_of_gemini(void **state)
{
	static const char *const there[] = { "/",
					     "/feed.xml",
					     "/archive/",
					     "/archive/2/",
					     "/archive/3/",
					     "/archive/2020/",
					     "/archive/2020/3/",
					     "/posts/p0.gmi",
					     "/posts/p0.txt",
					     "/posts/p4.md",
					     "/series/",
					     "/series/s/",
					     "/series/s/3/",
					     "/series/s/feed.xml",
					     "/keywords/",
					     "/keywords/ti%E1%BA%BFng-vi%E1%BB%87t/",
					     "/about.gmi",
					     "/raw.gmi",
					     "/docs/index.gmi",
					     "/images/a%20b.png",
					     "/.well-known/security.txt",
					     "/robots.txt",
					     NULL };
	static const char *const gopher_only[] = { "/posts/p0/", "/caps.txt", "/raw.txt", NULL };
	(void)state;
	struct small_capsule capsule;
	struct routes routes;
	struct map paths;
	write_capsule(&capsule);
	spell_all(&capsule, SPACE_GEMINI, &routes, &paths);
	expect(&paths, there, true);
	expect(&paths, nowhere, false);
	expect(&paths, gopher_only, false);
	routes_free(&routes);
	map_free(&paths);
	small_capsule_end(&capsule);
}

static void test_routes_of_gopher(void **state)
{
	static const char *const there[] = { "/",
					     "/feed.xml",
					     "/archive/3/",
					     "/posts/p0.txt",
					     "/posts/p0/",
					     "/posts/p0.md",
					     "/keywords/tiếng-việt/",
					     "/about.txt",
					     "/raw.gmi",
					     "/raw.txt",
					     "/docs/",
					     "/images/a b.png",
					     "/robots.txt",
					     "/caps.txt",
					     NULL };
	static const char *const gemini_only[] = { "/posts/p0.gmi", "/.well-known/security.txt",
						   NULL };
	(void)state;
	struct small_capsule capsule;
	struct routes routes;
	struct map paths;
	write_capsule(&capsule);
	spell_all(&capsule, SPACE_GOPHER, &routes, &paths);
	expect(&paths, there, true);
	expect(&paths, nowhere, false);
	expect(&paths, gemini_only, false);
	routes_free(&routes);
	map_free(&paths);
	small_capsule_end(&capsule);
}

/* All of them are answered, but for the draft's file and the settings. */
static void test_every_route_is_answered(void **state)
{
	(void)state;
	struct small_capsule capsule;
	write_capsule(&capsule);
	for (int space = SPACE_GEMINI; space <= SPACE_GOPHER; space++) {
		struct routes routes = { 0 };
		routes_list(&capsule.site, (enum space)space, &routes);
		for (size_t i = 0; i < routes.count; i++) {
			struct buf spelled = { 0 }, path = { 0 };
			route_spell((enum space)space, &routes.at[i], &spelled);
			if (space == SPACE_GEMINI)
				route_decode(buf_str(&spelled), &path);
			else
				buf_add(&path, buf_str(&spelled));
			struct response *response =
			    small_capsule_ask(&capsule, (enum space)space, buf_c(&path));
			bool private = str_ends(buf_str(&path), STR("draft.md")) ||
				       str_ends(buf_str(&path), STR("capsule.yaml"));
			bool answered = response->kind == RESPONSE_TEXT ||
					response->kind == RESPONSE_MENU ||
					response->kind == RESPONSE_FILE;
			if (answered == private)
				fail_msg("%s: answer of kind %d", buf_c(&path), response->kind);
			buf_free(&spelled);
			buf_free(&path);
		}
		routes_free(&routes);
	}
	small_capsule_end(&capsule);
}

/* All forms of a post from one reading of it, in any order: with footnotes, too. */
static void test_memory_changes_nothing(void **state)
{
	static const char *const paths[] = { "/posts/n.txt", "/posts/n/", "/posts/n.txt",
					     "/posts/p1/",   "/posts/n/", "/about.txt",
					     "/posts/p1.txt" };
	(void)state;
	struct small_capsule capsule;
	small_capsule_begin(&capsule);
	small_capsule_write(
	    &capsule, "content/n.md",
	    "---\ndate: 2020-01-01\nkeywords: [k]\n---\nA[^1] [b](https://b/).\n\n[^1]: C.\n");
	small_capsule_write(&capsule, "content/p1.md",
			    "---\ndate: 2020-02-01\nkeywords: [k]\n---\nD [e](/posts/n.gmi).\n");
	small_capsule_write(&capsule, "pages/about.md", "F.\n");
	small_capsule_load(&capsule, "title: T\ncontent: ../content\n");
	struct post_memory *memory = post_memory_new();
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		capsule.site.memory = NULL;
		small_capsule_ask(&capsule, SPACE_GOPHER, paths[i]);
		struct str wanted =
		    arena_str(&capsule.arena, str_from(small_capsule_body(&capsule)));
		capsule.site.memory = memory;
		assert_true(wanted.len > 0);
		assert_page(&capsule, SPACE_GOPHER, paths[i], wanted.at);
	}
	post_memory_free(memory);
	small_capsule_end(&capsule);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes_of_gemini),
		cmocka_unit_test(test_routes_of_gopher),
		cmocka_unit_test(test_every_route_is_answered),
		cmocka_unit_test(test_memory_changes_nothing),
	};
	return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
