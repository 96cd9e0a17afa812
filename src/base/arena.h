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

void *arena_get(struct arena *, size_t size);  /* zeroed, aligned for any type */
void *arena_room(struct arena *, size_t size); /* the same with whatever was there before */
#define ARENA_NEW(arena, type)          ((type *)arena_get((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_get((arena), sizeof(type) * (count)))

struct str arena_str(struct arena *, struct str); /* a copy; a NUL follows it, not counted */
struct str arena_format(struct arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As memory_grow(), new elements are not zeroed; the old place stays behind until the arena goes.
 */
void *arena_grow(struct arena *, void *array, size_t count, size_t *capacity, size_t element_size);

void arena_clear(struct arena *); /* forgets all, keeps one chunk for the next use */
void arena_free(struct arena *);

#endif
