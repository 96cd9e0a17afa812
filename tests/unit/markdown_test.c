#include "markdown_cases.h"

static void emphasis_and_code_are_runs(void **state)
{
	(void)state;
	expect("*em* **strong** ~~strike~~ `a  b` x", "text *em* **strong** ~~strike~~ `a  b` x\n");
	expect("a&amp;b &copy; &nope; &#27;&#x202e;&#0;&#146;",
	       "text a&b © &nope; \xef\xbf\xbd’\n");                    /* P04 */
	expect("First\nsecond  \nthird", "text First/second//third\n"); /* P01 */
}

static void pieces_of_md4c_are_one_run(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct document *d = parse_case(&arena, STR("snake_case_word * and ] more"));
	assert_int_equal(d->nruns, 1);
	arena_free(&arena);
}

/* Which runs writers may copy without a look at each byte. */
static void plain_runs_are_known(void **state)
{
	(void)state;
	static const struct {
		const char *markdown;
		uint32_t nruns;
		bool plain;
	} cases[] = {
		{ "one line\nand another", 1, true },
		{ "one line\n  and another", 3, true },
		{ "two  blanks in a row, further on in a line that is longer", 1, false },
		{ "caf\xc3\xa9 and much more of it in the same long line", 1, false },
		{ "long enough for one step of sixteen\nca\xc3\xa9", 3, true },
		{ "\xe6\x97\xa5\n\xe6\x9c\xac", 3, false },
		{ "a &amp; b", 3, true },
		{ "[!NOTE]\nno quote", 1, true },
		{ "<!A\nx\n \na\n", 5, true }, /* a blank and a line end are two */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct document *d = parse_case(&arena, str_from(cases[i].markdown));
		assert_int_equal(d->nruns, cases[i].nruns);
		assert_int_equal(d->runs[0].plain, cases[i].plain);
		arena_free(&arena);
	}
}

static void links_have_targets(void **state)
{
	(void)state;
	expect("[a](https://a.example/ \"t &amp; u\")", "text [a](https://a.example/ \"t & u\")\n");
	expect("[a](x.md#b) [r]\n\n[r]: ../y", "text [a](18:x.md#b) [r](18:../y)\n"); /* L13 */
	expect("<https://c.example/> www.d.example <me@x.example>",
	       "text [https://c.example/](auto https://c.example/) "
	       "[www.d.example](auto http://www.d.example) "
	       "[me@x.example](auto mailto:me@x.example)\n");              /* L12 */
	expect("[](http://n.example/p)", "text [](http://n.example/p)\n"); /* L15 */
	expect("[q](<https://x.example/a b/é?q=a\\|b>)",
	       "text [q](https://x.example/a%20b/%C3%A9?q=a%7Cb)\n"); /* L17 */
	expect("[i](https://bücher.example/ü)", "text [i](https://xn--bcher-kva.example/%C3%BC)\n");
	expect("[[Other Post]] [[other-post|that]] [[No]]",
	       "text [Other Post](4:other-post) [that](4:other-post) No\n"); /* L20 */
	expect("| a |\n|---|\n| [[other-post\\|that]] [[No\\|one]] |",       /* a bar of a cell */
	       "table(1)\n  row\n    cell a\n  row\n    cell [that](4:other-post) one\n");
	expect("[z](@/blog/a.md)", "text [z](18:/blog/a.md)\n");
}

/* As Obsidian writes them, which wiki links (L20) come from. */
static void embeds_are_images_or_links(void **state)
{
	(void)state;
	expect("a ![[p.png]] b", "text a ![p](18:p.png) b\n");
	expect("![[my cat.png|300]]", "text ![my cat](18:my cat.png)\n");
	expect("![[p.png|a cat]] ![[p.png|10x20]]", "text ![a cat](18:p.png) ![p](18:p.png)\n");
	expect("![[Other Post]] ![[No]]", "text [Other Post](4:other-post) No\n");
	expect("| a |\n|---|\n| ![[p.png\\|10]] |",
	       "table(1)\n  row\n    cell a\n  row\n    cell ![p](18:p.png)\n");
	expect("\\![[Other Post]] `![[p.png]]` ![[p.png",
	       "text ![Other Post](4:other-post) `![[p.png]]` ![[p.png\n");
}

