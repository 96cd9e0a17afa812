/* Any bytes as an address: what comes out keeps the promises of wire/uri.h. */
#include <assert.h>

#include "wire/uri.h"

static void check_path(struct str path)
{
	assert(path.len > 0 && path.at[0] == '/');
	for (struct str rest = str_skip(path, 1), part; rest.len > 0;) {
		str_cut(&rest, '/', &part);
		assert(!str_equal(part, STR(".")) && !str_equal(part, STR("..")));
	}
	for (size_t i = 0; i < path.len; i++)
		assert((unsigned char)path.at[i] >= 0x20 && path.at[i] != 0x7f);
}

static void check_host(struct arena *arena, struct str host)
{
	struct str again;
	for (size_t i = 0; i < host.len; i++)
		assert((unsigned char)host.at[i] > 0x20 && (unsigned char)host.at[i] < 0x7f);
	/* What is in the compared form stays in it. */
	assert(!uri_host_ascii(arena, host, &again) || str_equal(host, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct uri uri;
	const char *why = NULL;
	struct str path;
	if (uri_parse(&arena, (struct str){ (const char *)data, size }, &uri, &why)) {
		assert(uri.port <= 65535);
		check_host(&arena, uri.host);
		if (uri_decode_path(&arena, uri.path, &path) == URI_PATH_GOOD)
			check_path(path);
	} else {
		assert(why != NULL);
	}
	arena_free(&arena);
	return 0;
}
