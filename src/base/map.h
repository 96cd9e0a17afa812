/*
 * map - from text to a number, usually an index into an array.
 *
 * Keys are borrowed: they must outlive the map (an arena's do). No removal.
 *
 *	struct map slugs = { 0 };
 *	map_put(&slugs, post->slug, i);
 *	uint32_t i = map_get(&slugs, wanted);        // MAP_NONE when absent
 *	map_free(&slugs);
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

#define MAP_NONE UINT32_MAX

struct map_slot {
	const char *key; /* NULL = free */
	uint32_t len, hash, value;
};

struct map {
	struct map_slot *slots;
	size_t capacity, count; /* capacity is a power of two, or 0 */
};

uint32_t map_get(const struct map *, struct str key);

/* Gives the value that the key had before (and keeps it), or MAP_NONE when it is new. */
uint32_t map_put(struct map *, struct str key, uint32_t value);

void map_set(struct map *, struct str key, uint32_t value); /* overwrites */
void map_free(struct map *);

#endif
