#include "render/ascii.h"

#include "base/utf8.h"

struct likeness {
	uint32_t code;
	const char *text;
};

/* What decomposition does not give, or gives wrongly. Sorted by code. */
static const struct likeness likenesses[] = {
	{ 0x00a1, "!" },        { 0x00a2, "c" },        { 0x00a3, "GBP" },
	{ 0x00a5, "JPY" },      { 0x00a6, "|" },        { 0x00a7, "S." },
	{ 0x00a9, "(c)" },      { 0x00ab, "\"" },       { 0x00ac, "not " },
	{ 0x00ad, "" },         { 0x00ae, "(R)" },      { 0x00b0, " deg" },
	{ 0x00b1, "+-" },       { 0x00b2, "^2" },       { 0x00b3, "^3" },
	{ 0x00b4, "'" },        { 0x00b5, "u" },        { 0x00b6, "P." },
	{ 0x00b7, "*" },        { 0x00b9, "^1" },       { 0x00bb, "\"" },
	{ 0x00bf, "?" },        { 0x00c6, "AE" },       { 0x00d0, "D" },
	{ 0x00d7, "x" },        { 0x00d8, "O" },        { 0x00de, "Th" },
	{ 0x00df, "ss" },       { 0x00e6, "ae" },       { 0x00f0, "d" },
	{ 0x00f7, "/" },        { 0x00f8, "o" },        { 0x00fe, "th" },
	{ 0x0110, "D" },        { 0x0111, "d" },        { 0x0126, "H" },
	{ 0x0127, "h" },        { 0x0131, "i" },        { 0x0138, "k" },
	{ 0x0141, "L" },        { 0x0142, "l" },        { 0x014a, "NG" },
	{ 0x014b, "ng" },       { 0x0152, "OE" },       { 0x0153, "oe" },
	{ 0x0166, "T" },        { 0x0167, "t" },        { 0x02bb, "'" },
	{ 0x02bc, "'" },        { 0x02c6, "^" },        { 0x02dc, "~" },
	{ 0x2010, "-" },        { 0x2011, "-" },        { 0x2012, "-" },
	{ 0x2013, "-" },        { 0x2014, "--" },       { 0x2015, "--" },
	{ 0x2016, "||" },       { 0x2018, "'" },        { 0x2019, "'" },
	{ 0x201a, "'" },        { 0x201b, "'" },        { 0x201c, "\"" },
	{ 0x201d, "\"" },       { 0x201e, "\"" },       { 0x201f, "\"" },
	{ 0x2020, "+" },        { 0x2021, "++" },       { 0x2022, "*" },
	{ 0x2023, ">" },        { 0x2026, "..." },      { 0x2030, " per mille" },
	{ 0x2032, "'" },        { 0x2033, "''" },       { 0x2039, "'" },
	{ 0x203a, "'" },        { 0x2043, "-" },        { 0x2044, "/" },
	{ 0x2070, "^0" },       { 0x2071, "^i" },       { 0x2074, "^4" },
	{ 0x2075, "^5" },       { 0x2076, "^6" },       { 0x2077, "^7" },
	{ 0x2078, "^8" },       { 0x2079, "^9" },       { 0x207f, "^n" },
	{ 0x20ac, "EUR" },      { 0x2190, "<-" },       { 0x2191, "^" },
	{ 0x2192, "->" },       { 0x2193, "v" },        { 0x2194, "<->" },
	{ 0x21a6, "|->" },      { 0x21d0, "<=" },       { 0x21d2, "=>" },
	{ 0x21d4, "<=>" },      { 0x2200, "forall " },  { 0x2202, "d" },
	{ 0x2203, "exists " },  { 0x2205, "{}" },       { 0x2207, "nabla" },
	{ 0x2208, "in" },       { 0x2209, "not in" },   { 0x220f, "prod" },
	{ 0x2211, "sum" },      { 0x2212, "-" },        { 0x2213, "-+" },
	{ 0x2215, "/" },        { 0x2216, "\\" },       { 0x2217, "*" },
	{ 0x2218, "o" },        { 0x221a, "sqrt" },     { 0x221d, "prop. to" },
	{ 0x221e, "inf" },      { 0x2223, "|" },        { 0x2225, "||" },
	{ 0x2227, "and" },      { 0x2228, "or" },       { 0x2229, "cap" },
	{ 0x222a, "cup" },      { 0x222b, "int" },      { 0x2236, ":" },
	{ 0x223c, "~" },        { 0x2243, "~=" },       { 0x2245, "~=" },
	{ 0x2248, "~" },        { 0x2260, "!=" },       { 0x2261, "==" },
	{ 0x2264, "<=" },       { 0x2265, ">=" },       { 0x226a, "<<" },
	{ 0x226b, ">>" },       { 0x2282, "subset" },   { 0x2283, "supset" },
	{ 0x2286, "subseteq" }, { 0x2287, "supseteq" }, { 0x2295, "(+)" },
	{ 0x2297, "(x)" },      { 0x2299, "(.)" },      { 0x22a4, "T" },
	{ 0x22c5, "*" },        { 0x22ee, ":" },        { 0x22ef, "..." },
	{ 0x2308, "[" },        { 0x2309, "]" },        { 0x230a, "[" },
	{ 0x230b, "]" },        { 0x2500, "-" },        { 0x2501, "-" },
	{ 0x2502, "|" },        { 0x2503, "|" },        { 0x250c, "+" },
	{ 0x2510, "+" },        { 0x2514, "+" },        { 0x2518, "+" },
	{ 0x251c, "+" },        { 0x2524, "+" },        { 0x252c, "+" },
	{ 0x2534, "+" },        { 0x253c, "+" },        { 0x2550, "=" },
	{ 0x2551, "|" },        { 0x2588, "#" },        { 0x25a0, "#" },
	{ 0x25aa, "*" },        { 0x25b6, ">" },        { 0x25ba, ">" },
	{ 0x25c0, "<" },        { 0x25cf, "*" },        { 0x25e6, "o" },
	{ 0x2610, "[ ]" },      { 0x2611, "[x]" },      { 0x2612, "[x]" },
	{ 0x2713, "[x]" },      { 0x2714, "[x]" },      { 0x2717, "x" },
	{ 0x2718, "x" },        { 0x2794, "->" },       { 0x27c2, "perp" },
	{ 0x27e8, "<" },        { 0x27e9, ">" },        { 0x27f6, "-->" },
	{ 0x27f9, "==>" },      { 0x2e3a, "--" },       { 0x3000, " " },
	{ 0x3001, "," },        { 0x3002, "." },        { 0x3008, "<" },
	{ 0x3009, ">" },        { 0x300a, "<<" },       { 0x300b, ">>" },
	{ 0x300c, "\"" },       { 0x300d, "\"" },       { 0x300e, "\"" },
	{ 0x300f, "\"" },       { 0x3010, "[" },        { 0x3011, "]" },
	{ 0x301c, "~" },        { 0xfeff, "" },
};

