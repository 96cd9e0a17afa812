/* TLS as clients see it: names, identities, resumption, versions, replaced certificates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/x509v3.h>
#include <pthread.h>

#include "net/tls_tickets.h"
#include "net_harness.h"

static SSL_CTX *tls13, *tls12;
static SSL_SESSION *saved; /* the newest session that a client was given */

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(saved);
	saved = session;
	return 1;
}

static int start(void **state)
{
	(void)state;
	struct limits_settings limits = LIMITS_DEFAULT;
	limits.per_address = 0;
	server_start_with(limits);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	server_stop();
	SSL_SESSION_free(saved);
	saved = NULL;
	return 0;
}

/* The host that the certificate shown for `name` is made for. */
static void assert_shown(const char *name, const char *host)
{
	struct buf out = { 0 };
	struct client client = client_tls(server.gemini, tls13, name, NULL);
	X509 *x509 = SSL_get0_peer_certificate(client.ssl);
	assert_int_equal(X509_check_host(x509, host, 0, 0, NULL), 1);
	client_say(&client, "peer\r\n");
	assert_int_equal(client_read(&client, &out), CLOSED_RIGHT);
	struct buf expected = { 0 };
	buf_format(&expected, "20 text/plain\r\n127.0.0.1 %s [] 0\n", name ? name : "");
	assert_buf(&out, buf_c(&expected));
	client_close(&client);
	buf_free(&expected);
	buf_free(&out);
}

/* GEM-91, GEM-92 */
static void server_names(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) { /* SSL objects are used again: no name may stick */
		assert_shown("localhost", "localhost");
		assert_shown("second.example", "second.example");
		assert_shown("SECOND.example", "second.example");
		assert_shown("unknown.example", "localhost");
		assert_shown(NULL, "localhost");
	}
}

/* GEM-90, GEM-98 */
static void old_versions_are_refused(void **state)
{
	(void)state;
	SSL_CTX *old = client_context(TLS1_1_VERSION);
	SSL_CTX_set_security_level(old, 0);
	struct client client = client_plain(server.gemini);
	client.ssl = SSL_new(old);
	SSL_set_fd(client.ssl, client.fd);
	assert_int_not_equal(SSL_connect(client.ssl), 1);
	client_close(&client);
	SSL_CTX_free(old);
	assert_shown("localhost", "localhost");
}

static void renegotiation_is_refused(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct client client = client_tls(server.gemini, tls12, NULL, NULL);
	SSL_renegotiate(client.ssl);
	assert_int_not_equal(SSL_do_handshake(client.ssl), 1);
	client_close(&client);
	assert_int_equal(atomic_load(&server.asked), 0);
	buf_free(&out);
}

/* Asks once, resuming `session`; gives whether it was resumed. */
static bool ask_again(SSL_CTX *context, SSL_SESSION *session, const char *line, struct buf *out)
{
	SSL_SESSION *copy = session ? SSL_SESSION_dup(session) : NULL;
	struct client client = client_tls(server.gemini, context, "localhost", copy);
	client_say(&client, line);
	assert_int_equal(client_read(&client, out), CLOSED_RIGHT);
	bool resumed = SSL_session_reused(client.ssl);
	client_close(&client);
	SSL_SESSION_free(copy);
	return resumed;
}

/* GEM-97, GEM-B5: in both versions, in any worker, across a change of keys. */
static void sessions_are_resumed(void **state)
{
	(void)state;
	struct buf out = { 0 };
	SSL_CTX *contexts[] = { tls13, tls12 };
	for (size_t i = 0; i < 2; i++) {
		assert_false(ask_again(contexts[i], NULL, "hi\r\n", &out));
		assert_non_null(saved);
		assert_int_equal(SSL_SESSION_get_max_early_data(saved), 0);
		for (int again = 0; again < 8; again++)
			assert_true(ask_again(contexts[i], saved, "hi\r\n", &out));
		assert_buf(&out, "20 text/plain\r\nhello\n");

		SSL_SESSION *old = SSL_SESSION_dup(saved);
		tls_tickets_rotate(); /* the previous key still opens */
		assert_true(ask_again(contexts[i], old, "hi\r\n", &out));
		tls_tickets_rotate();
		tls_tickets_rotate();
		assert_false(ask_again(contexts[i], old, "hi\r\n", &out));
		assert_buf(&out, "20 text/plain\r\nhello\n");
		SSL_SESSION_free(old);
	}
	buf_free(&out);
}

/* One ticket for a handshake, not OpenSSL's two. */
static unsigned tickets;
static int count_ticket(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl, (void)session;
	tickets++;
	return 0;
}

static void one_ticket(void **state)
{
	(void)state;
	struct buf out = { 0 };
	SSL_CTX_sess_set_new_cb(tls13, count_ticket);
	tickets = 0;
	assert_false(ask_again(tls13, NULL, "hi\r\n", &out));
	assert_int_equal(tickets, 1);
	SSL_CTX_sess_set_new_cb(tls13, keep_session);
	buf_free(&out);
}

/* A self-signed client certificate that is valid from `from` to `to` seconds from now. */
static void use_identity(SSL_CTX *context, long from, long to, char hex[65])
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	X509_gmtime_adj(X509_getm_notBefore(x509), from);
	X509_gmtime_adj(X509_getm_notAfter(x509), to);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
				   (const unsigned char *)"reader", -1, -1, 0);
	X509_set_issuer_name(x509, X509_get_subject_name(x509));
	X509_set_pubkey(x509, key);
	assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
	assert_int_equal(SSL_CTX_use_certificate(context, x509), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
	unsigned char digest[32];
	assert_int_equal(X509_digest(x509, EVP_sha256(), digest, NULL), 1);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	X509_free(x509);
	EVP_PKEY_free(key);
}

