/*
 * search_pairs - which words stand side by side in a post.
 *
 * A phrase of common words has its words in nearly every post: to know that they follow one
 * another in none, all their places would have to be compared. So the index holds a set of each
 * post's pairs of neighbours. There are PAIR_NAMES names for them, by hash: that a post has the
 * name of a pair does not say that it has the pair, but most posts need no longer be looked at.
 *
 * The sets lie in the table `pairs` by name: what a question reads of one is a bit for each post.
 *
 *	struct pair_set set = { 0 };
 *	pair_set_begin(&set);                     // of each text
 *	pair_set_add(&set, STR("river"), false);  // its words in order
 *	pair_set_add(&set, STR("bank"), false);
 */
#ifndef CONTENT_SEARCH_PAIRS_H
#define CONTENT_SEARCH_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct search;

/* A post of a thousand words has every fifth: more would be more to keep than is saved by it. */
#define PAIR_NAMES 4096

/* Tokens at one place: a word, and at most one other form of it. */
struct pair_place {
	uint64_t tokens[2];
	size_t count;
};

struct pair_set {
	uint64_t names[PAIR_NAMES / 64]; /* a bit each */
	struct pair_place before, here;
};

/* The next word does not follow the last one. */
void pair_set_begin(struct pair_set *);

/* The next word, or another form of it that stands at the same place. */
void pair_set_add(struct pair_set *, struct str token, bool same_place);

/* A post's row and pairs. */
struct pair_row {
	int64_t id;
	struct pair_set set;
};

/* Adds pairs to what is known of the rows, which is never taken back. Inside a transaction. */
bool search_pairs_write(struct search *, const struct pair_row *rows, size_t nrows);

/* Rows that may hold all pairs of a set. */
struct pair_rows {
	const uint8_t *bits; /* NULL: any row may */
	size_t count;        /* of bits; rows behind them may not */
};

/* Any row when the set is empty. In the arena; for whoever may use the reader. */
struct pair_rows search_pairs_find(struct search *, const struct pair_set *, struct arena *);

static inline bool pair_rows_have(struct pair_rows rows, int64_t id)
{
	return rows.bits == NULL ||
	       (id >= 0 && (size_t)id < rows.count && (rows.bits[id / 8] >> id % 8 & 1) != 0);
}

#endif
