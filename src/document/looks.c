#include "document/looks.h"

#include "document/bytes.h"

static enum looks looks_of_bytes(struct str text, size_t from)
{
	enum looks found = LOOKS_PLAIN;
	for (size_t i = from; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c < ' ')
			return LOOKS_CONTROLS;
		if (c >= 0x7f || (c == ' ' && i > 0 && text.at[i - 1] == ' '))
			found = LOOKS_MANIFOLD;
	}
	return found;
}

enum looks looks_of(struct str text)
{
	enum looks found = LOOKS_PLAIN;
	size_t i = 0;
	for (; i + BYTES_AT_ONCE < text.len; i += BYTES_AT_ONCE) {
		struct bytes b = bytes_load(text.at + i), next = bytes_load(text.at + i + 1);
		struct bytes controls = { (b.all >= 0) & (b.all < ' ') };
		struct bytes others = { (b.all < ' ') | ((b.all == ' ') & (next.all == ' ')) };
		if (!bytes_any(others))
			continue;
		if (bytes_any(controls))
			return LOOKS_CONTROLS;
		found = LOOKS_MANIFOLD;
	}
	enum looks rest = looks_of_bytes(text, i);
	return rest > found ? rest : found;
}
