#include "content/data_files.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "content/catalogue_build.h"
#include "content/front_matter.h"
#include "content/scan.h"

/* More is no header but somebody's measurements. */
#define MOST_BYTES ((size_t)64 * 1024)

#define OWN_MARK   ".11tydata."
#define OWN_ENDING ".11tydata.json"

struct data_file {
	struct str path;
	bool is_known;             /* it was opened since it was added */
	struct file_identity file; /* what was found then, or why nothing was */
	struct post_data said;     /* while the file is broken: what it said before */
};

/* ---- one file ---- */

bool data_files_may_be(struct str name)
{
	return str_ends(name, STR(".json"));
}

/* Such a name has no other meaning. */
static bool is_own_name(struct str path)
{
	return str_ends(path, STR(OWN_ENDING));
}

/* In Eleventy one text is one tag, blanks and all. */
static void make_tags_a_list(struct arena *arena, struct value *top)
{
	for (struct value *v = top->first; v != NULL; v = v->next) {
		if (v->kind != VALUE_SCALAR || !str_equal(v->key, STR("tags")))
			continue;
		struct str text = v->text;
		v->kind = VALUE_LIST;
		value_add(arena, v, VALUE_SCALAR, v->line, v->column)->text = text;
	}
}

static bool has_key_of_eleventy(const struct value *top)
{
	for (const struct value *v = value_first(top); v != NULL; v = v->next)
		if (str_equal(v->key, STR("layout")) || str_starts(v->key, STR("eleventy")))
			return true;
	return false;
}

enum reading {
	READ_NO_DATA, /* a file of somebody else */
	READ_DATA,
	READ_BROKEN, /* the header holds what could be understood */
};

static enum reading read_text(struct data_files *set, struct str path, struct str text,
			      struct header *header)
{
	struct arena work = { 0 };
	struct value *top;
	struct fault fault;
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_skip(text, 3);
	if (!str_starts(str_trim(text), STR("{"))) {
		if (text.len > 0 && !is_own_name(path))
			return READ_NO_DATA;
		fault_set(&fault, path, 1, 1, "this is no object in braces: `{ \"tags\": [] }`");
		fault_list_add(set->faults, set->fault_arena, &fault);
		return READ_BROKEN;
	}
	struct front_matter matter = {
		.form = FRONT_MATTER_JSON, .text = text, .first_line = 1, .closed = true
	};
	bool valid = front_matter_parse(&work, &matter, path, &top, &fault);
	if (!valid)
		fault_list_add(set->faults, set->fault_arena, &fault);
	make_tags_a_list(&work, top);
	header_read(&set->arena, top, path, set->math, header, set->faults, set->fault_arena);
	bool is_data = header_says_something(header) || has_key_of_eleventy(top);
	arena_free(&work);
	return !valid ? READ_BROKEN : is_data ? READ_DATA : READ_NO_DATA;
}

static enum reading read_file(struct data_files *set, struct str path, int fd,
			      struct header *header)
{
	struct buf text = { 0 };
	struct fault fault;
	enum reading result = READ_NO_DATA;
	if (file_read(fd, MOST_BYTES, &text)) {
		result = read_text(set, path, buf_str(&text), header);
	} else if (errno != EFBIG || is_own_name(path)) {
		fault_system(&fault, path, "read");
		fault_list_add(set->faults, set->fault_arena, &fault);
		result = READ_BROKEN;
	}
	buf_free(&text);
	return result;
}

/* Nothing is there, or nobody may read it. */
static enum reading refuse(struct data_files *set, struct str path)
{
	struct fault fault;
	if (errno == ENOENT)
		return READ_NO_DATA;
	fault_system(&fault, path, "read");
	fault_list_add(set->faults, set->fault_arena, &fault);
	return READ_BROKEN;
}

static struct data_file *find(const struct data_files *set, struct str path)
{
	uint32_t i = map_get(&set->paths, path);
	return i == MAP_NONE ? NULL : &set->files[i];
}

static bool speaks(const struct data_file *f)
{
	return f != NULL && f->said.header != NULL;
}

