#include "command/export_work.h"

#include <assert.h>
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "command/export_links.h"
#include "render/file_name.h"
#include "wire/gophermap.h"

#define MOST_THREADS 32
#define CHUNK        24                 /* jobs that a thread takes at once: a post has three */
#define GEMTEXT_FILE ((size_t)64 << 20) /* larger hand-written pages are copied as they are */

static void add_fault(struct export_work *work, const struct fault *fault)
{
	pthread_mutex_lock(&work->lock);
	fault_list_add(&work->faults, &work->arena, fault);
	pthread_mutex_unlock(&work->lock);
}

/* ---- The plan ---- */

/* What a request for the route asks for. */
static struct str request_path(enum space space, const struct route *route, struct buf *out)
{
	struct buf spelled = { 0 };
	buf_clear(out);
	route_spell(space, route, &spelled);
	if (space == SPACE_GEMINI)
		route_decode(buf_str(&spelled), out);
	else
		buf_add(out, buf_str(&spelled));
	buf_free(&spelled);
	return buf_str(out);
}

static uint32_t expect(struct export_work *work, struct str path)
{
	struct fault fault;
	uint32_t index = export_folder_expect(work->folder, path);
	if (index != EXPORT_NO_FILE)
		return index;
	struct str kept = arena_str(&work->arena, path);
	fault_set(&fault, kept, 0, 0,
		  "no file can have this address, or another one has it: this one is missing");
	add_fault(work, &fault);
	return EXPORT_NO_FILE;
}

static void plan_job(struct export_work *work, struct export_job *job, struct buf *path)
{
	static const char *const names[][2] = {
		[SPACE_GEMINI] = { "index.gmi", NULL },
		[SPACE_GOPHER] = { "gophermap", "index.gph" },
	};
	struct buf file = { 0 };
	struct str request = request_path(work->space, &job->route, path);
	if (work->space == SPACE_GOPHER)
		file_name_add_path(str_skip(request, 1), &file);
	else
		buf_add(&file, str_skip(request, 1));
	bool folder = str_ends(request, STR("/"));
	size_t len = file.len;
	for (size_t i = 0; i < 2; i++) {
		const char *name = folder ? names[work->space][i] : i == 0 ? "" : NULL;
		job->files[i] = EXPORT_NO_FILE;
		if (name == NULL)
			continue;
		file.len = len;
		buf_add(&file, str_from(name));
		job->files[i] = expect(work, buf_str(&file));
	}
	buf_free(&file);
}

void export_work_plan(struct export_work *work)
{
	struct buf path = { 0 };
	pthread_mutex_init(&work->lock, NULL);
	pthread_cond_init(&work->ended, NULL);
	routes_list(&work->site, work->space, &work->routes);
	work->njobs = work->routes.count;
	work->jobs = ARENA_ARRAY(&work->arena, struct export_job, work->njobs);
	for (size_t i = 0; i < work->njobs; i++) {
		work->jobs[i].route = work->routes.at[i];
		plan_job(work, &work->jobs[i], &path);
	}
	buf_free(&path);
}

/* ---- One route ---- */

/* What a thread has for itself. */
struct hand {
	struct export_work *work;
	struct site site; /* with a memory of its own */
	const struct export_job *job;
	struct arena arena;
	struct buf path, bytes;
};

static void judge(struct hand *hand, enum export_outcome outcome, const struct fault *fault)
{
	if (outcome == EXPORT_REFUSED)
		add_fault(hand->work, fault);
	if (outcome == EXPORT_FAILED && !atomic_exchange(&hand->work->failed, true))
		hand->work->fatal = *fault; /* the file's name is the folder's */
}

static void put_bytes(struct hand *hand, size_t which)
{
	struct fault fault;
	uint32_t file = hand->job->files[which];
	if (file != EXPORT_NO_FILE)
		judge(hand,
		      export_folder_put(hand->work->folder, file, buf_str(&hand->bytes), &fault),
		      &fault);
}

/* The host's menus in both dialects. */
static void put_menu(struct hand *hand, struct str menu)
{
	const struct place *place = &hand->work->site.settings->style.place;
	struct gopher_place here = { .host = place->gopher_host, .port = place->gopher_port };
	buf_clear(&hand->bytes);
	gophermap_write(menu, &here, &hand->bytes);
	put_bytes(hand, 0);
	buf_clear(&hand->bytes);
	gophermap_write_gph(menu, &here, &hand->bytes);
	put_bytes(hand, 1);
}

