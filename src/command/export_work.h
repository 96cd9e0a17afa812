/*
 * export_work - the pages of a capsule become the bytes of files: every route is asked for at the
 * site's door, by as many threads as there are cores.
 *
 *	struct export_work work = { .site = site, .space = SPACE_GOPHER, .folder = &folder };
 *	export_work_plan(&work);
 *	good = export_work_run(&work, show_progress, &bar);
 *	... work.faults ...
 *	export_work_free(&work);
 */
#ifndef COMMAND_EXPORT_WORK_H
#define COMMAND_EXPORT_WORK_H

#include <signal.h>
#include <stdatomic.h>

#include "command/export_folder.h"
#include "site/routes.h"

struct export_job {
	struct route route;
	uint32_t files[2]; /* of the folder; a menu is two, all else one and EXPORT_NO_FILE */
};

struct export_work {
	struct site site; /* its settings' style says the place */
	enum space space;
	struct export_folder *folder;
	const volatile sig_atomic_t *stopped; /* set: leave the rest, fail */

	/* its own; begin with zeros */
	struct routes routes;
	struct export_job *jobs;
	size_t njobs;
	atomic_size_t next, done;
	atomic_bool failed;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t ended;
	unsigned running;
	struct arena arena;
	struct fault_list faults; /* of single files */
	struct fault fatal;       /* what made all fail */
};

/* Finds all routes and announces their files. */
void export_work_plan(struct export_work *);

/*
 * Makes all files and gives them to the folder; `progress` is called now and then. False when the
 * folder cannot be committed: `fatal` says why, unless it was stopped.
 */
typedef void export_progress(void *context, size_t done, size_t all);
bool export_work_run(struct export_work *, export_progress *, void *context);

void export_work_free(struct export_work *);

#endif
