#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

bool fault_set(struct fault *fault, struct str file, unsigned line, unsigned column,
	       const char *format, ...)
{
	if (fault == NULL)
		return false;
	*fault = (struct fault){ .file = file, .line = line, .column = column };
	va_list args;
	va_start(args, format);
	vsnprintf(fault->text, sizeof fault->text, format, args);
	va_end(args);
	return false;
}

bool fault_system(struct fault *fault, struct str file, const char *verb)
{
	return fault_set(fault, file, 0, 0, "cannot %s: %s", verb, strerror(errno));
}

static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x20 || c == 0x7f)
			buf_format(out, "\\x%02x", c);
		else
			buf_add_char(out, s.at[i]);
	}
}

void fault_text(const struct fault *fault, struct buf *out)
{
	add_escaped(out, fault->file);
	if (fault->line > 0)
		buf_format(out, ":%u", fault->line);
	if (fault->line > 0 && fault->column > 0)
		buf_format(out, ":%u", fault->column);
	if (fault->file.len > 0)
		buf_add(out, STR(": "));
	add_escaped(out, str_from(fault->text));
}

void fault_list_add(struct fault_list *list, struct arena *arena, const struct fault *fault)
{
	list->at = arena_grow(arena, list->at, list->count, &list->capacity, sizeof *list->at);
	struct fault *copy = &list->at[list->count++];
	*copy = *fault;
	copy->file = arena_str(arena, fault->file);
}
