/*
 * render_bench - how fast posts become pages, in one process over a folder of Markdown.
 *
 *	render_bench FOLDER            rates beside md4c's HTML renderer and lowdown
 *	render_bench --scale           time per byte as the input grows, pattern by pattern
 *
 * Rates are medians over rounds in which the contestants take turns. lowdown runs as a
 * process on the same bytes in one file, so that starting it hardly counts.
 */
#include <dirent.h>
#include <md4c-html.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "document/markdown.h"
#include "math/math.h"
#include "render/gemtext.h"
#include "render/gopher_text.h"

#define ROUNDS 9

struct corpus {
	struct buf *texts;
	size_t ntexts, capacity, bytes;
	char joined[64]; /* a file with all of them, for lowdown */
};

static struct style style;
static struct markdown_options options;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct str without_header(struct str text)
{
	size_t end = str_find_str(text, STR("\n---\n"), 0);
	return str_starts(text, STR("---\n")) && end != STR_NOT_FOUND ? str_skip(text, end + 5)
								      : text;
}

static void read_corpus(struct corpus *corpus, const char *folder)
{
	DIR *dir = opendir(folder);
	if (dir == NULL) {
		perror(folder);
		exit(2);
	}
	struct dirent *entry;
	struct buf path = { 0 };
	while ((entry = readdir(dir)) != NULL) {
		if (!str_ends(str_from(entry->d_name), STR(".md")))
			continue;
		buf_clear(&path);
		buf_format(&path, "%s/%s", folder, entry->d_name);
		struct fault fault;
		struct buf whole = { 0 }, body = { 0 };
		if (!file_read_path(buf_str(&path), 8 << 20, &whole, &fault)) {
			fprintf(stderr, "%s: %s\n", buf_c(&path), fault.text);
			exit(2);
		}
		buf_add(&body, without_header(buf_str(&whole)));
		buf_free(&whole);
		corpus->texts = memory_grow(corpus->texts, corpus->ntexts, &corpus->capacity,
					    sizeof *corpus->texts);
		corpus->texts[corpus->ntexts++] = body;
		corpus->bytes += body.len;
	}
	closedir(dir);
	buf_free(&path);
}

static void join_corpus(struct corpus *corpus)
{
	snprintf(corpus->joined, sizeof corpus->joined, "/tmp/perigee-bench-XXXXXX");
	int fd = mkstemp(corpus->joined);
	FILE *file = fdopen(fd, "w");
	for (size_t i = 0; i < corpus->ntexts; i++)
		fwrite(corpus->texts[i].at, 1, corpus->texts[i].len, file);
	fclose(file);
}

enum forms { FORM_NONE = 0, FORM_GEMTEXT = 1, FORM_GOPHER = 2 };

static size_t render(struct arena *arena, struct buf *out, struct str text, unsigned forms)
{
	arena_clear(arena);
	buf_clear(out);
	struct document *document = markdown_parse(arena, text, &options);
	if (forms & FORM_GEMTEXT)
		gemtext_write(document, &style, out);
	if (forms & FORM_GOPHER)
		gopher_text_write(document, &style, out);
	return out->len;
}

static double render_all(const struct corpus *corpus, unsigned forms)
{
	struct arena arena = { 0 };
	struct buf out = { 0 };
	double start = now();
	for (size_t i = 0; i < corpus->ntexts; i++)
		render(&arena, &out, buf_str(&corpus->texts[i]), forms);
	double took = now() - start;
	arena_free(&arena);
	buf_free(&out);
	return took;
}

static void collect(const MD_CHAR *text, MD_SIZE size, void *out)
{
	buf_add(out, (struct str){ text, size });
}

static double md4c_all(const struct corpus *corpus)
{
	struct buf out = { 0 };
	double start = now();
	for (size_t i = 0; i < corpus->ntexts; i++) {
		buf_clear(&out);
		md_html(corpus->texts[i].at, (MD_SIZE)corpus->texts[i].len, collect, &out,
			MD_DIALECT_GITHUB, 0);
	}
	double took = now() - start;
	buf_free(&out);
	return took;
}

