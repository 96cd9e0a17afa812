#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/notify.h"
#include "command/serve.h"
#include "content/watch.h"

/*
 * An editor writes, renames, sets times: one save is several events. We wait until it is quiet
 * for QUIET_MS, but no longer than PATIENCE_MS after the first of them. While a file is away, or
 * begun and not closed, its editor gets more time: readers should not see it gone.
 */
#define QUIET_MS    15
#define PATIENCE_MS 400
#define AMID_MS     150
#define LONGEST_MS  900

/* Future posts are looked at this often: the clock may jump, so sleeping until then is no way. */
#define CLOCK_MS 1000

/* Where the kernel does not tell of changes, the folders are looked through this often. */
#define SCAN_MS 5000

/* How often the files of the certificates are looked at. */
#define PAIRS_MS 2000

#define NEVER INT64_MAX

/* One capsule as this thread follows it. Nothing here is seen by another thread. */
struct followed {
	struct shared_settings *settings;
	struct loader *loader;
	struct catalogue *catalogue; /* the last good one, held */
	struct watch *watch;
	int64_t first_event, due; /* monotonic ms; NEVER = nothing has happened */
	int64_t scanned;          /* when the folders were last looked through */
};

struct reloader {
	struct server *server;
	struct followed *followed;
	unsigned nfollowed; /* less than the capsules when the start went half way */
	pthread_t thread;
	bool running;
	int wake;
	atomic_bool refresh, stop;
	uint64_t pairs, pairs_seen; /* in use; at the last look: see serve_pairs_state() */
};

static struct loader *loader_for(const struct server *server, const struct settings *settings)
{
	struct loader_options options = command_loader_options(settings);
	struct buf stamp = { 0 };
	buf_format(&stamp, "%.*s/posts-%.*s.stamp", STR_ARGS(settings->cache),
		   STR_ARGS(settings->hosts[0]));
	options.cache_file = buf_str(&stamp);
	options.drafts = server->overrides.drafts;
	struct loader *loader = loader_new(&options);
	buf_free(&stamp);
	return loader;
}

/* After readers have what they wait for: what the next start of a large capsule need not read. */
static void save_stamps(const struct reloader *reloader)
{
	for (unsigned i = 0; i < reloader->server->ncapsules; i++) {
		struct fault fault;
		if (!loader_save(reloader->followed[i].loader, &fault))
			log_fault(LOG_WARNING, &fault);
	}
}

/* Takes the reference to the settings. Watched before it is read: no change falls between. */
static struct followed follow_settings(const struct server *server, struct shared_settings *shared)
{
	const struct settings *settings = shared->settings;
	return (struct followed){ .settings = shared,
				  .watch = watch_new(settings->content, settings->pages),
				  .loader = loader_for(server, settings),
				  .due = NEVER,
				  .scanned = serve_milliseconds() };
}

static void stop_following(struct followed *followed)
{
	watch_free(followed->watch);
	loader_free(followed->loader);
	if (followed->catalogue != NULL)
		catalogue_release(followed->catalogue);
	shared_settings_release(followed->settings);
}

/* The last fault of a load that gave nothing is that of the folder. */
static void report(const struct followed *followed, struct fault_list *faults, struct fault *fatal)
{
	if (fatal != NULL && faults->count > 0) {
		*fatal = faults->at[--faults->count];
		command_locate_content(followed->settings->settings, fatal);
	}
	for (size_t i = 0; i < faults->count; i++)
		log_fault(LOG_WARNING, &faults->at[i]);
}

/*
 * Takes the catalogue that the loader gives. False when it gives none: nothing has changed, or
 * the folder cannot be read (that is `fatal` for whoever asks, else it is reported).
 */
static bool load(struct followed *followed, bool again, struct fault *fatal)
{
	struct arena arena = { 0 };
	struct fault_list faults = { 0 };
	struct catalogue *catalogue =
	    again ? loader_reload(followed->loader, date_now(), &faults, &arena)
		  : loader_load(followed->loader, date_now(), &faults, &arena);
	report(followed, &faults, catalogue == NULL ? fatal : NULL);
	arena_free(&arena);
	if (catalogue == NULL)
		return false;
	if (followed->catalogue != NULL)
		catalogue_release(followed->catalogue);
	followed->catalogue = catalogue;
	return true;
}

static struct edition *present_edition(struct reloader *reloader)
{
	unsigned count = reloader->server->ncapsules;
	struct edition_capsule *capsules = memory_new(count * sizeof(*capsules));
	for (unsigned i = 0; i < count; i++)
		capsules[i] = (struct edition_capsule){ reloader->followed[i].settings,
							reloader->followed[i].catalogue };
	struct edition *edition = edition_new(reloader->server, capsules);
	free(capsules);
	return edition;
}

static void take_edition(void *context, unsigned worker)
{
	struct edition *edition = context;
	serve_take_edition(&edition->server->worker[worker], edition);
}

