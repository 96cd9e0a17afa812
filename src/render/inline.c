#include "render/inline.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "math/math.h"
#include "render/ascii.h"
#include "render/wrap.h"

/* What stands between the last character written and the next one, weakest first. */
enum pending { PENDING_NONE, PENDING_SOFT, PENDING_BLANK, PENDING_LINE };

struct state {
	struct inline_text *text;
	const struct run *run, *end; /* the present one, and behind the last */
	struct buf *out;
	size_t start;       /* of the output */
	size_t label_start; /* of the open link's label */
	unsigned flags;
	enum pending pending;
	bool visible;     /* something but NBSP was written */
	uint8_t open;     /* styles whose marks are open */
	uint8_t order[3]; /* the same in the order of opening */
	unsigned nopen;
	uint32_t link;              /* whose label is being written */
	const struct run *link_run; /* the first run of that label */
};

static struct str mark_of(const struct state *s, uint8_t style)
{
	if (style == STYLE_STRIKE)
		return STR("~~");
	if (s->flags & INLINE_GOPHER)
		return style == STYLE_EMPHASIS ? STR("_") : STR("*");
	return style == STYLE_EMPHASIS ? STR("*") : STR("**");
}

static void close_marks(struct state *s, uint8_t wanted)
{
	unsigned keep = 0;
	while (keep < s->nopen && (s->order[keep] & wanted))
		keep++;
	while (s->nopen > keep) {
		uint8_t style = s->order[--s->nopen];
		buf_add(s->out, mark_of(s, style));
		s->open = (uint8_t)(s->open & ~style);
	}
}

static void open_marks(struct state *s, uint8_t wanted)
{
	static const uint8_t outermost_first[] = { STYLE_EMPHASIS, STYLE_STRONG, STYLE_STRIKE };
	for (unsigned i = 0; i < 3; i++) {
		uint8_t style = outermost_first[i];
		if (!(wanted & style) || (s->open & style))
			continue;
		buf_add(s->out, mark_of(s, style));
		s->open |= style;
		s->order[s->nopen++] = style;
	}
}

static uint8_t wanted_marks(const struct state *s, uint8_t style)
{
	bool emphasis = (s->flags & (INLINE_GOPHER | INLINE_MARKDOWN)) &&
			!(s->flags & (INLINE_LABEL | INLINE_NO_EMPHASIS));
	return emphasis ? style : style & STYLE_STRIKE;
}

/* White space of a style: marks that it does not have are closed before it. */
static void pend(struct state *s, enum pending pending, uint8_t style)
{
	if (pending > s->pending)
		s->pending = pending;
	if (s->open & ~style)
		close_marks(s, wanted_marks(s, style));
}

/* A line end of the source between two ideographs is nothing, between others a blank. */
static bool soft_is_blank(const struct state *s, struct str next)
{
	uint32_t after;
	if (next.len == 0 || (unsigned char)next.at[0] < 0x80)
		return true;
	utf8_decode(next, &after);
	return !utf8_is_ideographic(after) ||
	       !utf8_is_ideographic(utf8_last(str_skip(buf_str(s->out), s->start)));
}

static void begin_line(struct state *s)
{
	buf_add_char(s->out, '\n');
	s->text->lines = true;
	s->text->plain = false;
}

/* What stands for the white space before a visible piece of text that begins with `next`. */
static void add_pending(struct state *s, struct str next)
{
	if (s->out->len == s->start)
		; /* nothing stands before the first character */
	else if (s->pending == PENDING_LINE)
		begin_line(s);
	else if (s->pending == PENDING_BLANK || soft_is_blank(s, next))
		buf_add_char(s->out, ' ');
	s->pending = PENDING_NONE;
}

static void begin_marked(struct state *s, uint8_t style, struct str next)
{
	uint8_t wanted = wanted_marks(s, style);
	close_marks(s, wanted);
	if (s->pending != PENDING_NONE)
		add_pending(s, next);
	open_marks(s, wanted);
}

/* Puts what is due before a visible piece of text that begins with `next`. */
static inline void begin_piece(struct state *s, uint8_t style, struct str next)
{
	if (s->open | style)
		begin_marked(s, style, next);
	else if (s->pending != PENDING_NONE)
		add_pending(s, next);
}

