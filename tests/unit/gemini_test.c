/* Gemini requests and headers: specs/gemini.md sections 2 to 6 and every row of section 9. */

#include "group.h"

#include "wire/gemini.h"

/* Every proper prefix is incomplete and the whole is not (GEM-144); `status` 20 = a request. */
static struct gemini_request read(struct str bytes, unsigned status)
{
	struct gemini_request request;
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_equal(gemini_request_read(&arena, str_sub(bytes, 0, n), false, &request),
				 WIRE_INCOMPLETE);
	enum wire_progress progress = gemini_request_read(&arena, bytes, false, &request);
	if (status == 20 && progress != WIRE_COMPLETE)
		fail_msg("%.*s: refused: %s", STR_ARGS(bytes), request.why);
	if (status != 20 && (progress != WIRE_BAD || request.status != status))
		fail_msg("%.*s: %u instead of %u", STR_ARGS(bytes), request.status, status);
	if (status != 20)
		assert_true(strlen(request.why) > 0); /* GEM-56 */
	return request;
}

static struct str address_of(size_t size, const char *end)
{
	struct buf text = { 0 };
	buf_add(&text, STR("gemini://h/"));
	buf_repeat(&text, STR("a"), size - text.len);
	buf_add(&text, str_from(end));
	struct str copy = arena_str(&arena, buf_str(&text));
	buf_free(&text);
	return copy;
}

static void counts_1024_bytes(void **state)
{
	(void)state;
	struct gemini_request request = read(address_of(1024, "\r\n"), 20); /* GEM-131 */
	assert_int_equal(request.line.len, 1024);
	assert_int_equal(request.line_size, 1026);
	read(address_of(1025, ""), 59);    /* GEM-12: without waiting for the CRLF */
	read(address_of(1024, "\rx"), 59); /* a CR that was none */
	assert_int_equal(gemini_request_read(&arena, address_of(1025, "\r\n"), false, &request),
			 WIRE_BAD); /* GEM-130 */
	assert_int_equal(request.status, 59);
}

static void refuses_bad_addresses(void **state)
{
	(void)state;
	static const struct {
		struct str bytes;
		unsigned status;
	} rows[] = {
		{ STR_INIT("\r\n"), 59 },                        /* GEM-132 */
		{ STR_INIT("/\r\n"), 59 },                       /* GEM-133 */
		{ STR_INIT("//h/\r\n"), 59 },                    /* GEM-133 */
		{ STR_INIT("Hello Gemini!\r\n"), 59 },           /* GEM-133 */
		{ STR_INIT("Hello\r\n"), 59 },                   /* GEM-15 */
		{ STR_INIT("gemini://u:p@h/\r\n"), 59 },         /* GEM-134 */
		{ STR_INIT("gemini://@h/\r\n"), 59 },            /* GEM-134 */
		{ STR_INIT("gemini://h/#x\r\n"), 59 },           /* GEM-135 */
		{ STR_INIT("gemini://h/#\r\n"), 59 },            /* GEM-14 */
		{ STR_INIT("http://h/\r\n"), 53 },               /* GEM-136 */
		{ STR_INIT("https://h/\r\n"), 53 },              /* GEM-42 */
		{ STR_INIT("gopher://h/\r\n"), 53 },             /* GEM-136 */
		{ STR_INIT("gemini://h/../../\r\n"), 59 },       /* GEM-138 */
		{ STR_INIT("gemini://h/%2e%2e/x\r\n"), 59 },     /* GEM-138 */
		{ STR_INIT("gemini://h/\xDC\r\n"), 59 },         /* GEM-139 */
		{ STR_INIT("gemini://h/a%00b\r\n"), 59 },        /* GEM-140 */
		{ STR_INIT("gemini://h/%zz\r\n"), 59 },          /* GEM-140 */
		{ STR_INIT("gemini://h/a%2Fb\r\n"), 51 },        /* GEM-36 */
		{ STR_INIT("\xef\xbb\xbfgemini://h/\r\n"), 59 }, /* GEM-17 */
		{ STR_INIT("gemini:///\r\n"), 59 },              /* GEM-31 */
		{ STR_INIT("gemini:/x\r\n"), 59 },               /* GEM-31 */
		{ STR_INIT("gemini://:1965/\r\n"), 59 },         /* GEM-31 */
		{ STR_INIT("gemini://h/\r/\r\n"), 59 },          /* GEM-19 */
		{ STR_INIT("gemini://h/a b\r\n"), 59 },          /* GEM-19 */
		{ STR_INIT("gemini://h/\n/\r\n"), 59 },          /* GEM-16 */
		{ STR_INIT("GET / HTTP/1.1\r\n"), 59 },          /* GEM-15 */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		read(rows[i].bytes, rows[i].status);
}

static void accepts_all_spellings_of_the_root(void **state)
{
	(void)state;
	static const char *const spellings[] = { /* GEM-142, GEM-143, GEM-33 */
						 "gemini://h\r\n",      "gemini://h/\r\n",
						 "GEMINI://H/\r\n",     "gemini://h:1965/\r\n",
						 "gemini://h:/\r\n",    "gemini://h./\r\n",
						 "gemini://h/a/..\r\n", "gemini://h/.\r\n"
	};
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct gemini_request request = read(str_from(spellings[i]), 20);
		assert_str(request.path, "/");
		assert_true(gemini_request_is_for(&request, STR("h"), 1965));
		assert_false(request.uri.has_query);
	}
	struct gemini_request request = read(STR("gemini://h?q\r\n"), 20);
	assert_str(request.path, "/");
	assert_str(request.uri.query, "q");
}

