/* Whole conversations over the loopback: bytes in, bytes out, how connections end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>

#include "net/tls_memory.h"
#include "net_harness.h"

static SSL_CTX *tls13, *tls12;

static int start(void **state)
{
	(void)state;
	server_start_with(patient());
	return 0;
}

static int stop(void **state)
{
	(void)state;
	server_stop();
	return 0;
}

/* GEM-3, GEM-93: each answer ends with close_notify. */
static void answers_in_both_versions(void **state)
{
	(void)state;
	struct buf out = { 0 };
	client_ask(tls13, "hi\r\n", &out);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_ask(tls12, "hi\r\n", &out);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_ask(tls13, "nothing\r\n", &out);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* GEM-144 */
static void one_byte_records(void **state)
{
	(void)state;
	struct buf out = { 0 };
	SSL_CTX *contexts[] = { tls13, tls12 };
	for (size_t i = 0; i < 2; i++) {
		struct client client = client_tls(server.gemini, contexts[i], NULL, NULL);
		for (const char *at = "hello there\r\n"; *at != '\0'; at++)
			client_send(&client, at, 1);
		assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
		assert_buf(&out, "20 text/plain\r\nhello\n");
		client_close(&client);
	}
	buf_free(&out);
}

/* A client whose bytes come one by one, records cut anywhere. */
static void one_byte_segments(void **state)
{
	(void)state;
	struct buf out = { 0 };
	char room[4096];
	struct client client = client_plain(server.gemini);
	BIO *in = BIO_new(BIO_s_mem()), *up = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(in, -1);
	client.ssl = SSL_new(tls13);
	SSL_set_bio(client.ssl, in, up);
	SSL_set_connect_state(client.ssl);
	int one = 1;
	setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	bool said = false;
	for (;;) {
		if (!said && SSL_do_handshake(client.ssl) == 1)
			said = SSL_write(client.ssl, "hi\r\n", 4) == 4;
		int n;
		while ((n = BIO_read(up, room, sizeof room)) > 0) {
			for (int i = 0; i < n; i++)
				assert_int_equal(send(client.fd, room + i, 1, MSG_NOSIGNAL), 1);
		}
		while (said && (n = SSL_read(client.ssl, room, sizeof room)) > 0)
			buf_add(&out, (struct str){ room, (size_t)n });
		if (SSL_get_shutdown(client.ssl) & SSL_RECEIVED_SHUTDOWN)
			break;
		ssize_t got = recv(client.fd, room, sizeof room, 0);
		assert_true(got > 0);
		BIO_write(in, room, (int)got);
	}
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);
	buf_free(&out);
}

static void assert_long(const struct buf *out, size_t size)
{
	const size_t head = strlen("20 text/plain\r\n");
	assert_int_equal(out->len, head + size);
	for (size_t at = 0; at < size; at += MEMORY_SIZE)
		assert_memory_equal(out->at + head + at, server.memory, MEMORY_SIZE);
}

/* GOPH-150, and the same over TLS */
static void long_answers_arrive_whole(void **state)
{
	(void)state;
	struct buf out = { 0 };
	client_ask(tls13, "memory\r\n", &out);
	assert_long(&out, MEMORY_SIZE);
	client_ask(tls12, "file\r\n", &out);
	assert_long(&out, FILE_SIZE);
	client_ask(tls13, "file\r\n", &out);
	assert_long(&out, FILE_SIZE);
	static const char *const lines[] = { "memory\r\n", "file\r\n" };
	for (size_t i = 0; i < 2; i++) {
		struct client client = client_plain(server.gopher);
		client_say(&client, lines[i]);
		assert_int_equal(client_read(&client, &out), CLOSED_BARE);
		assert_long(&out, i == 0 ? MEMORY_SIZE : FILE_SIZE);
		client_close(&client);
	}
	buf_free(&out);
}

