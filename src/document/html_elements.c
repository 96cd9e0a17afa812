#include "document/html_elements.h"

#include "base/utf8.h"
#include "document/code_info.h"
#include "document/entities.h"
#include "document/html_media.h"
#include "document/target.h"
#include "math/math.h"

static bool is_inline_only(const struct html *h)
{
	return flow_is_one_line(h->flow) && !h->in_heading;
}

static void start_heading(struct html *h, unsigned level)
{
	if (is_inline_only(h) || h->tables > 0) {
		html_break(h);
		return;
	}
	flow_begin_leaf(h->flow, BLOCK_HEADING, level);
	h->in_heading = true;
}

static void end_heading(struct html *h)
{
	if (!h->in_heading) {
		html_break(h);
		return;
	}
	h->in_heading = false;
	flow_end_leaf(h->flow);
}

static unsigned number_attribute(const struct html_tag *tag, struct str name, unsigned otherwise)
{
	uint64_t number;
	return str_number(html_attribute(tag, name), 1000000000, &number) ? (unsigned)number
									  : otherwise;
}

static void start_list(struct html *h, enum html_role role, const struct html_tag *tag)
{
	if (is_inline_only(h)) {
		html_break(h);
		return;
	}
	struct block *list = flow_open(h->flow, BLOCK_LIST, FLOW_HTML, html_tag(role));
	if (list == NULL)
		return;
	list->number = number_attribute(tag, STR("start"), 1);
	list->delimiter = role == HTML_NUMBERS ? '.' : 0;
	h->flow->open[h->flow->nopen - 1].next_number = list->number;
}

/* True when a list of HTML is the nearest container but for items. */
static struct flow_container *nearest_list(struct flow *f)
{
	for (unsigned i = f->nopen; i > 0 && f->open[i - 1].origin == FLOW_HTML; i--) {
		if (f->open[i - 1].kind == BLOCK_LIST)
			return &f->open[i - 1];
		if (f->open[i - 1].kind != BLOCK_ITEM)
			break;
	}
	return NULL;
}

static void start_item(struct html *h, const struct html_tag *tag)
{
	struct flow *f = h->flow;
	if (is_inline_only(h)) {
		html_break(h);
		return;
	}
	flow_end_leaf(f);
	struct flow_container *list = nearest_list(f);
	while (list != NULL && &f->open[f->nopen - 1] > list)
		flow_close_tag(f, FLOW_HTML, f->open[f->nopen - 1].tag);
	if (list == NULL) {
		if (flow_open(f, BLOCK_LIST, FLOW_HTML, 0) == NULL)
			return;
		list = &f->open[f->nopen - 1];
		list->implicit = true;
	}
	uint32_t number = number_attribute(tag, STR("value"), list->next_number);
	list->next_number = number + 1;
	struct block *item = flow_open(f, BLOCK_ITEM, FLOW_HTML, html_tag(HTML_ITEM));
	if (item != NULL)
		item->number = number;
}

/* GitHub, Jekyll and Hugo say the language in the class of <pre> or of <code> in it. */
static struct str class_language(struct str class)
{
	static const struct str prefixes[] = { STR_INIT("language-"), STR_INIT("lang-"),
					       STR_INIT("highlight-") };
	struct str word;
	bool more;
	do {
		more = str_cut(&class, ' ', &word);
		for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
			if (str_starts_nocase(word, prefixes[i]))
				return str_skip(word, prefixes[i].len);
	} while (more);
	return STR("");
}

static void start_capture(struct html *h, enum html_capture capture, const struct html_tag *tag)
{
	struct str language = class_language(html_words(h, tag, STR("class")));
	if (h->capture == CAPTURE_CODE && capture == CAPTURE_CODE)
		return; /* one within another is the same */
	if (h->capture == CAPTURE_CODE)
		html_end_capture(h);
	if (h->capture == CAPTURE_PRE) {
		if (h->language.len == 0)
			h->language = language;
		return;
	}
	if (capture == CAPTURE_PRE && is_inline_only(h))
		capture = CAPTURE_CODE;
	if (capture == CAPTURE_PRE)
		flow_end_leaf(h->flow);
	h->capture = capture;
	h->language = language;
	buf_clear(&h->captured);
}

void html_end_capture(struct html *h)
{
	struct flow *f = h->flow;
	struct str text = buf_str(&h->captured);
	if (h->capture == CAPTURE_CODE) {
		flow_code_span(f, flow_line(f, text));
	} else {
		if (str_starts(text, STR("\n")))
			text = str_skip(text, 1);
		text = arena_str(f->arena, str_trim_end(text));
		struct buf info = { 0 };
		code_info(h->language, &info);
		flow_code(f, text, arena_str(f->arena, buf_str(&info)));
		buf_free(&info);
	}
	h->capture = CAPTURE_NONE;
}

/* Rows are lines, cells are joined by bars (M01). */
static void start_row(struct html *h)
{
	flow_break(h->flow, RUN_HARD_BREAK);
	h->row_begun = false;
	h->row_blocks = h->flow->document->nblocks;
}

