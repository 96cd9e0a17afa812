/* Every kind of page in both spaces, byte for byte (cases/pages.md, contract "Addresses"). */
#include "small_capsule.h"

static struct small_capsule capsule;

static void home_in_gemini(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/",
		    "# Learning out loud\n"
		    "\n"
		    "## Notes of a student\n"
		    "\n"
		    "Welcome.\n"
		    "\n"
		    "## Latest posts\n"
		    "=> /posts/eigenvalues.gmi 2020-06-20 Eigenvalues, slowly\n"
		    "=> /posts/vectors.gmi 2020-06-02 What a vector is\n"
		    "=> /posts/intro.gmi 2020-05-25 An introduction\n"
		    "=> /archive/ All posts by year (4)\n"
		    "\n"
		    "## Series\n"
		    "=> /series/math-for-ml/ Math for ML (3 parts)\n"
		    "=> /series/ All series (1)\n"
		    "\n"
		    "## Keywords\n"
		    "=> /keywords/linear-algebra/ linear algebra (2)\n"
		    "=> /keywords/machine-learning/ machine_learning (2)\n"
		    "=> /keywords/ All keywords (3)\n"
		    "\n"
		    "## More\n"
		    "=> /random A random post\n"
		    "=> /feed.xml Atom feed\n"
		    "=> /about.gmi About\n"
		    "=> gopher://example.org:7070/1/ This capsule in Gopherspace\n");
	assert_true(str_equal(capsule.response.type, STR("text/gemini")));
	assert_true(str_equal(capsule.response.lang, STR("en")));
	assert_true(capsule.response.cacheable);
}

#define INFO "\t\terror.host\t1\r\n"
#define HERE "\texample.org\t7070\r\n"

static void home_in_gopher(void **state)
{
	(void)state;
	assert_page(
	    &capsule, SPACE_GOPHER, "/",
	    "iLearning out loud" INFO "i" INFO "iNotes of a student" INFO "i" INFO "iWelcome." INFO
	    "i" INFO "iLatest posts" INFO
	    "02020-06-20 Eigenvalues, slowly\t/posts/eigenvalues.txt" HERE
	    "02020-06-02 What a vector is\t/posts/vectors.txt" HERE
	    "02020-05-25 An introduction\t/posts/intro.txt" HERE
	    "1All posts by year (4)\t/archive/" HERE "i" INFO "iSeries" INFO
	    "1Math for ML (3 parts)\t/series/math-for-ml/" HERE "1All series (1)\t/series/" HERE
	    "i" INFO "iKeywords" INFO "1linear algebra (2)\t/keywords/linear-algebra/" HERE
	    "1machine_learning (2)\t/keywords/machine-learning/" HERE
	    "1All keywords (3)\t/keywords/" HERE "i" INFO "iMore" INFO
	    "1A random post\t/random" HERE "0Atom feed\t/feed.xml" HERE "0About\t/about.txt" HERE
	    "hThis capsule in Gemini\tURL:gemini://example.org/" HERE ".\r\n");
	assert_int_equal(capsule.response.kind, RESPONSE_MENU);
	assert_int_equal(capsule.response.item, '1');
}

static void archive(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/archive/",
		    "# Archive\n"
		    "\n"
		    "4 posts since 2019.\n"
		    "\n"
		    "## 2020\n"
		    "=> /posts/eigenvalues.gmi 2020-06-20 Eigenvalues, slowly\n"
		    "=> /posts/vectors.gmi 2020-06-02 What a vector is\n"
		    "=> /posts/intro.gmi 2020-05-25 An introduction\n"
		    "\n"
		    "=> /archive/2/ Older posts\n"
		    "=> /archive/2020/ Year 2020 (3)\n"
		    "=> /archive/2019/ Year 2019 (1)\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GEMINI, "/archive/2/",
		    "# Archive\n"
		    "\n"
		    "4 posts since 2019.\n"
		    "\n"
		    "## 2019\n"
		    "=> /posts/first%20steps.gmi 2019-11-03 First steps\n"
		    "\n"
		    "=> /archive/ Newer posts\n"
		    "=> /archive/2020/ Year 2020 (3)\n"
		    "=> /archive/2019/ Year 2019 (1)\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GEMINI, "/archive/2019/",
		    "# Year 2019\n"
		    "\n"
		    "1 post.\n"
		    "\n"
		    "=> /posts/first%20steps.gmi 2019-11-03 First steps\n"
		    "\n"
		    "=> /archive/ Archive\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GOPHER, "/archive/2/",
		    "iArchive" INFO "i" INFO "i4 posts since 2019." INFO "i" INFO "i2019" INFO
		    "02019-11-03 First steps\t/posts/first steps.txt" HERE "i" INFO
		    "1Newer posts\t/archive/" HERE "1Year 2020 (3)\t/archive/2020/" HERE
		    "1Year 2019 (1)\t/archive/2019/" HERE "1Learning out loud\t/" HERE ".\r\n");
}

