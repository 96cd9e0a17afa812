#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void buf_grow(struct buf *b, size_t more)
{
	size_t capacity = b->capacity ? b->capacity : 256;
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

void buf_add_number(struct buf *b, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	buf_add(b, (struct str){ digits + at, sizeof digits - at });
}

void buf_free(struct buf *b)
{
	free(b->at);
	*b = (struct buf){ 0 };
}

void buf_add_times(struct buf *b, struct str text, size_t n)
{
	buf_reserve(b, text.len * n);
	if (text.len == 1) {
		memset(b->at + b->len, text.at[0], n);
		b->len += n;
		return;
	}
	while (n-- > 0)
		buf_add(b, text);
}

const char *buf_c(struct buf *b)
{
	buf_reserve(b, 1);
	b->at[b->len] = '\0';
	return b->at;
}
