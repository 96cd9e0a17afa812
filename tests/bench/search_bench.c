/*
 * search_bench - what finding posts by words costs, in one process over a folder of Markdown.
 *
 *	search_bench FOLDER [FILE]
 *
 * The index is built in FILE, or in memory. Then questions of every kind are asked in turns: one
 * word, several, a phrase, the beginning of a word, an excluded word, filters, nothing to be found.
 * One line a figure: `NAME NUMBER UNIT`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "content/loader.h"
#include "content/search.h"

#define ROUNDS  40
#define A_PAGE  20
#define SECONDS 1e3 /* milliseconds in one */

static const char *const questions[] = {
	"gopher",
	"network protocol",
	"\"gopher protocol\"",
	"entro",
	"harbour -winter",
	"series:small-proofs theory",
	"keyword:network year:2020",
	"совершенно",
	"小さな通信",
	"straße matrix",
	"nosuchwordanywhere",
	"kernel memory thread compiler language",
};
#define NQUESTIONS (sizeof questions / sizeof *questions)

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * SECONDS + (double)time.tv_nsec / 1e6;
}

static unsigned long resident_kib(void)
{
	unsigned long kib = 0;
	char line[128];
	FILE *status = fopen("/proc/self/status", "r");
	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "VmRSS: %lu", &kib) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return kib;
}

static struct catalogue *load(const char *folder)
{
	struct loader_options options = { .content = str_from(folder), .language = STR("en") };
	struct loader *loader = loader_new(&options);
	struct fault_list faults = { 0 };
	struct arena arena = { 0 };
	struct catalogue *c = loader_load(loader, date_now(), &faults, &arena);
	arena_free(&arena);
	loader_free(loader);
	if (c == NULL) {
		fprintf(stderr, "search_bench: cannot read %s\n", folder);
		exit(2);
	}
	return c;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void ask(struct search *search, const struct catalogue *c)
{
	double times[ROUNDS * NQUESTIONS];
	size_t n = 0;
	unsigned found = 0;
	struct arena arena = { 0 };
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < NQUESTIONS; i++) {
			struct search_result result;
			double start = now();
			search_find(search, c, str_from(questions[i]), 0, A_PAGE, &arena, &result);
			times[n++] = now() - start;
			found += result.nhits > 0;
			arena_clear(&arena);
		}
	}
	qsort(times, n, sizeof *times, by_size);
	printf("answered %.2f of-questions\n", (double)found / (double)n);
	printf("median %.3f ms\np99 %.3f ms\n", times[n / 2], times[n * 99 / 100]);
	arena_free(&arena);
}

int main(int argc, char **argv)
{
	struct fault fault;
	if (argc < 2) {
		fputs("usage: search_bench FOLDER [FILE]\n", stderr);
		return 2;
	}
	struct catalogue *c = load(argv[1]);
	memory_settle();
	unsigned long before = resident_kib();
	struct search *search = search_open(argc > 2 ? str_from(argv[2]) : STR(""), &fault);
	double start = now();
	if (search == NULL || !search_update(search, c, NULL, &fault)) {
		fprintf(stderr, "search_bench: %s\n", fault.text);
		return 1;
	}
	printf("posts %u files\n", c->nposts);
	printf("build %.2f s\n", (now() - start) / SECONDS);
	start = now();
	search_update(search, c, NULL, &fault);
	printf("unchanged %.1f ms\n", now() - start);
	ask(search, c);
	memory_settle();
	printf("memory %.1f MiB\n", ((double)resident_kib() - (double)before) / 1024);
	printf("index %.1f MiB\n", (double)search_bytes(search) / 1048576);
	search_close(search);
	catalogue_release(c);
	return 0;
}
