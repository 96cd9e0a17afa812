#include "base/utf8.h"
#include "math/math_print.h"
#include "math/math_symbols.h"

void math_insert(struct buf *out, size_t at, struct str text)
{
	size_t tail = out->len - at;
	buf_add(out, text); /* for the room */
	memmove(out->at + at + text.len, out->at + at, tail);
	memcpy(out->at + at, text.at, text.len);
}

static struct str printed(const struct math_printer *p, size_t from, size_t to)
{
	return (struct str){ p->out->at + from, to - from };
}

/* Every letter of the text as a small one, in its place; false when one is missing. */
static bool make_small(struct buf *out, size_t start, bool raised)
{
	char small[1024];
	struct buf mapped = { small, 0, sizeof small };
	struct str text = { out->at + start, out->len - start };
	if (text.len > sizeof small / 4)
		return false;
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		code = raised ? math_superscript(code) : math_subscript(code);
		if (code == 0)
			return false;
		utf8_encode(&mapped, code);
	}
	out->len = start;
	buf_add(out, buf_str(&mapped));
	return true;
}

static bool is_letters(struct str text)
{
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		if (!utf8_is_letter(code))
			return false;
	}
	return true;
}

/* \text{in} is a word, not the letters i and n. */
static bool has_text_word(const struct math_node *list)
{
	for (; list != NULL; list = list->next) {
		if (list->kind == MATH_GROUP && has_text_word(list->body))
			return true;
		if (list->kind == MATH_TEXT && utf8_columns(list->text) > 1)
			return true;
	}
	return false;
}

static bool is_plain_word(const struct math_node *list)
{
	for (; list != NULL; list = list->next) {
		if (list->left != MATH_ORD && list->left != MATH_OP)
			return false;
		if (list->kind == MATH_GROUP ? !is_plain_word(list->body)
					     : list->kind != MATH_ATOM && list->kind != MATH_TEXT)
			return false;
	}
	return true;
}

static bool is_token(const struct math_printer *p, const struct math_node *list)
{
	while (list != NULL && list->next == NULL && list->kind == MATH_GROUP)
		list = list->body;
	if (list == NULL || list->next != NULL)
		return false;
	return list->kind == MATH_ATOM || (list->kind == MATH_ACCENT && !(p->flags & MATH_ASCII));
}

enum math_script_form math_print_script(struct math_printer *p, const struct math_node *list,
					bool raised)
{
	size_t start = p->out->len;
	bool tight = p->tight;
	p->tight = true;
	math_print_list(p, list);
	p->tight = tight;
	if (p->out->len == start)
		return MATH_SCRIPT_EMPTY;
	if (!(p->flags & MATH_ASCII) && !has_text_word(list) && make_small(p->out, start, raised))
		return MATH_SCRIPT_SMALL;
	struct str text = printed(p, start, p->out->len);
	bool word = is_token(p, list) || (is_plain_word(list) && is_letters(text));
	math_insert(p->out, start, raised ? STR("^") : STR("_"));
	if (!word) {
		math_insert(p->out, start + 1, STR("("));
		buf_add_char(p->out, ')');
	}
	p->spelled = p->out->len;
	return word ? MATH_SCRIPT_WORD : MATH_SCRIPT_PARENTHESES;
}

void math_print_primes(struct math_printer *p, unsigned count)
{
	static const struct str primes[] = { STR_INIT("′"), STR_INIT("″"), STR_INIT("‴"),
					     STR_INIT("⁗") };
	while (count > 0) {
		unsigned n = count > 4 ? 4 : count;
		if (p->flags & MATH_ASCII)
			buf_repeat(p->out, STR("'"), n);
		else
			buf_add(p->out, primes[n - 1]);
		count -= n;
	}
}

bool math_print_radical(struct math_printer *p, const struct math_node *index)
{
	size_t start = p->out->len;
	bool ascii = (p->flags & MATH_ASCII) != 0, tight = p->tight;
	p->tight = true;
	math_print_list(p, index);
	p->tight = tight;
	struct str text = printed(p, start, p->out->len);
	if (index == NULL || str_equal(text, STR("2"))) {
		p->out->len = start;
		buf_add(p->out, ascii ? STR("sqrt") : STR("√"));
	} else if (ascii) {
		math_insert(p->out, start, STR("root_"));
	} else if (str_equal(text, STR("3")) || str_equal(text, STR("4"))) {
		bool cube = text.at[0] == '3';
		p->out->len = start;
		buf_add(p->out, cube ? STR("∛") : STR("∜"));
	} else if (make_small(p->out, start, true)) {
		buf_add(p->out, STR("√"));
	} else {
		return false;
	}
	return true;
}

/* How many characters of some width the text has. */
static size_t count_letters(struct str text, bool *plain)
{
	size_t count = 0;
	*plain = true;
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		if (!math_is_word_code(code))
			*plain = false;
		count += utf8_width(code) > 0;
	}
	return count;
}

static void mark_each(struct buf *out, size_t start, uint32_t mark)
{
	struct buf marked = { 0 };
	struct str text = { out->at + start, out->len - start };
	while (text.len > 0) {
		uint32_t code;
		text = str_skip(text, utf8_decode(text, &code));
		utf8_encode(&marked, code);
		if (utf8_width(code) > 0)
			utf8_encode(&marked, mark);
	}
	out->len = start;
	buf_add(out, buf_str(&marked));
	buf_free(&marked);
}

/* Latin letters have most of their marks composed. */
static void mark_one(struct buf *out, size_t start, uint32_t mark, bool below)
{
	struct str text = { out->at + start, out->len - start };
	uint32_t code;
	if (!below && (str_equal(text, STR("ı")) || str_equal(text, STR("ȷ")))) {
		char dotted = str_equal(text, STR("ı")) ? 'i' : 'j';
		out->len = start;
		buf_add_char(out, dotted);
	}
	utf8_encode(out, mark);
	text = (struct str){ out->at + start, out->len - start };
	utf8_decode(text, &code);
	if (code >= 0x250)
		return;
	struct buf composed = { 0 };
	utf8_compose(&composed, text);
	out->len = start;
	buf_add(out, buf_str(&composed));
	buf_free(&composed);
}

bool math_print_accent(struct math_printer *p, const struct math_node *node)
{
	size_t start = p->out->len;
	bool plain;
	math_print_list(p, node->body);
	size_t count = count_letters(printed(p, start, p->out->len), &plain);
	bool marks = !(p->flags & MATH_ASCII);
	if (count == 0)
		return true;
	if (marks && node->accent->each && plain) {
		mark_each(p->out, start, node->accent->mark);
	} else if (marks && count == 1) {
		mark_one(p->out, start, node->accent->mark, node->accent->below);
	} else {
		math_insert(p->out, start, STR("("));
		math_insert(p->out, start, node->accent->name);
		buf_add_char(p->out, ')');
		return false;
	}
	return true;
}

void math_print_spelled(struct math_printer *p, const struct math_node *list, char sign)
{
	if (list == NULL)
		return;
	bool tight = p->tight;
	buf_add_char(p->out, sign);
	p->tight = true;
	size_t start = p->out->len;
	math_print_list(p, list);
	struct str text = printed(p, start, p->out->len);
	if (!is_token(p, list) && !(is_plain_word(list) && is_letters(text))) {
		math_insert(p->out, start, STR("("));
		buf_add_char(p->out, ')');
	}
	p->tight = tight;
	p->spelled = p->out->len;
}
