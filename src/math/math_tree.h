/*
 * math_tree - a formula as the two printers see it.
 *
 * Private to math/. The parser turns TeX into lists of nodes; every decision that
 * TeX takes by a command's name (what class an atom has, where limits go) is in the nodes, so
 * the printers only look at kinds, classes and flags. Nodes live in the arena of one call.
 *
 *	struct math_tree tree;
 *	if (math_parse(&arena, tex, options, &tree))
 *		... tree.first, tree.first->next ...
 */
#ifndef MATH_TREE_H
#define MATH_TREE_H

#include "base/arena.h"
#include "base/str.h"
#include "math/math.h"

/* Bounds of one formula. */
#define MATH_DEEPEST        32
#define MATH_MOST_SCRIPTS   4 /* x_a_b_c, which TeX refuses */
#define MATH_LONGEST_SOURCE ((size_t)64 * 1024)
#define MATH_LONGEST_OUTPUT ((size_t)64 * 1024)

/* TeX's classes of atoms: blanks come from them, never from the source. */
enum math_class {
	MATH_ORD,
	MATH_OP,
	MATH_BIN,
	MATH_REL,
	MATH_OPEN,
	MATH_CLOSE,
	MATH_PUNCT,
};

enum math_kind {
	MATH_ATOM,      /* text: one symbol, a number, or an operator's name */
	MATH_TEXT,      /* text: upright words; blanks inside are kept */
	MATH_SPACE,     /* columns of blank */
	MATH_GROUP,     /* body: a list that counts as one atom */
	MATH_SCRIPT,    /* body with `sub`, `sup` and `count` primes */
	MATH_STACK,     /* body with `sub` below and `sup` above: \underset, \overset */
	MATH_BRACE,     /* body under or over a brace with the label `sub` or `sup` */
	MATH_FRACTION,  /* body over sub */
	MATH_BINOMIAL,  /* body over sub, in parentheses, without a bar */
	MATH_ROOT,      /* of body; sup is the index */
	MATH_ACCENT,    /* accent over (under) body */
	MATH_DELIMITED, /* body between left and right */
	MATH_MATRIX,    /* matrix, between left and right */
	MATH_ARROW,     /* body on an arrow, sub below it: \xrightarrow */
};

enum math_node_flag {
	MATH_LIMITS = 1 << 0,        /* scripts of a display stand below and above */
	MATH_BIG = 1 << 1,           /* a large operator's glyph: always a blank behind it */
	MATH_INTEGRAL = 1 << 2,      /* the sign that grows in a display */
	MATH_NAME = 1 << 3,          /* a function's name: log, max */
	MATH_QUANTIFIER = 1 << 4,    /* as an operator to its left, as an opening to its right */
	MATH_UNARY = 1 << 5,         /* a sign, no longer a binary operator */
	MATH_BAR = 1 << 6,           /* | or ‖, which opens, closes or separates */
	MATH_KEPT = 1 << 7,          /* a blank that somebody wrote within text */
	MATH_WORD = 1 << 8,          /* several letters that must not run into their neighbours */
	MATH_DIGITS = 1 << 9,        /* a number */
	MATH_DIFFERENTIAL = 1 << 10, /* d, ∂, Δ: one atom together with the next */
	MATH_BELOW = 1 << 11,        /* of a brace or an accent: under the body */
	MATH_OPENING = 1 << 12,      /* a bar that opens */
	MATH_CLOSING = 1 << 13,      /* a bar that closes */
	MATH_LITERAL = 1 << 14,      /* a character as it stands in the source */
};

/* What stretches around taller content; `name` is as in the source. */
struct math_delimiter {
	struct str name;  /* "(", "lceil", "|" */
	const char *text; /* one row */
	const char *top, *middle, *bottom, *extension;
	const char *ascii; /* one row */
	const char *ascii_top, *ascii_middle, *ascii_bottom, *ascii_extension;
};

