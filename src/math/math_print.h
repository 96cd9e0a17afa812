/*
 * math_print - a tree in one row.
 *
 * Private to math/: the two-dimensional form prints with it whatever is one row.
 *
 *	struct math_printer printer = { .out = &out, .flags = options->flags };
 *	math_print_list(&printer, tree.first);
 */
#ifndef MATH_PRINT_H
#define MATH_PRINT_H

#include "base/buf.h"
#include "math/math_tree.h"

struct math_printer {
	struct buf *out;
	unsigned flags; /* of enum math_flag */
	size_t limit;   /* bytes of out, beyond which nothing more is printed */
	bool tight;     /* within a script: no blanks from classes */
	size_t spelled; /* where out ended after the last script that was not small letters */
};

/* How a script came out. */
enum math_script_form {
	MATH_SCRIPT_EMPTY,
	MATH_SCRIPT_SMALL,       /* Unicode has all its letters: x² */
	MATH_SCRIPT_WORD,        /* one token or one word: x_θ */
	MATH_SCRIPT_PARENTHESES, /* x_(a + b) */
};

void math_print_list(struct math_printer *, const struct math_node *list);
enum math_script_form math_print_script(struct math_printer *, const struct math_node *list,
					bool raised);
/* The same, never in small letters: =^d */
void math_print_spelled(struct math_printer *, const struct math_node *list, char sign);
void math_print_primes(struct math_printer *, unsigned count);

/* False when the mark could not be a combining one and stands as a name: hat(xyz). */
bool math_print_accent(struct math_printer *, const struct math_node *accent);

/*
 * √, ∛, ∜, ⁿ√, in ASCII sqrt; false, with nothing but the index printed, when the index has
 * no small letters.
 */
bool math_print_radical(struct math_printer *, const struct math_node *index);

void math_print_matrix_row(struct math_printer *, const struct math_matrix *,
			   const struct math_matrix_row *);

/* The label of an arrow between its two halves. */
void math_print_arrow(struct math_printer *, const struct math_node *arrow);

bool math_is_word_code(uint32_t code); /* a letter or a digit of any script */

/* Puts text into what was printed, at byte `at`. */
void math_insert(struct buf *out, size_t at, struct str text);

/*
 * Must a blank stand between what ends in `before` and what begins with `after`, because a word
 * or a script would run into the letters there?
 */
bool math_must_part(struct str before, bool word_before, bool spelled, struct str after,
		    bool word_after);

#endif
