/*
 * Any bytes as a Gemini request: the answer does not depend on how they arrive, and no header
 * that quotes them breaks its line.
 */
#include <assert.h>

#include "base/utf8.h"
#include "wire/gemini.h"

static void check_header(struct str meta)
{
	struct buf out = { 0 };
	gemini_header(&out, 51, meta);
	struct str header = buf_str(&out);
	assert(header.len <= 3 + 1000 + 2 && str_starts(header, STR("51 ")));
	assert(str_find_str(header, STR("\r\n"), 0) == header.len - 2);
	assert(utf8_valid(header));
	for (size_t i = 0; i + 2 < header.len; i++)
		assert((unsigned char)header.at[i] >= 0x20 && header.at[i] != 0x7f);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct str bytes = { (const char *)data, size };
	struct gemini_request whole, part;
	enum wire_progress at_once = gemini_request_read(&arena, bytes, false, &whole);
	for (size_t n = 0; n <= size; n++) {
		enum wire_progress progress =
		    gemini_request_read(&arena, str_sub(bytes, 0, n), false, &part);
		if (progress == WIRE_INCOMPLETE)
			continue;
		assert(progress == at_once);
		assert(progress != WIRE_BAD || part.status == whole.status);
		break;
	}
	if (at_once == WIRE_BAD)
		assert(gemini_status_text(whole.status) != NULL && whole.why != NULL);
	if (at_once == WIRE_INCOMPLETE)
		assert(gemini_request_read(&arena, bytes, true, &whole) == WIRE_BAD);
	check_header(bytes);
	arena_free(&arena);
	return 0;
}