static void put_text(struct hand *hand, const struct response *response, struct str text)
{
	struct buf from = { 0 };
	buf_clear(&hand->bytes);
	if (hand->work->space == SPACE_GOPHER) {
		gophermap_text(text, &hand->bytes);
	} else if (str_equal(response->type, STR("text/gemini"))) {
		route_spell(SPACE_GEMINI, &hand->job->route, &from);
		export_gemtext(text, buf_str(&from),
			       hand->work->site.settings->style.place.gemini_base, &hand->bytes);
	} else {
		buf_add(&hand->bytes, text);
	}
	put_bytes(hand, 0);
	buf_free(&from);
}

static void put_file(struct hand *hand, const struct response *response)
{
	struct fault fault;
	struct buf text = { 0 };
	uint32_t file = hand->job->files[0];
	bool gemtext = hand->work->space == SPACE_GEMINI &&
		       str_equal(response->type, STR("text/gemini")) &&
		       file_read(response->file, GEMTEXT_FILE, &text);
	if (gemtext)
		put_text(hand, response, buf_str(&text));
	else if (file != EXPORT_NO_FILE)
		judge(hand,
		      export_folder_put_fd(hand->work->folder, file, response->file, response->size,
					   &fault),
		      &fault);
	buf_free(&text);
}

/* The site cannot give it now; what an earlier export made of it stays. */
static void keep(struct hand *hand, const struct response *response)
{
	struct fault fault;
	struct str name = arena_str(&hand->arena, buf_str(&hand->path));
	for (size_t i = 0; i < 2; i++)
		if (hand->job->files[i] != EXPORT_NO_FILE)
			hand->work->folder->files[hand->job->files[i]].state = EXPORT_KEPT;
	fault_set(&fault, name, 0, 0, "%.*s", STR_ARGS(response->text));
	add_fault(hand->work, &fault);
}

static void do_job(struct hand *hand)
{
	struct response response;
	arena_clear(&hand->arena);
	struct site_request request = {
		.space = hand->work->space,
		.path = request_path(hand->work->space, &hand->job->route, &hand->path),
	};
	site_answer(&hand->site, &request, &hand->arena, &response);
	switch (response.kind) {
	case RESPONSE_MENU: put_menu(hand, buf_str(&response.body)); break;
	case RESPONSE_TEXT: put_text(hand, &response, buf_str(&response.body)); break;
	case RESPONSE_FILE: put_file(hand, &response); break;
	case RESPONSE_FAILED: keep(hand, &response); break;
	case RESPONSE_REDIRECT:
	case RESPONSE_INPUT:
	case RESPONSE_MISSING:
	case RESPONSE_GONE: break; /* a draft's file, or gone since the plan was made */
	}
	response_free(&response);
}

/* ---- All routes ---- */

static void *run_thread(void *context)
{
	struct export_work *work = context;
	struct hand hand = { .work = work, .site = work->site };
	size_t first;
	hand.site.memory = post_memory_new();
	while ((first = atomic_fetch_add(&work->next, CHUNK)) < work->njobs) {
		for (size_t i = first; i < first + CHUNK && i < work->njobs; i++) {
			if (atomic_load(&work->failed) || *work->stopped)
				break;
			hand.job = &work->jobs[i];
			do_job(&hand);
			atomic_fetch_add(&work->done, 1);
		}
	}
	post_memory_free(hand.site.memory);
	arena_free(&hand.arena);
	buf_free(&hand.path);
	buf_free(&hand.bytes);
	pthread_mutex_lock(&work->lock);
	work->running--;
	pthread_cond_signal(&work->ended);
	pthread_mutex_unlock(&work->lock);
	return NULL;
}

static void wait_for_threads(struct export_work *work, export_progress *progress, void *context)
{
	pthread_mutex_lock(&work->lock);
	while (work->running > 0) {
		struct timespec until;
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 100000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&work->ended, &work->lock, &until);
		progress(context, atomic_load(&work->done), work->njobs);
	}
	pthread_mutex_unlock(&work->lock);
}

bool export_work_run(struct export_work *work, export_progress *progress, void *context)
{
	pthread_t threads[MOST_THREADS];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned wanted = cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (unsigned)cores;
	unsigned started = 0;
	work->running = wanted;
	while (started < wanted && pthread_create(&threads[started], NULL, run_thread, work) == 0)
		started++;
	for (unsigned i = started; i < wanted; i++)
		run_thread(work); /* this thread has to do */
	wait_for_threads(work, progress, context);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return !atomic_load(&work->failed) && !*work->stopped;
}

void export_work_free(struct export_work *work)
{
	routes_free(&work->routes);
	arena_free(&work->arena);
	pthread_mutex_destroy(&work->lock);
	pthread_cond_destroy(&work->ended);
}
