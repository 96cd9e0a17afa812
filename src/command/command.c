#include "command/command.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

#define MAX_OPTIONS 16
#define HELP_LETTER 'h'

static const char *const default_settings[] = {
	"capsule/capsule.yaml",
	"/etc/perigee/capsule.yaml",
};
#define NDEFAULT_SETTINGS (sizeof(default_settings) / sizeof(*default_settings))

static void print_option(const struct command_option *option)
{
	char left[64];
	bool has_letter = option->letter < 256;
	snprintf(left, sizeof(left), "%c%c%s --%s%s%s", has_letter ? '-' : ' ',
		 has_letter ? (char)option->letter : ' ', has_letter ? "," : " ", option->name,
		 option->argument != NULL ? " " : "",
		 option->argument != NULL ? option->argument : "");
	struct str help = str_from(option->help), text;
	while (str_line(&help, &text)) {
		printf("  %-26s %.*s\n", left, STR_ARGS(text));
		left[0] = '\0';
	}
}

static void print_help(const struct command *command)
{
	printf("usage: perigee %s %s\n\n%s\n\n", command->name, command->arguments,
	       command->summary);
	for (size_t i = 0; i < command->noptions; i++)
		print_option(&command->options[i]);
	print_option(&(struct command_option){ HELP_LETTER, "help", NULL, "this text" });
	printf("\n%s", command->help);
}

/* getopt's own form of the table, with --help at its end. */
static void options_for_getopt(const struct command *command, struct option *longs, char *shorts)
{
	assert(command->noptions < MAX_OPTIONS);
	size_t n = 0;
	shorts[n++] = ':'; /* a missing argument is told from an unknown option */
	for (size_t i = 0; i < command->noptions; i++) {
		const struct command_option *option = &command->options[i];
		bool takes = option->argument != NULL;
		longs[i] = (struct option){ option->name, takes ? required_argument : no_argument,
					    NULL, option->letter };
		if (option->letter < 256)
			shorts[n++] = (char)option->letter;
		if (option->letter < 256 && takes)
			shorts[n++] = ':';
	}
	longs[command->noptions] = (struct option){ "help", no_argument, NULL, HELP_LETTER };
	longs[command->noptions + 1] = (struct option){ NULL, 0, NULL, 0 };
	shorts[n++] = HELP_LETTER;
	shorts[n] = '\0';
}

int command_option(struct command_line *line)
{
	struct option longs[MAX_OPTIONS + 1];
	char shorts[2 * MAX_OPTIONS + 3];
	options_for_getopt(line->command, longs, shorts);
	opterr = 0;
	int letter = getopt_long(line->count, line->arguments, shorts, longs, NULL);
	line->value = optarg;
	switch (letter) {
	case -1:
		line->arguments += optind;
		line->count -= optind;
		return COMMAND_OPTIONS_END;
	case HELP_LETTER:
		print_help(line->command);
		exit(fflush(stdout) == 0 ? COMMAND_FINE : COMMAND_FOUND_FAULTS);
	case ':': exit(command_misused(line, "%s needs a value", line->arguments[optind - 1]));
	case '?': exit(command_misused(line, "unknown option %s", line->arguments[optind - 1]));
	default: return letter;
	}
}

int command_misused(const struct command_line *line, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	log_error("%s; see perigee %s --help", text, line->command->name);
	return COMMAND_WRONG_USAGE;
}

int command_fault(const struct fault *fault)
{
	log_fault(LOG_ERROR, fault);
	return COMMAND_WRONG_USAGE;
}

struct settings *command_read_settings(const char *path, struct fault *fault)
{
	for (size_t i = 0; path == NULL && i < NDEFAULT_SETTINGS; i++)
		if (access(default_settings[i], F_OK) == 0)
			path = default_settings[i];
	if (path == NULL) {
		fault_set(fault, STR(""), 0, 0,
			  "there is neither %s nor %s; name the settings with -c FILE",
			  default_settings[0], default_settings[1]);
		return NULL;
	}
	return settings_read(str_from(path), fault);
}

struct settings *command_settings(const char *path)
{
	struct fault fault;
	struct settings *settings = command_read_settings(path, &fault);
	if (settings == NULL)
		command_fault(&fault);
	return settings;
}

void command_locate_content(const struct settings *settings, struct fault *fault)
{
	struct fault found = *fault;
	if (settings->content_line == 0)
		fault->file = settings->content;
	else
		fault_set(fault, settings->file, settings->content_line, settings->content_column,
			  "content: %.*s: %s", STR_ARGS(str_sub(settings->content, 0, 100)),
			  found.text);
}

struct loader_options command_loader_options(const struct settings *settings)
{
	return (struct loader_options){
		.content = settings->content,
		.pages = settings->pages,
		.language = settings->language,
		.author = settings->author_name,
		.math = settings->math,
		.post_bytes = settings->limits.post_bytes,
	};
}
