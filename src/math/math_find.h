/*
 * math_find - what is mathematics between delimiters, and what only looks like it.
 *
 * The pre-pass looks for formulas in a whole post; titles and descriptions are one line each,
 * for which math_find() is enough. Both judge by the same rules (G02).
 *
 *	struct str tex;
 *	size_t end;
 *	if (math_find(line, at, &tex, &end))
 *		math_row(tex, &options, &out);
 */
#ifndef MATH_FIND_H
#define MATH_FIND_H

#include "base/str.h"

/* Whether $..$, $$..$$ or \(..\) begins at `at`: what it holds, and the place behind it. */
bool math_find(struct str line, size_t at, struct str *tex, size_t *end);

/*
 * Whether the dollars around `tex` are a pair by the rules of pandoc, and no letter or digit
 * outside on either side. What holds a known command is no money, and needs neither:
 * `$ \theta $`. `before` and `behind` stand outside of the dollars; '\n' where nothing does.
 */
bool math_is_dollar_pair(char before, struct str tex, char behind);

/*
 * Whether the dollar at `at` stands in \text{..} and so belongs to a formula within the formula:
 * gives the place behind that argument, else 0. `from` is a place in the formula, not in a text.
 */
size_t math_behind_text(struct str text, size_t from, size_t at);

/* Words with blanks between and no sign of mathematics: escaped brackets of prose. */
bool math_is_prose(struct str text);

#endif
