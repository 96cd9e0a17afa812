#include "net/worker.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "net/connection.h"

enum {
	TAIL_S = 2,
	GOODBYE_S = 3,
	STOP_S = 10,
	DOZE_US = 500000,  /* of silence before an SSL object shrinks; under a second */
	CHORE_US = 5000,   /* between two chores: a hundred of them go unnoticed */
	HURRY_US = 500000, /* how long a stop waits for who is not being answered yet */
};

static void set_deadlines(struct worker *worker)
{
	const struct limits_settings *limits = &worker->workers->deadlines;
	const unsigned seconds[CONN_STATES] = {
		[CONN_HANDSHAKE] = limits->handshake_s,
		[CONN_REQUEST] = limits->request_s,
		[CONN_TAIL] = TAIL_S,
		[CONN_UPLOAD] = limits->response_s,
		[CONN_RESPOND] = limits->response_s,
		[CONN_GOODBYE] = GOODBYE_S,
	};
	for (size_t i = 0; i < CONN_STATES; i++) {
		struct timeval time = { (time_t)seconds[i], 0 };
		/* Timers of equal length are a queue instead of a heap. */
		worker->deadlines[i] =
		    seconds[i] ? event_base_init_common_timeout(worker->base, &time) : NULL;
	}
	static const struct timeval doze = { 0, DOZE_US };
	worker->doze = event_base_init_common_timeout(worker->base, &doze);
	struct timeval rest = { (time_t)limits->request_s - 1, 1000000 - DOZE_US };
	if (limits->request_s > 0)
		worker->after_doze = event_base_init_common_timeout(worker->base, &rest);
}

static struct event_base *new_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;
	/* Only the worker's own thread touches its base; others write to wake_fd. */
	if (config != NULL && event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0)
		base = event_base_new_with_config(config);
	if (config != NULL)
		event_config_free(config);
	return base;
}

/* Ends whom nobody is answering; after STOP_S all. */
static void on_hurry(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct worker *worker = argument;
	struct connection *connection, *next;
	for (connection = worker->open; connection != NULL; connection = next) {
		next = connection->next;
		if (connection->state != CONN_RESPOND && connection->state != CONN_UPLOAD)
			connection_close(connection);
	}
}

static void begin_stop(struct worker *worker)
{
	static const struct timeval hurry = { 0, HURRY_US }, end = { STOP_S, 0 };
	worker->stopping = true;
	acceptor_close(worker);
	event_base_loopexit(worker->base, &end);
	event_assign(&worker->hurry, worker->base, -1, EV_PERSIST, on_hurry, worker);
	event_add(&worker->hurry, &hurry);
	if (worker->nopen == 0)
		event_base_loopbreak(worker->base);
}

static void plan_chore(struct worker *worker)
{
	static const struct timeval pause = { 0, CHORE_US };
	if (worker->workers->chore != NULL && !worker->stopping)
		event_add(&worker->chore, &pause);
}

static void on_chore(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct worker *worker = argument;
	if (worker->workers->chore(worker->workers->context, worker->index))
		plan_chore(worker);
}

static void run_calls(struct worker *worker)
{
	pthread_mutex_lock(&worker->calls_lock);
	struct call *calls = worker->calls;
	size_t ncalls = worker->ncalls;
	worker->calls = NULL;
	worker->ncalls = worker->calls_capacity = 0;
	pthread_mutex_unlock(&worker->calls_lock);

	for (size_t i = 0; i < ncalls; i++)
		calls[i].run(calls[i].context, worker->index);
	free(calls);
}

static void on_wake(evutil_socket_t fd, short what, void *argument)
{
	(void)what;
	struct worker *worker = argument;
	uint64_t ignored;
	if (read(fd, &ignored, sizeof ignored) < 0)
		return; /* woken for nothing */
	run_calls(worker);
	plan_chore(worker);
	if (atomic_load(&worker->stop_asked) && !worker->stopping)
		begin_stop(worker);
}

bool worker_open(struct worker *worker, struct workers *workers, unsigned index, struct tls *tls,
		 struct fault *fault)
{
	worker->workers = workers;
	worker->index = index;
	pthread_mutex_init(&worker->calls_lock, NULL);
	worker->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	worker->base = new_base();
	if (worker->base == NULL || worker->wake_fd < 0)
		return fault_system(fault, (struct str){ 0 }, "make an event base");
	worker->input = memory_new(WORKER_INPUT_ROOM);
	worker->plain = memory_new(WORKER_PLAIN_ROOM);
	tls_endpoint_set(&worker->tls, tls_reference(tls));
	set_deadlines(worker);
	event_assign(&worker->wake, worker->base, worker->wake_fd, EV_READ | EV_PERSIST, on_wake,
		     worker);
	event_add(&worker->wake, NULL);
	event_assign(&worker->chore, worker->base, -1, 0, on_chore, worker);
	plan_chore(worker);
	acceptor_open(worker);
	return true;
}

void worker_run(struct worker *worker)
{
	event_base_dispatch(worker->base);
	while (worker->open != NULL)
		connection_close(worker->open);
	run_calls(worker); /* what they hold must not be lost */
}

void worker_close(struct worker *worker)
{
	struct connection *next;
	for (struct connection *spare = worker->spare; spare != NULL; spare = next) {
		next = spare->next;
		free(spare);
	}
	acceptor_free(worker);
	tls_endpoint_free(&worker->tls);
	free(worker->input);
	free(worker->plain);
	pthread_mutex_destroy(&worker->calls_lock);
	if (worker->base != NULL)
		event_base_free(worker->base);
	if (worker->wake_fd >= 0)
		close(worker->wake_fd);
}
