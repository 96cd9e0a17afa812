/* Images of Hugo, Zola and Liquid, and what is written below them. */
#include "document/shortcodes.h"
#include "document/target.h"
#include "math/math_find.h"

static bool holds_formula(struct str caption)
{
	struct str tex;
	size_t end;
	for (size_t i = str_find(caption, '$', 0); i != STR_NOT_FOUND;
	     i = str_find(caption, '$', i + 1))
		if (math_find(caption, i, &tex, &end))
			return true;
	size_t open = str_find_str(caption, STR("\\("), 0);
	return open != STR_NOT_FOUND && str_find_str(caption, STR("\\)"), open) != STR_NOT_FOUND;
}

/* Links and formulas in a caption are those of the page, and a long one does not fit its line. */
static bool is_prose(struct str alt, struct str caption)
{
	return caption.len > 0 && (str_find_str(caption, STR("]("), 0) != STR_NOT_FOUND ||
				   str_find(caption, '<', 0) != STR_NOT_FOUND ||
				   holds_formula(caption) || !flow_fits_title(alt, caption));
}

/* Such a caption is a paragraph below its image, and within a text a footnote. */
static size_t put_caption(struct prepass *p, const struct tag *tag, struct str caption)
{
	if (!prepass_is_alone(p, tag->from, tag->to))
		return prepass_inline_note(p, caption, tag->to, tag->to);
	return shortcode_put_paragraph(p, tag, "", caption);
}

/* {% figure caption:".." %} around images of Markdown: the caption goes where the pair ends. */
static size_t put_frame(struct prepass *p, const struct tag *tag, struct str caption)
{
	size_t behind,
	    end = caption.len > 0 && !p->is_inner ? shortcode_end(p, tag, &behind) : STR_NOT_FOUND;
	if (end != STR_NOT_FOUND) {
		p->caption = caption;
		p->caption_at = end;
	}
	return shortcode_put_nothing(p, tag);
}

size_t shortcode_end_frame(struct prepass *p, const struct tag *tag)
{
	struct str caption = p->caption;
	p->caption = STR("");
	shortcode_put_nothing(p, tag);
	return put_caption(p, tag, caption);
}

/* Without keys: the address, after a class or an id, and behind it perhaps a caption. */
static struct str nth_image(const struct arguments *a, struct str *caption)
{
	size_t first = str_equal(a->name, STR("include")) ? 1 : 0, nth = first;
	while (arguments_nth(a, nth).len > 0 && !target_is_image(arguments_nth(a, nth)))
		nth++;
	if (arguments_nth(a, nth).len == 0)
		return arguments_nth(a, first);
	if (caption->len == 0 && str_find(arguments_nth(a, nth + 1), ' ', 0) != STR_NOT_FOUND)
		*caption = arguments_nth(a, nth + 1);
	return arguments_nth(a, nth);
}

size_t shortcode_figure(struct prepass *p, const struct tag *tag)
{
	const struct arguments *a = &tag->arguments;
	struct str source = arguments_find(a, "src image_path url path image img file source");
	struct str words[] = { arguments_find(a, "alt"), arguments_find(a, "title"),
			       arguments_find(a, "caption description") };
	if (words[2].len == 0 && is_prose(words[0], words[1])) {
		words[2] = words[1]; /* whatever its author calls it */
		words[1] = STR("");
	}
	if (source.len == 0)
		source = nth_image(a, &words[2]);
	if (source.len == 0)
		return put_frame(p, tag, words[2]);
	bool apart = is_prose(words[0], words[2]) && !p->is_inner;
	struct cut cut = { .kind = CUT_IMAGE,
			   .text = shortcode_value(p, source),
			   .link = shortcode_value(p, arguments_find(a, "link href")) };
	for (size_t i = 0; i < 3; i++) {
		if (words[i].len == 0 || (i == 2 && apart))
			continue;
		if (cut.info.len == 0)
			cut.info = words[i];
		else if (cut.title.len == 0)
			cut.title = words[i];
		else
			cut.title = arena_format(p->arena, "%.*s: %.*s", STR_ARGS(cut.title),
						 STR_ARGS(words[i]));
	}
	shortcode_put(p, tag, cut);
	return apart ? put_caption(p, tag, words[2]) : tag->to;
}
