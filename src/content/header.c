#include "content/header.h"

#include <stddef.h>

#include "base/utf8.h"
#include "content/header_keys.h"
#include "content/plain.h"

struct reader {
	struct arena *arena, *fault_arena;
	struct fault_list *faults;
	struct str file;
	struct header *header;
	const struct value *best[FIELD_SINGLE];
	size_t rank[FIELD_SINGLE];
	struct buf keywords, addresses, scratch;
	size_t nfaults;
};

static void note_said(struct reader *r, enum header_field field)
{
	r->header->said |= 1u << field;
}

static void complain(struct reader *r, const struct value *v, const char *what)
{
	struct fault fault;
	fault_set(&fault, r->file, v->line, v->column, "`%.*s` %s", STR_ARGS(v->key), what);
	fault_list_add(r->faults, r->fault_arena, &fault);
	r->nfaults++;
}

/* A clean copy of a text, without Markdown marks where people write them. */
static struct str clean(struct reader *r, struct str text, bool markdown)
{
	buf_clear(&r->scratch);
	if (markdown)
		plain_cut(text, r->header->math, 1000, &r->scratch);
	else
		utf8_clean_line(&r->scratch, str_sub(text, 0, 4096));
	if (r->scratch.len == 0)
		return STR("");
	return arena_str(r->arena, buf_str(&r->scratch));
}

/* Appends a clean text as a line of its own. */
static void add_line(struct buf *lines, struct str text)
{
	size_t start = lines->len;
	/* Lists of thousands are a mistake; what they may cost is bounded. */
	if (lines->len > 16384)
		return;
	if (start > 0)
		buf_add_char(lines, '\n');
	size_t before = lines->len;
	utf8_clean_line(lines, str_sub(str_trim(text), 0, 1024));
	if (lines->len == before)
		lines->len = start;
}

static void add_keyword(struct reader *r, struct str text)
{
	text = str_trim(text);
	while (text.len > 1 && text.at[0] == '#')
		text = str_skip(text, 1);
	add_line(&r->keywords, text);
}

/* `a, b` by commas; Jekyll's `tags: a b` by blanks when there is no comma. */
static void split_keywords(struct reader *r, struct str text, bool words)
{
	bool commas = str_find(text, ',', 0) != STR_NOT_FOUND;
	if (!commas && !words) {
		add_keyword(r, text);
		return;
	}
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		bool ends =
		    i == text.len || (commas ? text.at[i] == ',' : str_is_blank(text.at[i]));
		if (!ends)
			continue;
		add_keyword(r, str_sub(text, start, i));
		start = i + 1;
	}
}

static void take_keywords(struct reader *r, const struct value *v, bool words)
{
	if (v->kind == VALUE_SCALAR) {
		split_keywords(r, v->text, words);
	} else if (v->kind == VALUE_LIST) {
		for (const struct value *item = v->first; item != NULL; item = item->next)
			if (item->kind == VALUE_SCALAR)
				add_keyword(r, item->text);
	} else if (v->kind == VALUE_MAP) {
		complain(r, v, "is a list of keywords, not a map");
	}
}

/* `/{{ page.date }}/` is Eleventy's to fill in. */
static bool is_template(struct str text)
{
	return str_find_str(text, STR("{{"), 0) != STR_NOT_FOUND ||
	       str_find_str(text, STR("{%"), 0) != STR_NOT_FOUND;
}

static void add_address(struct reader *r, const struct value *v)
{
	bool truth;
	if (v->kind == VALUE_SCALAR && !value_bool(v, &truth) && !is_template(v->text))
		add_line(&r->addresses, v->text);
}

static void take_addresses(struct reader *r, const struct value *v)
{
	if (v->kind != VALUE_LIST)
		add_address(r, v);
	for (const struct value *item = value_first(v); item != NULL; item = item->next)
		add_address(r, item);
}

static void take_permalink(struct reader *r, const struct value *v)
{
	bool truth;
	note_said(r, FIELD_PERMALINK);
	if (value_bool(v, &truth))
		r->header->no_page = !truth;
	else
		take_addresses(r, v);
}

static bool truth_of(const struct value *v, bool *truth)
{
	struct value plain = *v;
	plain.quoted = false; /* `draft: "true"` means what it says */
	return value_bool(&plain, truth);
}

