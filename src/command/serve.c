#include "command/serve.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/notify.h"
#include "net/tls_memory.h"

#define MOST_WORKERS 256
#define LOG_PAUSE_MS 50   /* how long access lines are gathered for one write */
#define IDLE_MS      3000 /* without a request: time to give memory back */

enum {
	OPTION_GEMINI = 256,
	OPTION_GOPHER,
	OPTION_CONTENT,
	OPTION_CERTS,
	OPTION_HOST,
	OPTION_WORKERS,
	OPTION_DRAFTS
};

static const struct command_option options[] = {
	{ 'c', "config", "FILE",
	  "the settings of a capsule; several serve several capsules;\n"
	  "default: capsule/capsule.yaml, then /etc/perigee/capsule.yaml" },
	{ OPTION_GEMINI, "gemini", "ADDR:PORT",
	  "where to serve Gemini; port 0 = any free one; off" },
	{ OPTION_GOPHER, "gopher", "ADDR:PORT",
	  "where to serve Gopher; port 0 = any free one; off" },
	{ OPTION_CONTENT, "content", "DIR", "the posts" },
	{ OPTION_CERTS, "certs", "DIR", "certificates and keys; made there when missing" },
	{ OPTION_HOST, "host", "NAME", "the public name" },
	{ OPTION_WORKERS, "workers", "N", "threads that serve; default: one for each core" },
	{ OPTION_DRAFTS, "drafts", NULL, "show drafts and posts of the future too" },
};

/* What the command line asked for. */
struct wishes {
	const char **configs;
	size_t nconfigs, capacity;
	struct serve_overrides overrides;
	unsigned nworkers;
};

/* False after a line on stderr. */
static bool read_options(struct command_line *line, struct wishes *wishes)
{
	int option;
	while ((option = command_option(line)) != COMMAND_OPTIONS_END) {
		uint64_t number;
		switch (option) {
		case 'c':
			wishes->configs = memory_grow(wishes->configs, wishes->nconfigs,
						      &wishes->capacity, sizeof(char *));
			wishes->configs[wishes->nconfigs++] = line->value;
			break;
		case OPTION_GEMINI: wishes->overrides.gemini = line->value; break;
		case OPTION_GOPHER: wishes->overrides.gopher = line->value; break;
		case OPTION_CONTENT: wishes->overrides.content = line->value; break;
		case OPTION_CERTS: wishes->overrides.certificates = line->value; break;
		case OPTION_HOST: wishes->overrides.host = line->value; break;
		case OPTION_DRAFTS: wishes->overrides.drafts = true; break;
		case OPTION_WORKERS:
			if (!str_number(str_from(line->value), MOST_WORKERS, &number) ||
			    number == 0) {
				command_misused(line, "--workers takes a number from 1 to %d",
						MOST_WORKERS);
				return false;
			}
			wishes->nworkers = (unsigned)number;
			break;
		}
	}
	if (line->count > 0) {
		command_misused(line, "what is %s? Settings are named with -c", line->arguments[0]);
		return false;
	}
	return true;
}

/* Every connection needs a descriptor: take all that we may have. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int64_t serve_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- start ---- */

static bool open_logs(struct server *server, struct shared_settings *const *all,
		      struct fault *fault)
{
	for (unsigned i = 0; i < server->ncapsules; i++) {
		server->capsules[i].log =
		    access_log_open(all[i]->settings->access_log, server->nworkers, fault);
		if (server->capsules[i].log == NULL)
			return false;
	}
	return true;
}

struct searches {
	struct server *server;
	struct shared_settings *const *all;
	const struct edition *edition;
	struct fault fault;
	bool whole;
};

static void *open_searches(void *context)
{
	struct searches *s = context;
	s->whole = true;
	for (unsigned i = 0; i < s->server->ncapsules && s->whole; i++)
		s->whole = serve_open_search(s->server, i, s->all[i]->settings,
					     s->edition->capsules[i].catalogue->nposts, &s->fault);
	return NULL;
}

/* Certificates beside the indexes: each takes its library some milliseconds to wake up. */
static struct tls *open_searches_and_tls(struct server *server, struct shared_settings *const *all,
					 const struct edition *edition, struct fault *fault)
{
	struct searches searches = { .server = server, .all = all, .edition = edition };
	pthread_t thread;
	bool beside = pthread_create(&thread, NULL, open_searches, &searches) == 0;
	if (!beside)
		open_searches(&searches);
	struct tls *tls = serve_tls(server, all, true, fault);
	if (beside)
		pthread_join(thread, NULL);
	if (searches.whole || tls == NULL)
		return tls;
	*fault = searches.fault;
	tls_free(tls);
	return NULL;
}

