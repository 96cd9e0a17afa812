/*
 * value - what YAML, TOML and JSON all say: texts, lists and maps, each with its place.
 *
 * A neutral tree in an arena, so that front matter and settings are read by one code whatever
 * their author wrote them in. Scalars stay the text that was written: whoever asks for a
 * number, a date or a truth value finds out whether it is one, and can say where it is not.
 *
 *	struct value *top;
 *	if (!yaml_parse(&arena, text, file, 1, &top, &fault))
 *		return false;
 *	const struct value *title = value_get(top, STR("title"));
 *	for (const struct value *v = value_first(top); v != NULL; v = v->next)
 *		use(v->key, v);
 */
#ifndef CONTENT_VALUE_H
#define CONTENT_VALUE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

enum value_kind {
	VALUE_NULL, /* nothing was written, or `null`, or `~` */
	VALUE_SCALAR,
	VALUE_LIST,
	VALUE_MAP,
};

/* Deeper trees are refused by every reader. */
#define VALUE_MAX_DEPTH 32

struct value {
	enum value_kind kind;
	bool quoted;           /* of scalars: in quotes or a block, so never a number or `true` */
	unsigned line, column; /* from 1, in the file */
	struct str text;       /* of scalars */
	struct str key;        /* its name in the map that holds it; empty in lists */
	unsigned key_line, key_column;
	struct value *first, *last; /* members of lists and maps, in the order of the text */
	struct value *next;         /* the member after this one */
	size_t count;               /* of members */
};

/* The first member; NULL for NULL, scalars and empty containers. */
static inline const struct value *value_first(const struct value *v)
{
	return v ? v->first : NULL;
}

/* The member with exactly this key, the last when it was written twice; or NULL. */
const struct value *value_get(const struct value *map, struct str key);

/* Whether the scalar is true/false/yes/no/on/off, as YAML 1.1 and TOML write them unquoted. */
bool value_bool(const struct value *, bool *truth);

/* A whole number from 0 to `max`. */
bool value_number(const struct value *, uint64_t max, uint64_t *number);

/* "a list", "a text", ...: for faults. */
const char *value_kind_name(const struct value *);

/* For readers: appends a new member to a list or map. */
struct value *value_add(struct arena *, struct value *container, enum value_kind, unsigned line,
			unsigned column);

/*
 * The reader of YAML and JSON. `file` names the text in faults, `first_line` is the number of its
 * first line there. An empty text gives a VALUE_NULL. Text is copied into the arena. Aliases, a
 * second document, keys that are no text and trees deeper than VALUE_MAX_DEPTH are faults.
 */
bool yaml_parse(struct arena *, struct str text, struct str file, unsigned first_line,
		struct value **top, struct fault *);

/* The same for TOML; numbers, dates and truth values are unquoted scalars. */
bool toml_parse(struct arena *, struct str text, struct str file, unsigned first_line,
		struct value **top, struct fault *);

#endif
