/*
 * smolload - closed-loop load generator for Gemini (TLS 1.3) and Gopher servers
 *
 * usage: smolload [-s gemini|gopher] [-H addr] [-p port] [-c conc] [-n total]
 *                 [-r] [-l] [-j] [-t timeout_ms] [-T max_s] [-i idle -w hold_s]
 *                 URL... | -f url-file
 *   Each request is a new TCP connection (and TLS 1.3 handshake), one request
 *   line, and a read to EOF / close_notify.  URLs are taken in rotation.
 *   -r  resume TLS sessions (tickets)    -l  compare status and length only
 *   -j  print one JSON object            -T  stop the whole run after max_s
 *   -i  idle mode: open that many connections (handshake done, nothing sent),
 *       hold them hold_s seconds, then send the request on each that is left.
 *   Gopher: "gopher://host/0/sel" or a bare selector.  Every response must be
 *   byte for byte the first one seen for its URL, else it counts as a mismatch.
 */
#include "smolload.h"

#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char *const fail_name[F_LAST] = { "connect", "tls",    "reset",   "timeout",
					       "empty",   "status", "mismatch" };

struct options opt = { .conc = 1, .total = 1, .timeout_ms = 10000, .max_s = 600 };
struct statistics st;
struct target *targets;
size_t target_count;

_Noreturn void die(const char *what)
{
	fprintf(stderr, "smolload: %s: %s\n", what, errno ? strerror(errno) : "failed");
	exit(2);
}

void *need(void *p)
{
	if (p == NULL)
		die("memory");
	return p;
}

uint64_t now_ns(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC + (uint64_t)ts.tv_nsec;
}

/* Builds the request line; for Gemini also finds the host name to send as SNI. */
static void add_target(const char *url)
{
	targets = need(realloc(targets, (target_count + 1) * sizeof *targets));
	struct target *t = &targets[target_count++];
	memset(t, 0, sizeof *t);

	const char *rest = strstr(url, "://");
	rest = rest ? rest + 3 : NULL;
	const char *line = url;
	if (rest != NULL) {
		size_t n = strcspn(rest, "/?");
		t->host = need(strndup(rest, strcspn(rest, ":/?")));
		if (opt.gopher) /* drop "gopher://host:port/T" */
			line = rest[n] == '/' && rest[n + 1] ? rest + n + 2 : "";
	}
	int len = asprintf(&t->request, "%s\r\n", line);
	if (len < 0)
		die("memory");
	t->request_len = (size_t)len;
}

static void add_target_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	if (f == NULL)
		die(path);
	while (getline(&line, &cap, f) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '\0')
			add_target(line);
	}
	free(line);
	fclose(f);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static double percentile_ms(double p)
{
	if (st.ok == 0)
		return 0;
	unsigned long rank = (unsigned long)(p / 100 * (double)st.ok + 0.5);
	rank = rank ? rank - 1 : 0;
	return st.latency_us[rank < st.ok ? rank : st.ok - 1] / 1000.0;
}

static void report(double wall_s, double cpu_s)
{
	const struct target *t = &targets[0];
	const char *eol = t->body ? memchr(t->body, '\n', t->body_len) : NULL;
	size_t head = opt.gopher || eol == NULL ? 0 : (size_t)(eol - t->body) + 1;
	unsigned long failed = st.issued - st.ok;
	qsort(st.latency_us, st.ok, sizeof *st.latency_us, by_value);
	const char *fmt =
	    opt.json
		? "{\"requests\":%lu,\"ok\":%lu,\"failed\":%lu,\"wall_s\":%.3f,\"req_per_s\":%.1f,"
		  "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%."
		  "3f,"
		  "\"bytes\":%llu,\"resumed\":%lu,\"no_close_notify\":%lu,\"client_us_per_req\":%."
		  "1f,"
		  "\"status\":\"%.*s\",\"body_len\":%zu,\"fails\":{"
		: "requests %lu  ok %lu  failed %lu  in %.3f s: %.1f req/s\n"
		  "latency ms: p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f\n"
		  "bytes %llu  resumed %lu  no-close_notify %lu  client CPU us/req %.1f\n"
		  "first URL: status '%.*s', body of %zu bytes; failures:";
	printf(fmt, st.issued, st.ok, failed, wall_s, (double)st.ok / wall_s, percentile_ms(50),
	       percentile_ms(90), percentile_ms(99), percentile_ms(99.9), percentile_ms(100),
	       (unsigned long long)st.bytes, st.resumed, st.no_close_notify,
	       st.done ? cpu_s * 1e6 / (double)st.done : 0, head ? 2 : 0, head ? t->body : "",
	       t->body_len - head);
	for (int i = 0; i < F_LAST; i++)
		printf(opt.json ? "%s\"%s\":%lu" : "%s %s %lu", i ? "," : "", fail_name[i],
		       st.fails[i]);
	puts(opt.json ? "}}" : "");
}