/* The smallest of what the capsules allow: connections are counted for all of them together. */
static struct limits_settings common_limits(struct shared_settings *const *all, unsigned ncapsules)
{
	const struct limit_settings *first = &all[0]->settings->limits;
	struct limits_settings limits = { first->connections, first->per_address,
					  first->handshake_s, first->request_s, first->response_s };
	for (unsigned i = 1; i < ncapsules; i++) {
		const struct limit_settings *other = &all[i]->settings->limits;
		const struct {
			unsigned *least, wanted;
		} rows[] = {
			{ &limits.connections, other->connections },
			{ &limits.per_address, other->per_address },
			{ &limits.handshake_s, other->handshake_s },
			{ &limits.request_s, other->request_s },
			{ &limits.response_s, other->response_s },
		};
		for (size_t j = 0; j < sizeof(rows) / sizeof(*rows); j++)
			if (rows[j].wanted != 0 &&
			    (*rows[j].least == 0 || rows[j].wanted < *rows[j].least))
				*rows[j].least = rows[j].wanted;
	}
	return limits;
}

static bool start_workers(struct server *server, struct shared_settings *const *all,
			  struct listener **listeners, struct tls *tls, struct edition *edition,
			  struct fault *fault)
{
	server->worker = memory_new(server->nworkers * sizeof(*server->worker));
	for (unsigned i = 0; i < server->nworkers; i++) {
		server->worker[i].server = server;
		server->worker[i].number = i;
		serve_take_edition(&server->worker[i], edition_hold(edition));
	}
	struct workers_settings settings = {
		.count = server->nworkers,
		.limits = common_limits(all, server->ncapsules),
		.tls = tls,
		.listeners = listeners,
		.nlisteners = server->nsockets,
		.handler = serve_answer,
		.chore = serve_ahead,
		.context = server,
	};
	server->workers = workers_start(&settings, fault);
	return server->workers != NULL;
}

static void print_addresses(const struct server *server, const struct edition *edition)
{
	static const char *const spaces[] = {
		[LISTENER_GEMINI] = "gemini", [LISTENER_GOPHER] = "gopher"
	};
	for (unsigned i = 0; i < server->ncapsules; i++) {
		const struct settings *settings = edition->capsules[i].settings->settings;
		const struct place *place = &settings->style.place;
		for (size_t j = 0; j < server->nsockets; j++) {
			const struct serve_socket *socket = &server->sockets[j];
			if (!serve_socket_is_of(socket, i, settings))
				continue;
			struct str host = socket->kind == LISTENER_GEMINI ? place->gemini_host
									  : place->gopher_host;
			const char *space = spaces[socket->kind];
			printf("%s %s://%.*s:%u/ (%.*s)\n", space, space, STR_ARGS(host),
			       serve_public_port(settings, socket), STR_ARGS(socket->address));
		}
	}
}

static void print_ready(const struct server *server, const struct edition *edition, int64_t began)
{
	unsigned posts = 0, series = 0, keywords = 0;
	for (unsigned i = 0; i < edition->ncapsules; i++) {
		posts += edition->capsules[i].catalogue->nposts;
		series += edition->capsules[i].catalogue->nseries;
		keywords += edition->capsules[i].catalogue->nkeywords;
	}
	print_addresses(server, edition);
	printf("ready: %u posts, %u series, %u keywords in %lld ms\n", posts, series, keywords,
	       (long long)(serve_milliseconds() - began));
	fflush(stdout);
}

/* Signals are read from a descriptor by the main thread; no other thread ever gets one. */
static int open_signals(void)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool start(struct server *server, struct shared_settings **all, struct fault *fault)
{
	int64_t began = serve_milliseconds();
	for (unsigned i = 0; i < server->ncapsules; i++) {
		all[i] = serve_settings(server, i, fault);
		if (all[i] == NULL)
			return false;
	}
	struct listener **listeners = serve_listeners(server, all, fault);
	if (listeners == NULL)
		return false;
	for (unsigned i = 0; i < server->ncapsules; i++)
		serve_place(server, i, all[i]->settings);
	if (!serve_drop_root(server, all, fault)) {
		for (size_t i = 0; i < server->nsockets; i++)
			listener_close(listeners[i]);
		free(listeners);
		return false;
	}
	/* No certificate is made for a capsule whose posts or logs cannot be had. */
	struct edition *edition = reloader_first(server, all, fault);
	bool whole = edition != NULL && open_logs(server, all, fault);
	struct tls *tls = whole ? open_searches_and_tls(server, all, edition, fault) : NULL;
	whole = tls != NULL;
	for (size_t i = 0; i < server->nsockets && !whole; i++)
		listener_close(listeners[i]);
	if (whole)
		serve_confine(server, all); /* the threads that follow inherit it */
	bool good = whole && start_workers(server, all, listeners, tls, edition, fault) &&
		    indexer_start(server, fault) && reloader_start(server, fault);
	free(listeners);
	tls_free(tls);
	if (good)
		indexer_want(server->indexer, edition);
	if (good)
		print_ready(server, edition, began);
	if (edition != NULL)
		edition_release(edition);
	return good;
}

/* ---- run and end ---- */

/* Access lines wait a moment for others before they are written. */
struct log_timer {
	bool waits;
	int64_t due;
};

