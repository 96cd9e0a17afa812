#include "document/shortcodes.h"
#include <assert.h>

#include "base/utf8.h"
#include "document/arguments.h"
#include "document/code_info.h"
#include "document/liquid.h"

#define LONGEST_TAG 4096

struct str shortcode_value(struct prepass *p, struct str value)
{
	return liquid_expand(value, p->arena);
}

size_t shortcode_put(struct prepass *p, const struct tag *tag, struct cut cut)
{
	if (prepass_is_alone(p, tag->from, tag->to) && !prepass_is_one_line(p))
		prepass_cut_block(p, cut, tag->from, tag->to);
	else
		prepass_cut(p, cut, tag->from, tag->to);
	return tag->to;
}

size_t shortcode_put_nothing(struct prepass *p, const struct tag *tag)
{
	return shortcode_put(p, tag, (struct cut){ .kind = CUT_VALUE });
}

static struct str clean_line(struct arena *arena, struct str text)
{
	struct buf line = { 0 };
	utf8_clean_line(&line, text);
	struct str kept = arena_str(arena, buf_str(&line));
	buf_free(&line);
	return kept;
}

size_t shortcode_put_paragraph(struct prepass *p, const struct tag *tag, const char *mark,
			       struct str words)
{
	struct buf text = prepass_inner(p, clean_line(p->arena, words));
	prepass_break(p);
	buf_add(p->out, str_from(mark));
	buf_add(p->out, buf_str(&text));
	buf_free(&text);
	prepass_break(p);
	return tag->to;
}

/* Sites whose things are named by an identifier. %.*s stands for it. */
static const struct embed {
	const char *name, *before, *after;
	enum label label;
} embeds[] = {
	{ "youtube", "https://www.youtube.com/watch?v=", "", LABEL_VIDEO },
	{ "vimeo", "https://vimeo.com/", "", LABEL_VIDEO },
	{ "tweet", "https://twitter.com/", "", LABEL_SOCIAL_POST },
	{ "twitter", "https://twitter.com/", "", LABEL_SOCIAL_POST },
	{ "x", "https://x.com/", "", LABEL_SOCIAL_POST },
	{ "gist", "https://gist.github.com/", "", LABEL_GIST },
	{ "instagram", "https://www.instagram.com/p/", "/", LABEL_SOCIAL_POST },
	{ "bilibili", "https://www.bilibili.com/video/", "", LABEL_VIDEO },
	{ "video", "", "", LABEL_VIDEO },
	{ "audio", "", "", LABEL_EMBEDDED },
	{ "iframe", "", "", LABEL_EMBEDDED },
};

static const struct embed *find_embed(struct str name)
{
	for (size_t i = 0; i < sizeof embeds / sizeof *embeds; i++)
		if (str_starts_nocase(name, str_from(embeds[i].name)) &&
		    (str_equal_nocase(name, str_from(embeds[i].name)) || i < 2))
			return &embeds[i];
	return NULL;
}

/* The part of the address that names the thing: an id, `user/status/id`, `user/id`. */
static struct str embed_path(struct prepass *p, const struct tag *tag, const struct embed *embed)
{
	const struct arguments *a = &tag->arguments;
	size_t first = str_equal(a->name, STR("include")) ? 1 : 0;
	struct str id = arguments_find(a, "id video_id videoid v url src file");
	if (id.len == 0)
		id = arguments_nth(a, first);
	struct str user = arguments_find(a, "user username");
	if (embed->label == LABEL_GIST) {
		struct str second = arguments_nth(a, first + 1);
		if (user.len == 0 && second.len > 0)
			return arena_format(p->arena, "%.*s/%.*s", STR_ARGS(id), STR_ARGS(second));
		if (user.len > 0)
			return arena_format(p->arena, "%.*s/%.*s", STR_ARGS(user), STR_ARGS(id));
	} else if (embed->label == LABEL_SOCIAL_POST && embed->after[0] == '\0' && id.len > 0 &&
		   str_find(id, '/', 0) == STR_NOT_FOUND) {
		if (user.len == 0)
			user = STR("i");
		return arena_format(p->arena, "%.*s/status/%.*s", STR_ARGS(user), STR_ARGS(id));
	}
	return id;
}

