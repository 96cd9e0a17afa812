#include <stdio.h>

#include "base/date.h"
#include "command/command.h"
#include "net/certificate.h"

enum { OPTION_RENEW = 256 };

static const struct command_option options[] = {
	COMMAND_CONFIG,
	{ OPTION_RENEW, "renew", NULL,
	  "make a new certificate for the key that is there: readers who\n"
	  "trust the key notice nothing" },
};

static void print_pair(const struct settings *settings, struct str host,
		       const struct certificate *certificate)
{
	struct buf file = { 0 }, key = { 0 }, days = { 0 };
	certificate_path(settings->certificates, host, STR(".crt"), &file);
	certificate_path(settings->certificates, host, STR(".key"), &key);
	struct date from = date_from_instant(certificate->not_before);
	struct date to = date_from_instant(certificate->not_after);
	date_add_day(&days, &from);
	buf_add(&days, STR(" to "));
	date_add_day(&days, &to);
	printf("%.*s%s\n"
	       "  certificate  %s\n"
	       "  key          %s\n"
	       "  valid        %s (%lld days left)\n"
	       "  SHA-256      %s\n"
	       "  public key   %s\n",
	       STR_ARGS(host), certificate->created ? " (made now)" : "", buf_c(&file), buf_c(&key),
	       buf_c(&days), (long long)certificate->days_left, certificate->fingerprint,
	       certificate->public_key);
	buf_free(&file);
	buf_free(&key);
	buf_free(&days);
}

static int show(const struct settings *settings, bool renew)
{
	for (size_t i = 0; i < settings->nhosts; i++) {
		struct certificate certificate;
		struct fault fault;
		struct str host = settings->hosts[i];
		bool good =
		    renew ? certificate_renew(settings->certificates, host, &certificate, &fault)
			  : certificate_ensure(settings->certificates, host, &certificate, &fault);
		if (!good)
			return command_fault(&fault);
		print_pair(settings, host, &certificate);
	}
	return fflush(stdout) == 0 ? COMMAND_FINE : COMMAND_FOUND_FAULTS;
}

static int run(struct command_line *line)
{
	const char *config = NULL;
	bool renew = false;
	int option;
	while ((option = command_option(line)) != COMMAND_OPTIONS_END) {
		if (option == 'c')
			config = line->value;
		else
			renew = true;
	}
	if (line->count > 0)
		return command_misused(line, "what is %s?", line->arguments[0]);
	struct settings *settings = command_settings(config);
	if (settings == NULL)
		return COMMAND_WRONG_USAGE;
	int status = show(settings, renew);
	settings_free(settings);
	return status;
}

const struct command command_cert = {
	.name = "cert",
	.arguments = "[--renew] [-c FILE]",
	.summary = "show the certificates of a capsule; make or renew them",
	.help = "Readers remember the key that they have seen first, so a key is never made anew.\n"
		"Each of the capsule's hosts has a pair of files; a pair that is missing is made.\n"
		"A running server takes a renewed one on SIGHUP.\n\n"
		"Example:\n"
		"  perigee cert -c capsule/capsule.yaml\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