/* A file that shrinks while it is sent ends the answer, and is not called complete. */
static void shrunk_file_ends_early(void **state)
{
	(void)state;
	struct buf out = { 0 };
	client_ask(tls13, "shrunk\r\n", &out);
	assert_long(&out, FILE_SIZE);
	struct client client = client_plain(server.gopher);
	client_say(&client, "shrunk\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_long(&out, FILE_SIZE);
	client_close(&client);
	server_stop();
	assert_int_equal(atomic_load(&server.finished), 2);
	assert_int_equal(atomic_load(&server.complete), 0);
	server_start_with(patient());
	buf_free(&out);
}

/* A client that reads slowly gets every byte, and holds up nobody (GEM-6). */
static void slow_reader(void **state)
{
	(void)state;
	struct buf out = { 0 }, other = { 0 };
	int small = 65536;
	struct client slow = client_plain(server.gemini);
	setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	slow.ssl = SSL_new(tls13);
	SSL_set_fd(slow.ssl, slow.fd);
	assert_int_equal(SSL_connect(slow.ssl), 1);
	client_say(&slow, "file\r\n");
	for (int i = 0; i < 20; i++) {
		client_ask(tls13, "hi\r\n", &other);
		assert_buf(&other, "20 text/plain\r\nhello\n");
	}
	assert_int_equal(client_read(&slow, &out), CLOSED_RIGHT);
	assert_long(&out, FILE_SIZE);
	client_close(&slow);
	buf_free(&other);
	buf_free(&out);
}

/* Who closes its own side with the request still gets the answer. */
static void half_closed_peers(void **state)
{
	(void)state;
	struct buf out = { 0 };
	SSL_CTX *contexts[] = { tls13, tls12 };
	for (size_t i = 0; i < 2; i++) {
		struct client client = client_tls(server.gemini, contexts[i], NULL, NULL);
		client_say(&client, "memory\r\n");
		SSL_shutdown(client.ssl);
		if (i == 0) /* in TLS 1.2 the server may not write after that */
			shutdown(client.fd, SHUT_WR);
		assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
		assert_long(&out, MEMORY_SIZE);
		client_close(&client);
	}
	struct client client = client_plain(server.gopher);
	client_say(&client, "no line end"); /* GOPH-3 is the handler's; it must be asked */
	shutdown(client.fd, SHUT_WR);
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "59 no line\r\n");
	client_close(&client);
	buf_free(&out);
}

/* GEM-93, TITAN-21: what a client sends too much does not destroy its answer. */
static void surplus_does_not_cost_the_answer(void **state)
{
	(void)state;
	struct buf out = { 0 };
	static char surplus[300000];
	struct client client = client_tls(server.gemini, tls13, NULL, NULL);
	client_say(&client, "memory\r\n");
	client_send(&client, surplus, sizeof surplus);
	assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
	assert_long(&out, MEMORY_SIZE);
	client_close(&client);

	client = client_plain(server.gopher);
	client_say(&client, "hi\r\n");
	client_send(&client, surplus, sizeof surplus);
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);
	buf_free(&out);
}

/* GEM-12: no line end within request_max; the handler is told and answers. */
static void endless_request(void **state)
{
	(void)state;
	struct buf out = { 0 };
	static char endless[100000];
	memset(endless, 'a', sizeof endless);
	struct client client = client_tls(server.gemini, tls13, NULL, NULL);
	client_send(&client, endless, sizeof endless);
	assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
	assert_buf(&out, "59 no line\r\n");
	client_close(&client);
	buf_free(&out);
}

static void uploads(void **state)
{
	(void)state;
	struct buf out = { 0 };
	static char payload[50000];
	memset(payload, 'u', sizeof payload);
	/* In one go, cut after the line, and cut short by the peer. */
	for (int i = 0; i < 3; i++) {
		struct client client = client_tls(server.gemini, tls13, NULL, NULL);
		if (i == 0) {
			struct buf all = { 0 };
			buf_add(&all, STR("upload 10000\r\n"));
			buf_add(&all, (struct str){ payload, 10000 });
			client_send(&client, all.at, all.len);
			buf_free(&all);
		} else {
			client_say(&client, "upload 50000\r\n");
			client_send(&client, payload, i == 1 ? 50000 : 300);
		}
		if (i == 2)
			SSL_shutdown(client.ssl);
		assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
		static const char *const expected[] = { "20 text/plain\r\n10000 of 10000\n",
							"20 text/plain\r\n50000 of 50000\n",
							"20 text/plain\r\n300 of 50000\n" };
		assert_buf(&out, expected[i]);
		client_close(&client);
	}
	buf_free(&out);
}

/* GEM-2 */
static void plain_bytes_on_the_gemini_port(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct client client = client_plain(server.gemini);
	client_say(&client, "gemini://localhost/\r\n");
	assert_int_not_equal(client_read(&client, &out), CLOSED_RIGHT);
	assert_int_equal(out.len, 0);
	client_close(&client);
	assert_int_equal(atomic_load(&server.asked), 0);
	buf_free(&out);
}