struct math_accent {
	struct str name; /* as printed before the parentheses: hat */
	uint32_t mark;   /* combining */
	const char *row; /* drawn above several letters; a fill when `fills` */
	const char *ascii_row;
	bool fills;     /* the row is as wide as the body */
	bool each;      /* the mark goes to each letter */
	bool below;     /* the body */
	bool arrowhead; /* the fill ends in a head */
};

/* The two halves of an arrow that a label stands between. */
struct math_arrow {
	struct str name; /* of the command */
	const char *left, *right, *ascii_left, *ascii_right;
};

struct math_node {
	uint8_t kind;                       /* enum math_kind */
	uint8_t left, right;                /* enum math_class seen from either side */
	uint8_t scripts;                    /* how many scripts are around each other here */
	uint16_t flags;                     /* enum math_node_flag */
	uint16_t count;                     /* columns of a blank; primes of a script */
	struct str text;                    /* ready to print in the charset wanted */
	struct math_node *next;             /* of the list */
	struct math_node *body, *sub, *sup; /* first nodes of lists, or NULL */
	union {
		const struct math_accent *accent;
		const struct math_arrow *arrow;
		struct math_matrix *matrix;
	};
	const struct math_delimiter *open, *close; /* or NULL */
};

/* How the rows of an environment stand. */
enum math_shape {
	MATH_SHAPE_GRID,    /* matrix, array: columns apart */
	MATH_SHAPE_CASES,   /* left columns, three blanks apart */
	MATH_SHAPE_ALIGNED, /* columns right and left in turn, without a gap */
	MATH_SHAPE_LINES,   /* multline: rows of one cell */
	MATH_SHAPE_CENTRED, /* gather: the same, in the middle */
	MATH_SHAPE_STACKED, /* \substack: rows of one cell, small */
};

struct math_cell {
	struct math_node *first;
	struct math_cell *next;
};

struct math_matrix_row {
	struct math_cell *cells;
	struct math_node *tag; /* printed at its end */
	unsigned ncells;
	bool rule; /* a horizontal rule above it */
	struct math_matrix_row *next;
};

struct math_matrix {
	enum math_shape shape;
	struct math_matrix_row *rows;
	unsigned nrows, ncolumns;
	struct str columns; /* of an array: l, c, r and |, nothing else */
	bool last_rule;     /* a horizontal rule below the last row */
	bool gaps;          /* aligned: pairs of columns stand apart */
};

struct math_tree {
	struct math_node *first;
	struct math_node *tag; /* \tag{..} of the whole, or NULL */
};

/*
 * False when the source is broken beyond mending or over a bound. A display may have rows
 * without an environment around them. Macros have been
 * expanded by then: see math_expand().
 */
bool math_parse(struct arena *, struct str tex, unsigned flags, bool display, struct math_tree *);

/*
 * The source with all macros expanded and definitions taken out; the source itself when there
 * is nothing to do. False when expansion does not end within its budget.
 */
bool math_expand(struct arena *, struct str tex, const struct math_macros *, struct str *expanded);

/* Blanks that the classes ask for between two neighbours in a list; never both NULL. */
unsigned math_blanks(const struct math_node *before, const struct math_node *after);

/* Does a list need no parentheses as a numerator, a denominator, a radicand? */
bool math_is_factor(const struct math_node *list);
bool math_is_unit(const struct math_node *list);
bool math_is_radicand(const struct math_node *list);

/* Is it already between parentheses as a whole? */
bool math_is_fenced(const struct math_node *list);

/* Would one script too many stand on the base of this one, or does a bar or a root end it? */
bool math_base_needs_parentheses(const struct math_node *script);

/* Does `next` (or NULL) stand so near that it would be read into a fraction or a root? */
bool math_sticks_behind(const struct math_node *next);
bool math_sticks_before(const struct math_node *before);

/* Does a node print a word, which must not run into letters beside it? */
bool math_begins_with_word(const struct math_node *);
bool math_ends_with_word(const struct math_node *);

#endif
