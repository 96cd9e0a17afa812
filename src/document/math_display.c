#include "document/math.h"

bool math_display(struct str tex, const struct math_options *options, struct buf *out)
{
	return math_row(tex, options, out);
}
