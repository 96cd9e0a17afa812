#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "command/command.h"
#include "content/data_files.h"
#include "content/front_matter.h"
#include "content/header.h"
#include "content/loader.h"
#include "content/plain.h"
#include "content/post.h"
#include "render/gemtext.h"
#include "render/gopher_text.h"
#include "site/post_document.h"

enum { OPTION_TO = 256 };

static const struct command_option options[] = {
	{ OPTION_TO, "to", "FORM", "gemtext (default) or gopher" },
	{ 'c', "config", "FILE", "the capsule that links and settings belong to; default: none" },
};

static const struct {
	const char *name;
	void (*write)(const struct document *, const struct style *, struct buf *out);
} forms[] = {
	{ "gemtext", gemtext_write },
	{ "gopher", gopher_text_write },
};
#define NFORMS (sizeof(forms) / sizeof(*forms))

/* One run of the filter. */
struct rendering {
	size_t form;
	const char *config, *file;
	struct str path;      /* below the capsule's folders, if it is there */
	bool below, in_pages; /* content or pages; pages */
	struct settings *settings;
	struct catalogue *catalogue; /* NULL without -c */
	struct buf text;             /* the file */
	struct arena arena;
};

static bool read_input(struct rendering *r, struct fault *fault)
{
	size_t limit = r->settings->limits.post_bytes;
	if (limit == 0)
		limit = SIZE_MAX;
	if (strcmp(r->file, "-") != 0)
		return file_read_path(str_from(r->file), limit, &r->text, fault);
	if (file_read(STDIN_FILENO, limit, &r->text))
		return true;
	if (errno == EFBIG)
		return fault_set(fault, STR("standard input"), 0, 0, "more than %zu bytes", limit);
	return fault_system(fault, STR("standard input"), "read");
}

/* The path of the file below a folder, when it is there. */
static bool path_below(struct rendering *r, struct str folder, struct str *path)
{
	struct buf name = { 0 };
	buf_add(&name, folder);
	char *root = folder.len > 0 ? realpath(buf_c(&name), NULL) : NULL;
	char *file = realpath(r->file, NULL);
	bool below = false;
	if (root != NULL && file != NULL) {
		struct str whole = str_from(file), start = str_from(root);
		below = str_starts(whole, start) && whole.at[start.len] == '/';
		if (below)
			*path = arena_str(&r->arena, str_skip(whole, start.len + 1));
	}
	free(root);
	free(file);
	buf_free(&name);
	return below;
}

static void locate(struct rendering *r)
{
	r->path = str_from(r->file);
	if (r->catalogue == NULL)
		return;
	r->below = path_below(r, r->settings->content, &r->path);
	if (!r->below)
		r->below = r->in_pages = path_below(r, r->settings->pages, &r->path);
}

/* ---- the header of a file that no catalogue knows ---- */

static void take_keywords(struct arena *arena, struct str lines, struct post_header *out)
{
	struct str *names = NULL, *slugs = NULL, line;
	size_t names_capacity = 0, slugs_capacity = 0;
	while (str_line(&lines, &line)) {
		struct str slug = catalogue_slug_in(arena, line);
		size_t known = 0;
		while (known < out->nkeywords && !str_equal(slugs[known], slug))
			known++;
		if (known < out->nkeywords)
			continue; /* `AI` and `ai` are one */
		names = arena_grow(arena, names, out->nkeywords, &names_capacity, sizeof(*names));
		slugs = arena_grow(arena, slugs, out->nkeywords, &slugs_capacity, sizeof(*slugs));
		names[out->nkeywords] = line;
		slugs[out->nkeywords++] = slug;
	}
	out->keywords = names;
	out->keyword_slugs = slugs;
}

/* As a catalogue finds it: a header without a title is that of the first heading. */
static struct str title_of(struct arena *arena, const struct header *header, struct str body)
{
	struct plain_summary summary;
	struct buf title = { 0 };
	if (header->title.len > 0)
		return header->title;
	plain_summarize(body, &summary);
	plain_cut(summary.heading, header->math, POST_TITLE_COLUMNS, &title);
	struct str kept = arena_str(arena, buf_str(&title));
	buf_free(&title);
	return kept;
}

/* What data files of the capsule say for the post. */
static void take_data(struct rendering *r, struct header *header)
{
	struct fault_list faults = { 0 };
	struct data_files files = data_files_below(r->catalogue, r->in_pages, &faults, &r->arena);
	files.math = r->settings->math;
	struct post_data data = data_files_of(&files, &r->arena, r->path);
	if (data.header != NULL)
		header_complete(&r->arena, header, data.header);
	data_files_free(&files);
}

