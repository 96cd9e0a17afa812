#include "net/limits.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include "base/memory.h"
#include "net/address.h"

enum {
	/*
	 * A refusal costs a handshake, so that only so many are given: this many at once and
	 * this many a second. More clients than that are closed unanswered.
	 */
	REFUSALS_AT_ONCE = 64,
	REFUSALS_PER_SECOND = 64,
	DESCRIPTOR_RESERVE = 32,
	DESCRIPTORS_LOOKED_AT = 256, /* before it serves, a process has few */
	FIRST_SLOTS = 64,
};

/* How many connections an address has. Linear probing; count 0 = free slot. */
struct slot {
	uint64_t key; /* see address_key() */
	unsigned count;
};

struct limits {
	struct limits_settings settings;
	unsigned descriptors; /* connections that they allow */
	atomic_uint sockets;  /* of all verdicts but LIMITS_DROP */

	pthread_mutex_t lock; /* for all that follows */
	unsigned served, refused;
	unsigned refusals_left; /* in this second */
	time_t second;
	struct slot *slots;
	size_t nslots, used; /* nslots is a power of two */
	uint64_t seed;       /* so that nobody can choose addresses that collide */
};

/* Asked one by one: /proc may be out of reach in a sandbox. */
static unsigned open_descriptors(void)
{
	unsigned n = 0;
	for (int fd = 0; fd < DESCRIPTORS_LOOKED_AT; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static unsigned descriptors_for_connections(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	if (limit.rlim_cur != limit.rlim_max) {
		struct rlimit raised = { limit.rlim_max, limit.rlim_max };
		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	if (limit.rlim_cur > UINT32_MAX / 2)
		return UINT32_MAX / 2;
	unsigned all = (unsigned)limit.rlim_cur, kept = open_descriptors();
	kept += all / 4 < DESCRIPTOR_RESERVE ? all / 4 : DESCRIPTOR_RESERVE;
	return all > kept + 1 ? all - kept : 1;
}

struct limits *limits_new(const struct limits_settings *settings)
{
	struct limits *limits = memory_new(sizeof *limits);
	limits->settings = *settings;
	limits->descriptors = descriptors_for_connections();
	pthread_mutex_init(&limits->lock, NULL);
	limits->nslots = FIRST_SLOTS;
	limits->slots = memory_new(limits->nslots * sizeof *limits->slots);
	if (getrandom(&limits->seed, sizeof limits->seed, 0) != (ssize_t)sizeof limits->seed)
		limits->seed = (uint64_t)time(NULL) * 0x9e3779b97f4a7c15u;
	return limits;
}

void limits_free(struct limits *limits)
{
	if (limits == NULL)
		return;
	pthread_mutex_destroy(&limits->lock);
	free(limits->slots);
	free(limits);
}

/* An IPv4 address, or the first 64 bits of an IPv6 one: what one client usually holds. */
static uint64_t address_key(const struct address *address)
{
	uint64_t key = 0;
	if (address->any.sa_family == AF_INET6) {
		memcpy(&key, address->ipv6.sin6_addr.s6_addr, sizeof key);
		return key;
	}
	memcpy(&key, &address->ipv4.sin_addr, sizeof address->ipv4.sin_addr);
	return key ^ 0x00ffff0000000000u; /* never equal to a prefix that is in use */
}

static size_t home_slot(const struct limits *limits, uint64_t key)
{
	key = (key ^ limits->seed) * 0xff51afd7ed558ccdu;
	key = (key ^ (key >> 32)) * 0xc4ceb9fe1a85ec53u;
	return (size_t)(key >> 20) & (limits->nslots - 1);
}

/* The slot of the key, or the free one where it belongs. */
static struct slot *find_slot(struct limits *limits, uint64_t key)
{
	size_t i = home_slot(limits, key);
	while (limits->slots[i].count > 0 && limits->slots[i].key != key)
		i = (i + 1) & (limits->nslots - 1);
	return &limits->slots[i];
}

static void grow(struct limits *limits)
{
	struct slot *old = limits->slots;
	size_t nold = limits->nslots;
	limits->nslots *= 2;
	limits->slots = memory_new(limits->nslots * sizeof *limits->slots);
	for (size_t i = 0; i < nold; i++) {
		if (old[i].count > 0)
			*find_slot(limits, old[i].key) = old[i];
	}
	free(old);
}

/* Closes the gap: entries behind it move up unless they are before their home then. */
static void empty_slot(struct limits *limits, struct slot *slot)
{
	size_t mask = limits->nslots - 1, gap = (size_t)(slot - limits->slots);
	limits->slots[gap].count = 0;
	limits->used--;
	for (size_t i = (gap + 1) & mask; limits->slots[i].count > 0; i = (i + 1) & mask) {
		size_t home = home_slot(limits, limits->slots[i].key);
		if (((i - home) & mask) < ((i - gap) & mask))
			continue;
		limits->slots[gap] = limits->slots[i];
		limits->slots[i].count = 0;
		gap = i;
	}
}

static bool reached(unsigned count, unsigned limit)
{
	return limit > 0 && count >= limit;
}

/* One refusal if there is one left in this second. */
static bool may_refuse(struct limits *limits)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (now.tv_sec != limits->second) {
		limits->second = now.tv_sec;
		limits->refusals_left = REFUSALS_PER_SECOND;
	}
	if (limits->refused >= REFUSALS_AT_ONCE || limits->refusals_left == 0)
		return false;
	limits->refusals_left--;
	limits->refused++;
	return true;
}

bool limits_room(struct limits *limits)
{
	return atomic_load_explicit(&limits->sockets, memory_order_relaxed) < limits->descriptors;
}

static enum limits_verdict judge(struct limits *limits, uint64_t key)
{
	if (reached(limits->served, limits->settings.connections))
		return may_refuse(limits) ? LIMITS_BUSY : LIMITS_DROP;
	if (limits->settings.per_address > 0) {
		struct slot *slot = find_slot(limits, key);
		if (reached(slot->count, limits->settings.per_address))
			return may_refuse(limits) ? LIMITS_SLOW_DOWN : LIMITS_DROP;
		if (slot->count++ == 0) {
			slot->key = key;
			if (++limits->used * 4 > limits->nslots * 3)
				grow(limits);
		}
	}
	limits->served++;
	return LIMITS_SERVE;
}

enum limits_verdict limits_admit(struct limits *limits, const struct address *address)
{
	pthread_mutex_lock(&limits->lock);
	enum limits_verdict verdict = judge(limits, address_key(address));
	pthread_mutex_unlock(&limits->lock);
	if (verdict != LIMITS_DROP)
		atomic_fetch_add_explicit(&limits->sockets, 1, memory_order_relaxed);
	return verdict;
}

void limits_leave(struct limits *limits, const struct address *address, enum limits_verdict verdict)
{
	if (verdict == LIMITS_DROP)
		return;
	pthread_mutex_lock(&limits->lock);
	if (verdict == LIMITS_SERVE) {
		limits->served--;
		struct slot *slot = find_slot(limits, address_key(address));
		if (slot->count > 0 && --slot->count == 0)
			empty_slot(limits, slot);
	} else {
		limits->refused--;
	}
	pthread_mutex_unlock(&limits->lock);
	atomic_fetch_sub_explicit(&limits->sockets, 1, memory_order_relaxed);
}
