#include "base/utf8.h"
#include "math/math.h"

#define LONGEST_LINE 400

void math_source_line(struct str tex, struct buf *out)
{
	struct buf line = { 0 };
	/* Cleaning never makes a character of more than three bytes out of one. */
	utf8_clean_line(&line, str_sub(tex, 0, 64 * 1024));
	struct str text = str_trim(buf_str(&line));
	if (text.len > LONGEST_LINE) {
		size_t end = LONGEST_LINE;
		while (end > 0 && ((unsigned char)text.at[end] & 0xc0) == 0x80)
			end--;
		text = str_trim_end(str_sub(text, 0, end));
	}
	buf_add(out, text);
	buf_free(&line);
}
