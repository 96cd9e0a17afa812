/*
 * Conversion from Markdown to the forms, byte for byte.
 *
 * tests/golden/ holds files of cases (their layout is told at the top of conversion.md) and
 * whole pages, NAME.md with NAME.gmi and NAME.txt beside it. `golden_test --bless` writes those
 * two anew from what the program makes of NAME.md (for a new page begin with an empty NAME.gmi):
 * look at the difference before you commit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "document/markdown.h"
#include "render/gemtext.h"
#include "render/gopher_text.h"

#define FOLDER "tests/golden"

/* --- the capsule that the cases stand in ---------------------------------------------------- */

static void set_route(struct target *target, enum route_kind kind, struct str name)
{
	target->kind = TARGET_ROUTE;
	target->route.kind = kind;
	target->route.name = name;
}

/* The path of `reference`, seen from posts/, without dot segments and first slash. */
static struct str resolve_path(struct arena *a, struct str reference)
{
	struct buf path = { 0 };
	if (!str_starts(reference, STR("/")))
		buf_add(&path, STR("posts/"));
	struct str part;
	for (bool more = true; more;) {
		more = str_cut(&reference, '/', &part);
		if (str_equal(part, STR(".."))) {
			path.len -= path.len > 0;
			size_t slash = str_find_last(buf_str(&path), '/');
			path.len = slash == STR_NOT_FOUND ? 0 : slash + 1;
		} else if (part.len > 0 && !str_equal(part, STR("."))) {
			buf_add(&path, part);
			if (more)
				buf_add_char(&path, '/');
		}
	}
	struct str kept = arena_str(a, buf_str(&path));
	buf_free(&path);
	return kept;
}

static void resolve(const struct link_resolver *resolver, struct arena *a, struct str reference,
		    struct target *target)
{
	(void)resolver;
	struct str path, query = STR("");
	str_cut(&reference, '#', &path);
	query = path;
	str_cut(&query, '?', &path);
	path = resolve_path(a, path);
	if (str_equal(path, STR("posts/other-post.md"))) {
		set_route(target, ROUTE_POST, STR("other-post"));
		target->title = STR("Other Post");
	} else if (str_equal(path, STR("about.md"))) {
		set_route(target, ROUTE_PAGE, STR("about"));
	} else {
		set_route(target, ROUTE_FILE, path);
	}
	target->route.query = query;
}

static bool find(const struct link_resolver *resolver, struct arena *a, struct str name,
		 struct target *target)
{
	struct buf folded = { 0 };
	utf8_fold(&folded, name);
	bool found = str_equal(buf_str(&folded), STR("other post")) ||
		     str_equal(buf_str(&folded), STR("other-post"));
	buf_free(&folded);
	if (found)
		resolve(resolver, a, STR("other-post.md"), target);
	return found;
}

static const struct link_resolver resolver = { .resolve = resolve, .find = find };

/* --- a case --------------------------------------------------------------------------------- */

struct golden {
	char *name;
	struct str source, config; /* config: "links=end", words apart */
	struct str gemtext, gopher;
};

static void set_option(struct style *style, struct str option)
{
	static const char *const modes[] = { "paragraph", "section", "end", "numbered", "off" };
	struct str name, value = option;
	str_cut(&value, '=', &name);
	if (str_equal(name, STR("links"))) {
		for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++)
			if (str_equal(value, str_from(modes[i])))
				style->links = (enum links_mode)i;
	} else if (str_equal(name, STR("emphasis"))) {
		style->emphasis_markdown = str_equal(value, STR("markdown"));
	} else if (str_equal(name, STR("charset"))) {
		style->ascii = str_equal(value, STR("ascii"));
	} else if (str_equal(name, STR("hr"))) {
		style->rule = value;
	} else {
		fail_msg("unknown option: %.*s", STR_ARGS(option));
	}
}

static void read_config(struct style *style, struct str config)
{
	struct str option;
	for (bool more = config.len > 0; more;) {
		more = str_cut(&config, ' ', &option);
		if (option.len > 0)
			set_option(style, option);
	}
}

static struct str unquoted(struct str value)
{
	value = str_trim(value);
	return value.len > 1 && value.at[0] == '"' ? str_sub(value, 1, value.len - 1) : value;
}

