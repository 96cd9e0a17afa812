#include <stdlib.h>

#include "base/memory.h"
#include "content/catalogue.h"

/*
 * What one answer may look at: of a keyword that everybody uses, the posts next to this one in
 * time. A common keyword says little, and a page must not cost the whole catalogue.
 */
#define MOST_MEMBERS 256

struct candidate {
	uint32_t index;
	uint64_t score;
};

struct candidates {
	struct candidate *at;
	size_t count, capacity;
};

static void add(struct candidates *list, uint32_t index, uint64_t score)
{
	list->at = memory_grow(list->at, list->count, &list->capacity, sizeof *list->at);
	list->at[list->count++] = (struct candidate){ index, score };
}

static int by_index(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

/* Best first; of equals the one with the smaller index: newer posts, earlier keywords. */
static int by_score(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return by_index(a, b);
}

/* Adds up what was noted of each index and gives the best; empties the list. */
static unsigned take_best(struct candidates *list, unsigned most, uint32_t *found)
{
	size_t n = 0;
	unsigned taken = 0;
	if (list->count > 0)
		qsort(list->at, list->count, sizeof *list->at, by_index);
	for (size_t i = 0; i < list->count; i++) {
		if (n > 0 && list->at[n - 1].index == list->at[i].index)
			list->at[n - 1].score += list->at[i].score;
		else
			list->at[n++] = list->at[i];
	}
	if (n > 0)
		qsort(list->at, n, sizeof *list->at, by_score);
	while (taken < most && taken < n) {
		found[taken] = list->at[taken].index;
		taken++;
	}
	free(list->at);
	return taken;
}

/* The members around `self`, which is one of them; members rise. */
static void window(const uint32_t *members, uint32_t count, uint32_t self, uint32_t *first,
		   uint32_t *end)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (members[middle] < self)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low > MOST_MEMBERS / 2 ? low - MOST_MEMBERS / 2 : 0;
	*end = count - *first > MOST_MEMBERS ? *first + MOST_MEMBERS : count;
}

unsigned catalogue_related(const struct catalogue *c, const struct post *post, unsigned most,
			   uint32_t *found)
{
	struct candidates list = { 0 };
	uint32_t self = (uint32_t)(post - c->posts);
	for (uint32_t k = 0; k < post->nkeywords; k++) {
		const struct group *keyword =
		    &c->keywords[c->post_keywords[post->first_keyword + k]];
		const uint32_t *members = c->members + keyword->first_member;
		uint32_t first, end;
		window(members, keyword->nmembers, self, &first, &end);
		for (uint32_t i = first; i < end; i++) {
			const struct post *other = &c->posts[members[i]];
			bool same_series =
			    post->series != NO_INDEX && other->series == post->series;
			if (members[i] != self && !same_series)
				add(&list, members[i], (1u << 30) / keyword->nmembers);
		}
	}
	return take_best(&list, most, found);
}

unsigned catalogue_neighbours(const struct catalogue *c, const struct group *keyword, unsigned most,
			      uint32_t *found)
{
	struct candidates list = { 0 };
	uint32_t self = (uint32_t)(keyword - c->keywords);
	for (uint32_t i = 0; i < keyword->nmembers && i < MOST_MEMBERS; i++) {
		const struct post *post = &c->posts[c->members[keyword->first_member + i]];
		for (uint32_t k = 0; k < post->nkeywords; k++) {
			uint32_t other = c->post_keywords[post->first_keyword + k];
			if (other != self)
				add(&list, other, 1);
		}
	}
	return take_best(&list, most, found);
}
