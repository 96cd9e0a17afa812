/*
 * settings_reader - tables of settings: which key is of which type and where its value goes.
 *
 * A section of capsule.yaml is a table; one function checks a map against it and reports
 * unknown keys, keys that stand twice and wrong types with their place. Used by settings.c only.
 *
 *	static const struct setting rows[] = {
 *		{ STR_INIT("width"), settings_number, offsetof(struct settings, style.width),
 *		  .least = 20, .most = 200 },
 *	};
 *	settings_section(&reader, map, rows, 1);
 */
#ifndef SITE_SETTINGS_READER_H
#define SITE_SETTINGS_READER_H

#include "content/value.h"
#include "site/settings.h"

struct settings_reader {
	struct settings *settings;
	struct str file;   /* for faults */
	struct str folder; /* of the file, with its final slash; empty = the working one */
	struct fault *fault;
};

struct setting;
typedef bool settings_take(struct settings_reader *, const struct value *, const struct setting *);

struct setting {
	struct str key;
	settings_take *take;
	size_t offset;              /* of the value in struct settings */
	uint64_t least, most;       /* of numbers */
	const struct str *words;    /* of choices: ended by an empty one */
	const struct setting *rows; /* of sections */
	size_t nrows;
};

/* Reads every key of a map by its row; false with a fault at the first that does not fit. */
bool settings_section(struct settings_reader *, const struct value *map, const struct setting *rows,
		      size_t nrows);

settings_take settings_subsection; /* a map with rows of its own */
settings_take settings_text;       /* struct str: one clean line */
settings_take settings_number;     /* unsigned, least..most */
settings_take settings_size;       /* size_t, least..most */
settings_take settings_flag;       /* bool */
settings_take settings_choice;     /* an enum or unsigned: index of the word */
settings_take settings_second;     /* bool: whether it is the second of two words */
settings_take settings_folder;     /* struct str: a path, resolved against the file's folder */

/* A fault at the value's place. Gives false. */
bool settings_wrong(struct settings_reader *, const struct value *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "<key> must be <what>, not <what it is>" */
bool settings_wrong_type(struct settings_reader *, const struct value *, const char *what);

/* Resolves a path against the file's folder. */
struct str settings_resolve(struct settings_reader *, struct str path);

/* A clean copy of a text as one line. */
struct str settings_clean(struct settings_reader *, struct str text);

#endif
