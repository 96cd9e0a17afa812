#include "render/style.h"

#include "render/file_name.h"

void style_default(struct style *style)
{
	*style = (struct style){
		.place = { .gemini_host = STR("localhost"),
			   .gemini_port = 1965,
			   .gopher_host = STR("localhost"),
			   .gopher_port = 70,
			   .has_gemini = true,
			   .has_gopher = true },
		.rule = STR("---"),
		.width = 70,
	};
	labels_for(&style->labels, STR("en"));
}

static void add_host(struct buf *out, struct str host, unsigned port, unsigned default_port)
{
	buf_add(out, host);
	if (port != default_port)
		buf_format(out, ":%u", port);
}

/* Appends the selector of a route: raw bytes, with the prefix of its place (GOPH-128). */
static void add_selector(const struct style *style, const struct route *route, struct buf *out)
{
	const struct place *place = &style->place;
	buf_add(out, place->gopher_prefix);
	if (place->form != PLACE_GOPHER_FILES) {
		route_spell(SPACE_GOPHER, route, out);
		return;
	}
	struct buf selector = { 0 };
	route_spell(SPACE_GOPHER, route, &selector);
	file_name_add_path(buf_str(&selector), out);
	buf_free(&selector);
}

bool style_reaches(const struct style *style, const struct route *route)
{
	return style->place.form == PLACE_LIVE ||
	       (route->kind != ROUTE_SEARCH && route->kind != ROUTE_RANDOM);
}

void style_cut_links(const struct style *style, struct document *d)
{
	for (uint32_t i = 0; i < d->nlinks; i++) {
		struct target *target = &d->links[i].target;
		if (target->kind == TARGET_ROUTE && !style_reaches(style, &target->route))
			target->kind = TARGET_NONE;
	}
}

/* An absolute selector as RFC 4266 writes it: the item type, then the encoded selector. */
static void add_gopher(const struct style *style, const struct route *route, struct buf *out)
{
	const struct place *place = &style->place;
	struct buf selector = { 0 };
	add_selector(style, route, &selector);
	buf_add(out, STR("gopher://"));
	add_host(out, place->gopher_host, place->gopher_port, 70);
	buf_add_char(out, '/');
	buf_add_char(out, route_gopher_type(route));
	route_encode_path(buf_str(&selector), out);
	buf_free(&selector);
}

void style_target(const struct style *style, enum space space, const struct target *target,
		  struct buf *out)
{
	if (target->kind == TARGET_URL) {
		buf_add(out, target->url);
	} else if (target->kind == TARGET_ROUTE && space == SPACE_GOPHER) {
		bool gemini = !style->place.has_gopher && style->place.has_gemini;
		style_absolute(style, gemini ? SPACE_GEMINI : SPACE_GOPHER, &target->route, out);
	} else if (target->kind == TARGET_ROUTE) {
		buf_add(out, style->place.gemini_base);
		route_spell(SPACE_GEMINI, &target->route, out);
	}
}

void style_absolute(const struct style *style, enum space space, const struct route *route,
		    struct buf *out)
{
	const struct place *place = &style->place;
	if (space == SPACE_GOPHER) {
		add_gopher(style, route, out);
		return;
	}
	if (str_find_str(place->gemini_base, STR("://"), 0) == STR_NOT_FOUND) {
		buf_add(out, STR("gemini://"));
		add_host(out, place->gemini_host, place->gemini_port, 1965);
	}
	buf_add(out, place->gemini_base);
	route_spell(SPACE_GEMINI, route, out);
}
