#include "math/math_macros.h"
#include "math/math_scan.h"
#include "math/math_tree.h"

/* What hostile macros may cost: definitions that call themselves or double their text. */
#define DEEPEST_CALL    64
#define MOST_CALLS      4096
#define LONGEST_RESULT  ((size_t)256 * 1024)
#define MOST_ARGUMENTS  9
#define TEXT_ALLOCATION 4096

/* A text that is being read: the source, or the body of a macro in whose midst we are. */
struct level {
	struct str text;
	size_t at;
};

struct expander {
	struct arena *arena;
	struct math_macros *macros;
	struct level levels[DEEPEST_CALL];
	size_t nlevels, ncalls, spent;
	char *out;
	size_t len, capacity;
	bool behind_command; /* the result ends in a command's name: a letter would join it */
	bool failed;
};

static void emit(struct expander *e, struct str text)
{
	if (text.len == 0)
		return;
	bool apart = e->behind_command && str_is_alpha(text.at[0]);
	if (e->len + text.len + apart > e->capacity) {
		size_t capacity = 2 * (e->len + text.len) + TEXT_ALLOCATION;
		char *larger = arena_get(e->arena, capacity);
		if (e->len > 0)
			memcpy(larger, e->out, e->len);
		e->out = larger;
		e->capacity = capacity;
	}
	if (apart)
		e->out[e->len++] = ' ';
	memcpy(e->out + e->len, text.at, text.len);
	e->len += text.len;
	e->behind_command = false;
	if (e->len > LONGEST_RESULT)
		e->failed = true;
}

static struct level *reading(struct expander *e)
{
	while (e->nlevels > 1 && e->levels[e->nlevels - 1].at == e->levels[e->nlevels - 1].text.len)
		e->nlevels--;
	return &e->levels[e->nlevels - 1];
}

/* An argument may stand behind the end of the body that wants it. */
static struct str read_argument(struct expander *e)
{
	struct str argument = { "", 0 };
	struct level *level = reading(e);
	level->at = math_scan_blanks(level->text, level->at);
	level = reading(e);
	if (level->at < level->text.len && !math_scan_argument(level->text, &level->at, &argument))
		e->failed = true;
	return argument;
}

static struct str read_optional(struct expander *e, struct str fallback)
{
	struct level *level = reading(e);
	size_t start = math_scan_blanks(level->text, level->at);
	if (start == level->text.len || level->text.at[start] != '[')
		return fallback;
	size_t end = math_scan_option(level->text, start, level->text.len);
	if (end == STR_NOT_FOUND)
		return fallback;
	level->at = end + 1;
	return str_sub(level->text, start + 1, end);
}

/* Does the text end in a command that a letter behind it would join? */
static bool ends_in_command(struct str text)
{
	size_t letters = text.len;
	while (letters > 0 && str_is_alpha(text.at[letters - 1]))
		letters--;
	size_t slashes = letters;
	while (slashes > 0 && text.at[slashes - 1] == '\\')
		slashes--;
	return letters < text.len && (letters - slashes) % 2 == 1;
}

/* Adds a piece of a body, kept apart from a command before it. */
static void join(char *out, size_t *len, struct str piece)
{
	if (piece.len == 0)
		return;
	if (str_is_alpha(piece.at[0]) && ends_in_command((struct str){ out, *len }))
		out[(*len)++] = ' ';
	memcpy(out + *len, piece.at, piece.len);
	*len += piece.len;
}

/* The next #n or ## of a body at or after `at`; its end when there is none. */
static size_t find_parameter(struct str body, size_t at)
{
	for (; at + 1 < body.len; at++) {
		char next = body.at[at + 1];
		if (body.at[at] == '\\')
			at++;
		else if (body.at[at] == '#' && (next == '#' || (next >= '1' && next <= '9')))
			return at;
	}
	return body.len;
}

/* The body with its arguments in place. */
static struct str substitute(struct expander *e, const struct math_macro *macro,
			     const struct str *arguments)
{
	struct str body = macro->body;
	size_t most = body.len + 1, len = 0;
	for (size_t at = 0; (at = find_parameter(body, at)) < body.len; at += 2)
		if (body.at[at + 1] != '#')
			most += arguments[body.at[at + 1] - '1'].len + 2;
	e->spent += most;
	if (e->spent > LONGEST_RESULT) {
		e->failed = true;
		return (struct str){ "", 0 };
	}
	char *out = arena_get(e->arena, most);
	for (size_t at = 0; at < body.len;) {
		size_t parameter = find_parameter(body, at);
		join(out, &len, str_sub(body, at, parameter));
		if (parameter < body.len && body.at[parameter + 1] == '#')
			out[len++] = '#';
		else if (parameter < body.len)
			join(out, &len, arguments[body.at[parameter + 1] - '1']);
		at = parameter + 2;
	}
	return (struct str){ out, len };
}

static void call(struct expander *e, const struct math_macro *macro)
{
	struct str arguments[MOST_ARGUMENTS] = { 0 };
	if (str_is_alpha(macro->name.at[0])) {
		struct level *level = reading(e);
		level->at = math_scan_blanks(level->text, level->at);
	}
	for (unsigned i = 0; i < macro->nargs; i++)
		arguments[i] = i == 0 && macro->optional ? read_optional(e, macro->fallback)
							 : read_argument(e);
	struct str body = substitute(e, macro, arguments);
	if (macro->final) {
		emit(e, body);
		e->behind_command = ends_in_command(body);
		return;
	}
	reading(e);
	if (e->nlevels == DEEPEST_CALL || ++e->ncalls > MOST_CALLS)
		e->failed = true;
	else
		e->levels[e->nlevels++] = (struct level){ body, 0 };
}

/* At a backslash. */
static void expand_command(struct expander *e, struct level *level)
{
	size_t start = level->at;
	struct str name = math_scan_name(level->text, start + 1);
	level->at += 1 + name.len;
	if (math_macros_defines(name) && math_macros_read(e->macros, name, level->text, &level->at))
		return;
	const struct math_macro *macro = math_macros_find(e->macros, name);
	if (macro != NULL) {
		call(e, macro);
		return;
	}
	emit(e, str_sub(level->text, start, level->at));
	e->behind_command = name.len > 0 && str_is_alpha(name.at[0]);
}

static bool defines_something(struct str tex)
{
	size_t at = 0;
	while ((at = str_find(tex, '\\', at)) != STR_NOT_FOUND) {
		struct str name = math_scan_name(tex, at + 1);
		if (math_macros_defines(name))
			return true;
		at += 1 + name.len;
	}
	return false;
}

bool math_expand(struct arena *arena, struct str tex, const struct math_macros *macros,
		 struct str *expanded)
{
	*expanded = tex;
	if (tex.len > MATH_LONGEST_SOURCE)
		return false;
	if (math_macros_empty(macros) && !defines_something(tex))
		return true;
	struct expander e = { .arena = arena, .macros = math_macros_new(arena, macros) };
	e.levels[e.nlevels++] = (struct level){ tex, 0 };
	for (;;) {
		struct level *level = reading(&e);
		if (e.failed || level->at == level->text.len)
			break;
		size_t end = str_find(level->text, '\\', level->at);
		if (end == level->at) {
			expand_command(&e, level);
			continue;
		}
		end = end == STR_NOT_FOUND ? level->text.len : end;
		emit(&e, str_sub(level->text, level->at, end));
		level->at = end;
	}
	*expanded = (struct str){ e.out ? e.out : "", e.len };
	return !e.failed;
}
