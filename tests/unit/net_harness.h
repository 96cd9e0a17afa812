/*
 * net_harness - a server with a trivial handler on free ports of the loopback, and
 * blocking clients to talk to it. For the tests of net/ only.
 */
#ifndef TESTS_NET_HARNESS_H
#define TESTS_NET_HARNESS_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/certificate.h"
#include "net/workers.h"

enum { REQUEST_MAX = 1026, FILE_SIZE = 10 * 1024 * 1024, MEMORY_SIZE = 1024 * 1024 };

static struct {
	char folder[64];
	struct workers *workers;
	unsigned gemini, gopher; /* ports */
	char *memory;            /* MEMORY_SIZE bytes, also the file's pattern */
	int file;
	atomic_uint asked, answered, finished, complete;
	atomic_uint chores[2]; /* what each worker has left to do beside */
} server;

static void server_finished(void *owner, const struct exchange_result *result)
{
	(void)owner;
	atomic_fetch_add(&server.finished, 1);
	if (result->complete)
		atomic_fetch_add(&server.complete, 1);
}

/* Everything but a line is an upload's payload; the line's word says what to answer. */
static enum exchange_step server_answer(void *context, const struct exchange_input *in,
					struct exchange_answer *out)
{
	static __thread char text[512];
	(void)context;
	atomic_fetch_add(&server.asked, 1);
	size_t end = str_find(in->received, '\n', 0);
	if (end == STR_NOT_FOUND && !in->ended)
		return str_starts(in->received, STR("tail ")) ? EXCHANGE_TAIL : EXCHANGE_MORE;
	struct str line = str_trim(str_sub(in->received, 0, end));
	out->finished = server_finished;
	out->head = STR("20 text/plain\r\n");
	if (end == STR_NOT_FOUND) {
		out->head = in->timed_out ? STR("59 too late\r\n") : STR("59 no line\r\n");
	} else if (str_equal(line, STR("memory"))) {
		out->body = (struct str){ server.memory, MEMORY_SIZE };
	} else if (str_equal(line, STR("file")) || str_equal(line, STR("shrunk"))) {
		out->fd = dup(server.file);
		out->fd_size = FILE_SIZE + (line.at[0] == 's' ? 5000 : 0);
	} else if (str_starts(line, STR("upload "))) {
		uint64_t size;
		if (!str_number(str_skip(line, 7), 100000, &size))
			abort();
		out->upload = end + 1 + (size_t)size;
		if (in->received.len < out->upload && (!in->ended || in->full))
			return EXCHANGE_UPLOAD;
		size_t got = in->received.len - end - 1, n = 0;
		for (size_t i = end + 1; i < in->received.len; i++)
			n += in->received.at[i] == 'u';
		int len =
		    snprintf(text, sizeof text, "%zu of %zu\n", n == got ? got : 0, (size_t)size);
		out->body = (struct str){ text, (size_t)len };
	} else if (str_equal(line, STR("nothing"))) {
		out->head = (struct str){ 0 };
	} else if (str_equal(line, STR("peer"))) {
		int len = snprintf(text, sizeof text, "%.*s %.*s [%.*s] %d\n",
				   STR_ARGS(in->peer.address), STR_ARGS(in->server_name),
				   STR_ARGS(in->peer.certificate), (int)in->peer.validity);
		out->body = (struct str){ text, (size_t)len };
	} else {
		out->body = STR("hello\n");
	}
	atomic_fetch_add(&server.answered, 1);
	return EXCHANGE_ANSWER;
}

static bool server_chore(void *context, unsigned worker)
{
	(void)context;
	unsigned left = atomic_load(&server.chores[worker]);
	return left > 0 && atomic_fetch_sub(&server.chores[worker], 1) > 1;
}

static struct str server_path(char room[128], const char *host, const char *ending)
{
	snprintf(room, 128, "%s/%s%s", server.folder, host, ending);
	return str_from(room);
}

static struct tls *server_tls(void)
{
	static const char *const names[] = { "localhost", "second.example" };
	char paths[4][128];
	struct tls_host hosts[2];
	struct fault fault;
	for (size_t i = 0; i < 2; i++) {
		struct certificate certificate;
		assert_true(certificate_ensure(str_from(server.folder), str_from(names[i]),
					       &certificate, &fault));
		hosts[i].name = str_from(names[i]);
		hosts[i].certificate = server_path(paths[2 * i], names[i], ".crt");
		hosts[i].key = server_path(paths[2 * i + 1], names[i], ".key");
	}
	struct tls *tls = tls_new(hosts, 2, &fault);
	assert_non_null(tls);
	return tls;
}

