/*
 * math_box - rows of text that move as one.
 *
 * Private to math/. A box has a size in columns and rows and a baseline; its rows may
 * be shorter than its width. Larger boxes are composed of parts at given places.
 *
 *	struct math_box digit = math_box_text(page, STR("1"));
 *	struct math_part parts[] = { { digit, 0, 0 }, { digit, 3, 1 } };
 *	struct math_box both = math_box_compose(page, parts, 2, 0);
 */
#ifndef MATH_BOX_H
#define MATH_BOX_H

#include "base/arena.h"
#include "base/buf.h"
#include "math/math_tree.h"

struct math_box_row {
	struct str text;
	size_t columns;
};

struct math_box {
	struct math_box_row *rows;
	size_t width;
	unsigned height, baseline; /* the row that lines up with the neighbours' */
	bool spelled;              /* ends in a script that no letter may follow at once */
};

struct math_part {
	struct math_box box;
	size_t column;
	unsigned row;
};

/* What boxes are made with and may cost. */
struct math_page {
	struct arena *arena;
	struct buf scratch;
	unsigned max_rows;
	size_t max_width;
	bool ascii;
	bool failed;   /* something was larger than that: what was made is not to be used */
	bool too_high; /* and that was its height */
};

struct math_box math_box_text(struct math_page *, struct str text);
struct math_box math_box_repeat(struct math_page *, struct str text, size_t count);

/*
 * Parts that share a row must be in order from left to right. The height and the width are as
 * large as the parts need.
 */
struct math_box math_box_compose(struct math_page *, const struct math_part *, size_t nparts,
				 unsigned baseline);

/* One below the other, centred. */
struct math_box math_box_stack(struct math_page *, const struct math_box *, size_t nboxes,
			       unsigned baseline);

/* Side by side with their baselines in line; `blanks[i]` columns before box i. */
struct math_box math_box_join(struct math_page *, const struct math_box *, const unsigned *blanks,
			      size_t nboxes);

/* `inner` between delimiters that grow with it, `margin` blanks inside of each. */
struct math_box math_box_delimited(struct math_page *, const struct math_delimiter *open,
				   struct math_box inner, const struct math_delimiter *close,
				   unsigned margin);

/* Is some row a bar from edge to edge? */
bool math_box_has_full_bar(const struct math_box *);

/* The same columns for all, one row below the other, a blank one beside what is tall. */
struct math_box math_box_lines(struct math_page *, const struct math_box *, size_t nboxes);

/* The rows into `out` with line ends between them; blanks on the right and common ones on the
 * left are left out. */
void math_box_print(const struct math_box *, struct buf *out);

#endif
