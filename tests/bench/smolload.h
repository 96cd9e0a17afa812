/*
 * smolload - what the load generator's two parts share: what is wanted, and what has come of it.
 */
#ifndef TESTS_BENCH_SMOLLOAD_H
#define TESTS_BENCH_SMOLLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define NSEC 1000000000ull

enum fail { F_CONNECT, F_TLS, F_RESET, F_TIMEOUT, F_EMPTY, F_STATUS, F_MISMATCH, F_LAST };

struct target {
	char *request, *host;
	size_t request_len;
	char *body; /* first good response, the reference */
	size_t body_len;
};

struct options {
	bool gopher, resume, length_only, json;
	unsigned conc, idle, hold_s, timeout_ms, max_s;
	unsigned long total;
	struct sockaddr_storage addr;
	socklen_t addr_len;
};

struct statistics {
	unsigned long issued, done, ok, resumed, no_close_notify, fails[F_LAST];
	unsigned long held, dropped;
	uint64_t bytes, first_drop;
	uint32_t *latency_us;
};

/* smolload.c */
extern struct options opt;
extern struct statistics st;
extern struct target *targets;
extern size_t target_count;

_Noreturn void die(const char *what);
void *need(void *p); /* or ends the program: no memory */
uint64_t now_ns(void);

/* smolload_connections.c: sends the requests, or with `idle` holds connections; ends by `deadline`
 */
void connections_run(size_t count, uint64_t deadline);

#endif
