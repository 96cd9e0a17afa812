/*
 * small_capsule - a capsule in a temporary folder, for the tests of site/.
 *
 *	struct small_capsule capsule;
 *	small_capsule_begin(&capsule);
 *	small_capsule_write(&capsule, "content/a.md", "---\ndate: 2020-01-01\n---\nText.\n");
 *	small_capsule_load(&capsule, "title: T\n");
 *	assert_page(&capsule, SPACE_GEMINI, "/", "# T\n...");
 *	small_capsule_end(&capsule);
 */
#ifndef TESTS_UNIT_SMALL_CAPSULE_H
#define TESTS_UNIT_SMALL_CAPSULE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/loader.h"
#include "site/site.h"

struct small_capsule {
	char folder[64];
	struct arena arena;
	struct settings *settings;
	struct loader *loader;
	struct site site;
	struct response response; /* of the last request */
};

/* 2020-12-31: what is dated later is still to come. */
#define SMALL_CAPSULE_NOW 1609372800

static inline struct str small_capsule_path(struct small_capsule *capsule, const char *name)
{
	return arena_format(&capsule->arena, "%s/%s", capsule->folder, name);
}

static inline void small_capsule_write_bytes(struct small_capsule *capsule, const char *name,
					     struct str bytes)
{
	struct str path = small_capsule_path(capsule, name);
	for (size_t i = strlen(capsule->folder) + 1; i < path.len; i++)
		if (path.at[i] == '/')
			mkdir(arena_str(&capsule->arena, str_sub(path, 0, i)).at, 0755);
	struct fault fault;
	if (!file_replace(path, bytes, 0644, &fault))
		fail_msg("%s: %s", path.at, fault.text);
}

static inline void small_capsule_write(struct small_capsule *capsule, const char *name,
				       const char *text)
{
	small_capsule_write_bytes(capsule, name, str_from(text));
}

static inline void small_capsule_begin(struct small_capsule *capsule)
{
	*capsule = (struct small_capsule){ .folder = "/tmp/small_capsule.XXXXXX",
					   .response = { .file = -1 } };
	assert_non_null(mkdtemp(capsule->folder));
	mkdir(small_capsule_path(capsule, "content").at, 0755);
	mkdir(small_capsule_path(capsule, "pages").at, 0755);
}

/* The settings go to pages/capsule.yaml, as in the example capsule. */
static inline void small_capsule_load(struct small_capsule *capsule, const char *settings)
{
	struct fault fault;
	struct fault_list faults = { 0 };
	small_capsule_write(capsule, "pages/capsule.yaml", settings);
	capsule->settings =
	    settings_read(small_capsule_path(capsule, "pages/capsule.yaml"), &fault);
	if (capsule->settings == NULL)
		fail_msg("settings: %s", fault.text);
	struct loader_options options = {
		.content = capsule->settings->content,
		.pages = capsule->settings->pages,
		.language = capsule->settings->language,
		.author = capsule->settings->author_name,
		.post_bytes = capsule->settings->limits.post_bytes,
		.threads = 1,
	};
	capsule->loader = loader_new(&options);
	capsule->site.settings = capsule->settings;
	capsule->site.catalogue =
	    loader_load(capsule->loader, SMALL_CAPSULE_NOW, &faults, &capsule->arena);
	if (capsule->site.catalogue == NULL)
		fail_msg("no catalogue: %s", faults.count > 0 ? faults.at[0].text : "no fault");
}

static inline int small_capsule_remove(const char *path, const struct stat *status, int type,
				       struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void small_capsule_end(struct small_capsule *capsule)
{
	response_free(&capsule->response);
	catalogue_release((struct catalogue *)(uintptr_t)capsule->site.catalogue);
	loader_free(capsule->loader);
	settings_free(capsule->settings);
	nftw(capsule->folder, small_capsule_remove, 8, FTW_DEPTH | FTW_PHYS);
	arena_free(&capsule->arena);
}

static inline struct response *small_capsule_query(struct small_capsule *capsule, enum space space,
						   const char *path, const char *query)
{
	response_free(&capsule->response);
	struct site_request request = {
		.space = space,
		.path = str_from(path),
		.has_query = query != NULL,
		.query = query ? str_from(query) : STR(""),
	};
	site_answer(&capsule->site, &request, &capsule->arena, &capsule->response);
	return &capsule->response;
}

static inline struct response *small_capsule_ask(struct small_capsule *capsule, enum space space,
						 const char *path)
{
	return small_capsule_query(capsule, space, path, NULL);
}

/* The body of an answer, that of a file too, as a C string. */
static inline const char *small_capsule_body(struct small_capsule *capsule)
{
	struct response *response = &capsule->response;
	if (response->file >= 0 && response->body.len == 0) {
		lseek(response->file, 0, SEEK_SET);
		assert_true(file_read(response->file, 1 << 24, &response->body));
		assert_int_equal(response->body.len, response->size);
	}
	return buf_c(&response->body);
}

/* The page at a path is exactly this; differences are shown line by line. */
static inline void assert_page(struct small_capsule *capsule, enum space space, const char *path,
			       const char *expected)
{
	struct response *response = small_capsule_ask(capsule, space, path);
	if (response->kind != RESPONSE_TEXT && response->kind != RESPONSE_MENU &&
	    response->kind != RESPONSE_FILE)
		fail_msg("%s: no page but %d %.*s", path, response->kind, STR_ARGS(response->text));
	const char *body = small_capsule_body(capsule);
	if (strcmp(body, expected) != 0)
		fail_msg("%s is\n%s<\nnot\n%s<", path, body, expected);
}

static inline void assert_redirect(struct small_capsule *capsule, enum space space,
				   const char *path, bool permanent, const char *target)
{
	struct response *response = small_capsule_ask(capsule, space, path);
	if (response->kind != RESPONSE_REDIRECT)
		fail_msg("%s: no redirect but %d", path, response->kind);
	assert_string_equal(arena_str(&capsule->arena, response->text).at, target);
	assert_int_equal(response->permanent, permanent);
}

static inline void assert_missing(struct small_capsule *capsule, enum space space, const char *path)
{
	struct response *response = small_capsule_ask(capsule, space, path);
	if (response->kind != RESPONSE_MISSING)
		fail_msg("%s: found: %d", path, response->kind);
}

#endif
