#include "net/tls_tickets.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

struct ticket_key {
	unsigned char name[16]; /* travels in the ticket and says which key it needs */
	unsigned char cipher[32], mac[32];
	time_t made; /* monotonic; 0 = there is no such key yet */
};

static struct {
	pthread_mutex_t lock;
	struct ticket_key current, previous;
} keys = { .lock = PTHREAD_MUTEX_INITIALIZER };

static EVP_CIPHER *cipher; /* fetched once: a fetch for each ticket is measurable */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch_cipher(void)
{
	cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
}

static time_t monotonic(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec + 1; /* never 0 */
}

/* Without randomness there is no key, and callers go on without tickets. */
static void make_key(struct ticket_key *key)
{
	if (RAND_bytes(key->name, sizeof key->name) == 1 &&
	    RAND_priv_bytes(key->cipher, sizeof key->cipher) == 1 &&
	    RAND_priv_bytes(key->mac, sizeof key->mac) == 1)
		key->made = monotonic();
	else
		key->made = 0;
}

static void rotate_locked(void)
{
	keys.previous = keys.current;
	make_key(&keys.current);
}

void tls_tickets_rotate(void)
{
	pthread_mutex_lock(&keys.lock);
	rotate_locked();
	pthread_mutex_unlock(&keys.lock);
}

/* A copy of the key to seal with, or of the one called `name`. */
static bool take_key(struct ticket_key *key, const unsigned char *name)
{
	pthread_mutex_lock(&keys.lock);
	if (keys.current.made == 0 || monotonic() - keys.current.made >= TLS_TICKET_LIFETIME_S)
		rotate_locked();
	*key = keys.current;
	if (name != NULL && memcmp(name, key->name, sizeof key->name) != 0)
		*key = keys.previous;
	pthread_mutex_unlock(&keys.lock);
	return key->made != 0 && (name == NULL || memcmp(name, key->name, sizeof key->name) == 0);
}

static bool set_mac(EVP_MAC_CTX *mac, struct ticket_key *key)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, sizeof key->mac),
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	return EVP_MAC_CTX_set_params(mac, params) == 1;
}

/* 1 = go on, 0 = no ticket / full handshake, -1 = failure: the library's own numbers. */
static int on_ticket(SSL *ssl, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *context,
		     EVP_MAC_CTX *mac, int sealing)
{
	(void)ssl;
	struct ticket_key key;
	if (!take_key(&key, sealing ? NULL : name))
		return 0;
	bool done;
	if (sealing) {
		memcpy(name, key.name, sizeof key.name);
		done = RAND_bytes(iv, EVP_CIPHER_get_iv_length(cipher)) == 1 &&
		       EVP_EncryptInit_ex(context, cipher, NULL, key.cipher, iv) == 1;
	} else {
		done = EVP_DecryptInit_ex(context, cipher, NULL, key.cipher, iv) == 1;
	}
	done = done && set_mac(mac, &key);
	OPENSSL_cleanse(&key, sizeof key);
	return done ? 1 : -1;
}

bool tls_tickets_use(SSL_CTX *ssl_context)
{
	pthread_once(&fetched, fetch_cipher);
	SSL_CTX_set_timeout(ssl_context, TLS_TICKET_LIFETIME_S);
	return cipher != NULL && SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl_context, on_ticket) == 1;
}
