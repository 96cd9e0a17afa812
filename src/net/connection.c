#include "net/connection.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

enum {
	SPARE_MAX = 64,
	TRIM_MIN = 512,     /* a crowd whose memory is worth giving back, */
	TRIM_FRACTION = 64, /* when so little of it is left that whole pages are free */
	GOODBYE_BYTES_MAX = 4 * 1024 * 1024, /* what a client may still send after its answer */
};

#define BIT(state) (1u << (state))

/* Which states may follow which. Every one may end in CLOSED. */
static const unsigned next_states[CONN_STATES] = {
	[CONN_HANDSHAKE] = BIT(CONN_REQUEST) | BIT(CONN_GOODBYE),
	[CONN_REQUEST] = BIT(CONN_TAIL) | BIT(CONN_UPLOAD) | BIT(CONN_RESPOND) | BIT(CONN_GOODBYE),
	[CONN_TAIL] = BIT(CONN_RESPOND) | BIT(CONN_GOODBYE),
	[CONN_UPLOAD] = BIT(CONN_RESPOND) | BIT(CONN_GOODBYE),
	[CONN_RESPOND] = BIT(CONN_GOODBYE),
};

uint64_t connection_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void connection_enter(struct connection *connection, enum conn_state state)
{
	assert(next_states[connection->state] & BIT(state));
	connection->state = state;
	connection_progress(connection);
}

static void arm(struct connection *connection, const struct timeval *deadline)
{
	if (deadline != NULL)
		event_add(&connection->timer, deadline);
	else
		event_del(&connection->timer);
}

void connection_progress(struct connection *connection)
{
	const struct worker *worker = connection->worker;
	bool may_doze = connection->state == CONN_REQUEST && connection->ssl != NULL;
	arm(connection, may_doze ? worker->doze : worker->deadlines[connection->state]);
}

/* A client that has shaken hands and says nothing keeps what it must; see tls_memory.h. */
static void doze(struct connection *connection)
{
	connection->dozed = true;
	connection->asleep = tls_memory_pack(connection->ssl);
	arm(connection, connection->worker->after_doze);
}

void connection_wake(struct connection *connection)
{
	tls_memory_unpack(connection->ssl, connection->asleep);
	connection->asleep = NULL;
}

/* In GOODBYE: takes what still comes and throws it away. */
static void discard(struct connection *connection)
{
	struct worker *worker = connection->worker;
	ssize_t n = recv(connection->fd, worker->input, WORKER_INPUT_ROOM, 0);
	if (n > 0)
		connection->discarded += (size_t)n;
	if (n > 0 && connection->discarded <= GOODBYE_BYTES_MAX)
		return;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	connection_close(connection);
}

static void on_event(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct connection *connection = argument;
	switch (connection->state) {
	case CONN_HANDSHAKE:
	case CONN_REQUEST:
	case CONN_TAIL:
	case CONN_UPLOAD: request_input(connection); break;
	case CONN_RESPOND:
		tls_endpoint_begin(&connection->worker->tls);
		response_output(connection);
		break;
	case CONN_GOODBYE: discard(connection); break;
	default: assert(false && "an event for a closed connection");
	}
}

static void on_deadline(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct connection *connection = argument;
	if (connection->state == CONN_REQUEST && connection->ssl != NULL && !connection->dozed)
		doze(connection);
	else if (connection->state == CONN_REQUEST || connection->state == CONN_TAIL ||
		 connection->state == CONN_UPLOAD)
		request_deadline(connection);
	else
		connection_close(connection);
}

void connection_watch(struct connection *connection, short what)
{
	if (connection->watched == what)
		return;
	if (connection->watched != 0)
		event_del(&connection->io);
	connection->watched = what;
	if (what == 0)
		return;
	event_assign(&connection->io, connection->worker->base, connection->fd,
		     (short)(what | EV_PERSIST), on_event, connection);
	event_add(&connection->io, NULL);
}

static struct connection *take(struct worker *worker)
{
	struct connection *connection = worker->spare;
	if (connection == NULL)
		return memory_new(sizeof *connection);
	worker->spare = connection->next;
	worker->nspare--;
	*connection = (struct connection){ 0 };
	return connection;
}

/*
 * A TLS connection takes up to 13 KiB in many small pieces, which malloc keeps when a crowd
 * has gone: on a small machine that is memory that others want.
 */
static void give_back_memory(struct worker *worker)
{
	if (worker->most_open < TRIM_MIN || worker->nopen > worker->most_open / TRIM_FRACTION)
		return;
	worker->most_open = worker->nopen;
	malloc_trim(0);
}

void connection_open(struct worker *worker, const struct listener *listener, int fd,
		     const struct address *peer, enum limits_verdict verdict)
{
	struct connection *connection = take(worker);
	connection->worker = worker;
	connection->listener = listener;
	connection->fd = fd;
	connection->verdict = verdict;
	connection->peer = *peer;
	connection->request_max = listener->settings.request_max;
	connection->answer.fd = -1;
	connection->state = CONN_HANDSHAKE;

	connection->next = worker->open;
	connection->link = &worker->open;
	if (worker->open != NULL)
		worker->open->link = &connection->next;
	worker->open = connection;
	if (++worker->nopen > worker->most_open)
		worker->most_open = worker->nopen;

	evtimer_assign(&connection->timer, worker->base, on_deadline, connection);
	connection_progress(connection);
	/* Deferred accept: the first bytes are usually there. */
	request_input(connection);
}

void connection_close(struct connection *connection)
{
	struct worker *worker = connection->worker;
	response_drop(connection);
	connection_wake(connection);
	connection->state = CONN_CLOSED;
	connection_watch(connection, 0);
	event_del(&connection->timer);
	if (connection->ssl != NULL)
		tls_endpoint_give(&worker->tls, connection->ssl, connection->tls);
	tls_free(connection->tls);
	close(connection->fd);
	buf_free(&connection->partial);
	buf_free(&connection->request);
	buf_free(&connection->unsent);
	limits_leave(worker->workers->limits, &connection->peer, connection->verdict);

	*connection->link = connection->next;
	if (connection->next != NULL)
		connection->next->link = connection->link;
	worker->nopen--;
	if (worker->nspare < SPARE_MAX) {
		connection->next = worker->spare;
		worker->spare = connection;
		worker->nspare++;
	} else {
		free(connection);
	}
	give_back_memory(worker);
	acceptor_descriptor_freed(worker);
	if (worker->stopping && worker->nopen == 0)
		event_base_loopbreak(worker->base);
}
