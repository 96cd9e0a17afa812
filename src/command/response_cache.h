/*
 * response_cache - answers ready to be sent, header and body in one piece.
 *
 * Each worker thread has its own, so there are no locks. A reply that is being sent is held by
 * its reference although the cache may have let it go. Keys are request lines as they came: the
 * same bytes get the same answer until the catalogue changes, when all is forgotten.
 *
 *	struct reply *reply = response_cache_find(&cache, place, line);
 *	if (reply == NULL) {
 *		reply = reply_new();
 *		buf_add(&reply->bytes, ...);
 *		response_cache_keep(&cache, place, line, reply);
 *	}
 *	send(reply->bytes);
 *	reply_release(reply);
 */
#ifndef COMMAND_RESPONSE_CACHE_H
#define COMMAND_RESPONSE_CACHE_H

#include "base/buf.h"
#include "base/str.h"

struct reply {
	struct buf bytes;
	unsigned status;  /* for the access log */
	unsigned capsule; /* whose access log */
	unsigned references;

	/* Used by the cache only. */
	unsigned place;
	struct buf key;
	uint64_t hash;
	struct reply *bucket_next, *newer, *older;
};

struct reply *reply_new(void); /* empty, with one reference: the caller's */
void reply_release(struct reply *);

#define RESPONSE_CACHE_BUCKETS 1024

struct response_cache {
	size_t budget, used; /* bytes; a budget of 0 keeps nothing */
	struct reply *buckets[RESPONSE_CACHE_BUCKETS];
	struct reply *newest, *oldest;
};

/*
 * The reply to this line, with a reference for the caller, or NULL. `place` tells apart what the
 * line does not say: the listener, in Gopher.
 */
struct reply *response_cache_find(struct response_cache *, unsigned place, struct str line);

/* Keeps a reply that is not in a cache yet; the oldest ones go until the budget is met. */
void response_cache_keep(struct response_cache *, unsigned place, struct str line, struct reply *);

void response_cache_clear(struct response_cache *);

#endif