static void usage(void)
{
	fputs("usage: smolload [-s gemini|gopher] [-H addr] [-p port] [-c conc] [-n total] [-r] "
	      "[-l]\n"
	      "                [-j] [-t timeout_ms] [-T max_s] [-i idle -w hold_s] URL... | -f "
	      "file\n",
	      stderr);
	exit(2);
}

struct place {
	const char *addr, *port, *file;
};

static void read_options(int argc, char **argv, struct place *place)
{
	int o;
	while ((o = getopt(argc, argv, "s:H:p:c:n:f:t:T:i:w:rlj")) != -1) {
		switch (o) {
		case 's': opt.gopher = strcmp(optarg, "gopher") == 0; break;
		case 'H': place->addr = optarg; break;
		case 'p': place->port = optarg; break;
		case 'c': opt.conc = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'n': opt.total = strtoul(optarg, NULL, 10); break;
		case 'f': place->file = optarg; break;
		case 't': opt.timeout_ms = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'T': opt.max_s = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'i': opt.idle = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'w': opt.hold_s = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'r': opt.resume = true; break;
		case 'l': opt.length_only = true; break;
		case 'j': opt.json = true; break;
		default: usage();
		}
	}
	if (place->file != NULL)
		add_target_file(place->file);
	while (optind < argc)
		add_target(argv[optind++]);
	if (target_count == 0 || opt.conc == 0)
		usage();
}

static void resolve(const struct place *place)
{
	const char *port = place->port ? place->port : opt.gopher ? "70" : "1965";
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *ai;
	if (getaddrinfo(place->addr, port, &hints, &ai) != 0)
		die(place->addr);
	memcpy(&opt.addr, ai->ai_addr, ai->ai_addrlen);
	opt.addr_len = ai->ai_addrlen;
	freeaddrinfo(ai);
}

static void want_descriptors(size_t count)
{
	struct rlimit lim = { 0, 0 };
	getrlimit(RLIMIT_NOFILE, &lim);
	lim.rlim_cur = lim.rlim_max;
	setrlimit(RLIMIT_NOFILE, &lim);
	if (count + 16 > lim.rlim_cur)
		die("too many connections for the file descriptor limit");
}

int main(int argc, char **argv)
{
	struct place place = { .addr = "127.0.0.1" };
	read_options(argc, argv, &place);
	resolve(&place);
	if (opt.idle)
		opt.total = opt.idle;
	size_t count = opt.idle ? opt.idle : opt.conc;
	want_descriptors(count);
	signal(SIGPIPE, SIG_IGN);
	st.latency_us = need(calloc(opt.total, sizeof *st.latency_us));

	uint64_t t0 = now_ns();
	connections_run(count, t0 + opt.max_s * NSEC);
	uint64_t t1 = now_ns();

	struct rusage ru;
	getrusage(RUSAGE_SELF, &ru);
	report((double)(t1 - t0) / NSEC,
	       (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
		   (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6);
	return st.ok == st.issued ? 0 : 1;
}