static double lowdown_all(const struct corpus *corpus)
{
	double start = now();
	pid_t child = fork();
	if (child == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(127);
		execlp("lowdown", "lowdown", "-tgemini", corpus->joined, (char *)NULL);
		_exit(127);
	}
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? now() - start : 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof *values, by_value);
	return values[ROUNDS / 2];
}

static void compare(struct corpus *corpus)
{
	enum { MD4C, LOWDOWN, GEMTEXT, GOPHER, BOTH, PLAIN_GEMTEXT, PLAIN_BOTH, CONTESTANTS };
	static const char *const names[] = {
		"md4c HTML",
		"lowdown -tgemini",
		"gemtext",
		"gopher text",
		"both forms",
		"gemtext, no mathematics",
		"both forms, no mathematics",
	};
	double took[CONTESTANTS][ROUNDS];
	join_corpus(corpus);
	for (size_t round = 0; round < ROUNDS; round++) {
		took[MD4C][round] = md4c_all(corpus);
		took[LOWDOWN][round] = lowdown_all(corpus);
		took[GEMTEXT][round] = render_all(corpus, FORM_GEMTEXT);
		took[GOPHER][round] = render_all(corpus, FORM_GOPHER);
		took[BOTH][round] = render_all(corpus, FORM_GEMTEXT | FORM_GOPHER);
		options.math = false; /* the others leave formulas as they are */
		took[PLAIN_GEMTEXT][round] = render_all(corpus, FORM_GEMTEXT);
		took[PLAIN_BOTH][round] = render_all(corpus, FORM_GEMTEXT | FORM_GOPHER);
		options.math = true;
	}
	unlink(corpus->joined);
	double rate[CONTESTANTS];
	printf("%zu posts, %.1f MB\n", corpus->ntexts, (double)corpus->bytes / 1e6);
	for (size_t i = 0; i < CONTESTANTS; i++) {
		double middle = median(took[i]);
		rate[i] = middle > 0 ? (double)corpus->bytes / 1e6 / middle : 0;
		printf("%-28s %8.1f MB/s\n", names[i], rate[i]);
	}
	if (rate[LOWDOWN] > 0)
		printf("gemtext, no math / lowdown   %8.2f x   (aim: at least 3)\n",
		       rate[PLAIN_GEMTEXT] / rate[LOWDOWN]);
	printf("both, no math / md4c HTML    %8.2f x   (aim: at least 0.7)\n",
	       rate[PLAIN_BOTH] / rate[MD4C]);
}

static void formulas(void)
{
	static const struct str typical[] = {
		STR_INIT("\\theta_{t+1} = \\theta_t - \\eta \\nabla L(\\theta_t)"),
		STR_INIT("\\frac{\\partial L}{\\partial w_{ij}}"),
		STR_INIT("A \\in \\mathbb{R}^{n\\times n}"),
		STR_INIT("\\sum_{i=1}^{n} (x_i - \\mu)^2"),
		STR_INIT(
		    "p(x) = \\frac{1}{\\sqrt{2\\pi\\sigma^2}} e^{-\\frac{(x-\\mu)^2}{2\\sigma^2}}"),
		STR_INIT("\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}"),
	};
	struct math_options math = { .width = 70, .max_rows = 40 };
	struct buf out = { 0 };
	size_t count = 0;
	double start = now(), took;
	do {
		for (size_t i = 0; i < sizeof typical / sizeof *typical; i++) {
			buf_clear(&out);
			math_row(typical[i], &math, &out);
			buf_clear(&out);
			math_display(typical[i], &math, &out);
			count += 2;
		}
		took = now() - start;
	} while (took < 1);
	printf("formulas                     %8.0f /s  (aim: at least 20000)\n",
	       (double)count / took);
	buf_free(&out);
}

/*
 * Inputs that make careless parsers slow: each is `head`, `body` n times, `tail`. In a numbered
 * body every `#` is its number.
 */
