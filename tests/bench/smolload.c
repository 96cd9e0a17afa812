/*
 * smolload - closed-loop load generator for Gemini (TLS 1.3) and Gopher servers
 *
 * build: cc -O2 -std=c11 -Wall -Wextra -o smolload smolload.c -lssl -lcrypto
 *
 * usage: smolload [-s gemini|gopher] [-H addr] [-p port] [-c conc] [-n total]
 *                 [-r] [-l] [-j] [-t timeout_ms] [-T max_s] [-i idle -w hold_s]
 *                 URL... | -f url-file
 *   Each request is a new TCP connection (and TLS 1.3 handshake), one request
 *   line, and a read to EOF / close_notify.  URLs are taken in rotation.
 *   -r  resume TLS sessions (tickets)    -l  compare status and length only
 *   -j  print one JSON object            -T  stop the whole run after max_s
 *   -i  idle mode: open that many connections (handshake done, nothing sent),
 *       hold them hold_s seconds, then send the request on each that is left.
 *   Gopher: "gopher://host/0/sel" or a bare selector.  Every response must be
 *   byte for byte the first one seen for its URL, else it counts as a mismatch.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define NSEC       1000000000ull
#define READ_CHUNK 16384
#define MAX_EVENTS 512

enum state { FREE, CONNECTING, HANDSHAKE, HOLD, SENDING, READING };
enum fail { F_CONNECT, F_TLS, F_RESET, F_TIMEOUT, F_EMPTY, F_STATUS, F_MISMATCH, F_LAST };

static const char *const fail_name[F_LAST] = { "connect", "tls",    "reset",   "timeout",
					       "empty",   "status", "mismatch" };

struct target {
	char *request, *host;
	size_t request_len;
	char *body; /* first good response, the reference */
	size_t body_len;
};

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

static struct {
	bool gopher, resume, length_only, json;
	unsigned conc, idle, hold_s, timeout_ms, max_s;
	unsigned long total;
	struct sockaddr_storage addr;
	socklen_t addr_len;
} opt = { .conc = 1, .timeout_ms = 10000, .max_s = 600 };

static struct {
	unsigned long issued, done, ok, resumed, no_close_notify, fails[F_LAST];
	unsigned long held, dropped;
	uint64_t bytes, first_drop;
	uint32_t *latency_us;
} st;

static struct target *targets;
static size_t target_count;
static SSL_CTX *ctx;
static SSL_SESSION *last_session;
static unsigned in_flight;
static int ep;

static void die(const char *what)
{
	fprintf(stderr, "smolload: %s: %s\n", what, errno ? strerror(errno) : "failed");
	exit(2);
}

static void *need(void *p)
{
	if (p == NULL)
		die("memory");
	return p;
}

static uint64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC + (uint64_t)ts.tv_nsec;
}

/* Builds the request line; for Gemini also finds the host name to send as SNI. */
static void add_target(const char *url)
{
	targets = need(realloc(targets, (target_count + 1) * sizeof *targets));
	struct target *t = &targets[target_count++];
	memset(t, 0, sizeof *t);

	const char *rest = strstr(url, "://");
	rest = rest ? rest + 3 : NULL;
	const char *line = url;
	if (rest != NULL) {
		size_t n = strcspn(rest, "/?");
		t->host = need(strndup(rest, strcspn(rest, ":/?")));
		if (opt.gopher) /* drop "gopher://host:port/T" */
			line = rest[n] == '/' && rest[n + 1] ? rest + n + 2 : "";
	}
	int len = asprintf(&t->request, "%s\r\n", line);
	if (len < 0)
		die("memory");
	t->request_len = (size_t)len;
}

static void add_target_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	if (f == NULL)
		die(path);
	while (getline(&line, &cap, f) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '\0')
			add_target(line);
	}
	free(line);
	fclose(f);
}

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

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static double percentile_ms(double p)
{
	if (st.ok == 0)
		return 0;
	unsigned long rank = (unsigned long)(p / 100 * (double)st.ok + 0.5);
	rank = rank ? rank - 1 : 0;
	return st.latency_us[rank < st.ok ? rank : st.ok - 1] / 1000.0;
}

