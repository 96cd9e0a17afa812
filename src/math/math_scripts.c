#include "math/math_symbols.h"

struct script_form {
	uint32_t raised, lowered; /* 0 = Unicode has none */
};

/* A comma and a full stop pass as they are. */
static const struct script_form plain[128] = {
	['\''] = { 0x2032, 0 },     ['('] = { 0x207d, 0x208d }, [')'] = { 0x207e, 0x208e },
	['*'] = { 0x2a, 0 },        ['+'] = { 0x207a, 0x208a }, [','] = { 0x2c, 0x2c },
	['.'] = { 0x2e, 0x2e },     ['0'] = { 0x2070, 0x2080 }, ['1'] = { 0xb9, 0x2081 },
	['2'] = { 0xb2, 0x2082 },   ['3'] = { 0xb3, 0x2083 },   ['4'] = { 0x2074, 0x2084 },
	['5'] = { 0x2075, 0x2085 }, ['6'] = { 0x2076, 0x2086 }, ['7'] = { 0x2077, 0x2087 },
	['8'] = { 0x2078, 0x2088 }, ['9'] = { 0x2079, 0x2089 }, ['='] = { 0x207c, 0x208c },
	['A'] = { 0x1d2c, 0 },      ['B'] = { 0x1d2e, 0 },      ['D'] = { 0x1d30, 0 },
	['E'] = { 0x1d31, 0 },      ['G'] = { 0x1d33, 0 },      ['H'] = { 0x1d34, 0 },
	['I'] = { 0x1d35, 0 },      ['J'] = { 0x1d36, 0 },      ['K'] = { 0x1d37, 0 },
	['L'] = { 0x1d38, 0 },      ['M'] = { 0x1d39, 0 },      ['N'] = { 0x1d3a, 0 },
	['O'] = { 0x1d3c, 0 },      ['P'] = { 0x1d3e, 0 },      ['R'] = { 0x1d3f, 0 },
	['T'] = { 0x1d40, 0 },      ['U'] = { 0x1d41, 0 },      ['V'] = { 0x2c7d, 0 },
	['W'] = { 0x1d42, 0 },      ['a'] = { 0x1d43, 0x2090 }, ['b'] = { 0x1d47, 0 },
	['c'] = { 0x1d9c, 0 },      ['d'] = { 0x1d48, 0 },      ['e'] = { 0x1d49, 0x2091 },
	['f'] = { 0x1da0, 0 },      ['g'] = { 0x1d4d, 0 },      ['h'] = { 0x2b0, 0x2095 },
	['i'] = { 0x2071, 0x1d62 }, ['j'] = { 0x2b2, 0x2c7c },  ['k'] = { 0x1d4f, 0x2096 },
	['l'] = { 0x2e1, 0x2097 },  ['m'] = { 0x1d50, 0x2098 }, ['n'] = { 0x207f, 0x2099 },
	['o'] = { 0x1d52, 0x2092 }, ['p'] = { 0x1d56, 0x209a }, ['r'] = { 0x2b3, 0x1d63 },
	['s'] = { 0x2e2, 0x209b },  ['t'] = { 0x1d57, 0x209c }, ['u'] = { 0x1d58, 0x1d64 },
	['v'] = { 0x1d5b, 0x1d65 }, ['w'] = { 0x2b7, 0 },       ['x'] = { 0x2e3, 0x2093 },
	['y'] = { 0x2b8, 0 },       ['z'] = { 0x1dbb, 0 },
};

static const struct {
	uint32_t code;
	struct script_form form;
} others[] = {
	{ 0x2212, { 0x207b, 0x208b } }, /* − */
	{ 0x3b2, { 0x1d5d, 0x1d66 } },  /* β */
	{ 0x3b3, { 0x1d5e, 0x1d67 } },  /* γ */
	{ 0x3b4, { 0x1d5f, 0 } },       /* δ */
	{ 0x3b8, { 0x1dbf, 0 } },       /* θ */
	{ 0x3c1, { 0, 0x1d68 } },       /* ρ */
	{ 0x3d5, { 0x1d60, 0x1d69 } },  /* ϕ */
	{ 0x3c7, { 0x1d61, 0x1d6a } },  /* χ */
	{ 0x2032, { 0x2032, 0 } },      /* ′ */
	{ 0x2033, { 0x2033, 0 } },      /* ″ */
	{ 0x2034, { 0x2034, 0 } },      /* ‴ */
	{ 0x2057, { 0x2057, 0 } },      /* ⁗ */
	{ 0xd7, { 0x2e3, 0 } },         /* × */
	{ 0x2217, { 0x2a, 0 } },        /* ∗ */
	{ 0x2020, { 0x2020, 0 } },      /* † */
	{ 0x2021, { 0x2021, 0 } },      /* ‡ */
	{ 0x2218, { 0xb0, 0 } },        /* ∘ */
	{ 0xb0, { 0xb0, 0 } },          /* ° */
	{ 0x22a4, { 0x1d40, 0 } },      /* ⊤ */
	{ 0x22ba, { 0x1d40, 0 } },      /* ⊺ */
};

static struct script_form find(uint32_t code)
{
	if (code < 128)
		return plain[code];
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].code == code)
			return others[i].form;
	return (struct script_form){ 0, 0 };
}

uint32_t math_superscript(uint32_t code)
{
	return find(code).raised;
}

uint32_t math_subscript(uint32_t code)
{
	return find(code).lowered;
}
