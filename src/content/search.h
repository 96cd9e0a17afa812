/*
 * search - posts found by words (SQLite FTS5).
 *
 * One index for a capsule: in memory, or in a cache file that outlives the process. It follows
 * the catalogue: search_update() adds, replaces and removes what differs, in short steps, so that
 * questions asked meanwhile wait a few milliseconds at most and find what is there already.
 *
 *	struct search *search = search_open(STR(""), &fault);         // in memory
 *	search_update(search, catalogue, NULL);
 *	search_find(search, catalogue, STR("eigenv -matrix year:2020"), 0, 20, &arena, &found);
 *	for (size_t i = 0; i < found.nhits; i++)
 *		use(&catalogue->posts[found.hits[i].post], found.hits[i].context);
 *	search_close(search);
 *
 * A question is words, all of which must occur: "quoted phrases", -excluded words, and the last
 * word, from three letters on, also as the beginning of a longer one; `series:NAME`,
 * `keyword:NAME` and `year:2020` narrow it. Case and diacritics do not matter. Scripts without
 * blanks are found by any two neighbouring characters. No text is a wrong question.
 */
#ifndef CONTENT_SEARCH_H
#define CONTENT_SEARCH_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/fault.h"
#include "content/catalogue.h"

struct search;

struct search_hit {
	uint32_t post;      /* in the catalogue's posts[] */
	struct str context; /* one line around the first word found; may be empty */
};

struct search_result {
	/* best first: titles weigh most, then keywords, descriptions, text */
	struct search_hit *hits;
	uint32_t nhits; /* at most what was asked for */
	uint32_t total; /* how many posts match in all; of a common word those that are ranked */
	bool more;      /* and more than these: they are the best of them, and the newest */
	bool cut;       /* looking at all posts would have taken too long: old ones are left out */
	bool unready;   /* words were asked for, and some posts are not in the index yet */
};

/*
 * The index in `cache_file`, or in memory when it is empty. A file that is damaged, foreign or of
 * another version is made anew. NULL and a fault when even that fails.
 */
struct search *search_open(struct str cache_file, struct fault *);
void search_close(struct search *);

/*
 * Makes the index agree with the catalogue. Runs beside questions of other threads; gives up early
 * when `*stop` becomes true (NULL: never). False when the index could not be written (disk
 * full): it then answers from what it has.
 */
bool search_update(struct search *, const struct catalogue *, const atomic_bool *stop,
		   struct fault *);

/*
 * The posts of `catalogue` that match, from the `first` (from 0) on and at most `most`. Hits and
 * contexts live in `arena`. Never fails: what cannot be answered finds nothing.
 */
void search_find(struct search *, const struct catalogue *, struct str question, uint32_t first,
		 uint32_t most, struct arena *, struct search_result *);

/*
 * How much processor time a question has before the oldest posts are left out: a worker that looks
 * for words does nothing else. To be called before the first question; 25 ms else, which is
 * enough for anything that a reader asks of ten thousand posts.
 */
void search_set_patience(struct search *, unsigned milliseconds);

uint32_t search_posts(struct search *); /* how many are in the index */

/* Bytes that the index takes, in memory or in its file. */
uint64_t search_bytes(struct search *);

#endif
