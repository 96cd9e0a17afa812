#include "math/math_symbols.h"

#include <stdlib.h>

static const struct math_symbol_table *const tables[] = { &math_letters, &math_operators,
							  &math_relations };
#define NTABLES (sizeof tables / sizeof *tables)

static int compare_name(const void *name, const void *symbol)
{
	return str_compare(*(const struct str *)name, ((const struct math_symbol *)symbol)->name);
}

const struct math_symbol *math_symbol_find(struct str name)
{
	for (size_t i = 0; i < NTABLES; i++) {
		const struct math_symbol *found =
		    bsearch(&name, tables[i]->at, tables[i]->count, sizeof *found, compare_name);
		if (found != NULL)
			return found;
	}
	return NULL;
}

const struct math_symbol *math_symbol_of(struct str sign)
{
	for (size_t i = 0; i < NTABLES; i++) {
		for (size_t k = 0; k < tables[i]->count; k++)
			if (str_equal(tables[i]->at[k].text, sign))
				return &tables[i]->at[k];
	}
	return NULL;
}

static const struct {
	struct str plain, negated;
} negations[] = {
	{ STR_INIT("="), STR_INIT("neq") },
	{ STR_INIT("<"), STR_INIT("nless") },
	{ STR_INIT(">"), STR_INIT("ngtr") },
	{ STR_INIT("in"), STR_INIT("notin") },
	{ STR_INIT("ni"), STR_INIT("notni") },
	{ STR_INIT("le"), STR_INIT("nleq") },
	{ STR_INIT("leq"), STR_INIT("nleq") },
	{ STR_INIT("ge"), STR_INIT("ngeq") },
	{ STR_INIT("geq"), STR_INIT("ngeq") },
	{ STR_INIT("sim"), STR_INIT("nsim") },
	{ STR_INIT("cong"), STR_INIT("ncong") },
	{ STR_INIT("mid"), STR_INIT("nmid") },
	{ STR_INIT("parallel"), STR_INIT("nparallel") },
	{ STR_INIT("subset"), STR_INIT("nsubset") },
	{ STR_INIT("supset"), STR_INIT("nsupset") },
	{ STR_INIT("subseteq"), STR_INIT("nsubseteq") },
	{ STR_INIT("supseteq"), STR_INIT("nsupseteq") },
	{ STR_INIT("prec"), STR_INIT("nprec") },
	{ STR_INIT("succ"), STR_INIT("nsucc") },
	{ STR_INIT("vdash"), STR_INIT("nvdash") },
	{ STR_INIT("models"), STR_INIT("nvDash") },
	{ STR_INIT("exists"), STR_INIT("nexists") },
	{ STR_INIT("to"), STR_INIT("nrightarrow") },
	{ STR_INIT("rightarrow"), STR_INIT("nrightarrow") },
	{ STR_INIT("leftarrow"), STR_INIT("nleftarrow") },
	{ STR_INIT("Rightarrow"), STR_INIT("nRightarrow") },
	{ STR_INIT("Leftarrow"), STR_INIT("nLeftarrow") },
	{ STR_INIT("Leftrightarrow"), STR_INIT("nLeftrightarrow") },
	{ STR_INIT("leftrightarrow"), STR_INIT("nleftrightarrow") },
};

const struct math_symbol *math_symbol_negated(struct str name)
{
	for (size_t i = 0; i < sizeof negations / sizeof *negations; i++)
		if (str_equal(negations[i].plain, name))
			return math_symbol_find(negations[i].negated);
	return NULL;
}
