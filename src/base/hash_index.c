#include "base/hash_index.h"

#include <stdlib.h>

#include "base/memory.h"

static void insert(struct hash_index *index, uint32_t hash, uint32_t number)
{
	size_t mask = index->capacity - 1, i = hash & mask;
	while (index->slots[i].number != HASH_INDEX_NONE)
		i = (i + 1) & mask;
	index->slots[i] = (struct hash_index_slot){ hash, number };
}

static void resize(struct hash_index *index, size_t capacity)
{
	struct hash_index old = *index;
	index->capacity = capacity;
	index->slots = memory_resize(NULL, capacity * sizeof *index->slots);
	memset(index->slots, 0xff, capacity * sizeof *index->slots);
	/* From a free slot onwards, so that entries of one hash keep their order. */
	size_t start = 0;
	while (start < old.capacity && old.slots[start].number != HASH_INDEX_NONE)
		start++;
	for (size_t i = 0; i < old.capacity; i++) {
		const struct hash_index_slot *slot = &old.slots[(start + i) & (old.capacity - 1)];
		if (slot->number != HASH_INDEX_NONE)
			insert(index, slot->hash, slot->number);
	}
	free(old.slots);
}

void hash_index_reserve(struct hash_index *index, size_t count)
{
	size_t capacity = index->capacity ? index->capacity : 16;
	while (capacity * 3 < count * 4)
		capacity *= 2;
	if (capacity > index->capacity)
		resize(index, capacity);
}

void hash_index_add(struct hash_index *index, uint32_t hash, uint32_t number)
{
	hash_index_reserve(index, index->count + 1);
	insert(index, hash, number);
	index->count++;
}

void hash_index_free(struct hash_index *index)
{
	free(index->slots);
	*index = (struct hash_index){ 0 };
}

uint32_t hash_index_next(const struct hash_index *index, uint32_t hash, size_t *at)
{
	if (index->count == 0)
		return HASH_INDEX_NONE;
	size_t mask = index->capacity - 1;
	for (size_t i = hash + *at;; i++) {
		const struct hash_index_slot *slot = &index->slots[i & mask];
		if (slot->number == HASH_INDEX_NONE)
			return HASH_INDEX_NONE;
		++*at;
		if (slot->hash == hash)
			return slot->number;
	}
}
