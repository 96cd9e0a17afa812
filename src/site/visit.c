#include "site/visit.h"

#include "base/log.h"
#include "render/gemtext.h"
#include "render/gopher_menu.h"
#include "render/gopher_text.h"

struct buf *visit_text(struct visit *visit, struct str type)
{
	struct response *response = visit->response;
	response->kind = RESPONSE_TEXT;
	response->type = type;
	response->cacheable = true;
	return &response->body;
}

static void set_lang(struct visit *visit, const struct document *document)
{
	visit->response->lang = document->lang.len > 0 ? document->lang : visit->settings->language;
}

void visit_show(struct visit *visit, const struct document *document, const struct style *style)
{
	struct buf *body = visit_text(visit, STR("text/gemini"));
	set_lang(visit, document);
	if (visit->space == SPACE_GEMINI) {
		gemtext_write(document, style, body);
		return;
	}
	visit->response->kind = RESPONSE_MENU;
	visit->response->item = '1';
	gopher_menu_write(document, style, body);
}

void visit_show_text(struct visit *visit, const struct document *document,
		     const struct style *style)
{
	struct buf *body = visit_text(visit, STR("text/plain"));
	set_lang(visit, document);
	visit->response->item = '0';
	if (visit->space == SPACE_GOPHER) {
		gopher_text_write(document, style, body);
		return;
	}
	/* Its readers came by Gemini: there its links go on. */
	struct style gemini = *style;
	gemini.place.has_gopher = false;
	gopher_text_write(document, &gemini, body);
}

void visit_redirect(struct visit *visit, const struct route *route, bool permanent)
{
	struct buf path = { 0 };
	route_spell(visit->space, route, &path);
	visit->response->kind = RESPONSE_REDIRECT;
	visit->response->permanent = permanent;
	visit->response->text = arena_str(visit->arena, buf_str(&path));
	buf_free(&path);
}

static bool is_post_route(enum route_kind kind)
{
	return kind == ROUTE_POST || kind == ROUTE_POST_TEXT || kind == ROUTE_POST_SOURCE ||
	       kind == ROUTE_POST_MENU;
}

static void name_nearest(struct visit *visit, const struct post *nearest)
{
	const struct labels *labels = &visit->settings->style.labels;
	struct route route = visit->route;
	struct buf path = { 0 };
	route.name = nearest->slug;
	route_spell(visit->space, &route, &path);
	visit->response->text =
	    arena_format(visit->arena, "%.*s (%.*s %.*s?)", STR_ARGS(labels->word[LABEL_NOT_FOUND]),
			 STR_ARGS(labels->word[LABEL_DID_YOU_MEAN]), STR_ARGS(buf_str(&path)));
	buf_free(&path);
}

void visit_missing(struct visit *visit)
{
	struct response *response = visit->response;
	struct str word = visit->settings->style.labels.word[LABEL_NOT_FOUND];
	response->kind = RESPONSE_MISSING;
	const struct post *nearest = NULL;
	if (is_post_route(visit->route.kind))
		nearest = route_nearest(visit->catalogue, visit->route.name);
	if (nearest != NULL) {
		name_nearest(visit, nearest);
	} else if (visit->space == SPACE_GOPHER) {
		/* The error line names the selector itself. */
		response->text = word;
	} else {
		response->text = arena_format(
		    visit->arena, "%.*s: %.*s", STR_ARGS(word),
		    STR_ARGS(visit->settings->style.labels.word[LABEL_NO_SUCH_ADDRESS]));
	}
}

void visit_gone(struct visit *visit)
{
	visit->response->kind = RESPONSE_GONE;
	visit->response->text = visit->settings->style.labels.word[LABEL_GONE];
}

void visit_failed(struct visit *visit, const struct fault *fault)
{
	static struct log_limit limit;
	struct buf text = { 0 };
	fault_text(fault, &text);
	log_limited(&limit, LOG_WARNING, "%s", buf_c(&text));
	buf_free(&text);
	visit->response->kind = RESPONSE_FAILED;
	visit->response->cacheable = false;
	visit->response->text = STR("This cannot be read just now");
}
