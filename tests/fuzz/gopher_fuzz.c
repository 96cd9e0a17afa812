/*
 * Any bytes as a Gopher request: the answer does not depend on how they arrive, and nothing that
 * quotes them adds lines, fields or tags.
 */
#include <assert.h>

#include "wire/gopher.h"

static void check_error(struct str echo)
{
	struct buf out = { 0 };
	gopher_error(&out, STR("Not found"), echo);
	struct str rest = buf_str(&out), line;
	assert(str_line(&rest, &line) && line.at[0] == '3');
	size_t tabs = 0;
	for (size_t i = 0; i < line.len; i++) {
		tabs += line.at[i] == '\t';
		assert((unsigned char)line.at[i] >= 0x20 || line.at[i] == '\t');
	}
	assert(tabs == 3 && str_equal(rest, STR(".\r\n")));
	buf_free(&out);
}

static void check_page(struct str url)
{
	struct buf out = { 0 };
	if (gopher_url_page(&out, url)) {
		/* Exactly our own tags. */
		size_t tags = 0;
		for (size_t i = 0; i < out.len; i++)
			tags += out.at[i] == '<';
		assert(tags == 17);
	}
	buf_free(&out);
}

static void check_text(struct str text)
{
	struct buf out = { 0 };
	gopher_text(&out, text);
	assert(str_find_str(buf_str(&out), STR("\r\n.\r\n"), 0) == STR_NOT_FOUND);
	assert(text.len == 0 || str_ends(buf_str(&out), STR("\r\n")));
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct str bytes = { (const char *)data, size };
	struct gopher_request whole, part;
	enum wire_progress at_once = gopher_request_read(&arena, bytes, false, &whole);
	for (size_t n = 0; n <= size; n++) {
		enum wire_progress progress =
		    gopher_request_read(&arena, str_sub(bytes, 0, n), false, &part);
		if (progress == WIRE_INCOMPLETE)
			continue;
		assert(progress == at_once && part.kind == whole.kind);
		break;
	}
	if (at_once == WIRE_COMPLETE && whole.kind == GOPHER_SELECTOR) {
		assert(whole.path.len > 0 && whole.path.at[0] == '/');
		assert(str_find_str(whole.path, STR("/../"), 0) == STR_NOT_FOUND);
		assert(memchr(whole.path.at, '\0', whole.path.len) == NULL);
	}
	assert(at_once != WIRE_BAD || whole.why != NULL);
	check_error(bytes);
	check_page(bytes);
	check_text(bytes);
	arena_free(&arena);
	return 0;
}
