#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "net/tls_context.h"
#include "net/tls_tickets.h"

/*
 * AES-128 first where the client has AES in hardware: its suites hash with SHA-256,
 * which makes the whole key schedule cheaper than the SHA-384 of AES-256. Clients
 * without it put ChaCha20 first and get it (SSL_OP_PRIORITIZE_CHACHA).
 */
static const char suites_tls13[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char suites_tls12[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
				   "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
				   "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

static const uint64_t options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
				SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;

enum { CLIENT_CERTIFICATES_MAX = 32 * 1024 }; /* bytes that a client's chain may have */

struct tls_entry {
	struct str name;
	SSL_CTX *context;
};

struct tls {
	atomic_uint references;
	struct buf names; /* what the entries' names point into */
	size_t nentries;
	struct tls_entry entries[];
};

/* Client certificates are identities, not claims of a CA: any is welcome (GEM-96). */
static int accept_any(X509_STORE_CTX *store, void *unused)
{
	(void)store, (void)unused;
	return 1;
}

/* A key under a passphrase is refused; the library would ask for it on the terminal. */
static int no_passphrase(char *to, int room, int writing, void *unused)
{
	(void)to, (void)room, (void)writing, (void)unused;
	return -1;
}

static int on_server_name(SSL *ssl, int *alert, void *argument)
{
	(void)alert;
	const struct tls *tls = argument;
	struct str name = str_from(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
	for (size_t i = 0; i < tls->nentries; i++) {
		if (!str_equal_nocase(name, tls->entries[i].name))
			continue;
		if (i > 0)
			SSL_set_SSL_CTX(ssl, tls->entries[i].context);
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_NOACK;
}

static bool configure(SSL_CTX *context, struct tls *tls)
{
	static const unsigned char id[] = "perigee";
	SSL_CTX_set_options(context, options);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_max_cert_list(context, CLIENT_CERTIFICATES_MAX);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_tlsext_servername_callback(context, on_server_name);
	SSL_CTX_set_tlsext_servername_arg(context, tls);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
	       SSL_CTX_set_ciphersuites(context, suites_tls13) &&
	       SSL_CTX_set_cipher_list(context, suites_tls12) &&
	       SSL_CTX_set_session_id_context(context, id, sizeof id - 1) &&
	       SSL_CTX_set_num_tickets(context, 1) && tls_tickets_use(context);
}

static bool library_fault(struct fault *fault, struct str file, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	ERR_clear_error();
	return fault_set(fault, file, 0, 0, "%s: %s", what, reason ? reason : "unknown reason");
}

static bool load_pair(SSL_CTX *context, const struct tls_host *host, struct fault *fault)
{
	struct buf path = { 0 };
	buf_add(&path, host->certificate);
	bool done = SSL_CTX_use_certificate_chain_file(context, buf_c(&path)) == 1 ||
		    library_fault(fault, host->certificate, "cannot use this certificate");
	buf_clear(&path);
	buf_add(&path, host->key);
	done = done && (SSL_CTX_use_PrivateKey_file(context, buf_c(&path), SSL_FILETYPE_PEM) == 1 ||
			library_fault(fault, host->key, "cannot use this key"));
	done = done && (SSL_CTX_check_private_key(context) == 1 ||
			library_fault(fault, host->key, "this key is of another certificate"));
	buf_free(&path);
	return done;
}

static SSL_CTX *new_context(struct tls *tls, const struct tls_host *host, struct fault *fault)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (context == NULL || !configure(context, tls))
		library_fault(fault, host->certificate, "cannot set up TLS");
	else if (load_pair(context, host, fault))
		return context;
	SSL_CTX_free(context);
	return NULL;
}

struct tls *tls_new(const struct tls_host *hosts, size_t nhosts, struct fault *fault)
{
	struct tls *tls = memory_new(sizeof *tls + nhosts * sizeof tls->entries[0]);
	atomic_init(&tls->references, 1);
	for (size_t i = 0; i < nhosts; i++)
		buf_add(&tls->names, hosts[i].name);
	size_t from = 0;
	for (size_t i = 0; i < nhosts; i++) {
		struct tls_entry *entry = &tls->entries[i];
		entry->name = str_sub(buf_str(&tls->names), from, from + hosts[i].name.len);
		entry->context = new_context(tls, &hosts[i], fault);
		if (entry->context == NULL) {
			tls_free(tls);
			return NULL;
		}
		from += hosts[i].name.len;
		tls->nentries++;
	}
	return tls;
}

struct tls *tls_reference(struct tls *tls)
{
	if (tls != NULL)
		atomic_fetch_add(&tls->references, 1);
	return tls;
}

void tls_free(struct tls *tls)
{
	if (tls == NULL || atomic_fetch_sub(&tls->references, 1) > 1)
		return;
	for (size_t i = 0; i < tls->nentries; i++)
		SSL_CTX_free(tls->entries[i].context);
	buf_free(&tls->names);
	free(tls);
}

SSL_CTX *tls_context(const struct tls *tls)
{
	return tls->entries[0].context;
}