static void series(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/series/",
		    "# Series\n"
		    "\n"
		    "=> /series/math-for-ml/ Math for ML (3 parts)\n"
		    "\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GEMINI, "/series/math-for-ml/",
		    "# Math for ML\n"
		    "\n"
		    "3 parts, in reading order.\n"
		    "\n"
		    "Part 1\n"
		    "=> /posts/intro.gmi 2020-05-25 An introduction\n"
		    "What is it, really?\n"
		    "\n"
		    "Part 2\n"
		    "=> /posts/vectors.gmi 2020-06-02 What a vector is\n"
		    "Arrows, lists of numbers, and why both are right.\n"
		    "\n"
		    "Part 3\n"
		    "=> /posts/eigenvalues.gmi 2020-06-20 Eigenvalues, slowly\n"
		    "Directions that stay.\n"
		    "\n"
		    "=> /series/math-for-ml/feed.xml Atom feed of this series\n"
		    "=> /series/ All series\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GOPHER, "/series/math-for-ml/",
		    "iMath for ML" INFO "i" INFO "i3 parts, in reading order." INFO "i" INFO
		    "iPart 1" INFO "02020-05-25 An introduction\t/posts/intro.txt" HERE
		    "iWhat is it, really?" INFO "i" INFO "iPart 2" INFO
		    "02020-06-02 What a vector is\t/posts/vectors.txt" HERE
		    "iArrows, lists of numbers, and why both are right." INFO "i" INFO
		    "iPart 3" INFO "02020-06-20 Eigenvalues, slowly\t/posts/eigenvalues.txt" HERE
		    "iDirections that stay." INFO "i" INFO
		    "0Atom feed of this series\t/series/math-for-ml/feed.xml" HERE
		    "1All series\t/series/" HERE "1Learning out loud\t/" HERE ".\r\n");
}

static void keywords(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/keywords/",
		    "# Keywords\n"
		    "\n"
		    "=> /keywords/diary/ diary (1)\n"
		    "=> /keywords/linear-algebra/ linear algebra (2)\n"
		    "=> /keywords/machine-learning/ machine_learning (2)\n"
		    "\n"
		    "=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GEMINI, "/keywords/machine-learning/",
		    "# machine_learning\n"
		    "\n"
		    "2 posts.\n"
		    "\n"
		    "=> /posts/vectors.gmi 2020-06-02 What a vector is\n"
		    "=> /posts/intro.gmi 2020-05-25 An introduction\n"
		    "\n"
		    "=> /keywords/linear-algebra/ See also: linear algebra (2)\n"
		    "\n"
		    "=> /keywords/machine-learning/feed.xml Atom feed of this keyword\n"
		    "=> /keywords/ All keywords\n"
		    "=> / Learning out loud\n");
}

static void post_in_gemini(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/posts/vectors.gmi",
		    "# What a vector is\n"
		    "\n"
		    "2020-06-02\n"
		    "=> /series/math-for-ml/ Series: Math for ML\n"
		    "=> /keywords/linear-algebra/ Keyword: linear algebra\n"
		    "=> /keywords/machine-learning/ Keyword: machine_learning\n"
		    "\n"
		    "An arrow, see the introduction.\n"
		    "\n"
		    "=> /posts/intro.gmi the introduction\n"
		    "\n"
		    "Part 2 of 3 of Math for ML\n"
		    "=> /posts/intro.gmi Previous part: An introduction\n"
		    "=> /posts/eigenvalues.gmi Next part: Eigenvalues, slowly\n"
		    "=> /series/math-for-ml/ All parts\n"
		    "\n"
		    "=> /posts/intro.gmi Older: An introduction\n"
		    "=> /posts/eigenvalues.gmi Newer: Eigenvalues, slowly\n"
		    "=> /posts/vectors.md Source in Markdown\n"
		    "=> / Learning out loud\n");
	assert_true(str_equal(capsule.response.lang, STR("en")));
}

