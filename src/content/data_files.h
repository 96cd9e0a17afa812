/*
 * data_files - what Eleventy's data files say for posts.
 *
 * In the folder `posts` the files posts.json and posts.11tydata.json say for every post of it and
 * of the folders below what the post's own header may say; first.json and first.11tydata.json do
 * so for first.md. The nearest one counts, `.11tydata.json` before `.json`, the post's own header
 * before all; keywords of all of them count.
 *
 *	struct data_files data = { .root = fd, .root_name = STR("content"), ... };
 *	data_files_add(&data, STR("posts/posts.json"));         // for each file of that ending
 *	struct post_data said = data_files_of(&data, STR("posts/first.md"));
 *	...                                                     // said.header, for post_parse()
 *	data_files_free(&data);
 */
#ifndef CONTENT_DATA_FILES_H
#define CONTENT_DATA_FILES_H

#include "base/fault.h"
#include "base/map.h"
#include "content/catalogue.h"
#include "content/header.h"

/* What data files say for one post. */
struct post_data {
	uint64_t identity; /* equal ones say the same; 0 = nothing is said */
	const struct header *header;
};

struct data_file;

/* Those below one root. They are opened when the first post asks, once. */
struct data_files {
	int root;
	struct str root_name; /* of that folder itself: its data file bears it; may be empty */
	bool math;            /* as for header_read() */
	bool is_unlisted;     /* nothing was added: look for each name that a post may ask for */
	struct fault_list *faults;
	struct arena *fault_arena;
	/* Those before these, or NULL: their faults are known, and what they said stays while the
	   new form of a file is broken. */
	const struct data_files *before;

	struct arena arena;
	struct data_file *files;
	size_t count, capacity, nspeaking; /* nspeaking: those that say something */
	struct map paths;
	struct post_data *folders;
	size_t nfolders, folders_capacity;
	struct map folder_paths;
};

/* Whether a file may be one, by its name. */
bool data_files_may_be(struct str name);

/* A file that is there, or may have changed. */
void data_files_add(struct data_files *, struct str path);

/* The header lives in the arena, or in that of the data files. */
struct post_data data_files_of(struct data_files *, struct arena *, struct str post_path);

/* What the others said, for `to` to be those before the next: all will be read and told of again.
 */
void data_files_inherit(struct data_files *to, const struct data_files *from);

void data_files_free(struct data_files *);

/* Those below a root of the catalogue, for a text that is newer than it. Faults are its loader's.
 */
struct data_files data_files_below(const struct catalogue *, bool in_pages, struct fault_list *,
				   struct arena *fault_arena);

/*
 * Whether the file is there for Eleventy, not for readers. `x.json` is an attachment unless it has
 * the name of its folder or of a post beside it, and speaks of posts: a key of headers, `layout`,
 * or one of Eleventy's own. So measurements.json beside measurements.md is served, as long as it
 * does not look like a header; then another name helps.
 */
bool data_files_hides(const struct catalogue *, bool in_pages, struct str path);

#endif
