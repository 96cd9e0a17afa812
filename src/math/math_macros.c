#include "math/math_macros.h"

#include "math/math_parser.h"
#include "math/math_scan.h"

#define MOST_ARGUMENTS     9
#define NBUCKETS           64
/* A definition is short. The bound keeps a text of nothing but unclosed ones linear. */
#define LONGEST_DEFINITION 4096

struct math_macros {
	struct arena *arena;
	const struct math_macros *parent;
	struct math_macro *buckets[NBUCKETS];
	size_t count;
};

struct math_macros *math_macros_new(struct arena *arena, const struct math_macros *parent)
{
	struct math_macros *macros = ARENA_NEW(arena, struct math_macros);
	macros->arena = arena;
	macros->parent = parent;
	return macros;
}

const struct math_macro *math_macros_find(const struct math_macros *macros, struct str name)
{
	size_t bucket = str_hash(name) % NBUCKETS;
	for (; macros != NULL; macros = macros->parent)
		for (const struct math_macro *m = macros->buckets[bucket]; m; m = m->next)
			if (str_equal(m->name, name))
				return m;
	return NULL;
}

bool math_macros_empty(const struct math_macros *macros)
{
	while (macros != NULL && macros->count == 0)
		macros = macros->parent;
	return macros == NULL;
}

/* The same name again is found first, so the last definition wins. */
static void keep(struct math_macros *macros, const struct math_macro *macro)
{
	struct math_macro *kept = ARENA_NEW(macros->arena, struct math_macro);
	*kept = *macro;
	kept->name = arena_str(macros->arena, macro->name);
	kept->body = arena_str(macros->arena, macro->body);
	kept->fallback = arena_str(macros->arena, macro->fallback);
	struct math_macro **bucket = &macros->buckets[str_hash(macro->name) % NBUCKETS];
	kept->next = *bucket;
	*bucket = kept;
	macros->count++;
}

static unsigned highest_argument(struct str body)
{
	unsigned highest = 0;
	for (size_t i = 0; i + 1 < body.len; i++) {
		if (body.at[i] == '\\') {
			i++;
		} else if (body.at[i] == '#' && str_is_digit(body.at[i + 1])) {
			unsigned n = (unsigned)(body.at[++i] - '0');
			highest = n > highest ? n : highest;
		}
	}
	return highest;
}

static struct str bare_name(struct str name)
{
	name = str_trim(name);
	return str_starts(name, STR("\\")) ? str_skip(name, 1) : name;
}

static bool define(struct math_macros *macros, struct math_macro *macro)
{
	macro->name = bare_name(macro->name);
	if (macro->name.len == 0 || math_scan_name(macro->name, 0).len != macro->name.len)
		return false;
	unsigned highest = highest_argument(macro->body);
	if (highest > macro->nargs)
		macro->nargs = highest;
	if (macro->nargs > MOST_ARGUMENTS || !math_scan_balanced(macro->body))
		return false;
	keep(macros, macro);
	return true;
}

bool math_macros_define(struct math_macros *macros, struct str name, unsigned nargs,
			struct str body)
{
	struct math_macro macro = { .name = name, .nargs = nargs, .body = body };
	return define(macros, &macro);
}

/* Reads `[..]` at `*at` if it is there. */
static bool read_option(struct str tex, size_t *at, struct str *option)
{
	size_t start = math_scan_blanks(tex, *at);
	if (start == tex.len || tex.at[start] != '[')
		return false;
	size_t end = math_scan_option(tex, start, LONGEST_DEFINITION);
	if (end == STR_NOT_FOUND)
		return false;
	*option = str_sub(tex, start + 1, end);
	*at = end + 1;
	return true;
}

static void skip_star(struct str tex, size_t *at)
{
	if (*at < tex.len && tex.at[*at] == '*')
		++*at;
}