#define VECTORS_TEXT(menu, n, m, notes)                                                            \
	"What a vector is\n"                                                                       \
	"================\n"                                                                       \
	"\n"                                                                                       \
	"2020-06-02\n"                                                                             \
	"Series: Math for ML\n"                                                                    \
	"Keywords: linear algebra, machine_learning\n"                                             \
	"\n"                                                                                       \
	"An arrow, see the introduction[1].\n"                                                     \
	"\n"                                                                                       \
	"Part 2 of 3 of Math for ML\n"                                                             \
	"Previous part: An introduction[1]\n"                                                      \
	"Next part: Eigenvalues, slowly[2]\n"                                                      \
	"All parts[3]\n"                                                                           \
	"\n"                                                                                       \
	"Older: An introduction[1]\n"                                                              \
	"Newer: Eigenvalues, slowly[2]\n" menu "Source in Markdown[" n "]\n"                       \
	"Learning out loud[" m "]\n"                                                               \
	"\n"                                                                                       \
	"Notes\n"                                                                                  \
	"-----\n" notes

static void post_as_text(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GOPHER, "/posts/vectors.txt",
		    VECTORS_TEXT("With live links[4]\n", "5", "6",
				 "[1] gopher://example.org:7070/0/posts/intro.txt\n"
				 "[2] gopher://example.org:7070/0/posts/eigenvalues.txt\n"
				 "[3] gopher://example.org:7070/1/series/math-for-ml/\n"
				 "[4] gopher://example.org:7070/1/posts/vectors/\n"
				 "[5] gopher://example.org:7070/0/posts/vectors.md\n"
				 "[6] gopher://example.org:7070/1/\n"));
	assert_int_equal(capsule.response.item, '0');
	assert_page(&capsule, SPACE_GEMINI, "/posts/vectors.txt",
		    VECTORS_TEXT("", "4", "5",
				 "[1] gemini://example.org/posts/intro.gmi\n"
				 "[2] gemini://example.org/posts/eigenvalues.gmi\n"
				 "[3] gemini://example.org/series/math-for-ml/\n"
				 "[4] gemini://example.org/posts/vectors.md\n"
				 "[5] gemini://example.org/\n"));
	assert_true(str_equal(capsule.response.type, STR("text/plain")));
}

static void post_as_menu(void **state)
{
	(void)state;
	assert_page(
	    &capsule, SPACE_GOPHER, "/posts/vectors/",
	    "iWhat a vector is" INFO "i" INFO "i2020-06-02" INFO
	    "1Series: Math for ML\t/series/math-for-ml/" HERE
	    "1Keyword: linear algebra\t/keywords/linear-algebra/" HERE
	    "1Keyword: machine_learning\t/keywords/machine-learning/" HERE "i" INFO
	    "iAn arrow, see the introduction." INFO "i" INFO
	    "0the introduction\t/posts/intro.txt" HERE "i" INFO "iPart 2 of 3 of Math for ML" INFO
	    "0Previous part: An introduction\t/posts/intro.txt" HERE
	    "0Next part: Eigenvalues, slowly\t/posts/eigenvalues.txt" HERE
	    "1All parts\t/series/math-for-ml/" HERE "i" INFO
	    "0Older: An introduction\t/posts/intro.txt" HERE
	    "0Newer: Eigenvalues, slowly\t/posts/eigenvalues.txt" HERE
	    "0Source in Markdown\t/posts/vectors.md" HERE "1Learning out loud\t/" HERE ".\r\n");
}

static void source_is_the_file(void **state)
{
	(void)state;
	static const char file[] =
	    "---\ntitle: First steps\nkeyword: [diary]\nlang: vi\nlicense: CC-BY\n"
	    "cover_image: images/cover.png\n---\nHello.\n";
	assert_page(&capsule, SPACE_GEMINI, "/posts/first steps.md", file);
	assert_true(str_equal(capsule.response.type, STR("text/markdown")));
	assert_page(&capsule, SPACE_GOPHER, "/posts/first steps.md", file);
	assert_int_equal(capsule.response.kind, RESPONSE_FILE); /* no byte of it is changed */
}

