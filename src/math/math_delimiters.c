#include "math/math_symbols.h"

#define PARENTHESES_LEFT   "(", "⎛", "⎜", "⎝", "⎜", "(", "/", "|", "\\", "|"
#define PARENTHESES_RIGHT  ")", "⎞", "⎟", "⎠", "⎟", ")", "\\", "|", "/", "|"
#define BRACKET_LEFT       "[", "⎡", "⎢", "⎣", "⎢", "[", "[", "[", "[", "["
#define BRACKET_RIGHT      "]", "⎤", "⎥", "⎦", "⎥", "]", "]", "]", "]", "]"
#define BRACE_LEFT         "{", "⎧", "⎨", "⎩", "⎪", "{", "/", "<", "\\", "|"
#define BRACE_RIGHT        "}", "⎫", "⎬", "⎭", "⎪", "}", "\\", ">", "/", "|"
#define CEILING_LEFT       "⌈", "⎡", "⎢", "⎢", "⎢", "ceil(", "[", "|", "|", "|"
#define CEILING_RIGHT      "⌉", "⎤", "⎥", "⎥", "⎥", ")", "]", "|", "|", "|"
#define FLOOR_LEFT         "⌊", "⎢", "⎢", "⎣", "⎢", "floor(", "|", "|", "[", "|"
#define FLOOR_RIGHT        "⌋", "⎥", "⎥", "⎦", "⎥", ")", "|", "|", "]", "|"
#define BAR                "|", "│", "│", "│", "│", "|", "|", "|", "|", "|"
#define DOUBLE_BAR         "‖", "‖", "‖", "‖", "‖", "||", "||", "||", "||", "||"
/* There are no pieces for these: they stay one row. */
#define FIXED(text, ascii) text, NULL, NULL, NULL, NULL, ascii, NULL, NULL, NULL, NULL

static const struct math_delimiter delimiters[] = {
	{ STR_INIT("("), PARENTHESES_LEFT },
	{ STR_INIT(")"), PARENTHESES_RIGHT },
	{ STR_INIT("["), BRACKET_LEFT },
	{ STR_INIT("]"), BRACKET_RIGHT },
	{ STR_INIT("{"), BRACE_LEFT },
	{ STR_INIT("}"), BRACE_RIGHT },
	{ STR_INIT("|"), BAR },
	{ STR_INIT("||"), DOUBLE_BAR },
	{ STR_INIT("<"), FIXED("⟨", "<") },
	{ STR_INIT(">"), FIXED("⟩", ">") },
	{ STR_INIT("/"), FIXED("/", "/") },
	{ STR_INIT("lparen"), PARENTHESES_LEFT },
	{ STR_INIT("rparen"), PARENTHESES_RIGHT },
	{ STR_INIT("lbrack"), BRACKET_LEFT },
	{ STR_INIT("rbrack"), BRACKET_RIGHT },
	{ STR_INIT("lbrace"), BRACE_LEFT },
	{ STR_INIT("rbrace"), BRACE_RIGHT },
	{ STR_INIT("lceil"), CEILING_LEFT },
	{ STR_INIT("rceil"), CEILING_RIGHT },
	{ STR_INIT("lfloor"), FLOOR_LEFT },
	{ STR_INIT("rfloor"), FLOOR_RIGHT },
	{ STR_INIT("vert"), BAR },
	{ STR_INIT("lvert"), BAR },
	{ STR_INIT("rvert"), BAR },
	{ STR_INIT("mid"), BAR },
	{ STR_INIT("Vert"), DOUBLE_BAR },
	{ STR_INIT("lVert"), DOUBLE_BAR },
	{ STR_INIT("rVert"), DOUBLE_BAR },
	{ STR_INIT("parallel"), DOUBLE_BAR },
	{ STR_INIT("langle"), FIXED("⟨", "<") },
	{ STR_INIT("rangle"), FIXED("⟩", ">") },
	{ STR_INIT("lgroup"), PARENTHESES_LEFT },
	{ STR_INIT("rgroup"), PARENTHESES_RIGHT },
	{ STR_INIT("llbracket"), FIXED("⟦", "[[") },
	{ STR_INIT("rrbracket"), FIXED("⟧", "]]") },
	{ STR_INIT("lmoustache"), FIXED("⎰", "{") },
	{ STR_INIT("rmoustache"), FIXED("⎱", "}") },
	{ STR_INIT("ulcorner"), FIXED("⌜", "[") },
	{ STR_INIT("urcorner"), FIXED("⌝", "]") },
	{ STR_INIT("llcorner"), FIXED("⌞", "[") },
	{ STR_INIT("lrcorner"), FIXED("⌟", "]") },
	{ STR_INIT("backslash"), FIXED("∖", "\\") },
	{ STR_INIT("uparrow"), FIXED("↑", "^") },
	{ STR_INIT("downarrow"), FIXED("↓", "v") },
	{ STR_INIT("updownarrow"), FIXED("↕", "|") },
	{ STR_INIT("Uparrow"), FIXED("⇑", "^") },
	{ STR_INIT("Downarrow"), FIXED("⇓", "v") },
	{ STR_INIT("Updownarrow"), FIXED("⇕", "|") },
};