/* A group of links: to `kind`/slug, in the words of the page's header. */
struct group {
	enum route_kind kind;
	struct str word, words;
	struct str names[8];
	uint32_t nnames;
};

static void add_group(struct document *d, const struct group *group)
{
	if (group->nnames == 0)
		return;
	uint32_t block = document_add(d, BLOCK_LINK_GROUP);
	d->blocks[block].text = group->word;
	d->blocks[block].info = group->words;
	d->blocks[block].number = group->nnames;
	d->blocks[block].link = d->nlinks;
	d->blocks[block].close = true;
	for (uint32_t i = 0; i < group->nnames; i++) {
		struct buf slug = { 0 };
		utf8_fold(&slug, group->names[i]);
		for (size_t j = 0; j < slug.len; j++)
			if (slug.at[j] == ' ')
				slug.at[j] = '-';
		struct target target = { 0 };
		set_route(&target, group->kind, arena_str(d->arena, buf_str(&slug)));
		uint32_t link = document_add_link(d, LINK_TEXT, target);
		document_run(d, RUN_TEXT, group->names[i], 0, link);
		buf_free(&slug);
	}
}

/* The header of a post from the few keys that the cases use; `body` becomes what follows it. */
static struct document *read_header(struct arena *a, struct str *body, struct str *title)
{
	struct document *d = document_new(a);
	struct str line, key, date = STR("");
	struct group series = { .kind = ROUTE_SERIES,
				.word = STR("Series"),
				.words = STR("Series") };
	struct group keywords = { .kind = ROUTE_KEYWORD,
				  .word = STR("Keyword"),
				  .words = STR("Keywords") };
	*title = STR("");
	if (!str_starts(*body, STR("---\n")))
		return d;
	*body = str_skip(*body, 4);
	while (str_line(body, &line) && !str_equal(line, STR("---"))) {
		struct str value = line;
		str_cut(&value, ':', &key);
		if (str_equal(key, STR("title")))
			*title = unquoted(value);
		else if (str_equal(key, STR("date")))
			date = str_sub(str_trim(value), 0, strlen("2020-05-25"));
		else if (str_equal(key, STR("series")))
			series.names[series.nnames++] = unquoted(value);
		else if (str_starts(line, STR("  - ")) && keywords.nnames < 8)
			keywords.names[keywords.nnames++] = str_skip(line, 4);
	}
	document_heading(d, 1, *title);
	document_text(d, date);
	add_group(d, &series);
	add_group(d, &keywords);
	return d;
}

typedef void writer(const struct document *, const struct style *, struct buf *);

static void convert(const struct golden *golden, writer *write, struct buf *out)
{
	struct arena a = { 0 };
	struct style style;
	style_default(&style);
	style.place.gemini_host = style.place.gopher_host = STR("example.org");
	read_config(&style, golden->config);
	struct markdown_options options = { .labels = &style.labels,
					    .resolver = &resolver,
					    .math = true };
	struct str body = golden->source, title;
	struct document *page = read_header(&a, &body, &title);
	struct document *parsed = markdown_parse(&a, body, &options);
	if (title.len > 0)
		markdown_fit_title(parsed, title);
	document_append(page, parsed, 0);
	page->macros = parsed->macros;
	write(page, &style, out);
	arena_free(&a);
}

static void assert_form(const struct golden *golden, writer *write, struct str expected)
{
	struct buf out = { 0 }, wanted = { 0 };
	convert(golden, write, &out);
	buf_add(&wanted, expected);
	if (expected.len > 0 && !str_ends(expected, STR("\n")))
		buf_add_char(&wanted, '\n');
	assert_string_equal(buf_c(&out), buf_c(&wanted));
	buf_free(&out);
	buf_free(&wanted);
}

static void run_case(void **state)
{
	const struct golden *golden = *state;
	assert_form(golden, gemtext_write, golden->gemtext);
	assert_form(golden, gopher_text_write, golden->gopher);
}

/* --- finding them ---------------------------------------------------------------------------- */

struct suite {
	struct golden *cases;
	size_t ncases, capacity;
	struct arena arena;
};

static struct golden *add_case(struct suite *suite, struct str name)
{
	suite->cases =
	    memory_grow(suite->cases, suite->ncases, &suite->capacity, sizeof *suite->cases);
	struct golden *golden = &suite->cases[suite->ncases++];
	*golden = (struct golden){ .name = strdup(arena_str(&suite->arena, name).at) };
	return golden;
}

