/*
 * eight - eight bytes of text looked at in one step.
 *
 * Most text is plain; loops that look for what is not can skip eight plain bytes at a time
 * and leave the exact place to a loop by bytes. Answers are masks: not zero means that some
 * byte may match (a byte above a match can be reported wrongly), zero that none does.
 *
 *	while (i + 8 <= s.len && eight_below(eight_load(s.at + i), ' ') == 0)
 *		i += 8;
 */
#ifndef BASE_EIGHT_H
#define BASE_EIGHT_H

#include <stdint.h>
#include <string.h>

#define EIGHT_EACH(byte) ((uint64_t)(unsigned char)(byte)*0x0101010101010101u)
#define EIGHT_HIGH       0x8080808080808080u

static inline uint64_t eight_load(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

/* Bytes below `limit`, which is at most 128. */
static inline uint64_t eight_below(uint64_t word, unsigned char limit)
{
	return (word - EIGHT_EACH(limit)) & ~word & EIGHT_HIGH;
}

static inline uint64_t eight_equal(uint64_t word, char byte)
{
	return eight_below(word ^ EIGHT_EACH(byte), 1);
}

/* Bytes beyond ASCII. */
static inline uint64_t eight_beyond(uint64_t word)
{
	return word & EIGHT_HIGH;
}

#endif
