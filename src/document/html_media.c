#include "document/html_media.h"

#include "document/entities.h"
#include "document/target.h"

struct str html_words(struct html *h, const struct html_tag *tag, struct str name)
{
	struct str value = cuts_restore(h->cuts, html_attribute(tag, name), h->flow->arena);
	return flow_line(h->flow, entity_decode(value, ENTITY_HTML, h->flow->arena));
}

/* An attribute's address with its entities and values replaced. */
static struct str url(struct html *h, const struct html_tag *tag, struct str name)
{
	struct str value = str_trim(html_attribute(tag, name));
	value = cuts_restore_url(h->cuts, value, h->flow->arena);
	return entity_decode(value, ENTITY_HTML, h->flow->arena);
}

void html_break(struct html *h)
{
	if (h->tables > 0 || flow_is_one_line(h->flow))
		flow_break(h->flow, flow_is_one_line(h->flow) ? RUN_HARD_BREAK : RUN_SOFT_BREAK);
	else
		flow_end_leaf(h->flow);
}

void html_add_image(struct html *h, const struct html_tag *tag)
{
	struct str source = url(h, tag, STR("src"));
	if (source.len == 0 || str_starts_nocase(source, STR("data:"))) {
		struct str late = url(h, tag, STR("data-src"));
		source = late.len > 0 ? late : source;
	}
	struct str alt = html_words(h, tag, STR("alt"));
	h->alt_missing = alt.len == 0;
	if (source.len > 0)
		flow_image(h->flow, source, alt, html_words(h, tag, STR("title")));
	else
		flow_text(h->flow, alt);
}

void html_add_embed(struct html *h, const struct html_tag *tag)
{
	struct flow *f = h->flow;
	struct str source = url(h, tag, STR("src"));
	if (source.len == 0)
		source = url(h, tag, STR("data"));
	h->embed_wants_source = source.len == 0;
	struct target target = target_from(f->arena, source, f->options->resolver);
	if (target.kind == TARGET_NONE)
		return;
	struct str place = target_host(target.url);
	if (place.len == 0)
		place = target_image_words(f->arena, source);
	struct str word = f->options->labels->word[LABEL_EMBEDDED];
	html_break(h);
	flow_begin_link(f, FLOW_CUT, LINK_EMBED, target, source, STR(""));
	flow_text(f, arena_format(f->arena, "%.*s: %.*s", STR_ARGS(word), STR_ARGS(place)));
	flow_end_link(f, FLOW_CUT);
	html_break(h);
}

void html_start_figure(struct html *h)
{
	html_break(h);
	h->in_figure = true;
	h->in_caption = false;
	h->figure_run = h->flow->document->nruns;
}

void html_start_caption(struct html *h)
{
	html_break(h);
	h->in_caption = h->in_figure;
	h->caption_block = h->flow->document->nblocks;
}

/* The only image of the figure, or NULL. */
static struct run *figure_image(struct html *h, uint32_t end)
{
	struct document *d = h->flow->document;
	struct run *image = NULL;
	for (uint32_t i = h->figure_run; i < end; i++) {
		if (d->runs[i].kind != RUN_IMAGE)
			continue;
		if (image != NULL)
			return NULL;
		image = &d->runs[i];
	}
	return image;
}

static bool is_plain_block(const struct document *d, const struct block *b)
{
	for (uint32_t i = b->first_run; i < b->first_run + b->nruns; i++)
		if (d->runs[i].link != NO_LINK || d->runs[i].kind == RUN_IMAGE ||
		    d->runs[i].kind == RUN_NOTE)
			return false;
	return b->kind == BLOCK_PARAGRAPH;
}

void html_end_caption(struct html *h)
{
	struct document *d = h->flow->document;
	html_break(h);
	bool in_caption = h->in_caption;
	h->in_caption = false;
	if (!in_caption || h->tables > 0 || d->nblocks != h->caption_block + 1)
		return;
	struct block *b = &d->blocks[h->caption_block];
	struct run *image = figure_image(h, b->first_run);
	if (image == NULL || !is_plain_block(d, b))
		return;
	struct buf words = { 0 };
	document_plain(d, b->first_run, b->nruns, &words);
	struct str caption = arena_str(h->flow->arena, buf_str(&words));
	buf_free(&words);
	if (!flow_fits_title(h->alt_missing ? STR("") : image->text, caption))
		return;
	if (h->alt_missing)
		image->text = caption;
	else
		d->links[image->image].title = caption;
	d->nblocks--;
	d->nruns = b->first_run;
}
