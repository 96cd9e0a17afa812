#include "site/furniture.h"

void furniture_words(struct buf *out, struct str word, unsigned a, unsigned b)
{
	unsigned numbers[] = { a, b };
	for (unsigned i = 0; i < 2; i++) {
		size_t mark = str_find_str(word, STR("%u"), 0);
		if (mark == STR_NOT_FOUND)
			break;
		buf_add(out, str_sub(word, 0, mark));
		buf_add_number(out, numbers[i]);
		word = str_skip(word, mark + 2);
	}
	buf_add(out, word);
}

void furniture_count(struct buf *out, const struct labels *labels, enum label one, enum label many,
		     unsigned count)
{
	furniture_words(out, labels->word[count == 1 ? one : many], count, 0);
}

void furniture_post(const struct visit *visit, struct document *d, const struct post *post)
{
	struct buf label = { 0 };
	date_add_day(&label, &post->date);
	buf_add_char(&label, ' ');
	buf_add(&label, post_list_title(post));
	document_link(d, catalogue_route(visit->catalogue, post), buf_str(&label));
	buf_free(&label);
}

bool furniture_looks_dated(struct str text)
{
	static const char form[] = "dddd-dd-dd";
	for (size_t i = 0; i < sizeof form - 1; i++)
		if (i >= text.len ||
		    (form[i] == 'd' ? !str_is_digit(text.at[i]) : text.at[i] != form[i]))
			return false;
	return true;
}

void furniture_group(struct document *d, enum route_kind kind, const struct group *group,
		     struct str before, const struct labels *labels)
{
	struct buf label = { 0 };
	if (before.len == 0 && furniture_looks_dated(group->name))
		before = labels->word[kind == ROUTE_SERIES ? LABEL_SERIES : LABEL_KEYWORD];
	if (before.len > 0) {
		buf_add(&label, before);
		buf_add(&label, STR(": "));
	}
	buf_add(&label, group->name);
	buf_add(&label, STR(" ("));
	if (kind == ROUTE_SERIES)
		furniture_count(&label, labels, LABEL_ONE_PART, LABEL_PART_COUNT, group->nmembers);
	else
		buf_add_number(&label, group->nmembers);
	buf_add_char(&label, ')');
	document_link(d, (struct route){ .kind = kind, .name = group->slug }, buf_str(&label));
	buf_free(&label);
}

void furniture_titled(struct document *d, struct route route, struct str label, struct str title)
{
	struct buf text = { 0 };
	buf_add(&text, label);
	buf_add(&text, STR(": "));
	buf_add(&text, title);
	document_link(d, route, buf_str(&text));
	buf_free(&text);
}

void furniture_home(const struct visit *visit, struct document *d)
{
	document_link(d, (struct route){ .kind = ROUTE_HOME }, visit->settings->title);
}
