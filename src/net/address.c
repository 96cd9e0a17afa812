#include "net/address.h"

#include <arpa/inet.h>

static bool parse_host(struct str host, bool bracketed, unsigned port, struct address *address)
{
	char text[ADDRESS_TEXT_MAX];
	if (!bracketed && (host.len == 0 || str_equal(host, STR("*")))) {
		host = STR("::");
		bracketed = true;
	}
	if (!bracketed && str_equal_nocase(host, STR("localhost")))
		host = STR("127.0.0.1");
	if (host.len >= sizeof text)
		return false;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';

	memset(address, 0, sizeof *address);
	if (bracketed) {
		address->ipv6.sin6_family = AF_INET6;
		address->ipv6.sin6_port = htons((uint16_t)port);
		address->len = sizeof address->ipv6;
		return inet_pton(AF_INET6, text, &address->ipv6.sin6_addr) == 1;
	}
	address->ipv4.sin_family = AF_INET;
	address->ipv4.sin_port = htons((uint16_t)port);
	address->len = sizeof address->ipv4;
	return inet_pton(AF_INET, text, &address->ipv4.sin_addr) == 1;
}

bool address_parse(struct str text, struct address *address, struct fault *fault)
{
	size_t colon = str_find_last(text, ':');
	uint64_t port;
	if (colon == STR_NOT_FOUND || !str_number(str_skip(text, colon + 1), 65535, &port))
		return fault_set(fault, (struct str){ 0 }, 0, 0,
				 "'%.*s' is not ADDRESS:PORT, e.g. [::]:1965 or 127.0.0.1:1965",
				 (int)(text.len < 80 ? text.len : 80), text.at);

	struct str host = str_sub(text, 0, colon);
	bool bracketed = host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']';
	if (bracketed)
		host = str_sub(host, 1, host.len - 1);
	if (parse_host(host, bracketed, (unsigned)port, address))
		return true;
	return fault_set(fault, (struct str){ 0 }, 0, 0,
			 "'%.*s' is not an IP address (IPv6 goes in brackets, as in [::1]:1965)",
			 (int)(host.len < 80 ? host.len : 80), host.at);
}

void address_format(const struct address *address, struct buf *out)
{
	char room[ADDRESS_TEXT_MAX];
	struct str host = address_host(address, room);
	bool ipv6 = address->any.sa_family == AF_INET6;
	buf_format(out, ipv6 ? "[%.*s]:%u" : "%.*s:%u", STR_ARGS(host), address_port(address));
}

void address_unmap(struct address *address)
{
	if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->ipv6.sin6_addr))
		return;
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = address->ipv6.sin6_port };
	memcpy(&ipv4.sin_addr, address->ipv6.sin6_addr.s6_addr + 12, 4);
	address->ipv4 = ipv4;
	address->len = sizeof ipv4;
}

struct str address_host(const struct address *address, char room[ADDRESS_TEXT_MAX])
{
	const void *bytes = address->any.sa_family == AF_INET6
				? (const void *)&address->ipv6.sin6_addr
				: (const void *)&address->ipv4.sin_addr;
	return str_from(inet_ntop(address->any.sa_family, bytes, room, ADDRESS_TEXT_MAX));
}

unsigned address_port(const struct address *address)
{
	return ntohs(address->any.sa_family == AF_INET6 ? address->ipv6.sin6_port
							: address->ipv4.sin_port);
}
