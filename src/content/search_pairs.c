#include "content/search_pairs.h"

#include <string.h>

#include "content/search_index.h"

/* A row of the table: the bits of a group of names for a block of posts. */
#define GROUP_NAMES 16 /* seven such rows fill a page */
#define NGROUPS     (PAIR_NAMES / GROUP_NAMES)
#define BLOCK_POSTS 256
#define BLOCK_BYTES (BLOCK_POSTS / 8)
#define MOST_BLOCKS ((int64_t)1 << 24)

/* Pairs of a question that are looked up: these leave hardly any post that lacks the phrase. */
#define FIND_NAMES 12

struct bits {
	uint8_t of[GROUP_NAMES][BLOCK_BYTES];
};

static void add_pair(struct pair_set *set, uint64_t first, uint64_t second)
{
	uint64_t name = (first * 31 + second) % PAIR_NAMES;
	set->names[name / 64] |= (uint64_t)1 << name % 64;
}

void pair_set_begin(struct pair_set *set)
{
	set->before.count = set->here.count = 0;
}

void pair_set_add(struct pair_set *set, struct str token, bool same_place)
{
	uint64_t hash = str_hash(token) >> 32; /* the low bits of a product say least */
	if (!same_place) {
		set->before = set->here;
		set->here.count = 0;
	}
	if (set->here.count < sizeof set->here.tokens / sizeof *set->here.tokens)
		set->here.tokens[set->here.count++] = hash;
	for (size_t i = 0; i < set->before.count; i++)
		add_pair(set, set->before.tokens[i], hash);
}

/* --- writing --- */

static bool add_bits(struct bits *bits, const struct pair_row *row, size_t group)
{
	uint64_t names = row->set.names[group * GROUP_NAMES / 64] >> group * GROUP_NAMES % 64;
	size_t post = (size_t)(row->id % BLOCK_POSTS);
	for (size_t i = 0; i < GROUP_NAMES; i++)
		if (names >> i & 1)
			bits->of[i][post / 8] |= (uint8_t)(1u << post % 8);
	return (names & (((uint64_t)1 << GROUP_NAMES) - 1)) != 0;
}

static void add_known(struct bits *bits, const void *known, int size)
{
	if (size != (int)sizeof *bits)
		return;
	const struct bits *old = known;
	for (size_t i = 0; i < GROUP_NAMES; i++)
		for (size_t k = 0; k < BLOCK_BYTES; k++)
			bits->of[i][k] |= old->of[i][k];
}

/* Rows of one block. */
static bool write_block(struct search *s, sqlite3_stmt *read, sqlite3_stmt *write,
			const struct pair_row *rows, size_t nrows)
{
	bool done = true;
	for (size_t group = 0; group < NGROUPS && done; group++) {
		struct bits bits = { 0 };
		bool any = false;
		for (size_t i = 0; i < nrows; i++)
			any = add_bits(&bits, &rows[i], group) || any;
		if (!any)
			continue;
		int64_t place = (int64_t)group * MOST_BLOCKS + rows->id / BLOCK_POSTS;
		sqlite3_bind_int64(read, 1, place);
		if (index_next(s, read))
			add_known(&bits, sqlite3_column_blob(read, 0),
				  sqlite3_column_bytes(read, 0));
		sqlite3_reset(read);
		sqlite3_bind_int64(write, 1, place);
		sqlite3_bind_blob(write, 2, &bits, sizeof bits, SQLITE_STATIC);
		done = index_execute(s, write);
	}
	return done;
}

bool search_pairs_write(struct search *s, const struct pair_row *rows, size_t nrows)
{
	sqlite3_stmt *read = index_prepare(s, s->writer, "SELECT bits FROM pairs WHERE place = ?1");
	sqlite3_stmt *write = index_prepare(
	    s, s->writer, "INSERT OR REPLACE INTO pairs (place, bits) VALUES (?1, ?2)");
	bool done = true;
	for (size_t i = 0, n; i < nrows && done; i += n) {
		for (n = 1; i + n < nrows; n++)
			if (rows[i + n].id / BLOCK_POSTS != rows[i].id / BLOCK_POSTS)
				break;
		done = write_block(s, read, write, rows + i, n);
	}
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	return done;
}

/* --- finding --- */

/* Leaves those of the posts that have the name. */
static void narrow(struct search *s, sqlite3_stmt *read, size_t name, uint8_t *posts,
		   size_t nblocks)
{
	int64_t first = (int64_t)(name / GROUP_NAMES) * MOST_BLOCKS;
	size_t next = 0; /* block */
	sqlite3_reset(read);
	sqlite3_bind_int64(read, 1, first);
	sqlite3_bind_int64(read, 2, first + (int64_t)nblocks - 1);
	while (index_next(s, read)) {
		size_t block = (size_t)(sqlite3_column_int64(read, 0) - first);
		const struct bits *bits = sqlite3_column_blob(read, 1);
		if (sqlite3_column_bytes(read, 1) != (int)sizeof *bits)
			continue;
		memset(posts + next * BLOCK_BYTES, 0, (block - next) * BLOCK_BYTES);
		for (size_t k = 0; k < BLOCK_BYTES; k++)
			posts[block * BLOCK_BYTES + k] &= bits->of[name % GROUP_NAMES][k];
		next = block + 1;
	}
	memset(posts + next * BLOCK_BYTES, 0, (nblocks - next) * BLOCK_BYTES);
}

struct pair_rows search_pairs_find(struct search *s, const struct pair_set *set,
				   struct arena *arena)
{
	size_t nblocks = s->nposts / BLOCK_POSTS + 1, nnames = 0;
	uint8_t *posts = NULL;
	sqlite3_stmt *read = NULL;
	for (size_t name = 0; name < PAIR_NAMES && nnames < FIND_NAMES; name++) {
		if ((set->names[name / 64] >> name % 64 & 1) == 0)
			continue;
		if (nnames++ == 0) {
			posts = ARENA_ARRAY(arena, uint8_t, nblocks * BLOCK_BYTES);
			memset(posts, 0xff, nblocks * BLOCK_BYTES);
			read = index_prepare(
			    s, s->reader,
			    "SELECT place, bits FROM pairs WHERE place BETWEEN ?1 AND ?2");
		}
		narrow(s, read, name, posts, nblocks);
	}
	sqlite3_finalize(read);
	return (struct pair_rows){ posts, nblocks * BLOCK_POSTS };
}