static void knows_host_and_port(void **state)
{
	(void)state;
	/* GEM-137, GEM-41 */
	struct gemini_request request = read(STR("gemini://h:443/\r\n"), 20);
	assert_false(gemini_request_is_for(&request, STR("h"), 1965));
	assert_true(gemini_request_is_for(&request, STR("h"), 443));
	assert_false(gemini_request_is_for(&request, STR("other.example"), 443));
}

static void waits_for_crlf_and_ignores_what_follows(void **state)
{
	(void)state;
	struct gemini_request request;
	struct str bare = STR("gemini://h/\n");
	assert_int_equal(gemini_request_read(&arena, bare, false, &request),
			 WIRE_INCOMPLETE); /* GEM-141 */
	assert_int_equal(gemini_request_read(&arena, bare, true, &request), WIRE_BAD);
	assert_int_equal(request.status, 59);
	assert_int_equal(gemini_request_read(&arena, STR(""), true, &request),
			 WIRE_BAD);                                /* GEM-145 */
	struct str more = STR("gemini://h/x\r\ngemini://h/y\r\n"); /* GEM-18 */
	assert_int_equal(gemini_request_read(&arena, more, false, &request), WIRE_COMPLETE);
	assert_str(request.path, "/x");
	assert_int_equal(request.line_size, 14);
}

static void assert_header(unsigned status, struct str meta, const char *expected)
{
	struct buf out = { 0 };
	gemini_header(&out, status, meta);
	assert_string_equal(buf_c(&out), expected);
	buf_free(&out);
}

static void writes_headers(void **state)
{
	(void)state;
	assert_header(51, STR("Not found: x"), "51 Not found: x\r\n");
	assert_header(59, STR(""), "59 Bad request\r\n"); /* GEM-51 */
	assert_header(31, STR("gemini://h/a/"), "31 gemini://h/a/\r\n");
	assert_header(51, STR("a\r\n20 text/gemini\r\n\x1b[31m"),
		      "51 a 20 text/gemini [31m\r\n"); /* GEM-52 */
	assert_header(51, STR("\x01\x02"), "51 Not found\r\n");
	struct buf out = { 0 }, meta = { 0 };
	buf_add_char(&meta, 'x');
	buf_repeat(&meta, STR("\xc3\xa9"), 2000);
	gemini_header(&out, 10, buf_str(&meta));
	assert_true(out.len <= 3 + 1000 + 2); /* GEM-53 */
	assert_int_equal(out.len, 3 + 999 + 2);
	buf_free(&out);
	buf_free(&meta);
}

static void assert_success(const char *type, const char *lang, const char *expected)
{
	struct buf out = { 0 };
	gemini_header_success(&out, str_from(type), str_from(lang));
	assert_string_equal(buf_c(&out), expected);
	buf_free(&out);
}

static void writes_media_types(void **state)
{
	(void)state;
	/* GEM-82 */
	assert_success("text/gemini", "vi", "20 text/gemini; charset=utf-8; lang=vi\r\n");
	assert_success("text/gemini", "en,fr", "20 text/gemini; charset=utf-8; lang=\"en,fr\"\r\n");
	assert_success("text/gemini", "", "20 text/gemini; charset=utf-8\r\n");
	assert_success("text/gemini", "en\r\n", "20 text/gemini; charset=utf-8\r\n");
	assert_success("text/plain", "en", "20 text/plain; charset=utf-8\r\n");
	assert_success("application/atom+xml", "", "20 application/atom+xml; charset=utf-8\r\n");
	assert_success("image/png", "en", "20 image/png\r\n");
}

static void knows_the_statuses(void **state)
{
	(void)state;
	/* GEM-54: these and no others */
	static const unsigned known[] = { 10, 11, 20, 30, 31, 40, 41, 42, 43,
					  44, 50, 51, 52, 53, 59, 60, 61, 62 };
	size_t count = 0;
	for (unsigned status = 0; status < 100; status++)
		count += gemini_status_text(status) != NULL;
	assert_int_equal(count, sizeof known / sizeof *known);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_non_null(gemini_status_text(known[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_1024_bytes),
		cmocka_unit_test(refuses_bad_addresses),
		cmocka_unit_test(accepts_all_spellings_of_the_root),
		cmocka_unit_test(knows_host_and_port),
		cmocka_unit_test(waits_for_crlf_and_ignores_what_follows),
		cmocka_unit_test(writes_headers),
		cmocka_unit_test(writes_media_types),
		cmocka_unit_test(knows_the_statuses),
	};
	return cmocka_run_group_tests_name("gemini", tests, NULL, free_arena);
}
