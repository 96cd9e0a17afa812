#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "render/atom.h"

static struct style style;

static int setup(void **state)
{
	(void)state;
	style_default(&style);
	style.place.gemini_host = style.place.gopher_host = STR("example.org");
	return 0;
}

static const struct str categories[] = { STR_INIT("linear algebra") };
static const struct atom_entry entries[] = {
	{ .title = STR_INIT("Vectors & <arrows>"),
	  .summary = STR_INIT("A \"short\"\ttour\x01"),
	  .route = { .kind = ROUTE_POST, .name = STR_INIT("véc tơ") },
	  .published = 1590375054,
	  .updated = 1590375054,
	  .categories = categories,
	  .ncategories = 1 },
	{ .title = STR_INIT("Newer"),
	  .author = STR_INIT("Somebody else"),
	  .rights = STR_INIT("CC-BY"),
	  .route = { .kind = ROUTE_POST, .name = STR_INIT("newer") },
	  .published = 1592611200,
	  .updated = 1592697600 },
};
static const struct atom_feed feed = {
	.title = STR_INIT("Learning out loud"),
	.subtitle = STR_INIT("Notes"),
	.lang = STR_INIT("en"),
	.author_name = STR_INIT("A. Student"),
	.author_email = STR_INIT("a@example.org"),
	.self = { .kind = ROUTE_FEED },
	.alternate = { .kind = ROUTE_HOME },
	.entries = entries,
	.nentries = 2,
};

/* RFC 4287 4.1.1, 4.1.2; GEM-A2, GEM-A3 */
static void feeds_are_complete(void **state)
{
	(void)state;
	struct buf out = { 0 };
	atom_write(&feed, &style, SPACE_GEMINI, &out);
	assert_string_equal(
	    buf_c(&out),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n"
	    "  <title>Learning out loud</title>\n"
	    "  <subtitle>Notes</subtitle>\n"
	    "  <id>gemini://example.org/feed.xml</id>\n"
	    "  <link rel=\"self\" href=\"gemini://example.org/feed.xml\"/>\n"
	    "  <link rel=\"alternate\" href=\"gemini://example.org/\"/>\n"
	    "  <updated>2020-06-21T00:00:00Z</updated>\n"
	    "  <author>\n    <name>A. Student</name>\n    <email>a@example.org</email>\n"
	    "  </author>\n"
	    "  <entry>\n"
	    "    <title>Vectors &amp; &lt;arrows&gt;</title>\n"
	    "    <id>gemini://example.org/posts/v%C3%A9c%20t%C6%A1.gmi</id>\n"
	    "    <link rel=\"alternate\" href=\"gemini://example.org/posts/"
	    "v%C3%A9c%20t%C6%A1.gmi\"/>\n"
	    "    <published>2020-05-25T02:50:54Z</published>\n"
	    "    <updated>2020-05-25T02:50:54Z</updated>\n"
	    "    <category term=\"linear algebra\"/>\n"
	    "    <summary>A &quot;short&quot; tour</summary>\n"
	    "  </entry>\n"
	    "  <entry>\n"
	    "    <title>Newer</title>\n"
	    "    <id>gemini://example.org/posts/newer.gmi</id>\n"
	    "    <link rel=\"alternate\" href=\"gemini://example.org/posts/newer.gmi\"/>\n"
	    "    <published>2020-06-20T00:00:00Z</published>\n"
	    "    <updated>2020-06-21T00:00:00Z</updated>\n"
	    "    <author>\n      <name>Somebody else</name>\n    </author>\n"
	    "    <rights>CC-BY</rights>\n"
	    "  </entry>\n"
	    "</feed>\n");
	buf_free(&out);
}

/* GOPH-103: entry links are gopher URLs with their item type, percent-encoded. */
static void gopher_feeds_stay_in_gopher(void **state)
{
	(void)state;
	struct buf out = { 0 };
	style.place.gopher_port = 7070;
	atom_write(&feed, &style, SPACE_GOPHER, &out);
	assert_non_null(
	    strstr(buf_c(&out), "href=\"gopher://example.org:7070/0/posts/newer.txt\""));
	assert_non_null(strstr(buf_c(&out), "href=\"gopher://example.org:7070/0/feed.xml\""));
	assert_null(strstr(buf_c(&out), "gemini:"));
	buf_free(&out);
}

/* RFC 4287 4.1.1: a feed has an updated even when it has no entries. */
static void empty_feeds_are_feeds(void **state)
{
	(void)state;
	struct atom_feed empty = feed;
	struct buf out = { 0 };
	empty.nentries = 0;
	atom_write(&empty, &style, SPACE_GEMINI, &out);
	assert_non_null(strstr(buf_c(&out), "<updated>1970-01-01T00:00:00Z</updated>"));
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(feeds_are_complete, setup),
		cmocka_unit_test_setup(gopher_feeds_stay_in_gopher, setup),
		cmocka_unit_test_setup(empty_feeds_are_feeds, setup),
	};
	return cmocka_run_group_tests_name("atom", tests, NULL, NULL);
}
