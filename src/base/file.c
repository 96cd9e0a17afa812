#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/beneath.h"

/* A C string of a slice; the caller frees the buf. NULL when it holds a NUL byte. */
static const char *c_path(struct buf *b, struct str path)
{
	if (str_find(path, '\0', 0) != STR_NOT_FOUND) {
		errno = EINVAL;
		return NULL;
	}
	buf_add(b, path);
	return buf_c(b);
}

int file_open_folder(struct str path)
{
	struct buf name = { 0 };
	const char *c = c_path(&name, path);
	int fd = c ? open(c, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	buf_free(&name);
	return fd;
}

int file_open_folder_beneath(int root, struct str path)
{
	return beneath_open(root, path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
}

int file_open_beneath(int root, struct str path, struct stat *status)
{
	int fd = beneath_open(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	if (fstat(fd, status) == 0 && S_ISREG(status->st_mode))
		return fd;
	int reason = S_ISDIR(status->st_mode) ? EISDIR : EINVAL;
	close(fd);
	errno = reason;
	return -1;
}

bool file_read(int fd, size_t limit, struct buf *out)
{
	size_t start = out->len;
	struct stat status;
	if (fstat(fd, &status) == 0 && status.st_size > 0 && (uint64_t)status.st_size <= limit)
		buf_reserve(out, (size_t)status.st_size + 1);
	for (;;) {
		if (out->capacity - out->len < 4096)
			buf_reserve(out, 16384);
		size_t room = out->capacity - out->len;
		ssize_t n = read(fd, out->at + out->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		out->len += (size_t)n;
		if (out->len - start > limit) {
			out->len = start;
			errno = EFBIG;
			return false;
		}
	}
}

bool file_read_bytes(int fd, size_t count, struct buf *out)
{
	buf_reserve(out, count);
	for (size_t end = out->len + count; out->len < end;) {
		ssize_t n = read(fd, out->at + out->len, end - out->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out->len += (size_t)n;
	}
	return true;
}

bool file_read_path(struct str path, size_t limit, struct buf *out, struct fault *fault)
{
	struct buf name = { 0 };
	const char *c = c_path(&name, path);
	int fd = c ? open(c, O_RDONLY | O_CLOEXEC) : -1;
	buf_free(&name);
	bool done = fd >= 0 && file_read(fd, limit, out);
	int reason = errno;
	if (fd >= 0)
		close(fd);
	errno = reason;
	return done || fault_system(fault, path, "read");
}

static bool write_all(int fd, struct str data)
{
	while (data.len > 0) {
		ssize_t n = write(fd, data.at, data.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data = str_skip(data, (size_t)n);
	}
	return true;
}

bool file_replace(struct str path, struct str data, mode_t mode, struct fault *fault)
{
	struct buf beside = { 0 }, target = { 0 };
	if (c_path(&target, path) == NULL)
		return fault_system(fault, path, "write");
	buf_add(&beside, path);
	buf_add(&beside, STR(".XXXXXX"));
	buf_c(&beside);
	int fd = mkostemp(beside.at, O_CLOEXEC);
	bool done = fd >= 0 && write_all(fd, data) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		done = false;
	done = done && rename(beside.at, buf_c(&target)) == 0;
	if (!done) {
		fault_system(fault, path, "write");
		if (fd >= 0)
			unlink(beside.at);
	}
	buf_free(&beside);
	buf_free(&target);
	return done;
}