static size_t put_embed(struct prepass *p, const struct tag *tag, const struct embed *embed)
{
	struct str path = shortcode_value(p, embed_path(p, tag, embed));
	if (path.len == 0)
		return shortcode_put_nothing(p, tag);
	bool whole = str_find_str(path, STR("://"), 0) != STR_NOT_FOUND || embed->before[0] == '\0';
	if (!whole)
		path =
		    arena_format(p->arena, "%s%.*s%s", embed->before, STR_ARGS(path), embed->after);
	return shortcode_put(
	    p, tag, (struct cut){ .kind = CUT_EMBED, .text = path, .label = embed->label });
}

static size_t put_details(struct prepass *p, const struct tag *tag)
{
	struct str summary = arguments_find(&tag->arguments, "summary title");
	if (summary.len == 0)
		summary = arguments_nth(&tag->arguments, 0);
	return shortcode_put(p, tag, (struct cut){ .kind = CUT_WORDS, .text = summary });
}

static size_t put_words(struct prepass *p, const struct tag *tag)
{
	struct cut words = { .kind = CUT_VALUE, .text = arguments_nth(&tag->arguments, 0) };
	prepass_cut(p, words, tag->from, tag->to);
	return tag->to;
}

static size_t put_reference(struct prepass *p, const struct tag *tag)
{
	struct str name = arguments_find(&tag->arguments, "path");
	if (name.len == 0)
		name = arguments_nth(&tag->arguments, 0);
	name = shortcode_value(p, name);
	/* Jekyll counts from the root of its site, Hugo's ref from the page too. */
	if (str_equal(tag->name, STR("link")) && !str_starts(name, STR("/")))
		name = arena_format(p->arena, "/%.*s", STR_ARGS(name));
	prepass_cut(p, (struct cut){ .kind = CUT_REFERENCE, .text = name }, tag->from, tag->to);
	return tag->to;
}

/* Blocks of code as Hugo and Jekyll highlight them. */
static size_t put_code(struct prepass *p, const struct tag *tag)
{
	size_t behind, end = shortcode_end(p, tag, &behind);
	if (end == STR_NOT_FOUND)
		return shortcode_put_nothing(p, tag);
	struct str text = prepass_between(p, tag->to, end);
	while (text.len > 0 && (text.at[0] == '\n' || text.at[0] == '\r'))
		text = str_skip(text, 1);
	struct str language = arguments_find(&tag->arguments, "lang language");
	if (language.len == 0)
		language = arguments_nth(&tag->arguments, 0);
	struct buf info = { 0 };
	code_info(language, &info);
	struct str title = arguments_find(&tag->arguments, "title filename file");
	if (title.len > 0)
		buf_format(&info, "%s%.*s", info.len > 0 ? " " : "", STR_ARGS(title));
	struct cut cut = { .kind = CUT_CODE,
			   .text = str_trim_end(text),
			   .info = clean_line(p->arena, buf_str(&info)) };
	buf_free(&info);
	prepass_cut_block(p, cut, tag->from, behind);
	return behind;
}

static size_t skip_comment(struct prepass *p, const struct tag *tag)
{
	size_t behind, end = shortcode_end(p, tag, &behind);
	if (end == STR_NOT_FOUND)
		return shortcode_put_nothing(p, tag);
	struct tag whole = *tag;
	whole.to = behind;
	return shortcode_put_nothing(p, &whole);
}

static size_t put_formula(struct prepass *p, const struct tag *whole, struct str tex, bool lines)
{
	const struct arguments *a = &whole->arguments;
	bool display = lines || arguments_nth(a, 0).len > 0 ||
		       str_equal(arguments_find(a, "block display"), STR("true"));
	struct cut cut = { .kind = display ? CUT_MATH_DISPLAY : CUT_MATH_ROW, .text = tex };
	if (display && !prepass_is_one_line(p))
		prepass_cut_block(p, cut, whole->from, whole->to);
	else
		prepass_cut(p, cut, whole->from, whole->to);
	return whole->to;
}

