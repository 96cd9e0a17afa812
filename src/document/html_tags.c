#include "document/html_tags.h"

/* Sorted by name. */
static const struct element {
	struct str name;
	enum html_role role;
	unsigned level;
} elements[] = {
	{ STR_INIT("a"), HTML_LINK, 0 },
	{ STR_INIT("abbr"), HTML_PLAIN, 0 },
	{ STR_INIT("acronym"), HTML_PLAIN, 0 },
	{ STR_INIT("address"), HTML_BREAK, 0 },
	{ STR_INIT("annotation"), HTML_DROPPED, 0 },
	{ STR_INIT("annotation-xml"), HTML_DROPPED, 0 },
	{ STR_INIT("area"), HTML_PLAIN, 0 },
	{ STR_INIT("article"), HTML_BREAK, 0 },
	{ STR_INIT("aside"), HTML_BREAK, 0 },
	{ STR_INIT("audio"), HTML_EMBED, 0 },
	{ STR_INIT("b"), HTML_STRONG, 0 },
	{ STR_INIT("base"), HTML_PLAIN, 0 },
	{ STR_INIT("basefont"), HTML_PLAIN, 0 },
	{ STR_INIT("bdi"), HTML_PLAIN, 0 },
	{ STR_INIT("bdo"), HTML_PLAIN, 0 },
	{ STR_INIT("bgsound"), HTML_PLAIN, 0 },
	{ STR_INIT("big"), HTML_PLAIN, 0 },
	{ STR_INIT("blink"), HTML_PLAIN, 0 },
	{ STR_INIT("blockquote"), HTML_BLOCKQUOTE, 0 },
	{ STR_INIT("body"), HTML_BREAK, 0 },
	{ STR_INIT("br"), HTML_LINE, 0 },
	{ STR_INIT("button"), HTML_PLAIN, 0 },
	{ STR_INIT("canvas"), HTML_DROPPED, 0 },
	{ STR_INIT("caption"), HTML_BREAK, 0 },
	{ STR_INIT("center"), HTML_BREAK, 0 },
	{ STR_INIT("cite"), HTML_EMPHASIS, 0 },
	{ STR_INIT("code"), HTML_CODE, 0 },
	{ STR_INIT("col"), HTML_PLAIN, 0 },
	{ STR_INIT("colgroup"), HTML_PLAIN, 0 },
	{ STR_INIT("data"), HTML_PLAIN, 0 },
	{ STR_INIT("datalist"), HTML_PLAIN, 0 },
	{ STR_INIT("dd"), HTML_DEFINITION, 0 },
	{ STR_INIT("del"), HTML_STRIKE, 0 },
	{ STR_INIT("details"), HTML_BREAK, 0 },
	{ STR_INIT("dfn"), HTML_EMPHASIS, 0 },
	{ STR_INIT("dialog"), HTML_BREAK, 0 },
	{ STR_INIT("dir"), HTML_BULLETS, 0 },
	{ STR_INIT("div"), HTML_BREAK, 0 },
	{ STR_INIT("dl"), HTML_DEFINITIONS, 0 },
	{ STR_INIT("dt"), HTML_TERM, 0 },
	{ STR_INIT("em"), HTML_EMPHASIS, 0 },
	{ STR_INIT("embed"), HTML_EMBED, 0 },
	{ STR_INIT("fieldset"), HTML_BREAK, 0 },
	{ STR_INIT("figcaption"), HTML_CAPTION, 0 },
	{ STR_INIT("figure"), HTML_FIGURE, 0 },
	{ STR_INIT("font"), HTML_PLAIN, 0 },
	{ STR_INIT("footer"), HTML_BREAK, 0 },
	{ STR_INIT("form"), HTML_DROPPED, 0 },
	{ STR_INIT("frame"), HTML_PLAIN, 0 },
	{ STR_INIT("frameset"), HTML_PLAIN, 0 },
	{ STR_INIT("h1"), HTML_HEADING, 1 },
	{ STR_INIT("h2"), HTML_HEADING, 2 },
	{ STR_INIT("h3"), HTML_HEADING, 3 },
	{ STR_INIT("h4"), HTML_HEADING, 4 },
	{ STR_INIT("h5"), HTML_HEADING, 5 },
	{ STR_INIT("h6"), HTML_HEADING, 6 },
	{ STR_INIT("head"), HTML_DROPPED, 0 },
	{ STR_INIT("header"), HTML_BREAK, 0 },
	{ STR_INIT("hgroup"), HTML_BREAK, 0 },
	{ STR_INIT("hr"), HTML_RULE, 0 },
	{ STR_INIT("html"), HTML_BREAK, 0 },
	{ STR_INIT("i"), HTML_EMPHASIS, 0 },
	{ STR_INIT("iframe"), HTML_EMBED, 0 },
	{ STR_INIT("image"), HTML_IMAGE, 0 },
	{ STR_INIT("img"), HTML_IMAGE, 0 },
	{ STR_INIT("input"), HTML_PLAIN, 0 },
	{ STR_INIT("ins"), HTML_PLAIN, 0 },
	{ STR_INIT("kbd"), HTML_PLAIN, 0 },
	{ STR_INIT("label"), HTML_PLAIN, 0 },
	{ STR_INIT("legend"), HTML_BREAK, 0 },
	{ STR_INIT("li"), HTML_ITEM, 0 },
	{ STR_INIT("link"), HTML_PLAIN, 0 },
	{ STR_INIT("listing"), HTML_PRE, 0 },
	{ STR_INIT("main"), HTML_BREAK, 0 },
	{ STR_INIT("map"), HTML_PLAIN, 0 },
	{ STR_INIT("mark"), HTML_PLAIN, 0 },
	{ STR_INIT("marquee"), HTML_PLAIN, 0 },
	{ STR_INIT("math"), HTML_PLAIN, 0 },
	{ STR_INIT("menu"), HTML_BULLETS, 0 },
	{ STR_INIT("meta"), HTML_PLAIN, 0 },
	{ STR_INIT("meter"), HTML_PLAIN, 0 },
	{ STR_INIT("mfrac"), HTML_PLAIN, 0 },
	{ STR_INIT("mi"), HTML_PLAIN, 0 },
	{ STR_INIT("mn"), HTML_PLAIN, 0 },
	{ STR_INIT("mo"), HTML_PLAIN, 0 },
	{ STR_INIT("mrow"), HTML_PLAIN, 0 },
	{ STR_INIT("msqrt"), HTML_PLAIN, 0 },
	{ STR_INIT("msub"), HTML_PLAIN, 0 },
	{ STR_INIT("msup"), HTML_PLAIN, 0 },
	{ STR_INIT("mtext"), HTML_PLAIN, 0 },
	{ STR_INIT("nav"), HTML_BREAK, 0 },
	{ STR_INIT("nobr"), HTML_PLAIN, 0 },
	{ STR_INIT("noframes"), HTML_PLAIN, 0 },
	{ STR_INIT("noscript"), HTML_PLAIN, 0 },
	{ STR_INIT("object"), HTML_EMBED, 0 },
	{ STR_INIT("ol"), HTML_NUMBERS, 0 },
	{ STR_INIT("optgroup"), HTML_PLAIN, 0 },
	{ STR_INIT("option"), HTML_PLAIN, 0 },
	{ STR_INIT("output"), HTML_PLAIN, 0 },
	{ STR_INIT("p"), HTML_BREAK, 0 },
	{ STR_INIT("param"), HTML_PLAIN, 0 },
	{ STR_INIT("picture"), HTML_PLAIN, 0 },
	{ STR_INIT("pre"), HTML_PRE, 0 },
	{ STR_INIT("progress"), HTML_PLAIN, 0 },
	{ STR_INIT("q"), HTML_QUOTATION, 0 },
	{ STR_INIT("rb"), HTML_PLAIN, 0 },
	{ STR_INIT("rp"), HTML_DROPPED, 0 },
	{ STR_INIT("rt"), HTML_READING, 0 },
	{ STR_INIT("rtc"), HTML_PLAIN, 0 },
	{ STR_INIT("ruby"), HTML_PLAIN, 0 },
	{ STR_INIT("s"), HTML_STRIKE, 0 },
	{ STR_INIT("samp"), HTML_PLAIN, 0 },
	{ STR_INIT("script"), HTML_DROPPED, 0 },
	{ STR_INIT("search"), HTML_BREAK, 0 },
	{ STR_INIT("section"), HTML_BREAK, 0 },
	{ STR_INIT("select"), HTML_PLAIN, 0 },
	{ STR_INIT("semantics"), HTML_PLAIN, 0 },
	{ STR_INIT("slot"), HTML_PLAIN, 0 },
	{ STR_INIT("small"), HTML_PLAIN, 0 },
	{ STR_INIT("source"), HTML_SOURCE, 0 },
	{ STR_INIT("span"), HTML_PLAIN, 0 },
	{ STR_INIT("strike"), HTML_STRIKE, 0 },
	{ STR_INIT("strong"), HTML_STRONG, 0 },
	{ STR_INIT("style"), HTML_DROPPED, 0 },
	{ STR_INIT("sub"), HTML_LOWERED, 0 },
	{ STR_INIT("summary"), HTML_BREAK, 0 },
	{ STR_INIT("sup"), HTML_RAISED, 0 },
	{ STR_INIT("svg"), HTML_DROPPED, 0 },
	{ STR_INIT("table"), HTML_TABLE, 0 },
	{ STR_INIT("tbody"), HTML_PLAIN, 0 },
	{ STR_INIT("td"), HTML_CELL, 0 },
	{ STR_INIT("template"), HTML_DROPPED, 0 },
	{ STR_INIT("textarea"), HTML_PLAIN, 0 },
	{ STR_INIT("tfoot"), HTML_PLAIN, 0 },
	{ STR_INIT("th"), HTML_CELL, 0 },
	{ STR_INIT("thead"), HTML_PLAIN, 0 },
	{ STR_INIT("time"), HTML_PLAIN, 0 },
	{ STR_INIT("title"), HTML_DROPPED, 0 },
	{ STR_INIT("tr"), HTML_ROW, 0 },
	{ STR_INIT("track"), HTML_PLAIN, 0 },
	{ STR_INIT("tt"), HTML_CODE, 0 },
	{ STR_INIT("u"), HTML_PLAIN, 0 },
	{ STR_INIT("ul"), HTML_BULLETS, 0 },
	{ STR_INIT("var"), HTML_PLAIN, 0 },
	{ STR_INIT("video"), HTML_EMBED, 0 },
	{ STR_INIT("wbr"), HTML_PLAIN, 0 },
	{ STR_INIT("xmp"), HTML_PRE, 0 },
};

