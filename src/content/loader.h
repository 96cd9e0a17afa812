/*
 * loader - a folder of files becomes a catalogue, again and again.
 *
 * The loader remembers every file it has read; a reload reads only what changed (by struct
 * file_identity) and carries the rest over. It belongs to one thread; the
 * catalogues it makes are free of it.
 *
 *	struct loader *loader = loader_new(&options);
 *	struct catalogue *c = loader_load(loader, date_now(), &faults, &arena);
 *	...                                                  // something changed on disk
 *	c = loader_load(loader, date_now(), &faults, &arena);
 */
#ifndef CONTENT_LOADER_H
#define CONTENT_LOADER_H

#include "base/fault.h"
#include "content/catalogue.h"

struct loader_options {
	struct str content, pages; /* folders; pages may be empty */
	struct str language, author;
	bool math;             /* titles and descriptions may hold mathematics */
	struct str cache_file; /* what is known of many files, for the next start; empty = none */
	size_t post_bytes;     /* larger files are reported and not served (51); 0 = no limit */
	bool drafts;           /* show drafts and future posts too */
	unsigned threads;      /* for reading headers at the first load; 0 = one a core */
};

struct loader;

struct loader *loader_new(const struct loader_options *); /* copies what it keeps */
void loader_free(struct loader *);

/*
 * Before the first load by new settings: the last good versions that `old` knows go on, when both
 * look at the same folders.
 */
void loader_inherit(struct loader *, const struct loader *old);

/*
 * Reads all files. The catalogue of this moment; the caller holds it. Faults of files (broken
 * headers, duplicate slugs, unreadable files) are appended to `faults`, each with its file; a
 * broken file keeps its last good version. NULL and a fault when the content folder cannot be read
 * at all.
 */
struct catalogue *loader_load(struct loader *, int64_t now, struct fault_list *faults,
			      struct arena *fault_arena);

/*
 * As loader_load(), but NULL without a fault when nothing has changed since the last one. Faults
 * that were reported before and are still there are not reported again.
 */
struct catalogue *loader_reload(struct loader *, int64_t now, struct fault_list *faults,
				struct arena *fault_arena);

/* Fewer files are read as fast as a stamp of them. */
#define LOADER_SAVES 4096

/*
 * What a load leaves for when nobody waits: keeps last good versions of the newest posts after
 * loader_load(); writes options.cache_file, when there are LOADER_SAVES files and much was read
 * since it was written. The first load of the next loader then opens only what changed.
 */
bool loader_save(struct loader *, struct fault *);

/*
 * The file or folder at `path` below content (or pages) may have changed. When every change since
 * the last load was noted, the next loader_reload() looks at these alone instead of all folders;
 * loader_note_all() takes that back.
 */
void loader_note_change(struct loader *, bool in_pages, struct str path);
void loader_note_all(struct loader *);

/* A post's text, with its header as that very text has it. */
struct post_text {
	const struct post *said; /* title, dates and extras; its place in the catalogue is set only
				    when it is the catalogue's own */
	struct str file, body;   /* the body is the end of the file */
};

/*
 * The text of a post or page, in the arena: that which the catalogue knows, from the file or as its
 * last good version. When neither is there, because the file is newer than the catalogue,
 * it is the newest, and so is what it says of itself: no reader sees one text's title above
 * another's body.
 */
bool loader_read_post(const struct catalogue *, const struct post *, size_t limit, struct arena *,
		      struct post_text *, struct fault *);

#endif