/*
 * {{< katex >}} x^2 {{< /katex >}} and {{ katex(body="x^2") }}; where there are dollars inside only
 * the tags go.
 */
static size_t put_math(struct prepass *p, const struct tag *tag)
{
	struct str body = str_trim(arguments_find(&tag->arguments, "body"));
	if (body.len > 0 && p->options->math)
		return put_formula(p, tag, body, false);
	struct tag whole = *tag;
	size_t end = shortcode_end(p, tag, &whole.to);
	if (end == STR_NOT_FOUND || !p->options->math)
		return shortcode_put_nothing(p, tag);
	struct str tex = str_trim(prepass_between(p, tag->to, end));
	if (str_find(tex, '$', 0) != STR_NOT_FOUND || str_starts(tex, STR("\\(")) ||
	    str_starts(tex, STR("\\[")))
		return shortcode_put_nothing(p, tag);
	struct str source = str_sub(p->text, tag->from, whole.to);
	return put_formula(p, &whole, tex, str_find(source, '\n', 0) != STR_NOT_FOUND);
}

/* {% sidenote 'id' 'text' %}, or a pair: beside the text there is no room, so it is a footnote. */
static size_t put_note(struct prepass *p, const struct tag *tag)
{
	const struct arguments *a = &tag->arguments;
	struct str text = arguments_find(a, "note text content");
	size_t end, to = tag->to;
	for (size_t nth = 2; nth-- > 0 && text.len == 0;)
		text = arguments_nth(a, nth);
	if ((end = shortcode_end(p, tag, &to)) != STR_NOT_FOUND)
		text = prepass_between(p, tag->to, end);
	else
		to = tag->to;
	if (str_trim(text).len == 0 || p->is_inner)
		return shortcode_put_nothing(p, tag);
	return prepass_inline_note(p, str_trim(text), tag->from, to);
}

static size_t begin_raw(struct prepass *p, const struct tag *tag)
{
	size_t behind, end = shortcode_end(p, tag, &behind);
	if (end != STR_NOT_FOUND)
		p->raw_to = end;
	return shortcode_put_nothing(p, tag);
}

static const struct {
	struct str name;
	size_t (*put)(struct prepass *, const struct tag *);
} shortcodes[] = {
	{ STR_INIT("figure"), shortcode_figure },
	{ STR_INIT("image"), shortcode_figure },
	{ STR_INIT("img"), shortcode_figure },
	{ STR_INIT("picture"), shortcode_figure },
	{ STR_INIT("asset_img"), shortcode_figure },
	{ STR_INIT("details"), put_details },
	{ STR_INIT("ref"), put_reference },
	{ STR_INIT("relref"), put_reference },
	{ STR_INIT("post_url"), put_reference },
	{ STR_INIT("link"), put_reference },
	{ STR_INIT("get_url"), put_reference },
	{ STR_INIT("highlight"), put_code },
	{ STR_INIT("codeblock"), put_code },
	{ STR_INIT("code"), put_code },
	{ STR_INIT("comment"), skip_comment },
	{ STR_INIT("katex"), put_math },
	{ STR_INIT("math"), put_math },
	{ STR_INIT("mathjax"), put_math },
	{ STR_INIT("latex"), put_math },
	{ STR_INIT("raw"), begin_raw },
	{ STR_INIT("verbatim"), begin_raw },
	{ STR_INIT("sidenote"), put_note },
	{ STR_INIT("marginnote"), put_note },
	{ STR_INIT("newthought"), put_words },
	{ STR_INIT("marginfigure"), shortcode_figure },
	{ STR_INIT("maincolumn"), shortcode_figure },
	{ STR_INIT("maincolumn_img"), shortcode_figure },
	{ STR_INIT("fullwidth"), shortcode_figure },
};

static_assert(sizeof shortcodes / sizeof *shortcodes <= SHORTCODES, "shortcode_ends has room");

