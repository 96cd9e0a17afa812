#include "document/route.h"

#include <assert.h>

/*
 * One row says how a kind is spelled and read in both spaces: head, name (when `named`), tail. A
 * NULL tail means that the space has no such address. Rows stand in the order in which a path
 * is tried; a `listing` goes on with `2/`, `3/`, ... behind its final slash.
 */
static const struct pattern {
	enum route_kind kind;
	struct str head;
	const char *tail[2]; /* by enum space */
	bool named, listing;
	char type; /* GOPH-20 */
} patterns[] = {
	{ ROUTE_HOME, STR_INIT("/"), { "", "" }, false, false, '1' },
	{ ROUTE_FEED, STR_INIT("/feed.xml"), { "", "" }, false, false, '0' },
	{ ROUTE_SEARCH, STR_INIT("/search"), { "", "" }, false, false, '7' },
	{ ROUTE_RANDOM, STR_INIT("/random"), { "", "" }, false, false, '1' },
	{ ROUTE_ARCHIVE, STR_INIT("/archive"), { "/", "/" }, false, true, '1' },
	{ ROUTE_YEAR, STR_INIT("/archive/"), { "/", "/" }, true, true, '1' },
	{ ROUTE_SERIES_LIST, STR_INIT("/series"), { "/", "/" }, false, false, '1' },
	{ ROUTE_KEYWORD_LIST, STR_INIT("/keywords"), { "/", "/" }, false, false, '1' },
	{ ROUTE_SERIES_FEED, STR_INIT("/series/"), { "/feed.xml", "/feed.xml" }, true, false, '0' },
	{ ROUTE_KEYWORD_FEED,
	  STR_INIT("/keywords/"),
	  { "/feed.xml", "/feed.xml" },
	  true,
	  false,
	  '0' },
	{ ROUTE_SERIES, STR_INIT("/series/"), { "/", "/" }, true, true, '1' },
	{ ROUTE_KEYWORD, STR_INIT("/keywords/"), { "/", "/" }, true, true, '1' },
	{ ROUTE_POST, STR_INIT("/posts/"), { ".gmi", ".txt" }, true, false, '0' },
	{ ROUTE_POST_TEXT, STR_INIT("/posts/"), { ".txt", NULL }, true, false, '0' },
	{ ROUTE_POST_SOURCE, STR_INIT("/posts/"), { ".md", ".md" }, true, false, '0' },
	{ ROUTE_POST_MENU, STR_INIT("/posts/"), { NULL, "/" }, true, false, '1' },
	{ ROUTE_PAGE, STR_INIT("/"), { ".gmi", ".txt" }, true, false, '0' },
	{ ROUTE_FILE, STR_INIT("/"), { "", "" }, true, false, 0 },
};

#define PATTERN_COUNT (sizeof patterns / sizeof *patterns)

static const struct pattern *pattern_of(enum route_kind kind)
{
	for (size_t i = 0; i < PATTERN_COUNT; i++)
		if (patterns[i].kind == kind)
			return &patterns[i];
	return NULL;
}

/* What a space has no address for is spelled as its nearest kin there. */
static enum route_kind kind_in(enum space space, enum route_kind kind)
{
	if (pattern_of(kind)->tail[space] != NULL)
		return kind;
	return ROUTE_POST;
}

/*
 * Four digits behind /archive/ are always a year, so page 1000 is spelled 01000: a capsule of
 * 100 000 posts has that many pages.
 */
static void spell_page(const struct route *r, struct buf *out)
{
	if (r->page < 2)
		return;
	bool like_year = r->kind == ROUTE_ARCHIVE && r->page >= 1000 && r->page <= 9999;
	buf_format(out, like_year ? "0%u/" : "%u/", r->page);
}

void route_spell(enum space space, const struct route *r, struct buf *out)
{
	assert(r->kind > ROUTE_NONE && r->kind < ROUTE_KINDS);
	const struct pattern *p = pattern_of(kind_in(space, r->kind));
	buf_add(out, p->head);
	if (p->kind == ROUTE_YEAR)
		buf_format(out, "%04u", r->year);
	else if (p->named && space == SPACE_GEMINI)
		route_encode_path(r->name, out);
	else if (p->named)
		buf_add(out, r->name);
	buf_add(out, str_from(p->tail[space]));
	if (p->listing)
		spell_page(r, out);
	if (p->kind == ROUTE_SEARCH && r->page > 1)
		buf_format(out, "/%u", r->page);
	if (r->query.len > 0 && (space == SPACE_GEMINI || p->kind == ROUTE_SEARCH)) {
		buf_add_char(out, '?');
		route_encode_url(r->query, out);
	}
}

