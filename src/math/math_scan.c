#include "math/math_scan.h"

#include "base/utf8.h"
#include "math/math_tree.h"

struct str math_scan_name(struct str tex, size_t at)
{
	size_t end = at;
	while (end < tex.len && str_is_alpha(tex.at[end]))
		end++;
	if (end == at && at < tex.len) {
		uint32_t code;
		end += utf8_decode(str_skip(tex, at), &code);
	}
	return str_sub(tex, at, end);
}

size_t math_scan_blanks(struct str tex, size_t at)
{
	while (at < tex.len && str_is_blank(tex.at[at]))
		at++;
	return at;
}

size_t math_scan_group(struct str tex, size_t at, size_t reach)
{
	size_t open = 0, end = reach < tex.len - at ? at + reach : tex.len;
	for (; at < end; at++) {
		char c = tex.at[at];
		if (c == '\\')
			at++;
		else if (c == '{')
			open++;
		else if (c == '}' && --open == 0)
			return at;
	}
	return STR_NOT_FOUND;
}

size_t math_scan_option(struct str tex, size_t at, size_t reach)
{
	size_t braces = 0, open = 0, end = reach < tex.len - at ? at + reach : tex.len;
	for (; at < end; at++) {
		char c = tex.at[at];
		if (c == '\\')
			at++;
		else if (c == '{')
			braces++;
		else if (c == '}' && braces-- == 0)
			return STR_NOT_FOUND;
		else if (c == '[' && braces == 0)
			open++;
		else if (c == ']' && braces == 0 && --open == 0)
			return at;
	}
	return STR_NOT_FOUND;
}

bool math_scan_balanced(struct str tex)
{
	size_t open = 0;
	for (size_t i = 0; i < tex.len; i++) {
		if (tex.at[i] == '\\')
			i++;
		else if (tex.at[i] == '{')
			open++;
		else if (tex.at[i] == '}' && open-- == 0)
			return false;
	}
	return open == 0;
}

bool math_scan_argument(struct str tex, size_t *at, struct str *argument)
{
	size_t start = math_scan_blanks(tex, *at), end = start;
	if (start == tex.len)
		return false;
	if (tex.at[start] == '{') {
		end = math_scan_group(tex, start, MATH_LONGEST_SOURCE);
		if (end == STR_NOT_FOUND)
			return false;
		*argument = str_sub(tex, start + 1, end);
		*at = end + 1;
		return true;
	}
	uint32_t code;
	if (tex.at[start] == '\\')
		end = start + 1 + math_scan_name(tex, start + 1).len;
	else
		end = start + utf8_decode(str_skip(tex, start), &code);
	*argument = str_sub(tex, start, end);
	*at = end;
	return true;
}
