#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "command/serve.h"
#include "wire/gemini.h"
#include "wire/gopher.h"

/* Gopher's answers know no redirects: the target is answered at once, this many times. */
#define MOST_HOPS 4

/* In the cache, Gemini's lines say all themselves; Gopher's belong to their listener. */
#define GEMINI_PLACE     0
#define GOPHER_PLACE(in) (1 + (in)->listener)

/* An answer on its way, for the access log. Kept for the worker's next request when over. */
struct delivery {
	struct worker *worker;
	struct delivery *next_free;
	struct reply *reply;
	const char *space;
	struct buf address, path;
};

static const struct settings *settings_of(const struct worker *worker, unsigned capsule)
{
	return worker->edition->capsules[capsule].settings->settings;
}

static struct site site_of(const struct worker *worker, unsigned capsule)
{
	return (struct site){ .settings = settings_of(worker, capsule),
			      .catalogue = worker->edition->capsules[capsule].catalogue,
			      .search = worker->server->capsules[capsule].search };
}

static void delivery_finished(void *owner, const struct exchange_result *result)
{
	struct delivery *delivery = owner;
	struct worker *worker = delivery->worker;
	unsigned capsule = delivery->reply->capsule;
	access_log_add(worker->server->capsules[capsule].log, worker->number,
		       &(struct access_record){
			   .address = buf_str(&delivery->address),
			   .addresses = settings_of(worker, capsule)->log_addresses,
			   .space = delivery->space,
			   .path = buf_str(&delivery->path),
			   .status = delivery->reply->status,
			   .bytes = result->bytes,
			   .microseconds = result->microseconds,
		       });
	reply_release(delivery->reply);
	delivery->reply = NULL;
	delivery->next_free = worker->free_deliveries;
	worker->free_deliveries = delivery;
}

/* What a reader would call the path: the address without scheme and host. */
static struct str path_of_line(enum listener_kind kind, struct str line)
{
	if (kind == LISTENER_GOPHER) {
		struct str selector;
		str_cut(&line, '\t', &selector);
		return selector.len > 0 ? selector : STR("/");
	}
	size_t authority = str_find_str(line, STR("://"), 0);
	if (authority == STR_NOT_FOUND)
		return line.len > 0 ? line : STR("-");
	size_t slash = str_find(line, '/', authority + 3);
	return slash == STR_NOT_FOUND ? STR("/") : str_skip(line, slash);
}

/* Hands the reply, whose reference is given, to the network. */
static enum exchange_step send_reply(struct worker *worker, const struct exchange_input *in,
				     struct str line, struct reply *reply,
				     struct exchange_answer *out)
{
	struct delivery *delivery = worker->free_deliveries;
	if (delivery != NULL)
		worker->free_deliveries = delivery->next_free;
	else
		delivery = memory_new(sizeof(*delivery));
	delivery->worker = worker;
	delivery->reply = reply;
	delivery->space = in->kind == LISTENER_GEMINI ? "gemini" : in->tls ? "gophers" : "gopher";
	buf_clear(&delivery->address);
	buf_add(&delivery->address, in->peer.address);
	buf_clear(&delivery->path);
	buf_add(&delivery->path, path_of_line(in->kind, line));
	out->head = buf_str(&reply->bytes);
	out->finished = delivery_finished;
	out->owner = delivery;
	return EXCHANGE_ANSWER;
}

/* The bytes before the line end, when it has come; Gemini's is CRLF, Gopher's may be LF. */
static bool whole_line(const struct exchange_input *in, struct str *line)
{
	size_t end = str_find(in->received, '\n', 0);
	if (end == STR_NOT_FOUND)
		return false;
	bool cr = end > 0 && in->received.at[end - 1] == '\r';
	*line = str_sub(in->received, 0, end - cr);
	return cr || in->kind == LISTENER_GOPHER;
}

/* ---- Gemini ---- */

