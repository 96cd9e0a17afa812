/* What the lines of a group of links say: titles, context for weak labels, no two alike. */
#include "base/utf8.h"
#include "render/links.h"

static const struct str weak_labels[] = {
	STR_INIT("here"),      STR_INIT("this"),    STR_INIT("that"),       STR_INIT("link"),
	STR_INIT("this link"), STR_INIT("source"),  STR_INIT("click here"), STR_INIT("more"),
	STR_INIT("read more"), STR_INIT("article"), STR_INIT("post"),       STR_INIT("page"),
	STR_INIT("site"),      STR_INIT("website"), STR_INIT("next"),       STR_INIT("previous"),
	STR_INIT("prev"),      STR_INIT("back"),
};

static bool has_letter(struct str label)
{
	if (label.len > 0 && str_is_alpha(label.at[0]))
		return true;
	while (label.len > 0) {
		uint32_t code;
		label = str_skip(label, utf8_decode(label, &code));
		if (utf8_is_letter(code))
			return true;
	}
	return false;
}

static bool at_most_two_characters(struct str label)
{
	uint32_t code;
	if (label.len > 8)
		return false;
	for (int i = 0; i < 2 && label.len > 0; i++)
		label = str_skip(label, utf8_decode(label, &code));
	return label.len == 0;
}

bool links_is_weak(struct str label)
{
	if (label.len == 0)
		return false;
	if (at_most_two_characters(label) || !has_letter(label))
		return true;
	for (size_t i = 0; i < sizeof weak_labels / sizeof *weak_labels; i++)
		if (weak_labels[i].len == label.len && str_equal_nocase(label, weak_labels[i]))
			return true;
	return false;
}

/* The host of a URL without user and port; of one without a host what stands after its scheme. */
static struct str host_of(struct str url)
{
	size_t at = str_find_str(url, STR("://"), 0);
	if (at == STR_NOT_FOUND) {
		struct str scheme, rest = url;
		if (!str_cut(&rest, ':', &scheme))
			rest = url;
		str_cut(&rest, '?', &url);
		return url;
	}
	struct str host = str_skip(url, at + 3);
	size_t end = 0;
	while (end < host.len && strchr("/?#", host.at[end]) == NULL)
		end++;
	host = str_sub(host, 0, end);
	host = str_skip(host, str_find_last(host, '@') + 1); /* not found + 1 is 0 */
	size_t port = str_find_last(host, ':');
	bool in_brackets = port != STR_NOT_FOUND && str_find(host, ']', port) != STR_NOT_FOUND;
	return in_brackets ? host : str_sub(host, 0, port);
}

/* The last part of a URL's path that is not empty; empty when it has no path. */
static struct str last_segment(struct str url)
{
	size_t at = str_find_str(url, STR("://"), 0);
	struct str path = at == STR_NOT_FOUND ? url : str_skip(url, at + 3);
	size_t end = 0;
	while (end < path.len && path.at[end] != '?' && path.at[end] != '#')
		end++;
	path = str_sub(path, 0, end);
	size_t slash = str_find(path, '/', 0);
	if (slash == STR_NOT_FOUND)
		return STR("");
	path = str_skip(path, slash + 1);
	while (path.len > 0 && path.at[path.len - 1] == '/')
		path.len--;
	return str_skip(path, str_find_last(path, '/') + 1);
}

static void add_path(const struct links *l, const struct target *target, struct buf *out)
{
	struct route route = target->route;
	route.query = STR("");
	route_spell(l->space, &route, out);
}

/* " (host)" or " (/path)"; `longer`: the last segment too, for two of one host (L06). */
static void add_place(const struct links *l, uint32_t link, bool longer, struct buf *label)
{
	const struct target *target = &l->document->links[link].target;
	buf_add(label, STR(" ("));
	if (target->kind == TARGET_ROUTE) {
		add_path(l, target, label);
	} else {
		struct str segment = longer ? last_segment(target->url) : STR("");
		buf_add(label, host_of(target->url));
		if (segment.len > 0) {
			buf_add_char(label, '/');
			buf_add(label, segment);
		}
	}
	buf_add_char(label, ')');
}

/* A line of the group while its label is made. */
struct line {
	struct str label; /* with title or context */
	struct str base;  /* without it, if that is its place */
	uint32_t link;
	bool placed; /* the context is its place */
};

static bool is_spelled_out(const struct link *link, struct str label, struct str url)
{
	return str_equal(label, url) ||
	       (link->kind == LINK_AUTO && str_find_str(label, STR("://"), 0) != STR_NOT_FOUND);
}