/* Greek letters of formulas, from U+0391 and from U+03B1 on; words in Greek have no likeness. */
static const char *const greek[] = {
	"alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",   "theta", "iota",
	"kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",    "rho",   "sigma",
	"sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega",
};
#define GREEK_LETTERS (sizeof greek / sizeof *greek)

static bool is_greek(uint32_t code)
{
	return code >= 0x370 && code < 0x400;
}

/* The name of a letter that stands alone: `β-test`, not one of `αβγ`. */
static bool add_greek(uint32_t code, uint32_t before, uint32_t after, struct buf *out)
{
	bool upper = code >= 0x391 && code < 0x391 + GREEK_LETTERS;
	uint32_t index = code - (upper ? 0x391 : 0x3b1);
	if (index >= GREEK_LETTERS || is_greek(before) || is_greek(after))
		return false;
	size_t start = out->len;
	buf_add(out, str_from(greek[index]));
	if (upper)
		out->at[start] = (char)(out->at[start] - 'a' + 'A');
	return true;
}

static const char *likeness_of(uint32_t code)
{
	size_t low = 0, high = sizeof likenesses / sizeof *likenesses;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (likenesses[middle].code == code)
			return likenesses[middle].text;
		if (likenesses[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* False when the code point has no likeness of its own. */
static bool add_part(uint32_t code, struct buf *out)
{
	const char *text = likeness_of(code);
	if (text != NULL)
		buf_add(out, str_from(text));
	else if (code < 0x80)
		buf_add_char(out, (char)code);
	else
		return utf8_width(code) == 0; /* an accent or a joiner */
	return true;
}

static void add_code(uint32_t code, struct buf *out)
{
	uint32_t parts[32];
	if (add_part(code, out))
		return;
	size_t before = out->len, n = utf8_decompose(code, parts, 32);
	bool known = n > 0 && parts[0] != code;
	for (size_t i = 0; i < n && known; i++)
		known = add_part(parts[i], out);
	if (known)
		return;
	out->len = before;
	buf_add_char(out, '?');
}

void ascii_add(struct str text, struct buf *out)
{
	uint32_t before = 0;
	for (size_t i = 0; i < text.len;) {
		size_t plain = i;
		while (plain < text.len && (unsigned char)text.at[plain] < 0x80)
			plain++;
		buf_add(out, str_sub(text, i, plain));
		before = plain > i ? 0 : before;
		i = plain;
		if (i == text.len)
			return;
		uint32_t code, after = 0;
		i += utf8_decode(str_skip(text, i), &code);
		if (is_greek(code) && i < text.len)
			utf8_decode(str_skip(text, i), &after);
		if (!is_greek(code) || !add_greek(code, before, after, out))
			add_code(code, out);
		before = code;
	}
}