/* GOPH-70, GOPH-148 */
static void gopher_with_and_without_tls(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct client client = client_plain(server.gopher);
	client_say(&client, "hi\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);

	client = client_tls(server.gopher, tls12, "localhost", NULL);
	client_say(&client, "hi\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);

	client = client_plain(server.gopher);
	for (const char *at = "hi\r\n"; *at != '\0'; at++)
		client_send(&client, at, 1);
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);
	buf_free(&out);
}

/* GEM-4, GEM-145: clients that vanish at each step leave nothing behind. */
static void vanishing_clients(void **state)
{
	(void)state;
	struct linger reset = { 1, 0 };
	for (int i = 0; i < 30; i++) {
		struct client client;
		if (i % 5 == 0) {
			client = client_plain(server.gemini);
			client_send(&client, "\x16\x03\x01\x02\x00\x01", 6);
		} else {
			client = client_tls(server.gemini, tls13, NULL, NULL);
			client_say(&client, i % 5 == 1 ? "hal" : "file\r\n");
		}
		if (i % 2)
			setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		client_close(&client);
	}
	struct buf out = { 0 };
	client_ask(tls13, "hi\r\n", &out);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	buf_free(&out);
	server_stop();
	/* Every answer that began was finished once. */
	assert_int_equal(atomic_load(&server.finished), atomic_load(&server.answered));
	server_start_with(patient());
}

static void note_call(void *context, unsigned worker)
{
	atomic_fetch_or((atomic_uint *)context, 1u << worker);
}

static void calls_reach_each_worker(void **state)
{
	(void)state;
	atomic_uint called = 0;
	workers_call(server.workers, note_call, &called);
	server_stop();
	assert_int_equal(atomic_load(&called), 3);
	server_start_with(patient());
}

static void nothing(void *context, unsigned worker)
{
	(void)context, (void)worker;
}

static void chores_are_done_after_each_call(void **state)
{
	(void)state;
	for (unsigned turn = 1; turn <= 2; turn++) {
		atomic_store(&server.chores[0], turn);
		atomic_store(&server.chores[1], 3 * turn);
		workers_call(server.workers, nothing, NULL);
		/* Never ending is failing. */
		while (atomic_load(&server.chores[0]) + atomic_load(&server.chores[1]) > 0) {
			struct buf out = { 0 };
			client_ask(tls13, "hi\r\n", &out);
			assert_buf(&out, "20 text/plain\r\nhello\n");
			buf_free(&out);
		}
	}
}

/* Reads to the end in a thread of its own, while the test waits for the stop. */
struct reader {
	struct client client;
	struct buf out;
	enum ending ending;
};

static void *read_all(void *argument)
{
	struct reader *reader = argument;
	reader->ending = client_read(&reader->client, &reader->out);
	return NULL;
}

/* contract.md, exit status: a stop finishes open answers. */
static void stop_finishes_answers(void **state)
{
	(void)state;
	struct reader slow = { .client = client_plain(server.gopher) };
	struct client idle = client_plain(server.gopher);
	client_say(&slow.client, "file\r\n");
	char first;
	assert_int_equal(recv(slow.client.fd, &first, 1, MSG_PEEK), 1);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, read_all, &slow), 0);
	server_stop();
	pthread_join(thread, NULL);
	assert_int_equal(slow.ending, CLOSED_BARE);
	assert_long(&slow.out, FILE_SIZE);
	client_close(&slow.client);
	client_close(&idle);
	server_start_with(patient());
	buf_free(&slow.out);
}

/* OTH-78: over IPv4 to a socket of both families, the address is IPv4. */
static void peer_address_of_both_families(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct client client = client_plain(server.gopher);
	client_say(&client, "peer\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\n127.0.0.1  [] 0\n");
	client_close(&client);
	buf_free(&out);
}

static void listener_faults(void **state)
{
	(void)state;
	struct fault fault = { 0 };
	char address[32];
	snprintf(address, sizeof address, "127.0.0.1:%u", server.gemini);
	struct listener_settings settings = { .address = str_from(address), .request_max = 10 };
	assert_null(listener_open(&settings, &fault));
	assert_non_null(strstr(fault.text, "in use"));
	settings.address = STR("192.0.2.1:0");
	assert_null(listener_open(&settings, &fault));
	assert_non_null(strstr(fault.text, "does not have that address"));
	settings.address = STR("example.org:1");
	assert_null(listener_open(&settings, &fault));
}

int main(void)
{
	tls_memory_use();
	tls13 = client_context(TLS1_3_VERSION);
	tls12 = client_context(TLS1_2_VERSION);
	server_files();
#define CONVERSATION(test) cmocka_unit_test_setup_teardown(test, start, stop)
	const struct CMUnitTest tests[] = {
		CONVERSATION(answers_in_both_versions),
		CONVERSATION(one_byte_records),
		CONVERSATION(one_byte_segments),
		CONVERSATION(long_answers_arrive_whole),
		CONVERSATION(shrunk_file_ends_early),
		CONVERSATION(slow_reader),
		CONVERSATION(half_closed_peers),
		CONVERSATION(surplus_does_not_cost_the_answer),
		CONVERSATION(endless_request),
		CONVERSATION(uploads),
		CONVERSATION(plain_bytes_on_the_gemini_port),
		CONVERSATION(gopher_with_and_without_tls),
		CONVERSATION(vanishing_clients),
		CONVERSATION(calls_reach_each_worker),
		CONVERSATION(chores_are_done_after_each_call),
		CONVERSATION(stop_finishes_answers),
		CONVERSATION(peer_address_of_both_families),
		CONVERSATION(listener_faults),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_remove_files();
	SSL_CTX_free(tls13);
	SSL_CTX_free(tls12);
	return failed;
}
