#include "document/looks.h"

#include "document/bytes.h"

static enum looks looks_of_few(struct str text)
{
	enum looks found = LOOKS_PLAIN;
	char before = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c < ' ')
			return LOOKS_CONTROLS;
		if (c >= 0x7f || (c == ' ' && before == ' '))
			found = LOOKS_MANIFOLD;
		before = (char)c;
	}
	return found;
}

/* Sixteen bytes and the one behind them. */
static enum looks looks_of_many(const char *at)
{
	struct bytes b = bytes_load(at), next = bytes_load(at + 1);
	/* signed: what is not ASCII is below a blank too */
	struct bytes others = { (b.all < ' ') | (next.all < ' ') |
				((b.all == ' ') & (next.all == ' ')) };
	if (!bytes_any(others))
		return LOOKS_PLAIN;
	struct bytes controls = { ((b.all >= 0) & (b.all < ' ')) |
				  ((next.all >= 0) & (next.all < ' ')) };
	return bytes_any(controls) ? LOOKS_CONTROLS : LOOKS_MANIFOLD;
}

enum looks looks_of(struct str text)
{
	if (text.len <= BYTES_AT_ONCE)
		return looks_of_few(text);
	enum looks found = LOOKS_PLAIN;
	size_t last = text.len - BYTES_AT_ONCE - 1;
	for (size_t i = 0;; i += BYTES_AT_ONCE) {
		/* the last step looks at some bytes again */
		enum looks here = looks_of_many(text.at + (i < last ? i : last));
		if (here > found)
			found = here;
		if (i >= last)
			return found;
	}
}
