/* More than a server may take: clients that say nothing, crowds, used up descriptors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/resource.h>

#include "net_harness.h"

static SSL_CTX *tls13, *tls12;

/* GEM-7, GOPH-8 */
static void deadlines(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct limits_settings limits = { .handshake_s = 1, .request_s = 1, .response_s = 1 };
	server_start_with(limits);

	struct client silent = client_plain(server.gemini), half = client_plain(server.gemini);
	struct client late = client_tls(server.gemini, tls13, NULL, NULL);
	struct client gopher = client_plain(server.gopher), stuck = client_plain(server.gopher);
	client_send(&half, "\x16\x03\x01\x02\x00\x01", 6);
	client_say(&late, "hal");
	client_say(&gopher, "hal");
	client_say(&stuck, "file\r\n"); /* and never reads */

	assert_int_equal(client_read(&silent, &out), CLOSED_BARE);
	assert_int_equal(out.len, 0);
	assert_int_not_equal(client_read(&half, &out), CLOSED_RIGHT);
	assert_int_equal(client_read(&late, &out), CLOSED_RIGHT);
	assert_buf(&out, "59 too late\r\n");
	assert_int_equal(client_read(&gopher, &out), CLOSED_BARE);
	assert_buf(&out, "59 too late\r\n");
	client_close(&silent);
	client_close(&half);
	client_close(&late);
	client_close(&gopher);
	while (atomic_load(&server.finished) < 3)
		usleep(10000);
	assert_int_equal(atomic_load(&server.complete), 2);
	client_close(&stuck);
	server_stop();
	buf_free(&out);
}

/* GOPH-81: what can be answered as it is waits two seconds for the rest, not the whole request_s.
 */
static void tails(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct limits_settings limits = patient();
	limits.request_s = 0; /* for ever */
	server_start_with(limits);
	struct client client = client_plain(server.gopher);
	client_say(&client, "tail of");
	client_say(&client, " a request");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "59 too late\r\n");
	client_close(&client);

	client = client_plain(server.gopher);
	client_say(&client, "tail of");
	client_say(&client, " a request\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&client);
	server_stop();
	buf_free(&out);
}

/* Over the caps: 44, 41 and type 3, then service again when room is made. */
static void caps(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct limits_settings limits = patient();
	limits.per_address = 2;
	server_start_with(limits);
	struct client held[2];
	for (size_t i = 0; i < 2; i++) {
		held[i] = client_tls(server.gemini, tls13, NULL, NULL);
		client_say(&held[i], "h");
	}
	client_ask(tls13, "hi\r\n", &out);
	assert_buf(&out, "44 30\r\n");
	struct client client = client_plain(server.gopher);
	client_say(&client, "hi\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_BARE);
	assert_buf(&out, "3slow down\t\t\t1\r\n");
	client_close(&client);

	client_say(&held[0], "\r\n");
	assert_int_equal(client_read(&held[0], &out), CLOSED_RIGHT);
	client_close(&held[0]);
	do { /* until the server has seen that it is gone */
		client_ask(tls13, "hi\r\n", &out);
	} while (out.at[0] == '4');
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&held[1]);

	server_stop();
	limits.per_address = 0;
	limits.connections = 1;
	server_start_with(limits);
	held[0] = client_tls(server.gemini, tls13, NULL, NULL);
	client_ask(tls12, "hi\r\n", &out);
	assert_buf(&out, "41 busy\r\n");
	client_close(&held[0]);
	server_stop();
	buf_free(&out);
}

/* The server process of the next test: few descriptors, ends when `until` is closed. */
static void serve_with_few_descriptors(int tell, int until)
{
	struct rlimit few = { 64, 64 };
	char end;
	setrlimit(RLIMIT_NOFILE, &few);
	server_start_with(patient());
	bool told = write(tell, &server.gopher, sizeof server.gopher) > 0;
	bool ended = read(until, &end, 1) == 0;
	server_stop();
	_exit(told && ended ? 0 : 1);
}

/* contract.md, every listener: who waits for a descriptor is served when there is one. */
static void descriptors_used_up(void **state)
{
	(void)state;
	enum { CROWD = 80 };
	struct client crowd[CROWD];
	struct buf out = { 0 };
	int tell[2], until[2], status;
	assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
	assert_int_equal(pipe2(until, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(until[1]);
		serve_with_few_descriptors(tell[1], until[0]);
	}
	assert_true(read(tell[0], &server.gopher, sizeof server.gopher) > 0);
	for (size_t i = 0; i < CROWD; i++) {
		crowd[i] = client_plain(server.gopher);
		client_say(&crowd[i], "h"); /* and no more: each holds a descriptor */
	}
	struct client late = client_plain(server.gopher);
	client_say(&late, "hi\r\n");
	for (size_t i = 0; i < CROWD; i++)
		client_close(&crowd[i]);
	assert_int_equal(client_read(&late, &out), CLOSED_BARE);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&late);
	close(until[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(until[0]);
	close(tell[0]);
	close(tell[1]);
	buf_free(&out);
}

int main(void)
{
	tls13 = client_context(TLS1_3_VERSION);
	tls12 = client_context(TLS1_2_VERSION);
	server_files();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines),
		cmocka_unit_test(tails),
		cmocka_unit_test(caps),
		cmocka_unit_test(descriptors_used_up),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_remove_files();
	SSL_CTX_free(tls13);
	SSL_CTX_free(tls12);
	return failed;
}