static void server_start_with(struct limits_settings limits)
{
	struct fault fault;
	struct listener_settings gemini = { .kind = LISTENER_GEMINI,
					    .address = STR("127.0.0.1:0"),
					    .request_max = REQUEST_MAX,
					    .busy = STR("41 busy\r\n"),
					    .slow_down = STR("44 30\r\n") };
	struct listener_settings gopher = { .kind = LISTENER_GOPHER,
					    .address = STR("[::]:0"),
					    .request_max = REQUEST_MAX,
					    .busy = STR("3busy\t\t\t1\r\n"),
					    .slow_down = STR("3slow down\t\t\t1\r\n") };
	struct listener *listeners[2] = { listener_open(&gemini, &fault),
					  listener_open(&gopher, &fault) };
	assert_non_null(listeners[0]);
	assert_non_null(listeners[1]);
	server.gemini = listener_port(listeners[0]);
	server.gopher = listener_port(listeners[1]);
	atomic_store(&server.asked, 0);
	atomic_store(&server.answered, 0);
	atomic_store(&server.finished, 0);
	atomic_store(&server.complete, 0);

	struct tls *tls = server_tls();
	struct workers_settings settings = { .count = 2,
					     .limits = limits,
					     .tls = tls,
					     .listeners = listeners,
					     .nlisteners = 2,
					     .handler = server_answer,
					     .chore = server_chore };
	server.workers = workers_start(&settings, &fault);
	assert_non_null(server.workers);
	tls_free(tls);
}

static void server_stop(void)
{
	workers_stop(server.workers);
	server.workers = NULL;
}

static void server_files(void)
{
	char name[] = "/tmp/perigee-net-file-XXXXXX";
	snprintf(server.folder, sizeof server.folder, "/tmp/perigee-net-XXXXXX");
	assert_non_null(mkdtemp(server.folder));
	server.memory = malloc(MEMORY_SIZE);
	assert_non_null(server.memory);
	for (uint32_t i = 0; i < MEMORY_SIZE; i++)
		server.memory[i] = (char)(i * 2654435761u >> 24);
	server.file = mkstemp(name);
	unlink(name);
	for (size_t at = 0; at < FILE_SIZE; at += MEMORY_SIZE)
		assert_int_equal(write(server.file, server.memory, MEMORY_SIZE), MEMORY_SIZE);
}

static void server_remove_files(void)
{
	static const char *const names[] = { "localhost", "second.example" };
	char path[128];
	for (size_t i = 0; i < 2; i++) {
		unlink(server_path(path, names[i], ".crt").at);
		unlink(server_path(path, names[i], ".key").at);
	}
	rmdir(server.folder);
	free(server.memory);
	close(server.file);
}

struct client {
	int fd;
	SSL *ssl; /* NULL = plain */
};

/* How the server's side has ended. */
enum ending { CLOSED_RIGHT, CLOSED_BARE, BROKEN };

static struct client client_plain(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { 20, 0 };
	struct client client = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	assert_true(client.fd >= 0);
	setsockopt(client.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(client.fd, (struct sockaddr *)&address, sizeof address), 0);
	return client;
}

static struct client client_tls(unsigned port, SSL_CTX *context, const char *name,
				SSL_SESSION *session)
{
	struct client client = client_plain(port);
	client.ssl = SSL_new(context);
	SSL_set_fd(client.ssl, client.fd);
	if (name != NULL)
		SSL_set_tlsext_host_name(client.ssl, name);
	if (session != NULL)
		SSL_set_session(client.ssl, session);
	assert_int_equal(SSL_connect(client.ssl), 1);
	return client;
}

static void client_send(struct client *client, const char *text, size_t len)
{
	if (client->ssl != NULL)
		assert_int_equal(SSL_write(client->ssl, text, (int)len), (int)len);
	else
		assert_int_equal(send(client->fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

static void client_say(struct client *client, const char *text)
{
	client_send(client, text, strlen(text));
}

/* Reads to the end. */
static enum ending client_read(struct client *client, struct buf *out)
{
	char room[16384];
	buf_clear(out);
	for (;;) {
		ERR_clear_error();
		ssize_t n = client->ssl ? SSL_read(client->ssl, room, sizeof room)
					: recv(client->fd, room, sizeof room, 0);
		if (n > 0) {
			buf_add(out, (struct str){ room, (size_t)n });
			continue;
		}
		if (client->ssl == NULL)
			return n == 0 ? CLOSED_BARE : BROKEN;
		if (SSL_get_error(client->ssl, (int)n) == SSL_ERROR_ZERO_RETURN) {
			SSL_shutdown(client->ssl); /* without it the session is not reused */
			return CLOSED_RIGHT;
		}
		return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING
			   ? CLOSED_BARE
			   : BROKEN;
	}
}

static void client_close(struct client *client)
{
	SSL_free(client->ssl);
	close(client->fd);
}

static SSL_CTX *client_context(int version)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
	return context;
}

/* One whole conversation, which must end as it should; the answer is in `out`. */
static inline void client_ask(SSL_CTX *context, const char *line, struct buf *out)
{
	struct client client = client_tls(server.gemini, context, "localhost", NULL);
	client_say(&client, line);
	assert_int_equal(client_read(&client, out), CLOSED_RIGHT);
	client_close(&client);
}

/* The defaults, but for all clients of the tests having one address. */
static inline struct limits_settings patient(void)
{
	struct limits_settings limits = LIMITS_DEFAULT;
	limits.per_address = 0;
	return limits;
}

#define assert_buf(got, expected)                                                                  \
	do {                                                                                       \
		assert_int_equal((got)->len, strlen(expected));                                    \
		assert_memory_equal((got)->at ? (got)->at : "", expected, (got)->len);             \
	} while (0)

#endif
