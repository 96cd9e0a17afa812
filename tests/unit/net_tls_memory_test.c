/* SSL objects that shrink while their clients are silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

#include "net/tls_memory.h"
#include "net_harness.h"

enum { BLOCK = 7000, PAGES = 2, EVERY_SLOT = 16384 };

static unsigned resident(void *slot)
{
	unsigned char pages[PAGES];
	assert_int_equal(mincore(slot, PAGES * 4096, pages), 0);
	return (pages[0] & 1u) + (pages[1] & 1u);
}

/* Runs of zeros and of others, at the ends and across words. */
static void fill(unsigned char *block)
{
	for (size_t i = 0; i < BLOCK; i++)
		block[i] = i % 97 < 30 || i == BLOCK - 1 ? (unsigned char)(i * 7 + 1) : 0;
}

static void packed_blocks_come_back(void **state)
{
	(void)state;
	static unsigned char expected[BLOCK];
	fill(expected);
	unsigned char *block = OPENSSL_malloc(BLOCK);
	fill(block);
	assert_int_equal(resident(block), PAGES);
	for (int i = 0; i < 3; i++) {
		struct tls_image *image = tls_memory_pack(block);
		assert_non_null(image);
		assert_int_equal(resident(block), 0);
		tls_memory_unpack(block, image);
		assert_memory_equal(block, expected, BLOCK);
	}
	OPENSSL_free(block);
}

static void other_sizes_lie_in_the_heap(void **state)
{
	(void)state;
	char *block = OPENSSL_malloc(100);
	memcpy(block, "abc", 4);
	assert_null(tls_memory_pack(block));
	block = OPENSSL_realloc(block, 6000);
	block = OPENSSL_realloc(block, 7000);
	assert_string_equal(block, "abc");
	OPENSSL_free(block);

	block = OPENSSL_malloc(BLOCK);
	memcpy(block, "abc", 4);
	char *same = OPENSSL_realloc(block, BLOCK + 100);
	assert_ptr_equal(same, block);
	block = OPENSSL_realloc(same, 100000);
	assert_string_equal(block, "abc");
	assert_null(tls_memory_pack(block));
	OPENSSL_free(block);
}

static void more_blocks_than_slots(void **state)
{
	(void)state;
	static char *blocks[EVERY_SLOT + 1];
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i <= EVERY_SLOT; i++) {
			blocks[i] = OPENSSL_malloc(BLOCK);
			blocks[i][0] = blocks[i][BLOCK - 1] = (char)i;
		}
		assert_null(tls_memory_pack(blocks[EVERY_SLOT]));
		for (size_t i = 0; i <= EVERY_SLOT; i++) {
			assert_int_equal(blocks[i][0], (char)i);
			assert_int_equal(blocks[i][BLOCK - 1], (char)i);
			OPENSSL_free(blocks[i]);
		}
		assert_int_equal(resident(blocks[EVERY_SLOT - 1]),
				 0); /* a crowd's memory is given back */
	}
}

/* Clients that are silent for longer than it takes to fall asleep. */
static void silent_clients(void **state)
{
	(void)state;
	enum { SPEAKS, SPEAKS_OLD_TLS, SPEAKS_TWICE, LEAVES, STAYS, CLIENTS };
	struct client clients[CLIENTS];
	SSL_CTX *contexts[] = { client_context(TLS1_3_VERSION), client_context(TLS1_2_VERSION) };
	struct buf out = { 0 };
	server_start_with((struct limits_settings)LIMITS_DEFAULT);
	for (size_t i = 0; i < CLIENTS; i++)
		clients[i] = client_tls(server.gemini, contexts[i == SPEAKS_OLD_TLS], NULL, NULL);
	usleep(800000);
	client_say(&clients[SPEAKS_TWICE], "he");
	usleep(800000);
	client_say(&clients[SPEAKS], "hello\r\n");
	client_say(&clients[SPEAKS_OLD_TLS], "hello\r\n");
	client_say(&clients[SPEAKS_TWICE], "llo\r\n");
	for (size_t i = SPEAKS; i <= SPEAKS_TWICE; i++) {
		assert_int_equal(client_read(&clients[i], &out), CLOSED_RIGHT);
		assert_buf(&out, "20 text/plain\r\nhello\n");
		client_close(&clients[i]);
	}
	client_close(&clients[LEAVES]);
	server_stop();
	client_close(&clients[STAYS]);
	SSL_CTX_free(contexts[0]);
	SSL_CTX_free(contexts[1]);
	buf_free(&out);
}

int main(void)
{
	if (!tls_memory_use())
		return 1;
	server_files();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_blocks_come_back),
		cmocka_unit_test(other_sizes_lie_in_the_heap),
		cmocka_unit_test(more_blocks_than_slots),
		cmocka_unit_test(silent_clients),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	server_remove_files();
	return failed;
}
