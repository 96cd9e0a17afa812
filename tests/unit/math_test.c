/*
 * Mathematics: the cases of tests/golden/math.md, each a test of its own, and the rules that they
 * do not reach. Numbers of sections are those of that file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "math_pairs.h"

#define CASES "tests/golden/math.md"

/* --- the cases of sections 5 and 6 ----------------------------------------------------------- */

struct math_case {
	char *name;
	struct str tex, expected;
	bool display;
};

struct suite {
	struct math_case *cases;
	size_t ncases, capacity;
};

static void add_case(struct suite *suite, const char *kind, struct str name, struct str tex,
		     struct str expected)
{
	suite->cases =
	    memory_grow(suite->cases, suite->ncases, &suite->capacity, sizeof *suite->cases);
	struct buf text = { 0 };
	buf_format(&text, "%s: %.*s", kind, STR_ARGS(name));
	suite->cases[suite->ncases++] = (struct math_case){ .name = strdup(buf_c(&text)),
							    .tex = tex,
							    .expected = expected,
							    .display = kind[0] == '2' };
	buf_free(&text);
}

/* What stands between the line that was just read and a closing fence. */
static struct str read_block(struct str *rest)
{
	struct str line, block = *rest;
	while (str_line(rest, &line))
		if (str_equal(line, STR("~~~~~")))
			return (struct str){ block.at, (size_t)(line.at - block.at) };
	fail_msg("a fence of " CASES " is not closed");
	return block;
}

static void read_row_cases(struct suite *suite, struct str table)
{
	struct str line, tex;
	while (str_line(&table, &line))
		if (str_cut(&line, '\t', &tex))
			add_case(suite, "1 row", tex, tex, line);
}

static void read_cases(struct suite *suite, struct str text)
{
	struct str line, tex = { "", 0 }, name = { "", 0 };
	while (str_line(&text, &line)) {
		if (str_starts(line, STR("### ")))
			name = str_skip(line, 4);
		else if (str_equal(line, STR("~~~~~math1")))
			read_row_cases(suite, read_block(&text));
		else if (str_equal(line, STR("~~~~~tex")))
			tex = str_trim(read_block(&text));
		else if (str_equal(line, STR("~~~~~math2")))
			add_case(suite, "2D", name, tex, str_trim_end(read_block(&text)));
	}
}

static void run_case(void **state)
{
	const struct math_case *c = *state;
	struct math_options options = { 0 };
	struct buf out = { 0 }, expected = { 0 };
	if (!(c->display ? math_display : math_row)(c->tex, &options, &out))
		buf_format(&out, "$%.*s$", STR_ARGS(c->tex));
	buf_add(&expected, c->expected);
	assert_string_equal(buf_c(&out), buf_c(&expected));
	buf_free(&out);
	buf_free(&expected);
}

/* --- the rules beyond them ------------------------------------------------------------------- */

/* Section 3: blanks come from the classes. */
static void blanks_follow_classes(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "a+b", "a + b" },
		{ "a  +  b", "a + b" },
		{ " a \n", "a" },
		{ "x y", "xy" },
		{ "a = - b", "a = −b" },
		{ "(-x, +y)", "(−x, +y)" },
		{ "-\\log p", "−log p" },
		{ "2\\log n", "2 log n" },
		{ "\\log(n)", "log(n)" },
		{ "\\sum (a)", "∑ (a)" },
		{ "f(a,b;c)", "f(a, b; c)" },
		{ "a * b", "a * b" },
		{ "a \\cdot b", "a ⋅ b" },
		{ "|-x|", "|−x|" },
		{ "P(a|b)", "P(a|b)" },
		{ "a:b", "a:b" },
		{ "x := 5", "x := 5" },
		{ "a\\,b\\;c~d\\ e", "a b c d e" },
		{ "a\\quad b\\qquad c", "a b  c" },
		{ "a\\!b", "ab" },
		{ "a, \\quad b", "a, b" },
		{ "a <= b", "a <= b" },
		{ "a \\ll= b", "a ≪ = b" },
		{ "n!", "n!" },
		{ "{=}", "=" },
		{ "x_{a + q}", "x_(a+q)" },
		{ "e^{\\log n}", "e^(log n)" },
		{ "a \\equiv b \\pmod{n}", "a ≡ b (mod n)" },
		{ "a \\bmod b", "a mod b" },
		{ "a \\mod b", "a mod b" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
}

