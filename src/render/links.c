#include "render/links.h"

#include "base/utf8.h"
#include "render/inline.h"

void links_free(struct links *l)
{
	hash_index_free(&l->by_url);
	map_free(&l->labels);
	buf_free(&l->scratch);
	arena_free(&l->arena);
}

static struct reference *add_reference(struct links *l, struct reference reference)
{
	l->references = arena_grow(&l->arena, l->references, l->nreferences,
				   &l->references_capacity, sizeof *l->references);
	l->references[l->nreferences] = reference;
	return &l->references[l->nreferences++];
}

static void give_number(struct links *l, struct reference *reference)
{
	l->numbers = arena_grow(&l->arena, l->numbers, l->nnumbers, &l->numbers_capacity,
				sizeof *l->numbers);
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
	uint32_t hash = hash_index_hash(url), index;
	size_t at = 0;
	while ((index = hash_index_next(&l->by_url, hash, &at)) != HASH_INDEX_NONE)
		if (str_equal(l->references[index].url, url))
			return index;
	index = (uint32_t)l->nreferences;
	add_reference(l, (struct reference){ .url = url, .link = link });
	if (index == 0)
		hash_index_reserve(&l->by_url, l->document->nlinks);
	hash_index_add(&l->by_url, hash, index);
	return index;
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
		noted->at = arena_grow(&l->arena, noted->at, noted->count, &noted->capacity,
				       sizeof *noted->at);
		noted->at[noted->count++] = (struct noted){ index, link };
	}
	return number_of(l, reference, link);
}

void links_begin_paragraph(struct links *l)
{
	l->paragraphs++;
}

bool links_repeats(struct links *l, uint32_t link)
{
	uint32_t index = find_reference(l, link); /* may move the references */
	struct reference *reference = &l->references[index];
	if (reference->paragraph != l->paragraphs) {
		reference->paragraph = l->paragraphs;
		reference->link_there = link;
		return false;
	}
	struct buf *label = &l->scratch;
	buf_clear(label);
	links_label(l, link, label);
	size_t end = label->len;
	links_label(l, reference->link_there, label);
	struct str own = str_sub(buf_str(label), 0, end), other = str_skip(buf_str(label), end);
	return !links_is_weak(own) && !str_equal(own, other);
}

unsigned links_use_note(struct links *l, uint32_t note)
{
	while (l->nnotes <= note) {
		l->notes = arena_grow(&l->arena, l->notes, l->nnotes, &l->notes_capacity,
				      sizeof *l->notes);
		l->notes[l->nnotes++] = 0;
	}
	if (l->notes[note] == 0) {
		struct reference *reference =
		    add_reference(l, (struct reference){ .link = NO_LINK, .note = note });
		give_number(l, reference);
		l->notes[note] = reference->number;
	}
	return l->notes[note];
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
