/*
 * tls_memory - where SSL objects lie, and how they shrink while their clients say nothing.
 *
 * An SSL object of OpenSSL 3.0 has 7.4 KiB, more than all else of an idle connection, and
 * four fifths of it are zeros. Blocks of that size lie in slots of their own, two pages each.
 * When a client is silent the slot's pages go back to the kernel and only what is not zero
 * is kept; before the object is touched again the same bytes are back in the same place,
 * so that OpenSSL cannot tell.
 *
 *	tls_memory_use();                              // first of all
 *	struct tls_image *image = tls_memory_pack(ssl);
 *	...                                            // nobody touches ssl
 *	tls_memory_unpack(ssl, image);
 */
#ifndef NET_TLS_MEMORY_H
#define NET_TLS_MEMORY_H

#include <stdbool.h>

/*
 * Takes over OpenSSL's allocation, for as long as the process runs. False when OpenSSL has
 * allocated before, or the kernel gives no room: all works then, and nothing shrinks.
 */
bool tls_memory_use(void);

struct tls_image; /* an object without its zeros */

/* NULL when the object is not in a slot; it stays as it is then. */
struct tls_image *tls_memory_pack(void *object);
void tls_memory_unpack(void *object, struct tls_image *); /* frees the image; NULL is fine */

#endif
