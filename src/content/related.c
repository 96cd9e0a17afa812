#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "content/catalogue.h"

/*
 * What one answer may look at: of a keyword that everybody uses, the posts next to this one in
 * time. A common keyword says little, and a page must not cost the whole catalogue.
 */
#define MOST_MEMBERS 256
#define MOST_FOUND   8

struct candidate {
	uint32_t index;
	uint64_t score; /* 0 = a free slot */
};

/* Sums by index: a table with open addressing, at most half full. */
struct candidates {
	struct candidate *slots;
	size_t mask;
};

static struct candidates room_for(size_t count)
{
	size_t capacity = 16;
	while (capacity < 2 * count)
		capacity *= 2;
	return (struct candidates){ memory_new(capacity * sizeof(struct candidate)), capacity - 1 };
}

static void add(struct candidates *list, uint32_t index, uint64_t score)
{
	size_t at = (index * 0x9e3779b1u) & list->mask;
	while (list->slots[at].score > 0 && list->slots[at].index != index)
		at = (at + 1) & list->mask;
	list->slots[at].index = index;
	list->slots[at].score += score;
}

/* Of equals the one with the smaller index: newer posts, earlier keywords. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
	return a->score != b->score ? a->score > b->score : a->index < b->index;
}

/* Gives the best, best first; `most` is small. Frees the list. */
static unsigned take_best(struct candidates *list, unsigned most, uint32_t *found)
{
	struct candidate best[MOST_FOUND];
	unsigned taken = 0;
	assert(most <= MOST_FOUND);
	for (size_t i = 0; i <= list->mask; i++) {
		const struct candidate *one = &list->slots[i];
		if (one->score == 0 || (taken == most && !is_better(one, &best[most - 1])))
			continue;
		unsigned place = taken < most ? taken++ : most - 1;
		for (; place > 0 && is_better(one, &best[place - 1]); place--)
			best[place] = best[place - 1];
		best[place] = *one;
	}
	for (unsigned i = 0; i < taken; i++)
		found[i] = best[i].index;
	free(list->slots);
	return taken;
}

static uint32_t at_most(uint32_t nmembers)
{
	return nmembers < MOST_MEMBERS ? nmembers : MOST_MEMBERS;
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
	const uint32_t *keywords = c->post_keywords + post->first_keyword;
	uint32_t self = (uint32_t)(post - c->posts);
	size_t noted = 0;
	for (uint32_t k = 0; k < post->nkeywords; k++)
		noted += at_most(c->keywords[keywords[k]].nmembers);
	struct candidates list = room_for(noted);
	for (uint32_t k = 0; k < post->nkeywords; k++) {
		const struct group *keyword = &c->keywords[keywords[k]];
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
	const uint32_t *members = c->members + keyword->first_member;
	uint32_t self = (uint32_t)(keyword - c->keywords), count = at_most(keyword->nmembers);
	size_t noted = 0;
	for (uint32_t i = 0; i < count; i++)
		noted += c->posts[members[i]].nkeywords;
	struct candidates list = room_for(noted);
	for (uint32_t i = 0; i < count; i++) {
		const struct post *post = &c->posts[members[i]];
		for (uint32_t k = 0; k < post->nkeywords; k++) {
			uint32_t other = c->post_keywords[post->first_keyword + k];
			if (other != self)
				add(&list, other, 1);
		}
	}
	return take_best(&list, most, found);
}
