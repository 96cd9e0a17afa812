#include "document/math.h"

bool math_row(struct str tex, const struct math_options *options, struct buf *out)
{
	(void)tex, (void)options, (void)out;
	return false;
}

bool math_display(struct str tex, const struct math_options *options, struct buf *out)
{
	(void)tex, (void)options, (void)out;
	return false;
}