/* Section 3 and the settled points: all of a script is small letters or none is. */
static void scripts_convert_completely_or_not_at_all(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "x_{bc}", "x_bc" },
		{ "x_{b1}", "x_(b1)" },
		{ "x_{1b}^{2q}", "x_(1b)^(2q)" },
		{ "x^{q}", "x^q" },
		{ "x^{\\alpha\\beta}", "x^αβ" },
		{ "D_{KL}(p)", "D_KL(p)" },
		{ "x_{\\text{in}}", "x_in" },
		{ "x_{\\text{a}}", "xₐ" },
		{ "x_{\\text{max},i}", "x_(max,i)" },
		{ "x_{\\max}", "xₘₐₓ" },
		{ "x^*, x^\\dagger, 90^\\circ", "x*, x†, 90°" },
		{ "x^{\\prime}", "x′" },
		{ "f'_\\theta f'' f'''", "f′_θ f″f‴" },
		{ "f'_i", "f′ᵢ" },
		{ "x_\\theta y", "x_θ y" },
		{ "x_{2b}y", "x_(2b) y" },
		{ "x_\\theta(y)", "x_θ(y)" },
		{ "{w_i}^\\top", "wᵢᵀ" },
		{ "{x^2}^3", "(x²)³" },
		{ "x^{1.5}", "x¹.⁵" },
		{ "\\|A\\|_F^2", "‖A‖_F²" },
		{ "{}_a x", "ₐx" },
		{ "x^\\frac12", "x^(1/2)" },
		{ "x^\\mathbf{T}", "xᵀ" },
		{ "\\log_2 n", "log₂ n" },
		{ "x_{}", "x" },
		{ "\\sum\\limits_{i}^{n} i", "∑ᵢⁿ i" },
		{ "x^a^b", "(xᵃ)ᵇ" },
		{ "x^a^b^c^d^e", NULL },
		{ "x^", "x" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
}

/* Settled points: one row. */
static void fractions_and_roots_keep_their_extent(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "\\frac12 x", "(1/2)x" },
		{ "x\\frac12", "x(1/2)" },
		{ "\\frac1n\\sum_i x", "1/n ∑ᵢ x" },
		{ "-\\frac12", "−1/2" },
		{ "\\frac12 + x", "1/2 + x" },
		{ "\\frac{1}{f(x)}", "1/f(x)" },
		{ "\\frac{1}{n(n+1)}", "1/(n(n + 1))" },
		{ "\\frac{2x}{3}", "2x/3" },
		{ "\\frac{1}{2x}", "1/(2x)" },
		{ "\\frac{1}{10}", "1/10" },
		{ "\\frac{1}{1{,}000}", "1/1,000" },
		{ "\\frac{1}{-x}", "1/(−x)" },
		{ "\\frac{\\log x}{n}", "(log x)/n" },
		{ "\\frac{\\log(x)}{n}", "log(x)/n" },
		{ "\\frac{a}{(b+c)}", "a/(b + c)" },
		{ "\\frac{x}{|x|}", "x/|x|" },
		{ "\\frac{x}{\\|x\\|_2}", "x/‖x‖₂" },
		{ "\\frac{\\text{true positives}}{\\text{all}}", "(true positives)/all" },
		{ "\\frac{\\frac ab}{c}", "(a/b)/c" },
		{ "\\frac{d}{dx}f(x)", "(d/dx)f(x)" },
		{ "\\frac{\\partial^2 f}{\\partial x^2}", "∂²f/∂x²" },
		{ "\\frac{n!}{k!(n-k)!}", "n!/(k!(n − k)!)" },
		{ "{a \\over b} + {n \\choose k}", "a/b + (n choose k)" },
		{ "{\\frac ab}^2", "(a/b)²" },
		{ "\\sqrt 2", "√2" },
		{ "\\sqrt{x}y", "√(x)y" },
		{ "\\sqrt{x}\\,y", "√x y" },
		{ "\\sqrt{\\sigma^2}", "√σ²" },
		{ "\\sqrt{f(x)}", "√f(x)" },
		{ "\\sqrt{ab}", "√(ab)" },
		{ "\\sqrt[4]{x}", "∜x" },
		{ "2\\sqrt[n]{x}", "2(ⁿ√x)" },
		{ "\\sqrt[q]{x}", "x^(1/q)" },
		{ "\\sqrt{x}^2", "(√x)²" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
}

