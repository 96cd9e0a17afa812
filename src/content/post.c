#include "content/post.h"

#include "base/utf8.h"
#include "content/front_matter.h"
#include "content/header.h"
#include "content/old_address.h"
#include "content/plain.h"

#define DESCRIPTION_COLUMNS 200

/* What a file's path says. */
struct file_name {
	struct str slug; /* of a post: the name without date and ending */
	struct str page; /* of a page: the path without ending; a folder's index is the folder */
	struct str lang;
	struct date date;
	bool draft, section;
};

bool post_is_markdown(struct str name)
{
	static const struct str endings[] = { STR_INIT(".md"), STR_INIT(".markdown") };
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (name.len > endings[i].len &&
		    str_equal_nocase(str_skip(name, name.len - endings[i].len), endings[i]))
			return true;
	return false;
}

uint32_t post_name_hash(struct str text, struct buf *scratch)
{
	buf_clear(scratch);
	utf8_fold(scratch, text);
	return hash_index_hash(buf_str(scratch));
}

bool post_has_name(const struct post *post, struct str folded)
{
	struct buf name = { 0 };
	utf8_fold(&name, post->title);
	bool same = str_equal(buf_str(&name), folded);
	buf_clear(&name);
	utf8_fold(&name, post->slug);
	same = same || str_equal(buf_str(&name), folded);
	buf_clear(&name);
	catalogue_slug(post->title, &name);
	same = same || str_equal(buf_str(&name), folded);
	buf_free(&name);
	return same;
}

/* `fr` of `post.fr.md`, `pt-BR` of `post.pt-BR.md`: languages that people blog in, not file types.
 */
static bool is_language(struct str s)
{
	static const char languages[] = " af ar be bg bn bs ca cs cy da de el en eo es et eu fa fi "
					"fo fr ga gl gu he hi hr hu hy id "
					"is it ja ka kk km kn ko la lb lt lv mk mn mr ms mt my nb "
					"ne nl nn no pa pl pt ro ru si sk "
					"sl sq sr sv sw ta te th tl tr uk ur uz vi zh ";
	char word[5] = "    ";
	if (s.len != 2 && !(s.len >= 4 && s.len <= 12 && (s.at[2] == '-' || s.at[2] == '_')))
		return false;
	word[1] = s.at[0];
	word[2] = s.at[1];
	return strstr(languages, word) != NULL;
}

static struct str without_ending(struct str path)
{
	size_t dot = str_find_last(path, '.');
	return str_sub(path, 0, dot);
}

/* The folder of a path, without a slash at its end, and the last segment. */
static struct str split_folder(struct str path, struct str *name)
{
	size_t slash = str_find_last(path, '/');
	*name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	return slash == STR_NOT_FOUND ? STR("") : str_sub(path, 0, slash);
}

static bool has_segment(struct str path, struct str wanted)
{
	struct str segment;
	while (path.len > 0) {
		str_cut(&path, '/', &segment);
		if (str_equal(segment, wanted))
			return true;
	}
	return false;
}

static void read_name(struct arena *arena, struct str path, struct file_name *f)
{
	struct str name, rest, folder;
	*f = (struct file_name){ .draft = has_segment(path, STR("_drafts")) };
	path = without_ending(path);
	if (str_ends(path, STR(".draft"))) {
		f->draft = true;
		path = without_ending(path);
	}
	split_folder(path, &name);
	size_t dot = str_find_last(name, '.');
	if (dot != STR_NOT_FOUND && is_language(str_skip(name, dot + 1)))
		f->lang = str_skip(name, dot + 1);
	struct str stem = f->lang.len > 0 ? str_sub(name, 0, dot) : name;
	f->page = path;
	f->slug = name;
	f->section = str_equal(stem, STR("_index"));
	folder = split_folder(path, &name);
	if (f->section || str_equal(stem, STR("index"))) {
		split_folder(folder, &stem);
		if (folder.len == 0)
			folder = stem = STR("index");
		const char *mark = f->lang.len > 0 ? "." : "";
		f->page =
		    arena_format(arena, "%.*s%s%.*s", STR_ARGS(folder), mark, STR_ARGS(f->lang));
		f->slug =
		    arena_format(arena, "%.*s%s%.*s", STR_ARGS(stem), mark, STR_ARGS(f->lang));
	}
	if (date_prefix(f->slug, &f->date, &rest))
		f->slug = rest;
	else if (f->slug.len == 10 && !date_parse(f->slug, &f->date))
		f->date = (struct date){ 0 };
}

