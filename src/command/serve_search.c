#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/memory.h"
#include "command/serve.h"

/*
 * Words are indexed in a thread of their own: a post is served at once and found a moment later,
 * however large the capsule is. The thread is nice, not idle: beside a busy program a capsule is
 * found late, but it is found.
 */
struct indexer {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock; /* of `wanted` */
	pthread_cond_t news;
	struct edition *wanted; /* the newest that was not begun; NULL = none */
	atomic_bool stop;
};

/* Only what takes a while is worth a line: a first start, a large import. */
#define TOLD_POSTS 100

static void update(struct indexer *indexer, struct search *search, const struct catalogue *c)
{
	struct fault fault;
	uint32_t before = search_posts(search);
	int64_t start = serve_milliseconds();
	if (!search_update(search, c, &indexer->stop, &fault)) {
		if (!atomic_load(&indexer->stop))
			log_fault(LOG_WARNING, &fault);
		return;
	}
	uint32_t after = search_posts(search);
	if (after >= before + TOLD_POSTS && !atomic_load(&indexer->stop))
		log_info("%u posts are indexed for the search: %.1f MiB, in %.1f s", after,
			 (double)search_bytes(search) / 1048576,
			 (double)(serve_milliseconds() - start) / 1000);
}

static void update_all(struct indexer *indexer, const struct edition *edition)
{
	for (unsigned i = 0; i < edition->ncapsules; i++)
		if (indexer->server->capsules[i].search != NULL)
			update(indexer, indexer->server->capsules[i].search,
			       edition->capsules[i].catalogue);
}

static void *follow(void *context)
{
	struct indexer *indexer = context;
	/* Of this thread alone: requests go first, and it does not interrupt them when it wakes. */
	setpriority(PRIO_PROCESS, 0, 19);
	sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 });
	pthread_mutex_lock(&indexer->lock);
	while (!atomic_load(&indexer->stop)) {
		struct edition *edition = indexer->wanted;
		indexer->wanted = NULL;
		if (edition == NULL) {
			pthread_cond_wait(&indexer->news, &indexer->lock);
			continue;
		}
		pthread_mutex_unlock(&indexer->lock);
		update_all(indexer, edition);
		edition_release(edition);
		memory_settle(); /* what indexing took is not needed while waiting */
		pthread_mutex_lock(&indexer->lock);
	}
	pthread_mutex_unlock(&indexer->lock);
	return NULL;
}

bool indexer_start(struct server *server, struct fault *fault)
{
	struct indexer *indexer = memory_new(sizeof(*indexer));
	indexer->server = server;
	pthread_mutex_init(&indexer->lock, NULL);
	pthread_cond_init(&indexer->news, NULL);
	if (pthread_create(&indexer->thread, NULL, follow, indexer) != 0) {
		free(indexer);
		return fault_system(fault, STR(""), "start a thread");
	}
	server->indexer = indexer;
	return true;
}

void indexer_want(struct indexer *indexer, struct edition *edition)
{
	pthread_mutex_lock(&indexer->lock);
	struct edition *old = indexer->wanted;
	indexer->wanted = edition_hold(edition);
	pthread_cond_signal(&indexer->news);
	pthread_mutex_unlock(&indexer->lock);
	if (old != NULL)
		edition_release(old);
}

void indexer_stop(struct indexer *indexer)
{
	if (indexer == NULL)
		return;
	pthread_mutex_lock(&indexer->lock);
	atomic_store(&indexer->stop, true);
	pthread_cond_signal(&indexer->news);
	pthread_mutex_unlock(&indexer->lock);
	pthread_join(indexer->thread, NULL);
	if (indexer->wanted != NULL)
		edition_release(indexer->wanted);
	pthread_mutex_destroy(&indexer->lock);
	pthread_cond_destroy(&indexer->news);
	free(indexer);
}