static void text_and_alphabets(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "\\text{if $x>0$ then } y", "if x > 0 then y" },
		{ "\\text{a  b}", "a b" },
		{ "\\mathrm{H_2O}", "H₂O" },
		{ "\\mathrm{Var}(X)", "Var(X)" },
		{ "\\operatorname*{arg\\,max}_\\theta f", "arg max_θ f" },
		{ "\\mathop{\\rm argmin}_\\theta", "argmin_θ" },
		{ "\\mathcal{ABEL}", "𝒜ℬℰℒ" },
		{ "\\mathfrak{gC}", "𝔤ℭ" },
		{ "\\mathbb{1}", "𝟙" },
		{ "\\mathbf{Kx}", "Kx" },
		{ "{\\cal L} L", "ℒL" },
		{ "\\hat{xyz}", "hat(xyz)" },
		{ "\\overline{AB}", "A̅B̅" },
		{ "\\underline{x}", "x̲" },
		{ "\\hat{y_i}", "ŷᵢ" },
		{ "\\hat{\\imath}", "î" },
		{ "\\acute{\\alpha}", "α\xcc\x81" },
		{ "\\not\\in \\not= \\not R", "∉ ≠ R̸" },
		{ "\\text{a\\_b \\& \\{c\\}}", "a_b & {c}" },
		{ "≤ α·β − γ", "≤ α ⋅ β − γ" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
	static const struct pair bold[] = {
		{ "\\mathbf{w}^\\top \\mathbf{x} + b", "𝐰ᵀ𝐱 + b" },
		{ "\\boldsymbol{\\theta}1\\bm{1}", "𝛉1𝟏" },
	};
	struct math_options options = { .flags = MATH_BOLD_UNICODE };
	ASSERT_PAIRS(math_row, &options, bold);
}

static void structures_in_one_row(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "a\\raisebox{1em}{x}\\mspace{5mu}b", "axb" },
		{ "\\varinjlim_n A", "inj limₙ A" },
		{ "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "(a b; c d)" },
		{ "\\begin{vmatrix} a & b \\\\[2pt] c & d \\\\ \\end{vmatrix}", "|a b; c d|" },
		{ "\\begin{cases} 1 & \\text{if } x \\\\ 0 & y \\end{cases}", "{1 if x; 0 y}" },
		{ "\\left\\{\\begin{array}{ll} a & b \\\\ c & d \\end{array}\\right.",
		  "{a b; c d}" },
		{ "\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "a = b; = c" },
		{ "\\begin{nobody}a & b \\\\ c\\end{nobody}", "a b; c" },
		{ "\\sum_{\\substack{i<n \\\\ j<m}} x", "∑_(i<n,j<m) x" },
		{ "\\underbrace{a + b}_{n} c", "a + b (n) c" },
		{ "\\overset{!}{=}", "=^!" },
		{ "\\stackrel{\\text{def}}{=}", "=^def" },
		{ "a \\xleftarrow{f} b", "a ←f— b" },
		{ "a \\xrightarrow[n]{f} b", "a —f→_n b" },
		{ "\\left. \\frac ab \\right|_{x=0}", "a/b|ₓ₌₀" },
		{ "\\left[ a \\middle| b \\right]", "[a | b]" },
		{ "\\big( x \\bigr)", "(x)" },
		{ "\\big{(} x \\left{ a \\right}", "(x{a}" },
		{ "\\boxed{x} \\color{red}{y} \\phantom{z} \\label{a}", "xy" },
		{ "x = 1 \\tag{2}", "x = 1 (2)" },
		{ "\\displaystyle \\textstyle x", "x" },
		{ "a & b \\\\ c", "a b c" },
		{ "a &lt; b", "a < b" },
		{ "a % comment\n b", "ab" },
		{ "\\unknown x \\Foo(y)", "unknown x Foo(y)" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
}

static void broken_sources_are_left_alone(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "{", NULL },
		{ "}", NULL },
		{ "\\frac{a}", NULL },
		{ "\\sqrt", NULL },
		{ "\\begin{matrix} a", NULL },
		{ "\\end{matrix}", NULL },
		{ "\\text{a", NULL },
		{ "\\left( \\frac ab", "(a/b" },
		{ "a \\right)", "a)" },
		{ "", "" },
		{ "\\", "" },
	};
	ASSERT_PAIRS(math_row, &plain, pairs);
}