/* What `[[name]]` would be a wiki link for is a link when an address follows. */
static void words_of_links_may_have_brackets(void **state)
{
	(void)state;
	expect("a [[1]](https://e.example/b), [[x y]](<c d> \"T\")",
	       "text a [[1]](https://e.example/b), [[x y]](18:c d \"T\")\n");
	expect("[[Other Post]](or so), [[No]]()", "text [Other Post](4:other-post)(or so), No()\n");
	expect("![[1]](p.png) `[[1]](u)` \\[[No]](u)",
	       "text ![[1]](18:p.png) `[[1]](u)` [[No]](u)\n");
}

static void links_that_lead_nowhere_are_text(void **state)
{
	(void)state;
	expect(
	    "[js](javascript:alert(1)) [e]() [f](#sec) [c](C:/x) [d](data:text/html,x)", /* L14 */
	    "text js e f c d\n");
}

/* md4c opens or closes some spans alone, where addresses or wiki links swallow the other mark. */
static void spans_end_with_their_block(void **state)
{
	(void)state;
	expect("https://a.example/~~c~~ x\n\nnext",
	       "text [https://a.example/~~c](auto https://a.example/~~c) x\ntext next\n");
	expect("https://a.example/**c** x\n\n> next",
	       "text [https://a.example/**c](auto https://a.example/**c) x\nquote\n  text next\n");
	expect("[[![_|](u)`]]) end\n\nnext", "text `) end\ntext next\n");
}

static void images_have_words(void **state)
{
	(void)state;
	expect("![a *b*](p.png \"T\")", "text ![a b](18:p.png \"T\")\n");
	expect("![](img/pic_one-two%20x.png)",
	       "text ![pic one two x](18:img/pic_one-two%20x.png)\n");
	expect("![](https://a.example/) ![](/)", /* I04 where there is no file name */
	       "text ![a.example](https://a.example/) ![/](18:/)\n");
	expect("[![alt](t.png)](https://b.example/x)", /* I03 */
	       "text [![alt](18:t.png)](https://b.example/x)\n");
	expect("[![alt](t.png)](https://b.example/x.jpg)",
	       "text ![alt](https://b.example/x.jpg)\n");
	expect("![a](data:image/png;base64,x)", "text a\n");
}

static void lists_know_their_numbers(void **state)
{
	(void)state;
	expect(
	    "5) five\n6) six\n   - [x] done\n   - [ ] open", /* O02, T01 */
	    "list())\n  item(5)\n    text five\n  item(6)\n    text six\n"
	    "    list\n      item(1)[x]\n        text done\n      item(2)[ ]\n        text open\n");
}

static void code_says_its_language(void **state)
{
	(void)state;
	expect("```python title=\"x.py\" {linenos=true}\na\n\nb\n```",
	       "code <python x.py> |a\n\nb|\n");
	expect("~~~ {.haskell .numberLines}\na\n~~~", "code <haskell> |a|\n");
	expect("```mermaid\na\n```", "code <mermaid diagram source> |a|\n"); /* K05 */
	expect("```\n```", "");                                              /* K04 */
	expect("> - a\n>\n>   ```\n>     x\n>   y\n>   ```",
	       "quote\n  list\n    item(1)\n      text a\n      code |  x\ny|\n");
}

/* GFM drops them; a reader should not lose O(|V|) and what stands behind it. */
static void alerts_begin_with_their_word(void **state)
{
	(void)state;
	expect("> [!WARNING]\n> Mind *it*.", "quote\n  text Warning:/Mind *it*.\n"); /* Q05 */
	expect("> [!OTHER] x", "quote\n  text [!OTHER] x\n");
}

