/*
 * gopher - requests and the small replies of the Gopher protocol, as bytes.
 *
 *	struct gopher_request request;
 *	switch (gopher_request_read(&arena, received, false, &request)) {
 *	case WIRE_INCOMPLETE: return;                  // wait for more
 *	case WIRE_BAD: gopher_error(&out, str_from(request.why), request.line); break;
 *	case WIRE_COMPLETE: answer(&request); break;
 *	}
 */
#ifndef WIRE_GOPHER_H
#define WIRE_GOPHER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/progress.h"

#define GOPHER_PORT     70
#define GOPHER_MAX_LINE 1024       /* bytes, its line end not counted (GOPH-4) */
#define GOPHER_MAX_HTTP (8 * 1024) /* of an HTTP request and its headers (GOPH-81) */

enum gopher_request_kind {
	GOPHER_SELECTOR,
	GOPHER_URL,  /* a web client fetches an `h` item: gopher_url_page() (GOPH-34) */
	GOPHER_HTTP, /* a web client by mistake: gopher_http_page() (GOPH-81) */
};

struct gopher_request {
	enum gopher_request_kind kind;
	struct str line;     /* the request line, raw: for the log */
	struct str selector; /* before the first TAB, raw */
	struct str path;     /* of a selector: begins with one `/`, no dot segments (GOPH-6) */
	struct str url;      /* of GOPHER_URL: what follows `URL:` */
	bool has_search;     /* there was a TAB */
	struct str search;   /* between the first TAB and the second (GOPH-52) */
	const char *why;     /* of a bad one: a static sentence */
	size_t line_size;    /* bytes of the line and its end */
};

/*
 * Reads a request from all that was received (GOPH-1 to 7, GOPH-81). `ended`: nothing more will
 * come, by the end of the stream or a deadline. While an HTTP request is incomplete its kind is
 * set already. All slices live as long as `received`, the path as long as the arena.
 */
enum wire_progress gopher_request_read(struct arena *, struct str received, bool ended,
				       struct gopher_request *);

/*
 * Whether the part behind the TAB is a Gopher+ probe and not a search (GOPH-63); `searches`:
 * the selector is one of type 7.
 */
bool gopher_is_plus_probe(const struct gopher_request *, bool searches);

/* Where replies say that this server is. */
struct gopher_place {
	struct str host;
	unsigned port;
	struct str gemini_url; /* of the capsule in Gemini; empty = not served */
};

/* "3text: echo\t\terror.host\t1\r\n.\r\n"; the echo is cleaned and cut at 60 bytes (GOPH-32). */
void gopher_error(struct buf *, struct str text, struct str echo);

/* The reply that leads a Gopher+ client back to plain Gopher (GOPH-62). */
void gopher_plus_reply(struct buf *, char item, struct str display, struct str selector,
		       const struct gopher_place *);

/* An HTTP response 400 with a page that names the addresses of this capsule. */
void gopher_http_page(struct buf *, const struct gopher_place *);

/*
 * The HTML page of a `URL:` selector. False, with nothing appended, for schemes other than http,
 * https, gemini, gopher and mailto and for URLs with control bytes (GOPH-34).
 */
bool gopher_url_page(struct buf *, struct str url);

/*
 * Appends text of type 0: CRLF line ends, a final CRLF, and a line of one dot becomes ". ", where
 * clients would cut (GOPH-43).
 */
void gopher_text(struct buf *, struct str text);

#endif
