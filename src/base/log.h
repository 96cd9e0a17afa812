/*
 * log - lines for the person who runs the server, on stderr.
 *
 * A line is "perigee: <text>" ("perigee: warning: ..." and so on); colours only on a
 * terminal. Control bytes in the text are escaped, so nothing from outside can
 * forge a line. Safe to call from several threads; a line is one write().
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/fault.h"
#include "base/str.h"

enum log_level {
	LOG_INFO,
	LOG_WARNING,
	LOG_ERROR,
};

void log_line(enum log_level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_fault(enum log_level, const struct fault *);

#define log_info(...)    log_line(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_error(...)   log_line(LOG_ERROR, __VA_ARGS__)

/*
 * As log_line(), but at most one line a second for each `limit` (a static variable
 * at the call); the next line says how many were left out.
 */
struct log_limit {
	int64_t second;
	unsigned skipped;
};
void log_limited(struct log_limit *limit, enum log_level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends text with control bytes, backslash and invalid UTF-8 as \xNN. */
void log_escape(struct buf *out, struct str text);

#endif
