#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

static struct map_slot *find(const struct map *m, struct str key, uint32_t hash)
{
	size_t mask = m->capacity - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct map_slot *slot = &m->slots[i];
		if (slot->key == NULL)
			return slot;
		if (slot->hash == hash && str_equal((struct str){ slot->key, slot->len }, key))
			return slot;
	}
}

static void grow(struct map *m)
{
	struct map old = *m;
	m->capacity = old.capacity ? old.capacity * 2 : 16;
	m->slots = memory_new(m->capacity * sizeof *m->slots);
	for (size_t i = 0; i < old.capacity; i++) {
		struct map_slot *slot = &old.slots[i];
		if (slot->key != NULL)
			*find(m, (struct str){ slot->key, slot->len }, slot->hash) = *slot;
	}
	free(old.slots);
}

uint32_t map_get(const struct map *m, struct str key)
{
	if (m->count == 0)
		return MAP_NONE;
	const struct map_slot *slot = find(m, key, (uint32_t)str_hash(key));
	return slot->key ? slot->value : MAP_NONE;
}

static struct map_slot *slot_for(struct map *m, struct str key, bool *is_new)
{
	assert(key.len < UINT32_MAX);
	if (m->count * 4 >= m->capacity * 3)
		grow(m);
	uint32_t hash = (uint32_t)str_hash(key);
	struct map_slot *slot = find(m, key, hash);
	*is_new = slot->key == NULL;
	if (*is_new) {
		*slot = (struct map_slot){ key.at ? key.at : "", (uint32_t)key.len, hash, 0 };
		m->count++;
	}
	return slot;
}

uint32_t map_put(struct map *m, struct str key, uint32_t value)
{
	bool is_new;
	struct map_slot *slot = slot_for(m, key, &is_new);
	if (!is_new)
		return slot->value;
	slot->value = value;
	return MAP_NONE;
}

void map_set(struct map *m, struct str key, uint32_t value)
{
	bool is_new;
	slot_for(m, key, &is_new)->value = value;
}

void map_free(struct map *m)
{
	free(m->slots);
	*m = (struct map){ 0 };
}
