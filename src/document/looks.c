#include "document/looks.h"

#include "base/bytes.h"

static enum looks looks_of_few(struct str text)
{
	unsigned all = 0;
	bool control = false, blanks = false, before = false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool blank = c == ' ';
		all |= c;
		control |= c < ' ';
		blanks |= blank & before;
		before = blank;
	}
	return control ? LOOKS_CONTROLS : all >= 0x80 || blanks ? LOOKS_MANIFOLD : LOOKS_PLAIN;
}

/* Bytes that are not plain, of sixteen. Signed: what is not ASCII is below a blank too. */
static struct bytes strange(const char *at)
{
	struct bytes b = bytes_load(at), next = bytes_load(at + 1);
	return (struct bytes){ (b.all < ' ') | ((b.all == ' ') & (next.all == ' ')) };
}

static struct bytes controls(const char *at)
{
	struct bytes b = bytes_load(at);
	return (struct bytes){ (b.all >= 0) & (b.all < ' ') };
}

/* Whether `look` finds one in a text of at least seventeen bytes; the last step repeats some. */
static inline bool any(struct bytes (*look)(const char *at), struct str text)
{
	size_t last = text.len - BYTES_AT_ONCE - 1;
	struct bytes found = look(text.at + last);
	for (size_t i = 0; i < last; i += BYTES_AT_ONCE)
		found.all |= look(text.at + i).all;
	return bytes_any(found);
}

enum looks looks_of(struct str text)
{
	if (text.len <= BYTES_AT_ONCE)
		return looks_of_few(text);
	unsigned char end = (unsigned char)text.at[text.len - 1];
	if (end >= ' ' && end < 0x80 && !any(strange, text))
		return LOOKS_PLAIN;
	return end < ' ' || any(controls, text) ? LOOKS_CONTROLS : LOOKS_MANIFOLD;
}