/* \newcommand{\name}[2][default]{body} */
static bool read_newcommand(struct str tex, size_t *at, struct math_macro *macro)
{
	struct str number;
	skip_star(tex, at);
	if (!math_scan_argument(tex, at, &macro->name))
		return false;
	if (read_option(tex, at, &number)) {
		uint64_t nargs;
		if (!str_number(str_trim(number), MOST_ARGUMENTS, &nargs))
			return false;
		macro->nargs = (unsigned)nargs;
		macro->optional = nargs > 0 && read_option(tex, at, &macro->fallback);
	}
	return math_scan_argument(tex, at, &macro->body);
}

/* \def\name#1#2{body}; text between the arguments is beyond what is read here. */
static bool read_def(struct str tex, size_t *at, struct math_macro *macro)
{
	if (!math_scan_argument(tex, at, &macro->name))
		return false;
	while (*at + 1 < tex.len && tex.at[*at] == '#' && str_is_digit(tex.at[*at + 1])) {
		macro->nargs++;
		*at += 2;
	}
	*at = math_scan_blanks(tex, *at);
	return *at < tex.len && tex.at[*at] == '{' && math_scan_argument(tex, at, &macro->body);
}

static bool read_operator(struct str tex, size_t *at, struct arena *arena, struct math_macro *macro)
{
	size_t before = *at;
	skip_star(tex, at);
	bool limits = *at > before;
	struct str text;
	if (!math_scan_argument(tex, at, &macro->name) || !math_scan_argument(tex, at, &text))
		return false;
	macro->body =
	    arena_format(arena, "\\operatorname%s{%.*s}", limits ? "*" : "", STR_ARGS(text));
	return true;
}

/* \let\name=\other: what \other means now, even if it is defined anew later. */
static bool read_let(struct math_macros *macros, struct str tex, size_t *at,
		     struct math_macro *macro)
{
	if (!math_scan_argument(tex, at, &macro->name))
		return false;
	*at = math_scan_blanks(tex, *at);
	if (*at < tex.len && tex.at[*at] == '=')
		++*at;
	if (!math_scan_argument(tex, at, &macro->body))
		return false;
	const struct math_macro *known = math_macros_find(macros, bare_name(macro->body));
	struct str name = macro->name;
	if (known != NULL)
		*macro = *known;
	else
		macro->final = true;
	macro->name = name;
	return true;
}

bool math_macros_defines(struct str command)
{
	static const struct str commands[] = { STR_INIT("newcommand"),
					       STR_INIT("renewcommand"),
					       STR_INIT("providecommand"),
					       STR_INIT("DeclareMathOperator"),
					       STR_INIT("def"),
					       STR_INIT("gdef"),
					       STR_INIT("edef"),
					       STR_INIT("xdef"),
					       STR_INIT("let") };
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (str_equal(command, commands[i]))
			return true;
	return false;
}

bool math_macros_read(struct math_macros *macros, struct str command, struct str tex, size_t *at)
{
	/* So that looking for a brace's end has an end itself. */
	struct str near = str_sub(tex, 0, *at + LONGEST_DEFINITION);
	struct math_macro macro = { 0 };
	size_t end = *at;
	bool read;
	if (str_equal(command, STR("let")))
		read = read_let(macros, near, &end, &macro);
	else if (str_equal(command, STR("DeclareMathOperator")))
		read = read_operator(near, &end, macros->arena, &macro);
	else if (str_ends(command, STR("def")))
		read = read_def(near, &end, &macro);
	else
		read = read_newcommand(near, &end, &macro);
	if (!read)
		return false;
	struct str name = bare_name(macro.name);
	bool provided = str_equal(command, STR("providecommand")) &&
			(math_macros_find(macros, name) != NULL || math_is_known(name));
	if (!provided && !define(macros, &macro))
		return false;
	*at = end;
	return true;
}

void math_macros_collect(struct math_macros *macros, struct str tex)
{
	size_t at = 0;
	while ((at = str_find(tex, '\\', at)) != STR_NOT_FOUND) {
		struct str name = math_scan_name(tex, at + 1);
		at += 1 + name.len;
		if (math_macros_defines(name))
			math_macros_read(macros, name, tex, &at);
	}
}
