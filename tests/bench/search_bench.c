/*
 * search_bench - what finding posts by words costs, in one process over a folder of Markdown.
 *
 *	search_bench [-v] FOLDER [FILE]
 *
 * The index is built in FILE, or in memory. Then questions of every kind are asked in turns, and
 * for several pages of what they find; `-v` tells what each of them cost. All times are processor
 * times. One line a figure: `NAME NUMBER UNIT`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "content/loader.h"
#include "content/search.h"

#define ROUNDS 20
#define A_PAGE 20

static const char *const questions[] = {
	/* one word */
	"gopher",
	"the",
	"Entropy",
	"a",
	"river",
	"winter",
	"Kernel",
	"plain",
	"naïve",
	"NAIVE",
	"café",
	"straße",
	"strasse",
	"совершенно",
	"привет",
	"שלום",
	"مرحبا",
	"note",
	"ligature",
	"nosuchwordanywhere",
	/* the beginning of one */
	"entro",
	"com",
	"pro",
	"lat",
	"mount",
	"hist",
	"th",
	"m",
	"qu",
	"приве",
	/* several */
	"network protocol",
	"garden winter",
	"the river",
	"server packet",
	"open letter",
	"matrix vector field",
	"coffee bicycle station",
	"simple proof lemma theory",
	"quietly often seldom perhaps",
	"kernel memory thread compiler language",
	"the art of the gopher protocol engine room",
	"straße matrix",
	"c b a",
	"river nosuchword",
	"write break mend carry follow read build bo",
	"what is the entropy of a letter",
	"island harb",
	"close window har",
	"energy integ",
	/* phrases */
	"\"gopher protocol\"",
	"\"the river\"",
	"\"open letter\"",
	"\"of the winter\"",
	"\"small proof\" theory",
	"\"gopher gopher\"",
	"\"naïve café\"",
	"\"never written so\"",
	"\"never written so\" kernel",
	"\"river of the winter garden\"",
	"kernel \"read write",
	"\"read write\" \"memory page\"",
	"O(n log n)",
	/* excluded ones */
	"harbour -winter",
	"gopher -network",
	"совершенно -the",
	"-the",
	"naïve -café -matrix",
	"-совершенно year:2020",
	"-\"gopher protocol\" engine",
	"\"gopher protocol\" -\"river winter\"",
	"matrix -nosuchword",
	"привет -мир",
	/* what narrows */
	"series:small-proofs",
	"series:small-proofs theory",
	"series:\"Field Log\" \"the river\"",
	"series:\"旅の記録\"",
	"series:none river",
	"keyword:network",
	"keyword:network year:2020",
	"keyword:network gopher",
	"keyword:gopher series:field-log a",
	"keyword:none such",
	"year:2020",
	"year:2020 gopher",
	"year:2021 \"gopher protocol\"",
	"year:2022 naïve café",
	"year:2019 entro",
	"year:1066 the",
	"tag:entropy -gopher",
	/* scripts without blanks */
	"小さ",
	"小さな通信",
	"通信",
	"规约",
	"变换",
	"转换器",
	"博客",
	"线性代数",
	"线性代数 gopher",
	"雨",
	"今日は雨",
	"한국",
	"문장도 하나",
	"「引用」",
	"引用 書名",
	"小さな通信 -转换器",
	"year:2021 几何",
	/* odd ones */
	"🚀",
	"1",
	"2024",
	"ref1",
	"C++ std::vector",
	"https://example.com/proof",
	"x'; DROP TABLE posts; --",
	"\"",
	"λ",
	"ℝⁿ",
	"E = mc²",
	"e-mail",
	"NEAR(a b)",
	"title:gopher",
	"a b c d e f g h i j k l m n o p q r s t u v w x y z",
};
#define NQUESTIONS (sizeof questions / sizeof *questions)

static const unsigned pages[] = { 0, 1, 4 };
#define NPAGES (sizeof pages / sizeof *pages)

struct sample {
	double time;
	size_t question;
};

/* Milliseconds of processor time: other programs do not count. */
static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
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
	struct loader_options options = { .content = str_from(folder),
					  .language = STR("en"),
					  .math = true };
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

static int by_time(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	return (x->time > y->time) - (x->time < y->time);
}

static struct sample ask(struct search *search, const struct catalogue *c, size_t question,
			 unsigned page, unsigned *found)
{
	struct arena arena = { 0 };
	struct search_result result;
	double start = now();
	search_find(search, c, str_from(questions[question]), page * A_PAGE, A_PAGE, &arena,
		    &result);
	struct sample sample = { now() - start, question };
	*found += result.total > 0;
	arena_free(&arena);
	return sample;
}

/* What each question costs, its median over all rounds and pages; `-v`. */
static void print_each(const struct sample *samples, size_t n)
{
	for (size_t q = 0; q < NQUESTIONS; q++) {
		double sum = 0, most = 0;
		for (size_t i = 0; i < n; i++) {
			if (samples[i].question != q)
				continue;
			sum += samples[i].time;
			most = samples[i].time > most ? samples[i].time : most;
		}
		fprintf(stderr, "%7.3f ms, at most %7.3f: %s\n", sum / (ROUNDS * NPAGES), most,
			questions[q]);
	}
}

static void ask_all(struct search *search, const struct catalogue *c, bool verbose)
{
	static struct sample samples[ROUNDS * NQUESTIONS * NPAGES];
	size_t n = 0;
	unsigned found = 0;
	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t page = 0; page < NPAGES; page++)
			for (size_t i = 0; i < NQUESTIONS; i++)
				samples[n++] = ask(search, c, i, pages[page], &found);
	if (verbose)
		print_each(samples, n);
	qsort(samples, n, sizeof *samples, by_time);
	printf("answered %.2f of-questions\n", (double)found / (double)n);
	printf("median %.3f ms\np99 %.3f ms\n", samples[n / 2].time, samples[n * 99 / 100].time);
	printf("most %.3f ms\n", samples[n - 1].time);
}

int main(int argc, char **argv)
{
	struct fault fault;
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	argc -= verbose;
	argv += verbose;
	if (argc < 2) {
		fputs("usage: search_bench [-v] FOLDER [FILE]\n", stderr);
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
	printf("build %.2f s\n", (now() - start) / 1e3);
	start = now();
	search_update(search, c, NULL, &fault);
	printf("unchanged %.1f ms\n", now() - start);
	ask_all(search, c, verbose);
	memory_settle();
	printf("memory %.1f MiB\n", ((double)resident_kib() - (double)before) / 1024);
	printf("index %.1f MiB\n", (double)search_bytes(search) / 1048576);
	search_close(search);
	catalogue_release(c);
	return 0;
}
