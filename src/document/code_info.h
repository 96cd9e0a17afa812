/*
 * code_info - what the line above a code block says to a reader (K01, K05).
 */
#ifndef DOCUMENT_CODE_INFO_H
#define DOCUMENT_CODE_INFO_H

#include "base/buf.h"

/*
 * Appends the alternative text for an info string: the language, then the value of `title` or of
 * a file name's attribute. Switches of other tools ({linenos=table}, no_run) are dropped.
 */
void code_info(struct str info, struct buf *out);

/* The language alone. */
struct str code_info_language(struct str info);

#endif
