#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "command/command.h"

static const struct command *const commands[] = {
	&command_serve, &command_render, &command_check,
	&command_new,   &command_cert,   &command_export,
};
#define NCOMMANDS (sizeof(commands) / sizeof(*commands))

static int print_help(void)
{
	puts("usage: perigee COMMAND [OPTION]...\n\n"
	     "A folder of Markdown becomes a Gemini capsule and a Gopher hole.\n");
	for (size_t i = 0; i < NCOMMANDS; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	puts("\nperigee COMMAND --help says more and shows an example.");
	return fflush(stdout) == 0 ? COMMAND_FINE : COMMAND_FOUND_FAULTS;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return print_help();
	if (strcmp(name, "--version") == 0) {
		puts("perigee " PERIGEE_VERSION);
		return fflush(stdout) == 0 ? COMMAND_FINE : COMMAND_FOUND_FAULTS;
	}
	for (size_t i = 0; i < NCOMMANDS; i++) {
		struct command_line line = { commands[i], argv + 1, argc - 1, NULL };
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i]->run(&line);
	}
	if (*name != '\0')
		log_error("there is no command %s; see perigee --help", name);
	else
		log_error("which command? See perigee --help");
	return COMMAND_WRONG_USAGE;
}
