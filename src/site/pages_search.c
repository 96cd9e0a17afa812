/* The search: a question in Gemini (10), an item of type 7 in Gopher; its answer is a listing. */
#include "base/utf8.h"
#include "content/search.h"
#include "content/search_question.h"
#include "site/furniture.h"
#include "site/pages.h"

static struct str word_of(const struct visit *visit, enum label label)
{
	return visit->settings->style.labels.word[label];
}

/* What the reader typed, as clean text: after `?` in Gemini, after a TAB or our own `?` in Gopher.
 */
static struct str question_of(struct visit *visit)
{
	const struct site_request *request = visit->request;
	struct buf decoded = { 0 }, clean = { 0 };
	if (visit->space == SPACE_GEMINI)
		route_decode(request->query, &decoded); /* a plus is a plus (GEM-38) */
	else if (request->query.len > 0)
		buf_add(&decoded, request->query);
	else
		route_decode(visit->route.query, &decoded);
	utf8_clean_line(&clean, buf_str(&decoded));
	struct str question = arena_str(visit->arena, search_question_cut(buf_str(&clean)));
	buf_free(&decoded);
	buf_free(&clean);
	return question;
}

/* Nothing was asked yet: the client shall ask its reader (GEM-60, GOPH-51). */
static void ask(struct visit *visit)
{
	if (visit->space == SPACE_GEMINI) {
		visit->response->kind = RESPONSE_INPUT;
		visit->response->text = word_of(visit, LABEL_SEARCH_PROMPT);
		return;
	}
	struct document *d = document_new(visit->arena);
	document_heading(d, 1, word_of(visit, LABEL_SEARCH));
	document_text(d, word_of(visit, LABEL_SEARCH_PROMPT));
	document_link(d, (struct route){ .kind = ROUTE_SEARCH }, word_of(visit, LABEL_SEARCH));
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
}

static void add_hits(const struct visit *visit, struct document *d,
		     const struct search_result *result)
{
	for (uint32_t i = 0; i < result->nhits; i++) {
		const struct search_hit *hit = &result->hits[i];
		document_gap(d);
		furniture_post(visit, d, &visit->catalogue->posts[hit->post]);
		if (hit->context.len > 0)
			document_line(d, hit->context);
	}
}

static void add_count(const struct visit *visit, struct document *d,
		      const struct search_result *result)
{
	struct buf count = { 0 };
	furniture_count(&count, &visit->settings->style.labels, LABEL_ONE_POST,
			result->more ? LABEL_MORE_THAN_POSTS : LABEL_POST_COUNT, result->total);
	buf_add_char(&count, '.');
	document_text(d, result->total > 0 ? buf_str(&count) : word_of(visit, LABEL_NOTHING_FOUND));
	if (result->cut)
		document_text(d, word_of(visit, LABEL_NOT_ALL_SEARCHED));
	if (result->unready)
		document_text(d, word_of(visit, LABEL_NOT_ALL_INDEXED));
	buf_free(&count);
}

static void add_page(const struct visit *visit, struct document *d, struct str question,
		     unsigned page, enum label label)
{
	struct buf query = { 0 };
	struct route route = { .kind = ROUTE_SEARCH, .page = page };
	route_encode_path(question, &query);
	route.query = arena_str(visit->arena, buf_str(&query));
	document_link(d, route, word_of(visit, label));
	buf_free(&query);
}

void pages_search(struct visit *visit)
{
	uint32_t size = visit->settings->posts_per_page;
	unsigned page = visit->route.page > 1 ? visit->route.page : 1;
	struct str question = question_of(visit);
	struct search_result result;
	if (question.len == 0) {
		ask(visit);
		return;
	}
	uint64_t first = (uint64_t)(page - 1) * size;
	search_find(visit->site->search, visit->catalogue, question,
		    first < UINT32_MAX ? (uint32_t)first : UINT32_MAX, size, visit->arena, &result);

	struct document *d = document_new(visit->arena);
	document_heading(d, 1,
			 arena_format(visit->arena, "%.*s: %.*s",
				      STR_ARGS(word_of(visit, LABEL_SEARCH)), STR_ARGS(question)));
	add_count(visit, d, &result);
	add_hits(visit, d, &result);
	document_gap(d);
	if (first + result.nhits < result.total)
		add_page(visit, d, question, page + 1, LABEL_NEXT_PAGE);
	uint32_t last = (result.total + size - 1) / size;
	if (page > 1 && last > 0)
		add_page(visit, d, question, page <= last ? page - 1 : last, LABEL_PREVIOUS_PAGE);
	document_link(d, (struct route){ .kind = ROUTE_SEARCH },
		      word_of(visit, LABEL_SEARCH_AGAIN));
	furniture_home(visit, d);
	visit_show(visit, d, &visit->settings->style);
	visit->response->cacheable = false; /* the index may still be growing */
}
