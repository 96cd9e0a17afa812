#include "document/math.h"

struct math_macros {
	struct arena *arena;
	const struct math_macros *parent;
};

struct math_macros *math_macros_new(struct arena *arena, const struct math_macros *parent)
{
	struct math_macros *macros = ARENA_NEW(arena, struct math_macros);
	macros->arena = arena;
	macros->parent = parent;
	return macros;
}

bool math_macros_define(struct math_macros *macros, struct str name, unsigned nargs,
			struct str body)
{
	(void)macros, (void)name, (void)nargs, (void)body;
	return false;
}

void math_macros_collect(struct math_macros *macros, struct str tex)
{
	(void)macros, (void)tex;
}
