#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *require(void *memory)
{
	if (memory == NULL) {
		fputs("perigee: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *memory_new(size_t size)
{
	return require(calloc(1, size ? size : 1));
}

void *memory_resize(void *old, size_t size)
{
	return require(realloc(old, size ? size : 1));
}

void *memory_grow(void *array, size_t count, size_t *capacity, size_t element_size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 8;
	return require(reallocarray(array, *capacity, element_size));
}
