/*
 * access_log - one line for each request.
 *
 *	2026-05-04T10:11:12Z 192.0.2.7 gemini /posts/vectors.gmi 20 5213 431
 *	time                 address   space  path               status bytes microseconds
 *
 * Gopher has no status of its own: the line uses Gemini's numbers, so that both read alike.
 * Bytes from outside are escaped; a field never holds a blank.
 *
 * Workers only put lines into memory. Another thread waits for access_log_fd() and writes, so
 * neither a slow nor a full disk ever holds up serving; lines that find no room are
 * counted and the count is reported.
 */
#ifndef COMMAND_ACCESS_LOG_H
#define COMMAND_ACCESS_LOG_H

#include "base/fault.h"
#include "base/str.h"
#include "site/settings.h"

struct access_log;

struct access_record {
	struct str address; /* as net/ gives it */
	enum log_addresses addresses;
	const char *space;
	struct str path; /* raw */
	unsigned status;
	uint64_t bytes, microseconds;
};

/*
 * `target` is "stderr", "off" or a file's path, which is made when missing and appended to. NULL
 * and a fault when it cannot be opened.
 */
struct access_log *access_log_open(struct str target, unsigned nworkers, struct fault *);
void access_log_close(struct access_log *); /* after a last flush */

/*
 * Opens the target anew: after `logrotate` has renamed it, or when the settings name
 * another. On failure the old one stays.
 */
bool access_log_reopen(struct access_log *, struct str target, struct fault *);

/* From the thread of that worker. */
void access_log_add(struct access_log *, unsigned worker, const struct access_record *);

/* Becomes readable when lines wait. */
int access_log_fd(const struct access_log *);
void access_log_flush(struct access_log *);

#endif
