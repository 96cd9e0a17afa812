/* Gopher requests and small replies: specs/gopher.md, the rows of section 14 at this level. */

#include "group.h"

#include "wire/gopher.h"

static const struct gopher_place place = { STR_INIT("example.org"), 70,
					   STR_INIT("gemini://example.org/") };

/* The whole is `expected`, every proper prefix of it is incomplete. */
static struct gopher_request read(struct str bytes, enum wire_progress expected)
{
	struct gopher_request request;
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_equal(gopher_request_read(&arena, str_sub(bytes, 0, n), false, &request),
				 WIRE_INCOMPLETE);
	enum wire_progress progress = gopher_request_read(&arena, bytes, false, &request);
	if (progress != expected)
		fail_msg("%.*s: %d", STR_ARGS(bytes), progress);
	if (progress == WIRE_BAD)
		assert_true(strlen(request.why) > 0);
	return request;
}

static void reads_selectors(void **state)
{
	(void)state;
	assert_str(read(STR("\r\n"), WIRE_COMPLETE).path, "/"); /* GOPH-2, GOPH-140 */
	assert_str(read(STR("\n"), WIRE_COMPLETE).path, "/");
	assert_str(read(STR("/about.txt\r\n"), WIRE_COMPLETE).path, "/about.txt");  /* GOPH-141 */
	assert_str(read(STR("/about.txt\n"), WIRE_COMPLETE).path, "/about.txt");    /* GOPH-142 */
	assert_str(read(STR("robots.txt\r\n"), WIRE_COMPLETE).path, "/robots.txt"); /* GOPH-149 */
	assert_str(read(STR("//x\r\n"), WIRE_COMPLETE).path, "/x");                 /* GOPH-6 */
	assert_str(read(STR("/a%20b ?c\r\n"), WIRE_COMPLETE).path, "/a%20b ?c");    /* GOPH-5 */
	assert_str(read(STR("/posts/\xc3\xa9.txt\r\n"), WIRE_COMPLETE).path, "/posts/\xc3\xa9.txt");
	assert_str(read(STR("/a...b/..c\r\n"), WIRE_COMPLETE).path, "/a...b/..c");
	struct gopher_request request = read(STR("/x\r\n"), WIRE_COMPLETE);
	assert_str(request.selector, "/x");
	assert_str(request.line, "/x");
	assert_false(request.has_search);
	assert_int_equal(request.kind, GOPHER_SELECTOR);
}

static void reads_searches(void **state)
{
	(void)state;
	/* GOPH-143, GOPH-50 to 52 */
	struct gopher_request request = read(STR("/search\tword and \xc3\xa9\r\n"), WIRE_COMPLETE);
	assert_str(request.path, "/search");
	assert_true(request.has_search);
	assert_str(request.search, "word and \xc3\xa9");
	assert_str(read(STR("/search\tone\ttwo\r\n"), WIRE_COMPLETE).search, "one");
	assert_true(read(STR("/search\t\r\n"), WIRE_COMPLETE).has_search);
}

static void stays_below_the_root(void **state)
{
	(void)state;
	read(STR("/../etc/passwd\r\n"), WIRE_BAD); /* GOPH-145, GOPH-7 */
	read(STR("..\r\n"), WIRE_BAD);
	read(STR("/a/..\r\n"), WIRE_BAD);
	read(STR("/a/./b\r\n"), WIRE_BAD);
	read(STR("/a\0b\r\n"), WIRE_BAD);
	read(STR("/a\rb\r\n"), WIRE_BAD);
}

static void bounds_the_line(void **state)
{
	(void)state;
	/* GOPH-4 */
	struct buf line = { 0 };
	buf_repeat(&line, STR("a"), GOPHER_MAX_LINE);
	struct str longest = arena_str(&arena, buf_str(&line));
	buf_add(&line, STR("\r\n"));
	assert_int_equal(read(buf_str(&line), WIRE_COMPLETE).line.len, GOPHER_MAX_LINE);
	buf_free(&line);
	buf_add(&line, longest);
	buf_add_char(&line, 'a');
	read(buf_str(&line), WIRE_BAD);
	struct gopher_request request;
	buf_add(&line, STR("\n"));
	assert_int_equal(gopher_request_read(&arena, buf_str(&line), false, &request), WIRE_BAD);
	buf_free(&line);
	assert_int_equal(gopher_request_read(&arena, STR("/x"), true, &request), WIRE_BAD);
}

