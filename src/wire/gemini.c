#include "wire/gemini.h"

#include <assert.h>

#include "base/utf8.h"

#define MAX_META 1000 /* bytes; clients give up at 1024 and 1200 (GEM-53) */

static enum wire_progress reject(struct gemini_request *request, unsigned status, const char *why)
{
	request->status = status;
	request->why = why;
	return WIRE_BAD;
}

/* The rules about what a URI may hold (GEM-13 to GEM-15, GEM-31, GEM-42). */
static enum wire_progress check_uri(struct gemini_request *request)
{
	const struct uri *uri = &request->uri;
	if (uri->scheme.len == 0)
		return reject(request, 59, "A request is an absolute address: gemini://host/path");
	if (uri->has_fragment)
		return reject(request, 59, "A request has no fragment (#)");
	if (uri->has_userinfo)
		return reject(request, 59, "A request has no user name (@)");
	if (!str_equal(uri->scheme, STR("gemini")))
		return reject(request, 53, "Only gemini: is served here");
	if (!uri->has_authority || uri->host.len == 0)
		return reject(request, 59, "The address names no host");
	return WIRE_COMPLETE;
}

static enum wire_progress read_path(struct arena *arena, struct gemini_request *request)
{
	switch (uri_decode_path(arena, request->uri.path, &request->path)) {
	case URI_PATH_CLIMBS: return reject(request, 59, "The path leads above the root");
	case URI_PATH_CONTROL: return reject(request, 59, "The path holds a control character");
	case URI_PATH_NOWHERE: return reject(request, 51, "Not found: no file name holds a slash");
	case URI_PATH_GOOD: break;
	}
	return WIRE_COMPLETE;
}

enum wire_progress gemini_request_read(struct arena *arena, struct str received, bool ended,
				       struct gemini_request *request)
{
	*request = (struct gemini_request){ .line = str_sub(received, 0, GEMINI_MAX_URI) };
	struct str window = str_sub(received, 0, GEMINI_MAX_URI + 2);
	size_t end = str_find_str(window, STR("\r\n"), 0);
	if (end == STR_NOT_FOUND) {
		/* A CR behind the largest URI may be half of a CRLF. */
		if (window.len > GEMINI_MAX_URI + 1 ||
		    (window.len == GEMINI_MAX_URI + 1 && !str_ends(window, STR("\r"))))
			return reject(request, 59, "The address is longer than 1024 bytes");
		if (ended)
			return reject(request, 59, "A request ends with CR and LF");
		return WIRE_INCOMPLETE;
	}
	request->line = str_sub(received, 0, end);
	request->line_size = end + 2;
	const char *why;
	if (!uri_parse(arena, request->line, &request->uri, &why))
		return reject(request, 59, why);
	enum wire_progress progress = check_uri(request);
	return progress == WIRE_COMPLETE ? read_path(arena, request) : progress;
}

bool gemini_request_is_for(const struct gemini_request *request, struct str host,
			   unsigned public_port)
{
	unsigned port = request->uri.port ? request->uri.port : GEMINI_PORT;
	return str_equal(request->uri.host, host) && port == public_port;
}

static const struct {
	unsigned status;
	const char *text;
} statuses[] = {
	{ 10, "Input, please" },
	{ 11, "Secret input, please" },
	{ 20, "Success" },
	{ 30, "Moved for now" },
	{ 31, "Moved" },
	{ 40, "Temporary failure" },
	{ 41, "The server is busy" },
	{ 42, "A helper program failed" },
	{ 43, "The server behind this one failed" },
	{ 44, "10" },
	{ 50, "Permanent failure" },
	{ 51, "Not found" },
	{ 52, "Gone" },
	{ 53, "Another host's or port's address" },
	{ 59, "Bad request" },
	{ 60, "A client certificate is needed" },
	{ 61, "This certificate is not allowed here" },
	{ 62, "This certificate is not valid" },
};

const char *gemini_status_text(unsigned status)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return NULL;
}

void gemini_header(struct buf *out, unsigned status, struct str meta)
{
	const char *usual = gemini_status_text(status);
	assert(usual != NULL && (meta.len > 0 || status >= 40 || status < 20));
	struct buf clean = { 0 };
	utf8_clean_line(&clean, meta);
	struct str text = str_trim(buf_str(&clean));
	if (text.len == 0)
		text = str_from(usual);
	if (text.len > MAX_META) {
		/* Not in the middle of a character. */
		size_t end = MAX_META;
		while (end > 0 && ((unsigned char)text.at[end] & 0xc0) == 0x80)
			end--;
		text = str_trim_end(str_sub(text, 0, end));
	}
	buf_format(out, "%u ", status);
	buf_add(out, text);
	buf_add(out, STR("\r\n"));
	buf_free(&clean);
}

/* BCP 47 tags, also a list of them. */
static bool lang_is_fit(struct str lang)
{
	for (size_t i = 0; i < lang.len; i++)
		if (!str_is_alpha(lang.at[i]) && !str_is_digit(lang.at[i]) && lang.at[i] != '-' &&
		    lang.at[i] != ',')
			return false;
	return lang.len > 0;
}

void gemini_header_success(struct buf *out, struct str type, struct str lang)
{
	struct buf meta = { 0 };
	buf_add(&meta, type);
	if (str_starts(type, STR("text/")) || str_equal(type, STR("application/atom+xml")))
		buf_add(&meta, STR("; charset=utf-8"));
	if (str_equal(type, STR("text/gemini")) && lang_is_fit(lang)) {
		bool several = str_find(lang, ',', 0) != STR_NOT_FOUND;
		buf_format(&meta, several ? "; lang=\"%.*s\"" : "; lang=%.*s", STR_ARGS(lang));
	}
	gemini_header(out, 20, buf_str(&meta));
	buf_free(&meta);
}