/* Faults of the header go to stderr; the post is printed all the same. */
static size_t read_header(struct rendering *r, struct post_header *out)
{
	struct front_matter matter;
	struct value *top;
	struct header header;
	struct fault fault;
	struct fault_list faults = { 0 };
	struct str name = str_from(strcmp(r->file, "-") == 0 ? "standard input" : r->file);
	front_matter_split(buf_str(&r->text), true, &matter);
	if (!front_matter_parse(&r->arena, &matter, name, &top, &fault))
		log_fault(LOG_WARNING, &fault);
	header_read(&r->arena, top, name, r->settings->math, &header, &faults, &r->arena);
	for (size_t i = 0; i < faults.count; i++)
		log_fault(LOG_WARNING, &faults.at[i]);
	if (r->below)
		take_data(r, &header);
	if (matter.form != FRONT_MATTER_NONE)
		header.title =
		    title_of(&r->arena, &header, str_skip(buf_str(&r->text), matter.body_offset));
	*out = (struct post_header){ .title = header.title,
				     .date = header.date,
				     .updated = header.updated,
				     .series = header.series,
				     .series_slug = catalogue_slug_in(&r->arena, header.series),
				     .cover = header.cover,
				     .lang = header.lang,
				     .links = header.links,
				     .math = header.math };
	take_keywords(&r->arena, header.keywords, out);
	return matter.body_offset;
}

/* Series and keywords are called what the capsule calls them: as most posts write them. */
static void take_shown_names(struct rendering *r, struct post_header *header)
{
	const struct group *series = catalogue_series(r->catalogue, header->series_slug);
	struct str *names = ARENA_ARRAY(&r->arena, struct str, header->nkeywords);
	if (series != NULL)
		header->series = series->name;
	for (size_t i = 0; i < header->nkeywords; i++) {
		const struct group *known =
		    catalogue_keyword(r->catalogue, header->keyword_slugs[i]);
		names[i] = known != NULL ? known->name : header->keywords[i];
	}
	header->keywords = names;
}

static struct str name_of(struct str path)
{
	size_t slash = str_find_last(path, '/');
	return slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
}

/* ---- output ---- */

static int print(struct rendering *r)
{
	struct post_header header;
	struct catalogue_resolver resolver;
	struct style style;
	locate(r);
	size_t body = read_header(r, &header);
	if (r->catalogue != NULL) {
		take_shown_names(r, &header);
		catalogue_resolver(&resolver, r->catalogue, r->path, r->in_pages);
	}
	if (r->in_pages)
		header = (struct post_header){ .title = header.title,
					       .cover = header.cover,
					       .lang = header.lang,
					       .links = header.links,
					       .math = header.math };
	else if (!date_is_set(&header.date))
		header.date = post_date_of_path(&r->arena, r->below ? r->path : name_of(r->path));
	post_style(r->settings, &header, &style);
	struct document *document =
	    post_document(&r->arena, r->settings, &header, str_skip(buf_str(&r->text), body),
			  r->catalogue != NULL ? &resolver.base : NULL, &style);
	struct buf out = { 0 };
	forms[r->form].write(document, &style, &out);
	bool good = fwrite(buf_str(&out).at, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	buf_free(&out);
	return good ? COMMAND_FINE : COMMAND_FOUND_FAULTS;
}

static struct catalogue *load_catalogue(const struct settings *settings)
{
	struct loader_options wanted = command_loader_options(settings);
	struct arena arena = { 0 };
	struct fault_list faults = { 0 };
	struct loader *loader = loader_new(&wanted);
	struct catalogue *catalogue = loader_load(loader, date_now(), &faults, &arena);
	if (catalogue == NULL && faults.count > 0)
		command_locate_content(settings, &faults.at[faults.count - 1]);
	for (size_t i = 0; i < faults.count && catalogue == NULL; i++)
		log_fault(LOG_ERROR, &faults.at[i]);
	arena_free(&arena);
	loader_free(loader);
	return catalogue;
}

static int render(struct rendering *r)
{
	struct fault fault;
	r->settings = r->config != NULL ? command_settings(r->config) : settings_default();
	if (r->settings == NULL)
		return COMMAND_WRONG_USAGE;
	if (r->config != NULL && (r->catalogue = load_catalogue(r->settings)) == NULL)
		return COMMAND_WRONG_USAGE;
	return read_input(r, &fault) ? print(r) : command_fault(&fault);
}

static int run(struct command_line *line)
{
	struct rendering r = { 0 };
	int option;
	while ((option = command_option(line)) != COMMAND_OPTIONS_END) {
		if (option == 'c') {
			r.config = line->value;
			continue;
		}
		for (r.form = 0; r.form < NFORMS && strcmp(forms[r.form].name, line->value) != 0;)
			r.form++;
		if (r.form == NFORMS)
			return command_misused(line, "--to takes gemtext or gopher");
	}
	if (line->count != 1)
		return command_misused(line, "which file? One, or - for standard input");
	r.file = line->arguments[0];
	int status = render(&r);
	if (r.catalogue != NULL)
		catalogue_release(r.catalogue);
	if (r.settings != NULL)
		settings_free(r.settings);
	buf_free(&r.text);
	arena_free(&r.arena);
	return status;
}

const struct command command_render = {
	.name = "render",
	.arguments = "[--to gemtext|gopher] [-c FILE] FILE|-",
	.summary = "print a Markdown file as gemtext or Gopher text",
	.help =
	    "A filter: the header and text of a post go to standard output, nothing else does.\n"
	    "No settings are needed; with -c links lead where they do when that capsule is "
	    "served.\n\n"
	    "Example:\n"
	    "  perigee render --to gopher content/what-a-vector-is.md | less\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
