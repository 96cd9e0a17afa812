/*
 * perigee export: a copy of the capsule made of files.
 *
 *	export.c            options and report
 *	export_inputs.c     is there anything to do?
 *	export_work.c       every route -> site -> bytes
 *	export_folder.c, export_put.c, export_commit.c    bytes -> files, in two steps
 *	export_manifest.c, export_tree.c, export_links.c  what their names say
 *	export_check.c      does every link of the result lead somewhere?
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "command/command.h"
#include "command/export_check.h"
#include "command/export_inputs.h"
#include "command/export_work.h"
#include "wire/uri.h"

enum {
	OPTION_TO = 256,
	OPTION_PREFIX,
	OPTION_HOST,
	OPTION_PORT,
	OPTION_BASE,
	OPTION_DRY_RUN,
	OPTION_CHECK,
	OPTION_FORCE
};

static const struct command_option options[] = {
	{ OPTION_TO, "to", "FORM", "gopher or gemini" },
	COMMAND_CONFIG,
	{ OPTION_PREFIX, "prefix", "SELECTOR",
	  "gopher: what stands before every selector, such as /~ada" },
	{ OPTION_HOST, "host", "NAME", "gopher: the host in URLs; default: the capsule's" },
	{ OPTION_PORT, "port", "N", "gopher: the port in URLs; default: the capsule's" },
	{ OPTION_BASE, "base", "URL",
	  "gemini: the address that the folder will have, such as\n"
	  "gemini://example.org/~ada/; links become absolute.\n"
	  "Without it they are relative" },
	{ OPTION_DRY_RUN, "dry-run", NULL, "only say what would be written and removed" },
	{ OPTION_CHECK, "check", NULL, "then follow all links, and report the dead ones" },
	{ OPTION_FORCE, "force", NULL, "write into a folder that has files of others" },
};

/* One run of the command. */
struct export
{
	const char *config, *prefix, *host, *port, *base;
	bool check;
	struct export_options folder_options;
	struct str folder_name, form;
	enum space space;
	struct settings *settings;
	struct arena arena;
	struct export_folder folder;
	bool whole; /* the files are as the capsule is, as far as it can be had */
	struct timespec began;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* ---- The command line ---- */

static bool take_form(struct export *x, const char *value)
{
	static const char *const names[] = { [SPACE_GEMINI] = "gemini", [SPACE_GOPHER] = "gopher" };
	for (unsigned i = 0; i < 2; i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		x->space = (enum space)i;
		x->form = str_from(names[i]);
		return true;
	}
	return false;
}

static bool take_option(struct export *x, int option, const char *value)
{
	switch (option) {
	case OPTION_TO: return take_form(x, value);
	case 'c': x->config = value; break;
	case OPTION_PREFIX: x->prefix = value; break;
	case OPTION_HOST: x->host = value; break;
	case OPTION_PORT: x->port = value; break;
	case OPTION_BASE: x->base = value; break;
	case OPTION_DRY_RUN: x->folder_options.dry_run = true; break;
	case OPTION_CHECK: x->check = true; break;
	case OPTION_FORCE: x->folder_options.force = true; break;
	}
	return true;
}

static struct str without_slash(struct str text)
{
	while (str_ends(text, STR("/")))
		text.len--;
	return text;
}

/* A beginning of selectors that every client and host leaves alone (GOPH-116). */
static bool take_prefix(struct place *place, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (!str_is_alpha(*c) && !str_is_digit(*c) && strchr("/._~-", *c) == NULL)
			return false;
	place->gopher_prefix = without_slash(str_from(text));
	return text[0] == '/' && str_find_str(str_from(text), STR(".."), 0) == STR_NOT_FOUND;
}

static bool take_base(struct export *x, struct place *place)
{
	struct uri uri;
	const char *why;
	place->gemini_base = without_slash(str_from(x->base));
	return uri_parse(&x->arena, str_from(x->base), &uri, &why) &&
	       str_equal(uri.scheme, STR("gemini")) && uri.host.len > 0 && !uri.has_userinfo &&
	       !uri.has_query && !uri.has_fragment;
}

/* Where the copy will stand: in the settings' place, as if it were served there. */
static int set_place(struct export *x, const struct command_line *line)
{
	struct place *place = &x->settings->style.place;
	bool gopher = x->space == SPACE_GOPHER;
	uint64_t port = 0;
	if (gopher ? x->base != NULL : x->prefix != NULL || x->host != NULL || x->port != NULL)
		return command_misused(line, gopher ? "--base is for Gemini"
						    : "--prefix, --host and --port are for Gopher");
	place->form = gopher ? PLACE_GOPHER_FILES : PLACE_GEMINI_FILES;
	if (x->prefix != NULL && !take_prefix(place, x->prefix))
		return command_misused(line, "--prefix takes a path such as /~ada, not %s",
				       x->prefix);
	if (x->host != NULL && !uri_host_ascii(&x->arena, str_from(x->host), &place->gopher_host))
		return command_misused(line, "--host takes a name, not %s", x->host);
	if (x->port != NULL && (!str_number(str_from(x->port), 65535, &port) || port == 0))
		return command_misused(line, "--port takes a number up to 65535, not %s", x->port);
	if (port != 0)
		place->gopher_port = (unsigned)port;
	if (x->base != NULL && !take_base(x, place))
		return command_misused(line,
				       "--base takes a URL such as gemini://example.org/~ada/, "
				       "not %s",
				       x->base);
	return COMMAND_FINE;
}

/* ---- The report ---- */

static void show_progress(void *context, size_t done, size_t all)
{
	static const char bar[] = "##############################";
	const bool *shown = context;
	int width = (int)sizeof(bar) - 1;
	int filled = all > 0 ? (int)(done * (size_t)width / all) : width;
	if (*shown)
		fprintf(stderr, "\r[%.*s%*s] %zu of %zu", filled, bar, width - filled, "", done,
			all);
}

static void clear_progress(bool shown)
{
	if (shown)
		fputs("\r\033[K", stderr);
}

static void print_removal(void *context, struct str path)
{
	size_t *count = context;
	struct buf name = { 0 };
	log_escape(&name, path);
	printf("remove %s\n", buf_c(&name));
	buf_free(&name);
	(*count)++;
}

static void count_removal(void *context, struct str path)
{
	size_t *count = context;
	(void)path;
	(*count)++;
}

static void print_written(const struct export_file *file)
{
	struct buf name = { 0 };
	log_escape(&name, file->path);
	printf("write %s\n", buf_c(&name));
	buf_free(&name);
}

static void print_summary(const struct export *x, size_t written, uint64_t bytes, size_t unchanged,
			  size_t removed)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	double seconds =
	    (double)(now.tv_sec - x->began.tv_sec) + (double)(now.tv_nsec - x->began.tv_nsec) / 1e9;
	printf("%s%zu written, %zu unchanged, %zu removed, %" PRIu64 " bytes, %.2f s\n",
	       x->folder_options.dry_run ? "dry run: " : "", written, unchanged, removed, bytes,
	       seconds);
}

