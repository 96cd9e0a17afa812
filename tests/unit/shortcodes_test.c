/* Shortcodes, Liquid and attribute lists: what other tools put between braces. */
#include "markdown_cases.h"

static void shortcodes_speak(void **state)
{
	(void)state;
	expect("{{< figure src=\"p.png\" caption=\"A plot\" >}}",
	       "text ![A plot](18:p.png)\n"); /* M04 */
	expect("{{< figure src=\"p.png\" alt=\"a\" caption=\"c\" link=\"https://l.example/\" >}}",
	       "text [![a](18:p.png \"c\")](https://l.example/)\n");
	expect("{{ youtube(id=\"abc\") }}\n\n{% include youtube.html id=\"d\" %}",
	       "text [Video](embed https://www.youtube.com/watch?v=abc)\n"
	       "text [Video](embed https://www.youtube.com/watch?v=d)\n");
	expect("{{< bilibili BV1 >}} {{< audio src=\"a.mp3\" >}} {{< iframe "
	       "\"https://a.example/x\" >}}",
	       "text [Video](embed https://www.bilibili.com/video/BV1) [Embedded](embed 18:a.mp3) "
	       "[Embedded](embed https://a.example/x)\n");
	expect("{{< vimeo 1 >}} {{< gist u 2 >}} {{< tweet user=\"n\" id=\"3\" >}}",
	       "text [Video](embed https://vimeo.com/1) [Gist](embed https://gist.github.com/u/2) "
	       "[Post](embed https://twitter.com/n/status/3)\n");
	expect("{{< details \"Sum\" >}}\nin **b**\n{{< /details >}}", "text Sum\ntext in **b**\n");
	expect("{{% notice %}}\nkept\n{{% /notice %}}", "text kept\n");
	expect("{% highlight c %}\nint x; // $y$ {{ z }}\n{% endhighlight %}",
	       "code <c> |int x; // $y$ {{ z }}|\n");
	expect("{{< katex >}}x^2{{< /katex >}} {% math %} y_1 {% endmath %}", "text {x²} {y₁}\n");
	expect("a {{ katex(body=\"\\vec{a}\") }} b", "text a {a\xe2\x83\x97} b\n"); /* Zola */
	expect("{% katex(block=true) %}\n\na\n\n= b\n\n{% end %}\n\nc {% katex() %}x_1{% end %}",
	       "math <a = b> |a\n\n= b|\ntext c {x₁}\n");
	expect("{% quote(author=\"A\") %}\nq\n{% end %}", "text q\n");
	expect("{{< code file=\"a\" >}}\n\n{{< highlight c >}}\n*x*\n{{< /highlight >}}\n\n"
	       "{% raw %}{{ a }}\n\n{% highlight c %}\ny\n{% endhighlight %}",
	       "code <c> |*x*|\ncode <c> |y|\n"); /* what has no end takes none from others */
	expect("a {{< external_link url=\"https://o.example/\" title=\"Open *O*\" >}} b",
	       "text a [Open *O*](https://o.example/) b\n");
	expect("{{< button href=\"/x\" >}}Get it{{< /button >}} {{< codepen id=\"x\" >}}c",
	       "text [Get it](18:/x) c\n");
	expect(
	    "{{< card title=\"News\" subtitle=\"of today\" link=\"news\" >}}\n\n{% include x.html "
	    "link=page.url title=\"t\" %}",
	    "text [News: of today](18:news)\n");
	expect("{{< card link=\"./a.md\" >}}\n\n{% assign url = \"/about\" %}d",
	       "text [./a.md](18:./a.md)\ntext d\n");
	expect("{% raw %}{{ a }}{% endraw %} {% comment %}gone{% endcomment %}b",
	       "text {{ a }} b\n");
}

static void words_in_arguments_speak(void **state)
{
	(void)state;
	expect("a\n{% include tip.html content=\"Try\n[l](https://l.example/) and $x_1$.\" %}\nb",
	       "text a\nquote\n  text Tip: Try [l](https://l.example/) and {x₁}.\ntext b\n");
	expect("- a\n\n  {% include callout.html content=\"two words\" %}",
	       "list\n  item(1)\n    text a\n    text two words\n");
	expect("{% include icon.html content=\"f101\" %}a", "text a\n");
	expect("{% figure caption:\"Both [l](https://l.example/)\" class:\"x\" "
	       "%}\n![a](b.png)\n{% endfigure %}\nc",
	       "text ![a](18:b.png)\ntext Both [l](https://l.example/)\ntext c\n");
}

static void references_find_posts(void **state)
{
	(void)state;
	expect("[n]({{< ref \"other-post.md\" >}}) [m]({% post_url 2020-01-02-other-post %}) "
	       "[o]({{ site.baseurl }}{% link _posts/2020-01-02-other-post.md %})",
	       "text [n](4:other-post) [m](4:other-post) [o](4:other-post)\n");
	expect("[a]({{ '/x' | relative_url }}) ![i]({{ site.url }}/p.png) {{ \"t\" | upcase }} {{ "
	       "not one }}",
	       "text [a](18:/x) ![i](18:/p.png) t {{ not one }}\n");
}