static struct str read_whole(struct suite *suite, struct str path, bool *found)
{
	struct buf text = { 0 };
	struct fault fault;
	*found = file_read_path(path, 1 << 20, &text, &fault);
	struct str kept = arena_str(&suite->arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* What stands between a line of six backticks and the next; `rest` is what follows. */
static struct str read_block(struct str *rest)
{
	struct str line, block = *rest;
	while (str_line(rest, &line))
		if (str_equal(line, STR("``````"))) {
			block.len = (size_t)(line.at - block.at);
			break;
		}
	return block;
}

static void read_cases(struct suite *suite, struct str text)
{
	struct golden *golden = NULL;
	struct str line;
	while (str_line(&text, &line)) {
		if (str_starts(line, STR("### "))) {
			struct str name, title = str_skip(line, 4);
			str_cut(&title, ' ', &name);
			golden = add_case(suite, name);
		} else if (golden != NULL && str_starts(line, STR("config: "))) {
			golden->config = str_skip(line, strlen("config: "));
		} else if (str_starts(line, STR("``````"))) {
			struct str form = str_skip(line, 6), block = read_block(&text);
			if (golden == NULL)
				continue;
			if (str_equal(form, STR("md")))
				golden->source = block;
			else if (str_equal(form, STR("gemtext")))
				golden->gemtext = str_equal(block, STR("\n")) ? STR("") : block;
			else if (str_equal(form, STR("gopher")))
				golden->gopher = str_equal(block, STR("\n")) ? STR("") : block;
		}
	}
}

static void bless(struct golden *golden, writer *write, const char *ending)
{
	struct buf out = { 0 }, path = { 0 };
	struct fault fault;
	convert(golden, write, &out);
	buf_format(&path, FOLDER "/%s.%s", golden->name, ending);
	if (!file_replace(buf_str(&path), buf_str(&out), 0644, &fault))
		fprintf(stderr, "%s: %s\n", buf_c(&path), fault.text);
	buf_free(&out);
	buf_free(&path);
}

/* A file without NAME.gmi beside it is none of ours: cases of another layout. */
static void read_page(struct suite *suite, struct str name, struct str source, bool blessing)
{
	bool found;
	struct str gemtext = arena_format(&suite->arena, FOLDER "/%.*s.gmi", STR_ARGS(name));
	struct str gopher = arena_format(&suite->arena, FOLDER "/%.*s.txt", STR_ARGS(name));
	read_whole(suite, gemtext, &found);
	if (!found)
		return;
	struct golden *golden = add_case(suite, name);
	golden->source = source;
	if (blessing) {
		bless(golden, gemtext_write, "gmi");
		bless(golden, gopher_text_write, "txt");
	}
	golden->gemtext = read_whole(suite, gemtext, &found);
	golden->gopher = read_whole(suite, gopher, &found);
}

static void read_folder(struct suite *suite, bool blessing)
{
	struct dirent **entries;
	int n = scandir(FOLDER, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		struct str file = str_from(entries[i]->d_name);
		bool found;
		if (str_ends(file, STR(".md"))) {
			struct str text = read_whole(
			    suite, arena_format(&suite->arena, FOLDER "/%s", file.at), &found);
			if (str_find_str(text, STR("\n``````gopher\n"), 0) != STR_NOT_FOUND)
				read_cases(suite, text);
			else
				read_page(suite, str_sub(file, 0, file.len - 3), text, blessing);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	struct suite suite = { 0 };
	bool blessing = argc > 1 && strcmp(argv[1], "--bless") == 0;
	read_folder(&suite, blessing);
	struct CMUnitTest *tests = memory_new((suite.ncases + 1) * sizeof *tests);
	for (size_t i = 0; i < suite.ncases; i++)
		tests[i] = (struct CMUnitTest){ .name = suite.cases[i].name,
						.test_func = run_case,
						.initial_state = &suite.cases[i] };
	int failed = suite.ncases < 75; /* as many as conversion.md has */
	if (!blessing)
		failed += _cmocka_run_group_tests("golden", tests, suite.ncases, NULL, NULL);
	for (size_t i = 0; i < suite.ncases; i++)
		free(suite.cases[i].name);
	free(suite.cases);
	free(tests);
	arena_free(&suite.arena);
	return failed;
}