static void report(const struct export *x)
{
	const struct export_folder *folder = &x->folder;
	size_t written = 0, unchanged = 0, removed = 0;
	uint64_t bytes = 0;
	for (size_t i = 0; i < folder->nfiles; i++) {
		const struct export_file *file = &folder->files[i];
		written += file->state == EXPORT_WRITTEN;
		bytes += file->state == EXPORT_WRITTEN ? file->size : 0;
		unchanged += file->state == EXPORT_UNCHANGED || file->state == EXPORT_KEPT;
		if (file->state == EXPORT_WRITTEN && folder->options.dry_run)
			print_written(file);
	}
	export_folder_removals(folder, folder->options.dry_run ? print_removal : count_removal,
			       &removed);
	print_summary(x, written, bytes, unchanged, removed);
}

static void print_finding(const struct fault *fault)
{
	struct buf text = { 0 };
	fault_text(fault, &text);
	puts(buf_c(&text));
	buf_free(&text);
}

/* ---- The work ---- */

static int check_links(const struct export *x)
{
	struct export_manifest manifest;
	struct arena arena = { 0 };
	struct fault fault;
	int status = COMMAND_FOUND_FAULTS;
	if (export_manifest_read(x->folder.top, &arena, &manifest, &fault)) {
		struct export_check check = { .top = x->folder.top,
					      .space = x->space,
					      .style = &x->settings->style,
					      .manifest = &manifest,
					      .report = print_finding };
		size_t dead = export_check_run(&check);
		if (dead > 0)
			log_error("%zu links lead nowhere", dead);
		else
			status = COMMAND_FINE;
	} else {
		log_fault(LOG_ERROR, &fault);
	}
	export_manifest_free(&manifest);
	arena_free(&arena);
	return status;
}

static struct catalogue *load(struct export *x, struct fault_list *faults)
{
	struct loader_options wanted = command_loader_options(x->settings);
	struct loader *loader = loader_new(&wanted);
	struct catalogue *catalogue = loader_load(loader, date_now(), faults, &x->arena);
	if (catalogue == NULL && faults->count > 0)
		command_locate_content(x->settings, &faults->at[faults->count - 1]);
	for (size_t i = 0; i < faults->count; i++)
		log_fault(catalogue != NULL ? LOG_WARNING : LOG_ERROR, &faults->at[i]);
	loader_free(loader);
	return catalogue;
}