static void formulas_are_found(void **state)
{
	(void)state;
	expect("a $x^2$, \\(y_1\\) and $`z`$.", "text a {x²}, {y₁} and {z}.\n");
	expect("矩阵$A$是", "text 矩阵{A}是\n");
	expect("$$x$$\n\ntext $$y$$ inline", "math <x> |x|\ntext text {y} inline\n");
	expect("Then\n$$\na\n\n- b\n$$\nafter",
	       "text Then\nmath <a - b> |a\n\n- b|\ntext after\n"); /* G04 */
	expect("> q\n> \\[\n> a + b\n> \\]\n> r",
	       "quote\n  text q\n  math <a + b> |a + b|\n  text r\n");
	expect("> - a\n>\n>   $$x$$",
	       "quote\n  list\n    item(1)\n      text a\n      math <x> |x|\n");
	expect("- $$x$$\n- y", "list\n  item(1)\n    math <x> |x|\n  item(2)\n    text y\n");
	expect(
	    "\\begin{align}\na &= b\n\\end{align}",
	    "math <\\begin{align} a &= b \\end{align}> |\\begin{align}\na &= b\n\\end{align}|\n");
	expect("```math\nx\n```", "math <x> |x|\n");
	expect("## On $$x$$", "heading(2) On {x}\n");
	expect("\\\\( x\\_i\\*\\\\{a\\\\} \\text{b\\_c} \\\\)",
	       "text {xᵢ * {a}b_c}\n"); /* escaped twice */
	expect("\\\\[ a \\\\\\\\ b \\\\]", "math <a \\\\ b> |a \\\\ b|\n");
}

static void money_and_code_are_no_formulas(void **state)
{
	(void)state;
	expect("It costs $5 and $6, or US$7.", "text It costs $5 and $6, or US$7.\n"); /* G02 */
	expect("a $10 fee and $x$", "text a $10 fee and {x}\n");
	expect("`$x$` \\$y$ foo$x+y$bar $ a $", "text `$x$` $y$ foo$x+y$bar $ a $\n");
	expect("| a | b |\n|---|---|\n| c | $x |\n| $y | `$z$` |",
	       "table(2)\n  row\n    cell a\n    cell b\n  row\n    cell c\n    cell $x\n"
	       "  row\n    cell $y\n    cell `$z$`\n");
	expect("> of $ n $rows:\n> $$\n> x\n> $$\n> end",
	       "quote\n  text of $ n $rows:\n  math <x> |x|\n  text end\n");
	expect("set PATH=$HOME\\bin;$PATH", "text set PATH=$HOME\\bin;$PATH\n");
	expect("    $$x$$", "code |$$x$$|\n");
	expect("```\n$x$ [^1] {{ y }}\n```\n\n[^1]: n", "code |$x$ [^1] {{ y }}|\n");
	expect("\\((m\\times 1)\\)(n) \\\\(a\\\\)(b)", "text {(m × 1)}(n) {a}(b)\n");
	expect("\\[not a link\\](x) and \\(like this\\)", "text [not a link](x) and (like this)\n");
	expect("[a](http://x/$y$/z) <b title='$x$'>t</b>", "text [a](http://x/$y$/z) **t**\n");
}

static void texts_hold_formulas_of_their_own(void **state)
{
	(void)state;
	expect("$E = \\text{length($A$)}$ x", "text {E = length(A)} x\n"); /* G02 */
	expect("$\\{\\text{the $i$th of $n_1$}\\}$ $x$", "text {{the ith of n₁}} {x}\n");
	expect("$\\mbox{a \\textit{$b$} $c$}, \\text{$d$}$", "text {a b c, d}\n");
	expect("$\\text{a $b$ c", "text $\\text{a {b} c\n");
	expect("$\\frac{a $b$ c}$", "text $\\frac{a {b} c}$\n");
}

static void broken_formulas_are_their_source(void **state)
{
	(void)state;
	expect("$\\frac{a$ and $\\frac{a}$", "text $\\frac{a$ and $\\frac{a}$\n");
}

static void macros_hold_everywhere(void **state)
{
	(void)state;
	expect("$x \\in \\R$\n\n\\newcommand{\\R}{\\mathbb{R}}", "text {x ∈ ℝ}\n");
	expect("$$\\newcommand{\\v}[1]{#1^2}$$\n\n$\\v{a}$", "text {a²}\n");
}

static void footnotes_follow_in_order_of_reference(void **state)
{
	(void)state;
	expect("b[^b] a[^a] b[^b] no[^no]\n\n[^a]: A $x$\n    more[^c]\n\n    second\n[^b]: "
	       "B\nlazy\n\n[^c]: C\n[^u]: U",
	       "text b[^1] a[^2] b[^1] no[^no]\n"
	       "note(0)\n  text B/lazy\n"
	       "note(1)\n  text A {x}/more[^3]\n  text second\n"
	       "note(2)\n  text C\n"); /* F01 */
	expect(
	    "`[^a]` x[^a]\n\n[^a]: - l\n\n          code\n",
	    "text `[^a]` x[^1]\nnote(0)\n  list\n    item(1)\n      text l\n      code |code|\n");
}