static const struct pattern {
	const char *name;
	struct str head, body, tail;
} patterns[] = {
	{ "mixed text", STR_INIT(""),
	  STR_INIT("## A heading\n\nSome *words* with a [link](https://a.example/x) and $x^2$,\n"
		   "and `code`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"),
	  STR_INIT("") },
	{ "nested strong emphasis", STR_INIT(""), STR_INIT("*a **a "), STR_INIT("b") },
	{ "closers without openers", STR_INIT(""), STR_INIT("a_ "), STR_INIT("") },
	{ "openers without closers", STR_INIT(""), STR_INIT("_a "), STR_INIT("") },
	{ "link closers", STR_INIT(""), STR_INIT("a]"), STR_INIT("") },
	{ "link openers", STR_INIT(""), STR_INIT("[a"), STR_INIT("") },
	{ "mismatched openers", STR_INIT(""), STR_INIT("*a_ "), STR_INIT("") },
	{ "openers and closers, multiple of 3", STR_INIT("a**b"), STR_INIT("c* "), STR_INIT("") },
	{ "link openers and emphasis", STR_INIT(""), STR_INIT("[ a_"), STR_INIT("") },
	{ "nested brackets", STR_INIT(""), STR_INIT("["), STR_INIT("a") },
	{ "nested quotes", STR_INIT(""), STR_INIT("> "), STR_INIT("a") },
	{ "nested lists", STR_INIT(""), STR_INIT("- "), STR_INIT("a") },
	{ "backticks", STR_INIT(""), STR_INIT("`a``b```c"), STR_INIT("") },
	{ "unclosed links", STR_INIT(""), STR_INIT("[a](b"), STR_INIT("") },
	{ "unclosed link in brackets", STR_INIT(""), STR_INIT("[a](<b"), STR_INIT("") },
	{ "image openers", STR_INIT(""), STR_INIT("![[]()"), STR_INIT("") },
	{ "HTML openers", STR_INIT(""), STR_INIT("<"), STR_INIT("") },
	{ "HTML comments", STR_INIT(""), STR_INIT("<!-- "), STR_INIT("") },
	{ "HTML instructions", STR_INIT(""), STR_INIT("<?"), STR_INIT("") },
	{ "HTML declarations", STR_INIT(""), STR_INIT("<!A "), STR_INIT("") },
	{ "HTML CDATA", STR_INIT(""), STR_INIT("<![CDATA["), STR_INIT("") },
	{ "link definitions", STR_INIT(""), STR_INIT("[a]: u\n"), STR_INIT("[a] [a] [a]") },
	{ "table columns", STR_INIT(""), STR_INIT("|a"), STR_INIT("\n|-|\n") },
	{ "table rows that are short",
	  STR_INIT("|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w|x|y|z|\n"
		   "|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|\n"),
	  STR_INIT("a\n"), STR_INIT("") },
	{ "thematic breaks", STR_INIT(""), STR_INIT("* * * * * a\n"), STR_INIT("") },
	{ "dollars", STR_INIT(""), STR_INIT("$a "), STR_INIT("") },
	{ "dollars in texts never closed", STR_INIT(""), STR_INIT("$\\text{$a$ "), STR_INIT("") },
	{ "dollars in texts", STR_INIT("$"), STR_INIT("\\text{$a$} "), STR_INIT("") },
	{ "double dollars", STR_INIT(""), STR_INIT("$$a\n\n"), STR_INIT("") },
	{ "math openers", STR_INIT(""), STR_INIT("\\(a "), STR_INIT("") },
	{ "environments", STR_INIT(""), STR_INIT("\\begin{align} "), STR_INIT("") },
	{ "footnotes", STR_INIT(""), STR_INIT("a[^1] "), STR_INIT("\n\n[^1]: b\n") },
	{ "footnote definitions", STR_INIT(""), STR_INIT("[^a]: b\n"), STR_INIT("") },
	{ "footnotes, each its own", STR_INIT(""), STR_INIT("a[^@]\n\n[^@]: b\n\n"), STR_INIT("") },
	{ "link definitions, each its own", STR_INIT(""), STR_INIT("[@]: u\n"),
	  STR_INIT("\n[1] [0]") },
	{ "links, each its own", STR_INIT(""), STR_INIT("[a](https://b.example/@) "),
	  STR_INIT("") },
	{ "openers of three", STR_INIT(""), STR_INIT("a***"), STR_INIT("") },
	{ "stars beside ideographs", STR_INIT(""), STR_INIT("**词。**词“*"), STR_INIT("") },
	{ "backticks and escapes", STR_INIT(""), STR_INIT("\\``"), STR_INIT("") },
	{ "broken link titles", STR_INIT(""), STR_INIT("[ (]("), STR_INIT("") },
	{ "links and emphasis", STR_INIT(""), STR_INIT("**x [a*b**c*](d) "), STR_INIT("") },
	{ "shortcodes", STR_INIT(""), STR_INIT("{{< a "), STR_INIT("") },
	{ "Liquid", STR_INIT(""), STR_INIT("{% raw %} "), STR_INIT("") },
	{ "tags never closed", STR_INIT(""), STR_INIT("<div>\n"), STR_INIT("") },
	{ "links to one place", STR_INIT(""), STR_INIT("[a](https://b.example/) "), STR_INIT("") },
	{ "a link on each line", STR_INIT(""), STR_INIT("[a](b)\n"), STR_INIT("") },
	{ "brackets on each line", STR_INIT(""), STR_INIT("[a]\n"), STR_INIT("") },
	{ "words like addresses", STR_INIT(""), STR_INIT("www._"), STR_INIT("") },
	{ "addresses in one word", STR_INIT(""), STR_INIT("http://a.b/("), STR_INIT("") },
	{ "addresses in one paragraph", STR_INIT(""), STR_INIT("http://a.b/c "), STR_INIT("") },
	{ "entities", STR_INIT(""), STR_INIT("&amp;"), STR_INIT("") },
	{ "one long word", STR_INIT(""), STR_INIT("abcdefgh"), STR_INIT("") },
};

