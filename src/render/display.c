#include "render/display.h"

#include "base/utf8.h"
#include "math/math.h"
#include "render/ascii.h"

static bool fits(struct str text, unsigned width)
{
	for (struct str line; str_line(&text, &line);)
		if (utf8_columns(line) > width)
			return false;
	return true;
}

void display_math(const struct document *document, const struct style *style,
		  const struct block *block, unsigned width, bool ascii, struct buf *out)
{
	struct str shown = block->shown.len > 0 ? block->shown : block->text;
	if (block->shown.len > 0 && (ascii || !fits(block->shown, width))) {
		struct math_options options = {
			.macros = document->macros,
			.flags = (ascii ? MATH_ASCII : 0u) |
				 (style->math_bold_unicode ? MATH_BOLD_UNICODE : 0u),
			.width = width,
		};
		if (math_display(block->text, &options, out))
			return;
	}
	if (ascii)
		ascii_add(shown, out);
	else
		buf_add(out, shown);
}
