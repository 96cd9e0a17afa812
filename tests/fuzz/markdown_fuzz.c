/*
 * Any bytes as a post: what the document promises to its writers, whatever came in. The first
 * byte chooses the options.
 */
#include <assert.h>

#include "base/utf8.h"
#include "document/markdown.h"

static void resolve(const struct link_resolver *self, struct arena *arena, struct str reference,
		    struct target *target)
{
	(void)self;
	*target =
	    (struct target){ .kind = TARGET_ROUTE,
			     .route = { .kind = ROUTE_FILE, .name = arena_str(arena, reference) } };
}

static bool find(const struct link_resolver *self, struct arena *arena, struct str name,
		 struct target *target)
{
	(void)self;
	(void)arena;
	*target = (struct target){ .kind = TARGET_ROUTE,
				   .route = { .kind = ROUTE_POST, .name = STR("x") } };
	return name.len % 2 == 0;
}

static void check_text(struct str text, const char *allowed)
{
	assert(utf8_valid(text));
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		assert((c >= 0x20 && c != 0x7f) || (c != 0 && strchr(allowed, c) != NULL));
	}
	assert(str_find_str(text, STR("\xee\x80\x80"), 0) == STR_NOT_FOUND);
}

/* Containers hold what they are for, and know their end. */
static void check_block(const struct document *d, uint32_t index, uint32_t parent)
{
	const struct block *b = &d->blocks[index];
	unsigned above = parent == d->nblocks ? BLOCK_KINDS : d->blocks[parent].kind;
	unsigned depth = parent == d->nblocks ? 0 : d->blocks[parent].depth + 1u;
	assert(b->kind < BLOCK_KINDS && b->depth == depth);
	assert(b->end > index && b->end <= d->nblocks);
	assert(b->first_run <= d->nruns && b->nruns <= d->nruns - b->first_run);
	assert((b->kind == BLOCK_ITEM) == (above == BLOCK_LIST));
	assert((b->kind == BLOCK_ROW) == (above == BLOCK_TABLE));
	assert((b->kind == BLOCK_CELL) == (above == BLOCK_ROW));
	assert((b->kind == BLOCK_TERM || b->kind == BLOCK_DEFINITION) ==
	       (above == BLOCK_DEFINITIONS));
	assert(b->kind != BLOCK_NOTE || depth == 0);
	check_text(b->text, "\n\t");
	check_text(b->info, "");
	check_text(b->shown, "\n");
}

static void check_blocks(const struct document *d)
{
	uint32_t open[DOCUMENT_MAX_DEPTH + 1], nopen = 0;
	for (uint32_t i = 0; i < d->nblocks; i++) {
		while (nopen > 0 && d->blocks[open[nopen - 1]].end <= i)
			nopen--;
		check_block(d, i, nopen > 0 ? open[nopen - 1] : d->nblocks);
		assert(nopen == 0 || d->blocks[i].end <= d->blocks[open[nopen - 1]].end);
		if (d->blocks[i].end > i + 1)
			open[nopen++] = i;
	}
	assert(d->nopen == 0);
}

/* What writers copy without a look at it. */
static void check_plain(struct str text)
{
	char before = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		assert((c >= ' ' && c < 0x7f) || c == '\n');
		assert(!(str_is_blank(c) && str_is_blank(before)));
		before = c;
	}
}

static void check_runs(const struct document *d)
{
	for (uint32_t i = 0; i < d->nruns; i++) {
		const struct run *r = &d->runs[i];
		check_text(r->text, r->kind == RUN_TEXT ? "\n" : "");
		if (r->plain)
			check_plain(r->text);
		assert(r->link == NO_LINK || r->link < d->nlinks);
		assert(r->kind != RUN_IMAGE || r->image < d->nlinks);
	}
	for (uint32_t i = 0; i < d->nlinks; i++) {
		const struct link *l = &d->links[i];
		assert(l->target.kind != TARGET_NONE);
		assert(l->nruns == 0 || l->first_run + l->nruns <= d->nruns);
		check_text(l->title, "");
		check_text(l->target.url, "");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct labels labels;
	labels_for(&labels, STR("en"));
	struct link_resolver resolver = { .resolve = resolve, .find = find };
	struct markdown_options options = { .labels = &labels,
					    .resolver = data[0] & 1 ? &resolver : NULL,
					    .math = !(data[0] & 2),
					    .math_bold_unicode = data[0] & 4 };
	struct arena arena = { 0 };
	struct str body = { (const char *)data + 1, size - 1 };
	struct document *d = markdown_parse(&arena, body, &options);
	check_blocks(d);
	check_runs(d);
	markdown_fit_title(d, STR("Title"));
	check_blocks(d);
	arena_free(&arena);
	return 0;
}
