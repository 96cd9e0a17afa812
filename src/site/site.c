#include "site/site.h"

#include <unistd.h>

#include "site/files.h"
#include "site/pages.h"

typedef void page_function(struct visit *);
static page_function *const makers[ROUTE_KINDS] = {
	[ROUTE_HOME] = pages_home,
	[ROUTE_ARCHIVE] = pages_archive,
	[ROUTE_YEAR] = pages_year,
	[ROUTE_POST] = pages_post,
	[ROUTE_POST_TEXT] = pages_post_text,
	[ROUTE_POST_SOURCE] = pages_post_source,
	[ROUTE_POST_MENU] = pages_post_menu,
	[ROUTE_SERIES_LIST] = pages_series_list,
	[ROUTE_SERIES] = pages_series,
	[ROUTE_SERIES_FEED] = pages_series_feed,
	[ROUTE_KEYWORD_LIST] = pages_keyword_list,
	[ROUTE_KEYWORD] = pages_keyword,
	[ROUTE_KEYWORD_FEED] = pages_keyword_feed,
	[ROUTE_SEARCH] = pages_search,
	[ROUTE_FEED] = pages_feed,
	[ROUTE_RANDOM] = pages_random,
	[ROUTE_PAGE] = pages_page,
};

/* Addresses that readers and their programs try, and what they mean. */
static const struct {
	struct str path;
	enum route_kind kind;
} other_names[] = {
	{ STR_INIT("/atom.xml"), ROUTE_FEED },
	{ STR_INIT("/index.gmi"), ROUTE_HOME },
	{ STR_INIT("/index.gemini"), ROUTE_HOME },
};

static bool answer_other_name(struct visit *visit)
{
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++) {
		if (!str_equal(other_names[i].path, visit->request->path))
			continue;
		visit_redirect(visit, &(struct route){ .kind = other_names[i].kind }, true);
		return true;
	}
	return false;
}

/* Old addresses go straight to where the post is now: no chain of redirects (GEM-110). */
static bool answer_old_address(struct visit *visit)
{
	const struct post *post = catalogue_old_address(visit->catalogue, visit->request->path);
	if (post == NULL)
		return false;
	struct route route = catalogue_route(visit->catalogue, post);
	visit_redirect(visit, &route, true);
	return true;
}

static bool is_gone(const struct visit *visit)
{
	enum route_kind kind = visit->route.kind;
	return (kind == ROUTE_POST || kind == ROUTE_POST_TEXT || kind == ROUTE_POST_SOURCE ||
		kind == ROUTE_POST_MENU) &&
	       catalogue_is_gone(visit->catalogue, visit->route.name);
}

void site_answer(const struct site *site, const struct site_request *request, struct arena *arena,
		 struct response *response)
{
	*response = (struct response){ .file = -1 };
	struct visit visit = {
		.site = site,
		.settings = site->settings,
		.catalogue = site->catalogue,
		.request = request,
		.space = request->space,
		.arena = arena,
		.response = response,
	};
	bool slash_missing;
	route_parse(request->space, request->path, &visit.route, &slash_missing);
	response->item = route_gopher_type(&visit.route);
	if (route_lookup(site, &visit.route, &visit.found)) {
		if (slash_missing && request->space == SPACE_GEMINI)
			visit_redirect(&visit, &visit.route, true);
		else
			makers[visit.route.kind](&visit);
		return;
	}
	if (files_answer(&visit) || files_well_known(&visit) || answer_other_name(&visit) ||
	    answer_old_address(&visit) || files_answer_old(&visit))
		return;
	if (is_gone(&visit))
		visit_gone(&visit);
	else
		visit_missing(&visit);
}

void response_free(struct response *response)
{
	buf_free(&response->body);
	if (response->file >= 0)
		close(response->file);
	response->file = -1;
}