/* Gives what is said a place in the arena. */
static struct header *keep(struct arena *arena, const struct header *header)
{
	struct header *kept = ARENA_NEW(arena, struct header);
	header_complete(arena, kept, header);
	return kept;
}

static struct post_data say_again(struct data_files *set, const struct data_file *before)
{
	return (struct post_data){ before->said.identity, keep(&set->arena, before->said.header) };
}

static uint64_t identity_of(const struct data_file *f)
{
	uint64_t identity = (f->file.place * 31 + f->file.time) * 31 + str_hash(f->path);
	return identity != 0 ? identity : 1;
}

static void look_at(struct data_files *set, struct data_file *f)
{
	struct stat status;
	struct header header = { 0 };
	const struct data_file *before = set->before ? find(set->before, f->path) : NULL;
	int fd = file_open_beneath(set->root, f->path, &status);
	f->file =
	    fd >= 0 ? file_identity_of(&status) : (struct file_identity){ .time = (uint64_t)errno };
	f->is_known = true;
	bool is_same =
	    before != NULL && before->is_known && file_identity_equal(before->file, f->file);
	enum reading result = READ_BROKEN;
	if (!is_same)
		result = fd >= 0 ? read_file(set, f->path, fd, &header) : refuse(set, f->path);
	if (result == READ_BROKEN && speaks(before))
		f->said = say_again(set, before);
	else if (!is_same && result != READ_NO_DATA)
		f->said = (struct post_data){ identity_of(f), keep(&set->arena, &header) };
	set->nspeaking += speaks(f);
	if (fd >= 0)
		close(fd);
}

/* ---- all of a root ---- */

static void forget_folders(struct data_files *set)
{
	map_free(&set->folder_paths);
	set->folder_paths = (struct map){ 0 };
	set->nfolders = 0;
}

void data_files_add(struct data_files *set, struct str path)
{
	struct data_file *f = find(set, path);
	forget_folders(set);
	if (f == NULL) {
		set->files =
		    memory_grow(set->files, set->count, &set->capacity, sizeof *set->files);
		f = &set->files[set->count];
		*f = (struct data_file){ .path = arena_str(&set->arena, path) };
		map_put(&set->paths, f->path, (uint32_t)set->count++);
		return;
	}
	set->nspeaking -= speaks(f);
	*f = (struct data_file){ .path = f->path };
}

/* Puts what one file says before what is said already. */
static void add_file(struct data_files *set, struct arena *arena, struct str path,
		     struct post_data *said)
{
	if (set->is_unlisted)
		data_files_add(set, path);
	struct data_file *f = find(set, path);
	if (f != NULL && !f->is_known)
		look_at(set, f);
	if (!speaks(f))
		return;
	struct header *header = keep(arena, f->said.header);
	if (said->header != NULL)
		header_complete(arena, header, said->header);
	said->header = header;
	said->identity = said->identity * 31 + f->said.identity;
	said->identity += said->identity == 0;
}

/* Both files of a name, that of Eleventy's own ending before the other. */
static void add_files(struct data_files *set, struct arena *arena, struct str folder,
		      struct str name, struct post_data *said)
{
	static const struct str endings[] = { STR_INIT(".json"), STR_INIT(OWN_ENDING) };
	struct buf path = { 0 };
	for (size_t i = 0; i < sizeof endings / sizeof *endings && name.len > 0; i++) {
		buf_clear(&path);
		buf_add(&path, folder);
		if (folder.len > 0)
			buf_add_char(&path, '/');
		buf_add(&path, name);
		buf_add(&path, endings[i]);
		add_file(set, arena, buf_str(&path), said);
	}
	buf_free(&path);
}

/* `a/b` of a/b/c.md, and `c.md`. */
static struct str split(struct str path, struct str *name)
{
	size_t slash = str_find_last(path, '/');
	*name = slash == STR_NOT_FOUND ? path : str_skip(path, slash + 1);
	return slash == STR_NOT_FOUND ? STR("") : str_sub(path, 0, slash);
}

static struct str name_of_folder(const struct data_files *set, struct str folder)
{
	struct str name;
	split(folder, &name);
	return folder.len > 0 ? name : set->root_name;
}

