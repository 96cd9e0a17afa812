#include "net/tls_endpoint.h"

#include <openssl/err.h>

#include "net/certificate.h"
#include "net/tls_context.h"

static void drop_spare(struct tls_endpoint *endpoint)
{
	while (endpoint->nspare > 0)
		SSL_free(endpoint->spare[--endpoint->nspare]);
}

void tls_endpoint_set(struct tls_endpoint *endpoint, struct tls *tls)
{
	drop_spare(endpoint);
	tls_free(endpoint->tls);
	endpoint->tls = tls;
}

void tls_endpoint_free(struct tls_endpoint *endpoint)
{
	tls_endpoint_set(endpoint, NULL);
	buf_free(&endpoint->wire.out);
}

SSL *tls_endpoint_take(struct tls_endpoint *endpoint)
{
	if (endpoint->nspare > 0)
		return endpoint->spare[--endpoint->nspare];
	SSL *ssl = SSL_new(tls_context(endpoint->tls));
	BIO *bio = ssl ? tls_bio_new(&endpoint->wire) : NULL;
	if (bio == NULL) {
		SSL_free(ssl);
		ERR_clear_error();
		return NULL;
	}
	SSL_set_bio(ssl, bio, bio);
	SSL_set_accept_state(ssl);
	return ssl;
}

void tls_endpoint_give(struct tls_endpoint *endpoint, SSL *ssl, const struct tls *begun_with)
{
	/*
	 * Only an object in good order may serve another client: of the current set, not moved
	 * to another host's context by SNI, and past its handshake. SSL_set_session() comes
	 * first since SSL_clear() alone would keep the session and with it the version.
	 */
	bool reusable = endpoint->nspare < TLS_SPARE && begun_with == endpoint->tls &&
			SSL_get_SSL_CTX(ssl) == tls_context(begun_with) &&
			SSL_is_init_finished(ssl);
	if (reusable && SSL_set_session(ssl, NULL) == 1 && SSL_clear(ssl) == 1)
		endpoint->spare[endpoint->nspare++] = ssl;
	else
		SSL_free(ssl);
	ERR_clear_error();
}

void tls_endpoint_begin(struct tls_endpoint *endpoint)
{
	endpoint->wire.in = (struct str){ 0 };
	endpoint->wire.record_left = 0;
	buf_clear(&endpoint->wire.out);
}

void tls_endpoint_input(struct tls_endpoint *endpoint, struct str received)
{
	endpoint->wire.in = received;
}

static enum tls_step step_of(SSL *ssl, int result)
{
	if (result > 0)
		return TLS_DONE;
	switch (SSL_get_error(ssl, result)) {
	case SSL_ERROR_WANT_READ: return TLS_WAIT;
	case SSL_ERROR_ZERO_RETURN: return TLS_ENDED;
	default: return TLS_FAILED;
	}
}

enum tls_step tls_handshake(SSL *ssl)
{
	ERR_clear_error();
	return step_of(ssl, SSL_do_handshake(ssl));
}

enum tls_step tls_read(SSL *ssl, char *to, size_t room, size_t *n)
{
	ERR_clear_error();
	*n = 0;
	return step_of(ssl, SSL_read_ex(ssl, to, room, n));
}

bool tls_write(SSL *ssl, struct str text)
{
	size_t n;
	if (text.len == 0)
		return true;
	ERR_clear_error();
	return SSL_write_ex(ssl, text.at, text.len, &n) == 1 && n == text.len;
}

void tls_close_notify(SSL *ssl)
{
	ERR_clear_error();
	SSL_shutdown(ssl);
}

void tls_describe_peer(SSL *ssl, struct tls_peer_text *text, struct peer *peer)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl); /* of the ticket, when resumed */
	if (certificate == NULL)
		return;
	certificate_hash(certificate, text->certificate, text->public_key);
	peer->certificate = str_from(text->certificate);
	peer->public_key = str_from(text->public_key);
	if (X509_cmp_current_time(X509_get0_notBefore(certificate)) >= 0)
		peer->validity = PEER_NOT_YET_VALID;
	else if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0)
		peer->validity = PEER_EXPIRED;
}

struct str tls_server_name(SSL *ssl)
{
	return str_from(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
}
