#include "wire/uri.h"

#include "base/buf.h"
#include "base/idn.h"
#include "base/utf8.h"

#define MAX_PORT 65535

static int hex_value(char c)
{
	if (str_is_digit(c))
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes that RFC 3986 never allows raw; those from 0x80 on are judged as UTF-8. */
static bool is_forbidden(char c)
{
	unsigned char byte = (unsigned char)c;
	return byte <= 0x20 || byte == 0x7f || (byte < 0x80 && strchr("\"<>\\^`{}|", c) != NULL);
}

static bool check_bytes(struct str text, const char **why)
{
	bool ascii = true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		ascii = ascii && (unsigned char)c < 0x80;
		if (is_forbidden(c)) {
			*why = "The address holds a character that must be percent-encoded";
			return false;
		}
		if (c == '%' && (i + 2 >= text.len || hex_value(text.at[i + 1]) < 0 ||
				 hex_value(text.at[i + 2]) < 0)) {
			*why = "The address holds a % without two hexadecimal digits";
			return false;
		}
	}
	if (!ascii && !utf8_valid(text)) {
		*why = "The address is not valid UTF-8";
		return false;
	}
	return true;
}

/* The scheme and its colon, off the front of `rest`; without one nothing is taken. */
static void take_scheme(struct arena *arena, struct str *rest, struct uri *uri)
{
	size_t n = 0;
	while (n < rest->len && (str_is_alpha(rest->at[n]) || str_is_digit(rest->at[n]) ||
				 memchr("+-.", rest->at[n], 3) != NULL))
		n++;
	if (n == 0 || n == rest->len || rest->at[n] != ':' || !str_is_alpha(rest->at[0]))
		return;
	struct str scheme = str_sub(*rest, 0, n);
	*rest = str_skip(*rest, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (str_lower(scheme.at[i]) == scheme.at[i])
			continue;
		char *lower = arena_get(arena, n);
		for (size_t k = 0; k < n; k++)
			lower[k] = str_lower(scheme.at[k]);
		scheme.at = lower;
		break;
	}
	uri->scheme = scheme;
}

static bool take_authority(struct arena *arena, struct str authority, struct uri *uri,
			   const char **why)
{
	uri->has_authority = true;
	size_t at = str_find_last(authority, '@');
	if (at != STR_NOT_FOUND) {
		uri->has_userinfo = true;
		authority = str_skip(authority, at + 1);
	}
	/* The colons of an IPv6 literal are not the port's. */
	size_t bracket = str_find_last(authority, ']');
	size_t colon = str_find_last(authority, ':');
	if (colon != STR_NOT_FOUND && (bracket == STR_NOT_FOUND || colon > bracket)) {
		struct str digits = str_skip(authority, colon + 1);
		uint64_t port = 0;
		if (digits.len > 0 && (!str_number(digits, MAX_PORT, &port) || port == 0)) {
			*why = "The port of the address is no number from 1 to 65535";
			return false;
		}
		uri->port = (unsigned)port;
		authority = str_sub(authority, 0, colon);
	}
	if (authority.len > 0 && !uri_host_ascii(arena, authority, &uri->host)) {
		*why = "The host of the address is no host name";
		return false;
	}
	return true;
}

bool uri_parse(struct arena *arena, struct str text, struct uri *uri, const char **why)
{
	*uri = (struct uri){ 0 };
	if (!check_bytes(text, why))
		return false;
	struct str rest = text, part;
	uri->has_fragment = str_cut(&rest, '#', &part);
	rest = part;
	uri->has_query = str_cut(&rest, '?', &part);
	uri->query = rest;
	rest = part;
	take_scheme(arena, &rest, uri);
	if (str_starts(rest, STR("//"))) {
		rest = str_skip(rest, 2);
		size_t slash = str_find(rest, '/', 0);
		if (slash == STR_NOT_FOUND)
			slash = rest.len;
		if (!take_authority(arena, str_sub(rest, 0, slash), uri, why))
			return false;
		rest = str_skip(rest, slash);
	}
	uri->path = rest;
	return true;
}

