/*
 * tlsfloor - the least CPU a TLS 1.3 server can spend per request here: a
 * handshake, one request line, one response, close_notify; two SSL objects over
 * memory BIOs in one thread, no sockets.  CPU time is taken per side.
 *
 * build: cc -O2 -std=c11 -Wall -Wextra -o tlsfloor tlsfloor.c -lssl -lcrypto
 * usage: tlsfloor [-n requests per round] [-R rounds] [-b body bytes]
 *   Uses ECDSA P-256 and the library's defaults otherwise; prints the median
 *   over the rounds of server and client microseconds per request, for full
 *   handshakes with 2, 1, 0 session tickets and for resumed (PSK+DHE) ones.
 */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROUNDS 99
static SSL_SESSION *ticket;

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "tlsfloor: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

static double cpu_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int keep_ticket(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(ticket);
	ticket = session;
	return 1;
}

static int accept_any_chain(X509_STORE_CTX *store, void *arg)
{
	(void)store, (void)arg;
	return 1;
}

static void self_signed(SSL_CTX *ctx)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *crt = X509_new();
	check(key != NULL && crt != NULL, "key");
	X509_set_version(crt, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(crt), 1);
	X509_gmtime_adj(X509_getm_notBefore(crt), 0);
	X509_gmtime_adj(X509_getm_notAfter(crt), 86400);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(crt), "CN", MBSTRING_ASC,
				   (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(crt, X509_get_subject_name(crt));
	X509_set_pubkey(crt, key);
	check(X509_sign(crt, key, EVP_sha256()) > 0, "sign");
	check(SSL_CTX_use_certificate(ctx, crt) == 1, "certificate");
	check(SSL_CTX_use_PrivateKey(ctx, key) == 1, "private key");
	X509_free(crt);
	EVP_PKEY_free(key);
}

/* One request; adds each side's CPU to its sum.  Gives whether it was resumed. */
static int exchange(SSL_CTX *sctx, SSL_CTX *cctx, SSL_SESSION *resume, const char *body, size_t len,
		    double *server, double *client)
{
	static const char request[] = "gemini://localhost/post.gmi\r\n";
	char buf[16384];
	int sent = 0, answered = 0, closed = 0, n;
	double t = cpu_us(), now;

	BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(up, -1);
	BIO_set_mem_eof_return(down, -1);
	BIO_up_ref(up);
	BIO_up_ref(down);
	SSL *s = SSL_new(sctx);
	SSL_set_bio(s, up, down);
	SSL_set_accept_state(s);
	now = cpu_us(), *server += now - t, t = now;

	SSL *c = SSL_new(cctx);
	SSL_set_bio(c, down, up);
	SSL_set_connect_state(c);
	SSL_set_tlsext_host_name(c, "localhost");
	if (resume != NULL)
		SSL_set_session(c, resume);

	for (int turn = 0; !closed && turn < 20; turn++) {
		if (!sent && SSL_do_handshake(c) == 1)
			sent = SSL_write(c, request, sizeof request - 1) > 0;
		while (sent && (n = SSL_read(c, buf, sizeof buf)) > 0)
			;
		if (SSL_get_shutdown(c) & SSL_RECEIVED_SHUTDOWN) {
			SSL_shutdown(c);
			closed = 1;
		}
		now = cpu_us(), *client += now - t, t = now;
		if (!answered && SSL_do_handshake(s) == 1 && SSL_read(s, buf, sizeof buf) > 0) {
			check(SSL_write(s, body, (int)len) == (int)len, "write");
			SSL_shutdown(s);
			answered = 1;
		}
		ERR_clear_error();
		now = cpu_us(), *server += now - t, t = now;
	}
	check(closed, "no close_notify");
	int reused = SSL_session_reused(s);
	t = cpu_us();
	SSL_free(s);
	now = cpu_us(), *server += now - t, t = now;
	SSL_free(c);
	*client += cpu_us() - t;
	return reused;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int n = 1000, rounds = 9, o;
	size_t len = 5120;
	while ((o = getopt(argc, argv, "n:R:b:")) != -1) {
		if (o == 'n')
			n = atoi(optarg);
		else if (o == 'R')
			rounds = atoi(optarg);
		else if (o == 'b')
			len = (size_t)atol(optarg);
		else
			return 2;
	}
	check(n > 0 && rounds > 0 && rounds <= MAX_ROUNDS && len >= 16, "bad option");
	char *body = malloc(len);
	memset(body, 'x', len);
	memcpy(body, "20 text/gemini\r\n", 16);

	SSL_CTX *sctx = SSL_CTX_new(TLS_server_method()), *cctx = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_min_proto_version(sctx, TLS1_3_VERSION);
	SSL_CTX_set_min_proto_version(cctx, TLS1_3_VERSION);
	SSL_CTX_set_session_id_context(sctx, (const unsigned char *)"floor", 5);
	SSL_CTX_set_session_cache_mode(sctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_session_cache_mode(cctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(cctx, keep_ticket);
	SSL_CTX_set_cert_verify_callback(cctx, accept_any_chain, NULL);
	self_signed(sctx);

	printf("%s, %d x %d requests, body %zu bytes\n", OpenSSL_version(OPENSSL_VERSION), rounds,
	       n, len);
	static const struct {
		const char *name;
		int tickets, resume;
	} mode[] = { { "full handshake, 2 tickets", 2, 0 },
		     { "full handshake, 1 ticket", 1, 0 },
		     { "full handshake, 0 tickets", 0, 0 },
		     { "resumed, 1 new ticket", 1, 1 },
		     { "resumed, 0 new tickets", 0, 1 } };
	for (size_t m = 0; m < sizeof mode / sizeof *mode; m++) {
		double server[MAX_ROUNDS], client[MAX_ROUNDS], sink = 0;
		int reused = 0;
		SSL_CTX_set_num_tickets(sctx, 1);
		exchange(sctx, cctx, NULL, body, len, &sink, &sink); /* warm, get a ticket */
		SSL_CTX_set_num_tickets(sctx, (size_t)mode[m].tickets);
		for (int r = 0; r < rounds; r++) {
			server[r] = client[r] = 0;
			for (int i = 0; i < n; i++) {
				/* OpenSSL marks a used ticket as spent: use a copy. */
				SSL_SESSION *use = mode[m].resume ? SSL_SESSION_dup(ticket) : NULL;
				reused +=
				    exchange(sctx, cctx, use, body, len, &server[r], &client[r]);
				SSL_SESSION_free(use);
			}
		}
		qsort(server, (size_t)rounds, sizeof *server, by_value);
		qsort(client, (size_t)rounds, sizeof *client, by_value);
		printf("%-26s server %7.1f us (min %7.1f)  client %7.1f us  resumed %d of %d\n",
		       mode[m].name, server[rounds / 2] / n, server[0] / n, client[rounds / 2] / n,
		       reused, rounds * n);
	}
	SSL_SESSION_free(ticket);
	SSL_CTX_free(sctx);
	SSL_CTX_free(cctx);
	free(body);
	return 0;
}
