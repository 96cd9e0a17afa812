#include <stdio.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/utf8.h"
#include "command/command.h"
#include "content/loader.h"
#include "document/markdown.h"
#include "net/certificate.h"

#define NEAR_END 30 /* days that a certificate should have left */

static const struct command_option options[] = { COMMAND_CONFIG };

/* Findings go to stdout, one line each: they are what the command is asked for. */
struct findings {
	unsigned count;
	struct buf line;
};

static void add_finding(struct findings *findings, const struct fault *fault)
{
	findings->count++;
	buf_clear(&findings->line);
	fault_text(fault, &findings->line);
	puts(buf_c(&findings->line));
}

/* Faults of files name them below their folder; an editor wants the way from here. */
static void add_file_finding(struct findings *findings, const struct settings *settings,
			     const struct fault *fault)
{
	const struct str folders[] = { settings->content, settings->pages };
	struct fault located = *fault;
	struct buf path = { 0 };
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		buf_clear(&path);
		buf_format(&path, "%.*s/%.*s", STR_ARGS(folders[i]), STR_ARGS(fault->file));
		if (fault->file.len > 0 && access(buf_c(&path), F_OK) == 0) {
			located.file = buf_str(&path);
			break;
		}
	}
	add_finding(findings, &located);
	buf_free(&path);
}

/* ---- one post or page ---- */

struct checked_file {
	struct findings *findings;
	struct str name, text; /* the whole file */
	size_t body;           /* where its text begins */
};

/* Says it with the line and column of a place in the file; STR_NOT_FOUND = nowhere exactly. */
static void add_at(const struct checked_file *file, size_t at, const char *what, struct str which)
{
	struct fault fault;
	unsigned line = 0, column = 0;
	if (at != STR_NOT_FOUND) {
		line = column = 1;
		for (size_t i = 0; i < at; i++) {
			bool starts_character = ((unsigned char)file->text.at[i] & 0xc0) != 0x80;
			column = file->text.at[i] == '\n' ? 1 : column + starts_character;
			line += file->text.at[i] == '\n';
		}
	}
	fault_set(&fault, file->name, line, column, "%s%.*s", what, STR_ARGS(which));
	add_finding(file->findings, &fault);
}

/* Resolves as serving does, and says which references lead nowhere. */
struct checking_resolver {
	struct link_resolver base;
	struct catalogue_resolver *real;
	const struct checked_file *file;
	size_t from; /* after the last one that was found: the same reference may stand twice */
	struct str unknown; /* the name that was asked for last; a ref is tried in several ways */
};

static void add_missed(struct checking_resolver *resolver, const char *what, struct str reference)
{
	size_t at = str_find_str(resolver->file->text, reference, resolver->from);
	if (at == STR_NOT_FOUND)
		at = str_find_str(resolver->file->text, reference, resolver->file->body);
	else
		resolver->from = at + reference.len;
	add_at(resolver->file, at, what, reference);
}

static void checking_resolve(const struct link_resolver *base, struct arena *arena,
			     struct str reference, struct target *target)
{
	struct checking_resolver *resolver = (struct checking_resolver *)base;
	resolver->real->missed = false;
	resolver->real->base.resolve(&resolver->real->base, arena, reference, target);
	if (resolver->real->missed && !str_equal(reference, resolver->unknown))
		add_missed(resolver, "leads to no post, page or file: ", reference);
	resolver->unknown = STR("");
}

static bool checking_find(const struct link_resolver *base, struct arena *arena, struct str name,
			  struct target *target)
{
	struct checking_resolver *resolver = (struct checking_resolver *)base;
	bool found = resolver->real->base.find(&resolver->real->base, arena, name, target);
	bool again = name.len < resolver->unknown.len && str_ends(resolver->unknown, name);
	if (!found && !again)
		add_missed(resolver, "there is no post or page of this name: ", name);
	if (!again)
		resolver->unknown = found ? STR("") : name;
	return found;
}

static void checking_drop(const struct link_resolver *base, struct str tag)
{
	struct checking_resolver *resolver = (struct checking_resolver *)base;
	tag = utf8_prefix(str_sub(tag, 0, str_find(tag, '\n', 0)), 60);
	add_missed(resolver, "nobody knows this shortcode, it is left out: ", tag);
}

/* The parser makes substitutes for absent texts, so this looks at the source: `![](...)`. */
static void check_images(const struct checked_file *file)
{
	struct str rest = str_skip(file->text, file->body), line;
	bool fenced = false;
	while (str_line(&rest, &line)) {
		struct str trimmed = str_trim(line);
		if (str_starts(trimmed, STR("```")) || str_starts(trimmed, STR("~~~")))
			fenced = !fenced;
		for (size_t at = 0;
		     !fenced && (at = str_find_str(line, STR("![]"), at)) != STR_NOT_FOUND; at += 3)
			add_at(file, (size_t)(line.at - file->text.at) + at,
			       "an image without alternative text", STR(""));
	}
}