static void definitions_are_lists(void **state)
{
	(void)state;
	expect(
	    "Term\n: One\n  more\n: Two\n\nApple\n\n:   fruit\n\n    - x\n\nafter", /* F02 */
	    "definitions\n  term Term\n  definition\n    text One/more\n  definition\n    text "
	    "Two\n"
	    "  term Apple\n  definition\n    text fruit\n    list\n      item(1)\n        text x\n"
	    "text after\n");
	const char *const one = "definitions\n  term T\n  definition\n    text d\n";
	struct buf then = { 0 };
	buf_format(&then, "%slist\n  item(1)\n    text a\n    text b\n", one);
	expect("T\n: d\n\n- a\n\n  b", buf_c(&then));
	buf_clear(&then);
	buf_format(&then, "%squote\n  text q/r\n", one);
	expect("T\n: d\n\n> q\n> r", buf_c(&then));
	buf_free(&then);
	expect("> T\n> : d\n>\n> a", "quote\n  definitions\n    term T\n    definition\n"
				     "      text d\n  text a\n");
	expect("1.  T\n    : d\n\n    a\n2.  b",
	       "list(.)\n  item(1)\n    definitions\n      term T\n      definition\n"
	       "        text d\n    text a\n  item(2)\n    text b\n");
	expect("> - a\n>\n>   T\n>   : d", "quote\n  list\n    item(1)\n      text a\n"
					   "      definitions\n        term T\n"
					   "        definition\n          text d\n");
	expect("T\n:   d\n\n    | a |\n    |---|\n",
	       "definitions\n  term T\n  definition\n    text d\n    table(1)\n"
	       "      row\n        cell a\n");
	expect("- T\n: d", "list\n  item(1)\n    text T/: d\n"); /* not in the item */
	expect("> T\n\n: d", "quote\n  text T\ntext : d\n");
	expect("no\n\ntime: 5\n\n    : code", "text no\ntext time: 5\ncode |: code|\n");
}

static void hostile_bytes_are_cleaned(void **state)
{
	(void)state;
	expect("a\x07"
	       "b\x1b[31m\tc\r\nd\xff",
	       "text ab[31m c/d\xef\xbf\xbd\n"); /* Z02 */
	expect("\xef\xbb\xbf"
	       "x\xee\x80\x80"
	       "0\xee\x80\x81 $y$",
	       "text x0 {y}\n");
	expect("   \n\n", ""); /* Z01 */
}

static void depth_is_bounded(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct buf deep = { 0 };
	buf_repeat(&deep, STR("> "), 5000);
	buf_add(&deep, STR("text\n\nafter"));
	struct document *d = parse_case(&arena, buf_str(&deep));
	assert_true(d->blocks[d->nblocks - 2].depth <= DOCUMENT_MAX_DEPTH);
	assert_int_equal(d->blocks[d->nblocks - 1].depth, 0);
	buf_free(&deep);
	arena_free(&arena);
}

/* References that blow up are cut off, and what was not reached is kept. */
static void output_is_bounded(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct buf body = { 0 };
	buf_add(&body, STR("[a]: http://x.example/"));
	buf_repeat(&body, STR("y"), 5000);
	buf_add(&body, STR("\n\n"));
	buf_repeat(&body, STR("[a] "), 5000);
	buf_add(&body, STR("\n\nthe *last* words\n"));
	struct document *d = parse_case(&arena, buf_str(&body));
	struct buf words = { 0 };
	document_plain(d, 0, d->nruns, &words);
	assert_true(str_ends(buf_str(&words), STR("the *last* words")));
	buf_free(&words);
	buf_free(&body);
	arena_free(&arena);
}

