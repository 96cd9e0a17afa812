/*
 * The home page and the newest posts are what readers of a feed ask for when something is new: an
 * idle worker makes their answers before, one in a while, into its own cache.
 */
#include "command/serve.h"

#define AHEAD_BYTES (768 * 1024) /* of all workers together */
#define AHEAD_POSTS 256          /* of each capsule, whatever becomes of them */

void serve_begin_ahead(struct worker *worker)
{
	size_t share = AHEAD_BYTES / worker->server->nworkers;
	struct ahead *ahead = &worker->ahead;
	ahead->left = worker->cache.budget / 2 < share ? worker->cache.budget / 2 : share;
	ahead->next = 0;
	ahead->capsule = 0;
}

/* What is next, capsule by capsule in turns; false when there is nothing more. */
static bool next_route(struct worker *worker, unsigned *capsule, struct route *route)
{
	struct ahead *ahead = &worker->ahead;
	const struct edition *edition = worker->edition;
	for (; ahead->next <= AHEAD_POSTS; ahead->next++, ahead->capsule = 0) {
		while (ahead->capsule < edition->ncapsules) {
			const struct catalogue *c = edition->capsules[ahead->capsule].catalogue;
			*capsule = ahead->capsule++;
			if (ahead->next > c->nposts)
				continue;
			*route = (struct route){ .kind = ROUTE_HOME };
			if (ahead->next > 0)
				*route = (struct route){ .kind = ROUTE_POST,
							 .name = c->posts[ahead->next - 1].slug };
			return true;
		}
	}
	return false;
}

static void make(struct worker *worker, unsigned capsule, const struct route *route)
{
	const struct settings *settings = worker->edition->capsules[capsule].settings->settings;
	const struct serve_socket *socket =
	    worker->server->capsules[capsule].public[LISTENER_GEMINI];
	struct ahead *ahead = &worker->ahead;
	struct buf line = { 0 };
	if (socket == NULL || settings->gemini.off)
		return;
	style_absolute(&settings->style, SPACE_GEMINI, route, &line);
	buf_add(&line, STR("\r\n"));
	size_t before = worker->cache.used;
	serve_keep_gemini(worker, socket, buf_str(&line));
	size_t made = worker->cache.used > before ? worker->cache.used - before : 0;
	ahead->left = ahead->left > made ? ahead->left - made : 0;
	buf_free(&line);
	/* It counts as a request, so that what it needed is given back some time after. */
	ahead->nasked = atomic_fetch_add_explicit(&worker->nasked, 1, memory_order_relaxed) + 1;
}

bool serve_ahead(void *context, unsigned number)
{
	struct server *server = context;
	struct worker *worker = &server->worker[number];
	struct ahead *ahead = &worker->ahead;
	unsigned long long nasked = atomic_load_explicit(&worker->nasked, memory_order_relaxed);
	struct route route;
	unsigned capsule;
	if (nasked != ahead->nasked) { /* somebody is asking */
		ahead->nasked = nasked;
		return true;
	}
	if (ahead->left > 0 && next_route(worker, &capsule, &route)) {
		make(worker, capsule, &route);
		return true;
	}
	arena_free(&worker->arena);
	return false;
}
