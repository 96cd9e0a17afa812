/* The connections of the load generator: each is one request, from connect() to the answer's end.
 */
#include "smolload.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define READ_CHUNK 16384
#define MAX_EVENTS 512

enum state { FREE, CONNECTING, HANDSHAKE, HOLD, SENDING, READING };

struct conn {
	enum state state;
	int fd;
	SSL *ssl;
	SSL_SESSION *session; /* latest ticket this slot received */
	struct target *target;
	uint64_t start;
	size_t sent;
	char *buf;
	size_t len, cap;
};

static SSL_CTX *ctx;
static SSL_SESSION *last_session;
static unsigned in_flight;
static int ep;

static int on_new_session(SSL *ssl, SSL_SESSION *session)
{
	struct conn *c = SSL_get_app_data(ssl);
	SSL_SESSION_free(c->session);
	c->session = session; /* the reference is ours: return 1 */
	SSL_SESSION_free(last_session);
	SSL_SESSION_up_ref(session);
	last_session = session;
	return 1;
}

/* Gemini trusts on first use: no chain is checked, the signature always is. */
static int accept_any_chain(X509_STORE_CTX *store, void *arg)
{
	(void)store, (void)arg;
	return 1;
}

static void setup_tls(void)
{
	ctx = need(SSL_CTX_new(TLS_client_method()));
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
	SSL_CTX_set_cert_verify_callback(ctx, accept_any_chain, NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	if (opt.resume) {
		SSL_CTX_set_session_cache_mode(ctx,
					       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(ctx, on_new_session);
	} else {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	}
}

static void release(struct conn *c)
{
	if (c->state != HOLD && c->state != FREE)
		in_flight--;
	SSL_free(c->ssl);
	c->ssl = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->state = FREE;
}

static void fail(struct conn *c, enum fail why)
{
	if (c->state == HOLD) {
		st.dropped++;
		if (st.first_drop == 0)
			st.first_drop = now_ns();
	}
	st.fails[why]++;
	st.done++;
	ERR_clear_error();
	release(c);
}

static void begin(struct conn *c)
{
	c->target = &targets[st.issued++ % target_count];
	c->start = now_ns();
	c->sent = c->len = 0;
	c->state = CONNECTING;
	in_flight++;
	c->fd = socket(opt.addr.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0) {
		fail(c, F_CONNECT);
		return;
	}
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (!opt.gopher) {
		c->ssl = need(SSL_new(ctx));
		SSL_set_app_data(c->ssl, c);
		SSL_set_fd(c->ssl, c->fd);
		SSL_set_connect_state(c->ssl);
		if (c->target->host != NULL)
			SSL_set_tlsext_host_name(c->ssl, c->target->host);
		SSL_SESSION *session = c->session ? c->session : last_session;
		if (opt.resume && session != NULL) {
			/* OpenSSL marks a used ticket as spent: use a copy. */
			session = SSL_SESSION_dup(session);
			SSL_set_session(c->ssl, session);
			SSL_SESSION_free(session);
		}
	}
	if (connect(c->fd, (struct sockaddr *)&opt.addr, opt.addr_len) < 0 &&
	    errno != EINPROGRESS) {
		fail(c, F_CONNECT);
		return;
	}
	struct epoll_event ev = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
				  .data.ptr = c };
	if (epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev) < 0)
		die("epoll_ctl");
}

/* The response is complete: check it against the first one, then record it. */
static void complete(struct conn *c)
{
	struct target *t = c->target;
	uint64_t took = now_ns() - c->start;
	if (c->len == 0) {
		fail(c, F_EMPTY);
		return;
	}
	if (!opt.gopher && (c->len < 4 || c->buf[0] != '2')) {
		fail(c, F_STATUS);
		return;
	}
	if (t->body == NULL) {
		t->body = need(malloc(c->len));
		memcpy(t->body, c->buf, c->len);
		t->body_len = c->len;
	}
	if (c->len != t->body_len || memcmp(c->buf, t->body, opt.length_only ? 2 : c->len) != 0) {
		fail(c, F_MISMATCH);
		return;
	}
	if (c->ssl != NULL) {
		st.resumed += (unsigned long)SSL_session_reused(c->ssl);
		if (SSL_get_shutdown(c->ssl) & SSL_RECEIVED_SHUTDOWN)
			SSL_shutdown(c->ssl); /* answer the server's close_notify */
		else
			st.no_close_notify++;
		ERR_clear_error();
	}
	st.bytes += c->len;
	st.latency_us[st.ok++] = (uint32_t)(took / 1000);
	st.done++;
	release(c);
}

