#include "document/html.h"

#include "base/utf8.h"
#include "document/code_info.h"
#include "document/entities.h"
#include "document/html_elements.h"

/* Of pieces that md4c makes up (indents, line ends) none is known to stand behind the element. */
void html_add(struct html *h, struct str piece)
{
	if (h->skip_to != NULL) {
		if (!gather_is_source(&h->markup, piece.at))
			return;
		size_t dropped = piece.at < h->skip_to ? (size_t)(h->skip_to - piece.at) : 0;
		if (dropped >= piece.len)
			return;
		piece = str_skip(piece, dropped);
		h->skip_to = NULL;
	}
	gather_add(&h->markup, piece);
}

/* Whether the byte at `at`, in the source or anywhere else, is dropped with its element. */
static bool skips(const struct html *h, const char *at)
{
	return h->skip_to != NULL && (!gather_is_source(&h->markup, at) || at < h->skip_to);
}

bool html_take_between(struct html *h, struct str text)
{
	if (h->skip_to != NULL) {
		if (skips(h, text.at))
			return true;
		h->skip_to = NULL;
	}
	if (h->capture == CAPTURE_NONE)
		return false;
	buf_add(&h->captured, cuts_restore(h->cuts, text, h->flow->arena));
	return true;
}

/* Text between tags, on one line: blanks at a paragraph's start are none. */
static void add_line(struct html *h, struct str text)
{
	if (!h->flow->leaf_open)
		while (text.len > 0 && str_is_blank(text.at[0]))
			text = str_skip(text, 1);
	while (text.len > 0) {
		size_t mark = str_find(text, '&', 0), used = 0;
		struct str value;
		if (mark != STR_NOT_FOUND)
			used =
			    entity_read(str_skip(text, mark), ENTITY_HTML, h->flow->arena, &value);
		if (mark == STR_NOT_FOUND) {
			cuts_flow(h->cuts, h->flow, text);
			return;
		}
		cuts_flow(h->cuts, h->flow, str_sub(text, 0, used > 0 ? mark : mark + 1));
		if (used > 0)
			flow_text(h->flow, value);
		text = str_skip(text, used > 0 ? mark + used : mark + 1);
	}
}

static void add_text(struct html *h, struct str text)
{
	if (h->capture != CAPTURE_NONE) {
		struct str original = cuts_restore(h->cuts, text, h->flow->arena);
		buf_add(&h->captured, entity_decode(original, ENTITY_HTML, h->flow->arena));
		return;
	}
	struct str line;
	while (str_cut(&text, '\n', &line)) {
		add_line(h, line);
		flow_break(h->flow, RUN_SOFT_BREAK);
	}
	add_line(h, line);
}

/* What an element that is dropped holds is skipped by its place in the source. */
static bool is_end_tag(struct str text, size_t at, struct str name)
{
	struct str rest = str_skip(text, at + 2);
	if (text.at[at + 1] != '/' || !str_starts_nocase(rest, name))
		return false;
	rest = str_skip(rest, name.len);
	return rest.len > 0 && (rest.at[0] == '>' || str_is_blank(rest.at[0]));
}

/* Where the end tag of an element stands, or STR_NOT_FOUND. */
static size_t find_end_tag(struct str text, struct str name, size_t at_most)
{
	if (text.len > at_most)
		text.len = at_most;
	for (size_t at = str_find(text, '<', 0); at != STR_NOT_FOUND && at + 2 < text.len;
	     at = str_find(text, '<', at + 1))
		if (is_end_tag(text, at, name))
			return at;
	return STR_NOT_FOUND;
}

/* The source behind a place of it; elsewhere (copied markup) only the rest of the markup. */
static struct str source_from(const struct html *h, struct str rest)
{
	const struct str *source = &h->markup.source;
	if (!gather_is_source(&h->markup, rest.at))
		return rest;
	return (struct str){ rest.at, (size_t)(source->at + source->len - rest.at) };
}

/* Where the paragraph of a place ends: at a line without text. */
static size_t paragraph_length(struct str source)
{
	struct str rest = source, line;
	bool more = str_cut(&rest, '\n', &line);
	while (more) {
		size_t start = (size_t)(rest.at - source.at), text = 0;
		more = str_cut(&rest, '\n', &line);
		while (text < line.len && (str_is_blank(line.at[text]) || line.at[text] == '>'))
			text++;
		if (text == line.len)
			return start;
	}
	return source.len;
}

/*
 * Whether an element ends in its paragraph. `<script>` in the midst of a text may be a word that
 * its author forgot to escape: the tag vanishes, the text behind it does not.
 */
static bool ends_here(struct html *h, struct str source, struct str name, uint64_t bit)
{
	if (h->paragraph_end == NULL || source.at >= h->paragraph_end) {
		h->paragraph_end = source.at + paragraph_length(source);
		h->unclosed_here = 0;
	}
	if (h->unclosed_here & bit)
		return false;
	source.len = (size_t)(h->paragraph_end - source.at);
	if (find_end_tag(source, name, SIZE_MAX) != STR_NOT_FOUND)
		return true;
	h->unclosed_here |= bit;
	return false;
}

