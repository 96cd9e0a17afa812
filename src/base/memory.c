#include "base/memory.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* Only segments that were never writable: whatever was relocated would be lost. */
static int give_back_code(struct dl_phdr_info *object, size_t size, void *page_size)
{
	(void)size;
	uintptr_t mask = *(const uintptr_t *)page_size - 1;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0)
			continue;
		uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~mask;
		uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~mask;
		if (start < end)
			madvise((void *)start, end - start, MADV_DONTNEED);
	}
	return 0;
}

void memory_settle(void)
{
	uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	malloc_trim(0);
	dl_iterate_phdr(give_back_code, &page_size);
}
