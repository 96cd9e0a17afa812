/*
 * command - what all commands of the program have in common: their row in the table of
 * main.c, their options, their way of saying what is wrong.
 *
 *	static const struct command_option options[] = {
 *		COMMAND_CONFIG,
 *		{ 's', "series", "NAME", "the series that the post belongs to" },
 *	};
 *
 *	int option;
 *	while ((option = command_option(line)) != COMMAND_OPTIONS_END)
 *		if (option == 's')
 *			series = line->value;
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "base/fault.h"
#include "base/str.h"
#include "content/loader.h"
#include "site/settings.h"

#define PERIGEE_VERSION "0.1.0"

/* Exit statuses; scripts rely on them. */
enum {
	COMMAND_FINE = 0,
	COMMAND_FOUND_FAULTS = 1, /* the work was done and found something broken */
	COMMAND_WRONG_USAGE = 2,  /* usage, settings: nothing was done */
};

struct command_option {
	int letter; /* also `-x`; values above 255 have the long form only */
	const char *name;
	const char *argument; /* NULL = takes none */
	const char *help;
};

#define COMMAND_CONFIG                                                                             \
	{                                                                                          \
		'c', "config", "FILE",                                                             \
		    "the capsule's settings; default: capsule/capsule.yaml, then\n"                \
		    "/etc/perigee/capsule.yaml"                                                    \
	}

struct command_line;

struct command {
	const char *name;
	const char *arguments; /* after the name in the usage line */
	const char *summary;   /* one line for the list of commands */
	const char *help;      /* paragraphs below the options, an example among them */
	const struct command_option *options;
	size_t noptions;
	int (*run)(struct command_line *); /* gives the exit status */
};

struct command_line {
	const struct command *command;
	char **arguments; /* after command_option() has said END: what is no option */
	int count;
	const char *value; /* of the option that was just given */
};

#define COMMAND_OPTIONS_END (-1)

/*
 * The letter of the next option, or COMMAND_OPTIONS_END. `--help` is answered here and ends
 * the program, as does an option that the command does not have (status 2).
 */
int command_option(struct command_line *);

/* One line on stderr with the mend; gives COMMAND_WRONG_USAGE. */
int command_misused(const struct command_line *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The fault as one line on stderr; gives COMMAND_WRONG_USAGE. */
int command_fault(const struct fault *);

/*
 * Reads the settings named by -c, or those of the default places when `path` is NULL. NULL after
 * a line on stderr.
 */
struct settings *command_settings(const char *path);

/* As above, into a fault. */
struct settings *command_read_settings(const char *path, struct fault *);

/* Gives the fault of a folder of posts that cannot be read the place where it is named. */
void command_locate_content(const struct settings *, struct fault *);

/* How a capsule with these settings is loaded. */
struct loader_options command_loader_options(const struct settings *);

extern const struct command command_serve, command_render, command_check, command_new, command_cert,
    command_export;

#endif
