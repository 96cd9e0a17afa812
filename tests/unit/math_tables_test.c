/* The tables of symbols and commands. */
#include "base/utf8.h"
#include "math/math_commands.h"
#include "math/math_symbols.h"
#include "math_pairs.h"

static void tables_are_sorted(void **state)
{
	(void)state;
	const struct math_symbol_table *tables[] = { &math_letters, &math_operators,
						     &math_relations };
	size_t total = 0;
	for (size_t i = 0; i < 3; i++) {
		total += tables[i]->count;
		for (size_t k = 0; k < tables[i]->count; k++) {
			const struct math_symbol *symbol = &tables[i]->at[k];
			assert_true(utf8_valid(symbol->text));
			assert_ptr_equal(math_symbol_find(symbol->name), symbol);
			if (k > 0)
				assert_true(str_compare(symbol[-1].name, symbol->name) < 0);
		}
	}
	assert_true(total >= 420);
	for (size_t i = 1; i < math_ncommands; i++)
		assert_true(str_compare(math_commands[i - 1].name, math_commands[i].name) < 0);
}

/* Issue 3: the symbols of amssymb, and none of them is its own name. */
static void amssymb_is_known(void **state)
{
	(void)state;
	struct str
	    rest = STR(
		"aleph angle approxeq backepsilon backprime backsim backsimeq barwedge because "
		"beth between bigstar blacklozenge blacksquare blacktriangle blacktriangledown "
		"blacktriangleleft blacktriangleright bumpeq Bumpeq Cap centerdot checkmark "
		"circeq circlearrowleft circlearrowright circledast circledcirc circleddash "
		"circledR circledS complement Cup curlyeqprec curlyeqsucc curlyvee curlywedge "
		"curvearrowleft curvearrowright daleth dasharrow dashleftarrow dashrightarrow "
		"diagdown diagup digamma divideontimes Doteq doteqdot dotplus doublebarwedge "
		"doublecap doublecup downdownarrows downharpoonleft downharpoonright eqcirc "
		"eqsim eqslantgtr eqslantless eth fallingdotseq Finv Game geqq geqslant ggg "
		"gggtr gimel gnapprox gneq gneqq gnsim gtrapprox gtrdot gtreqless gtreqqless "
		"gtrless gtrsim gvertneqq hbar hslash intercal Join leadsto leftarrowtail "
		"leftleftarrows leftrightarrows leftrightharpoons leftrightsquigarrow "
		"leftthreetimes leqq leqslant lessapprox lessdot lesseqgtr lesseqqgtr lessgtr "
		"lesssim lhd llcorner Lleftarrow lll llless lnapprox lneq lneqq lnsim "
		"looparrowleft looparrowright lozenge lrcorner Lsh ltimes lvertneqq maltese "
		"measuredangle mho multimap ncong nexists ngeq ngeqq ngeqslant ngtr nleftarrow "
		"nLeftarrow nleftrightarrow nLeftrightarrow nleq nleqq nleqslant nless nmid "
		"nparallel nprec npreceq nrightarrow nRightarrow nshortmid nshortparallel nsim "
		"nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft "
		"ntrianglelefteq ntriangleright ntrianglerighteq nvdash nvDash nVdash nVDash "
		"pitchfork precapprox preccurlyeq precnapprox precneqq precnsim precsim "
		"restriction rhd rightarrowtail rightleftarrows rightleftharpoons "
		"rightrightarrows rightsquigarrow rightthreetimes risingdotseq Rrightarrow Rsh "
		"rtimes shortmid shortparallel smallfrown smallsetminus smallsmile "
		"sphericalangle sqsubset sqsupset square Subset subseteqq subsetneq subsetneqq "
		"succapprox succcurlyeq succnapprox succneqq succnsim succsim Supset supseteqq "
		"supsetneq supsetneqq therefore thickapprox thicksim triangledown "
		"trianglelefteq triangleq trianglerighteq twoheadleftarrow twoheadrightarrow "
		"ulcorner unlhd unrhd upharpoonleft upharpoonright upuparrows urcorner varkappa "
		"varnothing varpropto varsubsetneq varsubsetneqq varsupsetneq varsupsetneqq "
		"vartriangle vartriangleleft vartriangleright vDash Vdash veebar Vvdash yen "),
	    name;
	while (str_cut(&rest, ' ', &name)) {
		const struct math_symbol *symbol = math_symbol_find(name);
		if (symbol == NULL || str_is_alpha(symbol->text.at[0]))
			fail_msg("no symbol: %.*s", STR_ARGS(name));
	}
}

/* Whatever a command makes of its arguments, its own name does not stay. */
static void every_command_is_set(void **state)
{
	(void)state;
	struct buf tex = { 0 }, out = { 0 };
	for (unsigned flags = 0; flags < 4; flags++)
		for (size_t i = 0; i < math_ncommands; i++) {
			struct str name = math_commands[i].name;
			if (str_equal(name, STR("begin")))
				continue;
			struct math_options options = { .flags = flags };
			buf_clear(&tex);
			buf_clear(&out);
			buf_format(&tex, "\\%.*s{(}{b}{c} (", STR_ARGS(name));
			assert_true(math_row(buf_str(&tex), &options, &out));
			assert_true(math_display(buf_str(&tex), &options, &out));
			if (!(flags & MATH_ASCII)) /* which draws with it */
				assert_true(str_find(buf_str(&out), '\\', 0) == STR_NOT_FOUND);
		}
	buf_free(&tex);
	buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_sorted),
		cmocka_unit_test(every_command_is_set),
		cmocka_unit_test(amssymb_is_known),
	};
	return cmocka_run_group_tests_name("math tables", tests, NULL, NULL);
}
