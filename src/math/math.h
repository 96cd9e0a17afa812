/*
 * math - mathematics in TeX becomes plain Unicode text.
 *
 * Two forms of one formula: a single row for running text, and a drawing of several rows for
 * displays. Nothing here changes a meaning: a script converts completely or not at all, what is
 * unknown degrades to its name, and what is broken is left to the caller, who shows the source.
 *
 *	struct math_options options = { .macros = macros };
 *	struct buf out = { 0 };
 *	if (!math_row(STR("\\frac{1}{2\\sigma^2}"), &options, &out))
 *		buf_format(&out, "$%.*s$", STR_ARGS(source));
 *	                                      // 1/(2σ²)
 *
 * The source is what stands between the delimiters, or a whole bare environment.
 */
#ifndef MATH_H
#define MATH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* Definitions by \newcommand and its kin: a document's own, chained over those of the settings. */
struct math_macros;

/* Lives in the arena; `parent` (or NULL) is asked for names that are not defined here. */
struct math_macros *math_macros_new(struct arena *, const struct math_macros *parent);

/*
 * Defines \name (given with or without its backslash). The number of arguments is the larger of
 * `nargs` and the highest #n of the body. Both texts are copied. False when the name is neither
 * letters nor one other character, the braces of the body are not balanced, or there are
 * more than nine arguments.
 */
bool math_macros_define(struct math_macros *, struct str name, unsigned nargs, struct str body);

/*
 * Defines whatever \newcommand, \renewcommand, \providecommand, \DeclareMathOperator(*) and \def
 * in a TeX text define; anything else in it is skipped. math_row() and math_display()
 * do so for their own source too, but keep it to themselves.
 */
void math_macros_collect(struct math_macros *, struct str tex);

enum math_flag {
	MATH_ASCII = 1,        /* no byte above 0x7f wherever a name or sign in ASCII exists */
	MATH_BOLD_UNICODE = 2, /* \mathbf{w} is a bold letter, not a plain one */
};

struct math_options {
	const struct math_macros *macros; /* or NULL */
	unsigned flags;                   /* of enum math_flag */
	unsigned width;    /* columns of the two-dimensional form, 8 at least; 0 = 70 */
	unsigned max_rows; /* of the same; 0 = 40 */
};

/*
 * Appends the formula as one row, without a line end. False, with nothing appended, when it does
 * not parse or is over a bound.
 */
bool math_row(struct str tex, const struct math_options *, struct buf *out);

/*
 * Appends the formula as a drawing: rows separated by LF, none with blanks at its end, none
 * after the last. A formula that is too wide is broken before relations, then before binary
 * operators, and is the one-row form in lines if that is not enough. False, with nothing
 * appended, when it does not parse or is over a bound.
 */
bool math_display(struct str tex, const struct math_options *, struct buf *out);

/*
 * Appends the source on one line, runs of blanks being one, cut at a character to at most 400
 * bytes: for the alternative text of a display ("Math: ...").
 */
void math_source_line(struct str tex, struct buf *out);

/* `code` as a small raised or lowered character, 0 when Unicode has none. */
uint32_t math_superscript(uint32_t code);
uint32_t math_subscript(uint32_t code);

#endif
