#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"

static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct {
	struct str plain, colour;
} prefixes[] = {
	[LOG_INFO] = { STR_INIT(""), STR_INIT("") },
	[LOG_WARNING] = { STR_INIT("warning: "), STR_INIT("\033[33mwarning:\033[0m ") },
	[LOG_ERROR] = { STR_INIT("error: "), STR_INIT("\033[31merror:\033[0m ") },
};

void log_escape(struct buf *out, struct str text)
{
	while (text.len > 0) {
		uint32_t code;
		size_t n = utf8_decode(text, &code);
		unsigned char first = (unsigned char)text.at[0];
		bool invalid = n == 1 && first >= 0x80;
		if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '\\' || invalid) {
			for (size_t i = 0; i < n; i++)
				buf_format(out, "\\x%02x", (unsigned char)text.at[i]);
		} else {
			buf_add(out, str_sub(text, 0, n));
		}
		text = str_skip(text, n);
	}
}

static void write_line(enum log_level level, struct str text)
{
	struct buf line = { 0 };
	buf_add(&line, STR("perigee: "));
	buf_add(&line, isatty(STDERR_FILENO) ? prefixes[level].colour : prefixes[level].plain);
	log_escape(&line, text);
	buf_add_char(&line, '\n');
	/* A full or closed stderr must never stop the server: nothing to do about it. */
	ssize_t ignored = write(STDERR_FILENO, line.at, line.len);
	(void)ignored;
	buf_free(&line);
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	write_line(level, str_from(text));
}

void log_fault(enum log_level level, const struct fault *fault)
{
	struct buf text = { 0 };
	fault_text(fault, &text);
	write_line(level, buf_str(&text));
	buf_free(&text);
}

void log_limited(struct log_limit *limit, enum log_level level, const char *format, ...)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	pthread_mutex_lock(&limit_lock);
	bool quiet = limit->second == (int64_t)now.tv_sec;
	unsigned skipped = limit->skipped;
	limit->second = (int64_t)now.tv_sec;
	limit->skipped = quiet ? skipped + 1 : 0;
	pthread_mutex_unlock(&limit_lock);
	if (quiet)
		return;

	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (skipped > 0)
		log_line(level, "%s (and %u like it)", text, skipped);
	else
		log_line(level, "%s", text);
}
