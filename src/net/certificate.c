#include "net/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum {
	FILE_MAX = 256 * 1024,
	COMMON_NAME_MAX = 64, /* of RFC 5280; SAN has no such bound */
	DAY = 24 * 60 * 60,
};

/* Far beyond anybody's pin, and known to work: other Gemini servers use the same year. */
static const char not_after[] = "40960101000000Z";

void certificate_path(struct str folder, struct str host, struct str ending, struct buf *out)
{
	buf_add(out, folder);
	buf_add_char(out, '/');
	buf_add(out, host);
	buf_add(out, ending);
}

static bool library_fault(struct fault *fault, struct str file, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());
	ERR_clear_error();
	return fault_set(fault, file, 0, 0, "%s: %s", what, reason ? reason : "unknown reason");
}

static void to_hex(const unsigned char *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void certificate_hash(const void *certificate, char whole[65], char public_key[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	const X509 *x509 = certificate;
	whole[0] = public_key[0] = '\0';
	if (X509_digest(x509, EVP_sha256(), digest, &n))
		to_hex(digest, n, whole);

	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
	if (len > 0 && EVP_Digest(der, (size_t)len, digest, &n, EVP_sha256(), NULL))
		to_hex(digest, n, public_key);
	OPENSSL_free(der);
}

static int64_t seconds(const ASN1_TIME *time)
{
	struct tm tm;
	return ASN1_TIME_to_tm(time, &tm) ? (int64_t)timegm(&tm) : 0;
}

static void describe(X509 *x509, struct certificate *certificate)
{
	*certificate = (struct certificate){ 0 };
	certificate->not_before = seconds(X509_get0_notBefore(x509));
	certificate->not_after = seconds(X509_get0_notAfter(x509));
	certificate->days_left = (certificate->not_after - (int64_t)time(NULL)) / DAY;
	certificate_hash(x509, certificate->fingerprint, certificate->public_key);
}

static bool add_names(X509 *x509, struct str host)
{
	char text[256];
	struct in6_addr bytes;
	if (host.len == 0 || host.len >= sizeof text)
		return false;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';

	X509_NAME *subject = X509_get_subject_name(x509);
	if (host.len <= COMMON_NAME_MAX &&
	    !X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)text,
					(int)host.len, -1, 0))
		return false;
	bool ipv4 = inet_pton(AF_INET, text, &bytes) == 1;
	bool ipv6 = !ipv4 && inet_pton(AF_INET6, text, &bytes) == 1;

	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *value = ipv4 || ipv6 ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
	bool done = names && name && value &&
		    (ipv4 || ipv6 ? ASN1_STRING_set(value, &bytes, ipv4 ? 4 : 16)
				  : ASN1_STRING_set(value, host.at, (int)host.len)) &&
		    sk_GENERAL_NAME_push(names, name) > 0;
	if (done) {
		GENERAL_NAME_set0_value(name, ipv4 || ipv6 ? GEN_IPADD : GEN_DNS, value);
		done = X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, 0) == 1;
	} else {
		GENERAL_NAME_free(name);
		ASN1_STRING_free(value);
	}
	GENERAL_NAMES_free(names);
	return done;
}

static bool set_serial(X509 *x509)
{
	unsigned char bytes[16];
	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and always 16 bytes */
	BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
	bool done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	BN_free(number);
	return done;
}

/* A self-signed certificate of `key`, or NULL. */
static X509 *issue(EVP_PKEY *key, struct str host)
{
	X509 *x509 = X509_new();
	bool done = x509 && X509_set_version(x509, X509_VERSION_3) && set_serial(x509) &&
		    X509_gmtime_adj(X509_getm_notBefore(x509), -DAY) &&
		    ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), not_after) &&
		    add_names(x509, host) &&
		    X509_set_issuer_name(x509, X509_get_subject_name(x509)) &&
		    X509_set_pubkey(x509, key) && X509_sign(x509, key, EVP_sha256()) > 0;
	if (done)
		return x509;
	X509_free(x509);
	return NULL;
}

/* Writes what a memory BIO holds and frees it. */
static bool write_pem(struct str path, BIO *pem, mode_t mode, struct fault *fault)
{
	char *text;
	long len = BIO_get_mem_data(pem, &text);
	bool done = file_replace(path, (struct str){ text, (size_t)len }, mode, fault);
	OPENSSL_cleanse(text, (size_t)len);
	BIO_free(pem);
	return done;
}

static bool write_key(struct str path, EVP_PKEY *key, struct fault *fault)
{
	BIO *pem = BIO_new(BIO_s_mem());
	if (pem != NULL && PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL))
		return write_pem(path, pem, 0600, fault);
	BIO_free(pem);
	return library_fault(fault, path, "cannot write the key");
}

static bool write_certificate(struct str path, X509 *x509, struct fault *fault)
{
	BIO *pem = BIO_new(BIO_s_mem());
	if (pem != NULL && PEM_write_bio_X509(pem, x509))
		return write_pem(path, pem, 0644, fault);
	BIO_free(pem);
	return library_fault(fault, path, "cannot write the certificate");
}

static bool read_pem(struct str path, BIO **pem, struct buf *text, struct fault *fault)
{
	*pem = NULL;
	if (!file_read_path(path, FILE_MAX, text, fault))
		return false;
	*pem = BIO_new_mem_buf(text->at ? text->at : "", (int)text->len);
	return *pem != NULL || library_fault(fault, path, "out of memory");
}