/* Types by a file name's ending; what is not here is binary (GOPH-20, GOPH-21). */
static const struct extension {
	struct str name;
	char type;
} extensions[] = {
	{ STR_INIT("aac"), 's' },      { STR_INIT("ascii"), '0' },  { STR_INIT("asc"), '0' },
	{ STR_INIT("atom"), '0' },     { STR_INIT("au"), 's' },     { STR_INIT("avif"), 'I' },
	{ STR_INIT("awk"), '0' },      { STR_INIT("bib"), '0' },    { STR_INIT("bmp"), 'I' },
	{ STR_INIT("c"), '0' },        { STR_INIT("cc"), '0' },     { STR_INIT("cfg"), '0' },
	{ STR_INIT("conf"), '0' },     { STR_INIT("cpp"), '0' },    { STR_INIT("css"), '0' },
	{ STR_INIT("csv"), '0' },      { STR_INIT("diff"), '0' },   { STR_INIT("el"), '0' },
	{ STR_INIT("flac"), 's' },     { STR_INIT("gemini"), '0' }, { STR_INIT("gif"), 'g' },
	{ STR_INIT("gmi"), '0' },      { STR_INIT("go"), '0' },     { STR_INIT("h"), '0' },
	{ STR_INIT("hpp"), '0' },      { STR_INIT("hs"), '0' },     { STR_INIT("htm"), '0' },
	{ STR_INIT("html"), '0' },     { STR_INIT("ico"), 'I' },    { STR_INIT("ini"), '0' },
	{ STR_INIT("ipynb"), '0' },    { STR_INIT("java"), '0' },   { STR_INIT("jl"), '0' },
	{ STR_INIT("jpeg"), 'I' },     { STR_INIT("jpg"), 'I' },    { STR_INIT("js"), '0' },
	{ STR_INIT("json"), '0' },     { STR_INIT("lisp"), '0' },   { STR_INIT("log"), '0' },
	{ STR_INIT("lua"), '0' },      { STR_INIT("m"), '0' },      { STR_INIT("m4a"), 's' },
	{ STR_INIT("markdown"), '0' }, { STR_INIT("md"), '0' },     { STR_INIT("mid"), 's' },
	{ STR_INIT("mp3"), 's' },      { STR_INIT("oga"), 's' },    { STR_INIT("ogg"), 's' },
	{ STR_INIT("opus"), 's' },     { STR_INIT("patch"), '0' },  { STR_INIT("php"), '0' },
	{ STR_INIT("pl"), '0' },       { STR_INIT("png"), 'I' },    { STR_INIT("py"), '0' },
	{ STR_INIT("r"), '0' },        { STR_INIT("rb"), '0' },     { STR_INIT("rs"), '0' },
	{ STR_INIT("rss"), '0' },      { STR_INIT("rst"), '0' },    { STR_INIT("sh"), '0' },
	{ STR_INIT("sql"), '0' },      { STR_INIT("svg"), 'I' },    { STR_INIT("tex"), '0' },
	{ STR_INIT("text"), '0' },     { STR_INIT("tif"), 'I' },    { STR_INIT("tiff"), 'I' },
	{ STR_INIT("toml"), '0' },     { STR_INIT("ts"), '0' },     { STR_INIT("tsv"), '0' },
	{ STR_INIT("txt"), '0' },      { STR_INIT("vtt"), '0' },    { STR_INIT("wav"), 's' },
	{ STR_INIT("webp"), 'I' },     { STR_INIT("xml"), '0' },    { STR_INIT("yaml"), '0' },
	{ STR_INIT("yml"), '0' },
};

static char file_type(struct str path)
{
	if (path.len == 0 || path.at[path.len - 1] == '/')
		return '1';
	size_t slash = str_find_last(path, '/');
	struct str name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	size_t dot = str_find_last(name, '.');
	if (dot == STR_NOT_FOUND || dot == 0)
		return '0';
	struct str extension = str_skip(name, dot + 1);
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (extensions[i].name.len == extension.len &&
		    str_equal_nocase(extensions[i].name, extension))
			return extensions[i].type;
	return '9';
}

