/*
 * liquid - the value of what Jekyll and Zola write as `{{ ... }}` in a post.
 *
 * Only what needs no web site: `{{ "/a.png" | relative_url }}` is /a.png, `{{ site.baseurl }}` is
 * nothing. A text that is no such expression is left as it is.
 */
#ifndef DOCUMENT_LIQUID_H
#define DOCUMENT_LIQUID_H

#include "base/arena.h"
#include "base/str.h"

/* False when `text`, what stands between the braces, is no expression. */
bool liquid_value(struct str text, struct arena *, struct str *value);

/* A text with all its `{{ }}` replaced by their values. */
struct str liquid_expand(struct str text, struct arena *);

#endif
