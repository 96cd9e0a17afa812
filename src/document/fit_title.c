#include "base/utf8.h"
#include "document/markdown.h"

/* A heading's words as they are compared: folded, without marks of emphasis and code. */
static void fold_words(struct str words, struct buf *out)
{
	struct buf line = { 0 }, bare = { 0 };
	utf8_clean_line(&line, words);
	for (size_t i = 0; i < line.len; i++)
		if (strchr("*_`~\\", line.at[i]) == NULL)
			buf_add_char(&bare, line.at[i]);
	utf8_fold(out, str_trim(buf_str(&bare)));
	buf_free(&bare);
	buf_free(&line);
}

static bool is_title(const struct document *d, const struct block *heading, struct str title)
{
	struct buf words = { 0 }, folded = { 0 }, wanted = { 0 };
	document_plain(d, heading->first_run, heading->nruns, &words);
	fold_words(buf_str(&words), &folded);
	fold_words(title, &wanted);
	bool same = wanted.len > 0 && str_equal(buf_str(&folded), buf_str(&wanted));
	buf_free(&wanted);
	buf_free(&folded);
	buf_free(&words);
	return same;
}

static uint32_t next_heading(const struct document *d, uint32_t from)
{
	while (from < d->nblocks &&
	       (d->blocks[from].kind != BLOCK_HEADING || d->blocks[from].level != 1))
		from++;
	return from;
}

static bool holds_link(const struct document *d, const struct block *b)
{
	for (uint32_t i = b->first_run; i < b->first_run + b->nruns; i++)
		if (d->runs[i].link != NO_LINK || d->runs[i].kind == RUN_IMAGE)
			return true;
	return false;
}

static void remove_block(struct document *d, uint32_t index)
{
	d->nblocks--;
	memmove(&d->blocks[index], &d->blocks[index + 1], (d->nblocks - index) * sizeof *d->blocks);
	for (uint32_t i = 0; i < d->nblocks; i++)
		if (d->blocks[i].end > index)
			d->blocks[i].end--;
}

void markdown_fit_title(struct document *d, struct str title)
{
	uint32_t first = next_heading(d, 0);
	if (first < d->nblocks && is_title(d, &d->blocks[first], title)) {
		/* The words are said above; the address behind them is not. */
		if (holds_link(d, &d->blocks[first]))
			d->blocks[first].kind = BLOCK_PARAGRAPH;
		else
			remove_block(d, first);
	}
	if (next_heading(d, 0) == d->nblocks)
		return;
	for (uint32_t i = 0; i < d->nblocks; i++)
		if (d->blocks[i].kind == BLOCK_HEADING && d->blocks[i].level < 6)
			d->blocks[i].level++;
}
