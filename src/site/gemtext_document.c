#include "site/gemtext_document.h"

#include "base/utf8.h"

static void add_preformatted(struct document *d, struct str *rest, struct str alt)
{
	struct buf lines = { 0 };
	for (struct str line; str_line(rest, &line) && !str_starts(line, STR("```"));) {
		buf_add(&lines, line);
		buf_add_char(&lines, '\n');
	}
	uint32_t block = document_add(d, BLOCK_CODE);
	d->blocks[block].info = str_trim(alt);
	d->blocks[block].text = arena_str(d->arena, str_trim_end(buf_str(&lines)));
	buf_free(&lines);
}

static bool has_scheme(struct str url)
{
	size_t colon = str_find(url, ':', 0);
	return str_starts(url, STR("//")) ||
	       (colon != STR_NOT_FOUND && colon < str_find(url, '/', 0));
}

/* An address within the capsule is another one in Gopher. */
static void add_link(struct document *d, struct str line, const struct link_resolver *resolver)
{
	struct str rest = str_trim(str_skip(line, 2));
	size_t end = 0;
	while (end < rest.len && !str_is_blank(rest.at[end]))
		end++;
	struct str url = str_sub(rest, 0, end), label = str_trim(str_skip(rest, end));
	if (label.len == 0)
		label = url;
	if (has_scheme(url)) {
		document_link_url(d, url, label);
		return;
	}
	struct target target;
	resolver->resolve(resolver, d->arena, url, &target);
	document_link(d, target.route, label);
}

/* Consecutive items are one list, consecutive quotes one quote: `held` is what is open. */
static void hold(struct document *d, enum block_kind *held, enum block_kind wanted)
{
	if (*held == wanted)
		return;
	if (*held != BLOCK_KINDS)
		document_close(d);
	*held = wanted;
	if (wanted != BLOCK_KINDS)
		document_open(d, wanted);
}

static void add_heading(struct document *d, unsigned level, struct str text)
{
	document_heading(d, level, text);
	document_gap(d);
}

static void add_line(struct document *d, struct str line, const struct link_resolver *resolver)
{
	unsigned level = 0;
	while (level < 3 && level < line.len && line.at[level] == '#')
		level++;
	if (str_starts(line, STR("=>")) && str_trim(str_skip(line, 2)).len > 0)
		add_link(d, line, resolver);
	else if (level > 0)
		add_heading(d, level, str_trim(str_skip(line, level)));
	else if (str_trim(line).len > 0)
		document_line(d, line);
	else
		document_gap(d);
}

struct document *gemtext_document(struct arena *arena, struct str text,
				  const struct link_resolver *resolver)
{
	struct buf clean = { 0 };
	utf8_clean(&clean, text);
	text = arena_str(arena, buf_str(&clean));
	buf_free(&clean);
	struct document *d = document_new(arena);
	enum block_kind held = BLOCK_KINDS;
	for (struct str line; str_line(&text, &line);) {
		bool item = str_starts(line, STR("* ")), quote = str_starts(line, STR(">"));
		hold(d, &held, item ? BLOCK_LIST : quote ? BLOCK_QUOTE : BLOCK_KINDS);
		if (item) {
			document_open(d, BLOCK_ITEM);
			document_text(d, str_trim(str_skip(line, 2)));
			document_close(d);
		} else if (quote) {
			document_text(d, str_trim(str_skip(line, 1)));
		} else if (str_starts(line, STR("```"))) {
			add_preformatted(d, &text, str_skip(line, 3));
		} else {
			add_line(d, line, resolver);
		}
	}
	hold(d, &held, BLOCK_KINDS);
	return d;
}