static const struct {
	unsigned status;
	bool is_answer; /* its body follows */
} gemini_statuses[] = {
	[RESPONSE_TEXT] = { 20, true },   [RESPONSE_MENU] = { 20, true },
	[RESPONSE_FILE] = { 20, true },   [RESPONSE_REDIRECT] = { 30, false },
	[RESPONSE_INPUT] = { 10, false }, [RESPONSE_MISSING] = { 51, false },
	[RESPONSE_GONE] = { 52, false },  [RESPONSE_FAILED] = { 40, false },
};

static void gemini_refuse(struct reply *reply, unsigned status, const char *why)
{
	reply->status = status;
	gemini_header(&reply->bytes, status, str_from(why));
}

/* Whose host and port the request names (GEM-41); false = nobody's. */
static bool gemini_capsule(const struct worker *worker, const struct exchange_input *in,
			   const struct gemini_request *request, unsigned *capsule)
{
	const struct serve_socket *socket = &worker->server->sockets[in->listener];
	for (unsigned i = 0; i < worker->edition->ncapsules; i++) {
		const struct settings *settings = settings_of(worker, i);
		unsigned port = serve_public_port(settings, socket);
		for (size_t j = 0; j < settings->nhosts && !settings->gemini.off; j++) {
			if (gemini_request_is_for(request, settings->hosts[j], port)) {
				*capsule = i;
				return true;
			}
		}
	}
	return false;
}

static void fill_gemini(struct worker *worker, unsigned capsule,
			const struct gemini_request *request, struct response *response)
{
	struct site site = site_of(worker, capsule);
	struct site_request asked = { .space = SPACE_GEMINI,
				      .path = request->path,
				      .has_query = request->uri.has_query,
				      .query = request->uri.query };
	site_answer(&site, &asked, &worker->arena, response);
}

/* Targets are absolute, under the name that was asked for (GEM-111). */
static void write_redirect(const struct gemini_request *request, const struct response *response,
			   struct reply *reply)
{
	struct buf target = { 0 };
	reply->status = response->permanent ? 31 : 30;
	if (str_starts(response->text, STR("/"))) {
		buf_format(&target, "gemini://%.*s", STR_ARGS(request->uri.host));
		if (request->uri.port != 0 && request->uri.port != GEMINI_PORT)
			buf_format(&target, ":%u", request->uri.port);
	}
	buf_add(&target, response->text);
	gemini_header(&reply->bytes, reply->status, buf_str(&target));
	buf_free(&target);
}

static void write_gemini(const struct gemini_request *request, const struct response *response,
			 struct reply *reply)
{
	reply->status = gemini_statuses[response->kind].status;
	if (response->kind == RESPONSE_REDIRECT) {
		write_redirect(request, response, reply);
	} else if (gemini_statuses[response->kind].is_answer) {
		gemini_header_success(&reply->bytes, response->type, response->lang);
		buf_add(&reply->bytes, buf_str(&response->body));
	} else {
		gemini_header(&reply->bytes, reply->status, response->text);
	}
}

/* The network takes over the descriptor. */
static void take_file(struct response *response, struct exchange_answer *out)
{
	if (response->kind == RESPONSE_FILE) {
		out->fd = response->file;
		out->fd_size = response->size;
		response->file = -1;
	}
}

/* NULL when the request is not whole; else `*line` is what was asked. */
static struct reply *make_gemini(struct worker *worker, const struct exchange_input *in,
				 struct str *line, struct exchange_answer *out)
{
	struct gemini_request request;
	enum wire_progress progress =
	    gemini_request_read(&worker->arena, in->received, in->ended, &request);
	if (progress == WIRE_INCOMPLETE)
		return NULL;
	struct reply *reply = reply_new();
	if (progress == WIRE_BAD) {
		gemini_refuse(reply, request.status, request.why);
	} else if (!gemini_capsule(worker, in, &request, &reply->capsule)) {
		gemini_refuse(reply, 53, "This host and port are not served here");
	} else {
		struct response response;
		fill_gemini(worker, reply->capsule, &request, &response);
		write_gemini(&request, &response, reply);
		take_file(&response, out);
		if (response.cacheable && reply->status == 20 && out->fd < 0)
			response_cache_keep(&worker->cache, GEMINI_PLACE, request.line, reply);
		response_free(&response);
	}
	*line = request.line;
	return reply;
}

