/*
 * stamp - what is known of many files, for the next start.
 *
 * A large capsule starts without opening its files: each entry bears the identity of the file
 * it was read from, and only files that have another one are read. A stamp that is damaged,
 * foreign, or made with other options is as if it were not there; it can always be made again.
 * The same holds when an entry says what no header comes to: nothing is believed unseen.
 *
 *	struct stamp stamp;
 *	if (stamp_read(&stamp, file, key))
 *		entry = stamp_find(&stamp, in_pages, path, identity);
 *	...
 *	stamp_free(&stamp);
 */
#ifndef CONTENT_STAMP_H
#define CONTENT_STAMP_H

#include "content/catalogue_build.h"

struct stamp {
	struct arena arena;
	struct buf bytes; /* the file; texts of entries point into it */
	struct entry *entries;
	uint32_t count;
	struct hash_index paths;
};

/* `key` stands for the options that entries depend on. Either way stamp_free() it. */
bool stamp_read(struct stamp *, struct str file, uint64_t key);
bool stamp_take(struct stamp *, struct buf bytes, uint64_t key); /* the bytes are its own then */
void stamp_free(struct stamp *);

/* What was known of exactly this file, with what data files said for it (struct post), or NULL. */
const struct entry *stamp_find(const struct stamp *, bool in_pages, struct str path,
			       struct file_identity, uint64_t data);

/* Writes all entries of a catalogue but those whose headers had faults, which are to be told again.
 */
bool stamp_write(const struct catalogue *, struct str file, uint64_t key, struct fault *);
void stamp_print(const struct catalogue *, uint64_t key, struct buf *out); /* what it writes */

/* Makes bytes that begin with a head say of themselves that they are whole. */
void stamp_seal(struct buf *bytes, uint64_t key);

#endif
