#include "writers.h"

/* GOPH-10, GOPH-12, GOPH-44, pages.md "The same in Gopher" */
static void pages_are_menus(void **state)
{
	(void)state;
	document_heading(d, 1, STR("Learning out loud"));
	document_link(d, (struct route){ .kind = ROUTE_POST, .name = STR("vectors") },
		      STR("2020-06-02 What a vector is"));
	document_link(d, (struct route){ .kind = ROUTE_SEARCH }, STR("Search"));
	document_link_url(d, STR("gemini://example.org/"), STR("In Gemini"));
	assert_written(gopher_menu_write,
		       "iLearning out loud\t\terror.host\t1\r\n"
		       "02020-06-02 What a vector is\t/posts/vectors.txt\texample.org\t70\r\n"
		       "7Search\t/search\texample.org\t70\r\n"
		       "hIn Gemini\tURL:gemini://example.org/\texample.org\t70\r\n"
		       ".\r\n");
}

/* GOPH-36: gopher URLs are items of their own host. */
static void gopher_urls_are_items(void **state)
{
	(void)state;
	document_link_url(d, STR("gopher://a.example"), STR("root"));
	document_link_url(d, STR("gopher://a.example:7070/Ipic%20one.png"), STR("picture"));
	document_link_url(d, STR("gopher://a.example/7/find%09words"), STR("a search"));
	assert_written(gopher_menu_write,
		       "1root\t\ta.example\t70\r\n"
		       "Ipicture\tpic one.png\ta.example\t7070\r\n"
		       "ha search\tURL:gopher://a.example/7/find%09words\texample.org\t70\r\n"
		       ".\r\n");
}

/* GOPH-13: what does not fit stands above the item, which says as much as the lines above. */
static void long_labels_are_wrapped(void **state)
{
	(void)state;
	document_link_url(d, STR("https://a.example/"),
			  STR("A label that is so long that it cannot stand in one line of a menu"
			      " at all"));
	assert_written(
	    gopher_menu_write,
	    "iA label that is so long that it cannot\t\terror.host\t1\r\n"
	    "hstand in one line of a menu at all\tURL:https://a.example/\texample.org\t70\r\n"
	    ".\r\n");
}

static void text_is_wrapped_with_its_mark(void **state)
{
	(void)state;
	document_open(d, BLOCK_QUOTE);
	paragraph("Linear algebra is the language of machine learning, and matrices are verbs.");
	document_close(d);
	paragraph("=> not a link");
	uint32_t code = document_add(d, BLOCK_CODE);
	d->blocks[code].text = STR("a\tb");
	assert_written(gopher_menu_write,
		       "i> Linear algebra is the language of machine learning, and matrices\t\t"
		       "error.host\t1\r\n"
		       "i> are verbs.\t\terror.host\t1\r\n"
		       "i\t\terror.host\t1\r\n"
		       "i=> not a link\t\terror.host\t1\r\n"
		       "i\t\terror.host\t1\r\n"
		       "ia    b\t\terror.host\t1\r\n"
		       ".\r\n");
}

/* GOPH-14, GOPH-17 */
static void fields_are_clean(void **state)
{
	(void)state;
	struct buf out = { 0 };
	gopher_menu_item('0', STR(""), STR("/a\tb\r\n"), STR("h\033ost"), 70, &out);
	assert_string_equal(buf_c(&out), "0/a b\t/a b\thost\t70\r\n");
	buf_free(&out);
}

/* `charset: ascii` reaches the marks of lists too. */
static void menus_can_be_ascii(void **state)
{
	(void)state;
	style.ascii = true;
	for (int i = 0; i < 2; i++) {
		document_open(d, BLOCK_LIST);
		uint32_t item = document_open(d, BLOCK_ITEM);
		d->blocks[item].task = TASK_DONE;
		paragraph("“é”");
	}
	for (int i = 0; i < 4; i++)
		document_close(d);
	assert_written(gopher_menu_write, "i* [x] \"e\"\t\terror.host\t1\r\n"
					  "i* - [x] \"e\"\t\terror.host\t1\r\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITER_TEST(pages_are_menus),         WRITER_TEST(gopher_urls_are_items),
		WRITER_TEST(long_labels_are_wrapped), WRITER_TEST(text_is_wrapped_with_its_mark),
		WRITER_TEST(fields_are_clean),        WRITER_TEST(menus_can_be_ascii),
	};
	return cmocka_run_group_tests_name("gopher_menu", tests, NULL, NULL);
}
