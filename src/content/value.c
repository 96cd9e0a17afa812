#include "content/value.h"

const struct value *value_get(const struct value *map, struct str key)
{
	const struct value *found = NULL;
	if (map == NULL || map->kind != VALUE_MAP)
		return NULL;
	for (const struct value *v = map->first; v != NULL; v = v->next)
		if (str_equal(v->key, key))
			found = v;
	return found;
}

bool value_bool(const struct value *v, bool *truth)
{
	static const struct {
		struct str word;
		bool truth;
	} words[] = {
		{ STR_INIT("true"), true }, { STR_INIT("false"), false },
		{ STR_INIT("yes"), true },  { STR_INIT("no"), false },
		{ STR_INIT("on"), true },   { STR_INIT("off"), false },
	};
	if (v == NULL || v->kind != VALUE_SCALAR || v->quoted)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_equal_nocase(v->text, words[i].word)) {
			*truth = words[i].truth;
			return true;
		}
	}
	return false;
}

bool value_number(const struct value *v, uint64_t max, uint64_t *number)
{
	return v != NULL && v->kind == VALUE_SCALAR && !v->quoted &&
	       str_number(v->text, max, number);
}

const char *value_kind_name(const struct value *v)
{
	static const char *const names[] = { "nothing", "a text", "a list", "a map" };
	return names[v ? v->kind : VALUE_NULL];
}

struct value *value_add(struct arena *arena, struct value *container, enum value_kind kind,
			unsigned line, unsigned column)
{
	struct value *v = ARENA_NEW(arena, struct value);
	*v = (struct value){ .kind = kind, .line = line, .column = column };
	if (container->last != NULL)
		container->last->next = v;
	else
		container->first = v;
	container->last = v;
	container->count++;
	return v;
}
