#include "content/folder_set.h"

#include <stdlib.h>

#include "base/memory.h"
#include "content/scan.h"

/* A folder has one hash; one of whose inside nothing is known has a second. */
static uint32_t hash_of(bool in_pages, struct str path, bool unknown)
{
	return (uint32_t)str_hash(path) << 2 | (uint32_t)in_pages << 1 | unknown;
}

static void add(struct folder_set *set, uint32_t hash)
{
	set->hashes = memory_grow(set->hashes, set->count, &set->capacity, sizeof *set->hashes);
	set->hashes[set->count++] = hash;
}

void folder_set_add(struct folder_set *set, bool in_pages, struct str path, bool listed)
{
	add(set, hash_of(in_pages, path, false));
	if (!listed)
		add(set, hash_of(in_pages, path, true));
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

void folder_set_sort(struct folder_set *set)
{
	size_t kept = 0;
	if (set->count > 0)
		qsort(set->hashes, set->count, sizeof *set->hashes, by_value);
	for (size_t i = 0; i < set->count; i++)
		if (kept == 0 || set->hashes[i] != set->hashes[kept - 1])
			set->hashes[kept++] = set->hashes[i];
	set->count = kept;
}

void folder_set_copy(const struct folder_set *from, struct folder_set *to)
{
	if (from->count == 0)
		return;
	to->count = to->capacity = from->count;
	to->hashes = memory_resize(NULL, from->count * sizeof *to->hashes);
	memcpy(to->hashes, from->hashes, from->count * sizeof *to->hashes);
}

void folder_set_free(struct folder_set *set)
{
	free(set->hashes);
	*set = (struct folder_set){ 0 };
}

bool folder_set_equal(const struct folder_set *a, const struct folder_set *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(a->hashes, b->hashes, a->count * sizeof *a->hashes) == 0);
}

static bool has(const struct folder_set *set, uint32_t hash)
{
	return bsearch(&hash, set->hashes, set->count, sizeof hash, by_value) != NULL;
}

bool folder_set_may_hold(const struct folder_set *set, bool in_pages, struct str path)
{
	if (set->count == 0)
		return true;
	for (size_t end = 0, next;; end = next) {
		struct str folder = str_sub(path, 0, end);
		if (!has(set, hash_of(in_pages, folder, false)))
			return false;
		if (has(set, hash_of(in_pages, folder, true)))
			return true;
		size_t start = end > 0 ? end + 1 : 0;
		next = str_find(path, '/', start);
		if (next == STR_NOT_FOUND)
			return true;
		if (!scan_wants_folder(str_sub(path, start, next)))
			return true;
	}
}