static bool read_key(struct str path, EVP_PKEY **key, struct fault *fault)
{
	struct buf text = { 0 };
	BIO *pem;
	*key = NULL;
	bool done = read_pem(path, &pem, &text, fault);
	if (done) {
		*key = PEM_read_bio_PrivateKey(pem, NULL, NULL, (void *)"");
		done = *key != NULL || library_fault(fault, path, "not a private key in PEM form");
	}
	BIO_free(pem);
	if (text.at != NULL)
		OPENSSL_cleanse(text.at, text.len);
	buf_free(&text);
	return done;
}

static bool read_certificate(struct str path, X509 **x509, struct fault *fault)
{
	struct buf text = { 0 };
	BIO *pem;
	*x509 = NULL;
	bool done = read_pem(path, &pem, &text, fault);
	if (done) {
		*x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);
		done = *x509 != NULL || library_fault(fault, path, "not a certificate in PEM form");
	}
	BIO_free(pem);
	buf_free(&text);
	return done;
}

struct pair {
	struct buf certificate, key; /* paths */
	bool has_certificate, has_key;
};

static void find_pair(struct str folder, struct str host, struct pair *pair)
{
	*pair = (struct pair){ 0 };
	certificate_path(folder, host, STR(".crt"), &pair->certificate);
	certificate_path(folder, host, STR(".key"), &pair->key);
	pair->has_certificate = access(buf_c(&pair->certificate), F_OK) == 0 || errno != ENOENT;
	pair->has_key = access(buf_c(&pair->key), F_OK) == 0 || errno != ENOENT;
}

static void forget_pair(struct pair *pair)
{
	buf_free(&pair->certificate);
	buf_free(&pair->key);
}

static bool load(struct pair *pair, struct certificate *certificate, struct fault *fault)
{
	EVP_PKEY *key = NULL;
	X509 *x509 = NULL;
	bool done = read_certificate(buf_str(&pair->certificate), &x509, fault) &&
		    read_key(buf_str(&pair->key), &key, fault);
	if (done && X509_check_private_key(x509, key) != 1) {
		ERR_clear_error();
		done = fault_set(fault, buf_str(&pair->key), 0, 0,
				 "this key does not belong to the certificate beside it");
	}
	if (done)
		describe(x509, certificate);
	X509_free(x509);
	EVP_PKEY_free(key);
	return done;
}

/* `key` is written first when it is new: without its certificate it can be renewed. */
static bool store(struct pair *pair, struct str host, EVP_PKEY *key, bool new_key,
		  struct certificate *certificate, struct fault *fault)
{
	X509 *x509 = issue(key, host);
	if (x509 == NULL)
		return library_fault(fault, buf_str(&pair->certificate),
				     "cannot make a certificate for this host name");
	bool done = !new_key || write_key(buf_str(&pair->key), key, fault);
	if (done && !write_certificate(buf_str(&pair->certificate), x509, fault)) {
		if (new_key)
			unlink(buf_c(&pair->key));
		done = false;
	}
	if (done)
		describe(x509, certificate);
	X509_free(x509);
	return done;
}

static bool create(struct str folder, struct str host, struct pair *pair,
		   struct certificate *certificate, struct fault *fault)
{
	struct buf path = { 0 };
	buf_add(&path, folder);
	bool done = mkdir(buf_c(&path), 0700) == 0 || errno == EEXIST ||
		    fault_system(fault, folder, "make the folder");
	buf_free(&path);
	if (!done)
		return false;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	if (key == NULL)
		return library_fault(fault, buf_str(&pair->key), "cannot make a key");
	done = store(pair, host, key, true, certificate, fault);
	certificate->created = done;
	EVP_PKEY_free(key);
	return done;
}

static bool missing(const struct buf *path, const char *mend, struct fault *fault)
{
	return fault_set(fault, buf_str(path), 0, 0, "this file is missing: %s", mend);
}

/* The path that the fault borrows is about to go: move it into the fault's own text. */
static void own_file(struct fault *fault)
{
	if (fault == NULL || fault->file.len == 0)
		return;
	struct fault old = *fault;
	fault_set(fault, (struct str){ 0 }, 0, 0, "%.*s: %s", STR_ARGS(old.file), old.text);
}

static bool open_pair(struct str folder, struct str host, bool may_create,
		      struct certificate *certificate, struct fault *fault)
{
	struct pair pair;
	bool done;
	find_pair(folder, host, &pair);
	if (pair.has_certificate && pair.has_key)
		done = load(&pair, certificate, fault);
	else if (pair.has_certificate)
		done =
		    missing(&pair.key,
			    "put it back, or move the certificate away to get a new pair", fault);
	else if (pair.has_key)
		done = missing(&pair.certificate,
			       "put it back, or make one for the same key: perigee cert --renew",
			       fault);
	else if (may_create)
		done = create(folder, host, &pair, certificate, fault);
	else
		done =
		    missing(&pair.certificate, "perigee serve makes it on its first start", fault);
	if (!done)
		own_file(fault);
	forget_pair(&pair);
	return done;
}

bool certificate_ensure(struct str folder, struct str host, struct certificate *certificate,
			struct fault *fault)
{
	return open_pair(folder, host, true, certificate, fault);
}

bool certificate_read(struct str folder, struct str host, struct certificate *certificate,
		      struct fault *fault)
{
	return open_pair(folder, host, false, certificate, fault);
}

bool certificate_renew(struct str folder, struct str host, struct certificate *certificate,
		       struct fault *fault)
{
	struct pair pair;
	EVP_PKEY *key = NULL;
	find_pair(folder, host, &pair);
	bool done = read_key(buf_str(&pair.key), &key, fault) &&
		    store(&pair, host, key, false, certificate, fault);
	if (!done)
		own_file(fault);
	EVP_PKEY_free(key);
	forget_pair(&pair);
	return done;
}
