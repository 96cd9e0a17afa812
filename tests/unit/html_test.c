#include "markdown_cases.h"

static void blocks_become_paragraphs(void **state)
{
	(void)state;
	expect("<div class=\"n\">\nBlock <b>html</b> &amp; <a href=\"https://h.example/a\">a "
	       "link</a><br>next\n</div>",
	       "text Block html & [a link](https://h.example/a)//next\n"); /* M01 */
	expect("<p>a</p><p>b<br><br>c</p><hr><h2>d <i>e</i></h2>f",
	       "text a\ntext b\ntext c\nrule\nheading(2) d e\ntext f\n");
	expect("<details><summary>Proof</summary>\n\nText.\n\n</details>",
	       "text Proof\ntext Text.\n"); /* M03 */
}

static void inline_tags_style_text(void **state)
{
	(void)state;
	expect("<kbd>Ctrl</kbd>+<em>a</em> <b>b</b> <del>c</del> <q>d</q> <code>x *y* &lt;</code>",
	       "text Ctrl+*a* **b** ~~c~~ “d” `x y <`\n"); /* M02 */
	expect("H<sub>2</sub>O x<sup>n+1</sup> y<sub>if any</sub> z<sup>qq</sup>",
	       "text H₂O xⁿ⁺¹ y_(if any) z^qq\n");
	expect("10<sup>-3</sup> a<sub>i-1</sub>", "text 10⁻³ aᵢ₋₁\n");
	expect("a <!-- b --> c <span>d</span> vector<int> e", "text a  c d vector<int> e\n");
}

static void lists_and_quotes_nest(void **state)
{
	(void)state;
	expect("<ul><li>one<li>two <ol start=3><li>x</li></ol></ul>\nafter",
	       "list\n  item(1)\n    text one\n  item(2)\n    text two \n    list(.)\n      "
	       "item(3)\n        text x\n"
	       "text after\n");
	expect("<blockquote>\n\nquoted\n\n</blockquote>\n\nout",
	       "quote\n  text quoted\ntext out\n");
	expect("- a <blockquote>b\n- c",
	       "list\n  item(1)\n    text a \n    quote\n      text b\n  item(2)\n    text c\n");
	expect("<dl><dt>T<dd>D<dd>E</dl>",
	       "definitions\n  term T\n  definition\n    text D\n  definition\n    text E\n");
}

static void rows_are_lines_with_bars(void **state)
{
	(void)state;
	expect("<table><thead>\n<tr><th>a</th><th>b</th></tr></thead>\n<tr><td><p>1</p></"
	       "td><td><b>2</b></td></tr></table>",
	       "text a | b//1 | 2\n");                                                 /* M01 */
	expect("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "text a/b | c\n"); /* G-4 */
}

static void code_is_kept_as_it_is(void **state)
{
	(void)state;
	expect("<pre><code class=\"language-c\">int x &lt; 3;\n  $y$\n</code></pre>",
	       "code <c> |int x < 3;\n  $y$|\n");
}

static void pictures_and_frames_are_links(void **state)
{
	(void)state;
	expect("<img src=\"a.png\" alt=\"A\" title=\"T\"> <img src=b_c.png>",
	       "text ![A](18:a.png \"T\") ![b c](18:b_c.png)\n");
	expect(
	    "<figure><img src=\"a.png\" alt=\"A\"><figcaption>Cap <b>b</b></figcaption></figure>",
	    "text ![A](18:a.png \"Cap b\")\n");
	expect("<figure><img src=\"a.png\"><figcaption>See <a "
	       "href=\"https://x.example/\">x</a></figcaption></figure>",
	       "text ![a](18:a.png)\ntext See [x](https://x.example/)\n");
	expect("<iframe src=\"https://v.example/x\"></iframe>\n<video><source "
	       "src=\"v.mp4\">none</video>",
	       "text [Embedded: v.example](embed https://v.example/x)\n"
	       "text [Embedded: v](embed 18:v.mp4)\ntext none\n");
}

static void dropped_elements_take_their_content(void **state)
{
	(void)state;
	expect("a\n\n<script>\nx\n\ny\n</script>\n\nb <svg><text>gone</text></svg>c",
	       "text a\ntext b c\n");
	expect("<form>\n\nMarkdown *inside*\n\n</form>\n\nafter", "text after\n");
}

/* An author's slip must not swallow the rest of the post. */
static void what_is_never_closed_loses_nothing(void **state)
{
	(void)state;
	expect("<form>\n\nrest", "text rest\n");
	expect("x <a href=\"https://a.example/\">rest\n\nmore",
	       "text x [](https://a.example/)rest\ntext more\n");
	expect("<b>bold\n\nplain", "text **bold**\ntext plain\n");
	expect("<!-- open\n\nrest", "text <!-- open/rest\n");
	expect("<code>c\n\nplain", "text <code>c\ntext plain\n");
}

static void formulas_between_tags_are_set(void **state)
{
	(void)state;
	expect("<p>See $\\alpha$ <b title=\"$x$\">b</b></p>", "text See {α} b\n");
}

static void entities_of_html_may_lack_semicolons(void **state)
{
	(void)state;
	expect("<p>&copy 2020 &eacute;t&eacute; &zzz;</p>", "text © 2020 été &zzz;\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_become_paragraphs),
		cmocka_unit_test(inline_tags_style_text),
		cmocka_unit_test(lists_and_quotes_nest),
		cmocka_unit_test(rows_are_lines_with_bars),
		cmocka_unit_test(code_is_kept_as_it_is),
		cmocka_unit_test(pictures_and_frames_are_links),
		cmocka_unit_test(dropped_elements_take_their_content),
		cmocka_unit_test(what_is_never_closed_loses_nothing),
		cmocka_unit_test(formulas_between_tags_are_set),
		cmocka_unit_test(entities_of_html_may_lack_semicolons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
