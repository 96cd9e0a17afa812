#include "render/links.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "render/ascii.h"
#include "render/inline.h"

void links_free(struct links *l)
{
	map_free(&l->by_url);
	map_free(&l->labels);
	free(l->references);
	free(l->numbers);
	for (int group = 0; group < 2; group++) {
		free(l->noted[group].at);
		free(l->noted[group].links);
	}
	free(l->tallies);
	free(l->notes);
	buf_free(&l->scratch);
	arena_free(&l->arena);
}

bool links_is_live(const struct links *l, uint32_t link)
{
	return link != NO_LINK && !l->off && l->document->links[link].target.kind != TARGET_NONE;
}

static struct reference *add_reference(struct links *l)
{
	l->references = memory_grow(l->references, l->nreferences, &l->references_capacity,
				    sizeof *l->references);
	struct reference *reference = &l->references[l->nreferences++];
	*reference = (struct reference){ .link = NO_LINK };
	return reference;
}

static void give_number(struct links *l, struct reference *reference)
{
	l->numbers = memory_grow(l->numbers, l->nnumbers, &l->numbers_capacity, sizeof *l->numbers);
	l->numbers[l->nnumbers++] = (uint32_t)(reference - l->references);
	reference->number = (uint32_t)l->nnumbers;
}

struct str links_url(struct links *l, uint32_t link)
{
	const struct target *target = &l->document->links[link].target;
	if (target->kind == TARGET_URL)
		return target->url;
	buf_clear(&l->scratch);
	style_target(l->style, l->space, target, &l->scratch);
	return arena_str(&l->arena, buf_str(&l->scratch));
}

static uint32_t find_reference(struct links *l, uint32_t link)
{
	struct str url = links_url(l, link);
	uint32_t index = map_put(&l->by_url, url, (uint32_t)l->nreferences);
	if (index != MAP_NONE)
		return index;
	*add_reference(l) = (struct reference){ .url = url, .link = link };
	return (uint32_t)l->nreferences - 1;
}

static unsigned number_of(struct links *l, struct reference *reference, uint32_t link)
{
	if (l->numbered && reference->number == 0 && l->document->links[link].kind != LINK_AUTO)
		give_number(l, reference);
	return reference->number;
}

unsigned links_number(struct links *l, uint32_t link)
{
	if (!links_is_live(l, link))
		return 0;
	uint32_t index = find_reference(l, link); /* may move the references */
	return number_of(l, &l->references[index], link);
}

unsigned links_use(struct links *l, enum links_group group, uint32_t link)
{
	if (!links_is_live(l, link))
		return 0;
	uint32_t index = find_reference(l, link);
	struct reference *reference = &l->references[index];
	struct links_noted *noted = &l->noted[group];
	if (reference->serial[group] != noted->serial + 1) {
		reference->serial[group] = noted->serial + 1;
		noted->at =
		    memory_grow(noted->at, noted->count, &noted->at_capacity, sizeof *noted->at);
		noted->links = memory_grow(noted->links, noted->count, &noted->links_capacity,
					   sizeof *noted->links);
		noted->at[noted->count] = index;
		noted->links[noted->count++] = link;
	}
	return number_of(l, reference, link);
}

unsigned links_use_note(struct links *l, uint32_t note)
{
	while (l->nnotes <= note) {
		size_t capacity = l->nnotes;
		if ((l->nnotes & (l->nnotes - 1)) == 0) /* at powers of two */
			l->notes = memory_resize(l->notes, (capacity * 2 + 1) * sizeof *l->notes);
		l->notes[l->nnotes++] = 0;
	}
	if (l->notes[note] == 0) {
		struct reference *reference = add_reference(l);
		reference->note = note;
		give_number(l, reference);
		l->notes[note] = reference->number;
	}
	return l->notes[note];
}

void links_words(const struct links *l, struct str text, struct buf *out)
{
	if (l->ascii)
		ascii_add(text, out);
	else
		buf_add(out, text);
}

void links_label(const struct links *l, uint32_t link, struct buf *out)
{
	const struct link *of = &l->document->links[link];
	struct inline_text text = { .document = l->document, .style = l->style };
	unsigned flags = INLINE_LABEL | INLINE_ONE_LINE | (l->ascii ? INLINE_ASCII : 0u);
	if (of->kind == LINK_IMAGE) {
		links_words(l, l->style->labels.word[LABEL_IMAGE], out);
		buf_add(out, STR(": "));
	}
	inline_add(&text, flags, of->first_run, of->nruns, out);
	inline_free(&text);
}

struct str links_title(const struct links *l, uint32_t link, struct str label)
{
	const struct link *of = &l->document->links[link];
	if (of->kind == LINK_IMAGE) {
		const struct run *run = &l->document->runs[of->first_run];
		label = of->nruns > 0 ? run->text : STR("");
	}
	return str_equal(of->title, label) ? STR("") : of->title;
}

/*
 * Cut at a word to what a line of links may say (WCAG 2.4.4 wants words, not novels); within one
 * that is longer than half of it: something must follow the date of a listing (GEM-S7).
 */
static void add_cut(const struct links *l, struct str label, struct buf *out)
{
	struct str dots = l->ascii ? STR("...") : STR("…");
	if (label.len <= LINKS_LABEL_COLUMNS || utf8_columns(label) <= LINKS_LABEL_COLUMNS) {
		buf_add(out, label);
		return;
	}
	struct str cut = utf8_prefix(label, LINKS_LABEL_COLUMNS - utf8_columns(dots));
	size_t word = label.at[cut.len] == ' ' ? cut.len : str_find_last(cut, ' ');
	if (word != STR_NOT_FOUND && word > cut.len / 2)
		cut = str_trim_end(str_sub(cut, 0, word));
	buf_add(out, cut);
	buf_add(out, dots);
}

void links_line(struct links *l, struct str url, unsigned number, struct str label, struct buf *out)
{
	buf_add(out, STR("=> "));
	buf_add(out, url);
	if (number > 0) {
		buf_add(out, STR(" ["));
		buf_add_number(out, number);
		buf_add_char(out, ']');
	}
	if (label.len > 0) {
		buf_add_char(out, ' ');
		add_cut(l, label, out);
	}
	buf_add_char(out, '\n');
}