/* Each worker gets a reference with the call and keeps it. */
static void publish(struct reloader *reloader)
{
	struct edition *edition = present_edition(reloader);
	for (unsigned i = 0; i < reloader->server->nworkers; i++)
		edition_hold(edition);
	workers_call(reloader->server->workers, take_edition, edition);
	indexer_want(reloader->server->indexer, edition);
	edition_release(edition);
}

/* ---- SIGHUP ---- */

/* New settings of one capsule, with a catalogue made by them; on any fault the old ones stay. */
static bool same_sockets(const struct listen_settings *a, const struct listen_settings *b)
{
	if (a->off != b->off || a->naddresses != b->naddresses)
		return false;
	for (size_t i = 0; i < a->naddresses; i++)
		if (!str_equal(a->addresses[i], b->addresses[i]))
			return false;
	return true;
}

/* Sockets and what the network allows are made once: whoever changes them shall not wonder. */
static void say_what_waits(const struct settings *old, const struct settings *fresh)
{
	const struct limit_settings *a = &old->limits, *b = &fresh->limits;
	bool same = same_sockets(&old->gemini, &fresh->gemini) &&
		    same_sockets(&old->gopher, &fresh->gopher) &&
		    a->connections == b->connections && a->per_address == b->per_address &&
		    a->handshake_s == b->handshake_s && a->request_s == b->request_s &&
		    a->response_s == b->response_s;
	if (!same)
		log_warning(
		    "%.*s: other sockets and limits of connections are taken at the next start",
		    STR_ARGS(fresh->file));
}

static void refresh_capsule(struct reloader *reloader, unsigned i)
{
	struct server *server = reloader->server;
	struct followed *followed = &reloader->followed[i];
	struct fault fault;
	struct shared_settings *fresh = serve_settings(server, i, &fault);
	if (fresh == NULL) {
		log_fault(LOG_ERROR, &fault);
		log_error("the old settings stay");
		return;
	}
	say_what_waits(followed->settings->settings, fresh->settings);
	serve_place(server, i, fresh->settings);
	struct followed next = follow_settings(server, fresh);
	loader_inherit(next.loader, followed->loader);
	if (!load(&next, false, NULL)) {
		log_error("the old settings stay");
		stop_following(&next);
		return;
	}
	if (!access_log_reopen(server->capsules[i].log, fresh->settings->access_log, &fault))
		log_fault(LOG_ERROR, &fault);
	stop_following(followed);
	*followed = next;
}

/* The settings of all capsules as they are now; the caller frees the array. */
static struct shared_settings **all_settings(const struct reloader *reloader)
{
	unsigned count = reloader->server->ncapsules;
	struct shared_settings **all = memory_new(count * sizeof(struct shared_settings *));
	for (unsigned i = 0; i < count; i++)
		all[i] = reloader->followed[i].settings;
	return all;
}

static void refresh_certificates(struct reloader *reloader)
{
	struct shared_settings **all = all_settings(reloader);
	struct fault fault;
	struct tls *tls = serve_tls(reloader->server, all, true, &fault);
	reloader->pairs = serve_pairs_state(all, reloader->server->ncapsules);
	if (tls == NULL) {
		log_fault(LOG_ERROR, &fault);
		log_error("the old certificates stay");
	} else {
		workers_set_tls(reloader->server->workers, tls);
		tls_free(tls);
	}
	free(all);
}

/*
 * A pair is two files: it is taken when both have stayed the same from one look to the next, so
 * that a certificate is not tried with the key before it.
 */
static void follow_certificates(struct reloader *reloader)
{
	struct shared_settings **all = all_settings(reloader);
	uint64_t now = serve_pairs_state(all, reloader->server->ncapsules);
	free(all);
	bool quiet = now == reloader->pairs_seen;
	reloader->pairs_seen = now;
	if (now == reloader->pairs || !quiet)
		return;
	log_info("the files of the certificates have changed");
	refresh_certificates(reloader);
}

static void refresh(struct reloader *reloader)
{
	char state[64];
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)serve_milliseconds() * 1000);
	notify(state);
	for (unsigned i = 0; i < reloader->server->ncapsules; i++)
		refresh_capsule(reloader, i);
	refresh_certificates(reloader);
	publish(reloader);
	notify("READY=1");
	log_info("settings, certificates and posts were read anew");
}

/* ---- the thread ---- */

/* Something happened in the folders: load when it has been quiet for a moment. */
static void note_event(struct followed *followed, int64_t now)
{
	if (followed->due == NEVER)
		followed->first_event = now;
	bool amid = watch_is_amid_change(followed->watch);
	int64_t quiet = now + (amid ? AMID_MS : QUIET_MS);
	int64_t latest = followed->first_event + (amid ? LONGEST_MS : PATIENCE_MS);
	followed->due = quiet < latest ? quiet : latest;
}

static void look(struct followed *followed)
{
	if (watch_read(followed->watch, followed->loader))
		note_event(followed, serve_milliseconds());
}

static void scan(struct followed *followed)
{
	watch_read(followed->watch, followed->loader);
	loader_note_all(followed->loader);
	followed->scanned = serve_milliseconds();
	followed->due = followed->scanned;
}

