#include "content/stamp.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "content/scan.h"

/* Changes with everything that changes what a file's header comes to. */
#define STAMP_FORMAT 1

/* 100 000 posts take about 30 MB. */
#define MOST_BYTES ((size_t)1 << 30)

struct stamp_head {
	char magic[16];
	uint32_t format, fixed_size, count, unused;
	uint64_t key, checksum; /* of all that follows */
};

static const char magic[16] = "perigee posts\n";

/* What has one size in every entry; the texts follow, each with its length and a NUL. */
struct stamp_fixed {
	struct file_identity file;
	struct date date, updated;
	int64_t expires;
	int32_t weight;
	uint32_t title_hash, slug_hash, title_slug_hash, body_offset;
	bool draft, no_page, is_page, has_title, math, in_pages;
};

/* --- writing --- */

static void put_text(struct buf *out, struct str text)
{
	uint32_t len = (uint32_t)text.len;
	buf_add(out, (struct str){ (const char *)&len, sizeof len });
	buf_add(out, text);
	buf_add_char(out, '\0');
}

static void put_entry(struct buf *out, const struct post *post, const struct post_source *source)
{
	struct stamp_fixed fixed;
	memset(&fixed, 0, sizeof fixed); /* its gaps are part of the checksum */
	fixed.file = post->file;
	fixed.date = post->date;
	fixed.updated = post->updated;
	fixed.expires = source->expires;
	fixed.weight = source->weight;
	fixed.title_hash = source->title_hash;
	fixed.slug_hash = source->slug_hash;
	fixed.title_slug_hash = source->title_slug_hash;
	fixed.body_offset = post->body_offset;
	fixed.draft = source->draft;
	fixed.no_page = source->no_page;
	fixed.is_page = source->is_page;
	fixed.has_title = post->has_title;
	fixed.math = post->math;
	fixed.in_pages = post->in_pages;
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
		str_sub(post->slug, 0, post->slug.len - source->slug_suffix),
		post->title,
		post->description,
		str_from(source->keywords),
		str_from(source->series),
		str_from(source->addresses),
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		put_text(out, texts[i]);
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
	struct stamp_head head = { .format = STAMP_FORMAT,
				   .fixed_size = sizeof(struct stamp_fixed),
				   .key = key };
	memcpy(head.magic, magic, sizeof magic);
	buf_add(&out, (struct str){ (const char *)&head, sizeof head });
	for (uint32_t i = 0; i < catalogue_nentries(c); i++) {
		if (c->sources[i].is_broken)
			continue;
		put_entry(&out, catalogue_entry(c, i), &c->sources[i]);
		head.count++;
	}
	head.checksum = str_hash(str_skip(buf_str(&out), sizeof head));
	memcpy(out.at, &head, sizeof head);
	bool done = write_file(buf_str(&out), file, fault);
	buf_free(&out);
	return done;
}

/* --- reading --- */

/* A text of the file, followed by its NUL; false when it does not fit. */
static bool take_text(struct str *rest, struct str *text)
{
	uint32_t len;
	if (rest->len < sizeof len)
		return false;
	memcpy(&len, rest->at, sizeof len);
	*rest = str_skip(*rest, sizeof len);
	if (rest->len <= len || rest->at[len] != '\0')
		return false;
	*text = str_sub(*rest, 0, len);
	*rest = str_skip(*rest, (size_t)len + 1);
	return true;
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
		struct post_extras *copy = ARENA_NEW(&stamp->arena, struct post_extras);
		*copy = e;
		*last = copy;
	}
	return true;
}

static bool take_entry(struct stamp *stamp, struct str *rest, struct record *record,
		       const struct post_extras **last)
{
	struct stamp_fixed f;
	struct post *post = &record->post;
	struct post_source *source = &record->source;
	struct str keywords, series, addresses;
	if (rest->len < sizeof f)
		return false;
	memcpy(&f, rest->at, sizeof f);
	*rest = str_skip(*rest, sizeof f);
	if (!take_extras(stamp, rest, last) || !take_text(rest, &post->path) ||
	    !take_text(rest, &post->slug) || !take_text(rest, &post->title) ||
	    !take_text(rest, &post->description) || !take_text(rest, &keywords) ||
	    !take_text(rest, &series) || !take_text(rest, &addresses))
		return false;
	post->extras = *last;
	post->file = f.file;
	post->date = f.date;
	post->updated = f.updated;
	post->body_offset = f.body_offset;
	post->has_title = f.has_title;
	post->math = f.math;
	post->in_pages = f.in_pages;
	*source = (struct post_source){
		.keywords = keywords.at,
		.series = series.at,
		.addresses = addresses.at,
		.expires = f.expires,
		.weight = f.weight,
		.title_hash = f.title_hash,
		.slug_hash = f.slug_hash,
		.title_slug_hash = f.title_slug_hash,
		.draft = f.draft,
		.no_page = f.no_page,
		.is_page = f.is_page,
	};
	return true;
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
	return true;
}

bool stamp_read(struct stamp *stamp, struct str file, uint64_t key)
{
	struct fault fault;
	struct str rest;
	*stamp = (struct stamp){ 0 };
	if (file.len > 0 && file_read_path(file, MOST_BYTES, &stamp->bytes, &fault) &&
	    read_head(stamp, key, &rest) && read_entries(stamp, rest))
		return true;
	stamp_free(stamp);
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
			       struct file_identity identity)
{
	uint32_t hash = hash_index_hash(path), i;
	size_t at = 0;
	while ((i = hash_index_next(&stamp->paths, hash, &at)) != HASH_INDEX_NONE) {
		const struct entry *e = &stamp->entries[i];
		if (e->post->in_pages == in_pages && str_equal(e->post->path, path))
			return file_identity_equal(e->post->file, identity) ? e : NULL;
	}
	return NULL;
}
