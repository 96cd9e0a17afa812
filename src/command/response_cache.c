#include "command/response_cache.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

/* One page must not push out all others. */
#define LARGEST_SHARE 8

struct reply *reply_new(void)
{
	struct reply *reply = memory_new(sizeof(*reply));
	reply->references = 1;
	return reply;
}

void reply_release(struct reply *reply)
{
	assert(reply->references > 0);
	if (--reply->references > 0)
		return;
	buf_free(&reply->bytes);
	buf_free(&reply->key);
	free(reply);
}

static size_t reply_cost(const struct reply *reply)
{
	return sizeof(*reply) + reply->bytes.capacity + reply->key.capacity;
}

static uint64_t reply_hash(unsigned place, struct str line)
{
	return str_hash(line) ^ (place * UINT64_C(0x9e3779b97f4a7c15));
}

static struct reply **bucket_of(struct response_cache *cache, uint64_t hash)
{
	return &cache->buckets[hash % RESPONSE_CACHE_BUCKETS];
}

static void unlink_age(struct response_cache *cache, struct reply *reply)
{
	*(reply->newer != NULL ? &reply->newer->older : &cache->newest) = reply->older;
	*(reply->older != NULL ? &reply->older->newer : &cache->oldest) = reply->newer;
}

static void link_newest(struct response_cache *cache, struct reply *reply)
{
	reply->newer = NULL;
	reply->older = cache->newest;
	*(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = reply;
	cache->newest = reply;
}

static void forget(struct response_cache *cache, struct reply *reply)
{
	struct reply **place = bucket_of(cache, reply->hash);
	while (*place != reply)
		place = &(*place)->bucket_next;
	*place = reply->bucket_next;
	unlink_age(cache, reply);
	cache->used -= reply_cost(reply);
	reply_release(reply);
}

struct reply *response_cache_find(struct response_cache *cache, unsigned place, struct str line)
{
	uint64_t hash = reply_hash(place, line);
	for (struct reply *reply = *bucket_of(cache, hash); reply != NULL;
	     reply = reply->bucket_next) {
		if (reply->hash != hash || reply->place != place ||
		    !str_equal(buf_str(&reply->key), line))
			continue;
		if (cache->newest != reply) {
			unlink_age(cache, reply);
			link_newest(cache, reply);
		}
		reply->references++;
		return reply;
	}
	return NULL;
}

/* Growing has left room behind the text that a kept reply would hold for long. */
static void trim(struct buf *buf)
{
	if (buf->capacity > buf->len && buf->len > 0) {
		buf->at = memory_resize(buf->at, buf->len);
		buf->capacity = buf->len;
	}
}

void response_cache_keep(struct response_cache *cache, unsigned place, struct str line,
			 struct reply *reply)
{
	if (reply->bytes.len + line.len + sizeof(*reply) > cache->budget / LARGEST_SHARE)
		return;
	reply->place = place;
	reply->hash = reply_hash(place, line);
	buf_add(&reply->key, line);
	trim(&reply->key);
	trim(&reply->bytes);
	struct reply **bucket = bucket_of(cache, reply->hash);
	reply->bucket_next = *bucket;
	*bucket = reply;
	link_newest(cache, reply);
	reply->references++;
	cache->used += reply_cost(reply);
	while (cache->used > cache->budget)
		forget(cache, cache->oldest);
}

void response_cache_clear(struct response_cache *cache)
{
	while (cache->oldest != NULL)
		forget(cache, cache->oldest);
}
