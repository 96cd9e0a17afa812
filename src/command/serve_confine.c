#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/log.h"
#include "command/serve.h"
#include "net/sandbox.h"

#define SEARCH_FILE_POSTS 200 /* above it `search: auto` keeps its index in a file */

/* Paths live in the settings, or in the server's arena. */
struct paths {
	struct str *at;
	size_t count, capacity;
};

static void add_path(struct server *server, struct paths *paths, struct str path)
{
	if (path.len == 0)
		return;
	paths->at =
	    arena_grow(&server->arena, paths->at, paths->count, &paths->capacity, sizeof(path));
	paths->at[paths->count++] = path;
}

static struct str folder_of(struct str file)
{
	size_t slash = str_find_last(file, '/');
	if (slash == STR_NOT_FOUND)
		return STR(".");
	return slash == 0 ? STR("/") : str_sub(file, 0, slash);
}

static bool is_file(struct str access_log)
{
	return !str_equal(access_log, STR("stderr")) && !str_equal(access_log, STR("off"));
}

bool serve_drop_root(const struct server *server, struct shared_settings *const *all,
		     struct fault *fault)
{
	/* One process is one user: the first capsule that names one decides. */
	for (unsigned i = 0; i < server->ncapsules; i++)
		if (all[i]->settings->user.len > 0)
			return sandbox_drop_root(all[i]->settings->user, fault);
	return true;
}

void serve_confine(struct server *server, struct shared_settings *const *all)
{
	/* Debuggers, valgrind and leak checkers look into the process as the sandbox forbids. */
	if (getenv("PERIGEE_UNCONFINED") != NULL) {
		log_warning("not confined: PERIGEE_UNCONFINED is set");
		return;
	}
	struct paths readable = { 0 }, writable = { 0 };
	for (unsigned i = 0; i < server->ncapsules; i++) {
		const struct settings *settings = all[i]->settings;
		struct stat status;
		/* Editors replace the settings' file: it is the folder that must be open. */
		add_path(server, &readable, folder_of(settings->file));
		add_path(server, &readable, settings->content);
		add_path(server, &readable, settings->pages);
		add_path(server, &writable, settings->certificates);
		if (stat(settings->cache.at, &status) == 0)
			add_path(server, &writable, settings->cache);
		if (is_file(settings->access_log))
			add_path(server, &writable, folder_of(settings->access_log));
	}
	const struct sandbox_settings sandbox = { readable.at, readable.count, writable.at,
						  writable.count };
	sandbox_confine(&sandbox);
}

/* The file of a capsule's index, or an empty text: in memory. */
static struct str index_file(struct server *server, const struct settings *settings,
			     unsigned nposts)
{
	bool large = settings->search == SEARCH_FILE ||
		     (settings->search == SEARCH_AUTO && nposts > SEARCH_FILE_POSTS);
	if (!large)
		return STR("");
	if (mkdir(settings->cache.at, 0700) != 0 && errno != EEXIST) {
		struct fault fault;
		fault_system(&fault, settings->cache, "make the folder of the search index");
		log_fault(LOG_WARNING, &fault);
		return STR("");
	}
	return arena_format(&server->arena, "%.*s/search-%.*s.db", STR_ARGS(settings->cache),
			    STR_ARGS(settings->hosts[0]));
}

bool serve_open_search(struct server *server, unsigned i, const struct settings *settings,
		       unsigned nposts, struct fault *fault)
{
	if (settings->search == SEARCH_OFF)
		return true;
	struct str file = index_file(server, settings, nposts);
	server->capsules[i].search = search_open(file, fault);
	if (server->capsules[i].search == NULL && file.len > 0) {
		log_fault(LOG_WARNING, fault);
		server->capsules[i].search = search_open(STR(""), fault);
	}
	return server->capsules[i].search != NULL;
}