char route_gopher_type(const struct route *r)
{
	assert(r->kind > ROUTE_NONE && r->kind < ROUTE_KINDS);
	if (r->kind == ROUTE_FILE)
		return file_type(r->name);
	/* Words that are in the selector already need not be asked for. */
	if (r->kind == ROUTE_SEARCH && r->query.len > 0)
		return '1';
	return pattern_of(r->kind)->type;
}

static bool read_number(struct str s, size_t most_digits, unsigned *number)
{
	uint64_t n;
	if (s.len > most_digits || !str_number(s, 99999999, &n))
		return false;
	*number = (unsigned)n;
	return true;
}

/* The page number behind a listing: "", "2/" or "2"; not "0", "1" or a year. */
static bool read_page(struct str rest, struct route *r, bool *slash_missing)
{
	if (rest.len == 0)
		return true;
	*slash_missing = rest.at[rest.len - 1] != '/';
	struct str digits = *slash_missing ? rest : str_sub(rest, 0, rest.len - 1);
	if (r->kind == ROUTE_ARCHIVE && digits.len == 4)
		return false;
	return read_number(digits, 8, &r->page) && r->page > 1;
}

/* Takes a tail that is more than a slash off the end, and what stands before it is the name. */
static bool read_name_before(struct str rest, struct str tail, bool deep, struct route *r)
{
	if (rest.len <= tail.len || !str_ends(rest, tail))
		return false;
	r->name = str_sub(rest, 0, rest.len - tail.len);
	if (tail.len > 0 && str_ends(r->name, STR("/")))
		return false;
	return deep || str_find(r->name, '/', 0) == STR_NOT_FOUND;
}

/* `/`, and behind it the number of a page where the pattern is a listing. */
static bool read_folder_end(const struct pattern *p, struct str rest, struct route *r,
			    bool *slash_missing)
{
	if (rest.len == 0) {
		*slash_missing = true;
		return true;
	}
	if (rest.at[0] != '/')
		return false;
	rest = str_skip(rest, 1);
	return p->listing ? read_page(rest, r, slash_missing) : rest.len == 0;
}

/*
 * A post's menu is asked for without its slash too (as folders are), but a name with a dot in it
 * is more likely a file beside the posts.
 */
static bool is_file_like(const struct pattern *p, struct str name, bool slash_missing)
{
	return p->kind == ROUTE_POST_MENU && slash_missing &&
	       str_find(name, '.', 0) != STR_NOT_FOUND;
}

static bool read_pattern(const struct pattern *p, struct str tail, struct str path, struct route *r,
			 bool *slash_missing)
{
	if (!str_starts(path, p->head))
		return false;
	struct str rest = str_skip(path, p->head.len);
	bool folder = str_equal(tail, STR("/"));
	if (!p->named)
		return folder ? read_folder_end(p, rest, r, slash_missing) : rest.len == 0;
	if (!folder)
		return read_name_before(rest, tail, p->kind == ROUTE_PAGE || p->kind == ROUTE_FILE,
					r);
	size_t slash = str_find(rest, '/', 0);
	r->name = str_sub(rest, 0, slash == STR_NOT_FOUND ? rest.len : slash);
	if (r->name.len == 0)
		return false;
	if (p->kind == ROUTE_YEAR && (r->name.len != 4 || !read_number(r->name, 4, &r->year)))
		return false;
	return read_folder_end(p, str_skip(rest, r->name.len), r, slash_missing) &&
	       !is_file_like(p, r->name, *slash_missing);
}

/* /search/2, and in Gopher, where the words are part of a selector, /search/2?WORDS */
static bool read_search(enum space space, struct str path, struct route *r)
{
	if (!str_starts(path, STR("/search")))
		return false;
	struct str rest = str_skip(path, STR("/search").len), words = { 0 };
	size_t question = space == SPACE_GOPHER ? str_find(rest, '?', 0) : STR_NOT_FOUND;
	if (question != STR_NOT_FOUND) {
		words = str_skip(rest, question + 1);
		rest = str_sub(rest, 0, question);
	}
	/* Every listing's address may end with a slash. */
	if (str_ends(rest, STR("/")))
		rest.len--;
	unsigned page = 0;
	if (rest.len > 0 &&
	    (rest.at[0] != '/' || !read_number(str_skip(rest, 1), 8, &page) || page < 2))
		return false;
	*r = (struct route){ .kind = ROUTE_SEARCH, .page = page, .query = words };
	return true;
}