/* Appends a stretch without blanks; NBSP gets its mark where lines will be wrapped. */
static void add_solid(struct state *s, struct str text, uint8_t style)
{
	static const struct str nbsp = STR_INIT("\xc2\xa0");
	begin_piece(s, style, text);
	s->text->plain = false;
	if (!(s->flags & INLINE_WRAP)) {
		buf_add(s->out, text);
	} else {
		size_t from = 0;
		for (size_t at = 0; (at = str_find(text, '\xc2', at)) != STR_NOT_FOUND; at++) {
			if (!str_starts(str_skip(text, at), nbsp))
				continue;
			buf_add(s->out, str_sub(text, from, at));
			buf_add_char(s->out, WRAP_NO_BREAK);
			from = at + 2;
		}
		buf_add(s->out, str_skip(text, from));
	}
	while (!s->visible && text.len > 0) {
		s->visible = !str_starts(text, nbsp);
		text = str_skip(text, 2);
	}
}

/* White space among sixteen bytes that is more than a blank between two words. */
static struct bytes not_solid(const char *at)
{
	struct bytes b = bytes_load(at), next = bytes_load(at + 1);
	return (struct bytes){ ((b.all >= 0) & (b.all < ' ')) |
			       ((b.all == ' ') & (next.all >= 0) & (next.all <= ' ')) };
}

/*
 * The end of the stretch from `i` on that can be copied as it stands: no blanks in a row, none
 * at the end, no other white space.
 */
static size_t solid_end(struct str text, size_t i)
{
	for (; i + BYTES_AT_ONCE < text.len; i += BYTES_AT_ONCE) {
		struct bytes hits = not_solid(text.at + i);
		if (bytes_any(hits))
			return i + bytes_first(hits);
	}
	const unsigned char *at = (const unsigned char *)text.at;
	if (text.len > BYTES_AT_ONCE && at[text.len - 1] > ' ' &&
	    !bytes_any(not_solid(text.at + text.len - BYTES_AT_ONCE - 1)))
		return text.len;
	while (i < text.len &&
	       (at[i] > ' ' || (at[i] == ' ' && i + 1 < text.len && at[i + 1] > ' ')))
		i++;
	return i;
}

/* Appends text whose blanks collapse; single ones between words are copied with them. */
static void add_text(struct state *s, struct str text, uint8_t style)
{
	size_t i = 0;
	while (i < text.len) {
		if (str_is_blank(text.at[i])) {
			pend(s, PENDING_BLANK, style);
			i++;
			continue;
		}
		size_t end = solid_end(text, i);
		if (end > i)
			add_solid(s, str_sub(text, i, end), style);
		i = end > i ? end : i + 1; /* another control byte: clean text has none */
	}
}

static void copy_block(const char *from, char *to)
{
	struct bytes b = bytes_load(from);
	b.all ^= (b.all == '\n') & ('\n' ^ ' ');
	memcpy(to, &b, sizeof b);
}

/* Copies text as one line. The last block may overlap the one before; there is room for one. */
static inline void copy_line(struct str text, char *to)
{
	if (text.len < BYTES_AT_ONCE) {
		memcpy(to, text.at, text.len);
		copy_block(to, to);
		return;
	}
	size_t last = text.len - BYTES_AT_ONCE;
	for (size_t i = 0; i < last; i += BYTES_AT_ONCE)
		copy_block(text.at + i, to + i);
	copy_block(text.at + last, to + last);
}

static void add_line(struct str text, struct buf *out)
{
	buf_reserve(out, text.len + BYTES_AT_ONCE);
	copy_line(text, out->at + out->len);
	out->len += text.len;
}

/* A plain run has one blank at most at either end. */
static struct str without_ends(struct str text)
{
	if (text.len > 0 && text.at[0] <= ' ')
		text = (struct str){ text.at + 1, text.len - 1 };
	if (text.len > 0 && text.at[text.len - 1] <= ' ')
		text.len--;
	return text;
}

/* As add_text() for plain runs: nothing in them has to be looked at. */
static void add_plain(struct state *s, struct str text, uint8_t style)
{
	struct str words = without_ends(text);
	if (words.at > text.at)
		pend(s, PENDING_BLANK, style);
	if (words.len > 0) {
		begin_piece(s, style, words);
		add_line(words, s->out);
		s->visible = true;
	}
	if (words.at + words.len < text.at + text.len)
		pend(s, PENDING_BLANK, style);
}

