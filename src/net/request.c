/*
 * Bytes in: the first byte, the handshake, the request, up to the handler's answer.
 *
 * Functions here that return bool say whether the connection goes on reading. When it
 * does not it may be closed and gone: nothing may touch it then.
 */
#include <errno.h>
#include <sys/socket.h>

#include "net/connection.h"

enum { TLS_FIRST_BYTE = 0x16 }; /* a handshake record; no selector begins so (GOPH-71) */

/* An answer that the handler is not asked for: the limits refuse this client. */
static void answer_refused(struct connection *connection)
{
	const struct listener_settings *settings = &connection->listener->settings;
	connection->answer.head =
	    connection->verdict == LIMITS_BUSY ? settings->busy : settings->slow_down;
	response_begin(connection);
}

static enum exchange_step ask(struct connection *connection, struct str received, bool over,
			      bool timed_out)
{
	struct worker *worker = connection->worker;
	struct exchange_input input = {
		.received = received,
		.ended = over || received.len >= connection->request_max,
		.timed_out = timed_out,
		.full = !over && received.len >= connection->request_max,
		.tls = connection->ssl != NULL,
		.kind = connection->listener->settings.kind,
		.listener = connection->listener->index,
		.worker = worker->index,
	};
	char address[ADDRESS_TEXT_MAX];
	struct tls_peer_text text;
	input.peer.address = address_host(&connection->peer, address);
	if (connection->ssl != NULL) {
		input.server_name = tls_server_name(connection->ssl);
		tls_describe_peer(connection->ssl, &text, &input.peer);
	}
	connection->asked_at = connection_clock();
	connection->answer = (struct exchange_answer){ .fd = -1 };
	return worker->workers->handler(worker->workers->context, &input, &connection->answer);
}

/* Acts on what the handler says of `received`; `over` when nothing more can come. */
static bool decide(struct connection *connection, struct str received, bool over, bool timed_out)
{
	bool full = received.len >= connection->request_max;
	switch (ask(connection, received, over, timed_out)) {
	case EXCHANGE_ANSWER: response_begin(connection); return false;
	case EXCHANGE_UPLOAD:
		full =
		    connection->state == CONN_UPLOAD || received.len >= connection->answer.upload;
		if (over || full)
			break;
		connection->request_max = connection->answer.upload;
		connection_enter(connection, CONN_UPLOAD);
		return true;
	case EXCHANGE_TAIL:
		if (over || full)
			break;
		if (connection->state == CONN_REQUEST)
			connection_enter(connection, CONN_TAIL);
		return true;
	case EXCHANGE_MORE:
		if (over || full)
			break;
		return true;
	}
	response_none(connection);
	return false;
}

/*
 * Offers what has been received to the handler. `fresh` are the bytes of this step; they
 * are copied only when the request is not whole.
 */
static bool offer(struct connection *connection, struct str fresh, bool over, bool timed_out)
{
	if (connection->verdict != LIMITS_SERVE) {
		answer_refused(connection);
		return false;
	}
	struct buf *request = &connection->request;
	size_t room = connection->request_max - request->len;
	struct str taken = str_sub(fresh, 0, room), received = taken;
	bool copied = request->len > 0;
	if (copied) {
		buf_add(request, taken);
		received = buf_str(request);
	}
	if (connection->state == CONN_UPLOAD && taken.len < room && !over) {
		connection_progress(connection);
		return true;
	}
	enum conn_state before = connection->state;
	if (!decide(connection, received, over, timed_out))
		return false;
	if (!copied)
		buf_add(request, received);
	/* An upload makes room for its beginning, which the request line had none for. */
	if (before == CONN_REQUEST && connection->state == CONN_UPLOAD && fresh.len > room)
		return offer(connection, str_skip(fresh, room), false, false);
	return true;
}

void request_deadline(struct connection *connection)
{
	connection_wake(connection);
	tls_endpoint_begin(&connection->worker->tls);
	offer(connection, (struct str){ 0 }, true, true);
}

