/*
 * flow - a post's text flows into blocks: what Markdown, HTML and shortcodes have in common.
 *
 * All three say the same things in the same words: a container begins, a paragraph ends, here is
 * text, here is a link. flow keeps the open containers, makes paragraphs only when there is text
 * for them, and writes the document.
 *
 *	flow_open(&flow, BLOCK_QUOTE, FLOW_MARKDOWN, 0);
 *	flow_begin_leaf(&flow, BLOCK_PARAGRAPH, 0);
 *	flow_text(&flow, STR("quoted"));
 *	flow_end_leaf(&flow);
 *	flow_close(&flow);
 */
#ifndef DOCUMENT_FLOW_H
#define DOCUMENT_FLOW_H

#include "document/document.h"
#include "document/markdown.h"
#include "math/math.h"

/* Who opened a container: only the same kind of mark closes it again. */
enum flow_origin { FLOW_MARKDOWN, FLOW_HTML, FLOW_CUT };

struct flow_container {
	uint32_t block;
	uint32_t next_number; /* of a list's items */
	uint8_t kind, origin;
	uint8_t tag;   /* of FLOW_HTML: what closes it */
	bool implicit; /* nobody wrote it: it goes when something else comes */
};

struct flow_link {
	struct target target;
	enum link_kind kind;
	struct str href;  /* as written, decoded of entities: is the label its URL? (L12) */
	struct str title; /* clean, one line */
	uint32_t index;   /* in links[]; NO_LINK until it has a label in the present block */
	uint8_t origin;
	bool used;
};

#define FLOW_DEPTH (DOCUMENT_MAX_DEPTH - 4)
#define FLOW_LINKS 4

struct flow {
	struct document *document;
	struct arena *arena;
	const struct markdown_options *options;
	struct flow_container open[FLOW_DEPTH];
	unsigned nopen, beyond; /* containers of Markdown that are too deep to be opened */
	bool leaf_open;
	bool next_is_term;             /* the next paragraph of Markdown is a term (F02) */
	uint8_t leaf_kind, leaf_level; /* of the open leaf or the next */
	unsigned emphasis, strong, strike;
	struct flow_link links[FLOW_LINKS];
	unsigned nlinks; /* may be more than FLOW_LINKS: those of Markdown within are plain text */
	struct buf scratch;
};

/* Containers. NULL when it is too deep: what it holds goes to the one around it. */
struct block *flow_open(struct flow *, enum block_kind, enum flow_origin, uint8_t tag);
void flow_close(struct flow *); /* the innermost of Markdown, and all within it */
bool flow_close_tag(struct flow *, enum flow_origin, uint8_t tag); /* false: none to close */
void flow_close_all(struct flow *);
/* The innermost container that no Markdown stands in front of; NULL when there is none. */
struct flow_container *flow_find_tag(struct flow *, enum flow_origin, uint8_t tag);

/* The next text is a leaf of this kind; cells are made at once, all others with their text. */
void flow_begin_leaf(struct flow *, enum block_kind, unsigned level);
void flow_end_leaf(struct flow *);
/* True within a heading, a cell or a term, which hold one line and no blocks. */
bool flow_is_one_line(const struct flow *);

/* Text must live as long as the document. */
void flow_text(struct flow *, struct str text);
void flow_plain_text(struct flow *, struct str text); /* known to be LOOKS_PLAIN */
void flow_code_span(struct flow *, struct str text);
void flow_break(struct flow *, enum run_kind);
void flow_drop_breaks(struct flow *);          /* those that the open leaf ends with */
bool flow_is_after_break(const struct flow *); /* a hard one */
void flow_note(struct flow *, uint32_t number);

/* A place in the open leaf, to come back to: what was added since is replaced by `text`. */
struct flow_mark {
	uint32_t block, run;
};
struct flow_mark flow_mark(struct flow *);
bool flow_is_marked(const struct flow *, struct flow_mark); /* false: that leaf has ended */
void flow_replace(struct flow *, struct flow_mark, struct str text);

/* Blocks of one piece. `text` of code without the last line end. */
void flow_rule(struct flow *);
void flow_code(struct flow *, struct str text, struct str info);

/* How this document has its formulas set. */
struct math_options flow_math_options(const struct flow *);

/* `source` is the formula with its delimiters: shown where it cannot be set. */
void flow_math_row(struct flow *, struct str tex, struct str source);
void flow_math_display(struct flow *, struct str tex, struct str source);

/*
 * A label begins and ends. Ending one of Markdown ends those of HTML within it; ending one of
 * another origin does nothing when it is not the innermost.
 */
void flow_begin_link(struct flow *, enum flow_origin, enum link_kind, struct target,
		     struct str href, struct str title);
void flow_end_link(struct flow *, enum flow_origin);

/* Whether the line of an image can say both. A longer caption is better prose than cut. */
bool flow_fits_title(struct str alt, struct str caption);

/* `alt` may be empty (I04). Gives the image's link, or NO_LINK when it leads nowhere. */
uint32_t flow_image(struct flow *, struct str source, struct str alt, struct str title);

/* A clean line in the arena: for titles and other attributes. */
struct str flow_line(struct flow *, struct str text);

#endif
