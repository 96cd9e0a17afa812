/*
 * The doors: each worker watches every listening socket.
 *
 * When descriptors are used up the doors are closed, clients wait in the kernel's queue
 * in the order of their arrival, and the CPU rests until a connection has ended.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "net/connection.h"

enum { BATCH_MAX = 16 };

/* How long to rest before a look whether another worker's connections have ended. */
static const struct timeval rest = { 0, 50000 };

static void open_doors(struct worker *worker)
{
	if (worker->doors_open || worker->stopping)
		return;
	worker->doors_open = true;
	event_del(&worker->resume);
	for (size_t i = 0; i < worker->workers->nlisteners; i++)
		event_add(&worker->doors[i].event, NULL);
}

static void close_doors(struct worker *worker)
{
	if (!worker->doors_open)
		return;
	worker->doors_open = false;
	for (size_t i = 0; i < worker->workers->nlisteners; i++)
		event_del(&worker->doors[i].event);
}

static void wait_for_descriptors(struct worker *worker)
{
	static struct log_limit limit;
	log_limited(&limit, LOG_WARNING,
		    "out of descriptors: new clients wait until a connection ends (ulimit -n)");
	close_doors(worker);
	if (!worker->stopping)
		event_add(&worker->resume, &rest);
}

static void on_resume(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct worker *worker = argument;
	if (limits_room(worker->workers->limits))
		open_doors(worker);
	else
		event_add(&worker->resume, &rest);
}

void acceptor_descriptor_freed(struct worker *worker)
{
	if (!worker->doors_open && limits_room(worker->workers->limits))
		open_doors(worker);
}

static void admit(struct door *door, int fd, struct address *address)
{
	static struct log_limit limit;
	struct worker *worker = door->worker;
	address_unmap(address);
	enum limits_verdict verdict = limits_admit(worker->workers->limits, address);
	if (verdict != LIMITS_SERVE) {
		char room[ADDRESS_TEXT_MAX];
		struct str host = address_host(address, room);
		log_limited(&limit, LOG_WARNING, "too many connections: refused one of %.*s",
			    STR_ARGS(host));
	}
	if (verdict == LIMITS_DROP)
		close(fd);
	else
		connection_open(worker, door->listener, fd, address, verdict);
}

enum accepted { ACCEPTED, NOBODY, NO_DESCRIPTORS };

static enum accepted accept_one(struct door *door)
{
	struct address address;
	address.len = sizeof address.ipv6;
	if (!limits_room(door->worker->workers->limits))
		return NO_DESCRIPTORS;
	int fd =
	    accept4(door->listener->fd, &address.any, &address.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd >= 0) {
		admit(door, fd, &address);
		return ACCEPTED;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM: return NO_DESCRIPTORS;
	case EINTR:
	case ECONNABORTED: return ACCEPTED; /* that client has gone again: look at the next */
	default: return NOBODY;
	}
}

static void on_client(evutil_socket_t fd, short what, void *argument)
{
	(void)fd, (void)what;
	struct door *door = argument;
	struct worker *worker = door->worker;
	/*
	 * One client for each turn of the loop while turns are short: a second accept4()
	 * would mostly find nobody. More of them when a turn serves many connections.
	 */
	unsigned batch = 1 + worker->nopen / BATCH_MAX;
	for (unsigned i = 0; i < batch && i < BATCH_MAX; i++) {
		enum accepted accepted = accept_one(door);
		if (accepted == NO_DESCRIPTORS)
			wait_for_descriptors(worker);
		if (accepted != ACCEPTED)
			return;
	}
}

void acceptor_open(struct worker *worker)
{
	size_t ndoors = worker->workers->nlisteners;
	worker->doors = memory_new((ndoors + 1) * sizeof *worker->doors);
	for (size_t i = 0; i < ndoors; i++) {
		struct door *door = &worker->doors[i];
		door->worker = worker;
		door->listener = worker->workers->listeners[i];
		event_assign(&door->event, worker->base, door->listener->fd, EV_READ | EV_PERSIST,
			     on_client, door);
	}
	evtimer_assign(&worker->resume, worker->base, on_resume, worker);
	open_doors(worker);
}

void acceptor_close(struct worker *worker)
{
	close_doors(worker);
	event_del(&worker->resume);
	for (size_t i = 0; i < worker->workers->nlisteners; i++) {
		while (accept_one(&worker->doors[i]) == ACCEPTED)
			;
	}
}

void acceptor_free(struct worker *worker)
{
	free(worker->doors);
}
