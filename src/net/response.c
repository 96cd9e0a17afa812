/*
 * Bytes out. An answer is its head, its body and its file, one behind the other; a
 * position in that whole is all the state there is. A step produces a bounded piece
 * into the worker's buffer and sends it with one system call. What the kernel does not
 * take is kept with the connection, and nothing more is produced until it has gone.
 */
#include <assert.h>
#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "net/connection.h"

enum {
	STEP_BYTES = 4 * WORKER_PLAIN_ROOM, /* produced for one send() */
	SENDFILE_BYTES = 1024 * 1024,
	/* More than a step produces: only a peer that makes TLS talk and never reads gets here. */
	UNSENT_MAX = 4 * STEP_BYTES,
};

/* What the kernel took; 0 when it takes nothing now; -1 when the peer is gone. */
static ssize_t send_some(int fd, struct str bytes, bool more)
{
	/* MSG_MORE before shutdown(): the end of the stream travels with the last bytes. */
	ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? 0 : -1;
}

/* Sends what an earlier step has left, then what this one has produced. */
static bool flush(struct connection *connection)
{
	struct buf *unsent = &connection->unsent, *out = &connection->worker->tls.wire.out;
	if (unsent->len > 0) {
		struct str rest = str_skip(buf_str(unsent), connection->unsent_from);
		ssize_t n = send_some(connection->fd, rest, false);
		if (n < 0)
			return false;
		connection->unsent_from += (size_t)n;
		if (connection->unsent_from < unsent->len) {
			buf_add(unsent, buf_str(out));
			buf_clear(out);
			return unsent->len <= UNSENT_MAX;
		}
		buf_free(unsent);
		connection->unsent_from = 0;
	}
	if (out->len == 0)
		return true;
	ssize_t n = send_some(connection->fd, buf_str(out), connection->last);
	if (n < 0)
		return false;
	buf_add(unsent, str_skip(buf_str(out), (size_t)n));
	buf_clear(out);
	return true;
}

bool response_flush(struct connection *connection)
{
	struct buf *out = &connection->worker->tls.wire.out;
	if (out->len == 0 && connection->unsent.len == 0)
		return true;
	if (flush(connection))
		return true;
	connection_close(connection);
	return false;
}

static uint64_t in_memory(const struct exchange_answer *answer)
{
	return (uint64_t)answer->head.len + answer->body.len;
}

static uint64_t whole(const struct exchange_answer *answer)
{
	return in_memory(answer) + (answer->fd >= 0 ? answer->fd_size : 0);
}

/* What lies in memory from position `at` on: the rest of the head, else of the body. */
static struct str memory_at(const struct exchange_answer *answer, uint64_t at)
{
	if (at < answer->head.len)
		return str_skip(answer->head, (size_t)at);
	at -= answer->head.len;
	return at < answer->body.len ? str_skip(answer->body, (size_t)at) : (struct str){ 0 };
}

static size_t read_file(struct connection *connection, uint64_t from, char *to, size_t room)
{
	const struct exchange_answer *answer = &connection->answer;
	uint64_t left = answer->fd_size - from;
	ssize_t n = pread(answer->fd, to, left < room ? (size_t)left : room, (off_t)from);
	connection->short_file = n <= 0;
	return n > 0 ? (size_t)n : 0;
}

/* The next bytes of the answer, at most a record's worth; copied only to join parts. */
static struct str next_piece(struct connection *connection)
{
	const struct exchange_answer *answer = &connection->answer;
	uint64_t at = connection->produced, end = whole(answer);
	struct str part = memory_at(answer, at);
	if (part.len >= WORKER_PLAIN_ROOM || at + part.len == end)
		return str_sub(part, 0, WORKER_PLAIN_ROOM);

	struct str joined = { connection->worker->plain, 0 };
	while (joined.len < WORKER_PLAIN_ROOM && at < end && !connection->short_file) {
		char *to = connection->worker->plain + joined.len;
		size_t room = WORKER_PLAIN_ROOM - joined.len, n;
		part = str_sub(memory_at(answer, at), 0, room);
		if (part.len > 0) {
			memcpy(to, part.at, part.len);
			n = part.len;
		} else {
			n = read_file(connection, at - in_memory(answer), to, room);
		}
		joined.len += n;
		at += n;
	}
	return joined;
}

static bool everything_produced(const struct connection *connection)
{
	return connection->short_file || connection->produced >= whole(&connection->answer);
}

static bool produce_tls(struct connection *connection)
{
	struct buf *out = &connection->worker->tls.wire.out;
	while (!everything_produced(connection) && out->len < STEP_BYTES) {
		struct str piece = next_piece(connection);
		if (!tls_write(connection->ssl, piece))
			return false;
		connection->produced += piece.len;
	}
	if (everything_produced(connection) && !connection->last) {
		tls_close_notify(connection->ssl); /* GEM-3, GEM-93 */
		connection->last = true;
	}
	return true;
}

