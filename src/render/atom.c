#include "render/atom.h"

#include "base/date.h"
#include "base/utf8.h"

/* Text for XML: escaped, on one line, without what XML 1.0 does not allow (GEM-A3). */
static void add_escaped(struct str text, struct buf *out)
{
	struct buf clean = { 0 };
	utf8_clean_line(&clean, text);
	struct str rest = buf_str(&clean);
	while (rest.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code);
		switch (code) {
		case '&': buf_add(out, STR("&amp;")); break;
		case '<': buf_add(out, STR("&lt;")); break;
		case '>': buf_add(out, STR("&gt;")); break;
		case '"': buf_add(out, STR("&quot;")); break;
		case 0xfffe:
		case 0xffff: buf_add(out, STR("\xef\xbf\xbd")); break;
		default: buf_add(out, str_sub(rest, 0, n)); break;
		}
		rest = str_skip(rest, n);
	}
	buf_free(&clean);
}

static void indent(unsigned depth, struct buf *out)
{
	buf_repeat(out, STR("  "), depth);
}

/* One line of the feed; none for an empty text. */
static void add_element(unsigned depth, const char *name, struct str text, struct buf *out)
{
	if (text.len == 0)
		return;
	indent(depth, out);
	buf_format(out, "<%s>", name);
	add_escaped(text, out);
	buf_format(out, "</%s>\n", name);
}

static void add_time(unsigned depth, const char *name, int64_t instant, struct buf *out)
{
	indent(depth, out);
	buf_format(out, "<%s>", name);
	date_add_rfc3339(out, instant);
	buf_format(out, "</%s>\n", name);
}

/* The feed while it is written, with the address that is being spelled. */
struct writer {
	const struct style *style;
	enum space space;
	struct buf *out, url;
};

static struct str url_of(struct writer *w, const struct route *route)
{
	buf_clear(&w->url);
	style_absolute(w->style, w->space, route, &w->url);
	return buf_str(&w->url);
}

static void add_link(struct writer *w, unsigned depth, const char *relation,
		     const struct route *route)
{
	indent(depth, w->out);
	buf_format(w->out, "<link rel=\"%s\" href=\"", relation);
	add_escaped(url_of(w, route), w->out);
	buf_add(w->out, STR("\"/>\n"));
}

static void add_author(unsigned depth, struct str name, struct str email, struct str uri,
		       struct buf *out)
{
	indent(depth, out);
	buf_add(out, STR("<author>\n"));
	add_element(depth + 1, "name", name, out);
	add_element(depth + 1, "email", email, out);
	add_element(depth + 1, "uri", uri, out);
	indent(depth, out);
	buf_add(out, STR("</author>\n"));
}

static void add_entry(struct writer *w, const struct atom_entry *entry)
{
	struct buf *out = w->out;
	buf_add(out, STR("  <entry>\n"));
	add_element(2, "title", entry->title.len > 0 ? entry->title : url_of(w, &entry->route),
		    out);
	add_element(2, "id", url_of(w, &entry->route), out);
	add_link(w, 2, "alternate", &entry->route);
	add_time(2, "published", entry->published, out);
	add_time(2, "updated", entry->updated, out);
	if (entry->author.len > 0)
		add_author(2, entry->author, STR(""), STR(""), out);
	for (size_t i = 0; i < entry->ncategories; i++) {
		buf_add(out, STR("    <category term=\""));
		add_escaped(entry->categories[i], out);
		buf_add(out, STR("\"/>\n"));
	}
	add_element(2, "rights", entry->rights, out);
	add_element(2, "summary", entry->summary, out);
	buf_add(out, STR("  </entry>\n"));
}

void atom_write(const struct atom_feed *feed, const struct style *style, enum space space,
		struct buf *out)
{
	struct writer w = { .style = style, .space = space, .out = out };
	int64_t updated = 0;
	for (size_t i = 0; i < feed->nentries; i++)
		if (i == 0 || feed->entries[i].updated > updated)
			updated = feed->entries[i].updated;
	buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\""));
	if (feed->lang.len > 0) {
		buf_add(out, STR(" xml:lang=\""));
		add_escaped(feed->lang, out);
		buf_add_char(out, '"');
	}
	buf_add(out, STR(">\n"));
	add_element(1, "title", feed->title, out);
	add_element(1, "subtitle", feed->subtitle, out);
	add_element(1, "id", url_of(&w, &feed->self), out);
	add_link(&w, 1, "self", &feed->self);
	add_link(&w, 1, "alternate", &feed->alternate);
	add_time(1, "updated", updated, out);
	add_author(1, feed->author_name, feed->author_email, feed->author_uri, out);
	for (size_t i = 0; i < feed->nentries; i++)
		add_entry(&w, &feed->entries[i]);
	buf_add(out, STR("</feed>\n"));
	buf_free(&w.url);
}
