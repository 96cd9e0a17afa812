#include "net/tls_memory.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"

enum {
	PAGE = 4096,
	SLOT = 2 * PAGE,
	SLOT_LEAST = PAGE + 1, /* bytes of a block that is worth a slot */
	SLOTS = 16384,         /* 128 MiB of addresses; who comes later lies in the heap */
	WARM = 64,             /* free slots that keep their pages */
	WORDS = SLOT / 8,
};

static struct {
	pthread_mutex_t lock; /* what one thread takes another may free */
	char *slots;
	uint16_t free[SLOTS];  /* a stack: the last one freed is in the processor's cache */
	unsigned nfree, nused; /* nused: slots that ever were */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool in_slot(const void *at)
{
	return (uintptr_t)at - (uintptr_t)pool.slots < (uintptr_t)SLOTS * SLOT;
}

/* Out of line: a handshake asks for memory a thousand times, and for a slot at most once. */
__attribute__((noinline)) static void *take_slot(size_t size)
{
	void *slot = NULL;
	pthread_mutex_lock(&pool.lock);
	if (pool.nfree > 0)
		slot = pool.slots + (size_t)pool.free[--pool.nfree] * SLOT;
	else if (pool.nused < SLOTS)
		slot = pool.slots + (size_t)pool.nused++ * SLOT;
	pthread_mutex_unlock(&pool.lock);
	return slot ? slot : malloc(size);
}

__attribute__((noinline)) static void free_slot(void *slot)
{
	pthread_mutex_lock(&pool.lock);
	if (pool.nfree >= WARM)
		madvise(slot, SLOT, MADV_DONTNEED);
	pool.free[pool.nfree++] = (uint16_t)(((char *)slot - pool.slots) / SLOT);
	pthread_mutex_unlock(&pool.lock);
}

static void *on_malloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return size >= SLOT_LEAST && size <= SLOT ? take_slot(size) : malloc(size);
}

static void on_free(void *block, const char *file, int line)
{
	(void)file, (void)line;
	if (in_slot(block))
		free_slot(block);
	else
		free(block);
}

static void *on_realloc(void *old, size_t size, const char *file, int line)
{
	if (!in_slot(old))
		return realloc(old, size);
	if (size <= SLOT)
		return old;
	void *moved = malloc(size);
	if (moved != NULL) {
		memcpy(moved, old, SLOT);
		on_free(old, file, line);
	}
	return moved;
}

bool tls_memory_use(void)
{
	const size_t room = (size_t)SLOTS * SLOT;
	if (pool.slots != NULL || sysconf(_SC_PAGESIZE) != PAGE)
		return pool.slots != NULL;
	void *slots = mmap(NULL, room, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (slots == MAP_FAILED)
		return false;
	/* A huge page would be a hundred objects' memory for the first one. */
	madvise(slots, room, MADV_NOHUGEPAGE);
	pool.slots = slots;
	if (CRYPTO_set_mem_functions(on_malloc, on_realloc, on_free))
		return true;
	munmap(slots, room);
	pool.slots = NULL;
	return false;
}

/* --- objects that sleep --- */

struct tls_image {
	size_t size;
	uint64_t present[WORDS / 64]; /* a bit for each word that is not zero */
	uint64_t words[];
};

struct tls_image *tls_memory_pack(void *object)
{
	if (pool.slots == NULL || !in_slot(object))
		return NULL;
	const uint64_t *words = object;
	size_t nwords = 0;
	for (size_t i = 0; i < WORDS; i++)
		nwords += words[i] != 0;
	size_t size = sizeof(struct tls_image) + nwords * sizeof words[0];
	struct tls_image *image = memory_new(size);
	image->size = size;
	nwords = 0;
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i] == 0)
			continue;
		image->present[i / 64] |= UINT64_C(1) << i % 64;
		image->words[nwords++] = words[i];
	}
	madvise(object, SLOT, MADV_DONTNEED);
	return image;
}

void tls_memory_unpack(void *object, struct tls_image *image)
{
	if (image == NULL)
		return;
	uint64_t *words = object;
	const uint64_t *next = image->words;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = image->present[i / 64] >> i % 64 & 1 ? *next++ : 0;
	OPENSSL_cleanse(image, image->size); /* keys are in it */
	free(image);
}