/* The peer says no more. Who has sent no request at all gets no answer. */
static void input_ended(struct connection *connection)
{
	connection->peer_ended = true;
	if (connection->request.len > 0)
		offer(connection, (struct str){ 0 }, true, false);
	else
		response_none(connection);
}

static bool is_tls(const struct worker *worker, char first)
{
	return first == TLS_FIRST_BYTE && worker->tls.tls != NULL;
}

/*
 * An SSL object has some 40 KiB while it shakes hands: nobody gets one for less than the whole
 * first record. False when there is nothing to wait for.
 */
static bool await_hello(struct connection *connection, struct str bytes)
{
	if (!is_tls(connection->worker, bytes.at[0]) || tls_record_bytes(bytes) > 0)
		return false;
	buf_clear(&connection->partial);
	buf_add(&connection->partial, bytes);
	return true;
}

/* Decides by the first byte what this connection is. */
static bool begin(struct connection *connection, char first)
{
	struct worker *worker = connection->worker;
	if (is_tls(worker, first)) {
		connection->ssl = tls_endpoint_take(&worker->tls);
		connection->tls = tls_reference(worker->tls.tls);
		if (connection->ssl != NULL)
			return true;
	} else if (connection->listener->settings.kind == LISTENER_GOPHER) {
		connection_enter(connection, CONN_REQUEST);
		return true;
	}
	connection_close(connection); /* plain bytes where TLS is a must (GEM-2) */
	return false;
}

static bool input_handshake(struct connection *connection)
{
	switch (tls_handshake(connection->ssl)) {
	case TLS_DONE: connection_enter(connection, CONN_REQUEST); return true;
	case TLS_WAIT: return response_flush(connection);
	default: response_none(connection); return false;
	}
}

/* Reads whole records until there are no more, or the request is whole. */
static bool input_records(struct connection *connection)
{
	struct worker *worker = connection->worker;
	size_t n;
	for (;;) {
		switch (tls_read(connection->ssl, worker->plain, WORKER_PLAIN_ROOM, &n)) {
		case TLS_DONE:
			if (!offer(connection, (struct str){ worker->plain, n }, false, false))
				return false;
			break;
		case TLS_WAIT: return response_flush(connection);
		case TLS_ENDED: input_ended(connection); return false;
		case TLS_FAILED: response_none(connection); return false;
		}
	}
}

static bool input_tls(struct connection *connection, struct str input)
{
	struct worker *worker = connection->worker;
	tls_endpoint_input(&worker->tls, input);
	if (connection->state == CONN_HANDSHAKE && !input_handshake(connection))
		return false;
	if (connection->state != CONN_HANDSHAKE && !input_records(connection))
		return false;
	/* The beginning of a record waits for its rest. */
	buf_clear(&connection->partial);
	if (worker->tls.wire.in.len > 0)
		buf_add(&connection->partial, worker->tls.wire.in);
	else
		buf_free(&connection->partial);
	return true;
}

static bool input(struct connection *connection)
{
	struct worker *worker = connection->worker;
	size_t before = connection->partial.len;
	if (before > 0)
		memcpy(worker->input, connection->partial.at, before);
	ssize_t n = recv(connection->fd, worker->input + before, WORKER_RECV_ROOM, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return response_flush(connection);
	if (n < 0) {
		connection_close(connection);
		return false;
	}
	if (n == 0) {
		input_ended(connection);
		return false;
	}
	struct str bytes = { worker->input, before + (size_t)n };
	if (connection->state == CONN_HANDSHAKE && connection->ssl == NULL) {
		if (await_hello(connection, bytes))
			return true;
		if (!begin(connection, bytes.at[0]))
			return false;
	}
	if (connection->ssl != NULL)
		return input_tls(connection, bytes);
	return offer(connection, bytes, false, false);
}

void request_input(struct connection *connection)
{
	connection_wake(connection);
	tls_endpoint_begin(&connection->worker->tls);
	if (input(connection))
		connection_watch(connection,
				 connection->unsent.len > 0 ? EV_READ | EV_WRITE : EV_READ);
}
