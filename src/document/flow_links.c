#include "base/utf8.h"
#include "document/flow.h"
#include "document/flow_runs.h"
#include "document/target.h"

#define TITLE_COLUMNS 170 /* the label of a link has 200, with "Image:" in some language */

void flow_begin_link(struct flow *f, enum flow_origin origin, enum link_kind kind,
		     struct target target, struct str href, struct str title)
{
	if (f->nlinks >= FLOW_LINKS) {
		f->nlinks += origin == FLOW_MARKDOWN;
		return;
	}
	if (f->nlinks > 0)
		f->links[f->nlinks - 1].index = NO_LINK;
	f->links[f->nlinks++] = (struct flow_link){ .target = target,
						    .kind = kind,
						    .href = href,
						    .title = title,
						    .index = NO_LINK,
						    .origin = (uint8_t)origin };
}

/* Takes `prefix` and then the label's pieces off `href`; true when nothing else is left. */
static bool is_spelled_out(const struct document *d, const struct link *link, struct str href,
			   struct str prefix)
{
	if (!str_starts(href, prefix))
		return false;
	href = str_skip(href, prefix.len);
	for (uint32_t i = link->first_run; i < link->first_run + link->nruns; i++) {
		if (d->runs[i].kind != RUN_TEXT || !str_starts(href, d->runs[i].text))
			return false;
		href = str_skip(href, d->runs[i].text.len);
	}
	return href.len == 0;
}

/* A thumbnail that leads to the image it shows is that image (I03). */
static void join_image(struct document *d, struct link *link)
{
	struct run *run = &d->runs[link->first_run];
	d->links[run->image].target = link->target;
	run->link = NO_LINK;
	link->nruns = 0;
}

static bool is_autolink(const struct document *d, const struct link *link, struct str href)
{
	return link->kind == LINK_TEXT && link->target.kind == TARGET_URL &&
	       (is_spelled_out(d, link, href, STR("")) ||
		is_spelled_out(d, link, href, STR("mailto:")) ||
		is_spelled_out(d, link, href, STR("http://")));
}

static void end_innermost_link(struct flow *f)
{
	struct flow_link *l = &f->links[f->nlinks - 1];
	if (!l->used && l->target.kind != TARGET_NONE)
		flow_run(f, RUN_TEXT, STR("")); /* L15 */
	f->nlinks--;
	if (l->index == NO_LINK)
		return;
	struct document *d = f->document;
	struct link *link = &d->links[l->index];
	if (is_autolink(d, link, l->href))
		link->kind = LINK_AUTO;
	if (link->nruns == 1 && d->runs[link->first_run].kind == RUN_IMAGE &&
	    target_is_image(l->href))
		join_image(d, link);
}

void flow_end_link(struct flow *f, enum flow_origin origin)
{
	if (f->nlinks > FLOW_LINKS) {
		f->nlinks -= origin == FLOW_MARKDOWN;
		return;
	}
	while (origin == FLOW_MARKDOWN && f->nlinks > 0 &&
	       f->links[f->nlinks - 1].origin != FLOW_MARKDOWN)
		end_innermost_link(f);
	if (f->nlinks > 0 && f->links[f->nlinks - 1].origin == origin)
		end_innermost_link(f);
}

bool flow_fits_title(struct str alt, struct str caption)
{
	return utf8_columns(alt) + utf8_columns(caption) <= TITLE_COLUMNS;
}

uint32_t flow_image(struct flow *f, struct str source, struct str alt, struct str title)
{
	struct target target = target_from(f->arena, source, f->options->resolver);
	if (alt.len == 0)
		alt = target_image_words(f->arena, source);
	if (target.kind == TARGET_NONE) {
		flow_text(f, alt);
		return NO_LINK;
	}
	struct run *run = flow_run(f, RUN_IMAGE, alt);
	uint32_t run_index = f->document->nruns - 1;
	uint32_t index = document_add_link(f->document, LINK_IMAGE, target);
	struct link *link = &f->document->links[index];
	link->title = title;
	link->first_run = run_index;
	link->nruns = 1;
	run->image = index;
	return index;
}
