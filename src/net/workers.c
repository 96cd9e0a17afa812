#include "net/workers.h"

#include <assert.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "net/worker.h"

unsigned workers_default_count(void)
{
	cpu_set_t cores;
	if (sched_getaffinity(0, sizeof cores, &cores) != 0 || CPU_COUNT(&cores) < 1)
		return 1;
	return (unsigned)CPU_COUNT(&cores);
}

static void *thread_main(void *argument)
{
	worker_run(argument);
	return NULL;
}

/* Signals belong to the main thread; SIGPIPE, which sendfile() raises, to nobody. */
static int start_thread(struct worker *worker)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&worker->thread, NULL, thread_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void wake(struct worker *worker)
{
	uint64_t one = 1;
	ssize_t ignored = write(worker->wake_fd, &one, sizeof one); /* full = awake already */
	(void)ignored;
}

static void ask_to_stop(struct worker *worker)
{
	atomic_store(&worker->stop_asked, true);
	wake(worker);
}

static void free_workers(struct workers *workers)
{
	for (unsigned i = 0; i < workers->nworkers; i++)
		worker_close(&workers->workers[i]);
	for (size_t i = 0; i < workers->nlisteners; i++)
		listener_close(workers->listeners[i]);
	free(workers->workers);
	free(workers->listeners);
	limits_free(workers->limits);
	free(workers);
}

/* Opens all before the first thread runs, so that a failure needs no thread to be ended. */
static bool open_all(struct workers *workers, unsigned count, struct tls *tls, struct fault *fault)
{
	workers->workers = memory_new(count * sizeof *workers->workers);
	for (unsigned i = 0; i < count; i++) {
		workers->nworkers++;
		if (!worker_open(&workers->workers[i], workers, i, tls, fault))
			return false;
	}
	return true;
}

struct workers *workers_start(const struct workers_settings *settings, struct fault *fault)
{
	assert(settings->count > 0 && settings->handler != NULL);
	struct workers *workers = memory_new(sizeof *workers);
	workers->handler = settings->handler;
	workers->chore = settings->chore;
	workers->context = settings->context;
	workers->deadlines = settings->limits;
	workers->nlisteners = settings->nlisteners;
	workers->listeners = memory_new((settings->nlisteners + 1) * sizeof *workers->listeners);
	for (size_t i = 0; i < settings->nlisteners; i++) {
		workers->listeners[i] = settings->listeners[i];
		workers->listeners[i]->index = (unsigned)i;
	}
	workers->limits = limits_new(&settings->limits);
	if (!open_all(workers, settings->count, settings->tls, fault)) {
		free_workers(workers);
		return NULL;
	}
	for (unsigned i = 0; i < workers->nworkers; i++) {
		if (start_thread(&workers->workers[i]) == 0)
			continue;
		fault_system(fault, (struct str){ 0 }, "start a thread");
		for (unsigned j = 0; j < i; j++)
			ask_to_stop(&workers->workers[j]);
		for (unsigned j = 0; j < i; j++)
			pthread_join(workers->workers[j].thread, NULL);
		free_workers(workers);
		return NULL;
	}
	return workers;
}

void workers_call(struct workers *workers, workers_callback *run, void *context)
{
	for (unsigned i = 0; i < workers->nworkers; i++) {
		struct worker *worker = &workers->workers[i];
		pthread_mutex_lock(&worker->calls_lock);
		worker->calls = memory_grow(worker->calls, worker->ncalls, &worker->calls_capacity,
					    sizeof *worker->calls);
		worker->calls[worker->ncalls++] = (struct call){ run, context };
		pthread_mutex_unlock(&worker->calls_lock);
		wake(worker);
	}
}

/* One of these travels to the workers; the last to arrive frees it. */
struct new_tls {
	struct workers *workers;
	struct tls *tls; /* a reference for each worker */
	atomic_uint travelling;
};

static void take_tls(void *context, unsigned index)
{
	struct new_tls *news = context;
	tls_endpoint_set(&news->workers->workers[index].tls, news->tls);
	if (atomic_fetch_sub(&news->travelling, 1) == 1)
		free(news);
}

void workers_set_tls(struct workers *workers, struct tls *tls)
{
	struct new_tls *news = memory_new(sizeof *news);
	news->workers = workers;
	news->tls = tls;
	atomic_init(&news->travelling, workers->nworkers);
	for (unsigned i = 0; i < workers->nworkers; i++)
		tls_reference(tls);
	workers_call(workers, take_tls, news);
}

void workers_stop(struct workers *workers)
{
	if (workers == NULL)
		return;
	for (unsigned i = 0; i < workers->nworkers; i++)
		ask_to_stop(&workers->workers[i]);
	for (unsigned i = 0; i < workers->nworkers; i++)
		pthread_join(workers->workers[i].thread, NULL);
	free_workers(workers);
}
