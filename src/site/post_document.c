#include "site/post_document.h"

#include "document/target.h"

static void keywords_of(const struct catalogue *catalogue, const struct post *post,
			struct arena *arena, struct post_header *header)
{
	struct str *names = ARENA_ARRAY(arena, struct str, post->nkeywords);
	struct str *slugs = ARENA_ARRAY(arena, struct str, post->nkeywords);
	for (uint32_t i = 0; i < post->nkeywords; i++) {
		uint32_t index = catalogue->post_keywords[post->first_keyword + i];
		names[i] = catalogue->keywords[index].name;
		slugs[i] = catalogue->keywords[index].slug;
	}
	header->keywords = names;
	header->keyword_slugs = slugs;
	header->nkeywords = post->nkeywords;
}

void post_header_of(const struct catalogue *catalogue, const struct post *post,
		    const struct post *said, struct arena *arena, struct post_header *header)
{
	*header = (struct post_header){
		.title = said->title,
		.cover = said->extras->cover,
		.lang = said->extras->lang,
		.links = said->extras->links,
		.math = said->math,
	};
	if (catalogue_is_page(catalogue, post))
		return;
	header->date = said->date;
	header->updated = said->updated;
	if (post->series != NO_INDEX) {
		header->series = catalogue->series[post->series].name;
		header->series_slug = catalogue->series[post->series].slug;
	}
	keywords_of(catalogue, post, arena, header);
}

void post_style(const struct settings *settings, const struct post_header *header,
		struct style *style)
{
	static const struct str modes[] = {
		[LINKS_PARAGRAPH] = STR_INIT("paragraph"),
		[LINKS_SECTION] = STR_INIT("section"),
		[LINKS_END] = STR_INIT("end"),
		[LINKS_NUMBERED] = STR_INIT("numbered"),
		[LINKS_OFF] = STR_INIT("off"),
	};
	*style = settings->style;
	settings_labels(settings, header->lang, &style->labels);
	for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++)
		if (str_equal_nocase(header->links, modes[i]))
			style->links = (enum links_mode)i;
}

/* One date as its author wrote it, and the day of a later change. */
static void add_dates(struct document *d, const struct post_header *header,
		      const struct labels *labels)
{
	struct buf line = { 0 };
	date_add_day(&line, &header->date);
	document_text(d, buf_str(&line));
	size_t day = line.len;
	if (date_is_set(&header->updated)) {
		date_add_day(&line, &header->updated);
		struct str first = str_sub(buf_str(&line), 0, day);
		struct str second = str_skip(buf_str(&line), day);
		if (!str_equal(first, second)) {
			struct str word = labels->word[LABEL_UPDATED];
			document_line(d, arena_format(d->arena, "%.*s: %.*s", STR_ARGS(word),
						      STR_ARGS(second)));
		}
	}
	buf_free(&line);
}

/* A line of the header goes on with the one above, but for the heading. */
static void stay_close(struct document *d, uint32_t block)
{
	d->blocks[block].close = block > 0 && d->blocks[block - 1].kind != BLOCK_HEADING;
}

/* Links of one sort, each a line in gemtext, one line for all in plain text. */
static void add_group(struct document *d, enum route_kind kind, struct str one, struct str all,
		      const struct str *names, const struct str *slugs, size_t count)
{
	if (count == 0)
		return;
	uint32_t block = document_add(d, BLOCK_LINK_GROUP);
	stay_close(d, block);
	d->blocks[block].text = one;
	d->blocks[block].info = all;
	d->blocks[block].link = d->nlinks;
	d->blocks[block].number = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		struct target target = { .kind = TARGET_ROUTE,
					 .route = { .kind = kind, .name = slugs[i] } };
		uint32_t link = document_add_link(d, LINK_TEXT, target);
		document_run(d, RUN_TEXT, names[i], 0, link);
	}
}

/* The cover image: "Image: title of the post". */
static void add_cover(struct document *d, const struct post_header *header,
		      const struct labels *labels, const struct link_resolver *resolver)
{
	if (header->cover.len == 0)
		return;
	struct str label = arena_format(d->arena, "%.*s: %.*s", STR_ARGS(labels->word[LABEL_IMAGE]),
					STR_ARGS(header->title));
	struct target target = target_from(d->arena, header->cover, resolver);
	if (target.kind == TARGET_NONE)
		return;
	uint32_t block = document_add(d, BLOCK_LINK);
	uint32_t link = document_add_link(d, LINK_TEXT, target);
	d->blocks[block].link = link;
	stay_close(d, block);
	document_run(d, RUN_TEXT, label, 0, link);
}

static void add_header(struct document *d, const struct post_header *header,
		       const struct labels *labels, const struct link_resolver *resolver)
{
	if (header->title.len > 0)
		document_heading(d, 1, header->title);
	if (date_is_set(&header->date))
		add_dates(d, header, labels);
	add_group(d, ROUTE_SERIES, labels->word[LABEL_SERIES], labels->word[LABEL_SERIES],
		  &header->series, &header->series_slug, header->series.len > 0);
	add_group(d, ROUTE_KEYWORD, labels->word[LABEL_KEYWORD], labels->word[LABEL_KEYWORDS],
		  header->keywords, header->keyword_slugs, header->nkeywords);
	add_cover(d, header, labels, resolver);
}

struct document *post_document(struct arena *arena, const struct settings *settings,
			       const struct post_header *header, struct str body,
			       const struct link_resolver *resolver, const struct style *style)
{
	struct document *d = document_new(arena);
	d->lang = header->lang;
	d->macros = settings->macros;
	add_header(d, header, &style->labels, resolver);
	struct markdown_options options = {
		.labels = &style->labels,
		.resolver = resolver,
		.macros = settings->macros,
		.math = settings->math && header->math,
		.math_bold_unicode = style->math_bold_unicode,
		.width = style->width,
	};
	struct document *parsed = markdown_parse(arena, body, &options);
	if (header->title.len > 0)
		markdown_fit_title(parsed, header->title);
	/* The post's own \newcommands stand above those of the settings. */
	if (parsed->macros != NULL)
		d->macros = parsed->macros;
	document_append(d, parsed, 0);
	style_cut_links(style, d);
	return d;
}