static void start_cell(struct html *h)
{
	struct flow *f = h->flow;
	bool first = !h->row_begun;
	h->row_begun = true;
	if (first || h->tables == 0)
		return;
	flow_drop_breaks(f);
	if (f->leaf_open)
		flow_text(f, STR(" | "));
	else if (f->document->nblocks == h->row_blocks)
		flow_text(f, STR("| "));
}

static void start_table(struct html *h)
{
	if (h->tables++ == 0)
		html_break(h);
	start_row(h);
}

static void end_table(struct html *h)
{
	if (h->tables > 0 && --h->tables == 0)
		html_break(h);
	else
		start_row(h);
}

static void start_definition(struct html *h, enum html_role role)
{
	struct flow *f = h->flow;
	h->in_heading = false;
	if (flow_find_tag(f, FLOW_HTML, html_tag(HTML_DEFINITIONS)) == NULL) {
		html_break(h);
		return;
	}
	flow_end_leaf(f);
	flow_close_tag(f, FLOW_HTML, html_tag(HTML_DEFINITION));
	if (role == HTML_DEFINITION) {
		flow_open(f, BLOCK_DEFINITION, FLOW_HTML, html_tag(HTML_DEFINITION));
		return;
	}
	flow_begin_leaf(f, BLOCK_TERM, 0);
	h->in_heading = true;
}

static void start_script(struct html *h, bool raised)
{
	if (h->nscripts == HTML_SCRIPTS)
		return;
	h->scripts[h->nscripts].mark = flow_mark(h->flow);
	h->scripts[h->nscripts++].raised = raised;
}

/* Every character small, or false: a script is converted as a whole or not at all. */
static bool small_letters(struct str text, bool raised, struct buf *out)
{
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		if (code == '-')
			code = 0x2212; /* the minus that Unicode has a small one of */
		uint32_t small = raised ? math_superscript(code) : math_subscript(code);
		if (small == 0)
			return false;
		utf8_encode(out, small);
	}
	return true;
}

static bool is_one_word(struct str text)
{
	uint32_t code;
	size_t first = text.len > 0 ? utf8_decode(text, &code) : 0;
	bool letters = true;
	for (size_t at = 0; at < text.len && letters;) {
		at += utf8_decode(str_skip(text, at), &code);
		letters = utf8_is_letter(code);
	}
	return letters || first == text.len;
}

/* The text since the mark, unless something else than text is among it. */
static bool text_since(const struct document *d, struct flow_mark mark, struct buf *text)
{
	for (uint32_t i = mark.run; i < d->nruns; i++) {
		if (d->runs[i].kind != RUN_TEXT || d->runs[i].link != d->runs[mark.run].link)
			return false;
		buf_add(text, d->runs[i].text);
	}
	return true;
}

static void end_script(struct html *h)
{
	if (h->nscripts == 0)
		return;
	struct flow_mark mark = h->scripts[--h->nscripts].mark;
	bool raised = h->scripts[h->nscripts].raised;
	struct buf text = { 0 }, script = { 0 };
	if (flow_is_marked(h->flow, mark) && text_since(h->flow->document, mark, &text)) {
		struct str plain = str_trim(buf_str(&text));
		if (!small_letters(plain, raised, &script)) {
			buf_clear(&script);
			bool word = is_one_word(plain);
			buf_add(&script, raised ? STR("^") : STR("_"));
			buf_add(&script, word ? STR("") : STR("("));
			buf_add(&script, plain);
			buf_add(&script, word ? STR("") : STR(")"));
		}
		flow_replace(h->flow, mark, arena_str(h->flow->arena, buf_str(&script)));
	}
	buf_free(&script);
	buf_free(&text);
}

static void start_link(struct html *h, const struct html_tag *tag, bool closed)
{
	struct flow *f = h->flow;
	flow_end_link(f, FLOW_HTML);
	if (!html_has_attribute(tag, STR("href")))
		return;
	struct str href = entity_decode(html_attribute(tag, STR("href")), ENTITY_HTML, f->arena);
	struct target target = cuts_target(h->cuts, href, f);
	href = cuts_restore_url(h->cuts, href, f->arena);
	flow_begin_link(f, FLOW_HTML, LINK_TEXT, target, href, html_words(h, tag, STR("title")));
	if (!closed)
		flow_end_link(f, FLOW_HTML);
}

static void start_style(unsigned *flow_count, unsigned *count)
{
	(*flow_count)++;
	(*count)++;
}

static void end_style(unsigned *flow_count, unsigned *count)
{
	if (*count == 0)
		return;
	(*flow_count)--;
	(*count)--;
}