static void flush_logs(struct server *server)
{
	for (unsigned i = 0; i < server->ncapsules; i++)
		access_log_flush(server->capsules[i].log);
}

/* True when it is time to end. */
static bool take_signals(struct server *server, int signals)
{
	struct signalfd_siginfo got;
	bool ends = false;
	while (read(signals, &got, sizeof(got)) == (ssize_t)sizeof(got)) {
		if (got.ssi_signo == SIGHUP)
			reloader_refresh(server->reloader);
		else
			ends = true;
	}
	return ends;
}

/* What was settled for, and what the last look saw: numbers of requests. */
struct idleness {
	unsigned long long settled, seen;
};

static void settle_when_idle(struct server *server, struct idleness *idle)
{
	unsigned long long nasked = 0;
	for (unsigned i = 0; i < server->nworkers; i++)
		nasked += atomic_load_explicit(&server->worker[i].nasked, memory_order_relaxed);
	if (nasked == idle->seen && nasked != idle->settled) {
		memory_settle();
		idle->settled = nasked;
	}
	idle->seen = nasked;
}

static void wait_for_end(struct server *server, int signals)
{
	struct pollfd *fds = memory_new((server->ncapsules + 1) * sizeof(*fds));
	struct log_timer timer = { 0 };
	struct idleness idle = { 0 };
	for (unsigned i = 0; i < server->ncapsules; i++)
		fds[i + 1] = (struct pollfd){ access_log_fd(server->capsules[i].log), POLLIN, 0 };
	fds[0] = (struct pollfd){ signals, POLLIN, 0 };
	for (bool ends = false; !ends;) {
		/* While the timer runs, the logs' descriptors stay readable and are not asked. */
		int64_t now = serve_milliseconds();
		int timeout = !timer.waits ? IDLE_MS : timer.due > now ? (int)(timer.due - now) : 0;
		int ready = poll(fds, timer.waits ? 1 : server->ncapsules + 1, timeout);
		if (ready == 0 && !timer.waits) {
			settle_when_idle(server, &idle);
		} else if (ready == 0) {
			timer.waits = false;
			flush_logs(server);
		} else if (fds[0].revents != 0) {
			ends = take_signals(server, signals);
		} else if (ready > 0) {
			timer = (struct log_timer){ true, serve_milliseconds() + LOG_PAUSE_MS };
		}
	}
	free(fds);
}

/* Also after a start that went half way. */
static void stop(struct server *server)
{
	reloader_stop(server->reloader);
	indexer_stop(server->indexer);
	if (server->workers != NULL)
		workers_stop(server->workers);
	for (unsigned i = 0; i < server->nworkers && server->worker != NULL; i++)
		serve_free_worker(&server->worker[i]);
	for (unsigned i = 0; i < server->ncapsules; i++) {
		if (server->capsules[i].log != NULL)
			access_log_close(server->capsules[i].log);
		if (server->capsules[i].search != NULL)
			search_close(server->capsules[i].search);
	}
	free(server->worker);
	free(server->sockets);
	arena_free(&server->arena);
	arena_free(&server->tls_arena);
}

static int serve(struct server *server)
{
	struct shared_settings **all =
	    memory_new(server->ncapsules * sizeof(struct shared_settings *));
	struct fault fault;
	int status = COMMAND_FINE;
	int signals = open_signals();
	raise_descriptors();
	tls_memory_use(); /* without it connections only take more room */
	notify_open();
	if (start(server, all, &fault)) {
		notify("READY=1");
		memory_settle();
		wait_for_end(server, signals);
		notify("STOPPING=1");
	} else {
		status = command_fault(&fault);
	}
	stop(server);
	for (unsigned i = 0; i < server->ncapsules; i++)
		if (all[i] != NULL)
			shared_settings_release(all[i]);
	free(all);
	close(signals);
	return status;
}

static int run(struct command_line *line)
{
	struct wishes wishes = { 0 };
	if (!read_options(line, &wishes)) {
		free(wishes.configs);
		return COMMAND_WRONG_USAGE;
	}
	struct server server = {
		.overrides = wishes.overrides,
		.ncapsules = wishes.nconfigs > 0 ? (unsigned)wishes.nconfigs : 1,
		.nworkers = wishes.nworkers > 0 ? wishes.nworkers : workers_default_count(),
	};
	server.capsules = memory_new(server.ncapsules * sizeof(*server.capsules));
	for (size_t i = 0; i < wishes.nconfigs; i++)
		server.capsules[i].config = wishes.configs[i];
	int status = serve(&server);
	free(server.capsules);
	free(wishes.configs);
	return status;
}

const struct command command_serve = {
	.name = "serve",
	.arguments = "[-c FILE]...",
	.summary = "serve one or more capsules in Gemini and Gopher",
	.help = "Changes of posts and pages are served as soon as they are saved. SIGHUP reads "
		"settings,\n"
		"certificates and posts anew; SIGTERM ends after open answers are finished.\n\n"
		"Example:\n"
		"  perigee serve -c capsule/capsule.yaml --gopher '[::]:7070'\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
