/*
 * bytes - looks at eight bytes at once: prose is mostly letters, and few bytes mean anything.
 *
 *	uint64_t eight = bytes_load(text.at + i);
 *	if (!(bytes_equal(eight, '$') | bytes_below(eight, 0x20)))
 *		i += 8;
 */
#ifndef DOCUMENT_BYTES_H
#define DOCUMENT_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BYTES_ONES UINT64_C(0x0101010101010101)
#define BYTES_HIGH UINT64_C(0x8080808080808080)

static inline uint64_t bytes_load(const char *at)
{
	uint64_t eight;
	memcpy(&eight, at, sizeof eight);
	return eight;
}

/* Not 0 when one of the eight is `c`. */
static inline uint64_t bytes_equal(uint64_t eight, unsigned char c)
{
	uint64_t difference = eight ^ (BYTES_ONES * c);
	return (difference - BYTES_ONES) & ~difference & BYTES_HIGH;
}

/* Not 0 when one of the eight is below `c`, which is at most 0x80. */
static inline uint64_t bytes_below(uint64_t eight, unsigned char c)
{
	return (eight - BYTES_ONES * c) & ~eight & BYTES_HIGH;
}

#endif
