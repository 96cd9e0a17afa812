/*
 * arena - memory that is given back all at once.
 *
 * One arena per catalogue, per document, per request. Nothing inside is freed
 * singly. Allocation is a pointer bump; memory comes zeroed.
 *
 *	struct arena arena = { 0 };
 *	struct post *post = ARENA_NEW(&arena, struct post);
 *	post->title = arena_str(&arena, title);
 *	...
 *	arena_free(&arena);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *at, *end;             /* what is left of the newest */
	size_t total;               /* bytes taken from the heap so far */
};

/* For the functions below: when the newest chunk has no room for `size` bytes, or an array is full.
 */
void arena_add_chunk(struct arena *, size_t size);
void *arena_double(struct arena *, void *array, size_t *capacity, size_t element_size);

/* Aligned for any type; it holds whatever was there before. */
static inline void *arena_room(struct arena *a, size_t size)
{
	size_t skip = (size_t)(-(uintptr_t)a->at & (_Alignof(max_align_t) - 1));
	if ((size_t)(a->end - a->at) < skip + size) {
		arena_add_chunk(a, size);
		skip = 0;
	}
	char *place = a->at + skip;
	a->at = place + size;
	return place;
}

/* The same, zeroed. */
static inline void *arena_get(struct arena *a, size_t size)
{
	void *place = arena_room(a, size);
	return size > 0 ? memset(place, 0, size) : place;
}

#define ARENA_NEW(arena, type)          ((type *)arena_get((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_get((arena), sizeof(type) * (count)))

/* A copy; a NUL follows it, not counted. */
static inline struct str arena_str(struct arena *a, struct str s)
{
	if ((size_t)(a->end - a->at) <= s.len)
		arena_add_chunk(a, s.len + 1);
	char *copy = a->at;
	a->at += s.len + 1;
	if (s.len > 0)
		memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return (struct str){ copy, s.len };
}

struct str arena_format(struct arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As memory_grow(), new elements are not zeroed; the old place stays behind until the arena goes.
 */
static inline void *arena_grow(struct arena *a, void *array, size_t count, size_t *capacity,
			       size_t element_size)
{
	return count < *capacity ? array : arena_double(a, array, capacity, element_size);
}

void arena_clear(struct arena *); /* forgets all, keeps one chunk for the next use */
void arena_free(struct arena *);

#endif
