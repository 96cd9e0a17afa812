/*
 * Any change of a stamp's bytes: what a catalogue wrote is read back as it was; what was changed,
 * and bears the checksum that goes with it, is refused or comes to a catalogue as sound as one
 * that was read from files.
 *
 * Up to its first NUL an input is a post, from which a stamp of three entries is made. Each three
 * bytes behind it change one byte: where, low byte first, and to what; what lies behind the end
 * cuts the stamp short.
 */
#include <assert.h>

#include "base/utf8.h"
#include "content/stamp.h"
#include "content/versions.h"

enum { FILES = 3, KEY = 7, HEAD = 48 };

static void check_clean(struct str s)
{
	assert(utf8_valid(s));
	for (size_t i = 0; i < s.len; i++)
		assert((unsigned char)s.at[i] >= 0x20 && s.at[i] != 0x7f);
}

static struct catalogue *build(struct entry *entries, size_t count)
{
	struct arena arena = { 0 };
	struct fault_list faults = { 0 };
	struct version_store *versions = versions_new(0);
	struct build build = { .entries = entries,
			       .nentries = count,
			       .now = date_now(),
			       .content_root = -1,
			       .pages_root = -1,
			       .versions = versions,
			       .faults = &faults,
			       .fault_arena = &arena };
	struct catalogue *catalogue = catalogue_build(&build);
	versions_release(versions);
	arena_free(&arena);
	return catalogue;
}

/* The post as a post, a page, and again below the pages. */
static struct catalogue *parse(struct arena *arena, struct str text)
{
	static const char *const paths[FILES] = { "2020-01-02-a.md", "b/index.md", "c.md" };
	struct fault_list faults = { 0 };
	struct post_parser parser = { .arena = arena, .faults = &faults, .fault_arena = arena };
	struct entry entries[FILES];
	size_t count = 0;
	for (size_t i = 0; i < FILES; i++) {
		struct record *record = ARENA_NEW(arena, struct record);
		post_parse(&parser, str_from(paths[i]), i == 2, text, true, record);
		if (record->post.body_offset <= 65536 && !record->source.is_broken)
			entries[count++] = (struct entry){ &record->post, &record->source };
	}
	arena_free(&parser.work);
	buf_free(&parser.scratch);
	return build(entries, count);
}

static void check_same(const struct catalogue *catalogue, const struct stamp *stamp)
{
	assert(stamp->count == catalogue_nentries(catalogue));
	for (uint32_t i = 0; i < stamp->count; i++) {
		const struct post *a = catalogue_entry(catalogue, i);
		const struct entry *e = stamp_find(stamp, a->in_pages, a->path, a->file, a->data);
		const struct post_source *s = &catalogue->sources[i];
		assert(e != NULL && str_equal(a->title, e->post->title));
		assert(str_equal(str_sub(a->slug, 0, e->post->slug.len), e->post->slug));
		assert(str_equal(a->description, e->post->description));
		assert(a->date.instant == e->post->date.instant &&
		       a->updated.instant == e->post->updated.instant);
		assert(s->is_page == e->source->is_page && s->draft == e->source->draft);
		assert(strcmp(s->keywords, e->source->keywords) == 0);
		assert(strcmp(s->addresses, e->source->addresses) == 0);
		assert(str_equal(a->extras->author, e->post->extras->author));
	}
}

static void check_sound(const struct stamp *stamp)
{
	struct catalogue *catalogue = build(stamp->entries, stamp->count);
	for (uint32_t i = 0; i < catalogue_nentries(catalogue); i++) {
		const struct post *post = catalogue_entry(catalogue, i);
		struct buf text = { 0 };
		struct date date;
		check_clean(post->title);
		check_clean(post->description);
		check_clean(post->slug);
		check_clean(post->extras->lang);
		assert(post->title.len > 0 && post->slug.len > 0);
		assert(!date_is_set(&post->updated) || date_is_sound(&post->updated));
		if (i < catalogue->nposts) {
			date_add_day(&text, &post->date);
			assert(date_parse(buf_str(&text), &date));
		}
		buf_free(&text);
	}
	catalogue_release(catalogue);
}

static void change(struct buf *bytes, struct str changes)
{
	const unsigned char *at = (const unsigned char *)changes.at;
	for (size_t i = 0; i + 3 <= changes.len; i += 3) {
		size_t where = (size_t)at[i] | (size_t)at[i + 1] << 8;
		if (where < bytes->len)
			bytes->at[where] = (char)at[i + 2];
		else if (bytes->len > HEAD)
			bytes->len -= 1 + at[i + 2] % (bytes->len - HEAD);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct str changes = { (const char *)data, size }, text;
	struct buf bytes = { 0 }, changed = { 0 };
	struct stamp stamp;
	str_cut(&changes, '\0', &text);
	struct catalogue *catalogue = parse(&arena, text);
	stamp_print(catalogue, KEY, &bytes);
	buf_add(&changed, buf_str(&bytes));
	assert(stamp_take(&stamp, bytes, KEY));
	check_same(catalogue, &stamp);
	stamp_free(&stamp);

	change(&changed, changes);
	stamp_seal(&changed, KEY);
	if (stamp_take(&stamp, changed, KEY) && stamp.count > 0)
		check_sound(&stamp);
	stamp_free(&stamp);
	catalogue_release(catalogue);
	arena_free(&arena);
	return 0;
}
