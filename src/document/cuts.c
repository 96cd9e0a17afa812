#include "document/cuts.h"

#include "document/looks.h"
#include "document/target.h"

/* U+E000 and U+E001. The pre-pass drops them from the input. */
#define OPEN        "\xee\x80\x80"
#define CLOSE       "\xee\x80\x81"
#define MARK_LENGTH 3

void cuts_add(struct cuts *cuts, struct cut cut, struct buf *out)
{
	cuts->at =
	    arena_grow(cuts->arena, cuts->at, cuts->count, &cuts->capacity, sizeof *cuts->at);
	cuts->at[cuts->count] = cut;
	buf_add(out, STR(OPEN));
	buf_add_number(out, cuts->count++);
	buf_add(out, STR(CLOSE));
}

/* The index between two marks; false when this is no whole placeholder. */
static bool read_placeholder(const struct cuts *cuts, struct str text, size_t start, size_t *end,
			     size_t *index)
{
	size_t at = start + MARK_LENGTH, number = 0;
	while (at < text.len && str_is_digit(text.at[at]) && number < cuts->count)
		number = number * 10 + (size_t)(text.at[at++] - '0');
	*end = at + MARK_LENGTH;
	*index = number;
	return number < cuts->count && str_starts(str_skip(text, at), STR(CLOSE));
}

size_t cuts_find(const struct cuts *cuts, struct str text, size_t from, size_t *end,
		 struct cut **cut)
{
	if (cuts->count == 0)
		return STR_NOT_FOUND;
	for (size_t at = from; at < text.len; at++) {
		const char *mark = memchr(text.at + at, OPEN[0], text.len - at);
		if (mark == NULL)
			break;
		at = (size_t)(mark - text.at);
		size_t index;
		if (str_starts(str_skip(text, at), STR(OPEN)) &&
		    read_placeholder(cuts, text, at, end, &index)) {
			*cut = &cuts->at[index];
			return at;
		}
	}
	return STR_NOT_FOUND;
}

static struct str restore(const struct cuts *cuts, struct str text, bool url, struct arena *arena)
{
	size_t end, done = 0;
	struct cut *cut;
	size_t start = cuts_find(cuts, text, 0, &end, &cut);
	if (start == STR_NOT_FOUND)
		return text;
	struct buf out = { 0 };
	for (; start != STR_NOT_FOUND; start = cuts_find(cuts, text, end, &end, &cut)) {
		buf_add(&out, str_sub(text, done, start));
		bool says_text = url && (cut->kind == CUT_VALUE || cut->kind == CUT_REFERENCE);
		bool vanishes = url && cut->kind == CUT_NOTHING;
		if (!vanishes)
			buf_add(&out, says_text ? cut->text : cut->source);
		done = end;
	}
	buf_add(&out, str_skip(text, done));
	struct str restored = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return restored;
}

struct str cuts_restore(const struct cuts *cuts, struct str text, struct arena *arena)
{
	return restore(cuts, text, false, arena);
}

struct str cuts_restore_url(const struct cuts *cuts, struct str text, struct arena *arena)
{
	return restore(cuts, text, true, arena);
}

static void add_words(struct flow *flow, const struct cut *cut, struct buf *out)
{
	struct math_options options = flow_math_options(flow);
	switch (cut->kind) {
	case CUT_NOTHING: return;
	case CUT_VALUE: buf_add(out, cut->text); return;
	case CUT_MATH_ROW:
		if (math_row(cut->text, &options, out))
			return;
		break;
	default: break;
	}
	buf_add(out, cut->source);
}

void cuts_words(const struct cuts *cuts, struct flow *flow, struct str text, struct buf *out)
{
	size_t end, done = 0;
	struct cut *cut;
	for (size_t start = cuts_find(cuts, text, 0, &end, &cut); start != STR_NOT_FOUND;
	     start = cuts_find(cuts, text, end, &end, &cut)) {
		buf_add(out, str_sub(text, done, start));
		add_words(flow, cut, out);
		done = end;
	}
	buf_add(out, str_skip(text, done));
}

/* `posts/2020-01-02-other-post.md` is known as other-post, or as its whole name. */
static bool find_named(struct flow *flow, struct str name, struct target *target)
{
	const struct link_resolver *resolver = flow->options->resolver;
	if (resolver->find(resolver, flow->arena, name, target))
		return true;
	size_t slash = str_find_last(name, '/');
	if (slash != STR_NOT_FOUND)
		name = str_skip(name, slash + 1);
	if (str_ends(name, STR(".md")))
		name.len -= 3;
	if (resolver->find(resolver, flow->arena, name, target))
		return true;
	bool dated = name.len > 11 && str_is_digit(name.at[0]) && name.at[4] == '-' &&
		     name.at[7] == '-' && name.at[10] == '-';
	return dated && resolver->find(resolver, flow->arena, str_skip(name, 11), target);
}

/* A post by its name, or a file by its path. */
static struct target named_target(struct flow *flow, struct str name)
{
	struct target target = { .kind = TARGET_NONE };
	struct str path;
	str_cut(&name, '#', &path);
	path = str_trim(path);
	if (flow->options->resolver != NULL && path.len > 0 && find_named(flow, path, &target))
		return target;
	return target_from(flow->arena, path, flow->options->resolver);
}

