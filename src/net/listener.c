#include "net/listener.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "net/address.h"

enum {
	BACKLOG = 4096, /* the kernel lowers it to net.core.somaxconn */
	DEFER_S = 1,    /* how long a silent client may be kept from us; then its deadline starts */
};

/*
 * TCP_DEFER_ACCEPT spares the wait for the first byte: most clients have sent it when
 * they are accepted. Silent clients are accepted too, a moment later, so that limits and
 * deadlines hold for them. Accepted sockets inherit TCP_NODELAY.
 */
static void set_options(int fd, bool ipv6)
{
	int on = 1, off = 0, defer = DEFER_S;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer, sizeof defer);
	if (ipv6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
}

static int bind_and_listen(const struct address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	set_options(fd, address->any.sa_family == AF_INET6);
	if (bind(fd, &address->any, address->len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

static bool is_any_ipv6(const struct address *address)
{
	return address->any.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_UNSPECIFIED(&address->ipv6.sin6_addr);
}

static const char *mend(int reason, unsigned port)
{
	switch (reason) {
	case EADDRINUSE: return "the port is in use: stop the other program or choose another";
	case EADDRNOTAVAIL: return "this machine does not have that address";
	case EACCES:
		return port < 1024
			   ? "ports below 1024 need a privilege: start as root or choose another"
			   : "not allowed";
	default: return strerror(reason);
	}
}

struct listener *listener_open(const struct listener_settings *settings, struct fault *fault)
{
	struct address address;
	if (!address_parse(settings->address, &address, fault))
		return NULL;

	int fd = bind_and_listen(&address);
	if (fd < 0 && is_any_ipv6(&address) && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) {
		unsigned port = address_port(&address);
		memset(&address, 0, sizeof address);
		address.ipv4.sin_family = AF_INET;
		address.ipv4.sin_port = htons((uint16_t)port);
		address.len = sizeof address.ipv4;
		fd = bind_and_listen(&address);
	}
	if (fd < 0) {
		fault_set(fault, (struct str){ 0 }, 0, 0, "cannot listen on %.*s: %s",
			  STR_ARGS(settings->address), mend(errno, address_port(&address)));
		return NULL;
	}

	struct listener *listener = memory_new(sizeof *listener);
	listener->settings = *settings;
	listener->settings.address = (struct str){ 0 };
	listener->fd = fd;
	address.len = sizeof address.ipv6;
	getsockname(fd, &address.any, &address.len);
	listener->port = address_port(&address);
	address_format(&address, &listener->bound_to);
	return listener;
}

unsigned listener_port(const struct listener *listener)
{
	return listener->port;
}

struct str listener_address(const struct listener *listener)
{
	return buf_str(&listener->bound_to);
}

void listener_close(struct listener *listener)
{
	if (listener == NULL)
		return;
	if (listener->fd >= 0)
		close(listener->fd);
	buf_free(&listener->bound_to);
	free(listener);
}
