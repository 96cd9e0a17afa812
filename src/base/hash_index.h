/*
 * hash_index - from hashes to numbers, for keys that stand somewhere else already.
 *
 * Eight bytes an entry: it keeps neither key nor text, so whoever asks verifies each number that
 * is offered against the thing it stands for.
 *
 *	struct hash_index slugs = { 0 };
 *	hash_index_add(&slugs, hash_index_hash(post->slug), i);
 *	size_t at = 0;
 *	while ((i = hash_index_next(&slugs, hash_index_hash(wanted), &at)) != HASH_INDEX_NONE)
 *		if (str_equal(posts[i].slug, wanted))
 *			return &posts[i];
 */
#ifndef BASE_HASH_INDEX_H
#define BASE_HASH_INDEX_H

#include "base/str.h"

#define HASH_INDEX_NONE UINT32_MAX

struct hash_index_slot {
	uint32_t hash, number; /* HASH_INDEX_NONE = free */
};

struct hash_index {
	struct hash_index_slot *slots;
	size_t capacity, count; /* capacity is a power of two, or 0 */
};

/* Makes room for `count` entries in all, so that adding them does not grow it again. */
void hash_index_reserve(struct hash_index *, size_t count);
void hash_index_add(struct hash_index *, uint32_t hash, uint32_t number);
void hash_index_free(struct hash_index *);

static inline uint32_t hash_index_hash(struct str key)
{
	return (uint32_t)str_hash(key);
}

/*
 * The next number with this hash, in the order in which they were added, or HASH_INDEX_NONE. `*at`
 * is 0 before the first call and belongs to the walk.
 */
uint32_t hash_index_next(const struct hash_index *, uint32_t hash, size_t *at);

#endif
