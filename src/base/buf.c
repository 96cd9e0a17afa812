#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void buf_reserve(struct buf *b, size_t more)
{
	if (b->capacity - b->len >= more)
		return;
	size_t capacity = b->capacity ? b->capacity : 64;
	while (capacity - b->len < more)
		capacity *= 2;
	b->at = memory_resize(b->at, capacity);
	b->capacity = capacity;
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(b->at ? b->at + b->len : NULL, b->capacity - b->len, format, args);
	va_end(args);
	assert(n >= 0);
	if ((size_t)n >= b->capacity - b->len) {
		buf_reserve(b, (size_t)n + 1);
		vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
	}
	va_end(again);
	b->len += (size_t)n;
}

void buf_free(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ 0 };
}

void buf_repeat(struct buf *b, struct str text, size_t n)
{
	buf_reserve(b, text.len * n);
	while (n-- > 0)
		buf_add(b, text);
}

const char *buf_c(struct buf *b)
{
	buf_reserve(b, 1);
	b->at[b->len] = '\0';
	return b->at;
}
