#include "command/export_inputs.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "command/command.h"
#include "command/export_manifest.h"

struct inputs {
	uint64_t hash;
	struct timespec newest;
	struct buf text; /* of the file in hand */
};

/* A sum, for a walk has no order. */
static void add(void *context, struct str path, const struct stat *status)
{
	struct inputs *inputs = context;
	buf_clear(&inputs->text);
	buf_add(&inputs->text, path);
	buf_format(&inputs->text, "\n%llu %llu %lld.%09ld %lld.%09ld",
		   (unsigned long long)status->st_ino, (unsigned long long)status->st_size,
		   (long long)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
		   (long long)status->st_ctim.tv_sec, status->st_ctim.tv_nsec);
	inputs->hash += str_hash(buf_str(&inputs->text));
	if (status->st_ctim.tv_sec > inputs->newest.tv_sec ||
	    (status->st_ctim.tv_sec == inputs->newest.tv_sec &&
	     status->st_ctim.tv_nsec > inputs->newest.tv_nsec))
		inputs->newest = status->st_ctim;
}

static void add_file(struct inputs *inputs, struct str path)
{
	struct buf name = { 0 };
	struct stat status;
	buf_add(&name, path);
	if (stat(buf_c(&name), &status) == 0)
		add(inputs, path, &status);
	buf_free(&name);
}

static void add_folder(struct inputs *inputs, struct str path)
{
	struct folder_visitor visitor = { .file = add, .context = inputs };
	int root = path.len > 0 ? file_open_folder(path) : -1;
	inputs->hash = inputs->hash * 31 + str_hash(path);
	if (root < 0)
		return;
	folder_walk(root, &visitor);
	close(root);
}

uint64_t export_inputs(const struct settings *settings, struct str options)
{
	struct inputs inputs = { 0 };
	inputs.hash = str_hash(options) + str_hash(STR(PERIGEE_VERSION));
	add_folder(&inputs, settings->content);
	add_folder(&inputs, settings->pages);
	add_file(&inputs, settings->file);
	add_file(&inputs, STR("/proc/self/exe"));
	buf_free(&inputs.text);
	/* A change in the same tick of the clock would leave no trace. */
	export_wait_for_tick(&inputs.newest);
	return inputs.hash != 0 ? inputs.hash : 1;
}