/* The words of Liquid itself, which say nothing to a reader; and `{{< /x >}}`, `{% endx %}`. */
static bool is_grammar(struct str name)
{
	static const struct str words[] = {
		STR_INIT("if"),        STR_INIT("elsif"),     STR_INIT("else"),
		STR_INIT("unless"),    STR_INIT("case"),      STR_INIT("when"),
		STR_INIT("for"),       STR_INIT("break"),     STR_INIT("assign"),
		STR_INIT("capture"),   STR_INIT("set"),       STR_INIT("continue"),
		STR_INIT("cycle"),     STR_INIT("increment"), STR_INIT("layout"),
		STR_INIT("decrement"), STR_INIT("liquid"),    STR_INIT("echo"),
		STR_INIT("seo"),       STR_INIT("feed_meta"), STR_INIT("include"),
		STR_INIT("toc"),
	};
	if (name.len == 0 || name.at[0] == '/' || name.at[0] == '#' || str_starts(name, STR("end")))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_equal_nocase(words[i], name))
			return true;
	return false;
}

static bool is_address(struct str text)
{
	return str_starts(text, STR("/")) || str_starts(text, STR("./")) ||
	       str_starts(text, STR("../")) || str_find_str(text, STR("://"), 0) != STR_NOT_FOUND;
}

/* What a tag links to; a path that begins with a name must be quoted: it may be a variable. */
static struct str find_address(struct prepass *p, const struct arguments *a)
{
	struct str named = arguments_find(a, "url href link");
	struct str address = shortcode_value(p, named.len > 0 ? named : arguments_find(a, "src"));
	bool quoted = named.len > 0 && strchr("\"'", named.at[-1]) != NULL;
	bool is_path = quoted && str_find(named, ' ', 0) == STR_NOT_FOUND &&
		       !str_equal(named, STR("true")) && !str_equal(named, STR("false"));
	return is_address(address) || is_path ? address : STR("");
}

/* A card or a button: {{< external_link url=".." title=".." >}}. 0 when it names no address. */
static size_t put_link(struct prepass *p, const struct tag *tag)
{
	const struct arguments *a = &tag->arguments;
	struct cut link = { .kind = CUT_LINK,
			    .text = arguments_find(a, "title text label name caption alt"),
			    .link = find_address(p, a) };
	struct str more = arguments_find(a, "subtitle description");
	size_t behind, end;
	if (link.link.len == 0)
		return 0;
	if (more.len > 0 && link.text.len > 0)
		link.text =
		    arena_format(p->arena, "%.*s: %.*s", STR_ARGS(link.text), STR_ARGS(more));
	if (link.text.len == 0 && (end = shortcode_end_near(p, tag, &behind)) != STR_NOT_FOUND) {
		link.text = str_trim(str_sub(p->text, tag->to, end));
		prepass_cut(p, link, tag->from, behind);
		return behind;
	}
	if (link.text.len == 0)
		link.text = link.link;
	return shortcode_put(p, tag, link);
}

/* {% include note.html content=".." %}: words for the reader. 0 when there are none. */
static size_t put_content(struct prepass *p, const struct tag *tag)
{
	static const struct {
		struct str name;
		const char *mark;
	} alerts[] = {
		{ STR_INIT("note"), "> [!NOTE] " },
		{ STR_INIT("tip"), "> [!TIP] " },
		{ STR_INIT("important"), "> [!IMPORTANT] " },
		{ STR_INIT("warning"), "> [!WARNING] " },
		{ STR_INIT("caution"), "> [!CAUTION] " },
	};
	struct str content = arguments_find(&tag->arguments, "content text body message");
	if (str_find(content, ' ', 0) == STR_NOT_FOUND || p->is_inner ||
	    !prepass_is_alone(p, tag->from, tag->to) || prepass_is_one_line(p))
		return 0;
	const char *mark = "";
	for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
		if (str_equal_nocase(alerts[i].name, tag->name))
			mark = alerts[i].mark;
	shortcode_put_nothing(p, tag);
	return shortcode_put_paragraph(p, tag, mark, content);
}

