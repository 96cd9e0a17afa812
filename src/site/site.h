/*
 * site - the only door into the capsule: a request goes in, a response comes out.
 *
 * Both live servers and exports ask here, so a capsule and its mirror cannot differ.
 *
 *	struct response response;
 *	site_answer(&site, &request, &arena, &response);
 *	...
 *	response_free(&response);
 */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "base/arena.h"
#include "base/buf.h"
#include "content/catalogue.h"
#include "document/route.h"
#include "site/settings.h"

struct search;
struct post_memory;

struct site {
	const struct settings *settings;
	const struct catalogue *catalogue;
	struct search *search;      /* NULL: this site has none (exports) */
	struct post_memory *memory; /* NULL, or the asking thread's own */
};

struct site_request {
	enum space space;
	struct str path;  /* decoded, begins with `/`, no dot segments, no NUL */
	bool has_query;   /* `/search?` has one, an empty one (GEM-39) */
	struct str query; /* Gemini: raw after `?`; Gopher: the words after the TAB */
};

enum response_kind {
	RESPONSE_TEXT,     /* `body`, a text of media type `type` */
	RESPONSE_MENU,     /* `body`, a Gopher menu */
	RESPONSE_FILE,     /* `file`, `size` bytes from its start, unchanged */
	RESPONSE_REDIRECT, /* `text` is a path of the same space or an absolute URL; permanent or
			      not */
	RESPONSE_INPUT,    /* `text` is the prompt */
	RESPONSE_MISSING,  /* 51; `text` says what was not found */
	RESPONSE_GONE,     /* 52 */
	RESPONSE_FAILED,   /* 40: an input/output error; `text` for the reader */
};

struct response {
	enum response_kind kind;
	bool permanent;        /* of a redirect */
	bool cacheable;        /* the same until the catalogue changes */
	struct str type, lang; /* media type without parameters; static or in the request's arena */
	char item;             /* the Gopher type of what is answered */
	struct str text;
	struct buf body; /* LF line ends but in menus; freed by response_free() */
	int file;        /* or -1; closed by response_free() unless taken (set to -1) */
	uint64_t size;
};

void site_answer(const struct site *, const struct site_request *, struct arena *,
		 struct response *);
void response_free(struct response *);

/*
 * Keeps the post that was asked for last: whoever asks for all forms of a post in a row, as exports
 * do, has it read and parsed once. For one thread; to be freed before the catalogue.
 */
struct post_memory *post_memory_new(void);
void post_memory_free(struct post_memory *);

#endif
