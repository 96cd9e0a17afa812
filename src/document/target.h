/*
 * target - what a reference in a post leads to.
 *
 * References come as authors write them: `../img/a b.png`, `other-post.md#part`,
 * `//host/x`, `javascript:...`. Whatever has a scheme is checked against the list of schemes that
 * readers of the small web may follow (L14) and encoded (L17); all else is for the resolver.
 *
 *	struct target target = target_from(&arena, STR("other-post.md"), resolver);
 */
#ifndef DOCUMENT_TARGET_H
#define DOCUMENT_TARGET_H

#include "base/arena.h"
#include "document/document.h"
#include "document/markdown.h"

/*
 * `reference` is decoded of entities, not of percent signs. Without a resolver a relative
 * reference is a TARGET_URL as the author wrote it. What the target holds lives in the arena.
 */
struct target target_from(struct arena *, struct str reference, const struct link_resolver *);

/* The host of an absolute URL without user and port, or empty. */
struct str target_host(struct str url);

/* True when the reference's path names an image file (I03). */
bool target_is_image(struct str reference);

/* Words for an image that has none: its file's name (I04). In the arena. */
struct str target_image_words(struct arena *, struct str reference);

#endif