/* Decodes into `out`, which has room for all of `segment`; gives the decoded length. */
static size_t decode(struct str segment, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < segment.len; i++) {
		char c = segment.at[i];
		if (c == '%' && i + 2 < segment.len) {
			c = (char)(hex_value(segment.at[i + 1]) * 16 +
				   hex_value(segment.at[i + 2]));
			i += 2;
		}
		out[n++] = c;
	}
	return n;
}

static enum uri_path check_segment(struct str segment)
{
	for (size_t i = 0; i < segment.len; i++) {
		unsigned char c = (unsigned char)segment.at[i];
		if (c < 0x20 || c == 0x7f)
			return URI_PATH_CONTROL;
	}
	return str_find(segment, '/', 0) == STR_NOT_FOUND ? URI_PATH_GOOD : URI_PATH_NOWHERE;
}

enum uri_path uri_decode_path(struct arena *arena, struct str raw, struct str *decoded)
{
	if (raw.len == 0)
		raw = STR("/");
	char *path = arena_get(arena, raw.len + 1);
	size_t len = 0;
	enum uri_path result = URI_PATH_GOOD;
	struct str rest = raw.at[0] == '/' ? str_skip(raw, 1) : raw, part;
	for (bool more = true; more;) {
		more = str_cut(&rest, '/', &part);
		struct str segment = { path + len + 1, decode(part, path + len + 1) };
		enum uri_path checked = check_segment(segment);
		if (checked == URI_PATH_CONTROL)
			return checked;
		if (checked == URI_PATH_NOWHERE)
			result = checked;
		bool up = str_equal(segment, STR(".."));
		if (up && len == 0)
			return URI_PATH_CLIMBS;
		if (up)
			len = str_find_last((struct str){ path, len }, '/');
		if (up || str_equal(segment, STR("."))) {
			if (!more)
				path[len++] = '/';
			continue;
		}
		path[len] = '/';
		len += 1 + segment.len;
	}
	*decoded = (struct str){ path, len };
	return result;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

static bool is_host_byte(char c)
{
	return str_is_alpha(c) || str_is_digit(c) || memchr("-._~!$&'()*+,;=", c, 15) != NULL;
}

bool uri_host_ascii(struct arena *arena, struct str host, struct str *ascii)
{
	char *copy = arena_get(arena, host.len + 1);
	struct str name = { copy, decode(host, copy) };
	if (memchr(copy, '\0', name.len) != NULL)
		return false;
	if (!is_ascii(name)) {
		struct buf labels = { 0 };
		bool done = idn_to_ascii(name, &labels);
		name.len = labels.len;
		name.at = copy = arena_get(arena, labels.len + 1);
		memcpy(copy, buf_str(&labels).at, labels.len);
		buf_free(&labels);
		if (!done)
			return false;
	}
	for (size_t i = 0; i < name.len; i++)
		copy[i] = str_lower(copy[i]);
	bool literal = str_starts(name, STR("[")) && str_ends(name, STR("]"));
	for (size_t i = 0; i < name.len; i++)
		if (!is_host_byte(copy[i]) && !(literal && memchr("[]:", copy[i], 3) != NULL))
			return false;
	if (str_ends(name, STR(".")))
		name.len--;
	*ascii = name;
	/* No empty labels. */
	return name.len > 0 && name.at[0] != '.' &&
	       str_find_str(name, STR(".."), 0) == STR_NOT_FOUND && !str_ends(name, STR("."));
}

bool uri_host_is_address(struct str host)
{
	if (str_starts(host, STR("[")))
		return true;
	/* As web browsers decide: a name whose last label is a number is an IPv4 address. */
	size_t dot = str_find_last(host, '.');
	struct str last = dot == STR_NOT_FOUND ? host : str_skip(host, dot + 1);
	uint64_t number;
	return str_number(last, UINT32_MAX, &number);
}
