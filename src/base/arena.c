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
static void add_chunk(struct arena *a, size_t need)
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

/* Room that is neither aligned nor zeroed: for text. */
static char *take(struct arena *a, size_t size)
{
	if ((size_t)(a->end - a->at) < size)
		add_chunk(a, size);
	char *place = a->at;
	a->at += size;
	return place;
}

/* Room aligned for any type, not zeroed. */
static char *take_aligned(struct arena *a, size_t size)
{
	size_t skip = (size_t)(-(uintptr_t)a->at & (_Alignof(max_align_t) - 1));
	if ((size_t)(a->end - a->at) < skip + size) {
		add_chunk(a, size);
		skip = 0;
	}
	char *place = a->at + skip;
	a->at = place + size;
	return place;
}

void *arena_get(struct arena *a, size_t size)
{
	char *place = take_aligned(a, size);
	return size ? memset(place, 0, size) : place;
}

void *arena_room(struct arena *a, size_t size)
{
	return take_aligned(a, size);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *copy = take(a, s.len + 1);
	if (s.len > 0)
		memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return (struct str){ copy, s.len };
}

struct str arena_format(struct arena *a, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(n >= 0);
	char *text = take(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return (struct str){ text, (size_t)n };
}

void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity, size_t element_size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 8;
	size_t used = count * element_size, size = *capacity * element_size;
	char *larger = take_aligned(a, size);
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