/* `<code>` without an end in its paragraph names something that is to be filled in. */
static bool is_placeholder(struct html *h, const struct html_tag *tag, struct str rest)
{
	uint64_t bit = 1ull << (str_hash(tag->name) & 63);
	struct str source = source_from(h, rest);
	return tag->markup == HTML_START_TAG && tag->nattributes == 0 && !h->in_block &&
	       gather_is_source(&h->markup, source.at) && !ends_here(h, source, tag->name, bit);
}

static size_t skip_element(struct html *h, const struct html_tag *tag, struct str rest)
{
	uint64_t bit = 1ull << (str_hash(tag->name) & 63);
	if (h->unclosed & bit)
		return 0;
	struct str source = source_from(h, rest);
	if (!h->in_block && gather_is_source(&h->markup, source.at) &&
	    !ends_here(h, source, tag->name, bit))
		return 0;
	size_t end = find_end_tag(source, tag->name, SIZE_MAX);
	if (end == STR_NOT_FOUND) {
		h->unclosed |= bit;
		return 0;
	}
	size_t behind = str_find(source, '>', end);
	behind = behind == STR_NOT_FOUND ? source.len : behind + 1;
	if (behind <= rest.len)
		return behind;
	h->skip_to = source.at + behind;
	return rest.len;
}

#define NEAR 4096 /* how far an end tag is sought */

/*
 * Whether the element that begins before `rest` ends near. Where no end tag was found for a name
 * none is sought again, so that tags without ends cost no more than others.
 */
static bool is_closed(struct html *h, const struct html_tag *tag, struct str rest)
{
	size_t slot = str_hash(tag->name) % HTML_NAMES;
	struct str source = source_from(h, rest);
	size_t from = 0, near = source.len < NEAR ? source.len : NEAR;
	const char *before = h->none[slot].before;
	if (str_equal(h->none[slot].name, tag->name) && before > source.at &&
	    before <= source.at + near)
		from = (size_t)(before - source.at);
	if (find_end_tag(str_sub(source, from, near), tag->name, NEAR) != STR_NOT_FOUND)
		return true;
	if (gather_is_source(&h->markup, source.at) && near > tag->name.len + 3) {
		h->none[slot].name = tag->name;
		h->none[slot].before = source.at + near - tag->name.len - 3;
	}
	return false;
}

/* `<T>` in prose is no element but a word that its author forgot to escape. */
static bool is_word(struct html *h, const struct html_tag *tag, struct str rest)
{
	return tag->markup == HTML_START_TAG && tag->nattributes == 0 &&
	       str_find(tag->name, '-', 0) == STR_NOT_FOUND &&
	       str_find(tag->name, ':', 0) == STR_NOT_FOUND && !is_closed(h, tag, rest);
}

/* Reads the markup at the start of `text`; gives how much of it is done. */
static size_t read_markup(struct html *h, struct str text, struct html_tag *tag)
{
	size_t length = html_read_tag(text, tag);
	struct str rest = str_skip(text, length);
	unsigned level = 0;
	switch (tag->markup) {
	case HTML_NOT_MARKUP: add_text(h, str_sub(text, 0, 1)); return 1;
	case HTML_COMMENT: return length;
	case HTML_CDATA: add_text(h, tag->content); return length;
	default: break;
	}
	enum html_role role = html_role(tag->name, &level);
	if ((role == HTML_UNKNOWN && is_word(h, tag, rest)) ||
	    (role == HTML_CODE && is_placeholder(h, tag, rest)))
		add_text(h, str_sub(text, 0, length));
	else if (role == HTML_DROPPED && tag->markup == HTML_START_TAG)
		length += skip_element(h, tag, rest);
	else if (tag->markup == HTML_START_TAG)
		html_start_element(h, role, level, tag,
				   role == HTML_LINK && is_closed(h, tag, rest));
	else
		html_end_element(h, role);
	return length;
}

void html_read(struct html *h)
{
	struct str text = gather_end(&h->markup, h->flow->arena);
	struct html_tag tag;
	tag.unclosed = 0;
	while (text.len > 0) {
		size_t mark = str_find(text, '<', 0);
		if (mark > 0)
			add_text(h, str_sub(text, 0, mark));
		text = str_skip(text, mark);
		if (text.len > 0)
			text = str_skip(text, read_markup(h, text, &tag));
	}
}

static void end_styles(struct html *h)
{
	if ((h->emphasis | h->strong | h->strike) == 0)
		return;
	struct flow *f = h->flow;
	f->emphasis -= h->emphasis;
	f->strong -= h->strong;
	f->strike -= h->strike;
	h->emphasis = h->strong = h->strike = 0;
}

void html_end_paragraph(struct html *h)
{
	html_run(h);
	if (h->capture == CAPTURE_CODE)
		html_end_capture(h);
	end_styles(h);
	h->nscripts = 0;
	h->in_heading = false;
}

void html_end(struct html *h)
{
	html_end_paragraph(h);
	if (h->capture == CAPTURE_PRE)
		html_end_capture(h);
	gather_free(&h->markup);
	buf_free(&h->captured);
}