static void check_links(const struct checked_file *file, const struct settings *settings,
			const struct catalogue *catalogue, const struct post *post)
{
	struct arena arena = { 0 };
	struct catalogue_resolver real;
	catalogue_resolver(&real, catalogue, post->path, post->in_pages);
	struct checking_resolver resolver = { .base = { checking_resolve, checking_find,
							checking_drop },
					      .real = &real,
					      .file = file,
					      .from = file->body };
	struct markdown_options parsing = { .labels = &settings->style.labels,
					    .resolver = &resolver.base,
					    .macros = settings->macros,
					    .math = post->math };
	markdown_parse(&arena, str_skip(file->text, file->body), &parsing);
	arena_free(&arena);
}

static void check_post(struct findings *findings, const struct settings *settings,
		       const struct catalogue *catalogue, const struct post *post)
{
	struct buf name = { 0 };
	struct arena arena = { 0 };
	struct post_text text;
	struct fault fault;
	buf_format(&name, "%.*s/%.*s",
		   STR_ARGS(post->in_pages ? settings->pages : settings->content),
		   STR_ARGS(post->path));
	if (loader_read_post(catalogue, post, settings->limits.post_bytes, &arena, &text, &fault)) {
		struct checked_file file = { findings, buf_str(&name), text.file,
					     text.file.len - text.body.len };
		check_links(&file, settings, catalogue, post);
		check_images(&file);
	} else {
		add_finding(findings, &fault);
	}
	buf_free(&name);
	arena_free(&arena);
}

/* ---- the capsule ---- */

static void check_certificate(struct findings *findings, const struct settings *settings,
			      struct str host)
{
	struct buf file = { 0 }, key = { 0 };
	struct certificate certificate;
	struct fault fault;
	certificate_path(settings->certificates, host, STR(".crt"), &file);
	certificate_path(settings->certificates, host, STR(".key"), &key);
	bool missing = access(buf_c(&file), F_OK) != 0 && access(buf_c(&key), F_OK) != 0;
	/* A pair that is missing is no fault: the first start makes it. */
	if (!missing && !certificate_read(settings->certificates, host, &certificate, &fault)) {
		add_finding(findings, &fault);
	} else if (!missing && certificate.days_left < NEAR_END) {
		fault_set(&fault, buf_str(&file), 0, 0,
			  "ends in %lld days; make a new one with: perigee cert --renew",
			  (long long)certificate.days_left);
		add_finding(findings, &fault);
	}
	buf_free(&file);
	buf_free(&key);
}

static struct catalogue *load(struct findings *findings, const struct settings *settings)
{
	struct loader_options wanted = command_loader_options(settings);
	struct arena arena = { 0 };
	struct fault_list faults = { 0 };
	struct loader *loader = loader_new(&wanted);
	struct catalogue *catalogue = loader_load(loader, date_now(), &faults, &arena);
	if (catalogue == NULL && faults.count > 0) {
		command_locate_content(settings, &faults.at[--faults.count]);
		command_fault(&faults.at[faults.count]);
	}
	for (size_t i = 0; i < faults.count; i++)
		add_file_finding(findings, settings, &faults.at[i]);
	arena_free(&arena);
	loader_free(loader);
	return catalogue;
}

/* False when there is no folder of posts. */
static bool check(struct findings *findings, const struct settings *settings)
{
	struct catalogue *catalogue = load(findings, settings);
	for (size_t i = 0; i < settings->nhosts; i++)
		check_certificate(findings, settings, settings->hosts[i]);
	if (catalogue == NULL)
		return false;
	for (uint32_t i = 0; i < catalogue->nposts; i++)
		check_post(findings, settings, catalogue, &catalogue->posts[i]);
	for (uint32_t i = 0; i < catalogue->npages; i++)
		check_post(findings, settings, catalogue, &catalogue->pages[i]);
	log_info("%u posts and %u pages checked, %u faults found", catalogue->nposts,
		 catalogue->npages, findings->count);
	catalogue_release(catalogue);
	return true;
}

static int run(struct command_line *line)
{
	const char *config = NULL;
	while (command_option(line) != COMMAND_OPTIONS_END)
		config = line->value;
	if (line->count > 0)
		return command_misused(line, "what is %s?", line->arguments[0]);
	struct settings *settings = command_settings(config);
	if (settings == NULL)
		return COMMAND_WRONG_USAGE;
	struct findings findings = { 0 };
	bool loaded = check(&findings, settings);
	buf_free(&findings.line);
	settings_free(settings);
	bool written = fflush(stdout) == 0;
	if (!loaded)
		return COMMAND_WRONG_USAGE;
	return findings.count > 0 || !written ? COMMAND_FOUND_FAULTS : COMMAND_FINE;
}

const struct command command_check = {
	.name = "check",
	.arguments = "[-c FILE]",
	.summary = "look for faults in settings, posts, links and certificates",
	.help =
	    "Prints one line for each fault, file:line:column first, and exits with 1 when there "
	    "is\n"
	    "any: broken headers, posts with the same slug, links that lead to no post or file,\n"
	    "shortcodes that nobody knows, images without alternative text, certificates near\n"
	    "their end.\n\n"
	    "Example:\n"
	    "  perigee check -c capsule/capsule.yaml && rsync ...\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