/* charset: ascii */
static void plain_ascii(void **state)
{
	(void)state;
	static const struct pair rows[] = {
		{ "\\alpha^2 \\in \\mathbb{R}^{n\\times n}", "alpha^2 in R^(nxn)" },
		{ "\\sum_{i=1}^n x_i y", "sum_(i=1)^n x_i y" },
		{ "\\sum_{x \\in S} f(x)", "sum_(x in S) f(x)" },
		{ "\\sqrt{x} - \\sqrt[3]{y}", "sqrt(x) - root_3(y)" },
		{ "a \\le b \\ge c \\ne d \\to e", "a <= b >= c != d -> e" },
		{ "2\\pi\\sigma^2", "2 pi sigma^2" },
		{ "x_{\\alpha\\beta}", "x_(alpha beta)" },
		{ "\\hat y'", "hat(y)'" },
		{ "\\|x\\| \\implies \\lfloor y \\rfloor", "||x|| ==> floor(y)" },
		{ "x_{ij} x_{12} x^{10a}", "x_ij x_12 x^(10a)" },
		{ "1 \\times 2 \\cdot 3 \\pm 4", "1 x 2 * 3 +- 4" },
		{ "\\forall x \\exists y", "forall x exists y" },
		{ "\\infty \\ldots", "infinity..." },
		{ "\\text{é}", "é" },
		{ "a \\xrightarrow{f} b", "a -f-> b" },
	};
	static const struct pair drawings[] = {
		{ "\\frac{a}{b} = \\left(\\frac{a}{b}\\right)", "a   /a\\\n- = |-|\nb   \\b/" },
		{ "\\int_0^1 x", "1\n/\n| x\n/\n0" },
	};
	struct math_options options = { .flags = MATH_ASCII };
	ASSERT_PAIRS(math_row, &options, rows);
	ASSERT_PAIRS(math_display, &options, drawings);
}

/* Section 4 and the settled points on it. */
static void drawings(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "\\left(\\frac ab\\right)^2_i", "⎛a⎞²\n⎜─⎟\n⎝b⎠ᵢ" },
		{ "(\\frac ab)^2", " a\n(─)²\n b" },
		{ "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}^T", "⎛ a  b ⎞ᵀ\n⎝ c  d ⎠" },
		{ "\\begin{bmatrix} a & b \\end{bmatrix}", "[ a  b ]" },
		{ "\\begin{cases} a & b \\\\ c & d \\\\ e & f \\end{cases}",
		  "⎧ a   b\n⎨ c   d\n⎩ e   f" },
		{ "\\begin{rcases} a \\\\ b \\end{rcases}", "a ⎫\n  ⎬\nb ⎭" },
		{ "\\left[\\begin{array}{c|c} a & b \\\\ \\hline c & d \\end{array}\\right]",
		  "⎡ a │ b ⎤\n⎢ ──┼── ⎥\n⎣ c │ d ⎦" },
		{ "\\sqrt[n]{\\frac ab}", " ┌──\n │a\nn│─\n╲│b" },
		{ "\\begin{aligned} a &= b \\\\ &\\quad + c \\end{aligned}", "a = b\n   + c" },
		{ "\\begin{alignat}{2} a &= b &\\quad c &= d \\end{alignat}", "a = b  c = d" },
		{ "\\begin{align} a &= \\frac bc \\\\ d &= e \\end{align}",
		  "    b\na = ─\n    c\n\nd = e" },
		{ "\\begin{gather} a \\\\ bcd \\end{gather}", " a\nbcd" },
		{ "a &= b \\\\ &= c", "a = b\n  = c" },
		{ "a \\\\ b", "a\nb" },
		{ "\\int f(x)\\,dx", "∫ f(x) dx" },
		{ "\\int \\frac 1x", "⌠ 1\n⎮ ─\n⌡ x" },
		{ "\\lim_{x\\to 0} f", "lim f\nx→0" },
		{ "\\left\\lceil\\frac ab\\right\\rceil", "⎡a⎤\n⎢─⎥\n⎢b⎥" },
		{ "\\left\\langle\\frac ab\\right\\rangle", " a\n⟨─⟩\n b" },
		{ "x \\overset{d}{=} y", "  d\nx = y" },
		{ "\\underbrace{abc}_{n}", "abc\n└┬┘\n n" },
		{ "\\hat{xyz}", " ^\nxyz" },
		{ "a, \\quad b", "a,  b" },
		{ "a\\quad b\\qquad c", "a  b    c" },
		{ "x = 1 \\tag{2}", "x = 1  (2)" },
	};
	ASSERT_PAIRS(math_display, &plain, pairs);
}

