#include "content/old_address.h"

#include "content/catalogue_build.h"
#include "document/route.h"

/* Endings that web servers add to a page's name, and the names of a folder's own page. */
static const struct str endings[] = { STR_INIT(".html"),     STR_INIT(".htm"), STR_INIT(".php"),
				      STR_INIT(".markdown"), STR_INIT(".md"),  STR_INIT(".gmi"),
				      STR_INIT(".xhtml") };

struct str old_address_root(size_t i)
{
	static const struct str roots[] = { STR_INIT("content/"), STR_INIT("static/"),
					    STR_INIT("src/"), STR_INIT("source/") };
	return i < sizeof roots / sizeof *roots ? roots[i] : STR("");
}

static struct str without_host(struct str s)
{
	size_t scheme = str_find_str(s, STR("://"), 0);
	if (scheme == STR_NOT_FOUND || scheme > 8)
		return s;
	size_t path = str_find(s, '/', scheme + 3);
	return path == STR_NOT_FOUND ? STR("") : str_skip(s, path);
}

static struct str trim_slashes(struct str s)
{
	while (s.len > 0 && s.at[0] == '/')
		s = str_skip(s, 1);
	while (s.len > 0 && s.at[s.len - 1] == '/')
		s.len--;
	return s;
}

static struct str without_ending(struct str s)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (s.len > endings[i].len && str_ends(s, endings[i]))
			return str_sub(s, 0, s.len - endings[i].len);
	return s;
}

/* `2020/vectors/index.html` and `2020/vectors.html` are both `2020/vectors`. */
static struct str bare_path(struct str s)
{
	s = without_ending(trim_slashes(s));
	if (str_equal(s, STR("index")))
		return STR("");
	if (str_ends(s, STR("/index")))
		s = str_sub(s, 0, s.len - 6);
	return trim_slashes(s);
}

/* Hugo's `../vectors` and `./vectors` are found as `vectors` is: below any folder that fits. */
static struct str without_dots(struct str s)
{
	while (str_starts(s, STR("./")) || str_starts(s, STR("../")))
		s = str_skip(s, str_find(s, '/', 0) + 1);
	return s;
}

void old_address_key(struct str address, struct buf *out)
{
	struct buf decoded = { 0 };
	address = without_dots(without_host(str_trim(address)));
	for (size_t i = 0; i < address.len; i++)
		if (address.at[i] == '?' || address.at[i] == '#')
			address = str_sub(address, 0, i);
	route_decode(address, &decoded);
	buf_add(out, bare_path(buf_str(&decoded)));
	buf_free(&decoded);
}

static void add_categories(const char *keywords, struct buf *out)
{
	struct str rest = str_from(keywords), line;
	for (bool first = true; str_line(&rest, &line); first = false) {
		if (!first)
			buf_add_char(out, '/');
		catalogue_slug(line, out);
	}
}

/* Of the day that the author wrote, whatever its zone. */
static unsigned day_of_year(const struct date *date)
{
	struct buf text = { 0 };
	struct date first, day;
	buf_format(&text, "%04d-01-01", (int)date->year);
	bool known = date_parse(buf_str(&text), &first);
	buf_clear(&text);
	date_add_day(&text, date);
	known = known && date_parse(buf_str(&text), &day);
	buf_free(&text);
	return known ? (unsigned)((day.instant - first.instant) / 86400) + 1 : 0;
}

static void expand(struct str name, const struct post *post, const char *keywords, struct buf *out)
{
	const struct date *d = &post->date;
	int64_t second = ((d->instant % 86400) + 86400) % 86400;
	if (str_equal(name, STR("year")))
		buf_format(out, "%04d", (int)d->year);
	else if (str_equal(name, STR("short_year")))
		buf_format(out, "%02d", (int)d->year % 100);
	else if (str_equal(name, STR("month")))
		buf_format(out, "%02u", d->month);
	else if (str_equal(name, STR("i_month")))
		buf_format(out, "%u", d->month);
	else if (str_equal(name, STR("day")))
		buf_format(out, "%02u", d->day);
	else if (str_equal(name, STR("i_day")))
		buf_format(out, "%u", d->day);
	else if (str_equal(name, STR("y_day")))
		buf_format(out, "%03u", day_of_year(d));
	else if (str_equal(name, STR("hour")))
		buf_format(out, "%02u", (unsigned)(second / 3600));
	else if (str_equal(name, STR("minute")))
		buf_format(out, "%02u", (unsigned)(second / 60 % 60));
	else if (str_equal(name, STR("second")))
		buf_format(out, "%02u", (unsigned)(second % 60));
	else if (str_equal(name, STR("categories")))
		add_categories(keywords, out);
	else if (str_equal(name, STR("title")) || str_equal(name, STR("slug")) ||
		 str_equal(name, STR("name")))
		buf_add(out, post->slug);
	else
		buf_format(out, ":%.*s", STR_ARGS(name));
}