/* `2020/05/25/` in a path: folders of a blog, or what its author writes as its address. */
static bool find_date(struct str path, struct date *date)
{
	for (size_t start = 0; start != STR_NOT_FOUND; start = str_find(path, '/', start)) {
		if (start > 0 || str_starts(path, STR("/")))
			start++;
		size_t month = str_find(path, '/', start);
		size_t day = month == STR_NOT_FOUND ? month : str_find(path, '/', month + 1);
		size_t end = day == STR_NOT_FOUND ? day : str_find(path, '/', day + 1);
		if (end == STR_NOT_FOUND)
			return false;
		if (date_parse(str_sub(path, start, end), date) && !date->has_time)
			return true;
	}
	return false;
}

struct date post_date_of_path(struct arena *arena, struct str path)
{
	struct file_name name;
	struct date date = { 0 };
	read_name(arena, path, &name);
	if (!date_is_set(&name.date))
		find_date(path, &date);
	return date_is_set(&name.date) ? name.date : date;
}

/* From the header, the file's name, its folders, or the address that the header gives it. */
static struct date find_any_date(const struct header *h, struct arena *arena, struct str path)
{
	if (date_is_set(&h->date))
		return h->date;
	struct date date = post_date_of_path(arena, path);
	if (date_is_set(&date))
		return date;
	struct str rest = h->addresses, line;
	while (str_line(&rest, &line))
		if (find_date(line, &date))
			return date;
	return (struct date){ 0 };
}

/* A slug is one segment of a path that does not begin with a dot. */
static struct str clean_slug(struct post_parser *p, struct str slug)
{
	struct buf *b = &p->scratch;
	buf_clear(b);
	utf8_clean_line(b, slug);
	struct str s = buf_str(b);
	while (s.len > 0 && (s.at[0] == '/' || s.at[0] == '.'))
		s = str_skip(s, 1);
	while (s.len > 0 && s.at[s.len - 1] == '/')
		s.len--;
	if (str_equal(s, slug) && str_find(s, '/', 0) == STR_NOT_FOUND)
		return slug;
	struct str copy = arena_str(p->arena, s);
	for (size_t i = 0; i < copy.len; i++)
		if (copy.at[i] == '/')
			((char *)copy.at)[i] = '-';
	return copy;
}

/* An address of clean characters, whatever bytes the file's name is made of. */
static struct str clean_path(struct post_parser *p, struct str path)
{
	buf_clear(&p->scratch);
	utf8_clean_line(&p->scratch, path);
	struct str clean = buf_str(&p->scratch);
	if (clean.len == 0)
		return STR("page");
	return str_equal(clean, path) ? path : arena_str(p->arena, clean);
}

/* `my-first_post` reads `My first post`. */
static struct str title_of_name(struct post_parser *p, struct str name)
{
	struct buf *b = &p->scratch;
	buf_clear(b);
	utf8_clean_line(b, name);
	for (size_t i = 0; i < b->len; i++)
		if (b->at[i] == '-' || b->at[i] == '_')
			b->at[i] = ' ';
	struct str s = str_trim(buf_str(b));
	if (s.len == 0)
		return STR("-");
	struct str title = arena_str(p->arena, s);
	if (title.at[0] >= 'a' && title.at[0] <= 'z')
		((char *)title.at)[0] = (char)(title.at[0] - 32);
	return title;
}

static struct str cut_plain(struct post_parser *p, struct str markdown, bool math, size_t columns)
{
	buf_clear(&p->scratch);
	plain_cut(markdown, math, columns, &p->scratch);
	return p->scratch.len > 0 ? arena_str(p->arena, buf_str(&p->scratch)) : STR("");
}

/* Title and description, from the body where the header has none. */
static void set_texts(struct post_parser *p, const struct header *h, const struct file_name *f,
		      struct str body, struct post *post)
{
	struct plain_summary summary = { 0 };
	post->title = h->title;
	post->description = h->description;
	if (post->title.len == 0 || post->description.len == 0)
		plain_summarize(body, &summary);
	if (post->description.len == 0)
		post->description = cut_plain(p, summary.text, h->math, DESCRIPTION_COLUMNS);
	if (post->title.len == 0)
		post->title = cut_plain(p, summary.heading, h->math, POST_TITLE_COLUMNS);
	post->has_title = post->title.len > 0;
	if (!post->has_title)
		post->title = title_of_name(p, f->slug);
}