void route_parse(enum space space, struct str path, struct route *r, bool *slash_missing)
{
	assert(path.len > 0 && path.at[0] == '/');
	*slash_missing = false;
	if (read_search(space, path, r))
		return;
	for (size_t i = 0; i < PATTERN_COUNT; i++) {
		const struct pattern *p = &patterns[i];
		if (p->tail[space] == NULL)
			continue;
		*r = (struct route){ .kind = p->kind };
		*slash_missing = false;
		if (read_pattern(p, str_from(p->tail[space]), path, r, slash_missing)) {
			if (p->kind == ROUTE_YEAR)
				r->name = (struct str){ 0 };
			return;
		}
	}
	assert(false && "the last row takes every path");
}

static const char hex[] = "0123456789ABCDEF";

static void add_escape(struct buf *out, unsigned char c)
{
	buf_add_char(out, '%');
	buf_add_char(out, hex[c >> 4]);
	buf_add_char(out, hex[c & 15]);
}

static int hex_value(char c)
{
	if (str_is_digit(c))
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_escape(struct str s, size_t at)
{
	return at + 2 < s.len && s.at[at] == '%' && hex_value(s.at[at + 1]) >= 0 &&
	       hex_value(s.at[at + 2]) >= 0;
}

/* What must be escaped: everywhere, or in paths of ours only. */
enum { ALLOWED, FORBIDDEN, FORBIDDEN_IN_PATHS };

static const uint8_t escapes[256] = {
	[0 ... 0x20] = FORBIDDEN,   [0x7f ... 255] = FORBIDDEN, ['<'] = FORBIDDEN,
	['>'] = FORBIDDEN,          ['"'] = FORBIDDEN,          ['{'] = FORBIDDEN,
	['}'] = FORBIDDEN,          ['|'] = FORBIDDEN,          ['\\'] = FORBIDDEN,
	['^'] = FORBIDDEN,          ['`'] = FORBIDDEN,          ['%'] = FORBIDDEN_IN_PATHS,
	['?'] = FORBIDDEN_IN_PATHS, ['#'] = FORBIDDEN_IN_PATHS, ['['] = FORBIDDEN_IN_PATHS,
	[']'] = FORBIDDEN_IN_PATHS,
};

static bool is_forbidden_at(struct str url, size_t i)
{
	return escapes[(unsigned char)url.at[i]] == FORBIDDEN ||
	       (url.at[i] == '%' && !is_escape(url, i));
}

bool route_is_encoded(struct str url)
{
	for (size_t i = 0; i < url.len; i++)
		if (is_forbidden_at(url, i))
			return false;
	return true;
}

/* What most of every URL is, so that it is copied at once. */
static size_t plain_end(struct str url, size_t i)
{
	while (i < url.len && (str_is_alpha(url.at[i]) || (url.at[i] >= '-' && url.at[i] <= ':')))
		i++;
	return i;
}

void route_encode_url(struct str url, struct buf *out)
{
	for (size_t i = 0; i < url.len; i++) {
		size_t end = plain_end(url, i);
		buf_add(out, str_sub(url, i, end));
		if ((i = end) == url.len)
			return;
		char c = url.at[i];
		if (is_forbidden_at(url, i))
			add_escape(out, (unsigned char)c);
		else
			buf_add_char(out, c);
	}
}

void route_encode_path(struct str path, struct buf *out)
{
	for (size_t i = 0; i < path.len; i++) {
		size_t end = plain_end(path, i);
		buf_add(out, str_sub(path, i, end));
		if ((i = end) == path.len)
			return;
		char c = path.at[i];
		if (escapes[(unsigned char)c] != ALLOWED)
			add_escape(out, (unsigned char)c);
		else
			buf_add_char(out, c);
	}
}

void route_decode(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (is_escape(text, i)) {
			buf_add_char(out, (char)(hex_value(text.at[i + 1]) * 16 +
						 hex_value(text.at[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, text.at[i]);
		}
	}
}