void old_address_expand(struct str pattern, const struct post *post, const char *keywords,
			struct buf *out)
{
	/* A colon of a scheme is followed by slashes, so it names nothing. */
	for (size_t i = 0; i < pattern.len; i++) {
		size_t end = i + 1;
		while (pattern.at[i] == ':' && end < pattern.len &&
		       (str_is_alpha(pattern.at[end]) || pattern.at[end] == '_'))
			end++;
		if (end == i + 1) {
			buf_add_char(out, pattern.at[i]);
			continue;
		}
		expand(str_sub(pattern, i + 1, end), post, keywords, out);
		i = end - 1;
	}
}

/* A number in a web address that is the post's year, month, day or day of the year. */
static bool is_of_date(struct str segment, const struct date *date)
{
	uint64_t n;
	return str_number(segment, 9999, &n) &&
	       (n == (uint64_t)date->year || n == (uint64_t)date->year % 100 || n == date->month ||
		n == date->day || n == day_of_year(date));
}

static bool is_of_path(struct str segment, struct str path)
{
	struct str folder;
	while (str_cut(&path, '/', &folder))
		if (str_equal(folder, segment))
			return true;
	return false;
}

/* What blogs put in front of their posts' addresses. */
static bool is_usual(struct str segment)
{
	static const struct str words[] = {
		STR_INIT("post"),     STR_INIT("posts"), STR_INIT("blog"),   STR_INIT("article"),
		STR_INIT("articles"), STR_INIT("p"),     STR_INIT("notes"),  STR_INIT("writing"),
		STR_INIT("entries"),  STR_INIT("news"),  STR_INIT("essays"),
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_equal_nocase(segment, words[i]))
			return true;
	return false;
}

static bool is_keyword(const struct catalogue *c, const struct post *post, struct str segment,
		       struct buf *scratch)
{
	buf_clear(scratch);
	catalogue_slug(segment, scratch);
	uint32_t keyword = map_get(&c->keyword_slugs, buf_str(scratch));
	for (uint32_t i = 0; i < post->nkeywords; i++)
		if (c->post_keywords[post->first_keyword + i] == keyword)
			return true;
	return false;
}

/* Every segment before the last must be of the post: its date, folders, keywords, or `blog`. */
static bool fits(const struct catalogue *c, const struct post *post, struct str folders)
{
	struct buf scratch = { 0 };
	bool all = true;
	while (all && folders.len > 0) {
		struct str segment;
		str_cut(&folders, '/', &segment);
		all = is_of_date(segment, &post->date) || is_of_path(segment, post->path) ||
		      is_usual(segment) || is_keyword(c, post, segment, &scratch);
	}
	buf_free(&scratch);
	return all;
}

/*
 * What generators make of a post without being told: its slug, or the slug of its title, behind
 * dates, categories and folders (Jekyll: date, pretty, ordinal, none; Hugo: /section/:slug/).
 */
static const struct post *find_generated(const struct catalogue *c, struct str path)
{
	struct str name = path, folders = STR(""), rest;
	struct date date;
	size_t slash = str_find_last(path, '/');
	if (slash != STR_NOT_FOUND) {
		name = str_skip(path, slash + 1);
		folders = str_sub(path, 0, slash);
	}
	bool dated = date_prefix(name, &date, &rest);
	struct buf scratch = { 0 };
	const struct post *found = NULL;
	for (int pass = 0; pass < (dated ? 2 : 1) && found == NULL; pass++) {
		uint32_t hash = post_name_hash(pass ? rest : name, &scratch), i;
		size_t at = 0;
		while (found == NULL &&
		       (i = hash_index_next(&c->names, hash, &at)) != HASH_INDEX_NONE) {
			if (i < c->nposts && post_has_name(&c->posts[i], buf_str(&scratch)) &&
			    fits(c, &c->posts[i], folders))
				found = &c->posts[i];
		}
	}
	buf_free(&scratch);
	return found;
}

/* Hugo counts an alias without a slash in front from the folder of its post. */
static const struct post *find_alias_below(const struct catalogue *c, struct str path)
{
	for (size_t slash = str_find(path, '/', 0); slash != STR_NOT_FOUND;
	     slash = str_find(path, '/', slash + 1)) {
		uint32_t i = map_get(&c->old_addresses, str_skip(path, slash + 1));
		if (i != MAP_NONE && fits(c, catalogue_entry(c, i), str_sub(path, 0, slash)))
			return catalogue_entry(c, i);
	}
	return NULL;
}

/* `about`, or content/about, which is /about/ of the site that Hugo makes. */
static const struct post *find_page(const struct catalogue *c, struct str path)
{
	const struct post *page = catalogue_page(c, path);
	struct buf below = { 0 };
	for (size_t i = 0; page == NULL && old_address_root(i).len > 0; i++) {
		buf_clear(&below);
		buf_add(&below, old_address_root(i));
		buf_add(&below, path);
		page = catalogue_page(c, buf_str(&below));
	}
	buf_free(&below);
	return page;
}

const struct post *catalogue_old_address(const struct catalogue *c, struct str path)
{
	struct str key = bare_path(path);
	if (key.len == 0)
		return NULL;
	uint32_t i = map_get(&c->old_addresses, key);
	const struct post *found = i != MAP_NONE ? catalogue_entry(c, i) : find_page(c, key);
	if (found == NULL)
		found = find_alias_below(c, key);
	return found ? found : find_generated(c, key);
}
