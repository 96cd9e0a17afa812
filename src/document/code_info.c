#include "document/code_info.h"

#include "base/utf8.h"

/* Languages whose text draws a picture: a reader is told that this is its source. */
static const struct str diagrams[] = {
	STR_INIT("mermaid"), STR_INIT("dot"),       STR_INIT("graphviz"), STR_INIT("plantuml"),
	STR_INIT("puml"),    STR_INIT("ditaa"),     STR_INIT("svgbob"),   STR_INIT("d2"),
	STR_INIT("seqdiag"), STR_INIT("blockdiag"), STR_INIT("nomnoml"),  STR_INIT("vega-lite"),
	STR_INIT("goat"),    STR_INIT("bob"),       STR_INIT("wavedrom"), STR_INIT("tikz"),
};

static const struct str name_keys[] = {
	STR_INIT("title"), STR_INIT("filename"), STR_INIT("file"),  STR_INIT("file_name"),
	STR_INIT("name"),  STR_INIT("caption"),  STR_INIT("label"),
};

static bool is_one_of(struct str word, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal_nocase(words[i], word))
			return true;
	return false;
}

struct str code_info_language(struct str info)
{
	info = str_trim(info);
	/* pandoc writes {.python}, R Markdown {python, echo=FALSE} */
	while (info.len > 0 && (info.at[0] == '{' || info.at[0] == '.'))
		info = str_skip(info, 1);
	size_t end = 0;
	while (end < info.len && !str_is_blank(info.at[end]) &&
	       strchr("{},=\"'", info.at[end]) == NULL)
		end++;
	if (end < info.len && info.at[end] == '=')
		return STR("");
	return str_sub(info, 0, end);
}

/* The value behind `=`: quoted, or up to the next blank, comma or brace. */
static struct str read_value(struct str rest)
{
	if (rest.len > 0 && (rest.at[0] == '"' || rest.at[0] == '\'')) {
		size_t end = str_find(rest, rest.at[0], 1);
		return str_sub(rest, 1, end);
	}
	size_t end = 0;
	while (end < rest.len && !str_is_blank(rest.at[end]) && rest.at[end] != ',' &&
	       rest.at[end] != '}')
		end++;
	return str_sub(rest, 0, end);
}

static struct str find_name(struct str info)
{
	for (size_t equals = 0; (equals = str_find(info, '=', equals)) != STR_NOT_FOUND; equals++) {
		size_t start = equals;
		while (start > 0 && (str_is_alpha(info.at[start - 1]) || info.at[start - 1] == '_'))
			start--;
		if (is_one_of(str_sub(info, start, equals), name_keys,
			      sizeof name_keys / sizeof *name_keys))
			return read_value(str_skip(info, equals + 1));
	}
	return STR("");
}

void code_info(struct str info, struct buf *out)
{
	struct str language = code_info_language(info), name = find_name(info);
	struct buf words = { 0 };
	buf_add(&words, language);
	if (is_one_of(language, diagrams, sizeof diagrams / sizeof *diagrams))
		buf_add(&words, STR(" diagram source"));
	if (name.len > 0) {
		buf_add_char(&words, ' ');
		buf_add(&words, name);
	}
	utf8_clean_line(out, buf_str(&words));
	buf_free(&words);
}
