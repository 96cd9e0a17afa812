/*
 * math_parser - what the parts of the parser share.
 *
 * Private to math/: math_tokens.c takes the source apart, math_nodes.c makes atoms,
 * math_parse.c lists and scripts, math_commands.c and math_structures.c do what commands say,
 * math_text.c has upright text, math_environments.c rows and cells.
 * Something broken sets `broken` and moves to the end of the source, so every loop ends.
 */
#ifndef MATH_PARSER_H
#define MATH_PARSER_H

#include "math/math_symbols.h"
#include "math/math_tree.h"

/* What ends a list; anything of these that does not end it is mended or breaks the formula. */
enum math_stop {
	MATH_STOP_END = 1 << 0,     /* of the source */
	MATH_STOP_BRACE = 1 << 1,   /* } */
	MATH_STOP_BRACKET = 1 << 2, /* ] */
	MATH_STOP_CELL = 1 << 3,    /* & and \\ */
	MATH_STOP_CLOSE = 1 << 4,   /* \end */
	MATH_STOP_RIGHT = 1 << 5,   /* \right */
};

struct math_parser {
	struct arena *arena;
	struct str tex;
	size_t at;
	size_t last_line; /* where it begins: before it, % starts a comment */
	unsigned flags;   /* of enum math_flag */
	unsigned depth;
	unsigned stops;              /* of the list being parsed */
	unsigned nscripts;           /* how many scripts we are inside */
	enum math_alphabet alphabet; /* of the group being parsed */
	struct math_node *tag;       /* of the row being parsed */
	bool broken;
};

enum math_token_kind {
	MATH_TOKEN_END,
	MATH_TOKEN_CHARACTER,
	MATH_TOKEN_COMMAND, /* text is the name, without the backslash */
	MATH_TOKEN_OPEN,
	MATH_TOKEN_CLOSE,
	MATH_TOKEN_SUP,
	MATH_TOKEN_SUB,
	MATH_TOKEN_COLUMN,
	MATH_TOKEN_ROW, /* \\ or \cr */
	MATH_TOKEN_TIE,
	MATH_TOKEN_PRIME,
};

struct math_token {
	enum math_token_kind kind;
	struct str text;
	size_t end;        /* where the next one begins */
	bool behind_blank; /* the source has a blank before it */
};

struct math_list {
	struct math_node *first, *last;
};

struct math_token math_peek(struct math_parser *);
struct math_token math_next(struct math_parser *);
void math_break(struct math_parser *); /* gives up */

struct math_node *math_add(struct math_parser *, struct math_list *, enum math_kind,
			   enum math_class);
void math_append(struct math_list *, struct math_node *first);
void math_add_space(struct math_parser *, struct math_list *, unsigned columns, unsigned flags);
void math_add_symbol(struct math_parser *, struct math_list *, const struct math_symbol *);

/* `alone`: as an argument, where a number is one digit. */
void math_add_character(struct math_parser *, struct math_list *, const struct math_token *,
			bool alone);

/* An operator's or a function's name, upright. */
struct math_node *math_add_name(struct math_parser *, struct math_list *, struct str name,
				unsigned flags);

/*
 * Adds a list as one ordinary atom: blanks at its ends move out, and a single node stands for
 * itself. Gives the node, or NULL when nothing but blanks was added.
 */
struct math_node *math_add_group(struct math_parser *, struct math_list *, struct math_node *first);

/*
 * Parses to one of `stops` without taking it. `continues`: an invisible atom stands before the
 * list, as in the second column of an aligned row.
 */
struct math_node *math_parse_list(struct math_parser *, unsigned stops, bool continues);

/* A group's content or one token; a missing one breaks the formula. */
struct math_node *math_parse_argument(struct math_parser *);
struct math_node *math_parse_option(struct math_parser *); /* `[..]`, or NULL */
struct str math_take_argument(struct math_parser *);       /* its source, unparsed */

/* A list behind ^ or _: inside, * is no operator. */
struct math_node *math_parse_script(struct math_parser *);

/* At ^, _ or a prime: makes the last node of the list the base of what follows. */
void math_parse_scripts(struct math_parser *, struct math_list *);

void math_parse_command(struct math_parser *, struct math_list *, struct str name);

/* \text{..}; `mathematical` as \mathrm: scripts and primes are what they are in mathematics. */
struct math_node *math_parse_text(struct math_parser *, bool mathematical);

/* Behind \begin. */
void math_parse_environment(struct math_parser *, struct math_list *);

/* Behind \substack and \displaylines. */
void math_parse_stack_of_rows(struct math_parser *, struct math_list *, enum math_shape);

/* The rows of a whole display, which needs no environment to have them. */
struct math_node *math_parse_rows(struct math_parser *);

bool math_is_known(struct str command);
bool math_is_text(struct str command); /* \text and its kin: words, not mathematics */

#endif
