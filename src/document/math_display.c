#include "document/math.h"

#include "document/math_layout.h"

#define DEFAULT_WIDTH 70
#define DEFAULT_ROWS  40

bool math_display(struct str tex, const struct math_options *options, struct buf *out)
{
	struct arena arena = { 0 };
	struct math_tree tree;
	bool done = math_expand(&arena, tex, options->macros, &tex) &&
		    math_parse(&arena, tex, options->flags, true, &tree);
	if (done) {
		struct math_layout l = { .page = { .arena = &arena,
						   .max_rows = 40,
						   .max_width = 70,
						   .ascii = options->flags & MATH_ASCII } };
		l.printer = (struct math_printer){ .out = &l.line,
						   .flags = options->flags,
						   .limit = MATH_LONGEST_OUTPUT,
						   .spelled = SIZE_MAX };
		struct math_box box = math_layout_list(&l, tree.first);
		if (!l.page.failed)
			math_box_print(&box, out);
		done = !l.page.failed;
		buf_free(&l.page.scratch);
		buf_free(&l.line);
	}
	arena_free(&arena);
	return done;
}
