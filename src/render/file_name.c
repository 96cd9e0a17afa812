#include "render/file_name.h"

#include "render/ascii.h"

#define MOST_PLAIN 120 /* bytes of a name, so that a selector stays below 255 (GOPH-4) */
#define MOST_WORDS 60  /* of it that are kept before a hash */
#define MOST_TAIL  8   /* an ending such as `.markdown` */

static bool is_plain_char(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || c == '-' || c == '_' || c == '.';
}

/* Names that hosts run, hide or read as menus (GOPH-110, GOPH-120, GOPH-126). */
static bool has_meaning(struct str name)
{
	static const struct str endings[] = { STR_INIT(".gph"), STR_INIT(".cgi"), STR_INIT(".dcgi"),
					      STR_INIT("gophermap"), STR_INIT("gophertag") };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (name.len >= endings[i].len &&
		    str_equal_nocase(str_skip(name, name.len - endings[i].len), endings[i]))
			return true;
	return str_equal_nocase(name, STR("cgi-bin"));
}

static bool is_plain(struct str name)
{
	char before = '.'; /* one dot is too many at the start, two are elsewhere */
	for (size_t i = 0; i < name.len; before = name.at[i++])
		if (!is_plain_char(name.at[i]) || (before == '.' && name.at[i] == '.'))
			return false;
	return name.len <= MOST_PLAIN && !has_meaning(name);
}

/* The ending that tells a host the type of a file, with its dot; empty when there is none. */
static struct str tail_of(struct str name)
{
	size_t dot = str_find_last(name, '.');
	struct str tail = dot == STR_NOT_FOUND || dot == 0 ? STR("") : str_skip(name, dot);
	for (size_t i = 1; i < tail.len; i++)
		if (!str_is_alpha(tail.at[i]) && !str_is_digit(tail.at[i]))
			return STR("");
	return tail.len < 2 || tail.len > MOST_TAIL + 1 || has_meaning(name) ? STR("") : tail;
}

/* What a reader still recognises: every run of other characters is one `-`. */
static void add_words(struct str stem, struct buf *out)
{
	struct buf ascii = { 0 };
	ascii_add(stem, &ascii);
	size_t start = out->len;
	bool gap = false;
	for (size_t i = 0; i < ascii.len && out->len - start < MOST_WORDS; i++) {
		char c = ascii.at[i];
		bool keep = is_plain_char(c) && c != '.';
		if (keep && gap && out->len > start)
			buf_add_char(out, '-');
		if (keep)
			buf_add_char(out, c);
		gap = !keep;
	}
	buf_free(&ascii);
}

/* FNV-1a, here for ever: addresses that readers keep are made of it. */
static uint64_t hash_of(struct str stem)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < stem.len; i++)
		hash = (hash ^ (unsigned char)stem.at[i]) * 0x100000001b3u;
	return (hash ^ hash >> 48) & 0xffffffffffffu;
}

static void add_segment(struct str name, struct buf *out)
{
	if (is_plain(name)) {
		buf_add(out, name);
		return;
	}
	struct str tail = tail_of(name), stem = str_sub(name, 0, name.len - tail.len);
	add_words(stem, out);
	buf_format(out, "_%012llx", (unsigned long long)hash_of(stem));
	buf_add(out, tail);
}

void file_name_add_path(struct str path, struct buf *out)
{
	for (bool slash = true; slash;) {
		struct str segment;
		slash = str_cut(&path, '/', &segment);
		add_segment(segment, out);
		if (slash)
			buf_add_char(out, '/');
	}
}