static bool send_plain_memory(struct connection *connection)
{
	const struct exchange_answer *answer = &connection->answer;
	uint64_t at = connection->produced;
	size_t into_body = at > answer->head.len ? (size_t)(at - answer->head.len) : 0;
	struct str parts[2] = {
		str_skip(answer->head, at < answer->head.len ? (size_t)at : answer->head.len),
		str_skip(answer->body, into_body),
	};
	struct iovec vector[2];
	for (size_t i = 0; i < 2; i++)
		vector[i] = (struct iovec){ (void *)(uintptr_t)parts[i].at, parts[i].len };
	struct msghdr message = { .msg_iov = vector, .msg_iovlen = 2 };
	ssize_t n = sendmsg(connection->fd, &message, MSG_NOSIGNAL | MSG_MORE);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
	connection->produced += (uint64_t)n;
	return true;
}

static bool send_plain_file(struct connection *connection)
{
	const struct exchange_answer *answer = &connection->answer;
	off_t from = (off_t)(connection->produced - in_memory(answer));
	uint64_t left = answer->fd_size - (uint64_t)from;
	ssize_t n = sendfile(connection->fd, answer->fd, &from,
			     left < SENDFILE_BYTES ? (size_t)left : SENDFILE_BYTES);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS;
	if (n == 0)
		connection->short_file = true;
	connection->produced += (uint64_t)n;
	return true;
}

static bool send_plain(struct connection *connection)
{
	uint64_t memory = in_memory(&connection->answer);
	if (connection->produced < memory && !send_plain_memory(connection))
		return false;
	if (connection->produced >= memory && !everything_produced(connection) &&
	    !send_plain_file(connection))
		return false;
	connection->last = everything_produced(connection);
	return true;
}

void response_drop(struct connection *connection)
{
	if (!connection->answered)
		return;
	struct exchange_answer *answer = &connection->answer;
	connection->answered = false;
	if (answer->fd >= 0)
		close(answer->fd);
	answer->fd = -1;
	if (answer->finished == NULL)
		return;
	struct exchange_result result = {
		.bytes = connection->produced,
		.microseconds = connection_clock() - connection->asked_at,
		.complete = connection->state == CONN_GOODBYE && !connection->short_file,
	};
	answer->finished(answer->owner, &result);
}

/*
 * All is with the kernel. The socket is only closed when the peer has ended too: bytes
 * that came after close() would make the kernel reset the connection, and that destroys
 * what the peer has not read yet.
 */
static void say_goodbye(struct connection *connection)
{
	struct worker *worker = connection->worker;
	connection_enter(connection, CONN_GOODBYE);
	response_drop(connection);
	if (connection->peer_ended || shutdown(connection->fd, SHUT_WR) != 0) {
		connection_close(connection);
		return;
	}
	if (connection->ssl != NULL)
		tls_endpoint_give(&worker->tls, connection->ssl, connection->tls);
	connection->ssl = NULL;
	tls_free(connection->tls);
	connection->tls = NULL;
	buf_free(&connection->partial);
	buf_free(&connection->request);
	connection_watch(connection, EV_READ);
}

void response_output(struct connection *connection)
{
	bool alive;
	if (connection->ssl == NULL)
		alive = send_plain(connection);
	else if (connection->unsent.len > 0)
		alive = flush(connection);
	else
		alive = produce_tls(connection) && flush(connection);

	if (!alive) {
		connection_close(connection);
	} else if (connection->last && connection->unsent.len == 0) {
		say_goodbye(connection);
	} else {
		connection_progress(connection);
		connection_watch(connection, EV_WRITE);
	}
}

/* A peer that has closed its side with the request need not be waited for in the end. */
static void look_for_end(struct connection *connection)
{
	struct worker *worker = connection->worker;
	size_t n;
	if (worker->tls.wire.in.len > 0 &&
	    tls_read(connection->ssl, worker->plain, WORKER_PLAIN_ROOM, &n) == TLS_ENDED)
		connection->peer_ended = true;
}

void response_begin(struct connection *connection)
{
	connection->answered = true;
	if (connection->ssl != NULL)
		look_for_end(connection);
	connection_enter(connection, CONN_RESPOND);
	response_output(connection);
}

void response_none(struct connection *connection)
{
	connection->last = true;
	if (connection->ssl != NULL && SSL_is_init_finished(connection->ssl))
		tls_close_notify(connection->ssl);
	if (flush(connection))
		say_goodbye(connection);
	else
		connection_close(connection);
}
