#include "base/idn.h"

#include <idn2.h>

#include "base/utf8.h"

bool idn_to_ascii(struct str host, struct buf *ascii)
{
	if (str_find(host, '\0', 0) != STR_NOT_FOUND || !utf8_valid(host))
		return false;
	struct buf name = { 0 };
	buf_add(&name, host);
	char *output = NULL;
	bool done = idn2_to_ascii_8z(buf_c(&name), &output,
				     IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) == IDN2_OK;
	if (done)
		buf_add(ascii, str_from(output));
	idn2_free(output);
	buf_free(&name);
	return done;
}