static enum exchange_step answer_gemini(struct worker *worker, const struct exchange_input *in,
					struct exchange_answer *out)
{
	struct str line;
	struct reply *reply = make_gemini(worker, in, &line, out);
	return reply != NULL ? send_reply(worker, in, line, reply, out) : EXCHANGE_MORE;
}

void serve_keep_gemini(struct worker *worker, const struct serve_socket *socket, struct str line)
{
	struct exchange_input in = { .received = line,
				     .ended = true,
				     .kind = LISTENER_GEMINI,
				     .listener = (unsigned)(socket - worker->server->sockets),
				     .worker = worker->number };
	struct exchange_answer out = { .fd = -1 };
	struct str asked;
	arena_clear(&worker->arena);
	if (whole_line(&in, &asked)) {
		struct reply *known = response_cache_find(&worker->cache, GEMINI_PLACE, asked);
		reply_release(known != NULL ? known : make_gemini(worker, &in, &asked, &out));
	}
	if (out.fd >= 0)
		close(out.fd);
}

/* ---- Gopher ---- */

static struct gopher_place gopher_place(struct arena *arena, const struct settings *settings)
{
	const struct place *place = &settings->style.place;
	struct gopher_place here = { .host = place->gopher_host, .port = place->gopher_port };
	if (place->has_gemini) {
		struct buf url = { 0 };
		struct route home = { .kind = ROUTE_HOME };
		style_absolute(&settings->style, SPACE_GEMINI, &home, &url);
		here.gemini_url = arena_str(arena, buf_str(&url));
		buf_free(&url);
	}
	return here;
}

/*
 * Asks the site; redirects within the capsule are followed (contract: aliases answer with the
 * post itself), and a selector with its type before it, as UMN's clients sent, is tried without
 * it when there is nothing at the plain address (GOPH-6).
 */
static void fill_gopher(struct worker *worker, unsigned capsule,
			const struct gopher_request *request, struct response *response)
{
	struct site site = site_of(worker, capsule);
	struct site_request asked = { .space = SPACE_GOPHER,
				      .path = request->path,
				      .has_query = request->has_search,
				      .query = request->search };
	site_answer(&site, &asked, &worker->arena, response);
	bool typed = asked.path.len > 2 && asked.path.at[2] == '/' && request->selector.len > 1 &&
		     request->selector.at[0] != '/';
	if (response->kind == RESPONSE_MISSING && typed) {
		response_free(response);
		asked.path = str_skip(asked.path, 2);
		site_answer(&site, &asked, &worker->arena, response);
	}
	for (unsigned hops = 0; hops < MOST_HOPS && response->kind == RESPONSE_REDIRECT &&
				str_starts(response->text, STR("/"));
	     hops++) {
		asked.path = response->text;
		response_free(response);
		site_answer(&site, &asked, &worker->arena, response);
	}
}

static void write_gopher(const struct response *response, const struct gopher_request *request,
			 struct reply *reply)
{
	reply->status = gemini_statuses[response->kind].status;
	switch (response->kind) {
	case RESPONSE_TEXT: gopher_text(&reply->bytes, buf_str(&response->body)); break;
	case RESPONSE_MENU: buf_add(&reply->bytes, buf_str(&response->body)); break;
	case RESPONSE_FILE: break;
	default: gopher_error(&reply->bytes, response->text, request->selector);
	}
}

/* By its selector: what is answered to a question is a menu (1). */
static bool is_search(const struct gopher_request *request)
{
	struct route route;
	bool slash_missing;
	route_parse(SPACE_GOPHER, request->path, &route, &slash_missing);
	return route.kind == ROUTE_SEARCH;
}