/* And where no mark is open or due, and no hard break: most runs. */
static inline void add_unmarked(struct state *s, struct str text)
{
	struct buf *out = s->out;
	struct str words = without_ends(text);
	if (words.at > text.at && s->pending < PENDING_BLANK)
		s->pending = PENDING_BLANK;
	if (words.len == 0)
		return;
	buf_reserve(out, words.len + BYTES_AT_ONCE + 1);
	out->at[out->len] = ' ';
	out->len += s->pending != PENDING_NONE && out->len > s->start;
	copy_line(words, out->at + out->len);
	out->len += words.len;
	s->pending = words.at + words.len < text.at + text.len ? PENDING_BLANK : PENDING_NONE;
	s->visible = true;
}

static struct str in_charset(struct state *s, struct str text)
{
	if (!(s->flags & INLINE_ASCII))
		return text;
	buf_clear(&s->text->scratch);
	ascii_add(text, &s->text->scratch);
	return buf_str(&s->text->scratch);
}

/* Text of which no line break may take anything apart: code spans and URLs. */
static void add_kept(struct state *s, struct str text, uint8_t style, struct str tick)
{
	begin_piece(s, style, tick.len > 0 ? tick : text);
	bool wrap = s->flags & INLINE_WRAP;
	s->text->plain = false;
	if (wrap)
		buf_add_char(s->out, WRAP_KEEP_BEGIN);
	buf_add(s->out, tick);
	size_t from = s->out->len;
	buf_add(s->out, text);
	for (size_t i = from; i < s->out->len; i++)
		if (str_is_blank(s->out->at[i]))
			s->out->at[i] = wrap ? WRAP_BLANK : ' ';
	buf_add(s->out, tick);
	if (wrap)
		buf_add_char(s->out, WRAP_KEEP_END);
	s->visible = true;
}

static void add_number(struct state *s, unsigned number)
{
	if (number == 0)
		return;
	buf_add_char(s->out, '[');
	buf_add_number(s->out, number);
	buf_add_char(s->out, ']');
}

static void add_math(struct state *s, const struct run *run)
{
	const struct style *style = s->text->style;
	if (!(s->flags & INLINE_ASCII)) {
		add_text(s, run->text, run->style);
		return;
	}
	struct math_options options = {
		.macros = s->text->document->macros,
		.flags = MATH_ASCII | (style->math_bold_unicode ? MATH_BOLD_UNICODE : 0u),
	};
	struct buf row = { 0 };
	if (!math_row(run->source, &options, &row))
		buf_add(&row, run->text);
	add_text(s, in_charset(s, buf_str(&row)), run->style);
	buf_free(&row);
}

static void add_sign(struct state *s, char sign)
{
	begin_piece(s, 0, (struct str){ &sign, 1 });
	buf_add_char(s->out, sign);
}

/* An image that stands for itself: "[alt]", in Gopher "[Image: alt: caption][n]". */
static void add_image(struct state *s, const struct run *run)
{
	const struct link *image = &s->text->document->links[run->image];
	add_sign(s, '[');
	if (s->flags & INLINE_GOPHER) {
		struct str word = s->text->style->labels.word[LABEL_IMAGE];
		add_text(s, in_charset(s, word), 0);
		add_sign(s, ':');
		pend(s, PENDING_BLANK, 0);
	}
	add_text(s, in_charset(s, run->text), 0);
	if ((s->flags & INLINE_GOPHER) && image->title.len > 0 &&
	    !str_equal(image->title, run->text)) {
		add_sign(s, ':');
		pend(s, PENDING_BLANK, 0);
		add_text(s, in_charset(s, image->title), 0);
	}
	s->pending = PENDING_NONE;
	buf_add_char(s->out, ']');
	s->visible = true;
	add_number(s, links_use(s->text->links, LINKS_FLOW, run->image));
}

