/*
 * search_way - who fills an index gives way to who answers.
 *
 * A thread may run on for some milliseconds, also where another has more right to the processor: a
 * request beside the indexer would wait for that. So the processor is offered between two posts,
 * and again and again while the engine works. Where nobody waits that takes less than a
 * microsecond.
 *
 *	search_way_offer(db);  // by itself while `db` works
 *	search_way_give();     // now
 */
#ifndef CONTENT_SEARCH_WAY_H
#define CONTENT_SEARCH_WAY_H

#include <sqlite3.h>

void search_way_give(void);

/* For a connection that writes what others read meanwhile. */
void search_way_offer(sqlite3 *);

#endif