/* A page of addresses is read as one; what would take md4c minutes stays words. */
static void bare_links_are_bounded(void **state)
{
	(void)state;
	static const struct {
		const char *piece;
		size_t times, nlinks;
	} cases[] = {
		{ "see http://a.example/b_c, ", 1000, 1000 },
		{ "- http://a.example/b\n", 5000, 5000 },
		{ "| www.a.example |\n|---|\n", 1, 1 },
		{ "www.a.example ", 100000, 0 },
		{ "http://a.example/(", 5000, 0 },
		{ "www._", 50000, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = { 0 };
		struct buf body = { 0 };
		buf_repeat(&body, str_from(cases[i].piece), cases[i].times);
		struct document *d = parse_case(&arena, buf_str(&body));
		assert_int_equal(d->nlinks, cases[i].nlinks);
		buf_free(&body);
		arena_free(&arena);
	}
}

static void count_blocks(const char *head, const char *piece, size_t times, enum block_kind kind,
			 size_t nblocks)
{
	struct arena arena = { 0 };
	struct buf body = { 0 };
	buf_add(&body, str_from(head));
	buf_repeat(&body, str_from(piece), times);
	struct document *d = parse_case(&arena, buf_str(&body));
	size_t count = 0;
	for (size_t i = 0; i < d->nblocks; i++)
		count += d->blocks[i].kind == kind;
	if (count != nblocks)
		fail_msg("%s%s: %zu", head, piece, count);
	buf_free(&body);
	arena_free(&arena);
}

static void long_paragraphs_are_broken(void **state)
{
	(void)state;
	count_blocks("", "[a](u)\n", 5000, BLOCK_PARAGRAPH, 3);
	count_blocks("", "[a](u) [b](v)\n", 1000, BLOCK_PARAGRAPH, 1);
	count_blocks("", "words\n", 5000, BLOCK_PARAGRAPH, 1);
	count_blocks("> x\n", "> [a]\n", 5000, BLOCK_PARAGRAPH, 3);
	count_blocks("> x\n", "> [a]\n", 5000, BLOCK_QUOTE, 1);
	count_blocks("- x\n", "  [a]\n", 5000, BLOCK_PARAGRAPH, 3);
	count_blocks("- x\n", "  [a]\n", 5000, BLOCK_ITEM, 1);
	count_blocks("a|b\n-|-\n", "[a]|b\n", 5000, BLOCK_ROW, 5001);
	count_blocks("```\n", "[a]\n", 5000, BLOCK_CODE, 1);
}

static void expect_fitted(const char *markdown, const char *title, const char *wanted)
{
	struct arena arena = { 0 };
	struct buf out = { 0 };
	struct document *d = parse_case(&arena, str_from(markdown));
	markdown_fit_title(d, str_from(title));
	describe(d, &out);
	assert_string_equal(buf_c(&out), wanted);
	buf_free(&out);
	arena_free(&arena);
}

static void the_title_is_said_once(void **state)
{
	(void)state;
	expect_fitted("# Eigen *values*\n\n# Part\n\n## Sub", "eigen `values`",
		      "heading(2) Part\nheading(3) Sub\n"); /* H03 */
	expect_fitted("# Eigen\n\n## Sub", "Eigen", "heading(2) Sub\n");
	expect_fitted("> q\n\n# Eigen\n\n- a", "Eigen",
		      "quote\n  text q\nlist\n  item(1)\n    text a\n");
	expect_fitted("# [Eigen](https://e.example/)", "Eigen",
		      "text [Eigen](https://e.example/)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emphasis_and_code_are_runs),
		cmocka_unit_test(pieces_of_md4c_are_one_run),
		cmocka_unit_test(plain_runs_are_known),
		cmocka_unit_test(links_have_targets),
		cmocka_unit_test(embeds_are_images_or_links),
		cmocka_unit_test(words_of_links_may_have_brackets),
		cmocka_unit_test(links_that_lead_nowhere_are_text),
		cmocka_unit_test(images_have_words),
		cmocka_unit_test(spans_end_with_their_block),
		cmocka_unit_test(lists_know_their_numbers),
		cmocka_unit_test(code_says_its_language),
		cmocka_unit_test(alerts_begin_with_their_word),
		cmocka_unit_test(formulas_are_found),
		cmocka_unit_test(money_and_code_are_no_formulas),
		cmocka_unit_test(texts_hold_formulas_of_their_own),
		cmocka_unit_test(broken_formulas_are_their_source),
		cmocka_unit_test(macros_hold_everywhere),
		cmocka_unit_test(footnotes_follow_in_order_of_reference),
		cmocka_unit_test(definitions_are_lists),
		cmocka_unit_test(hostile_bytes_are_cleaned),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(output_is_bounded),
		cmocka_unit_test(long_paragraphs_are_broken),
		cmocka_unit_test(bare_links_are_bounded),
		cmocka_unit_test(the_title_is_said_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