static void report(double wall_s, double cpu_s)
{
	const struct target *t = &targets[0];
	const char *eol = t->body ? memchr(t->body, '\n', t->body_len) : NULL;
	size_t head = opt.gopher || eol == NULL ? 0 : (size_t)(eol - t->body) + 1;
	unsigned long failed = st.issued - st.ok;
	qsort(st.latency_us, st.ok, sizeof *st.latency_us, by_value);
	const char *fmt =
	    opt.json
		? "{\"requests\":%lu,\"ok\":%lu,\"failed\":%lu,\"wall_s\":%.3f,\"req_per_s\":%.1f,"
		  "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%."
		  "3f,"
		  "\"bytes\":%llu,\"resumed\":%lu,\"no_close_notify\":%lu,\"client_us_per_req\":%."
		  "1f,"
		  "\"status\":\"%.*s\",\"body_len\":%zu,\"fails\":{"
		: "requests %lu  ok %lu  failed %lu  in %.3f s: %.1f req/s\n"
		  "latency ms: p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f\n"
		  "bytes %llu  resumed %lu  no-close_notify %lu  client CPU us/req %.1f\n"
		  "first URL: status '%.*s', body of %zu bytes; failures:";
	printf(fmt, st.issued, st.ok, failed, wall_s, (double)st.ok / wall_s, percentile_ms(50),
	       percentile_ms(90), percentile_ms(99), percentile_ms(99.9), percentile_ms(100),
	       (unsigned long long)st.bytes, st.resumed, st.no_close_notify,
	       st.done ? cpu_s * 1e6 / (double)st.done : 0, head ? 2 : 0, head ? t->body : "",
	       t->body_len - head);
	for (int i = 0; i < F_LAST; i++)
		printf(opt.json ? "%s\"%s\":%lu" : "%s %s %lu", i ? "," : "", fail_name[i],
		       st.fails[i]);
	puts(opt.json ? "}}" : "");
}

static void usage(void)
{
	fputs("usage: smolload [-s gemini|gopher] [-H addr] [-p port] [-c conc] [-n total] [-r] "
	      "[-l]\n"
	      "                [-j] [-t timeout_ms] [-T max_s] [-i idle -w hold_s] URL... | -f "
	      "file\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *addr = "127.0.0.1", *port = NULL, *file = NULL;
	int o;
	opt.total = 1;
	while ((o = getopt(argc, argv, "s:H:p:c:n:f:t:T:i:w:rlj")) != -1) {
		switch (o) {
		case 's': opt.gopher = strcmp(optarg, "gopher") == 0; break;
		case 'H': addr = optarg; break;
		case 'p': port = optarg; break;
		case 'c': opt.conc = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'n': opt.total = strtoul(optarg, NULL, 10); break;
		case 'f': file = optarg; break;
		case 't': opt.timeout_ms = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'T': opt.max_s = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'i': opt.idle = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'w': opt.hold_s = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'r': opt.resume = true; break;
		case 'l': opt.length_only = true; break;
		case 'j': opt.json = true; break;
		default: usage();
		}
	}
	if (file != NULL)
		add_target_file(file);
	while (optind < argc)
		add_target(argv[optind++]);
	if (target_count == 0 || opt.conc == 0)
		usage();

	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *ai;
	if (getaddrinfo(addr, port ? port : opt.gopher ? "70" : "1965", &hints, &ai) != 0)
		die(addr);
	memcpy(&opt.addr, ai->ai_addr, ai->ai_addrlen);
	opt.addr_len = ai->ai_addrlen;
	freeaddrinfo(ai);

	if (opt.idle)
		opt.total = opt.idle;
	size_t count = opt.idle ? opt.idle : opt.conc;
	struct rlimit lim = { 0, 0 };
	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
	if (count + 16 > lim.rlim_cur)
		die("too many connections for the file descriptor limit");
	if (!opt.gopher)
		setup_tls();
	signal(SIGPIPE, SIG_IGN);
	ep = epoll_create1(EPOLL_CLOEXEC);
	struct conn *conns = need(calloc(count, sizeof *conns));
	for (size_t i = 0; i < count; i++)
		conns[i].fd = -1;
	st.latency_us = need(calloc(opt.total, sizeof *st.latency_us));

	uint64_t t0 = now_ns();
	(opt.idle ? run_idle : run)(conns, count, t0 + opt.max_s * NSEC);
	uint64_t t1 = now_ns();

	struct rusage ru;
	getrusage(RUSAGE_SELF, &ru);
	report((double)(t1 - t0) / NSEC,
	       (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
		   (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6);
	return st.ok == st.issued ? 0 : 1;
}