/* Two in a row are what a paragraph's end is written as by hand. */
static void break_line(struct html *h)
{
	if (h->capture != CAPTURE_NONE)
		buf_add_char(&h->captured, '\n');
	else if (h->tables > 0)
		flow_break(h->flow, RUN_SOFT_BREAK); /* cells are one line (G-4) */
	else if (flow_is_after_break(h->flow) && !flow_is_one_line(h->flow))
		flow_end_leaf(h->flow);
	else
		flow_break(h->flow, RUN_HARD_BREAK);
}

static void start_container(struct html *h, enum block_kind kind, enum html_role role)
{
	if (is_inline_only(h))
		html_break(h);
	else
		flow_open(h->flow, kind, FLOW_HTML, html_tag(role));
}

static void end_container(struct html *h, enum html_role role)
{
	if (!flow_close_tag(h->flow, FLOW_HTML, html_tag(role)))
		html_break(h);
}

static void start_block(struct html *h, enum html_role role, unsigned level,
			const struct html_tag *tag)
{
	switch (role) {
	case HTML_BREAK: html_break(h); break;
	case HTML_HEADING: start_heading(h, level); break;
	case HTML_BULLETS:
	case HTML_NUMBERS: start_list(h, role, tag); break;
	case HTML_ITEM: start_item(h, tag); break;
	case HTML_BLOCKQUOTE: start_container(h, BLOCK_QUOTE, role); break;
	case HTML_PRE: start_capture(h, CAPTURE_PRE, tag); break;
	case HTML_TABLE: start_table(h); break;
	case HTML_ROW: start_row(h); break;
	case HTML_CELL: start_cell(h); break;
	case HTML_DEFINITIONS: start_container(h, BLOCK_DEFINITIONS, role); break;
	case HTML_TERM:
	case HTML_DEFINITION: start_definition(h, role); break;
	case HTML_RULE: flow_is_one_line(h->flow) ? html_break(h) : flow_rule(h->flow); break;
	case HTML_EMBED: html_add_embed(h, tag); break;
	case HTML_SOURCE:
		if (h->embed_wants_source)
			html_add_embed(h, tag);
		break;
	case HTML_FIGURE: html_start_figure(h); break;
	case HTML_CAPTION: html_start_caption(h); break;
	default: break;
	}
}

void html_start_element(struct html *h, enum html_role role, unsigned level,
			const struct html_tag *tag, bool closed)
{
	struct flow *f = h->flow;
	if (h->capture == CAPTURE_PRE && role != HTML_CODE && role != HTML_LINE)
		return;
	switch (role) {
	case HTML_EMPHASIS:
		if (!h->in_block)
			start_style(&f->emphasis, &h->emphasis);
		break;
	case HTML_STRONG:
		if (!h->in_block)
			start_style(&f->strong, &h->strong);
		break;
	case HTML_STRIKE: start_style(&f->strike, &h->strike); break;
	case HTML_CODE: start_capture(h, CAPTURE_CODE, tag); break;
	case HTML_RAISED:
	case HTML_LOWERED: start_script(h, role == HTML_RAISED); break;
	case HTML_QUOTATION: flow_text(f, STR("“")); break;
	case HTML_READING: flow_text(f, STR("(")); break;
	case HTML_LINK: start_link(h, tag, closed); break;
	case HTML_IMAGE: html_add_image(h, tag); break;
	case HTML_LINE: break_line(h); break;
	default: start_block(h, role, level, tag); break;
	}
}

static void end_block(struct html *h, enum html_role role)
{
	switch (role) {
	case HTML_BREAK: html_break(h); break;
	case HTML_HEADING:
	case HTML_TERM: end_heading(h); break;
	case HTML_BULLETS:
	case HTML_NUMBERS:
	case HTML_ITEM:
	case HTML_BLOCKQUOTE:
	case HTML_DEFINITIONS:
	case HTML_DEFINITION: end_container(h, role); break;
	case HTML_PRE:
		if (h->capture == CAPTURE_PRE)
			html_end_capture(h);
		break;
	case HTML_TABLE: end_table(h); break;
	case HTML_EMBED: h->embed_wants_source = false; break;
	case HTML_FIGURE:
		html_break(h);
		h->in_figure = false;
		break;
	case HTML_CAPTION: html_end_caption(h); break;
	default: break;
	}
}

void html_end_element(struct html *h, enum html_role role)
{
	struct flow *f = h->flow;
	if (h->capture == CAPTURE_PRE && role != HTML_PRE)
		return;
	switch (role) {
	case HTML_EMPHASIS: end_style(&f->emphasis, &h->emphasis); break;
	case HTML_STRONG: end_style(&f->strong, &h->strong); break;
	case HTML_STRIKE: end_style(&f->strike, &h->strike); break;
	case HTML_CODE:
		if (h->capture == CAPTURE_CODE)
			html_end_capture(h);
		break;
	case HTML_RAISED:
	case HTML_LOWERED: end_script(h); break;
	case HTML_QUOTATION: flow_text(f, STR("”")); break;
	case HTML_READING: flow_text(f, STR(")")); break;
	case HTML_LINK: flow_end_link(f, FLOW_HTML); break;
	default: end_block(h, role); break;
	}
}
