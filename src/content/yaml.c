#include <yaml.h>

#include "content/value.h"

/* The tree while it grows: the containers that are open, and the key that waits for its value. */
struct builder {
	struct arena *arena;
	struct str file;
	unsigned first_line;
	struct fault *fault;
	struct value *open[VALUE_MAX_DEPTH];
	size_t depth;
	struct value *top;
	struct str key;
	unsigned key_line, key_column;
	bool has_key, is_done;
};

static unsigned line_of(const struct builder *b, const yaml_mark_t *mark)
{
	return b->first_line + (unsigned)mark->line;
}

static bool refuse(struct builder *b, const yaml_mark_t *mark, const char *text)
{
	return fault_set(b->fault, b->file, line_of(b, mark), (unsigned)mark->column + 1, "%s",
			 text);
}

/* The place of the next value: below the innermost open container, or the top. */
static struct value *place(struct builder *b, enum value_kind kind, const yaml_mark_t *mark)
{
	unsigned line = line_of(b, mark), column = (unsigned)mark->column + 1;
	if (b->depth == 0) {
		b->top = ARENA_NEW(b->arena, struct value);
		*b->top = (struct value){ .kind = kind, .line = line, .column = column };
		return b->top;
	}
	struct value *v = value_add(b->arena, b->open[b->depth - 1], kind, line, column);
	if (b->has_key) {
		v->key = b->key;
		v->key_line = b->key_line;
		v->key_column = b->key_column;
		b->has_key = false;
	}
	return v;
}

static bool awaits_key(const struct builder *b)
{
	return b->depth > 0 && b->open[b->depth - 1]->kind == VALUE_MAP && !b->has_key;
}

static bool is_null(struct str text)
{
	return text.len == 0 || str_equal(text, STR("~")) || str_equal_nocase(text, STR("null"));
}

static bool take_scalar(struct builder *b, const yaml_event_t *event)
{
	struct str text = { (const char *)event->data.scalar.value, event->data.scalar.length };
	bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (awaits_key(b)) {
		b->key = arena_str(b->arena, text);
		b->key_line = line_of(b, &event->start_mark);
		b->key_column = (unsigned)event->start_mark.column + 1;
		b->has_key = true;
		return true;
	}
	bool nothing = !quoted && is_null(text);
	struct value *v = place(b, nothing ? VALUE_NULL : VALUE_SCALAR, &event->start_mark);
	v->quoted = quoted;
	if (!nothing)
		v->text = arena_str(b->arena, text);
	return true;
}

static bool take_container(struct builder *b, const yaml_event_t *event, enum value_kind kind)
{
	if (awaits_key(b))
		return refuse(b, &event->start_mark, "a key must be a text");
	if (b->depth == VALUE_MAX_DEPTH)
		return refuse(b, &event->start_mark, "too many levels");
	struct value *v = place(b, kind, &event->start_mark);
	b->open[b->depth++] = v;
	return true;
}

static bool take_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return b->top == NULL ||
		       refuse(b, &event->start_mark, "a second document; there may be only one");
	case YAML_SCALAR_EVENT: return take_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT: return take_container(b, event, VALUE_LIST);
	case YAML_MAPPING_START_EVENT: return take_container(b, event, VALUE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: b->depth--; return true;
	case YAML_ALIAS_EVENT:
		return refuse(b, &event->start_mark,
			      "aliases are not read here: write the value out (or quote the `*`)");
	case YAML_STREAM_END_EVENT: b->is_done = true; return true;
	default: return true;
	}
}

/* Bytes that are no text have an offset instead of a mark. */
static bool refuse_bytes(struct builder *b, struct str text, const yaml_parser_t *parser)
{
	unsigned line = b->first_line, column = 1;
	for (size_t i = 0; i < text.len && i < parser->problem_offset; i++) {
		column = text.at[i] == '\n' ? 1 : column + 1;
		line += text.at[i] == '\n';
	}
	return fault_set(b->fault, b->file, line, column, "not UTF-8 text: %s", parser->problem);
}

static bool refuse_syntax(struct builder *b, struct str text, const yaml_parser_t *parser)
{
	if (parser->error == YAML_READER_ERROR)
		return refuse_bytes(b, text, parser);
	char sentence[200];
	snprintf(sentence, sizeof sentence, "%s%s%s", parser->context ? parser->context : "",
		 parser->context ? ": " : "",
		 parser->problem ? parser->problem : "this is no YAML");
	return refuse(b, &parser->problem_mark, sentence);
}

static bool read_events(struct builder *b, struct str text, yaml_parser_t *parser)
{
	while (!b->is_done) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event))
			return refuse_syntax(b, text, parser);
		bool taken = take_event(b, &event);
		yaml_event_delete(&event);
		if (!taken)
			return false;
	}
	return true;
}

bool yaml_parse(struct arena *arena, struct str text, struct str file, unsigned first_line,
		struct value **top, struct fault *fault)
{
	struct builder b = {
		.arena = arena, .file = file, .first_line = first_line, .fault = fault
	};
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return fault_set(fault, file, 0, 0, "out of memory");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.len);
	bool done = read_events(&b, text, &parser);
	yaml_parser_delete(&parser);
	if (!done)
		return false;
	if (b.top == NULL) {
		b.top = ARENA_NEW(arena, struct value);
		*b.top = (struct value){ .line = first_line, .column = 1 };
	}
	*top = b.top;
	return true;
}