/* How long to sleep. */
static int time_to_sleep(const struct reloader *reloader, int64_t now)
{
	int64_t least = PAIRS_MS;
	for (unsigned i = 0; i < reloader->server->ncapsules; i++) {
		const struct followed *followed = &reloader->followed[i];
		int64_t wait = followed->due != NEVER ? followed->due - now : NEVER;
		if (followed->catalogue->next_change != INT64_MAX && wait > CLOCK_MS)
			wait = CLOCK_MS;
		if (watch_needs_polling(followed->watch) &&
		    wait > followed->scanned + SCAN_MS - now)
			wait = followed->scanned + SCAN_MS - now;
		if (wait < least)
			least = wait;
	}
	return least < 0 ? 0 : (int)least;
}

static void wait_for_events(struct reloader *reloader, struct pollfd *fds)
{
	unsigned count = reloader->server->ncapsules;
	for (unsigned i = 0; i < count; i++)
		fds[i] = (struct pollfd){ watch_fd(reloader->followed[i].watch), POLLIN, 0 };
	fds[count] = (struct pollfd){ reloader->wake, POLLIN, 0 };
	if (poll(fds, count + 1, time_to_sleep(reloader, serve_milliseconds())) <= 0)
		return;
	for (unsigned i = 0; i < count; i++)
		if (fds[i].revents != 0)
			look(&reloader->followed[i]);
	if (fds[count].revents != 0) {
		eventfd_t ignored;
		eventfd_read(reloader->wake, &ignored);
	}
}

/* Loads what is due; true when a catalogue has changed. */
static bool load_due(struct reloader *reloader)
{
	bool changed = false;
	for (unsigned i = 0; i < reloader->server->ncapsules; i++) {
		struct followed *followed = &reloader->followed[i];
		if (watch_needs_polling(followed->watch) &&
		    serve_milliseconds() >= followed->scanned + SCAN_MS)
			scan(followed);
		bool quiet = followed->due <= serve_milliseconds();
		if (quiet)
			followed->due = NEVER;
		if (quiet || followed->catalogue->next_change <= date_now())
			changed |= load(followed, true, NULL);
	}
	return changed;
}

static void *follow(void *context)
{
	struct reloader *reloader = context;
	struct pollfd *fds = memory_new((reloader->server->ncapsules + 1) * sizeof(*fds));
	int64_t looked = serve_milliseconds();
	save_stamps(reloader);
	while (!atomic_load(&reloader->stop)) {
		wait_for_events(reloader, fds);
		if (serve_milliseconds() >= looked + PAIRS_MS) {
			looked = serve_milliseconds();
			follow_certificates(reloader);
		}
		if (atomic_exchange(&reloader->refresh, false))
			refresh(reloader);
		else if (load_due(reloader))
			publish(reloader);
		else
			continue;
		save_stamps(reloader);
	}
	free(fds);
	return NULL;
}

/* ---- for the main thread ---- */

struct edition *reloader_first(struct server *server, struct shared_settings *const *all,
			       struct fault *fault)
{
	struct reloader *reloader = memory_new(sizeof(*reloader));
	server->reloader = reloader;
	reloader->server = server;
	reloader->wake = -1;
	reloader->followed = memory_new(server->ncapsules * sizeof(*reloader->followed));
	for (unsigned i = 0; i < server->ncapsules; i++) {
		struct followed *followed = &reloader->followed[i];
		*followed = follow_settings(server, shared_settings_hold(all[i]));
		reloader->nfollowed++;
		if (!load(followed, false, fault))
			return NULL;
		/* Now: later no folder can be made outside of those that are there. */
		if (followed->catalogue->nposts >= LOADER_SAVES)
			mkdir(all[i]->settings->cache.at, 0700);
	}
	return present_edition(reloader);
}

bool reloader_start(struct server *server, struct fault *fault)
{
	struct reloader *reloader = server->reloader;
	struct shared_settings **all = all_settings(reloader);
	reloader->pairs = reloader->pairs_seen = serve_pairs_state(all, server->ncapsules);
	free(all);
	reloader->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (reloader->wake < 0)
		return fault_system(fault, STR(""), "make an eventfd");
	if (pthread_create(&reloader->thread, NULL, follow, reloader) != 0)
		return fault_system(fault, STR(""), "start a thread");
	reloader->running = true;
	return true;
}

void reloader_refresh(struct reloader *reloader)
{
	atomic_store(&reloader->refresh, true);
	eventfd_write(reloader->wake, 1);
}

void reloader_stop(struct reloader *reloader)
{
	if (reloader == NULL)
		return;
	if (reloader->running) {
		atomic_store(&reloader->stop, true);
		eventfd_write(reloader->wake, 1);
		pthread_join(reloader->thread, NULL);
	}
	for (unsigned i = 0; i < reloader->nfollowed; i++)
		stop_following(&reloader->followed[i]);
	if (reloader->wake >= 0)
		close(reloader->wake);
	free(reloader->followed);
	free(reloader);
}
