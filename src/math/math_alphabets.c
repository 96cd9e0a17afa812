#include "math/math_symbols.h"

/* Where A, a, 0, Α and α of an alphabet are in Unicode; 0 = it has none. */
static const struct {
	uint32_t upper, lower, digits, greek_upper, greek_lower;
} alphabets[] = {
	[MATH_PLAIN] = { 0, 0, 0, 0, 0 },
	[MATH_BOLD] = { 0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8, 0x1d6c2 },
	[MATH_ITALIC] = { 0x1d434, 0x1d44e, 0, 0x1d6e2, 0x1d6fc },
	[MATH_CALLIGRAPHIC] = { 0x1d49c, 0x1d4b6, 0, 0, 0 },
	[MATH_FRAKTUR] = { 0x1d504, 0x1d51e, 0, 0, 0 },
	[MATH_BLACKBOARD] = { 0x1d538, 0x1d552, 0x1d7d8, 0, 0 },
};

/* Letters that Unicode had before it got the alphabets: their places there are empty. */
static const struct {
	uint8_t alphabet;
	char letter;
	uint16_t code;
} earlier[] = {
	{ MATH_ITALIC, 'h', 0x210e },       { MATH_CALLIGRAPHIC, 'B', 0x212c },
	{ MATH_CALLIGRAPHIC, 'E', 0x2130 }, { MATH_CALLIGRAPHIC, 'F', 0x2131 },
	{ MATH_CALLIGRAPHIC, 'H', 0x210b }, { MATH_CALLIGRAPHIC, 'I', 0x2110 },
	{ MATH_CALLIGRAPHIC, 'L', 0x2112 }, { MATH_CALLIGRAPHIC, 'M', 0x2133 },
	{ MATH_CALLIGRAPHIC, 'R', 0x211b }, { MATH_CALLIGRAPHIC, 'e', 0x212f },
	{ MATH_CALLIGRAPHIC, 'g', 0x210a }, { MATH_CALLIGRAPHIC, 'o', 0x2134 },
	{ MATH_FRAKTUR, 'C', 0x212d },      { MATH_FRAKTUR, 'H', 0x210c },
	{ MATH_FRAKTUR, 'I', 0x2111 },      { MATH_FRAKTUR, 'R', 0x211c },
	{ MATH_FRAKTUR, 'Z', 0x2128 },      { MATH_BLACKBOARD, 'C', 0x2102 },
	{ MATH_BLACKBOARD, 'H', 0x210d },   { MATH_BLACKBOARD, 'N', 0x2115 },
	{ MATH_BLACKBOARD, 'P', 0x2119 },   { MATH_BLACKBOARD, 'Q', 0x211a },
	{ MATH_BLACKBOARD, 'R', 0x211d },   { MATH_BLACKBOARD, 'Z', 0x2124 },
};

static uint32_t greek_code(enum math_alphabet alphabet, uint32_t code)
{
	if (code >= 0x391 && code <= 0x3a9)
		return alphabets[alphabet].greek_upper + code - 0x391;
	if (code >= 0x3b1 && code <= 0x3c9)
		return alphabets[alphabet].greek_lower + code - 0x3b1;
	switch (code) { /* the variants follow ω, after the partial sign */
	case 0x3f5: return alphabets[alphabet].greek_lower + 26;
	case 0x3d1: return alphabets[alphabet].greek_lower + 27;
	case 0x3f0: return alphabets[alphabet].greek_lower + 28;
	case 0x3d5: return alphabets[alphabet].greek_lower + 29;
	case 0x3f1: return alphabets[alphabet].greek_lower + 30;
	case 0x3d6: return alphabets[alphabet].greek_lower + 31;
	case 0x2207: return alphabets[alphabet].greek_upper + 25;
	default: return code;
	}
}

uint32_t math_alphabet_code(enum math_alphabet alphabet, uint32_t code)
{
	if (alphabet == MATH_PLAIN)
		return code;
	for (size_t i = 0; i < sizeof earlier / sizeof *earlier; i++)
		if (earlier[i].alphabet == alphabet && (uint32_t)earlier[i].letter == code)
			return earlier[i].code;
	if (code >= 'A' && code <= 'Z')
		return alphabets[alphabet].upper + code - 'A';
	if (code >= 'a' && code <= 'z')
		return alphabets[alphabet].lower + code - 'a';
	if (code >= '0' && code <= '9' && alphabets[alphabet].digits != 0)
		return alphabets[alphabet].digits + code - '0';
	return alphabets[alphabet].greek_upper != 0 ? greek_code(alphabet, code) : code;
}
