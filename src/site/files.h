/*
 * files - what lies below `pages` and `content` and is served as it is.
 *
 * Nothing leads out of the two folders (file_open_beneath), and some of what is in them is
 * not for readers: dot-files, the files of drafts, the settings, keys and logs.
 */
#ifndef SITE_FILES_H
#define SITE_FILES_H

#include "site/visit.h"

/*
 * Answers with the file or folder at the request's path: the file itself, a folder's index.gmi,
 * or a redirect to the page that a folder's index.md is. False when there is none that a
 * reader may see; the visit is not answered then.
 */
bool files_answer(struct visit *);

/*
 * Redirects from the address that a file had on the web to its path: a project of Hugo keeps
 * /a.png in static/. False when there is none.
 */
bool files_answer_old(struct visit *);

/*
 * Answers with the file at `path` below `root`, unchanged, as the Markdown of posts is; false when
 * there is none.
 */
bool files_send(struct visit *, int root, struct str path);

/* robots.txt and, in Gopher, caps.txt, where the author has none; false for other paths. */
bool files_well_known(struct visit *);

#endif