static void posts_in_their_own_language(void **state)
{
	(void)state;
	struct response *response =
	    small_capsule_ask(&capsule, SPACE_GEMINI, "/posts/first steps.gmi");
	assert_int_equal(response->kind, RESPONSE_TEXT);
	assert_true(str_equal(response->lang, STR("vi")));
	const char *body = small_capsule_body(&capsule);
	assert_non_null(strstr(body, "=> /keywords/diary/ T\xe1\xbb\xab kh\xc3\xb3"
				     "a: diary\n"));
	assert_non_null(
	    strstr(body, "=> /posts/intro.gmi M\xe1\xbb\x9bi h\xc6\xa1n: An introduction\n"));
	assert_non_null(strstr(body, "=> /images/cover.png H\xc3\xacnh: First steps\n"));
}

static void hand_written_pages(void **state)
{
	(void)state;
	assert_page(&capsule, SPACE_GEMINI, "/about.gmi",
		    "# About\n\nI write.\n\n=> / Learning out loud\n");
	assert_page(&capsule, SPACE_GOPHER, "/about.txt",
		    "About\n=====\n\nI write.\n\nLearning out loud[1]\n\nNotes\n-----\n"
		    "[1] gopher://example.org:7070/1/\n");
	assert_page(&capsule, SPACE_GEMINI, "/links.gmi",
		    "# Links\n=> https://a.example/ A\n* one\n* two\n> said\n```\n=> code\n```\n");
	assert_true(str_equal(capsule.response.type, STR("text/gemini")));
	assert_page(&capsule, SPACE_GOPHER, "/links.txt",
		    "Links\n=====\n\nA[1]\n\n* one\n* two\n\n> said\n\n    => code\n\n"
		    "Notes\n-----\n[1] https://a.example/\n");
	assert_redirect(&capsule, SPACE_GEMINI, "/home.gmi", true, "/");
}

static void feeds(void **state)
{
	(void)state;
	static const char *const paths[] = { "/feed.xml", "/series/math-for-ml/feed.xml",
					     "/keywords/machine-learning/feed.xml" };
	static const unsigned entries[] = { 4, 3, 2 };
	for (size_t i = 0; i < 3; i++) {
		struct response *response = small_capsule_ask(&capsule, SPACE_GEMINI, paths[i]);
		assert_int_equal(response->kind, RESPONSE_TEXT);
		assert_true(str_equal(response->type, STR("application/atom+xml")));
		const char *body = small_capsule_body(&capsule);
		unsigned count = 0;
		for (const char *at = body; (at = strstr(at, "<entry>")) != NULL; at++)
			count++;
		assert_int_equal(count, entries[i]);
		assert_non_null(strstr(body, "gemini://example.org/posts/vectors.gmi"));
		assert_null(strstr(body, "gopher://"));
	}
	small_capsule_ask(&capsule, SPACE_GEMINI, "/feed.xml");
	assert_non_null(strstr(small_capsule_body(&capsule), "<rights>CC-BY</rights>"));
	/* Newest first, in a series too. */
	small_capsule_ask(&capsule, SPACE_GOPHER, "/series/math-for-ml/feed.xml");
	const char *body = small_capsule_body(&capsule);
	const char *newest = strstr(body, "gopher://example.org:7070/0/posts/eigenvalues.txt");
	const char *oldest = strstr(body, "gopher://example.org:7070/0/posts/intro.txt");
	assert_true(newest != NULL && oldest != NULL && newest < oldest);
	assert_int_equal(capsule.response.item, '0');
}

static void any_post(void **state)
{
	(void)state;
	struct response *response = small_capsule_ask(&capsule, SPACE_GEMINI, "/random");
	assert_int_equal(response->kind, RESPONSE_REDIRECT);
	assert_false(response->permanent || response->cacheable);
	assert_true(str_starts(response->text, STR("/posts/")));
	response = small_capsule_ask(&capsule, SPACE_GOPHER, "/random");
	assert_int_equal(response->kind, RESPONSE_MENU);
	assert_false(response->cacheable);
	assert_int_equal(small_capsule_body(&capsule)[0], '0');
}

