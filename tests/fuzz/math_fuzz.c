/* Any bytes as a formula, set in every way: what comes out keeps the promises of math/math.h. */
#include <assert.h>

#include "base/utf8.h"
#include "math/math.h"

#define LARGEST_OUTPUT ((size_t)64 * 1024)

/* The source may have blank columns and wide letters of its own, never a control. */
static void check_text(struct str text, bool rows)
{
	assert(text.len <= LARGEST_OUTPUT);
	assert(utf8_valid(text));
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		assert((c >= 0x20 && c != 0x7f) || (rows && c == '\n'));
	}
}

static void check_rows(struct str text, const struct math_options *options)
{
	struct str line;
	unsigned nrows = 0;
	assert(!str_ends(text, STR("\n")));
	while (str_line(&text, &line)) {
		assert(!str_ends(line, STR(" ")));
		assert(utf8_columns(line) <= options->width);
		nrows++;
	}
	assert(nrows <= options->max_rows);
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.at[i] >= 0x80 || text.at[i] == '\0')
			return false; /* a NUL becomes U+FFFD */
	return true;
}

typedef bool setter(struct str, const struct math_options *, struct buf *);

/*
 * Appends to what is there, gives the same twice, leaves nothing behind when it fails, and is
 * plain ASCII where it was asked to be.
 */
static void set(setter *setter, struct str tex, const struct math_options *options, bool rows)
{
	struct buf out = { 0 }, again = { 0 };
	buf_add(&out, STR("kept"));
	bool done = setter(tex, options, &out);
	assert(str_starts(buf_str(&out), STR("kept")));
	struct str text = str_skip(buf_str(&out), 4);
	assert(done || text.len == 0);
	assert(done == setter(tex, options, &again));
	assert(str_equal(text, buf_str(&again)));
	check_text(text, rows);
	if (rows)
		check_rows(text, options);
	assert(!(options->flags & MATH_ASCII) || !is_ascii(tex) || is_ascii(text));
	buf_free(&out);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct str tex = { (const char *)data + 1, size - 1 };
	struct arena arena = { 0 };
	struct math_macros *macros = math_macros_new(&arena, NULL);
	math_macros_collect(macros, tex);
	math_macros_define(macros, STR("R"), 0, STR("\\mathbb{R}"));
	math_macros_define(macros, STR("pair"), 2, STR("\\left(#1, #2\\right)"));
	struct math_options options = { .flags = data[0] & 3u,
					.width = 16 + (data[0] >> 2),
					.max_rows = 40,
					.macros = data[0] & 4 ? macros : NULL };
	set(math_row, tex, &options, false);
	set(math_display, tex, &options, true);
	struct buf line = { 0 };
	math_source_line(tex, &line);
	assert(line.len <= 400);
	check_text(buf_str(&line), false);
	buf_free(&line);
	arena_free(&arena);
	return 0;
}