/* Section 4: before REL, then before BIN, indented behind the first REL; else one row, wrapped. */
static void wide_formulas_are_broken(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "x = aaaaa + bbbbb = ccccc", "x = aaaaa + bbbbb\n    = ccccc" },
		{ "x = aaaaa + bbbbb + ccccc + d", "x = aaaaa + bbbbb\n    + ccccc + d" },
		{ "x = \\frac{aaaaabbbbb}{2} + \\frac{cccccddddd}{2}",
		  "    aaaaabbbbb\nx = ──────────\n        2\n\n      cccccddddd\n    + "
		  "──────────\n          2" },
		{ "\\text{one word after another and more}", "one word after\nanother and more" },
		{ "\\begin{aligned} x &= aaaaa + bbbbb + ccccc \\\\ &= d \\end{aligned}",
		  "x = aaaaa + bbbbb\n    + ccccc\n\n  = d" },
	};
	struct math_options options = { .width = 20 };
	ASSERT_PAIRS(math_display, &options, pairs);
}

static void high_formulas_are_left_alone(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "a \\\\ b \\\\ c \\\\ d", "a\nb\nc\nd" },
		{ "a \\\\ b \\\\ c \\\\ d \\\\ e", NULL },
	};
	struct math_options options = { .max_rows = 4 };
	ASSERT_PAIRS(math_display, &options, pairs);
}

static void source_lines(void **state)
{
	(void)state;
	struct buf out = { 0 }, tex = { 0 };
	math_source_line(STR("  a &= b \\\\\n\t &= c\n"), &out);
	assert_string_equal(buf_c(&out), "a &= b \\\\ &= c");
	buf_repeat(&tex, STR("é"), 300);
	buf_clear(&out);
	math_source_line(buf_str(&tex), &out);
	assert_int_equal(out.len, 400);
	buf_clear(&out);
	buf_clear(&tex);
	buf_add_char(&tex, 'x');
	buf_repeat(&tex, STR("é"), 300);
	math_source_line(buf_str(&tex), &out);
	assert_int_equal(out.len, 399);
	assert_true(utf8_valid(buf_str(&out)));
	buf_free(&out);
	buf_free(&tex);
}

int main(void)
{
	static const struct CMUnitTest rules[] = {
		cmocka_unit_test(blanks_follow_classes),
		cmocka_unit_test(scripts_convert_completely_or_not_at_all),
		cmocka_unit_test(fractions_and_roots_keep_their_extent),
		cmocka_unit_test(text_and_alphabets),
		cmocka_unit_test(structures_in_one_row),
		cmocka_unit_test(broken_sources_are_left_alone),
		cmocka_unit_test(plain_ascii),
		cmocka_unit_test(drawings),
		cmocka_unit_test(wide_formulas_are_broken),
		cmocka_unit_test(high_formulas_are_left_alone),
		cmocka_unit_test(source_lines),
	};
	struct buf text = { 0 };
	struct fault fault;
	struct suite suite = { 0 };
	if (!file_read_path(STR(CASES), 1 << 20, &text, &fault)) {
		fprintf(stderr, "%s: %s\n", CASES, fault.text);
		return 1;
	}
	read_cases(&suite, buf_str(&text));
	size_t nrules = sizeof rules / sizeof *rules, ntests = suite.ncases + nrules;
	struct CMUnitTest *tests = memory_new(ntests * sizeof *tests);
	for (size_t i = 0; i < suite.ncases; i++)
		tests[i] = (struct CMUnitTest){ .name = suite.cases[i].name,
						.test_func = run_case,
						.initial_state = &suite.cases[i] };
	memcpy(tests + suite.ncases, rules, sizeof rules);
	int failed = _cmocka_run_group_tests("math", tests, ntests, NULL, NULL);
	for (size_t i = 0; i < suite.ncases; i++)
		free(suite.cases[i].name);
	free(suite.cases);
	free(tests);
	buf_free(&text);
	return failed;
}