/* What is neither true nor false stays hidden: nothing is published by a slip of the pen. */
static void take_draft(struct reader *r, const struct value *v, bool means_draft)
{
	bool truth;
	note_said(r, FIELD_DRAFT);
	if (truth_of(v, &truth)) {
		r->header->draft = r->header->draft || truth == means_draft;
		return;
	}
	complain(r, v, "is neither true nor false");
	r->header->draft = true;
}

static void note_best(struct reader *r, enum header_field field, size_t rank, const struct value *v)
{
	if (r->best[field] != NULL && r->rank[field] <= rank)
		return;
	r->best[field] = v;
	r->rank[field] = rank;
	note_said(r, field);
}

static void take_member(struct reader *r, enum header_field field, size_t rank,
			const struct value *v)
{
	struct date date;
	switch (field) {
	case FIELD_DRAFT: take_draft(r, v, true); break;
	case FIELD_PUBLISHED:
		if (v->kind == VALUE_SCALAR && date_parse(v->text, &date))
			note_best(r, FIELD_DATE, rank, v);
		else
			take_draft(r, v, false);
		break;
	case FIELD_KEYWORDS: take_keywords(r, v, false); break;
	case FIELD_WORDS: take_keywords(r, v, true); break;
	case FIELD_ALIASES: take_addresses(r, v); break;
	case FIELD_PERMALINK: take_permalink(r, v); break;
	default: note_best(r, field, rank, v);
	}
}

/* Zola's and Hugo's inner maps hold some of the same keys; the outer ones win. */
static bool is_inner_map(struct str name)
{
	return str_equal_nocase(name, STR("taxonomies")) || str_equal_nocase(name, STR("params")) ||
	       str_equal_nocase(name, STR("extra"));
}

/* `slug: ""`, as templates leave it: another name of the field may say something. */
static bool says_nothing(const struct value *v)
{
	return v->kind == VALUE_NULL || (v->kind == VALUE_SCALAR && str_trim(v->text).len == 0);
}

/* In Eleventy `override:tags` are tags that stand in place of those of data files. */
static bool find_override(struct str name, enum header_field *field, size_t *rank)
{
	static const struct str mark = STR_INIT("override:");
	return str_starts(name, mark) && header_find_key(str_skip(name, mark.len), field, rank);
}

static void take_members(struct reader *r, const struct value *map, size_t later)
{
	for (const struct value *v = value_first(map); v != NULL; v = v->next) {
		enum header_field field;
		size_t rank;
		if (says_nothing(v))
			continue;
		if (header_find_key(v->key, &field, &rank)) {
			take_member(r, field, rank + later, v);
		} else if (find_override(v->key, &field, &rank)) {
			take_member(r, field, rank + later, v);
			if (field == FIELD_WORDS)
				field = FIELD_KEYWORDS;
			note_said(r, field);
		} else if (later == 0 && v->kind == VALUE_MAP && is_inner_map(v->key)) {
			take_members(r, v, HEADER_RANKS);
		}
	}
}

static struct str read_text(struct reader *r, enum header_field field, bool markdown)
{
	const struct value *v = r->best[field];
	if (v == NULL)
		return STR("");
	if (v->kind == VALUE_SCALAR)
		return clean(r, v->text, markdown);
	complain(r, v, "is one text, not a list or map");
	return STR("");
}

static void read_date(struct reader *r, enum header_field field, struct date *date)
{
	const struct value *v = r->best[field];
	if (v == NULL || (v->kind == VALUE_SCALAR && date_parse(v->text, date)))
		return;
	/* A day is a day, whatever is wrong with the hours behind it. */
	if (v->kind != VALUE_SCALAR || !date_parse(str_sub(v->text, 0, 10), date))
		*date = (struct date){ 0 };
	complain(r, v, "is no date: write 2020-05-25 or 2020-05-25T14:30:00Z");
}

static const struct value *get_nocase(const struct value *map, struct str key)
{
	for (const struct value *v = value_first(map); v != NULL; v = v->next)
		if (str_equal_nocase(v->key, key))
			return v;
	return NULL;
}