static void set_extras(struct post_parser *p, const struct header *h, const struct file_name *f,
		       struct post *post)
{
	struct post_extras *extras = ARENA_NEW(p->arena, struct post_extras);
	struct str lang = h->lang.len > 0 ? h->lang : f->lang;
	*extras = (struct post_extras){
		.list_title = h->list_title,
		.lang = lang.len > 0 ? lang : p->language,
		.author = h->author.len > 0 ? h->author : p->author,
		.license = h->license,
		.cover = h->cover,
		.links = h->links,
	};
	post->extras = extras;
}

/* Addresses as they are compared, one a line. */
static const char *read_addresses(struct post_parser *p, struct str addresses,
				  const struct post *post, const char *keywords)
{
	struct buf filled = { 0 };
	struct str line;
	buf_clear(&p->scratch);
	while (str_line(&addresses, &line)) {
		buf_clear(&filled);
		old_address_expand(line, post, keywords, &filled);
		size_t start = p->scratch.len;
		if (start > 0)
			buf_add_char(&p->scratch, '\n');
		size_t before = p->scratch.len;
		old_address_key(buf_str(&filled), &p->scratch);
		if (p->scratch.len == before)
			p->scratch.len = start;
	}
	buf_free(&filled);
	return p->scratch.len > 0 ? arena_str(p->arena, buf_str(&p->scratch)).at : "";
}

static void set_source(struct post_parser *p, const struct header *h, const struct post *post,
		       struct post_source *source)
{
	source->keywords = h->keywords.len > 0 ? h->keywords.at : "";
	source->series = h->series.len > 0 ? h->series.at : "";
	source->addresses = read_addresses(p, h->addresses, post, source->keywords);
	source->expires = date_is_set(&h->expires) ? h->expires.instant : INT64_MAX;
	source->weight = h->weight;
	source->title_hash = post_name_hash(post->title, &p->scratch);
	source->slug_hash = post_name_hash(post->slug, &p->scratch);
	struct buf slug = { 0 };
	catalogue_slug(post->title, &slug);
	source->title_slug_hash = post_name_hash(buf_str(&slug), &p->scratch);
	buf_free(&slug);
}

enum post_result post_parse(struct post_parser *p, struct str path, bool in_pages, struct str bytes,
			    bool whole, struct record *record)
{
	struct front_matter matter;
	struct value *top;
	struct header h;
	struct file_name f;
	struct fault fault;
	if (!front_matter_split(bytes, whole, &matter))
		return POST_NEEDS_MORE;
	*record = (struct record){ 0 };
	struct post *post = &record->post;
	bool valid = front_matter_parse(&p->work, &matter, path, &top, &fault);
	if (!valid)
		fault_list_add(p->faults, p->fault_arena, &fault);
	if (header_read(p->arena, top, path, p->math, &h, p->faults, p->fault_arena) > 0)
		valid = false;
	if (p->data != NULL)
		header_complete(p->arena, &h, p->data);
	post->path = arena_str(p->arena, path);
	read_name(p->arena, post->path, &f);
	post->in_pages = in_pages;
	post->date = find_any_date(&h, &p->work, post->path);
	post->updated = h.updated;
	post->math = h.math;
	post->body_offset = (uint32_t)matter.body_offset;
	record->source.is_page = in_pages || f.section || h.is_page || !date_is_set(&post->date);
	struct str slug = clean_slug(p, h.slug);
	if (slug.len == 0)
		slug = clean_slug(p, f.slug);
	post->slug = record->source.is_page ? clean_path(p, f.page)
		     : slug.len > 0         ? slug
					    : STR("post");
	set_texts(p, &h, &f, str_skip(bytes, matter.body_offset), post);
	set_extras(p, &h, &f, post);
	set_source(p, &h, post, &record->source);
	record->source.draft = h.draft || f.draft;
	record->source.no_page = h.no_page;
	record->source.is_broken = !valid;
	arena_clear(&p->work);
	return valid ? POST_FINE : POST_BROKEN;
}