/* GEM-96: any certificate is taken, its dates are told, and resumption keeps it. */
static void client_certificates(void **state)
{
	(void)state;
	static const struct {
		long from, to;
		enum peer_validity validity;
	} cases[] = {
		{ -60, 3600, PEER_VALID },
		{ 3600, 7200, PEER_NOT_YET_VALID },
		{ -7200, -3600, PEER_EXPIRED },
	};
	struct buf out = { 0 }, expected = { 0 };
	const int versions[] = { TLS1_3_VERSION, TLS1_2_VERSION };
	for (size_t i = 0; i < 6; i++) {
		char hex[65];
		SSL_CTX *context = client_context(versions[i % 2]);
		SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
		SSL_CTX_sess_set_new_cb(context, keep_session);
		use_identity(context, cases[i / 2].from, cases[i / 2].to, hex);
		buf_clear(&expected);
		buf_format(&expected, "20 text/plain\r\n127.0.0.1 localhost [%s] %d\n", hex,
			   (int)cases[i / 2].validity);
		assert_false(ask_again(context, NULL, "peer\r\n", &out));
		assert_buf(&out, buf_c(&expected));
		assert_true(ask_again(context, saved, "peer\r\n", &out));
		assert_buf(&out, buf_c(&expected));
		SSL_CTX_free(context);
		/* The next client has none, though its SSL object may be the same. */
		assert_shown("localhost", "localhost");
	}
	buf_free(&expected);
	buf_free(&out);
}

static void key_of_server(char hex[65], char certificate[65])
{
	struct client client = client_tls(server.gemini, tls13, "localhost", NULL);
	certificate_hash(SSL_get0_peer_certificate(client.ssl), certificate, hex);
	client_close(&client);
}

/* New connections get the new certificate, open ones go on with the old. */
static void certificates_are_replaced(void **state)
{
	(void)state;
	struct buf out = { 0 };
	char key[65], old[65], new[65];
	key_of_server(key, old);
	struct client open = client_tls(server.gemini, tls13, "localhost", NULL);

	struct certificate renewed;
	struct fault fault;
	assert_true(certificate_renew(str_from(server.folder), STR("localhost"), &renewed, &fault));
	struct tls *tls = server_tls();
	workers_set_tls(server.workers, tls);
	tls_free(tls);
	do { /* workers take it up soon */
		key_of_server(key, new);
	} while (strcmp(old, new) == 0);
	assert_string_equal(new, renewed.fingerprint);
	assert_string_equal(key, renewed.public_key);

	client_say(&open, "hi\r\n");
	assert_int_equal(client_read(&open, &out), CLOSED_RIGHT);
	assert_buf(&out, "20 text/plain\r\nhello\n");
	client_close(&open);
	buf_free(&out);
}

static void *replace_often(void *stop)
{
	struct tls *tls = server_tls();
	while (!atomic_load((atomic_bool *)stop))
		workers_set_tls(server.workers, tls);
	tls_free(tls);
	return NULL;
}

/* A storm of replacements while clients come: none fails. */
static void replacements_under_load(void **state)
{
	(void)state;
	struct buf out = { 0 };
	atomic_bool stop_storm = false;
	pthread_t storm;
	assert_int_equal(pthread_create(&storm, NULL, replace_often, &stop_storm), 0);
	for (int i = 0; i < 50; i++) {
		ask_again(i % 2 ? tls13 : tls12, saved, "hi\r\n", &out);
		assert_buf(&out, "20 text/plain\r\nhello\n");
	}
	atomic_store(&stop_storm, true);
	pthread_join(storm, NULL);
	buf_free(&out);
}

/* Clients of all kinds in turn on the same few SSL objects. */
static void reused_objects_carry_nothing_over(void **state)
{
	(void)state;
	struct buf out = { 0 };
	SSL_CTX *contexts[] = { tls13, tls12 };
	srand(3);
	for (int i = 0; i < 200; i++) {
		SSL_CTX *context = contexts[rand() % 2];
		bool resume = saved != NULL && rand() % 2;
		ask_again(context, resume ? saved : NULL, "hi\r\n", &out);
		assert_buf(&out, "20 text/plain\r\nhello\n");
		if (rand() % 4 == 0) { /* one that breaks off */
			struct client client = client_plain(server.gemini);
			client_send(&client, "\x16\x03\x01\x00\x05hello", 10);
			client_read(&client, &out);
			client_close(&client);
		}
	}
	buf_free(&out);
}

int main(void)
{
	tls13 = client_context(TLS1_3_VERSION);
	tls12 = client_context(TLS1_2_VERSION);
	SSL_CTX *contexts[] = { tls13, tls12 };
	for (size_t i = 0; i < 2; i++) {
		SSL_CTX_set_session_cache_mode(contexts[i],
					       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(contexts[i], keep_session);
	}
	server_files();
#define CONVERSATION(test) cmocka_unit_test_setup_teardown(test, start, stop)
	const struct CMUnitTest tests[] = {
		CONVERSATION(server_names),
		CONVERSATION(old_versions_are_refused),
		CONVERSATION(renegotiation_is_refused),
		CONVERSATION(sessions_are_resumed),
		CONVERSATION(one_ticket),
		CONVERSATION(client_certificates),
		CONVERSATION(certificates_are_replaced),
		CONVERSATION(replacements_under_load),
		CONVERSATION(reused_objects_carry_nothing_over),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_remove_files();
	SSL_CTX_free(tls13);
	SSL_CTX_free(tls12);
	return failed;
}
