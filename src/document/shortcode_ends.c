#include "document/shortcodes.h"

#define NEAR 300 /* bytes */

/* The ways in which pairs end, apart from the name. */
enum sort {
	SORT_ANGLE,   /* {{< /name >}} */
	SORT_PERCENT, /* {{% /name %}} */
	SORT_LIQUID,  /* {% endname %} */
	SORT_CALL,    /* Zola's {% name(..) %} .. {% end %} */
	SORTS
};

struct end {
	size_t at, behind; /* 0: not sought yet; STR_NOT_FOUND: there is none from there on */
};

struct shortcode_ends {
	struct end of[SORTS][SHORTCODES];
};

static enum sort sort_of(const struct prepass *p, const struct tag *tag)
{
	if (str_equal(tag->open, STR("{{<")))
		return SORT_ANGLE;
	if (str_equal(tag->open, STR("{{%")))
		return SORT_PERCENT;
	struct str name = tag->arguments.name;
	size_t paren = (size_t)(name.at - p->text.at) + name.len;
	return paren < p->text.len && p->text.at[paren] == '(' ? SORT_CALL : SORT_LIQUID;
}

/* Whether a tag, from its name on, is the end of a pair. */
static bool ends_pair(struct str rest, enum sort sort, struct str name)
{
	if (sort == SORT_ANGLE || sort == SORT_PERCENT)
		return str_starts(rest, name);
	if (!str_starts(rest, STR("end")))
		return false;
	rest = str_skip(rest, 3);
	return sort == SORT_LIQUID ? str_starts(rest, name)
				   : rest.len > 0 && strchr(" -%", rest.at[0]) != NULL;
}

static struct end find_end(struct str text, const struct tag *tag, enum sort sort)
{
	for (size_t at = str_find_str(text, tag->open, tag->to); at != STR_NOT_FOUND;
	     at = str_find_str(text, tag->open, at + 1)) {
		size_t name = at + tag->open.len;
		while (name < text.len && text.at[name] != '\0' &&
		       strchr(" -/", text.at[name]) != NULL)
			name++;
		if (!ends_pair(str_skip(text, name), sort, tag->arguments.name))
			continue;
		size_t behind = str_find(text, '}', name);
		while (behind < text.len && text.at[behind] == '}')
			behind++;
		if (behind == STR_NOT_FOUND)
			break;
		return (struct end){ at, behind };
	}
	return (struct end){ STR_NOT_FOUND, STR_NOT_FOUND };
}

size_t shortcode_end(struct prepass *p, const struct tag *tag, size_t *behind)
{
	if (!str_equal(tag->name, tag->arguments.name))
		return STR_NOT_FOUND; /* an include is no pair */
	enum sort sort = sort_of(p, tag);
	if (p->ends == NULL)
		p->ends = ARENA_NEW(p->arena, struct shortcode_ends);
	struct end *end = &p->ends->of[sort][tag->known];
	if (end->at < tag->to)
		*end = find_end(p->text, tag, sort);
	*behind = end->behind;
	return end->at;
}

size_t shortcode_end_near(struct prepass *p, const struct tag *tag, size_t *behind)
{
	size_t line_end = prepass_line_end(p, tag->to), near = tag->to + NEAR;
	struct str text = str_sub(p->text, 0, near < line_end ? near : line_end);
	struct end end = find_end(text, tag, sort_of(p, tag));
	*behind = end.behind;
	return end.at;
}