/* The files are made and put beside the old ones; then they change places. */
static int make_files(struct export *x, struct export_work *work, struct export_stamp *stamp)
{
	struct fault fault = { 0 };
	bool terminal = isatty(STDERR_FILENO);
	export_work_plan(work);
	bool made = export_work_run(work, show_progress, &terminal);
	clear_progress(terminal);
	for (size_t i = 0; i < work->faults.count; i++)
		log_fault(LOG_WARNING, &work->faults.at[i]);
	/* What was reported is reported again next time. */
	if (work->faults.count > 0)
		stamp->inputs = 0;
	if (made && export_folder_commit(&x->folder, stamp, &fault)) {
		x->whole = true;
		report(x);
		return work->faults.count > 0 ? COMMAND_FOUND_FAULTS : COMMAND_FINE;
	}
	/* The disk needs room again before anybody reads this. */
	export_folder_undo(&x->folder);
	if (stopped)
		log_error("stopped; the old files are as they were");
	else
		log_fault(LOG_ERROR, made ? &fault : &work->fatal);
	return COMMAND_FOUND_FAULTS;
}

static int make_all(struct export *x, uint64_t inputs)
{
	struct fault_list faults = { 0 };
	struct catalogue *catalogue = load(x, &faults);
	if (catalogue == NULL)
		return COMMAND_WRONG_USAGE;
	struct export_stamp stamp = { .inputs = faults.count == 0 ? inputs : 0,
				      .until = catalogue->next_change };
	struct export_work work = {
		.site = { .settings = x->settings, .catalogue = catalogue },
		.space = x->space,
		.folder = &x->folder,
		.stopped = &stopped,
	};
	int status = make_files(x, &work, &stamp);
	export_work_free(&work);
	catalogue_release(catalogue);
	return status;
}

/* Copies would become posts and pages of it, and the next export would copy those too. */
static bool is_source(const struct export *x, struct fault *fault)
{
	const struct str roots[] = { x->settings->content, x->settings->pages };
	struct stat top, root;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (x->folder.top >= 0 && fstat(x->folder.top, &top) == 0 &&
		    stat(roots[i].at, &root) == 0 && root.st_ino == top.st_ino &&
		    root.st_dev == top.st_dev)
			return !fault_set(fault, x->folder_name, 0, 0,
					  "this is the capsule's own folder; name one within it");
	return false;
}

static int run_export(struct export *x)
{
	struct fault fault;
	const struct place *place = &x->settings->style.place;
	struct str how = arena_format(&x->arena, "%.*s %.*s %u %.*s %.*s", STR_ARGS(x->form),
				      STR_ARGS(place->gopher_host), place->gopher_port,
				      STR_ARGS(place->gopher_prefix), STR_ARGS(place->gemini_base));
	if (!export_folder_open(&x->folder, x->folder_name, x->form, &x->folder_options, &fault) ||
	    is_source(x, &fault))
		return command_fault(&fault);
	uint64_t inputs = export_inputs(x->settings, how);
	int status = COMMAND_FINE;
	x->whole = export_folder_is_current(&x->folder, inputs, date_now());
	if (x->whole)
		print_summary(x, 0, 0, x->folder.old.count, 0);
	else
		status = make_all(x, inputs);
	if (x->check && x->whole && check_links(x) != COMMAND_FINE)
		status = COMMAND_FOUND_FAULTS;
	return status;
}

static void prepare_process(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGXFSZ, SIG_IGN); /* a write fails instead */
	umask(022);               /* GOPH-115 */
}

static int run(struct command_line *line)
{
	struct export x = { 0 };
	int option;
	clock_gettime(CLOCK_MONOTONIC, &x.began);
	while ((option = command_option(line)) != COMMAND_OPTIONS_END)
		if (!take_option(&x, option, line->value))
			return command_misused(line, "--to takes gopher or gemini, not %s",
					       line->value);
	if (x.form.len == 0)
		return command_misused(line, "--to says in which form: gopher or gemini");
	if (line->count != 1 || line->arguments[0][0] == '\0')
		return command_misused(line, "which folder? One is needed");
	if (x.check && x.folder_options.dry_run)
		return command_misused(line,
				       "--check needs the files that --dry-run does not write");
	x.settings = command_settings(x.config);
	if (x.settings == NULL)
		return COMMAND_WRONG_USAGE;
	x.folder_name = without_slash(str_from(line->arguments[0]));
	if (x.folder_name.len == 0)
		x.folder_name = STR("/");
	prepare_process();
	int status = set_place(&x, line);
	if (status == COMMAND_FINE) {
		status = run_export(&x);
		export_folder_close(&x.folder);
	}
	settings_free(x.settings);
	arena_free(&x.arena);
	return fflush(stdout) == 0 ? status : COMMAND_FOUND_FAULTS;
}

const struct command command_export = {
	.name = "export",
	.arguments = "--to gopher|gemini DIR [-c FILE] [OPTION]...",
	.summary = "copy a capsule into a folder of files, for a host that serves folders",
	.help =
	    "The Gopher form is for Gophernicus, Bucktooth and geomyidae alike; the Gemini form\n"
	    "has index.gmi in its folders. Pages are those that serve gives, but for search.\n"
	    "Files that are right already are not touched. Files of ours that no longer belong\n"
	    "are removed; a manifest at the top of DIR says which are ours.\n\n"
	    "Example:\n"
	    "  perigee export --to gopher --host example.org --prefix /~ada --check \\\n"
	    "      ~/public_gopher\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