/* The name of an author or a series: the text, or the map's `name` or `title`. */
static struct str name_of(const struct value *v)
{
	if (v->kind == VALUE_MAP) {
		const struct value *name = get_nocase(v, STR("name"));
		v = name ? name : get_nocase(v, STR("title"));
	}
	return v != NULL && v->kind == VALUE_SCALAR ? v->text : STR("");
}

/* `en_US.UTF-8` means en-US; a tag goes out in headers, so it is letters, digits and hyphens. */
static void read_lang(struct reader *r)
{
	struct str lang = read_text(r, FIELD_LANG, false);
	lang = str_sub(lang, 0, str_find(lang, '.', 0));
	bool valid = lang.len <= 35;
	for (size_t i = 0; i < lang.len; i++) {
		if (lang.at[i] == '_')
			((char *)lang.at)[i] = '-'; /* a copy of ours */
		valid = valid &&
			(str_is_alpha(lang.at[i]) || str_is_digit(lang.at[i]) || lang.at[i] == '-');
	}
	if (valid)
		r->header->lang = lang;
	else
		complain(r, r->best[FIELD_LANG], "is no language: write `en` or `pt-BR`");
}

static void read_author(struct reader *r)
{
	const struct value *v = r->best[FIELD_AUTHOR];
	struct buf names = { 0 };
	if (v == NULL)
		return;
	if (v->kind != VALUE_LIST) {
		buf_add(&names, name_of(v));
	} else {
		for (const struct value *item = v->first; item != NULL; item = item->next) {
			struct str name = name_of(item);
			if (name.len > 0 && names.len > 0)
				buf_add(&names, STR(", "));
			buf_add(&names, name);
		}
	}
	r->header->author = clean(r, buf_str(&names), false);
	buf_free(&names);
}

static void read_number(struct reader *r, const struct value *v, int32_t *number)
{
	uint64_t n;
	struct str text = v->kind == VALUE_SCALAR ? str_trim(v->text) : STR("");
	bool negative = str_starts(text, STR("-")), sign = negative || str_starts(text, STR("+"));
	if (str_number(str_skip(text, sign), INT32_MAX, &n))
		*number = negative ? -(int32_t)n : (int32_t)n;
	else
		complain(r, v, "is no whole number");
}

static void read_series(struct reader *r)
{
	const struct value *v = r->best[FIELD_SERIES];
	bool truth;
	if (v != NULL && v->kind == VALUE_LIST)
		v = v->first;
	if (v == NULL || v->kind == VALUE_NULL || (value_bool(v, &truth) && !truth))
		return;
	r->header->series = clean(r, name_of(v), true);
	const struct value *part = get_nocase(v, STR("part"));
	if (part == NULL)
		part = get_nocase(v, STR("order"));
	if (part == NULL)
		part = get_nocase(v, STR("weight"));
	if (part != NULL) {
		note_said(r, FIELD_WEIGHT);
		read_number(r, part, &r->header->weight);
	}
}

/* A reference, or the first of a list, or a map's `image`. */
static void read_cover(struct reader *r)
{
	static const struct str names[] = { STR_INIT("image"), STR_INIT("src"), STR_INIT("url"),
					    STR_INIT("path") };
	const struct value *v = r->best[FIELD_COVER], *inner = NULL;
	if (v != NULL && v->kind == VALUE_LIST)
		v = v->first;
	for (size_t i = 0;
	     v != NULL && v->kind == VALUE_MAP && i < sizeof names / sizeof *names && inner == NULL;
	     i++)
		inner = get_nocase(v, names[i]);
	v = inner ? inner : v;
	bool truth;
	if (v != NULL && v->kind == VALUE_SCALAR && !value_bool(v, &truth))
		r->header->cover = clean(r, v->text, false);
}

