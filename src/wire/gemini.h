/*
 * gemini - requests and response headers of the Gemini protocol, as bytes.
 *
 *	struct gemini_request request;
 *	switch (gemini_request_read(&arena, received, false, &request)) {
 *	case WIRE_INCOMPLETE: return;                  // wait for more
 *	case WIRE_BAD: gemini_header(&out, request.status, str_from(request.why)); break;
 *	case WIRE_COMPLETE: answer(&request); break;
 *	}
 */
#ifndef WIRE_GEMINI_H
#define WIRE_GEMINI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "wire/progress.h"
#include "wire/uri.h"

#define GEMINI_PORT    1965
#define GEMINI_MAX_URI 1024 /* bytes, its CRLF not counted (GEM-11) */

struct gemini_request {
	struct str line; /* what came before the CRLF, raw: for the log */
	struct uri uri;
	struct str path;  /* decoded, begins with `/`, no dot segments, no control byte */
	unsigned status;  /* of a bad one: what to answer (51, 53, 59) ... */
	const char *why;  /* ... and a static sentence for it */
	size_t line_size; /* bytes of the line and its CRLF; what follows is ignored (GEM-18) */
};

/*
 * Reads a request from all that was received (GEM-10 to GEM-43). `ended`: nothing more will come,
 * by the end of the stream or a deadline; what is incomplete is bad then (GEM-16). The line
 * lives as long as `received`, decoded texts as long as the arena. Whether host and port are
 * ours is asked with gemini_request_is_for().
 */
enum wire_progress gemini_request_read(struct arena *, struct str received, bool ended,
				       struct gemini_request *);

/* Whether the request names this host (in A-labels) and public port; else 53 (GEM-41). */
bool gemini_request_is_for(const struct gemini_request *, struct str host, unsigned public_port);

/*
 * Appends "NN meta\r\n" (GEM-50 to 53). Meta is cleaned of controls and line ends and cut
 * at 1000 bytes; an empty one becomes the status's own words. Statuses that do not exist, and
 * successes and redirects without a meta, are faults of the program (GEM-54).
 */
void gemini_header(struct buf *, unsigned status, struct str meta);

/*
 * Appends the header of a success: `type` is a media type without parameters. Texts get their
 * charset, gemtext its language unless empty or unfit (GEM-80 to 82).
 */
void gemini_header_success(struct buf *, struct str type, struct str lang);

/* The usual words of a status, e.g. "Not found"; NULL for one that does not exist. */
const char *gemini_status_text(unsigned status);

#endif
