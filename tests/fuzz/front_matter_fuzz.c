/*
 * Any bytes as the beginning of a post: a header ends within the file, is found alike however
 * much of it is read at once, and whatever it says comes out clean.
 */
#include <assert.h>

#include "base/utf8.h"
#include "content/front_matter.h"
#include "content/header.h"
#include "content/old_address.h"
#include "content/plain.h"
#include "content/post.h"

static void check_clean(struct str s, bool lines)
{
	assert(utf8_valid(s));
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		assert((c >= 0x20 && c != 0x7f) || (lines && c == '\n'));
	}
}

static void check_fault(const struct fault *fault)
{
	assert(fault->line >= 1 && fault->column >= 1 && fault->text[0] != '\0');
}

static void check_split(struct str bytes)
{
	struct front_matter whole, part;
	assert(front_matter_split(bytes, true, &whole));
	assert(whole.body_offset <= bytes.len);
	if (whole.form != FRONT_MATTER_NONE)
		assert(whole.text.at >= bytes.at &&
		       whole.text.at + whole.text.len <= bytes.at + whole.body_offset);
	/* Some prefixes, more densely at the beginning. */
	for (size_t n = 0; n < bytes.len; n += 1 + n / 8) {
		if (!front_matter_split(str_sub(bytes, 0, n), false, &part))
			continue;
		assert(part.form == whole.form && part.body_offset == whole.body_offset);
		assert(part.closed == whole.closed);
	}
}

static void check_header(struct arena *arena, struct str bytes)
{
	struct front_matter matter;
	struct value *top;
	struct fault fault;
	struct fault_list faults = { 0 };
	struct header h;
	front_matter_split(bytes, true, &matter);
	if (!front_matter_parse(arena, &matter, STR("x.md"), &top, &fault))
		check_fault(&fault);
	header_read(arena, top, STR("x.md"), true, &h, &faults, arena);
	for (size_t i = 0; i < faults.count; i++)
		check_fault(&faults.at[i]);
	const struct str texts[] = { h.title,  h.list_title, h.description, h.slug,  h.lang,
				     h.author, h.license,    h.cover,       h.links, h.series };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_clean(texts[i], false);
	header_complete(arena, &h, &h);
	check_clean(h.keywords, true);
	check_clean(h.addresses, true);
}

static void check_post(struct arena *arena, struct str bytes)
{
	struct fault_list faults = { 0 };
	struct post_parser parser = { .arena = arena, .faults = &faults, .fault_arena = arena };
	struct record record;
	post_parse(&parser, STR("a/2020-01-02-x.md"), false, bytes, true, &record);
	check_clean(record.post.title, false);
	check_clean(record.post.description, false);
	check_clean(record.post.slug, false);
	assert(record.post.title.len > 0 && record.post.slug.len > 0);
	assert(str_find(record.post.slug, '/', 0) == STR_NOT_FOUND || record.source.is_page);
	assert(record.post.slug.at[0] != '.' && date_is_set(&record.post.date));
	arena_free(&parser.work);
	buf_free(&parser.scratch);
}

static void check_texts(struct str bytes)
{
	struct buf out = { 0 };
	plain_cut(bytes, true, 40, &out);
	assert(utf8_columns(buf_str(&out)) <= 40);
	check_clean(buf_str(&out), false);
	buf_clear(&out);
	catalogue_slug(bytes, &out);
	assert(str_find(buf_str(&out), '/', 0) == STR_NOT_FOUND);
	buf_clear(&out);
	old_address_key(bytes, &out);
	assert(out.len == 0 || (out.at[0] != '/' && out.at[out.len - 1] != '/'));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct str bytes = { (const char *)data, size };
	check_split(bytes);
	check_header(&arena, bytes);
	check_post(&arena, bytes);
	check_texts(bytes);
	arena_free(&arena);
	return 0;
}
