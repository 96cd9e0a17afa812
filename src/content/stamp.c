#include "content/stamp.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/utf8.h"
#include "content/reading.h"
#include "content/scan.h"

/* Changes with everything that changes what a file's header comes to. */
#define STAMP_FORMAT 4

/* 100 000 posts take about 30 MB. */
#define MOST_BYTES ((size_t)1 << 30)

struct stamp_head {
	char magic[16];
	uint32_t format, fixed_size, count, unused;
	uint64_t key, checksum; /* of all that follows */
};

static const char magic[16] = "perigee posts\n";

/* Whole numbers only: not every byte of a file is a bool. */
struct stamp_date {
	int64_t instant;
	int32_t year;
	uint8_t month, day, has_time, unused;
};

enum {
	FLAG_DRAFT = 1,
	FLAG_NO_PAGE = 2,
	FLAG_IS_PAGE = 4,
	FLAG_HAS_TITLE = 8,
	FLAG_MATH = 16,
	FLAG_IN_PAGES = 32,
	FLAGS = 63,
};

/* What has one size in every entry; the texts follow, each with its length and a NUL. */
struct stamp_fixed {
	struct file_identity file;
	uint64_t data;
	struct stamp_date date, updated;
	int64_t expires;
	int32_t weight;
	uint32_t title_hash, slug_hash, title_slug_hash, body_offset;
	uint32_t flags;
};

/* --- what an entry may be --- */

static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != 0x7f;
}

/* UTF-8 without control characters, as readers of headers give it; `lines` may end. */
static bool is_clean(struct str s, bool lines)
{
	size_t i = 0;
	while (i + BYTES_AT_ONCE <= s.len) {
		struct bytes b = bytes_load(s.at + i); /* signed: those beyond ASCII are below */
		if (bytes_any((struct bytes){ (b.all < ' ') | (b.all == 0x7f) }))
			break;
		i += BYTES_AT_ONCE;
	}
	struct str rest = str_skip(s, i);
	for (i = 0; i < rest.len; i++)
		if (!is_plain(rest.at[i]) && !(lines && rest.at[i] == '\n'))
			return false;
	return utf8_valid(rest);
}

static bool is_address(const struct post *post, bool is_page)
{
	struct str slug = post->slug;
	return slug.len > 0 && is_clean(slug, false) &&
	       (is_page || (slug.at[0] != '.' && str_find(slug, '/', 0) == STR_NOT_FOUND));
}

static bool are_extras_sound(const struct post_extras *e)
{
	return is_clean(e->list_title, false) && is_clean(e->lang, false) &&
	       is_clean(e->author, false) && is_clean(e->license, false) &&
	       is_clean(e->cover, false) && is_clean(e->links, false);
}

/* What is written, and all that is believed of what was: post_parse() gives nothing else. */
static bool is_sound(const struct post *post, const struct post_source *source)
{
	if (!source->is_page && !date_is_set(&post->date))
		return false;
	if (date_is_set(&post->date) && !date_is_sound(&post->date))
		return false;
	if (date_is_set(&post->updated) && !date_is_sound(&post->updated))
		return false;
	return post->body_offset <= READING_HEADER_BYTES && post->path.len > 0 &&
	       post->title.len > 0 && is_clean(post->title, false) &&
	       is_clean(post->description, false) && is_address(post, source->is_page) &&
	       is_clean(str_from(source->keywords), true) &&
	       is_clean(str_from(source->series), false);
}

/* --- writing --- */

static void put_text(struct buf *out, struct str text)
{
	uint32_t len = (uint32_t)text.len;
	buf_add(out, (struct str){ (const char *)&len, sizeof len });
	buf_add(out, text);
	buf_add_char(out, '\0');
}

static struct stamp_date pack_date(const struct date *date)
{
	if (!date_is_set(date))
		return (struct stamp_date){ 0 };
	return (struct stamp_date){ .instant = date->instant,
				    .year = date->year,
				    .month = date->month,
				    .day = date->day,
				    .has_time = date->has_time };
}

static uint32_t pack_flags(const struct post *post, const struct post_source *source)
{
	return (source->draft ? FLAG_DRAFT : 0u) | (source->no_page ? FLAG_NO_PAGE : 0u) |
	       (source->is_page ? FLAG_IS_PAGE : 0u) | (post->has_title ? FLAG_HAS_TITLE : 0u) |
	       (post->math ? FLAG_MATH : 0u) | (post->in_pages ? FLAG_IN_PAGES : 0u);
}

