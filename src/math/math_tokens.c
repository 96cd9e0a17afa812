#include "base/utf8.h"
#include "math/math_parser.h"
#include "math/math_scan.h"

static struct math_token command_token(struct math_parser *p, size_t at)
{
	struct math_token token = { .kind = MATH_TOKEN_COMMAND };
	token.text = math_scan_name(p->tex, at + 1);
	token.end = at + 1 + token.text.len;
	if (str_equal(token.text, STR("\\")) || str_equal(token.text, STR("cr")) ||
	    str_equal(token.text, STR("newline")) || str_equal(token.text, STR("tabularnewline")))
		token.kind = MATH_TOKEN_ROW;
	if (token.text.len == 0) /* a backslash at the very end */
		token.kind = MATH_TOKEN_TIE;
	return token;
}

/* Pages that were HTML once still hold these. */
static bool entity_token(struct str rest, struct math_token *token)
{
	static const struct {
		struct str entity, sign;
	} entities[] = { { STR_INIT("&lt;"), STR_INIT("<") },
			 { STR_INIT("&gt;"), STR_INIT(">") },
			 { STR_INIT("&amp;"), STR_INIT("&") } };
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (!str_starts(rest, entities[i].entity))
			continue;
		token->kind =
		    entities[i].sign.at[0] == '&' ? MATH_TOKEN_COLUMN : MATH_TOKEN_CHARACTER;
		token->text = entities[i].sign;
		token->end += entities[i].entity.len;
		return true;
	}
	return false;
}

static size_t skip_blanks(struct math_parser *p)
{
	size_t at = math_scan_blanks(p->tex, p->at);
	while (at < p->last_line && p->tex.at[at] == '%') {
		at = str_find(p->tex, '\n', at);
		at = math_scan_blanks(p->tex, at);
	}
	return at;
}

struct math_token math_peek(struct math_parser *p)
{
	static const uint8_t kinds[128] = {
		['{'] = MATH_TOKEN_OPEN,  ['}'] = MATH_TOKEN_CLOSE, ['^'] = MATH_TOKEN_SUP,
		['_'] = MATH_TOKEN_SUB,   ['~'] = MATH_TOKEN_TIE,   ['&'] = MATH_TOKEN_COLUMN,
		['\''] = MATH_TOKEN_PRIME
	};
	size_t at = skip_blanks(p);
	struct math_token token = { .kind = MATH_TOKEN_END, .end = at };
	struct str rest = str_skip(p->tex, at);
	if (rest.len == 0)
		return token;
	unsigned char c = (unsigned char)rest.at[0];
	if (c == '\\') {
		token = command_token(p, at);
	} else if (c != '&' || !entity_token(rest, &token)) {
		uint32_t code;
		size_t n = utf8_decode(rest, &code);
		token.kind = c < 128 && kinds[c] ? kinds[c] : MATH_TOKEN_CHARACTER;
		token.text = str_sub(rest, 0, n);
		token.end = at + n;
	}
	token.behind_blank = at > p->at;
	return token;
}

struct math_token math_next(struct math_parser *p)
{
	struct math_token token = math_peek(p);
	p->at = token.end;
	return token;
}
