/*
 * style - how documents are printed: the writer's options, the same for every form.
 *
 * Made by site/ (or `perigee render`) from the settings; see capsule.yaml(5).
 */
#ifndef RENDER_STYLE_H
#define RENDER_STYLE_H

#include "document/document.h"
#include "document/labels.h"

enum links_mode { LINKS_PARAGRAPH, LINKS_SECTION, LINKS_END, LINKS_NUMBERED, LINKS_OFF };

/*
 * Who serves the pages: a running Perigee, or a host that has nothing but exported files. Files
 * have no /search and no /random, and those of a Gopher host have names of their own
 * (render/file_name.h).
 */
enum place_form { PLACE_LIVE, PLACE_GEMINI_FILES, PLACE_GOPHER_FILES };

/* Where the capsule is reached from outside: for absolute URLs and menu lines. */
struct place {
	enum place_form form;
	struct str gemini_host; /* A-label */
	unsigned gemini_port;   /* public */
	struct str gopher_host;
	unsigned gopher_port;
	bool has_gemini, has_gopher; /* whether that space is served at all */
	struct str gopher_prefix;    /* before every selector of an export, e.g. /~user */
	struct str gemini_base;      /* before every path of an export; no slash at its end */
};

struct style {
	struct labels labels;
	struct place place;
	enum links_mode links;
	bool emphasis_markdown; /* gemtext: keep the marks (E02) */
	struct str rule;        /* text of a thematic break in gemtext */
	unsigned width;         /* columns of gopher text, and the limit of tables */
	bool ascii;             /* gopher text and tables in plain ASCII */
	bool math_bold_unicode;
};

/* The defaults of the contract: English, width 70, links after the paragraph, host localhost. */
void style_default(struct style *);

/*
 * Appends the URL of a target as a writer of `space` prints it: in gemtext a path
 * (`/posts/x.gmi`) or an absolute URL; in Gopher always absolute
 * (`gopher://host/0/posts/x.txt`; the port is left out when it is 70), and a Gemini URL where
 * Gopher is not served.
 */
void style_target(const struct style *, enum space, const struct target *, struct buf *);

/* An absolute URL of a route in its space (feeds, redirects, the link to the other space). */
void style_absolute(const struct style *, enum space, const struct route *, struct buf *);

/* Whether a route can be reached there: files know neither search nor chance. */
bool style_reaches(const struct style *, const struct route *);

/* Makes text of the document's links that cannot be reached there, whoever wrote them. */
void style_cut_links(const struct style *, struct document *);

#endif