static void read_single_fields(struct reader *r)
{
	struct header *h = r->header;
	bool math = true;
	if (r->best[FIELD_MATH] != NULL && truth_of(r->best[FIELD_MATH], &math))
		h->math = h->math && math;
	h->title = read_text(r, FIELD_TITLE, true);
	h->list_title = read_text(r, FIELD_LIST_TITLE, true);
	h->description = read_text(r, FIELD_DESCRIPTION, true);
	h->slug = read_text(r, FIELD_SLUG, false);
	read_lang(r);
	h->license = read_text(r, FIELD_LICENSE, true);
	read_date(r, FIELD_DATE, &h->date);
	read_date(r, FIELD_UPDATED, &h->updated);
	read_date(r, FIELD_EXPIRES, &h->expires);
	if (r->best[FIELD_WEIGHT] != NULL)
		read_number(r, r->best[FIELD_WEIGHT], &h->weight);
	read_author(r);
	read_series(r);
	read_cover(r);
	/* Lists of links belong to other programs; a mode is a word. */
	const struct value *links = r->best[FIELD_LINKS], *kind = r->best[FIELD_KIND];
	if (links != NULL && links->kind == VALUE_SCALAR)
		h->links = clean(r, links->text, false);
	h->is_page =
	    kind != NULL && kind->kind == VALUE_SCALAR && str_equal_nocase(kind->text, STR("page"));
}

size_t header_read(struct arena *arena, const struct value *top, struct str file, bool math,
		   struct header *h, struct fault_list *faults, struct arena *fault_arena)
{
	struct reader r = { .arena = arena,
			    .fault_arena = fault_arena,
			    .faults = faults,
			    .file = file,
			    .header = h };
	*h = (struct header){ .math = math };
	take_members(&r, top, 0);
	read_single_fields(&r);
	h->keywords = arena_str(arena, buf_str(&r.keywords));
	h->addresses = arena_str(arena, buf_str(&r.addresses));
	buf_free(&r.keywords);
	buf_free(&r.addresses);
	buf_free(&r.scratch);
	return r.nfaults;
}

/* ---- what is said elsewhere ---- */

/* The values that one field has, and where they are. */
#define MEMBER(name) offsetof(struct header, name), sizeof(((struct header *)0)->name)
static const struct member {
	enum header_field field;
	size_t at, size;
	bool is_text;
} members[] = {
	{ FIELD_TITLE, MEMBER(title), true },
	{ FIELD_LIST_TITLE, MEMBER(list_title), true },
	{ FIELD_DESCRIPTION, MEMBER(description), true },
	{ FIELD_SLUG, MEMBER(slug), true },
	{ FIELD_LANG, MEMBER(lang), true },
	{ FIELD_AUTHOR, MEMBER(author), true },
	{ FIELD_LICENSE, MEMBER(license), true },
	{ FIELD_COVER, MEMBER(cover), true },
	{ FIELD_LINKS, MEMBER(links), true },
	{ FIELD_SERIES, MEMBER(series), true },
	{ FIELD_DATE, MEMBER(date), false },
	{ FIELD_UPDATED, MEMBER(updated), false },
	{ FIELD_EXPIRES, MEMBER(expires), false },
	{ FIELD_WEIGHT, MEMBER(weight), false },
	{ FIELD_MATH, MEMBER(math), false },
	{ FIELD_DRAFT, MEMBER(draft), false },
	{ FIELD_PERMALINK, MEMBER(no_page), false },
};

static void copy_member(struct arena *arena, struct header *h, const struct header *from,
			const struct member *member)
{
	void *to = (char *)h + member->at;
	memcpy(to, (const char *)from + member->at, member->size);
	if (member->is_text)
		*(struct str *)to = arena_str(arena, *(struct str *)to);
}

static struct str join_lines(struct arena *arena, struct str first, struct str second)
{
	if (second.len == 0)
		return first;
	return arena_format(arena, "%.*s%s%.*s", STR_ARGS(first), first.len > 0 ? "\n" : "",
			    STR_ARGS(second));
}

static bool has_said(const struct header *h, enum header_field field)
{
	return (h->said & 1u << field) != 0;
}

void header_complete(struct arena *arena, struct header *h, const struct header *data)
{
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (!has_said(h, members[i].field) && has_said(data, members[i].field))
			copy_member(arena, h, data, &members[i]);
	if (!has_said(h, FIELD_KEYWORDS))
		h->keywords = join_lines(arena, h->keywords, data->keywords);
	h->addresses = join_lines(arena, h->addresses, data->addresses);
	h->said |= data->said;
}

bool header_says_something(const struct header *h)
{
	return (h->said & ~(1u << FIELD_KIND)) != 0 || h->keywords.len > 0 || h->addresses.len > 0;
}
