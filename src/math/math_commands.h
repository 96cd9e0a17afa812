/*
 * math_commands - what commands with a meaning of their own do.
 *
 * Private to math/. A table leads from the name to a function, which is called
 * behind the name; names that are only a sign are in math_symbols.
 */
#ifndef MATH_COMMANDS_H
#define MATH_COMMANDS_H

#include "math/math_parser.h"

struct math_command {
	struct str name;
	void (*parse)(struct math_parser *, const struct math_command *, struct math_list *);
	int detail;       /* what it is depends on the function */
	const char *text; /* so is this */
};

/* Sorted by name. */
extern const struct math_command math_commands[];
extern const size_t math_ncommands;

/* The functions that make nodes with parts: math_structures.c */
void math_parse_fraction(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_root(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_class(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_big(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_left(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_middle(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_not(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_brace(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_stack(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_arrow(struct math_parser *, const struct math_command *, struct math_list *);
void math_parse_operator(struct math_parser *, const struct math_command *, struct math_list *);
void math_add_accent(struct math_parser *, const struct math_accent *, struct math_list *);

/* The star of \operatorname* and the like: adds MATH_LIMITS to the flags. */
void math_skip_star(struct math_parser *, unsigned *flags);

#endif