/* True for a reference that is one CUT_REFERENCE; values that say nothing may stand before it. */
static bool is_named(const struct cuts *cuts, struct str reference, struct cut **cut)
{
	size_t end = 0, from = 0;
	while (cuts_find(cuts, reference, from, &end, cut) == from) {
		if ((*cut)->kind == CUT_REFERENCE)
			return end == reference.len || reference.at[end] == '#';
		if ((*cut)->kind != CUT_VALUE || (*cut)->text.len > 0)
			return false;
		from = end;
	}
	return false;
}

struct target cuts_target(const struct cuts *cuts, struct str reference, struct flow *flow)
{
	struct cut *cut;
	reference = str_trim(reference);
	if (is_named(cuts, reference, &cut))
		return named_target(flow, cut->text);
	reference = cuts_restore_url(cuts, reference, flow->arena);
	return target_from(flow->arena, reference, flow->options->resolver);
}

static void flow_figure(struct flow *flow, const struct cut *cut)
{
	struct target target = { .kind = TARGET_NONE };
	if (cut->link.len > 0)
		target = target_from(flow->arena, cut->link, flow->options->resolver);
	if (target.kind != TARGET_NONE)
		flow_begin_link(flow, FLOW_CUT, LINK_TEXT, target, cut->link, STR(""));
	flow_image(flow, cut->text, flow_line(flow, cut->info), flow_line(flow, cut->title));
	if (target.kind != TARGET_NONE)
		flow_end_link(flow, FLOW_CUT);
}

static void flow_embed(struct flow *flow, const struct cut *cut)
{
	struct target target = target_from(flow->arena, cut->text, flow->options->resolver);
	flow_begin_link(flow, FLOW_CUT, LINK_EMBED, target, cut->text, STR(""));
	flow_text(flow, flow->options->labels->word[cut->label]);
	flow_end_link(flow, FLOW_CUT);
}

static void flow_link(struct flow *flow, const struct cut *cut)
{
	struct target target = target_from(flow->arena, cut->link, flow->options->resolver);
	flow_begin_link(flow, FLOW_CUT, LINK_TEXT, target, cut->link, STR(""));
	flow_text(flow, flow_line(flow, cut->text));
	flow_end_link(flow, FLOW_CUT);
}

static void flow_note_reference(struct flow *flow, const struct cut *cut)
{
	if (cut->number == NO_NOTE)
		flow_text(flow, cut->source); /* F01: without a definition it is text */
	else
		flow_note(flow, cut->number);
}

static void open_note(struct flow *flow, uint32_t number)
{
	flow_close_all(flow);
	struct block *note = flow_open(flow, BLOCK_NOTE, FLOW_CUT, CUT_NOTE_BODY);
	note->number = number;
}

static void open_definition(struct flow *flow, enum cut_kind kind)
{
	flow_end_leaf(flow);
	flow_close_tag(flow, FLOW_CUT, CUT_DEFINITION);
	if (flow_find_tag(flow, FLOW_CUT, CUT_TERM) == NULL)
		flow_open(flow, BLOCK_DEFINITIONS, FLOW_CUT, CUT_TERM);
	if (kind == CUT_DEFINITION)
		flow_open(flow, BLOCK_DEFINITION, FLOW_CUT, CUT_DEFINITION);
	else
		flow->next_is_term = true;
}

static void flow_cut(struct flow *flow, const struct cut *cut)
{
	if (cut->kind >= CUT_NOTE_BODY && flow_is_one_line(flow))
		return; /* a mark of blocks that came out in a cell */
	switch (cut->kind) {
	case CUT_NOTHING: break;
	case CUT_VALUE:
	case CUT_REFERENCE:
	case CUT_WORDS: flow_text(flow, flow_line(flow, cut->text)); break;
	case CUT_MATH_ROW: flow_math_row(flow, cut->text, cut->source); break;
	case CUT_MATH_DISPLAY: flow_math_display(flow, cut->text, cut->source); break;
	case CUT_CODE: flow_code(flow, cut->text, cut->info); break;
	case CUT_IMAGE: flow_figure(flow, cut); break;
	case CUT_EMBED: flow_embed(flow, cut); break;
	case CUT_LINK: flow_link(flow, cut); break;
	case CUT_NOTE: flow_note_reference(flow, cut); break;
	case CUT_NOTE_BODY: open_note(flow, cut->number); break;
	case CUT_TERM:
	case CUT_DEFINITION: open_definition(flow, cut->kind); break;
	case CUT_DEFINITIONS_END: flow_close_tag(flow, FLOW_CUT, CUT_TERM); break;
	}
}

void cuts_flow(const struct cuts *cuts, struct flow *flow, struct str text)
{
	size_t end, done = 0;
	struct cut *cut;
	if (looks_of(text) == LOOKS_PLAIN) { /* no placeholder is ASCII */
		flow_plain_text(flow, text);
		return;
	}
	for (size_t start = cuts_find(cuts, text, 0, &end, &cut); start != STR_NOT_FOUND;
	     start = cuts_find(cuts, text, end, &end, &cut)) {
		flow_text(flow, str_sub(text, done, start));
		flow_cut(flow, cut);
		done = end;
	}
	flow_text(flow, str_skip(text, done));
}
