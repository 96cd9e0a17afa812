#include "base/idn.h"

#include <idn2.h>

#include "base/utf8.h"

/* Signs of other scripts are mapped to a blank or to "a/c" too, which would end the host. */
static bool is_host(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!str_is_alpha(name.at[i]) && !str_is_digit(name.at[i]) &&
		    strchr("-._", name.at[i]) == NULL)
			return false;
	return true;
}

bool idn_to_ascii(struct str host, struct buf *ascii)
{
	if (str_find(host, '\0', 0) != STR_NOT_FOUND || !utf8_valid(host))
		return false;
	struct buf name = { 0 };
	buf_add(&name, host);
	char *output = NULL;
	bool done = idn2_to_ascii_8z(buf_c(&name), &output,
				     IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) == IDN2_OK &&
		    is_host(str_from(output));
	if (done)
		buf_add(ascii, str_from(output));
	idn2_free(output);
	buf_free(&name);
	return done;
}