/* What the files of a folder and of all above it say. */
static struct post_data of_folder(struct data_files *set, struct str folder)
{
	uint32_t i = map_get(&set->folder_paths, folder);
	if (i != MAP_NONE)
		return set->folders[i];
	struct post_data said = { 0 };
	add_files(set, &set->arena, STR(""), set->root_name, &said);
	for (size_t end = 0; end < folder.len;) {
		end = str_find(folder, '/', end + 1);
		end = end == STR_NOT_FOUND ? folder.len : end;
		struct str above = str_sub(folder, 0, end);
		add_files(set, &set->arena, above, name_of_folder(set, above), &said);
	}
	set->folders =
	    memory_grow(set->folders, set->nfolders, &set->folders_capacity, sizeof *set->folders);
	map_put(&set->folder_paths, arena_str(&set->arena, folder), (uint32_t)set->nfolders);
	set->folders[set->nfolders++] = said;
	return said;
}

struct post_data data_files_of(struct data_files *set, struct arena *arena, struct str path)
{
	struct str name;
	if (set->count == 0 && !set->is_unlisted)
		return (struct post_data){ 0 };
	struct str folder = split(path, &name);
	struct post_data said = of_folder(set, folder);
	name = str_sub(name, 0, str_find_last(name, '.'));
	/* In the folder `posts` posts.json is no more that of posts.md than of the others. */
	if (!str_equal(name, name_of_folder(set, folder)))
		add_files(set, arena, folder, name, &said);
	return said;
}

void data_files_inherit(struct data_files *to, const struct data_files *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct data_file *f = &from->files[i];
		if (!speaks(f))
			continue;
		data_files_add(to, f->path);
		find(to, f->path)->said = say_again(to, f);
	}
}

void data_files_free(struct data_files *set)
{
	free(set->files);
	free(set->folders);
	map_free(&set->paths);
	map_free(&set->folder_paths);
	arena_free(&set->arena);
}

/* ---- those of a catalogue ---- */

struct data_files data_files_below(const struct catalogue *c, bool in_pages,
				   struct fault_list *faults, struct arena *fault_arena)
{
	return (struct data_files){ .root = in_pages ? c->pages_root : c->content_root,
				    .root_name = c->root_names[in_pages],
				    .is_unlisted = true,
				    .faults = faults,
				    .fault_arena = fault_arena };
}

/* Whether its name is that of its folder, or of a post beside it. */
static bool has_telling_name(const struct data_files *set, const struct catalogue *c,
			     struct str path)
{
	static const struct str endings[] = { STR_INIT(".md"), STR_INIT(".markdown") };
	struct str name, stem = str_sub(path, 0, str_find_last(path, '.'));
	bool telling = str_equal(name_of_folder(set, split(stem, &name)), name);
	struct buf post = { 0 };
	for (size_t i = 0; i < sizeof endings / sizeof *endings && !telling; i++) {
		buf_clear(&post);
		buf_add(&post, stem);
		buf_add(&post, endings[i]);
		/* Content and pages may be one folder, whose posts are those of content. */
		telling = catalogue_find_path(c, false, buf_str(&post)) != NO_INDEX ||
			  catalogue_find_path(c, true, buf_str(&post)) != NO_INDEX;
	}
	buf_free(&post);
	return telling;
}

bool data_files_hides(const struct catalogue *c, bool in_pages, struct str path)
{
	struct fault_list faults = { 0 };
	struct arena arena = { 0 };
	struct str name;
	struct stat status;
	split(path, &name);
	if (str_find_str(name, STR(OWN_MARK), 0) != STR_NOT_FOUND)
		return true;
	if (!data_files_may_be(name))
		return false;
	struct data_files set = data_files_below(c, in_pages, &faults, &arena);
	struct header header = { 0 };
	int fd = has_telling_name(&set, c, path) ? file_open_beneath(set.root, path, &status) : -1;
	bool hides = fd >= 0 && read_file(&set, path, fd, &header) != READ_NO_DATA;
	if (fd >= 0)
		close(fd);
	data_files_free(&set);
	arena_free(&arena);
	return hides;
}