static void put_entry(struct buf *out, const struct post *post, const struct post_source *source)
{
	struct stamp_fixed fixed = {
		.file = post->file,
		.data = post->data,
		.date = pack_date(&post->date),
		.updated = pack_date(&post->updated),
		.expires = source->expires,
		.weight = source->weight,
		.title_hash = source->title_hash,
		.slug_hash = source->slug_hash,
		.title_slug_hash = source->title_slug_hash,
		.body_offset = post->body_offset,
		.flags = pack_flags(post, source),
	};
	buf_add(out, (struct str){ (const char *)&fixed, sizeof fixed });
	const struct post_extras *e = post->extras;
	const struct str texts[] = {
		e->list_title,
		e->lang,
		e->author,
		e->license,
		e->cover,
		e->links,
		post->path,
		post->slug,
		post->title,
		post->description,
		str_from(source->keywords),
		str_from(source->series),
		str_from(source->addresses),
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		put_text(out, texts[i]);
}

void stamp_seal(struct buf *bytes, uint64_t key)
{
	struct stamp_head head;
	memcpy(&head, bytes->at, sizeof head);
	memcpy(head.magic, magic, sizeof magic);
	head.format = STAMP_FORMAT;
	head.fixed_size = sizeof(struct stamp_fixed);
	head.key = key;
	head.checksum = str_hash(str_skip(buf_str(bytes), sizeof head));
	memcpy(bytes->at, &head, sizeof head);
}

void stamp_print(const struct catalogue *c, uint64_t key, struct buf *out)
{
	struct stamp_head head = { 0 };
	buf_add(out, (struct str){ (const char *)&head, sizeof head });
	for (uint32_t i = 0; i < catalogue_nentries(c); i++) {
		const struct post_source *source = &c->sources[i];
		struct post post = *catalogue_entry(c, i);
		post.slug.len -= source->slug_suffix;
		if (source->is_broken || !is_sound(&post, source) || !are_extras_sound(post.extras))
			continue;
		put_entry(out, &post, source);
		head.count++;
	}
	memcpy(out->at, &head, sizeof head);
	stamp_seal(out, key);
}

static bool write_file(struct str bytes, struct str file, struct fault *fault)
{
	struct buf beside = { 0 }, target = { 0 };
	buf_format(&beside, "%.*s.new", STR_ARGS(file));
	buf_add(&target, file);
	int fd = open(buf_c(&beside), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done = fd >= 0;
	while (done && bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		done = n > 0;
		bytes = str_skip(bytes, done ? (size_t)n : 0);
	}
	/* Not flushed to the disk: what a crash leaves behind fails its checksum. */
	if (fd >= 0)
		done = close(fd) == 0 && done;
	done = done && rename(beside.at, buf_c(&target)) == 0;
	if (!done) {
		fault_system(fault, file, "write");
		unlink(beside.at);
	}
	buf_free(&beside);
	buf_free(&target);
	return done;
}

bool stamp_write(const struct catalogue *c, struct str file, uint64_t key, struct fault *fault)
{
	struct buf out = { 0 };
	stamp_print(c, key, &out);
	bool done = write_file(buf_str(&out), file, fault);
	buf_free(&out);
	return done;
}

/* --- reading --- */

/* A text of the file, which ends with the first NUL; false when that is not where it should be. */
static bool take_text(struct str *rest, struct str *text)
{
	uint32_t len;
	if (rest->len < sizeof len)
		return false;
	memcpy(&len, rest->at, sizeof len);
	*rest = str_skip(*rest, sizeof len);
	if (rest->len <= len || strnlen(rest->at, rest->len) != len)
		return false;
	*text = str_sub(*rest, 0, len);
	*rest = str_skip(*rest, (size_t)len + 1);
	return true;
}

static bool take_date(const struct stamp_date *packed, struct date *date)
{
	*date = (struct date){ .instant = packed->instant,
			       .year = packed->year,
			       .month = packed->month,
			       .day = packed->day,
			       .has_time = packed->has_time == 1 };
	return packed->has_time <= 1 && packed->unused == 0 &&
	       (packed->month != 0 || (packed->instant == 0 && packed->year == 0 &&
				       packed->day == 0 && packed->has_time == 0));
}

static bool is_same_extras(const struct post_extras *a, const struct post_extras *b)
{
	return str_equal(a->list_title, b->list_title) && str_equal(a->lang, b->lang) &&
	       str_equal(a->author, b->author) && str_equal(a->license, b->license) &&
	       str_equal(a->cover, b->cover) && str_equal(a->links, b->links);
}

static bool take_extras(struct stamp *stamp, struct str *rest, const struct post_extras **last)
{
	struct post_extras e;
	if (!take_text(rest, &e.list_title) || !take_text(rest, &e.lang) ||
	    !take_text(rest, &e.author) || !take_text(rest, &e.license) ||
	    !take_text(rest, &e.cover) || !take_text(rest, &e.links))
		return false;
	/* Most say the same as the one before. */
	if (*last == NULL || !is_same_extras(*last, &e)) {
		if (!are_extras_sound(&e))
			return false;
		struct post_extras *copy = ARENA_NEW(&stamp->arena, struct post_extras);
		*copy = e;
		*last = copy;
	}
	return true;
}

static bool take_fixed(struct str *rest, struct post *post, struct post_source *source)
{
	struct stamp_fixed f;
	if (rest->len < sizeof f)
		return false;
	memcpy(&f, rest->at, sizeof f);
	*rest = str_skip(*rest, sizeof f);
	post->file = f.file;
	post->data = f.data;
	post->body_offset = f.body_offset;
	post->has_title = (f.flags & FLAG_HAS_TITLE) != 0;
	post->math = (f.flags & FLAG_MATH) != 0;
	post->in_pages = (f.flags & FLAG_IN_PAGES) != 0;
	*source = (struct post_source){
		.expires = f.expires,
		.weight = f.weight,
		.title_hash = f.title_hash,
		.slug_hash = f.slug_hash,
		.title_slug_hash = f.title_slug_hash,
		.draft = (f.flags & FLAG_DRAFT) != 0,
		.no_page = (f.flags & FLAG_NO_PAGE) != 0,
		.is_page = (f.flags & FLAG_IS_PAGE) != 0,
	};
	return (f.flags & ~(uint32_t)FLAGS) == 0 && take_date(&f.date, &post->date) &&
	       take_date(&f.updated, &post->updated);
}

static bool take_entry(struct stamp *stamp, struct str *rest, struct record *record,
		       const struct post_extras **last)
{
	struct post *post = &record->post;
	struct post_source *source = &record->source;
	struct str keywords, series, addresses;
	if (!take_fixed(rest, post, source) || !take_extras(stamp, rest, last) ||
	    !take_text(rest, &post->path) || !take_text(rest, &post->slug) ||
	    !take_text(rest, &post->title) || !take_text(rest, &post->description) ||
	    !take_text(rest, &keywords) || !take_text(rest, &series) ||
	    !take_text(rest, &addresses))
		return false;
	post->extras = *last;
	source->keywords = keywords.at;
	source->series = series.at;
	source->addresses = addresses.at;
	return is_sound(post, source);
}

static bool read_head(struct stamp *stamp, uint64_t key, struct str *rest)
{
	struct stamp_head head;
	*rest = buf_str(&stamp->bytes);
	if (rest->len < sizeof head)
		return false;
	memcpy(&head, rest->at, sizeof head);
	*rest = str_skip(*rest, sizeof head);
	stamp->count = head.count;
	return memcmp(head.magic, magic, sizeof magic) == 0 && head.format == STAMP_FORMAT &&
	       head.fixed_size == sizeof(struct stamp_fixed) && head.key == key &&
	       head.count <= rest->len / sizeof(struct stamp_fixed) &&
	       head.checksum == str_hash(*rest);
}

static bool read_entries(struct stamp *stamp, struct str rest)
{
	const struct post_extras *last = NULL;
	struct record *records = ARENA_ARRAY(&stamp->arena, struct record, stamp->count);
	stamp->entries = ARENA_ARRAY(&stamp->arena, struct entry, stamp->count);
	hash_index_reserve(&stamp->paths, stamp->count);
	for (uint32_t i = 0; i < stamp->count; i++) {
		if (!take_entry(stamp, &rest, &records[i], &last))
			return false;
		stamp->entries[i] = (struct entry){ &records[i].post, &records[i].source };
		hash_index_add(&stamp->paths, hash_index_hash(records[i].post.path), i);
	}
	return rest.len == 0;
}

bool stamp_take(struct stamp *stamp, struct buf bytes, uint64_t key)
{
	struct str rest;
	*stamp = (struct stamp){ .bytes = bytes };
	if (read_head(stamp, key, &rest) && read_entries(stamp, rest))
		return true;
	stamp_free(stamp);
	return false;
}

bool stamp_read(struct stamp *stamp, struct str file, uint64_t key)
{
	struct fault fault;
	struct buf bytes = { 0 };
	if (file.len > 0 && file_read_path(file, MOST_BYTES, &bytes, &fault))
		return stamp_take(stamp, bytes, key);
	buf_free(&bytes);
	*stamp = (struct stamp){ 0 };
	return false;
}

void stamp_free(struct stamp *stamp)
{
	hash_index_free(&stamp->paths);
	arena_free(&stamp->arena);
	buf_free(&stamp->bytes);
	*stamp = (struct stamp){ 0 };
}

const struct entry *stamp_find(const struct stamp *stamp, bool in_pages, struct str path,
			       struct file_identity identity, uint64_t data)
{
	uint32_t hash = hash_index_hash(path), i;
	size_t at = 0;
	while ((i = hash_index_next(&stamp->paths, hash, &at)) != HASH_INDEX_NONE) {
		const struct entry *e = &stamp->entries[i];
		if (e->post->in_pages == in_pages && str_equal(e->post->path, path))
			return file_identity_equal(e->post->file, identity) && e->post->data == data
				   ? e
				   : NULL;
	}
	return NULL;
}
