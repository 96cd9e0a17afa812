/*
 * minserver - the least server that answers at all: one epoll loop, one fixed answer.
 *
 * It is the floor that Perigee is measured against: whatever a request costs beyond this is
 * ours, not OpenSSL's or the kernel's.
 *
 * usage: minserver PORT tls|tcp BODYFILE [CERT KEY TICKETS]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#define MAX_DESCRIPTORS 70000
#define MAX_ANSWER      (1 << 20)

static struct {
	SSL *ssl;
	bool shaken;
} connections[MAX_DESCRIPTORS];
static char answer[MAX_ANSWER];
static size_t answer_size;
static SSL_CTX *ctx; /* NULL: plain TCP */

static void finish(int fd)
{
	SSL_free(connections[fd].ssl);
	connections[fd].ssl = NULL;
	close(fd);
}

static void step_plain(int fd)
{
	char request[2048];
	ssize_t n = recv(fd, request, sizeof request, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0 && memchr(request, '\n', (size_t)n) != NULL)
		send(fd, answer, answer_size, MSG_NOSIGNAL);
	close(fd);
}

static bool must_wait(SSL *ssl, int result)
{
	return SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ;
}

static void step_tls(int fd)
{
	char request[2048];
	SSL *ssl = connections[fd].ssl;
	ERR_clear_error();
	if (!connections[fd].shaken) {
		int done = SSL_do_handshake(ssl);
		if (done <= 0) {
			if (!must_wait(ssl, done))
				finish(fd);
			return;
		}
		connections[fd].shaken = true;
	}
	int n = SSL_read(ssl, request, sizeof request);
	if (n <= 0) {
		if (!must_wait(ssl, n))
			finish(fd);
		return;
	}
	SSL_write(ssl, answer, (int)answer_size);
	SSL_shutdown(ssl);
	finish(fd);
}

static void accept_all(int listener, int epoll)
{
	int fd;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (fd >= MAX_DESCRIPTORS) {
			close(fd);
			continue;
		}
		if (ctx != NULL) {
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
			connections[fd].ssl = SSL_new(ctx);
			SSL_set_fd(connections[fd].ssl, fd);
			SSL_set_accept_state(connections[fd].ssl);
		}
		connections[fd].shaken = false;
		struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = fd };
		epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	}
}

static void set_up_tls(const char *certificate, const char *key, size_t tickets)
{
	ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
	if (SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
		fprintf(stderr, "minserver: cannot use %s and %s\n", certificate, key);
		exit(1);
	}
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"m", 1);
	SSL_CTX_set_num_tickets(ctx, tickets);
}

static void read_answer(const char *path, bool tls)
{
	static const char header[] = "20 text/gemini\r\n";
	if (tls) {
		memcpy(answer, header, sizeof header - 1);
		answer_size = sizeof header - 1;
	}
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		perror(path);
		exit(1);
	}
	answer_size += fread(answer + answer_size, 1, sizeof answer - answer_size, file);
	fclose(file);
}

static int listen_on(const char *port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 4096) != 0) {
		perror("minserver: bind");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	bool tls = argc >= 7 && strcmp(argv[2], "tls") == 0;
	if (argc < 4 || (strcmp(argv[2], "tls") == 0 && !tls)) {
		fputs("usage: minserver PORT tls|tcp BODYFILE [CERT KEY TICKETS]\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	read_answer(argv[3], tls);
	if (tls)
		set_up_tls(argv[4], argv[5], strtoul(argv[6], NULL, 10));

	int listener = listen_on(argv[1]);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[256];
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (fd == listener)
				accept_all(listener, epoll);
			else if (tls)
				step_tls(fd);
			else
				step_plain(fd);
		}
	}
}