/* GEM-S8 */
static void only_posts_begin_with_a_date(void **state)
{
	(void)state;
	struct small_capsule dated;
	small_capsule_begin(&dated);
	small_capsule_write(&dated, "pages/party.md", "# 2020-03-03 Party\n");
	small_capsule_write(&dated, "content/a.md",
			    "---\ntitle: A\ndate: 2020-05-25\nseries: 2020-05 diary\n"
			    "tags: [2020-05-25, 2020-5]\n---\n");
	small_capsule_write(&dated, "content/b.md",
			    "---\ntitle: B\ndate: 2020-05-24\nseries: 2020-05-01 trip\n---\n");
	small_capsule_load(&dated, "title: T\nhosts: [example.org]\ngopher: {listen: off}\n");
	assert_page(&dated, SPACE_GEMINI, "/",
		    "# T\n"
		    "\n"
		    "## Latest posts\n"
		    "=> /posts/a.gmi 2020-05-25 A\n"
		    "=> /posts/b.gmi 2020-05-24 B\n"
		    "=> /archive/ All posts by year (2)\n"
		    "\n"
		    "## Series\n"
		    "=> /series/2020-05-diary/ 2020-05 diary (1 part)\n"
		    "=> /series/2020-05-01-trip/ Series: 2020-05-01 trip (1 part)\n"
		    "=> /series/ All series (2)\n"
		    "\n"
		    "## Keywords\n"
		    "=> /keywords/2020-05-25/ Keyword: 2020-05-25 (1)\n"
		    "=> /keywords/2020-5/ 2020-5 (1)\n"
		    "=> /keywords/ All keywords (2)\n"
		    "\n"
		    "## More\n"
		    "=> /random A random post\n"
		    "=> /feed.xml Atom feed\n"
		    "=> /party.gmi More: 2020-03-03 Party\n");
	small_capsule_end(&dated);
}

static int begin(void **state)
{
	(void)state;
	small_capsule_begin(&capsule);
	small_capsule_write(&capsule, "pages/home.md", "Welcome.\n");
	small_capsule_write(&capsule, "pages/about.md", "---\ntitle: About\n---\nI write.\n");
	small_capsule_write(
	    &capsule, "pages/links.gmi",
	    "# Links\n=> https://a.example/ A\n* one\n* two\n> said\n```\n=> code\n```\n");
	small_capsule_write(&capsule, "content/2019-11-03-first steps.md",
			    "---\ntitle: First steps\nkeyword: [diary]\nlang: vi\nlicense: CC-BY\n"
			    "cover_image: images/cover.png\n---\nHello.\n");
	small_capsule_write(&capsule, "content/images/cover.png", "\x89PNG");
	small_capsule_write(&capsule, "content/intro.md",
			    "---\ntitle: An introduction\ndate: 2020-05-25T02:50:54.615Z\n"
			    "series: Math for ML\nkeyword: machine_learning\n"
			    "description: What is it, really?\n---\nBody.\n");
	small_capsule_write(&capsule, "content/vectors.md",
			    "---\ntitle: What a vector is\ndate: 2020-06-02\n"
			    "series: Math for ML\nkeyword: [linear algebra, machine_learning]\n"
			    "description: Arrows, lists of numbers, and why both are right.\n---\n"
			    "An arrow, see [the introduction](intro.md).\n");
	small_capsule_write(&capsule, "content/eigenvalues.md",
			    "---\ntitle: Eigenvalues, slowly\ndate: 2020-06-20\n"
			    "series: Math for ML\nkeyword: Linear_Algebra, linear algebra\n"
			    "description: Directions that stay.\n---\nBody.\n");
	small_capsule_load(&capsule, "title: Learning out loud\ndescription: Notes of a student\n"
				     "hosts: [example.org]\nposts_per_page: 3\n"
				     "gemini: {port: 1965}\ngopher: {port: 7070}\n");
	return 0;
}

static int end(void **state)
{
	(void)state;
	small_capsule_end(&capsule);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_in_gemini),
		cmocka_unit_test(home_in_gopher),
		cmocka_unit_test(archive),
		cmocka_unit_test(series),
		cmocka_unit_test(keywords),
		cmocka_unit_test(post_in_gemini),
		cmocka_unit_test(post_as_text),
		cmocka_unit_test(post_as_menu),
		cmocka_unit_test(source_is_the_file),
		cmocka_unit_test(posts_in_their_own_language),
		cmocka_unit_test(hand_written_pages),
		cmocka_unit_test(feeds),
		cmocka_unit_test(any_post),
		cmocka_unit_test(only_posts_begin_with_a_date),
	};
	return cmocka_run_group_tests_name("pages", tests, begin, end);
}
