#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define FIRST_CHUNK  4096
#define LARGEST_STEP (256 * 1024)

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* of `bytes` */
	max_align_t bytes[];
};

/* Chunks double up to a limit, so small arenas stay small and large ones waste little. */
void arena_add_chunk(struct arena *a, size_t need)
{
	size_t size = a->chunks ? a->chunks->size * 2 : FIRST_CHUNK - sizeof(struct arena_chunk);
	if (size > LARGEST_STEP)
		size = LARGEST_STEP;
	if (size < need)
		size = need;
	struct arena_chunk *chunk = memory_resize(NULL, sizeof *chunk + size);
	chunk->next = a->chunks;
	chunk->size = size;
	a->chunks = chunk;
	a->at = (char *)chunk->bytes;
	a->end = a->at + size;
	a->total += sizeof *chunk + size;
}

struct str arena_format(struct arena *a, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(n >= 0);
	size_t size = (size_t)n + 1;
	if ((size_t)(a->end - a->at) < size)
		arena_add_chunk(a, size);
	char *text = a->at;
	a->at += size;
	vsnprintf(text, size, format, again);
	va_end(again);
	return (struct str){ text, (size_t)n };
}

void *arena_double(struct arena *a, void *array, size_t *capacity, size_t element_size)
{
	size_t used = *capacity * element_size;
	*capacity = *capacity ? *capacity * 2 : 8;
	char *larger = arena_room(a, *capacity * element_size);
	return used > 0 ? memcpy(larger, array, used) : larger;
}

void arena_clear(struct arena *a)
{
	struct arena_chunk *keep = a->chunks;
	if (keep == NULL)
		return;
	while (keep->next != NULL) {
		struct arena_chunk *old = keep->next;
		keep->next = old->next;
		a->total -= sizeof *old + old->size;
		free(old);
	}
	a->at = (char *)keep->bytes;
	a->end = a->at + keep->size;
}

void arena_free(struct arena *a)
{
	while (a->chunks != NULL) {
		struct arena_chunk *chunk = a->chunks;
		a->chunks = chunk->next;
		free(chunk);
	}
	*a = (struct arena){ 0 };
}