/* What is not known and neither links nor speaks vanishes, what it holds stays (M04). */
static size_t put_unknown(struct prepass *p, const struct tag *tag)
{
	const struct link_resolver *resolver = p->options->resolver;
	if (p->caption.len > 0 && p->caption_at == tag->from)
		return shortcode_end_frame(p, tag);
	if (is_grammar(tag->name))
		return shortcode_put_nothing(p, tag);
	size_t end = put_link(p, tag);
	if (end == 0)
		end = put_content(p, tag);
	if (end > 0)
		return end;
	if (resolver != NULL && resolver->drop != NULL)
		resolver->drop(resolver, str_sub(p->text, tag->from, tag->to));
	return shortcode_put_nothing(p, tag);
}

static size_t put_tag(struct prepass *p, struct tag *tag)
{
	struct arguments *a = &tag->arguments;
	tag->name = a->name;
	if (str_equal(a->name, STR("include")) || str_equal(a->name, STR("include_relative")))
		tag->name = arguments_stem(arguments_nth(a, 0));
	for (size_t i = 0; i < sizeof shortcodes / sizeof *shortcodes; i++) {
		tag->known = (unsigned)i;
		if (str_equal_nocase(shortcodes[i].name, tag->name))
			return shortcodes[i].put(p, tag);
	}
	const struct embed *embed = find_embed(tag->name);
	return embed != NULL ? put_embed(p, tag, embed) : put_unknown(p, tag);
}

static struct str inner_text(struct str inner)
{
	if (str_starts(inner, STR("-")))
		inner = str_skip(inner, 1);
	if (str_ends(inner, STR("-")) || str_ends(inner, STR("/")))
		inner.len--;
	return str_trim(inner);
}

/* {{ .. }}: a call of Zola's, a value of Liquid's, or text that only looks like it. */
static size_t put_expression(struct prepass *p, struct tag *tag, struct str inner)
{
	size_t paren = str_find(inner, '(', 0), name = 0;
	while (name < inner.len && (str_is_alpha(inner.at[name]) || inner.at[name] == '_'))
		name++;
	if (paren != STR_NOT_FOUND && name == paren && name > 0) {
		arguments_read(inner, &tag->arguments);
		return put_tag(p, tag);
	}
	struct str value;
	if (!liquid_value(inner, p->arena, &value))
		return 0;
	prepass_cut(p, (struct cut){ .kind = CUT_VALUE, .text = value }, tag->from, tag->to);
	return tag->to;
}

static const struct {
	struct str open, close;
} braces[] = {
	{ STR_INIT("{{<"), STR_INIT(">}}") },
	{ STR_INIT("{{%"), STR_INIT("%}}") },
	{ STR_INIT("{%"), STR_INIT("%}") },
	{ STR_INIT("{{"), STR_INIT("}}") },
};

/* The close of a tag, not too far away; what has been searched once is not searched again. */
static size_t find_brace_close(struct prepass *p, size_t brace, size_t at)
{
	struct str near = str_sub(p->text, 0, at + LONGEST_TAG), close = braces[brace].close;
	size_t from = at + braces[brace].open.len;
	if (p->no_close_before[brace] > from + close.len)
		from = p->no_close_before[brace] - close.len;
	size_t found = str_find_str(near, close, from);
	if (found == STR_NOT_FOUND)
		p->no_close_before[brace] = near.len;
	return found;
}

size_t prepass_shortcode(struct prepass *p, size_t at)
{
	struct str rest = str_skip(p->text, at);
	if (str_starts(rest, STR("{{</*")) || str_starts(rest, STR("{{%/*")))
		return 0; /* Hugo's way to show a shortcode */
	for (size_t i = 0; i < sizeof braces / sizeof *braces; i++) {
		if (!str_starts(rest, braces[i].open))
			continue;
		size_t close = find_brace_close(p, i, at);
		if (close == STR_NOT_FOUND)
			return 0;
		struct tag tag = { .from = at,
				   .to = close + braces[i].close.len,
				   .open = braces[i].open };
		struct str inner = inner_text(str_sub(p->text, at + tag.open.len, close));
		if (inner.len == 0 || str_find_str(inner, STR("\n\n"), 0) != STR_NOT_FOUND)
			return 0;
		if (str_equal(tag.open, STR("{{")))
			return put_expression(p, &tag, inner);
		arguments_read(inner, &tag.arguments);
		return put_tag(p, &tag);
	}
	return 0;
}