static void make_label(struct links *l, struct line *line, struct str url, struct buf *out)
{
	const struct link *link = &l->document->links[line->link];
	const struct target *target = &link->target;
	size_t start = out->len;
	links_label(l, line->link, out);
	struct str label = str_skip(buf_str(out), start);
	if (is_spelled_out(link, label, url)) {
		out->len = start;
		return;
	}
	struct str title = links_title(l, line->link, label);
	bool weak = link->kind == LINK_TEXT && !l->numbered && links_is_weak(label);
	if (title.len == 0 && weak)
		title = target->kind == TARGET_ROUTE ? target->title : STR("");
	if (title.len > 0) {
		if (label.len > 0)
			buf_add(out, STR(": "));
		links_words(l, title, out);
	}
	label = str_skip(buf_str(out), start);
	bool names_host = target->kind == TARGET_URL && link->kind == LINK_EMBED &&
			  str_find_str(label, host_of(target->url), 0) == STR_NOT_FOUND;
	if (names_host || (weak && title.len == 0)) {
		line->base = arena_str(&l->arena, label);
		add_place(l, line->link, false, out);
		line->placed = true;
	}
}

/* Counts the text for this group and gives how often it came before. */
static uint32_t tally(struct links *l, struct str text, bool count)
{
	uint32_t index = map_get(&l->labels, text);
	if (index == MAP_NONE) {
		if (!count)
			return 0;
		index = (uint32_t)l->ntallies;
		map_set(&l->labels, text, index);
		l->tallies = arena_grow(&l->arena, l->tallies, l->ntallies, &l->tallies_capacity,
					2 * sizeof *l->tallies);
		l->tallies[2 * l->ntallies] = 0;
		l->ntallies++;
	}
	uint32_t *entry = &l->tallies[2 * index]; /* the group, and how often */
	if (entry[0] != l->tally_serial) {
		entry[0] = l->tally_serial;
		entry[1] = 0;
	}
	entry[1] += count;
	return entry[1];
}

static struct str place_key(struct links *l, const struct line *line)
{
	struct buf key = { 0 };
	buf_add(&key, line->label);
	buf_add_char(&key, '\0');
	buf_add(&key, host_of(l->document->links[line->link].target.url));
	struct str kept = arena_str(&l->arena, buf_str(&key));
	buf_free(&key);
	return kept;
}

/* A quick look at small groups: most have nothing to tell apart. */
static bool may_be_alike(const struct line *lines, size_t n)
{
	if (n > 16)
		return true;
	for (size_t i = 1; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (lines[i].label.len > 0 && str_equal(lines[i].label, lines[j].label))
				return true;
	return false;
}

/* Two addresses under one label: each says where it leads (L06). */
static void tell_apart(struct links *l, struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lines[i].label.len > 0)
			tally(l, lines[i].label, true);
	for (size_t i = 0; i < n; i++)
		if (lines[i].label.len > 0 && tally(l, lines[i].label, false) > 1)
			tally(l, place_key(l, &lines[i]), true);
	for (size_t i = 0; i < n; i++) {
		if (lines[i].label.len == 0 || tally(l, lines[i].label, false) < 2)
			continue;
		bool same_place = tally(l, place_key(l, &lines[i]), false) > 1;
		struct buf label = { 0 };
		buf_add(&label, lines[i].placed ? lines[i].base : lines[i].label);
		add_place(l, lines[i].link, same_place, &label);
		lines[i].label = arena_str(&l->arena, buf_str(&label));
		buf_free(&label);
	}
}

void links_flush(struct links *l, enum links_group group, struct buf *out)
{
	struct links_noted *noted = &l->noted[group];
	struct line *lines = ARENA_ARRAY(&l->arena, struct line, noted->count);
	struct buf *label = &l->scratch;
	for (size_t i = 0; i < noted->count; i++) {
		lines[i].link = noted->at[i].link;
		buf_clear(label);
		make_label(l, &lines[i], l->references[noted->at[i].reference].url, label);
		lines[i].label = arena_str(&l->arena, buf_str(label));
	}
	l->tally_serial++;
	if (may_be_alike(lines, noted->count))
		tell_apart(l, lines, noted->count);
	for (size_t i = 0; i < noted->count; i++) {
		const struct reference *reference = &l->references[noted->at[i].reference];
		links_line(l, reference->url, reference->number, lines[i].label, out);
	}
	noted->count = 0;
	noted->serial++;
}
