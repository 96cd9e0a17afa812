/*
 * math_symbols - the names of TeX, LaTeX and amssymb that are one sign or one word.
 *
 * Private to math/. Three tables, each sorted by name: letters and other ordinary
 * signs, operators, relations with arrows. A row without an ASCII form is spelled by its name.
 *
 *	const struct math_symbol *symbol = math_symbol_find(STR("alpha"));   // α
 */
#ifndef MATH_SYMBOLS_H
#define MATH_SYMBOLS_H

#include "math/math_tree.h"

struct math_symbol {
	struct str name, text;
	const char *ascii; /* NULL = the name */
	uint8_t class;     /* enum math_class */
	uint16_t flags;    /* enum math_node_flag */
};

struct math_symbol_table {
	const struct math_symbol *at;
	size_t count;
};

extern const struct math_symbol_table math_letters, math_operators, math_relations;

/* By name, without the backslash; NULL when it is unknown. */
const struct math_symbol *math_symbol_find(struct str name);

/* By the sign itself, for formulas that hold ≤ and not \le; NULL when it is unknown. */
const struct math_symbol *math_symbol_of(struct str sign);

/* What `\not` makes of a relation's name (in: ∉), or NULL when there is no such sign. */
const struct math_symbol *math_symbol_negated(struct str name);

enum math_alphabet {
	MATH_PLAIN,
	MATH_BOLD,
	MATH_ITALIC,
	MATH_CALLIGRAPHIC,
	MATH_FRAKTUR,
	MATH_BLACKBOARD,
};

/* The letter or digit `code` of an alphabet; `code` itself where the alphabet lacks it. */
uint32_t math_alphabet_code(enum math_alphabet, uint32_t code);

/* The delimiter of a name or a character; NULL when it is none. */
const struct math_delimiter *math_delimiter_find(struct str name);

/* The accent of a command; NULL when it is none. */
const struct math_accent *math_accent_find(struct str command);

#endif
