/* Macros of formulas: those of a document, those of the settings, and such as have no end. */
#include "math/math.h"
#include "math_pairs.h"

static void macros_expand(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct math_macros *settings = math_macros_new(&arena, NULL);
	struct math_macros *macros = math_macros_new(&arena, settings);
	assert_true(math_macros_define(settings, STR("\\R"), 0, STR("\\mathbb{R}")));
	assert_true(math_macros_define(settings, STR("norm"), 0, STR("\\left\\|#1\\right\\|")));
	assert_true(math_macros_define(settings, STR("e"), 0, STR("\\epsilon")));
	math_macros_collect(
	    macros,
	    STR("text \\newcommand{\\pair}[2]{(#1, #2)} \\def\\half{\\frac12}\n"
		"\\DeclareMathOperator*{\\argmax}{arg\\,max}\n"
		"\\newcommand\\opt[2][n]{#2_{#1}} \\renewcommand{\\e}{e}\n"
		"\\providecommand{\\alpha}{a} \\let\\old\\bar \\renewcommand{\\bar}[1]{\\old{#1}!}"
		"\\newcommand{\\broken}{"));
	static const struct pair pairs[] = {
		{ "\\R^n", "ℝⁿ" },
		{ "\\norm{x}_2", "‖x‖₂" },
		{ "\\pair{a}b", "(a, b)" },
		{ "x^\\half", "x^(1/2)" },
		{ "\\argmax_\\theta f", "arg max_θ f" },
		{ "\\opt{x} \\opt[k]{x}", "xₙxₖ" },
		{ "\\e x", "ex" },
		{ "\\alpha", "α" },
		{ "\\bar x", "x̄!" },
		{ "\\newcommand{\\loc}{\\alpha}\\loc x", "αx" },
		{ "\\loc", "loc" },
		{ "\\pair{\\pair12}{\\norm{y}}", "((1, 2), ‖y‖)" },
	};
	struct math_options options = { .macros = macros };
	ASSERT_PAIRS(math_row, &options, pairs);
	options.macros = settings;
	static const struct pair above[] = { { "\\e x", "ϵx" } };
	ASSERT_PAIRS(math_row, &options, above);
	arena_free(&arena);
}

static void bad_definitions_are_refused(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct math_macros *macros = math_macros_new(&arena, NULL);
	assert_false(math_macros_define(macros, STR(""), 0, STR("x")));
	assert_false(math_macros_define(macros, STR("\\a b"), 0, STR("x")));
	assert_false(math_macros_define(macros, STR("a1"), 0, STR("x")));
	assert_false(math_macros_define(macros, STR("a"), 10, STR("x")));
	assert_false(math_macros_define(macros, STR("a"), 0, STR("{x")));
	assert_true(math_macros_define(macros, STR("|"), 0, STR("x")));
	arena_free(&arena);
}

static void macros_without_end_are_stopped(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct math_macros *macros = math_macros_new(&arena, NULL);
	math_macros_define(macros, STR("a"), 0, STR("\\a"));
	math_macros_define(macros, STR("b"), 0, STR("x\\b\\b"));
	math_macros_define(macros, STR("c"), 1, STR("\\c{#1#1}"));
	static const struct pair pairs[] = { { "\\a", NULL }, { "\\b", NULL }, { "\\c{x}", NULL } };
	struct math_options options = { .macros = macros };
	ASSERT_PAIRS(math_row, &options, pairs);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros_expand),
		cmocka_unit_test(bad_definitions_are_refused),
		cmocka_unit_test(macros_without_end_are_stopped),
	};
	return cmocka_run_group_tests_name("math macros", tests, NULL, NULL);
}
