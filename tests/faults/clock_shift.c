/*
 * clock_shift - lets the clock of a program jump: a library for LD_PRELOAD.
 *
 * Seconds to add to the time of day stand in the file that $CLOCK_SHIFT names, and may change at
 * any moment. The monotonic clock goes on as it does when somebody sets the time.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *result)
{
	char text[32] = "";
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	const char *name = getenv("CLOCK_SHIFT");
	int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		ssize_t n = read(fd, text, sizeof text - 1);
		text[n > 0 ? n : 0] = '\0';
		close(fd);
	}
	now.tv_sec += strtol(text, NULL, 10);
	if (result != NULL)
		*result = now.tv_sec;
	return now.tv_sec;
}
