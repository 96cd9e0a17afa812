/*
 * bytes - looks at sixteen bytes at once: prose is mostly letters, and few bytes mean anything.
 *
 *	struct bytes b = bytes_load(text.at + i);
 *	if (!bytes_any((struct bytes){ b.all == '$' }))
 *		i += 16;
 *
 * The vectors are the compilers' own, which become what the machine has.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BYTES_AT_ONCE 16

struct bytes {
	signed char all __attribute__((vector_size(BYTES_AT_ONCE)));
};

static inline struct bytes bytes_load(const char *at)
{
	struct bytes b;
	memcpy(&b, at, sizeof b);
	return b;
}

/* True when one of the sixteen comparisons holds. */
static inline bool bytes_any(struct bytes b)
{
	uint64_t halves[2];
	memcpy(halves, &b, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

/* A bit for each of the sixteen comparisons, that of the first byte the lowest. */
static inline unsigned bytes_bits(struct bytes b)
{
	uint64_t halves[2];
	memcpy(halves, &b, sizeof halves);
	unsigned bits = 0;
	for (unsigned i = 0; i < 2; i++) {
		/* the product moves the lowest bit of byte k to bit 56 + k */
		uint64_t lowest = le64toh(halves[i]) & 0x0101010101010101;
		bits |= (unsigned)(lowest * 0x0102040810204080 >> 56) << i * 8;
	}
	return bits;
}

/* Which of them is the first; one must hold. */
static inline size_t bytes_first(struct bytes b)
{
	uint64_t halves[2];
	memcpy(halves, &b, sizeof halves);
	bool second = halves[0] == 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	int bits = __builtin_ctzll(halves[second]);
#else
	int bits = __builtin_clzll(halves[second]);
#endif
	return (size_t)bits / 8 + (second ? 8 : 0);
}

#endif
