#include "site/settings_reader.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

#define NEAR_ENOUGH 2 /* letters between a wrong key and the one that was meant */

static void *place_of(struct settings_reader *reader, const struct setting *setting)
{
	return (char *)reader->settings + setting->offset;
}

bool settings_wrong(struct settings_reader *reader, const struct value *value, const char *format,
		    ...)
{
	char text[sizeof reader->fault->text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fault_set(reader->fault, reader->file, value->line, value->column, "%s", text);
}

bool settings_wrong_type(struct settings_reader *reader, const struct value *value,
			 const char *what)
{
	if (value->kind == VALUE_SCALAR)
		return settings_wrong(reader, value, "%.*s must be %s, not \"%.*s\"",
				      STR_ARGS(value->key), what,
				      STR_ARGS(str_sub(value->text, 0, 40)));
	return settings_wrong(reader, value, "%.*s must be %s, not %s", STR_ARGS(value->key), what,
			      value_kind_name(value));
}

static bool unknown_key(struct settings_reader *reader, const struct value *value,
			const struct setting *rows, size_t nrows)
{
	const struct setting *nearest = NULL;
	unsigned distance = NEAR_ENOUGH + 1;
	for (size_t i = 0; i < nrows; i++) {
		unsigned d = str_distance(value->key, rows[i].key, NEAR_ENOUGH);
		if (d < distance) {
			distance = d;
			nearest = &rows[i];
		}
	}
	struct str key = str_sub(value->key, 0, 60);
	if (nearest != NULL)
		return fault_set(reader->fault, reader->file, value->key_line, value->key_column,
				 "unknown key \"%.*s\": did you mean \"%.*s\"?", STR_ARGS(key),
				 STR_ARGS(nearest->key));
	return fault_set(reader->fault, reader->file, value->key_line, value->key_column,
			 "unknown key \"%.*s\": see capsule.yaml(5) for all keys", STR_ARGS(key));
}

static bool take_member(struct settings_reader *reader, const struct value *map,
			const struct value *value, const struct setting *rows, size_t nrows)
{
	const struct value *last = value_get(map, value->key);
	if (last != value)
		return fault_set(reader->fault, reader->file, last->key_line, last->key_column,
				 "the key \"%.*s\" stands twice", STR_ARGS(value->key));
	for (size_t i = 0; i < nrows; i++) {
		if (!str_equal(rows[i].key, value->key))
			continue;
		/* Nothing behind the colon: the author left it at the default. */
		return value->kind == VALUE_NULL || rows[i].take(reader, value, &rows[i]);
	}
	return unknown_key(reader, value, rows, nrows);
}

bool settings_section(struct settings_reader *reader, const struct value *map,
		      const struct setting *rows, size_t nrows)
{
	for (const struct value *v = value_first(map); v != NULL; v = v->next)
		if (!take_member(reader, map, v, rows, nrows))
			return false;
	return true;
}

bool settings_subsection(struct settings_reader *reader, const struct value *value,
			 const struct setting *setting)
{
	if (value->kind != VALUE_MAP)
		return settings_wrong_type(reader, value, "a map of keys");
	return settings_section(reader, value, setting->rows, setting->nrows);
}

struct str settings_clean(struct settings_reader *reader, struct str text)
{
	struct buf clean = { 0 };
	utf8_clean_line(&clean, text);
	struct str copy = arena_str(&reader->settings->arena, str_trim(buf_str(&clean)));
	buf_free(&clean);
	return copy;
}

bool settings_text(struct settings_reader *reader, const struct value *value,
		   const struct setting *setting)
{
	if (value->kind != VALUE_SCALAR)
		return settings_wrong_type(reader, value, "a text");
	*(struct str *)place_of(reader, setting) = settings_clean(reader, value->text);
	return true;
}

static bool read_number(struct settings_reader *reader, const struct value *value,
			const struct setting *setting, uint64_t *number)
{
	if (value_number(value, setting->most, number) && *number >= setting->least)
		return true;
	char what[80];
	snprintf(what, sizeof what, "a number from %llu to %llu",
		 (unsigned long long)setting->least, (unsigned long long)setting->most);
	return settings_wrong_type(reader, value, what);
}

bool settings_number(struct settings_reader *reader, const struct value *value,
		     const struct setting *setting)
{
	uint64_t number;
	if (!read_number(reader, value, setting, &number))
		return false;
	*(unsigned *)place_of(reader, setting) = (unsigned)number;
	return true;
}

bool settings_size(struct settings_reader *reader, const struct value *value,
		   const struct setting *setting)
{
	uint64_t number;
	if (!read_number(reader, value, setting, &number))
		return false;
	*(size_t *)place_of(reader, setting) = (size_t)number;
	return true;
}

bool settings_flag(struct settings_reader *reader, const struct value *value,
		   const struct setting *setting)
{
	if (!value_bool(value, place_of(reader, setting)))
		return settings_wrong_type(reader, value, "true or false");
	return true;
}

static bool read_choice(struct settings_reader *reader, const struct value *value,
			const struct setting *setting, unsigned *choice)
{
	struct buf what = { 0 };
	for (unsigned i = 0; setting->words[i].len > 0; i++) {
		if (value->kind == VALUE_SCALAR && str_equal(setting->words[i], value->text)) {
			*choice = i;
			buf_free(&what);
			return true;
		}
		buf_format(&what, "%s%.*s", i ? " | " : "", STR_ARGS(setting->words[i]));
	}
	settings_wrong_type(reader, value, buf_c(&what));
	buf_free(&what);
	return false;
}

bool settings_choice(struct settings_reader *reader, const struct value *value,
		     const struct setting *setting)
{
	return read_choice(reader, value, setting, place_of(reader, setting));
}

bool settings_second(struct settings_reader *reader, const struct value *value,
		     const struct setting *setting)
{
	unsigned choice;
	if (!read_choice(reader, value, setting, &choice))
		return false;
	*(bool *)place_of(reader, setting) = choice == 1;
	return true;
}

struct str settings_resolve(struct settings_reader *reader, struct str path)
{
	struct arena *arena = &reader->settings->arena;
	if (str_starts(path, STR("/")) || reader->folder.len == 0)
		return arena_str(arena, path);
	return arena_format(arena, "%.*s%.*s", STR_ARGS(reader->folder), STR_ARGS(path));
}

bool settings_folder(struct settings_reader *reader, const struct value *value,
		     const struct setting *setting)
{
	if (value->kind != VALUE_SCALAR || value->text.len == 0)
		return settings_wrong_type(reader, value, "the path of a folder");
	*(struct str *)place_of(reader, setting) = settings_resolve(reader, value->text);
	return true;
}
