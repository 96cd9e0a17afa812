/*
 * watch - the kernel tells which files below content and pages change.
 *
 * One descriptor for whatever event loop there is; what it tells goes as notes to a loader. New
 * folders are watched at once, moved ones under their new name, folders that go away and come
 * back are found again. Where the kernel cannot tell (network file systems, too many
 * folders), watch_needs_polling() asks for a look from time to time.
 *
 *	struct watch *watch = watch_new(content, pages);
 *	// when watch_fd() is readable:
 *	if (watch_read(watch, loader))
 *		...                            // in 20 to 50 ms: loader_reload(loader, ...)
 */
#ifndef CONTENT_WATCH_H
#define CONTENT_WATCH_H

#include "content/loader.h"

struct watch;

/* Folders may be missing, `pages` may be empty. Never NULL; what fails asks for polling. */
struct watch *watch_new(struct str content, struct str pages);
void watch_free(struct watch *);

/* To wait for; -1 when there is none. Nonblocking. */
int watch_fd(const struct watch *);

/* Takes all events and notes them. Whether anything may have changed. */
bool watch_read(struct watch *, struct loader *);

/*
 * Whether the last file that went away or was begun has not been written to its end: an editor is
 * in the middle of saving, or the file is gone for good. Worth a little more patience.
 */
bool watch_is_amid_change(const struct watch *);

/*
 * Whether changes may go unnoticed: then watch_read(), loader_note_all() and a reload every few
 * seconds. May change with every watch_read().
 */
bool watch_needs_polling(const struct watch *);

#endif