static void add_body(const struct pattern *pattern, unsigned number, struct buf *text)
{
	for (size_t i = 0; i < pattern->body.len; i++)
		if (pattern->body.at[i] == '@')
			buf_add_number(text, number);
		else
			buf_add_char(text, pattern->body.at[i]);
}

static double ns_per_byte(const struct pattern *pattern, size_t size)
{
	struct arena arena = { 0 };
	struct buf text = { 0 }, out = { 0 };
	buf_add(&text, pattern->head);
	for (unsigned n = 1; text.len + pattern->body.len + pattern->tail.len <= size; n++)
		add_body(pattern, n, &text);
	buf_add(&text, pattern->tail);
	size_t rounds = 0;
	double start = now(), took;
	do {
		render(&arena, &out, buf_str(&text), FORM_GEMTEXT | FORM_GOPHER);
		rounds++;
		took = now() - start;
	} while (took < 0.05);
	double result = took / (double)rounds / (double)text.len * 1e9;
	arena_free(&arena);
	buf_free(&text);
	buf_free(&out);
	return result;
}

static void scale(void)
{
	static const size_t sizes[] = { 1 << 10, 1 << 13, 1 << 16, 1 << 18, 1 << 20 };
	printf("%-36s", "ns per byte at");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		printf(" %6zu KiB", sizes[i] >> 10);
	puts("");
	for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
		printf("%-36s", patterns[p].name);
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			printf(" %10.1f", ns_per_byte(&patterns[p], sizes[i]));
			fflush(stdout);
		}
		puts("");
	}
}

int main(int argc, char **argv)
{
	static struct labels labels;
	if (argc != 2) {
		fputs("usage: render_bench FOLDER | --scale\n", stderr);
		return 2;
	}
	labels_for(&labels, STR("en"));
	style_default(&style);
	options = (struct markdown_options){ .labels = &labels, .math = true, .width = 70 };
	if (strcmp(argv[1], "--scale") == 0) {
		scale();
		return 0;
	}
	struct corpus corpus = { 0 };
	read_corpus(&corpus, argv[1]);
	compare(&corpus);
	formulas();
	for (size_t i = 0; i < corpus.ntexts; i++)
		buf_free(&corpus.texts[i]);
	free(corpus.texts);
	return 0;
}
