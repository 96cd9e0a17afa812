#include "net/tls_bio.h"

#include <pthread.h>

enum { HEADER = 5 };

static BIO_METHOD *method; /* one for the process, as the library's own are */
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

size_t tls_record_bytes(struct str in)
{
	if (in.len < HEADER)
		return 0;
	const unsigned char *header = (const unsigned char *)in.at;
	size_t record = HEADER + ((size_t)header[3] << 8 | header[4]);
	/* A length that cannot be is OpenSSL's to refuse, with the right alert. */
	if (record > TLS_RECORD_MAX)
		record = HEADER;
	return in.len < record ? 0 : record;
}

/* How many bytes OpenSSL may take now: all of a whole record, else none. */
static size_t available(struct tls_wire *wire)
{
	if (wire->record_left == 0)
		wire->record_left = tls_record_bytes(wire->in);
	return wire->record_left;
}

static int on_read(BIO *bio, char *to, size_t room, size_t *taken)
{
	struct tls_wire *wire = BIO_get_data(bio);
	size_t n = available(wire);
	if (n > room)
		n = room;
	if (n > wire->in.len)
		n = wire->in.len;
	BIO_clear_retry_flags(bio);
	if (n == 0) {
		BIO_set_retry_read(bio);
		return 0;
	}
	memcpy(to, wire->in.at, n);
	wire->in = str_skip(wire->in, n);
	wire->record_left -= n;
	*taken = n;
	return 1;
}

static int on_write(BIO *bio, const char *from, size_t len, size_t *written)
{
	struct tls_wire *wire = BIO_get_data(bio);
	buf_add(&wire->out, (struct str){ from, len });
	BIO_clear_retry_flags(bio);
	*written = len;
	return 1;
}

static long on_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	return command == BIO_CTRL_FLUSH; /* nothing else is asked for that matters */
}

static void make_method(void)
{
	method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "worker's memory");
	if (method == NULL)
		return;
	BIO_meth_set_read_ex(method, on_read);
	BIO_meth_set_write_ex(method, on_write);
	BIO_meth_set_ctrl(method, on_control);
}

BIO *tls_bio_new(struct tls_wire *wire)
{
	pthread_once(&method_once, make_method);
	BIO *bio = method ? BIO_new(method) : NULL;
	if (bio != NULL) {
		BIO_set_data(bio, wire);
		BIO_set_init(bio, 1);
	}
	return bio;
}
