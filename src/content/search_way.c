#include "content/search_way.h"

#include <sched.h>
#include <stddef.h>

/* Steps of the engine between two offers: a few tenths of a millisecond. */
#define STEPS 500

void search_way_give(void)
{
	sched_yield();
}

static int give(void *context)
{
	(void)context;
	search_way_give();
	return 0;
}

void search_way_offer(sqlite3 *db)
{
	sqlite3_progress_handler(db, STEPS, give, NULL);
}
