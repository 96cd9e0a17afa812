/* Footnotes (F01): references, bodies, and notes that stand within the text. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "document/prepass.h"
#include "document/survey.h"

static struct str folded_label(struct prepass *p, struct str label)
{
	struct buf folded = { 0 };
	utf8_fold(&folded, label);
	struct str kept = arena_str(p->arena, buf_str(&folded));
	buf_free(&folded);
	return kept;
}

size_t prepass_note(struct prepass *p, size_t at)
{
	struct str label;
	size_t length = lines_note_label(str_sub(p->text, at, p->end), &label);
	if (length == 0 || (at + length < p->end && p->text.at[at + length] == '('))
		return 0;
	struct cut cut = { .kind = CUT_NOTE, .text = folded_label(p, label), .number = NO_NOTE };
	prepass_cut(p, cut, at, at + length);
	return at + length;
}

/* The body of a new note. */
static struct buf *add_note(struct prepass *p, struct str label)
{
	p->notes = memory_grow(p->notes, p->nnotes, &p->notes_capacity, sizeof *p->notes);
	struct prepass_note *note = ARENA_NEW(p->arena, struct prepass_note);
	*note = (struct prepass_note){ .label = label, .number = NO_NOTE };
	map_put(&p->labels, label, (uint32_t)p->nnotes);
	p->notes[p->nnotes++] = note;
	return &note->body;
}

struct buf *prepass_note_body(struct prepass *p)
{
	const struct container *c = &p->lines.open[lines_find(&p->lines, IN_NOTE)];
	struct str label;
	size_t mark = str_find(p->text, '[', p->line.start);
	while (lines_note_label(str_sub(p->text, mark, c->behind), &label) == 0)
		mark = str_find(p->text, '[', mark + 1);
	return add_note(p, folded_label(p, label));
}

struct buf prepass_inner(struct prepass *p, struct str text)
{
	struct survey found = survey(p->arena, text);
	struct prepass inner = { .arena = p->arena,
				 .cuts = p->cuts,
				 .options = p->options,
				 .macros = p->macros,
				 .text = text,
				 .marks = found.marks,
				 .lines = { .text = text },
				 .is_inner = true,
				 .last_start = SIZE_MAX };
	inner.out = &inner.main;
	prepass_read(&inner);
	p->macros = inner.macros;
	struct buf read = inner.main;
	inner.main = (struct buf){ 0 };
	prepass_free(&inner);
	return read;
}

size_t prepass_inline_note(struct prepass *p, struct str text, size_t from, size_t to)
{
	/* No label that is written has a control character. */
	struct cut cut = { .kind = CUT_NOTE,
			   .text = arena_format(p->arena, "\x01%zu", p->nnotes),
			   .number = NO_NOTE };
	*add_note(p, cut.text) = prepass_inner(p, text);
	prepass_cut(p, cut, from, to);
	return to;
}

/* Notes follow the text in the order of their first references; the others are dropped (F01). */
void prepass_add_notes(struct prepass *p)
{
	uint32_t nnumbers = 0;
	size_t end = 0;
	struct cut *cut;
	if (p->nnotes == 0)
		return;
	while ((end < p->main.len) &&
	       cuts_find(p->cuts, buf_str(&p->main), end, &end, &cut) != STR_NOT_FOUND) {
		uint32_t index = cut->kind == CUT_NOTE ? map_get(&p->labels, cut->text) : MAP_NONE;
		if (index == MAP_NONE)
			continue;
		struct prepass_note *note = p->notes[index];
		if (note->number == NO_NOTE) {
			note->number = nnumbers++;
			uint32_t number = note->number;
			struct cut body = { .kind = CUT_NOTE_BODY, .number = number };
			cut->number = number;
			buf_add(&p->main, STR("\n\n"));
			cuts_add(p->cuts, body, &p->main);
			buf_add(&p->main, STR("\n\n"));
			buf_add(&p->main, buf_str(&note->body));
		} else {
			cut->number = note->number;
		}
	}
}

void prepass_free(struct prepass *p)
{
	for (size_t i = 0; i < p->nnotes; i++)
		buf_free(&p->notes[i]->body);
	free(p->notes);
	map_free(&p->labels);
	buf_free(&p->main);
}
