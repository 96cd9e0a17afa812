/*
 * buf - text that grows. Whoever declares one frees it.
 *
 *	struct buf out = { 0 };
 *	buf_add(&out, STR("20 text/gemini\r\n"));
 *	buf_format(&out, "%zu posts\n", nposts);
 *	send_all(buf_str(&out));
 *	buf_free(&out);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *at;
	size_t len, capacity;
};

void buf_grow(struct buf *, size_t more); /* what buf_reserve() does without room */
void buf_format(struct buf *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_add_number(struct buf *, uint64_t);
void buf_free(struct buf *); /* and empty: the buf can be used again */

/* Room for `more` bytes behind len. */
static inline void buf_reserve(struct buf *b, size_t more)
{
	if (b->capacity - b->len < more)
		buf_grow(b, more);
}

static inline void buf_add_char(struct buf *b, char c)
{
	buf_reserve(b, 1);
	b->at[b->len++] = c;
}

static inline void buf_add(struct buf *b, struct str s)
{
	buf_reserve(b, s.len);
	if (s.len > 0)
		memcpy(b->at + b->len, s.at, s.len);
	b->len += s.len;
}

void buf_add_times(struct buf *, struct str text, size_t n); /* buf_repeat() of what is not none */

/* `text` n times; for indentation and rules. */
static inline void buf_repeat(struct buf *b, struct str text, size_t n)
{
	if (n > 0)
		buf_add_times(b, text, n);
}

/* Most often a few: sixteen a step. */
static inline void buf_add_blanks(struct buf *b, size_t n)
{
	static const char blanks[16] = "                ";
	buf_reserve(b, n + sizeof blanks);
	for (size_t i = 0; i < n; i += sizeof blanks)
		memcpy(b->at + b->len + i, blanks, sizeof blanks);
	b->len += n;
}

static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}

/* What has been written so far; valid until the next change of the buf. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->at ? b->at : "", b->len };
}

/* The text as a C string; the NUL is not counted in len. */
const char *buf_c(struct buf *);

#endif
