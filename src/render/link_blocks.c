#include "render/link_blocks.h"

#include "base/utf8.h"
#include "render/inline.h"

static const struct run *run_at(const struct links *l, uint32_t index)
{
	return &l->document->runs[index];
}

/* Whether text beside links is nothing but separators. */
static bool separates_only(struct str text)
{
	static const struct str signs = STR_INIT(" \t\n,;|/·•–—");
	while (text.len > 0) {
		uint32_t code;
		size_t n = 0;
		while (n < text.len && str_is_alpha(text.at[n]))
			n++;
		struct str word = str_sub(text, 0, n);
		if (n == 0)
			n = utf8_decode(text, &code);
		if (word.len > 0 && !str_equal(word, STR("and")) && !str_equal(word, STR("or")))
			return false;
		if (word.len == 0 && str_find_str(signs, str_sub(text, 0, n), 0) == STR_NOT_FOUND)
			return false;
		text = str_skip(text, n);
	}
	return true;
}

/* The link of a run, be it text or an image. */
static uint32_t link_of_run(const struct links *l, const struct run *run)
{
	if (links_is_live(l, run->link))
		return run->link;
	return run->kind == RUN_IMAGE && links_is_live(l, run->image) ? run->image : NO_LINK;
}

/* A longer text would be cut as a label, and its words lost: it stays text beside its link. */
static bool fits_label(const struct links *l, uint32_t first_run, uint32_t nruns)
{
	size_t columns = 0;
	for (uint32_t i = first_run; i < first_run + nruns; i++)
		columns += utf8_columns(run_at(l, i)->text) + 1;
	return columns <= LINKS_LABEL_COLUMNS + 1;
}

/* Whether a label says all that the link of a run says, which is asked at its first run. */
static bool is_whole_in_label(const struct links *l, uint32_t link, uint32_t run)
{
	const struct link *of = &l->document->links[link];
	return run != of->first_run || fits_label(l, of->first_run, of->nruns);
}

/* Two labels for one address, of which a line would show the first. */
static bool any_repeats(struct links *l, const struct block *block)
{
	links_begin_paragraph(l);
	for (uint32_t i = block->first_run; i < block->first_run + block->nruns; i++) {
		uint32_t link = link_of_run(l, run_at(l, i));
		if (link != NO_LINK && i == l->document->links[link].first_run &&
		    links_repeats(l, link))
			return true;
	}
	return false;
}

bool link_paragraph(struct links *l, const struct block *block)
{
	bool any = false;
	for (uint32_t i = block->first_run; i < block->first_run + block->nruns; i++) {
		const struct run *run = run_at(l, i);
		uint32_t link = link_of_run(l, run);
		if (link != NO_LINK && !is_whole_in_label(l, link, i))
			return false;
		if (link != NO_LINK)
			any = true;
		else if (run->kind == RUN_TEXT
			     ? !separates_only(run->text)
			     : run->kind != RUN_SOFT_BREAK && run->kind != RUN_HARD_BREAK)
			return false;
	}
	return any && !any_repeats(l, block);
}

uint32_t link_of_item(const struct links *l, const struct block *paragraph)
{
	return paragraph->nruns > 0 ? link_of_run(l, run_at(l, paragraph->first_run)) : NO_LINK;
}

static bool is_link_item(const struct links *l, const struct block *item)
{
	const struct block *paragraph = item + 1;
	if (item->end != (uint32_t)(item - l->document->blocks) + 2 ||
	    paragraph->kind != BLOCK_PARAGRAPH)
		return false;
	uint32_t only = link_of_item(l, paragraph);
	if (only == NO_LINK || !fits_label(l, paragraph->first_run, paragraph->nruns))
		return false;
	for (uint32_t i = paragraph->first_run; i < paragraph->first_run + paragraph->nruns; i++) {
		const struct run *run = run_at(l, i);
		uint32_t link = link_of_run(l, run);
		bool linked_image = link == only && run->kind == RUN_IMAGE && run->image != only &&
				    links_is_live(l, run->image);
		if ((link != NO_LINK && link != only) || linked_image || run->kind == RUN_NOTE)
			return false;
	}
	return true;
}

bool link_list(const struct links *l, const struct block *list)
{
	uint32_t first = (uint32_t)(list - l->document->blocks) + 1;
	for (uint32_t i = first; i < list->end; i = l->document->blocks[i].end)
		if (!is_link_item(l, &l->document->blocks[i]))
			return false;
	return list->end > first;
}

void link_item_label(const struct links *l, const struct block *paragraph, struct buf *out)
{
	struct inline_text text = { .document = l->document, .style = l->style };
	unsigned flags = INLINE_LABEL | INLINE_ONE_LINE | (l->ascii ? INLINE_ASCII : 0u);
	const struct run *first = run_at(l, paragraph->first_run);
	struct str word = l->style->labels.word[LABEL_IMAGE];
	size_t start = out->len;
	if (first->kind == RUN_IMAGE && first->link == NO_LINK) {
		links_words(l, word, out);
		buf_add(out, STR(": "));
	}
	size_t from = out->len;
	inline_add(&text, flags, paragraph->first_run, paragraph->nruns, out);
	bool only_url = l->document->links[link_of_item(l, paragraph)].kind == LINK_AUTO &&
			paragraph->nruns == 1;
	if (only_url || out->len == from)
		out->len = start;
	inline_free(&text);
}