static void answer_selector(struct worker *worker, const struct exchange_input *in,
			    const struct gopher_request *request, struct reply *reply,
			    struct exchange_answer *out)
{
	const struct settings *settings = settings_of(worker, reply->capsule);
	struct response response;
	bool searches = request->has_search && is_search(request);
	fill_gopher(worker, reply->capsule, request, &response);
	if (gopher_is_plus_probe(request, searches)) {
		struct gopher_place here = gopher_place(&worker->arena, settings);
		char item = searches ? '7' : response.item != 0 ? response.item : '1';
		reply->status = 20;
		gopher_plus_reply(&reply->bytes, item, settings->title, request->selector, &here);
	} else {
		write_gopher(&response, request, reply);
		take_file(&response, out);
		if (response.cacheable && reply->status == 20 && out->fd < 0)
			response_cache_keep(&worker->cache, GOPHER_PLACE(in), request->line, reply);
	}
	response_free(&response);
}

static void answer_http(struct worker *worker, struct reply *reply)
{
	struct gopher_place here =
	    gopher_place(&worker->arena, settings_of(worker, reply->capsule));
	reply->status = 59;
	gopher_http_page(&reply->bytes, &here);
}

static enum exchange_step answer_gopher(struct worker *worker, const struct exchange_input *in,
					struct exchange_answer *out)
{
	struct gopher_request request;
	enum wire_progress progress =
	    gopher_request_read(&worker->arena, in->received, in->ended, &request);
	if (progress == WIRE_INCOMPLETE) /* headers that nobody needs (GOPH-81) */
		return request.kind == GOPHER_HTTP ? EXCHANGE_TAIL : EXCHANGE_MORE;
	struct reply *reply = reply_new();
	reply->capsule = worker->server->sockets[in->listener].capsule;
	if (progress == WIRE_BAD) {
		reply->status = 59;
		gopher_error(&reply->bytes, str_from(request.why), request.line);
	} else if (request.kind == GOPHER_HTTP) {
		answer_http(worker, reply);
	} else if (request.kind == GOPHER_URL) {
		reply->status = 20;
		if (!gopher_url_page(&reply->bytes, request.url)) {
			reply->status = 59;
			gopher_error(&reply->bytes, STR("This address cannot be opened"),
				     request.selector);
		}
	} else {
		answer_selector(worker, in, &request, reply, out);
	}
	return send_reply(worker, in, request.line, reply, out);
}

enum exchange_step serve_answer(void *context, const struct exchange_input *in,
				struct exchange_answer *out)
{
	struct server *server = context;
	struct worker *worker = &server->worker[in->worker];
	bool gemini = in->kind == LISTENER_GEMINI;
	struct str line;
	atomic_fetch_add_explicit(&worker->nasked, 1, memory_order_relaxed);
	if (whole_line(in, &line)) {
		struct reply *reply = response_cache_find(
		    &worker->cache, gemini ? GEMINI_PLACE : GOPHER_PLACE(in), line);
		if (reply != NULL)
			return send_reply(worker, in, line, reply, out);
	}
	arena_clear(&worker->arena);
	return gemini ? answer_gemini(worker, in, out) : answer_gopher(worker, in, out);
}

void serve_take_edition(struct worker *worker, struct edition *edition)
{
	response_cache_clear(&worker->cache);
	worker->cache.budget = 0;
	for (unsigned i = 0; i < edition->ncapsules; i++)
		worker->cache.budget +=
		    edition->capsules[i].settings->settings->limits.cache_bytes /
		    worker->server->nworkers;
	if (worker->edition != NULL)
		edition_release(worker->edition);
	worker->edition = edition;
	serve_begin_ahead(worker);
}

void serve_free_worker(struct worker *worker)
{
	response_cache_clear(&worker->cache);
	arena_free(&worker->arena);
	while (worker->free_deliveries != NULL) {
		struct delivery *delivery = worker->free_deliveries;
		worker->free_deliveries = delivery->next_free;
		assert(delivery->reply == NULL);
		buf_free(&delivery->address);
		buf_free(&delivery->path);
		free(delivery);
	}
	if (worker->edition != NULL)
		edition_release(worker->edition);
}