static void liquid_fills_in_attributes(void **state)
{
	(void)state;
	expect("<img src=\"{{ site.url }}/a.png\" alt=\"A\"> <a href='{% post_url "
	       "2020-01-02-other-post %}'>o</a>",
	       "text ![A](18:/a.png) [o](4:other-post)\n");
	expect("<p><img src=\"{{ '/b.png' | relative_url }}\" alt=\"$x$\"></p>\n\n"
	       "[p]({% link files/a.pdf %})",
	       "text ![$x$](18:/b.png)\ntext [p](18:/files/a.pdf)\n");
}

static void attributes_of_kramdown_vanish(void **state)
{
	(void)state;
	expect("* TOC\n{:toc}\n\n# H {#id}\n{: .c}\n\n*x*{: .y} z\n{: .n}\nnext",
	       "heading(1) H \ntext *x* z\ntext next\n");
	expect("> para\n{: .q}\n\n1. x\n{: .c}\n2. y",
	       "quote\n  text para\nlist(.)\n  item(1)\n    text x\n  item(2)\n    text y\n");
	expect("![i](b.png){width=100} {x=1}", "text ![i](18:b.png) {x=1}\n");
	expect("a {: .客} b {: #n k='v w'}", "text a  b \n");
	expect("if (x){y |= EV;} and {:a 1} ![i](b.png){: .c width=\"1\"}",
	       "text if (x){y |= EV;} and {:a 1} ![i](18:b.png)\n");
	expect("[TOC]\n\n[[_TOC_]]\n\na<!--more-->b", "text ab\n");
	expect("<div markdown=\"1\">\n**b**\n</div>", "text **b**\n");
}

static void captions_that_are_prose_stand_apart(void **state)
{
	(void)state;
	expect("{{< figure src=\"a.png\" title=\"The \\\\(\\Sigma\\\\) of V<sub>X</sub>\" >}}",
	       "text ![a](18:a.png)\ntext The {Σ} of V_X\n");
	expect("{{< figure src=\"a.png\" caption=\"See [l](https://l.example/) and $x_1$\" >}}\nb",
	       "text ![a](18:a.png)\ntext See [l](https://l.example/) and {x₁}\ntext b\n");
	expect("{{< figure src=\"a.png\" caption=\"From $5 to $6\" >}}",
	       "text ![From $5 to $6](18:a.png)\n");
	expect("a {{< figure src=\"a.png\" caption=\"$x_1$\" >}} b",
	       "text a ![a](18:a.png)[^1] b\nnote(0)\n  text {x₁}\n");
	struct buf source = { 0 }, tree = { 0 };
	buf_add(&source, STR("<figure><img src=\"a.png\" alt=\"b\"><figcaption>"));
	buf_repeat(&source, STR("word "), 40);
	buf_add(&source, STR("end</figcaption></figure>"));
	buf_add(&tree, STR("text ![b](18:a.png)\ntext"));
	buf_repeat(&tree, STR(" word"), 40);
	buf_add(&tree, STR(" end\n"));
	expect(buf_c(&source), buf_c(&tree));
	buf_free(&source);
	buf_free(&tree);
}

static void sidenotes_are_footnotes(void **state)
{
	(void)state;
	expect("a{% sidenote 'i' 'See [b](https://b.example/), $x_1$[^n].' %} "
	       "c{%include marginnote.html id=\"j\" note=\"two {{< sidenote 'no' >}}x\" "
	       "%}[^n]\n\n[^n]: N",
	       "text a[^1] c[^2][^3]\n"
	       "note(0)\n  text See [b](https://b.example/), {x₁}[^3].\n"
	       "note(1)\n  text two x\n"
	       "note(2)\n  text N\n");
	expect("## d{{< sidenote >}}e{{< /sidenote >}}\n\n{% newthought 'New' %} f{% sidenote %}",
	       "heading(2) d[^1]\ntext New f\nnote(0)\n  text e\n");
#define TEN(s) s s s s s s s s s s
	expect("a[^1]\n\n[^1]: x"
	       "y{% sidenote 'z' %}" TEN("{% sidenote 'z' %}"),
	       "text a[^1]\nnote(0)\n  text xy[^2][^3][^4][^5][^6][^7][^8][^9][^10][^11][^12]\n"
	       "note(1)\n  text z\nnote(2)\n  text z\nnote(3)\n  text z\nnote(4)\n  text z\n"
	       "note(5)\n  text z\nnote(6)\n  text z\nnote(7)\n  text z\nnote(8)\n  text z\n"
	       "note(9)\n  text z\nnote(10)\n  text z\nnote(11)\n  text z\n");
	expect("{% marginfigure 'i' 'a.png' 'Fig one' %}", "text ![Fig one](18:a.png)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shortcodes_speak),
		cmocka_unit_test(words_in_arguments_speak),
		cmocka_unit_test(references_find_posts),
		cmocka_unit_test(liquid_fills_in_attributes),
		cmocka_unit_test(attributes_of_kramdown_vanish),
		cmocka_unit_test(captions_that_are_prose_stand_apart),
		cmocka_unit_test(sidenotes_are_footnotes),
	};
	return cmocka_run_group_tests_name("shortcodes", tests, NULL, NULL);
}
