#include "document/target.h"

#include "base/idn.h"
#include "base/utf8.h"

static const struct str schemes[] = {
	STR_INIT("http"),    STR_INIT("https"),  STR_INIT("gemini"),  STR_INIT("gopher"),
	STR_INIT("gophers"), STR_INIT("finger"), STR_INIT("spartan"), STR_INIT("titan"),
	STR_INIT("nex"),     STR_INIT("guppy"),  STR_INIT("misfin"),  STR_INIT("mailto"),
	STR_INIT("xmpp"),    STR_INIT("tel"),    STR_INIT("sms"),     STR_INIT("ftp"),
	STR_INIT("sftp"),    STR_INIT("ssh"),    STR_INIT("git"),     STR_INIT("magnet"),
	STR_INIT("news"),    STR_INIT("irc"),    STR_INIT("ircs"),    STR_INIT("matrix"),
};

static bool is_allowed(struct str scheme)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (str_equal_nocase(schemes[i], scheme))
			return true;
	return false;
}

/* The scheme at the start of a reference, without its colon; empty when it is relative. */
static struct str scheme_of(struct str reference)
{
	for (size_t i = 0; i < reference.len; i++) {
		char c = reference.at[i];
		if (c == ':')
			return str_sub(reference, 0, i);
		if (!str_is_alpha(c) &&
		    (i == 0 || (!str_is_digit(c) && c != '+' && c != '-' && c != '.')))
			break;
	}
	return STR("");
}

/* Where the host begins and ends in a URL with an authority; false without one. */
static bool find_host(struct str url, size_t *start, size_t *end)
{
	size_t slashes = str_find_str(url, STR("://"), 0);
	if (slashes == STR_NOT_FOUND)
		return false;
	size_t at = slashes + 3, stop = at;
	while (stop < url.len && url.at[stop] != '/' && url.at[stop] != '?' && url.at[stop] != '#')
		stop++;
	size_t user = str_find_last(str_sub(url, at, stop), '@');
	if (user != STR_NOT_FOUND)
		at += user + 1;
	size_t port = at;
	if (at < stop && url.at[at] == '[')
		port = str_find(url, ']', at);
	while (port < stop && url.at[port] != ':')
		port++;
	*start = at;
	*end = port < stop ? port : stop;
	return true;
}

struct str target_host(struct str url)
{
	size_t start, end;
	return find_host(url, &start, &end) ? str_sub(url, start, end) : STR("");
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

static struct target url_target(struct arena *arena, struct str url)
{
	if (route_is_encoded(url))
		return (struct target){ .kind = TARGET_URL, .url = url };
	struct buf encoded = { 0 };
	size_t start, end;
	if (find_host(url, &start, &end) && !is_ascii(str_sub(url, start, end))) {
		route_encode_url(str_sub(url, 0, start), &encoded);
		struct str host = str_sub(url, start, end);
		if (!idn_to_ascii(host, &encoded))
			route_encode_url(host, &encoded); /* no host, but nothing is lost */
		url = str_skip(url, end);
	}
	route_encode_url(url, &encoded);
	struct target target = { .kind = TARGET_URL, .url = arena_str(arena, buf_str(&encoded)) };
	buf_free(&encoded);
	return target;
}

struct target target_from(struct arena *arena, struct str reference,
			  const struct link_resolver *resolver)
{
	struct target target = { .kind = TARGET_NONE };
	reference = str_trim(reference);
	if (reference.len == 0 || reference.at[0] == '#')
		return target;
	if (str_starts(reference, STR("//")))
		return url_target(arena, arena_format(arena, "https:%.*s", STR_ARGS(reference)));
	if (str_starts(reference, STR("@/")))
		reference = str_skip(reference, 1); /* Zola's content folder */
	struct str scheme = scheme_of(reference);
	if (scheme.len > 0)
		return is_allowed(scheme) ? url_target(arena, reference) : target;
	if (resolver == NULL)
		return url_target(arena, reference);
	resolver->resolve(resolver, arena, reference, &target);
	return target;
}

static struct str path_of(struct str reference)
{
	size_t end = 0;
	while (end < reference.len && reference.at[end] != '?' && reference.at[end] != '#')
		end++;
	return str_sub(reference, 0, end);
}

bool target_is_image(struct str reference)
{
	struct str path = path_of(reference);
	size_t dot = str_find_last(path, '.');
	if (dot == STR_NOT_FOUND || dot < target_host(reference).len)
		return false;
	struct route file = { .kind = ROUTE_FILE, .name = path };
	char type = route_gopher_type(&file);
	return type == 'I' || type == 'g';
}

struct str target_image_words(struct arena *arena, struct str reference)
{
	struct str name = path_of(reference);
	size_t slash = str_find_last(name, '/');
	if (slash != STR_NOT_FOUND)
		name = str_skip(name, slash + 1);
	size_t dot = str_find_last(name, '.');
	if (dot != STR_NOT_FOUND && dot > 0)
		name = str_sub(name, 0, dot);
	struct buf decoded = { 0 }, words = { 0 };
	route_decode(name, &decoded);
	for (size_t i = 0; i < decoded.len; i++)
		if (decoded.at[i] == '-' || decoded.at[i] == '_')
			decoded.at[i] = ' ';
	utf8_clean_line(&words, buf_str(&decoded));
	if (words.len == 0) /* of a folder: its host says more than nothing */
		utf8_clean_line(&words, target_host(reference));
	if (words.len == 0)
		utf8_clean_line(&words, reference);
	struct str kept = arena_str(arena, buf_str(&words));
	buf_free(&decoded);
	buf_free(&words);
	return kept;
}