/* Both give > 0 for progress, 0 for "wait", -1 for EOF, -2 for an error. */
static int tls_result(struct conn *c, int rc)
{
	switch (SSL_get_error(c->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE: return 0;
	case SSL_ERROR_ZERO_RETURN: return -1;
	case SSL_ERROR_SSL:
		if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
			return -1;
	}
	return -2;
}

static int transfer(struct conn *c, bool out, char *buf, size_t len)
{
	if (c->ssl != NULL) {
		ERR_clear_error();
		int rc = out ? SSL_write(c->ssl, buf, (int)len) : SSL_read(c->ssl, buf, (int)len);
		return rc > 0 ? rc : tls_result(c, rc);
	}
	ssize_t n = out ? send(c->fd, buf, len, MSG_NOSIGNAL) : recv(c->fd, buf, len, 0);
	if (n > 0)
		return (int)n;
	if (n == 0)
		return -1;
	return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -2;
}

/* Runs a connection as far as it goes without blocking (edge-triggered). */
static void step(struct conn *c)
{
	int n;
	if (c->state == CONNECTING) {
		int err = 0;
		socklen_t len = sizeof err;
		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &len);
		if (err != 0) {
			fail(c, F_CONNECT);
			return;
		}
		struct tcp_info info;
		len = sizeof info;
		if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
		    info.tcpi_state == TCP_SYN_SENT)
			return;
		c->state = HANDSHAKE;
	}
	if (c->state == HANDSHAKE) {
		if (c->ssl != NULL) {
			ERR_clear_error();
			n = SSL_do_handshake(c->ssl);
			if (n <= 0) {
				if (tls_result(c, n) != 0)
					fail(c, F_TLS);
				return;
			}
		}
		c->state = SENDING;
		if (opt.idle) {
			c->state = HOLD;
			in_flight--;
			st.held++;
		}
	}
	if (c->state == HOLD) {
		char byte; /* takes in tickets, notices a close */
		if (transfer(c, false, &byte, 1) != 0)
			fail(c, F_RESET);
		return;
	}
	struct target *t = c->target;
	while (c->state == SENDING) {
		n = transfer(c, true, t->request + c->sent, t->request_len - c->sent);
		if (n == 0)
			return;
		if (n < 0) {
			fail(c, F_RESET);
			return;
		}
		c->sent += (size_t)n;
		if (c->sent == t->request_len)
			c->state = READING;
	}
	while (c->state == READING) {
		if (c->cap - c->len < READ_CHUNK) {
			c->cap = c->cap ? c->cap * 2 : 2 * READ_CHUNK;
			c->buf = need(realloc(c->buf, c->cap));
		}
		n = transfer(c, false, c->buf + c->len, c->cap - c->len);
		if (n == 0)
			return;
		if (n == -1) {
			complete(c);
		} else if (n < 0) {
			fail(c, F_RESET);
		} else {
			c->len += (size_t)n;
		}
	}
}

/* One turn of the event loop; also ends what has run past its timeout. */
static void turn(struct conn *conns, size_t count)
{
	static uint64_t next_sweep;
	struct epoll_event events[MAX_EVENTS];
	int n = epoll_wait(ep, events, MAX_EVENTS, 50);
	if (n < 0 && errno != EINTR)
		die("epoll_wait");
	for (int i = 0; i < n; i++) {
		struct conn *c = events[i].data.ptr;
		if (c->state != FREE)
			step(c);
	}
	uint64_t now = now_ns();
	if (now < next_sweep)
		return;
	next_sweep = now + NSEC / 10;
	for (size_t i = 0; i < count; i++) {
		struct conn *c = &conns[i];
		if (c->state != FREE && c->state != HOLD &&
		    now - c->start > opt.timeout_ms * 1000000ull)
			fail(c, F_TIMEOUT);
	}
}

static void run(struct conn *conns, size_t count, uint64_t deadline)
{
	while (st.done < st.issued || (st.issued < opt.total && now_ns() < deadline)) {
		if (now_ns() > deadline + opt.timeout_ms * 1000000ull)
			break;
		for (size_t i = 0; i < count && st.issued < opt.total && in_flight < opt.conc &&
				   now_ns() < deadline;
		     i++)
			if (conns[i].state == FREE)
				begin(&conns[i]);
		turn(conns, count);
	}
}

static void run_idle(struct conn *conns, size_t count, uint64_t deadline)
{
	uint64_t t0 = now_ns();
	/* A slot that failed is not filled again: slot i is connection i. */
	while (st.held + st.done - st.dropped < count && now_ns() < deadline) {
		while (st.issued < count && in_flight < opt.conc)
			begin(&conns[st.issued]);
		turn(conns, count);
	}
	uint64_t t1 = now_ns();
	fprintf(stderr, "idle: %lu of %zu held after %.2f s, holding %u s\n", st.held - st.dropped,
		count, (double)(t1 - t0) / NSEC, opt.hold_s);
	while (now_ns() < t1 + opt.hold_s * NSEC)
		turn(conns, count);
	fprintf(stderr, "idle: %lu left, %lu closed by the server", st.held - st.dropped,
		st.dropped);
	if (st.first_drop)
		fprintf(stderr, " (first at %.2f s)", ((double)st.first_drop - (double)t0) / NSEC);
	fputc('\n', stderr);
	opt.idle = 0;
	for (size_t i = 0; i < count; i++) {
		struct conn *c = &conns[i];
		if (c->state != HOLD)
			continue;
		while (in_flight >= opt.conc)
			turn(conns, count);
		if (c->state != HOLD)
			continue;
		c->state = SENDING;
		c->start = now_ns();
		in_flight++;
		step(c);
	}
	while (in_flight > 0)
		turn(conns, count);
}

void connections_run(size_t count, uint64_t deadline)
{
	struct conn *conns = need(calloc(count, sizeof *conns));
	for (size_t i = 0; i < count; i++)
		conns[i].fd = -1;
	if (!opt.gopher)
		setup_tls();
	ep = epoll_create1(EPOLL_CLOEXEC);
	(opt.idle ? run_idle : run)(conns, count, deadline);
	free(conns);
}
