/*
 * memory - allocation that never answers NULL.
 *
 * Every entrance of the program has a hard limit, so running out of memory is not
 * a case that callers can mend: the process ends with one line on stderr.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t size);               /* zeroed; free() it */
void *memory_resize(void *old, size_t size); /* as realloc */

/*
 * Makes room for one more element in a growing array: `*capacity` is doubled when
 * `count` has reached it. Gives the array, which may have moved.
 */
void *memory_grow(void *array, size_t count, size_t *capacity, size_t element_size);

/*
 * Gives back what only the start needed: free heap, and the pages of code and constants that
 * were touched on the way. Those that are needed again come back from the page cache by
 * themselves. For a server that is about to wait for days.
 */
void memory_settle(void);

#endif