static void tells_probes_from_searches(void **state)
{
	(void)state;
	/* GOPH-63 */
	static const struct {
		struct str bytes;
		bool plain, searches;
	} rows[] = {
		{ STR_INIT("\t$\r\n"), true, true },     { STR_INIT("/x\t!\r\n"), true, true },
		{ STR_INIT("/x\t+\r\n"), true, false },  { STR_INIT("/x\t+view\r\n"), true, false },
		{ STR_INIT("/x\t$a\r\n"), true, false }, { STR_INIT("/x\tword\r\n"), false, false },
		{ STR_INIT("/x\t\r\n"), false, false },  { STR_INIT("/x\r\n"), false, false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct gopher_request request = read(rows[i].bytes, WIRE_COMPLETE);
		assert_int_equal(gopher_is_plus_probe(&request, false), rows[i].plain);
		assert_int_equal(gopher_is_plus_probe(&request, true), rows[i].searches);
	}
}

static void leads_probes_back(void **state)
{
	(void)state;
	struct buf out = { 0 };
	gopher_plus_reply(&out, '1', STR("Title\tx"), STR(""), &place); /* GOPH-144, GOPH-62 */
	assert_string_equal(buf_c(&out), "+-2\r\n+INFO: 1Title x\t\texample.org\t70\r\n"
					 "+ADMIN:\r\n Admin: \r\n");
	buf_free(&out);
}

static void answers_web_browsers(void **state)
{
	(void)state;
	/* GOPH-146, GOPH-81 */
	struct gopher_request request =
	    read(STR("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), WIRE_COMPLETE);
	assert_int_equal(request.kind, GOPHER_HTTP);
	assert_int_equal(read(STR("HEAD /x HTTP/1.0\n\n"), WIRE_COMPLETE).kind, GOPHER_HTTP);
	assert_int_equal(gopher_request_read(&arena, STR("GET / HTTP/1.1\r\nHo"), false, &request),
			 WIRE_INCOMPLETE);
	assert_int_equal(request.kind, GOPHER_HTTP); /* so that the caller waits 2 s only */
	assert_int_equal(gopher_request_read(&arena, STR("GET / HTTP/1.1\r\nHo"), true, &request),
			 WIRE_COMPLETE);
	struct buf headers = { 0 };
	buf_add(&headers, STR("GET / HTTP/1.1\r\n"));
	buf_repeat(&headers, STR("x"), GOPHER_MAX_HTTP);
	assert_int_equal(gopher_request_read(&arena, buf_str(&headers), false, &request),
			 WIRE_COMPLETE);
	buf_free(&headers);
	assert_int_equal(read(STR("GET / HTTP/2\r\n"), WIRE_COMPLETE).kind, GOPHER_SELECTOR);
	assert_int_equal(read(STR("GET /a b HTTP/1.1\r\n"), WIRE_COMPLETE).kind, GOPHER_SELECTOR);

	struct buf out = { 0 };
	gopher_http_page(&out, &place);
	assert_true(str_starts(buf_str(&out), STR("HTTP/1.1 400 Bad Request\r\n")));
	size_t body = str_find_str(buf_str(&out), STR("\r\n\r\n"), 0) + 4;
	struct buf expected = { 0 };
	buf_format(&expected, "Content-Length: %zu\r\n", out.len - body);
	assert_true(str_find_str(buf_str(&out), buf_str(&expected), 0) < body);
	assert_true(str_find_str(buf_str(&out), STR("gopher://example.org/"), body) < out.len);
	assert_true(str_find_str(buf_str(&out), STR("gemini://example.org/"), body) < out.len);
	buf_free(&expected);
	buf_free(&out);
}

static void leads_old_clients_to_the_web(void **state)
{
	(void)state;
	/* GOPH-147, GOPH-34 */
	struct gopher_request request = read(STR("URL:https://a/\"><script>\r\n"), WIRE_COMPLETE);
	assert_int_equal(request.kind, GOPHER_URL);
	struct buf out = { 0 };
	assert_true(gopher_url_page(&out, request.url));
	assert_int_equal(str_find_str(buf_str(&out), STR("<script"), 0), STR_NOT_FOUND);
	assert_true(str_find_str(buf_str(&out), STR("https://a/&quot;&gt;&lt;script&gt;"), 0) <
		    out.len);
	buf_free(&out);
	assert_str(read(STR("/URL:mailto:a@b\r\n"), WIRE_COMPLETE).url, "mailto:a@b");
	static const struct str refused[] = {
		STR_INIT("javascript:alert(1)"), STR_INIT("data:x"),         STR_INIT(""),
		STR_INIT("https://a/\x01"),      STR_INIT("https://a/\xff"), STR_INIT("file:///etc")
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_false(gopher_url_page(&out, refused[i]));
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

static void writes_error_lines(void **state)
{
	(void)state;
	/* GOPH-32 */
	struct buf out = { 0 };
	gopher_error(&out, STR("Not found"), STR("/a\tb\r\nc\x1b"));
	assert_string_equal(buf_c(&out), "3Not found: /a b c\t\terror.host\t1\r\n.\r\n");
	buf_clear(&out);
	struct buf selector = { 0 };
	buf_repeat(&selector, STR("\xc3\xa9"), 100);
	gopher_error(&out, STR("x"), buf_str(&selector));
	assert_int_equal(out.len, strlen("3x: \t\terror.host\t1\r\n.\r\n") + 60);
	buf_clear(&out);
	gopher_error(&out, STR("Busy"), STR(""));
	assert_string_equal(buf_c(&out), "3Busy\t\terror.host\t1\r\n.\r\n");
	buf_free(&out);
	buf_free(&selector);
}

static void ends_lines_with_crlf(void **state)
{
	(void)state;
	/* GOPH-43 */
	struct buf out = { 0 };
	gopher_text(&out, STR("a\n.\nb\r\n..\n .\nlast"));
	assert_string_equal(buf_c(&out), "a\r\n. \r\nb\r\n..\r\n .\r\nlast\r\n");
	buf_clear(&out);
	gopher_text(&out, STR(""));
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_selectors),
		cmocka_unit_test(reads_searches),
		cmocka_unit_test(stays_below_the_root),
		cmocka_unit_test(bounds_the_line),
		cmocka_unit_test(tells_probes_from_searches),
		cmocka_unit_test(leads_probes_back),
		cmocka_unit_test(answers_web_browsers),
		cmocka_unit_test(leads_old_clients_to_the_web),
		cmocka_unit_test(writes_error_lines),
		cmocka_unit_test(ends_lines_with_crlf),
	};
	return cmocka_run_group_tests_name("gopher", tests, NULL, free_arena);
}
