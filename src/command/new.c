#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"
#include "command/command.h"
#include "content/catalogue.h"

/*
 * A post is made as a draft: a running server would show the empty one to everybody. Its date
 * carries the writer's own zone, so that readers see the writer's day.
 */

static const struct command_option options[] = {
	COMMAND_CONFIG,
	{ 's', "series", "NAME", "the series that it is a part of" },
	{ 'k', "keyword", "WORD", "what it is about; may be given several times" },
};

struct wanted {
	struct str title, series;
	struct str *keywords;
	size_t nkeywords, capacity;
};

/* YAML's plain texts, by a narrow reading: anything else is quoted. */
static bool is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool word = str_is_alpha(c) || (unsigned char)c >= 0x80;
		bool inside = str_is_digit(c) || c == '-' || c == '_' || c == '.' || c == '\'' ||
			      c == '(' || c == ')' || c == '/' || c == '+' ||
			      (c == ' ' && i + 1 < text.len);
		if (!word && (i == 0 || !inside))
			return false;
	}
	static const struct str words[] = { STR_INIT("true"), STR_INIT("false"), STR_INIT("null"),
					    STR_INIT("yes"),  STR_INIT("no"),    STR_INIT("on"),
					    STR_INIT("off") };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_equal_nocase(text, words[i]))
			return false;
	return text.len > 0;
}

static void add_value(struct buf *out, struct str text)
{
	struct buf clean = { 0 };
	utf8_clean_line(&clean, text);
	text = str_trim(buf_str(&clean));
	if (is_plain(text)) {
		buf_add(out, text);
	} else {
		buf_add_char(out, '"');
		for (size_t i = 0; i < text.len; i++) {
			if (text.at[i] == '"' || text.at[i] == '\\')
				buf_add_char(out, '\\');
			buf_add_char(out, text.at[i]);
		}
		buf_add_char(out, '"');
	}
	buf_free(&clean);
}

static void add_now(struct buf *out)
{
	time_t now = time(NULL);
	struct tm here;
	char text[40];
	localtime_r(&now, &here);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z", &here);
	buf_add(out, str_from(text));
}

static void add_header(struct buf *out, const struct wanted *wanted)
{
	buf_add(out, STR("---\ntitle: "));
	add_value(out, wanted->title);
	buf_add(out, STR("\ndate: "));
	add_now(out);
	if (wanted->series.len > 0) {
		buf_add(out, STR("\nseries: "));
		add_value(out, wanted->series);
	}
	if (wanted->nkeywords > 0)
		buf_add(out, STR("\nkeywords:"));
	for (size_t i = 0; i < wanted->nkeywords; i++) {
		buf_add(out, STR("\n  - "));
		add_value(out, wanted->keywords[i]);
	}
	buf_add(out, STR("\ndescription: \"\"\ndraft: true\n---\n\n"));
}

/* An existing file is never touched, also when two commands run at once. */
static int write_new(const char *path, struct str text)
{
	struct fault fault;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST) {
		fault_set(&fault, str_from(path), 0, 0,
			  "there is such a post already; give this one another title");
		return command_fault(&fault);
	}
	bool good = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len;
	if (!good)
		fault_system(&fault, str_from(path), "write the post");
	if (fd >= 0 && close(fd) != 0 && good)
		good = fault_system(&fault, str_from(path), "write the post");
	if (good) {
		puts(path);
		log_info("it is a draft: perigee serve --drafts shows it; take out the line "
			 "\"draft: true\" to publish it");
		return fflush(stdout) == 0 ? COMMAND_FINE : COMMAND_FOUND_FAULTS;
	}
	if (fd >= 0)
		unlink(path);
	return command_fault(&fault);
}

static int make(const struct command_line *line, const struct settings *settings,
		const struct wanted *wanted)
{
	struct buf path = { 0 }, slug = { 0 }, text = { 0 };
	int status;
	catalogue_slug(wanted->title, &slug);
	if (slug.len == 0) {
		status = command_misused(line, "the title needs a letter or a digit");
	} else {
		buf_format(&path, "%.*s/%.*s.md", STR_ARGS(settings->content),
			   STR_ARGS(buf_str(&slug)));
		add_header(&text, wanted);
		status = write_new(buf_c(&path), buf_str(&text));
	}
	buf_free(&path);
	buf_free(&slug);
	buf_free(&text);
	return status;
}

static int run(struct command_line *line)
{
	const char *config = NULL;
	struct wanted wanted = { 0 };
	struct arena arena = { 0 };
	int option;
	while ((option = command_option(line)) != COMMAND_OPTIONS_END) {
		switch (option) {
		case 'c': config = line->value; break;
		case 's': wanted.series = str_from(line->value); break;
		case 'k':
			wanted.keywords = arena_grow(&arena, wanted.keywords, wanted.nkeywords,
						     &wanted.capacity, sizeof(struct str));
			wanted.keywords[wanted.nkeywords++] = str_from(line->value);
			break;
		}
	}
	int status = COMMAND_WRONG_USAGE;
	struct settings *settings = NULL;
	if (line->count != 1)
		command_misused(line,
				line->count == 0 ? "a post needs a title" : "one title, in quotes");
	else if ((settings = command_settings(config)) != NULL) {
		wanted.title = str_from(line->arguments[0]);
		status = make(line, settings, &wanted);
		settings_free(settings);
	}
	arena_free(&arena);
	return status;
}

const struct command command_new = {
	.name = "new",
	.arguments = "TITLE [--series S] [--keyword K]... [-c FILE]",
	.summary = "begin a post: make its file and fill in its header",
	.help =
	    "Prints the path of the new file in the capsule's content folder. The post is a draft\n"
	    "until the line \"draft: true\" is taken out.\n\n"
	    "Example:\n"
	    "  $EDITOR \"$(perigee new 'What a matrix does' --series 'Linear algebra' -k math)\"\n",
	.options = options,
	.noptions = sizeof(options) / sizeof(*options),
	.run = run,
};
