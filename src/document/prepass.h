/*
 * prepass - cuts out of a post what md4c does not know, before md4c reads it.
 *
 * Mathematics, footnotes, definition lists, shortcodes, Liquid and kramdown's attributes are
 * replaced by placeholders (see cuts.h) in one pass over the lines. A body without any of their
 * marks is not copied.
 *
 *	struct str source = prepass(&cuts, &options, body, &macros);
 */
#ifndef DOCUMENT_PREPASS_H
#define DOCUMENT_PREPASS_H

#include "base/map.h"
#include "document/cuts.h"
#include "document/html_tags.h"
#include "document/lines.h"
#include "math/math.h"

/* What follows is for the parts of the pre-pass; others call prepass() only. */

struct prepass_note {
	struct str label;
	struct buf body;
	uint32_t number;
};

/* What closers are sought for: see prepass_math.c. */
enum prepass_search {
	SEARCH_DOLLARS,
	SEARCH_DOLLAR,
	SEARCH_PAREN,
	SEARCH_BRACKET,
	SEARCH_DOUBLED,
	SEARCH_ENVIRONMENT,
	SEARCHES
};

struct prepass {
	struct arena *arena;
	struct cuts *cuts;
	const struct markdown_options *options;
	struct math_macros *macros; /* the document's own, made with its first definition */
	struct str text;
	struct line_scanner lines;
	struct line line;
	const uint64_t *marks; /* where something may begin: see survey.h */
	size_t at;             /* what stands before it is done */
	size_t end;            /* of the present line, or the line that a cut has reached */
	struct buf main, *out;
	struct prepass_note **notes; /* each stays where it is: `out` may be the body of one */
	size_t nnotes, notes_capacity;
	struct map labels; /* of notes */
	bool is_inner;     /* what is read is the value of an argument: it has no notes itself */
	bool has_definitions, in_definitions, line_is_term;
	unsigned definitions_depth; /* containers around the list */
	bool may_be_head;           /* of a table: the line before begins a paragraph */
	bool is_below_head;         /* this line says how many columns there are */
	unsigned columns, bars;     /* of the table that this line is in, or 0; seen in this row */
	unsigned surplus;           /* columns of the head that the line below it does not name */
	char fence;                 /* of a block of code that is open where `out` ends, or 0 */
	size_t fence_length;
	struct str html;     /* the name of the tag that the present paragraph begins with */
	struct html_tag tag; /* the last that was skipped, in the paragraph that ends at tag_end */
	size_t tag_end;
	size_t failed_to[SEARCHES];  /* nothing is found before these places */
	size_t last_start;           /* of the line that ends at `end` */
	size_t no_close_before[4];   /* of the tags' braces: see shortcodes.c */
	struct shortcode_ends *ends; /* of pairs, as far as they were sought */
	size_t raw_to;               /* Liquid is not read before this place */
	struct str caption;          /* of a pair of tags around images: put where the pair ends */
	size_t caption_at;
	size_t paragraph_end; /* cached: see prepass_paragraph_end() */
	size_t backticks[33]; /* a run of this length is not found before this place */
};

/*
 * The text for md4c: `body` itself when it holds nothing to cut and is clean already, or a text in
 * the arena. Macros that the body defines are put into *macros.
 */
struct str prepass(struct cuts *, const struct markdown_options *, struct str body,
		   const struct math_macros **macros);

/* Parts. Each looks at a place of the present line and gives where it ends, or 0 for nothing. */
size_t prepass_math(struct prepass *, size_t at);
size_t prepass_note(struct prepass *, size_t at); /* [^1] */
size_t prepass_shortcode(struct prepass *, size_t at);
size_t prepass_attributes(struct prepass *, size_t at); /* kramdown's {: } and {# } */
size_t prepass_embed(struct prepass *, size_t at);      /* ![[name]], at its first bracket */
size_t prepass_brackets(struct prepass *, size_t at);   /* [[words]](address) */
size_t prepass_stars(struct prepass *, size_t at);      /* of emphasis beside ideographs */

/* Appends a cut in the running text, or as a paragraph of its own. `to` is where it ends. */
void prepass_cut(struct prepass *, struct cut, size_t from, size_t to);
void prepass_cut_block(struct prepass *, struct cut, size_t from, size_t to);

/* Reads all lines. */
void prepass_read(struct prepass *);
void prepass_free(struct prepass *);

/* The same of a text that stands in an argument; the caller's. */
struct buf prepass_inner(struct prepass *, struct str text);

/*
 * Notes: where the body goes whose definition the present line begins; a note that has its text
 * at its reference; and all bodies behind the text, in the order of their first references.
 */
struct buf *prepass_note_body(struct prepass *);
size_t prepass_inline_note(struct prepass *, struct str text, size_t from, size_t to);
void prepass_add_notes(struct prepass *);

/* Definition lists (F02), line by line: before and behind the marks of the line's containers. */
void prepass_follow_definitions(struct prepass *);
void prepass_mark_definitions(struct prepass *);
void prepass_end_definitions(struct prepass *);

/*
 * Tables, line by line. A table's head is the first line of a paragraph, the line of dashes is the
 * second: md4c wants three of them in each cell and drops columns of the head that it does not
 * name; people write one, and miscount. It drops text behind the last column too: a bar there is
 * part of the last cell.
 */
void prepass_follow_table(struct prepass *);
void prepass_lengthen_dashes(struct prepass *);
void prepass_keep_cell(struct prepass *, size_t bar);

/*
 * Whether the present line is the head of a table that follows a paragraph without a blank line:
 * GitHub and Hugo allow it, md4c does not.
 */
bool prepass_interrupts_paragraph(const struct prepass *);

/* Appends the marks of the outer `depth` containers that the present line stands in. */
void prepass_add_prefix(struct prepass *, unsigned depth);

/* Where the line of a place ends. */
size_t prepass_line_end(const struct prepass *, size_t at);

/* A paragraph ends here. */
void prepass_break(struct prepass *);

/*
 * Where nothing but marks of containers is written of the present line: a blank line comes before
 * it, in the outer `depth` containers. One is enough: md4c ends a quote's items at two.
 */
void prepass_begin_block(struct prepass *, unsigned depth);

/* True when only blanks (and marks of containers) stand before and behind on their lines. */
bool prepass_is_alone(const struct prepass *, size_t from, size_t to);

/* True in lines that cannot hold a block: headings and rows of tables. */
bool prepass_is_one_line(const struct prepass *);

/* Where the paragraph of the present place ends at the latest. */
size_t prepass_paragraph_end(struct prepass *, size_t at);

/* The source between two places, without the containers' marks at its lines. */
struct str prepass_between(struct prepass *, size_t from, size_t to);

#endif
