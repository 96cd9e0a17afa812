#include "command/access_log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/memory.h"

/* What a worker may hold while the disk is slow. */
#define MOST_WAITING (1024 * 1024)

/* The lines of one worker; the lock is contended only while they are being taken away. */
struct waiting {
	pthread_mutex_t lock;
	struct buf lines;
	uint64_t lost;
	int64_t second; /* whose text `time` is */
	struct buf time;
};

struct access_log {
	pthread_mutex_t target_lock; /* of the target and what is written to it */
	int fd;                      /* -1 = off */
	bool owned;
	int wake;
	atomic_bool off, awake;
	unsigned nworkers;
	struct waiting *waiting;
	struct buf writing;
};

static bool open_target(struct str target, int *fd, bool *owned, struct fault *fault)
{
	*owned = false;
	*fd = -1;
	if (str_equal(target, STR("off")))
		return true;
	*fd = STDERR_FILENO;
	if (str_equal(target, STR("stderr")))
		return true;
	struct buf path = { 0 };
	buf_add(&path, target);
	*fd = open(buf_c(&path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
	*owned = true;
	buf_free(&path);
	return *fd >= 0 || fault_system(fault, target, "open the access log");
}

struct access_log *access_log_open(struct str target, unsigned nworkers, struct fault *fault)
{
	int fd;
	bool owned;
	if (!open_target(target, &fd, &owned, fault))
		return NULL;
	struct access_log *log = memory_new(sizeof(*log));
	pthread_mutex_init(&log->target_lock, NULL);
	log->fd = fd;
	log->owned = owned;
	log->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (log->wake < 0) {
		fault_system(fault, target, "make an eventfd for the access log");
		if (owned)
			close(fd);
		free(log);
		return NULL;
	}
	atomic_init(&log->off, fd < 0);
	log->nworkers = nworkers;
	log->waiting = memory_new(nworkers * sizeof(*log->waiting));
	for (unsigned i = 0; i < nworkers; i++)
		pthread_mutex_init(&log->waiting[i].lock, NULL);
	return log;
}

void access_log_close(struct access_log *log)
{
	access_log_flush(log);
	for (unsigned i = 0; i < log->nworkers; i++) {
		pthread_mutex_destroy(&log->waiting[i].lock);
		buf_free(&log->waiting[i].lines);
		buf_free(&log->waiting[i].time);
	}
	free(log->waiting);
	pthread_mutex_destroy(&log->target_lock);
	buf_free(&log->writing);
	if (log->owned)
		close(log->fd);
	close(log->wake);
	free(log);
}

bool access_log_reopen(struct access_log *log, struct str target, struct fault *fault)
{
	int fd;
	bool owned;
	/* Whoever sees the new file may rely on it: nothing goes to the old one any more. */
	access_log_flush(log);
	pthread_mutex_lock(&log->target_lock);
	bool opened = open_target(target, &fd, &owned, fault);
	if (opened) {
		if (log->owned)
			close(log->fd);
		log->fd = fd;
		log->owned = owned;
		atomic_store(&log->off, fd < 0);
	}
	pthread_mutex_unlock(&log->target_lock);
	return opened;
}

/* Zeroes what tells one reader from another: all but /24 and /48. */
static void add_short_address(struct buf *out, struct str address)
{
	bool six = str_find(address, ':', 0) != STR_NOT_FOUND;
	size_t zeroes = str_find_str(address, STR("::"), 0), end = 0;
	for (unsigned parts = 0; parts < 3; parts++) {
		size_t next = str_find(address, six ? ':' : '.', end);
		if (next == STR_NOT_FOUND || next > zeroes)
			break;
		end = next + 1;
	}
	buf_add(out, str_sub(address, 0, end));
	buf_add(out, six ? STR(":") : STR("0"));
}

static void add_address(struct buf *out, const struct access_record *record)
{
	switch (record->addresses) {
	case ADDRESSES_FULL: buf_add(out, record->address); break;
	case ADDRESSES_SHORT: add_short_address(out, record->address); break;
	case ADDRESSES_NONE: buf_add_char(out, '-'); break;
	}
}

static void add_path(struct buf *out, struct str path)
{
	struct str part;
	while (str_cut(&path, ' ', &part)) {
		log_escape(out, part);
		buf_add(out, STR("\\x20"));
	}
	log_escape(out, part);
}

void access_log_add(struct access_log *log, unsigned worker, const struct access_record *record)
{
	if (atomic_load_explicit(&log->off, memory_order_relaxed))
		return;
	struct waiting *waiting = &log->waiting[worker];
	pthread_mutex_lock(&waiting->lock);
	if (waiting->lines.len > MOST_WAITING) {
		waiting->lost++;
		pthread_mutex_unlock(&waiting->lock);
		return;
	}
	int64_t now = date_now();
	if (now != waiting->second) {
		waiting->second = now;
		buf_clear(&waiting->time);
		date_add_rfc3339(&waiting->time, now);
	}
	struct buf *out = &waiting->lines;
	buf_add(out, buf_str(&waiting->time));
	buf_add_char(out, ' ');
	add_address(out, record);
	buf_format(out, " %s ", record->space);
	add_path(out, record->path);
	buf_format(out, " %u %llu %llu\n", record->status, (unsigned long long)record->bytes,
		   (unsigned long long)record->microseconds);
	pthread_mutex_unlock(&waiting->lock);
	/* One system call for all lines until the next flush. */
	if (!atomic_exchange(&log->awake, true))
		eventfd_write(log->wake, 1);
}

int access_log_fd(const struct access_log *log)
{
	return log->wake;
}

static void write_all(struct access_log *log)
{
	static struct log_limit limit;
	struct str left = buf_str(&log->writing);
	while (left.len > 0 && log->fd >= 0) {
		ssize_t written = write(log->fd, left.at, left.len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			/* On stderr there is no other place to complain. */
			if (log->owned)
				log_limited(&limit, LOG_WARNING,
					    "access log: lines are lost, cannot write: %m");
			break;
		}
		left = str_skip(left, (size_t)written);
	}
	buf_clear(&log->writing);
}

void access_log_flush(struct access_log *log)
{
	eventfd_t ignored;
	eventfd_read(log->wake, &ignored);
	atomic_store(&log->awake, false);
	pthread_mutex_lock(&log->target_lock);
	for (unsigned i = 0; i < log->nworkers; i++) {
		struct waiting *waiting = &log->waiting[i];
		pthread_mutex_lock(&waiting->lock);
		/* Exchanged, not copied: the worker goes on with the emptied one. */
		struct buf lines = waiting->lines;
		uint64_t lost = waiting->lost;
		waiting->lines = log->writing;
		waiting->lost = 0;
		pthread_mutex_unlock(&waiting->lock);
		log->writing = lines;
		write_all(log);
		if (lost > 0)
			log_warning("access log: %llu lines lost", (unsigned long long)lost);
	}
	pthread_mutex_unlock(&log->target_lock);
}