const struct math_delimiter *math_delimiter_find(struct str name)
{
	for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
		if (str_equal(delimiters[i].name, name))
			return &delimiters[i];
	return NULL;
}

/* command, name, mark, row, its ASCII form; then: fills, each letter, below, head */
static const struct {
	struct str command;
	struct math_accent accent;
} accents[] = {
#define ACCENT(command, name, mark, row, ascii, ...)                                               \
	{                                                                                          \
		STR_INIT(command),                                                                 \
		{                                                                                  \
			STR_INIT(name), mark, row, ascii, __VA_ARGS__                              \
		}                                                                                  \
	}
	ACCENT("hat", "hat", 0x302, "^", "^", false, false, false, false),
	ACCENT("widehat", "hat", 0x302, "^", "^", false, false, false, false),
	ACCENT("tilde", "tilde", 0x303, "~", "~", false, false, false, false),
	ACCENT("widetilde", "tilde", 0x303, "~", "~", false, false, false, false),
	ACCENT("bar", "bar", 0x304, "‾", "_", true, false, false, false),
	ACCENT("overline", "overline", 0x305, "‾", "_", true, true, false, false),
	ACCENT("underline", "underline", 0x332, "‾", "-", true, true, true, false),
	ACCENT("underbar", "underline", 0x332, "‾", "-", true, true, true, false),
	ACCENT("vec", "vec", 0x20d7, "─", "-", true, false, false, true),
	ACCENT("overrightarrow", "vec", 0x20d7, "─", "-", true, false, false, true),
	ACCENT("overleftarrow", "overleftarrow", 0x20d6, "←", "<", false, false, false, false),
	ACCENT("overleftrightarrow", "overleftrightarrow", 0x20e1, "↔", "-", false, false, false,
	       false),
	ACCENT("dot", "dot", 0x307, "˙", ".", false, false, false, false),
	ACCENT("ddot", "ddot", 0x308, "¨", "..", false, false, false, false),
	ACCENT("dddot", "dddot", 0x20db, "⋯", "...", false, false, false, false),
	ACCENT("ddddot", "ddddot", 0x20dc, "⋯", "....", false, false, false, false),
	ACCENT("check", "check", 0x30c, "ˇ", "v", false, false, false, false),
	ACCENT("widecheck", "check", 0x30c, "ˇ", "v", false, false, false, false),
	ACCENT("acute", "acute", 0x301, "´", "'", false, false, false, false),
	ACCENT("grave", "grave", 0x300, "`", "`", false, false, false, false),
	ACCENT("breve", "breve", 0x306, "˘", "u", false, false, false, false),
	ACCENT("mathring", "ring", 0x30a, "˚", "o", false, false, false, false),
	ACCENT("'", "acute", 0x301, "´", "'", false, false, false, false),
	ACCENT("`", "grave", 0x300, "`", "`", false, false, false, false),
	ACCENT("^", "hat", 0x302, "^", "^", false, false, false, false),
	ACCENT("\"", "ddot", 0x308, "¨", "..", false, false, false, false),
	ACCENT("=", "bar", 0x304, "‾", "_", true, false, false, false),
	ACCENT(".", "dot", 0x307, "˙", ".", false, false, false, false),
#undef ACCENT
};

const struct math_accent *math_accent_find(struct str command)
{
	for (size_t i = 0; i < sizeof accents / sizeof *accents; i++)
		if (str_equal(accents[i].command, command))
			return &accents[i].accent;
	return NULL;
}