enum html_role html_role(struct str name, unsigned *level)
{
	size_t low = 0, high = sizeof elements / sizeof *elements;
	char lower[16];
	if (name.len > sizeof lower)
		return HTML_UNKNOWN;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = str_lower(name.at[i]);
	name.at = lower;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(elements[middle].name, name);
		if (order == 0) {
			*level = elements[middle].level;
			return elements[middle].role;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return HTML_UNKNOWN;
}

bool html_is_block(struct str name)
{
	unsigned level;
	switch (html_role(name, &level)) {
	case HTML_BREAK:
	case HTML_HEADING:
	case HTML_BULLETS:
	case HTML_NUMBERS:
	case HTML_BLOCKQUOTE:
	case HTML_TABLE:
	case HTML_DEFINITIONS:
	case HTML_FIGURE: return true;
	default: return false;
	}
}

static bool is_name_char(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || c == '-' || c == ':' || c == '_';
}

static size_t skip_blanks(struct str text, size_t at)
{
	while (at < text.len && str_is_blank(text.at[at]))
		at++;
	return at;
}

/* `name`, `name=value`, `name="value"`; gives where it ends. */
static size_t read_attribute(struct str text, size_t at, struct html_tag *tag)
{
	size_t start = at;
	while (at < text.len && !str_is_blank(text.at[at]) &&
	       strchr("=<>/\"'", text.at[at]) == NULL)
		at++;
	struct str name = str_sub(text, start, at), value = { 0 };
	size_t equals = skip_blanks(text, at);
	if (name.len > 0 && equals < text.len && text.at[equals] == '=') {
		at = skip_blanks(text, equals + 1);
		char quote = at < text.len ? text.at[at] : 0;
		size_t end;
		if (quote == '"' || quote == '\'') {
			end = str_find(text, quote, ++at);
			if (end == STR_NOT_FOUND)
				return STR_NOT_FOUND;
			value = str_sub(text, at, end);
			at = end + 1;
		} else {
			end = at;
			while (end < text.len && !str_is_blank(text.at[end]) && text.at[end] != '>')
				end++;
			value = str_sub(text, at, end);
			at = end;
		}
	}
	if (name.len > 0 && tag->nattributes < HTML_MOST_ATTRIBUTES) {
		tag->attributes[tag->nattributes].name = name;
		tag->attributes[tag->nattributes++].value = value;
	}
	return name.len > 0 ? at : at + 1; /* stray marks are skipped, as browsers do */
}

static size_t read_element(struct str text, struct html_tag *tag)
{
	bool end_tag = text.len > 1 && text.at[1] == '/';
	size_t start = end_tag ? 2 : 1, at = start;
	if (at >= text.len || !str_is_alpha(text.at[at]))
		return 0;
	while (at < text.len && is_name_char(text.at[at]))
		at++;
	tag->markup = end_tag ? HTML_END_TAG : HTML_START_TAG;
	tag->name = str_sub(text, start, at);
	while ((at = skip_blanks(text, at)) < text.len && text.at[at] != '>') {
		if (text.at[at] == '<')
			return 0;
		at = read_attribute(text, at, tag);
		if (at == STR_NOT_FOUND)
			return 0;
	}
	return at < text.len ? at + 1 : 0;
}

static const struct special {
	struct str start, end;
	enum html_markup markup;
} specials[] = {
	{ STR_INIT("<!--"), STR_INIT("-->"), HTML_COMMENT },
	{ STR_INIT("<![CDATA["), STR_INIT("]]>"), HTML_CDATA },
	{ STR_INIT("<!"), STR_INIT(">"), HTML_COMMENT },
	{ STR_INIT("<?"), STR_INIT("?>"), HTML_COMMENT },
};

size_t html_read_tag(struct str text, struct html_tag *tag)
{
	tag->markup = HTML_NOT_MARKUP;
	tag->nattributes = 0;
	bool may_be_special = text.len > 1 && (text.at[1] == '!' || text.at[1] == '?');
	for (size_t i = 0; may_be_special && i < sizeof specials / sizeof *specials; i++) {
		const struct special *s = &specials[i];
		if (!str_starts(text, s->start) || (tag->unclosed & 1u << i))
			continue;
		size_t end = str_find_str(text, s->end, s->start.len);
		if (end == STR_NOT_FOUND) {
			tag->unclosed |= 1u << i;
			return 0;
		}
		tag->markup = s->markup;
		tag->content = str_sub(text, s->start.len, end);
		return end + s->end.len;
	}
	size_t length = read_element(text, tag);
	if (length == 0)
		tag->markup = HTML_NOT_MARKUP;
	return length;
}

static size_t find_attribute(const struct html_tag *tag, struct str name)
{
	size_t i = 0;
	while (i < tag->nattributes && !str_equal_nocase(tag->attributes[i].name, name))
		i++;
	return i;
}

bool html_has_attribute(const struct html_tag *tag, struct str name)
{
	return find_attribute(tag, name) < tag->nattributes;
}

struct str html_attribute(const struct html_tag *tag, struct str name)
{
	size_t i = find_attribute(tag, name);
	return i < tag->nattributes ? tag->attributes[i].value : STR("");
}
