/*
 * media - media types by the ending of a file's name (GEM-85).
 */
#ifndef SITE_MEDIA_H
#define SITE_MEDIA_H

#include "base/str.h"

/* A static text such as "image/png"; "application/octet-stream" for an unknown ending. */
struct str media_type(struct str name);

#endif