/* The label is complete: its number, and the images in it as links of their own (I03). */
static void end_label(struct state *s)
{
	struct links *links = s->text->links;
	uint32_t index = s->link;
	const struct link *link = &s->text->document->links[index];
	bool gopher = s->flags & INLINE_GOPHER, live = links_is_live(links, index);
	s->link = NO_LINK;
	close_marks(s, s->run < s->end ? wanted_marks(s, s->run->style) : 0);
	if (gopher && live && s->out->len == s->label_start) {
		add_kept(s, in_charset(s, links_url(links, index)), 0, STR("")); /* L15 */
		return;
	}
	bool literal = link->kind == LINK_AUTO &&
		       (gopher || str_starts(str_skip(buf_str(s->out), s->start), STR("=>")));
	if (!literal) /* a URL can be read as it is; so can a link line quoted as text (X01) */
		add_number(s, links_use(links, LINKS_FLOW, index));
	for (const struct run *run = s->link_run; run < s->run; run++) {
		if (run->kind != RUN_IMAGE || !links_is_live(links, run->image))
			continue;
		if (gopher) {
			pend(s, PENDING_BLANK, 0);
			add_image(s, run);
		} else {
			links_use(links, LINKS_FLOW, run->image);
		}
	}
}

static void add_image_run(struct state *s, const struct run *run)
{
	bool label = s->flags & INLINE_LABEL;
	bool in_label = !label && links_is_live(s->text->links, run->link);
	if (label || (in_label && (s->flags & INLINE_GOPHER))) {
		add_text(s, in_charset(s, run->text), run->style);
	} else if (in_label) {
		add_sign(s, '[');
		add_text(s, in_charset(s, run->text), 0);
		s->pending = PENDING_NONE;
		buf_add_char(s->out, ']');
	} else {
		add_image(s, run);
	}
}

static void add_note(struct state *s, const struct run *run)
{
	if (s->flags & INLINE_LABEL)
		return;
	begin_piece(s, run->style, STR("["));
	add_number(s, links_use_note(s->text->links, run->note));
	s->visible = true;
}

static void add_run(struct state *s, const struct run *run)
{
	switch (run->kind) {
	case RUN_TEXT:
		if ((s->flags & INLINE_WRAP) && s->link != NO_LINK &&
		    s->text->document->links[s->link].kind == LINK_AUTO)
			add_kept(s, in_charset(s, run->text), run->style, STR(""));
		else if (run->plain)
			add_plain(s, run->text, run->style);
		else
			add_text(s, in_charset(s, run->text), run->style);
		break;
	case RUN_CODE: add_kept(s, in_charset(s, run->text), run->style, STR("`")); break;
	case RUN_MATH: add_math(s, run); break;
	case RUN_SOFT_BREAK: pend(s, PENDING_SOFT, run->style); break;
	case RUN_HARD_BREAK:
		pend(s, s->flags & INLINE_ONE_LINE ? PENDING_BLANK : PENDING_LINE, run->style);
		break;
	case RUN_IMAGE: add_image_run(s, run); break;
	case RUN_NOTE: add_note(s, run); break;
	default: break;
	}
}

/* A run that belongs to another link than the one before, or to none. */
static void begin_label(struct state *s)
{
	if (s->link != NO_LINK)
		end_label(s);
	s->link = s->run->link;
	s->link_run = s->run;
	s->label_start = s->out->len;
}

bool inline_add_runs(struct inline_text *text, unsigned flags, const struct run *first,
		     uint32_t nruns, struct buf *out)
{
	struct state s = { .text = text,
			   .run = first,
			   .end = first + nruns,
			   .out = out,
			   .start = out->len,
			   .flags = flags,
			   .link = NO_LINK };
	for (; s.run < s.end; s.run++) {
		if (s.run->link != s.link && !(flags & INLINE_LABEL))
			begin_label(&s);
		if (s.run->plain && s.link == NO_LINK && (s.open | s.run->style) == 0 &&
		    s.pending != PENDING_LINE)
			add_unmarked(&s, s.run->text);
		else
			add_run(&s, s.run);
	}
	if (s.link != NO_LINK)
		end_label(&s);
	close_marks(&s, 0);
	if (!s.visible)
		out->len = s.start;
	return s.visible;
}

bool inline_add_words(struct str text, struct buf *out)
{
	struct str words = without_ends(text);
	if (words.len > 0)
		add_line(words, out);
	return words.len > 0;
}

void inline_free(struct inline_text *text)
{
	buf_free(&text->scratch);
}
