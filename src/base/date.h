/*
 * date - a moment as an author wrote it.
 *
 * Posts show the day that their author wrote, without a shift of zone; order, feeds
 * and "is it published yet" use the instant.
 *
 *	struct date date;
 *	date_parse(STR("2020-05-25 02:50:54 +0700"), &date);   // day 25, 19:50:54Z of the 24th
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/buf.h"
#include "base/str.h"

struct date {
	int64_t instant; /* seconds since 1970-01-01T00:00:00Z */
	int32_t year;    /* 1 .. 9999, as written */
	uint8_t month;   /* 1 .. 12; 0 = there is no date */
	uint8_t day;     /* 1 .. 31 */
	bool has_time;   /* more than a day was written */
};

/*
 * Reads ISO 8601 in its usual lengths: `2020-05-25`, `2020/5/25`, `2020-05-25T02:50`,
 * `...:54`, `...:54.615`, with T or a blank, with Z, `+07:00`, `+0700`, ` +0700`, or
 * without a zone (then UTC). The whole text must be a date.
 */
bool date_parse(struct str text, struct date *);

/* Whether a date that was kept elsewhere is one that date_parse() gives. */
bool date_is_sound(const struct date *);

/* `2020-05-25-` at the start of a file name; `rest` is what follows. */
bool date_prefix(struct str name, struct date *, struct str *rest);

struct date date_from_instant(int64_t instant); /* in UTC */
static inline bool date_is_set(const struct date *date)
{
	return date->month != 0;
}

void date_add_day(struct buf *, const struct date *); /* 2020-05-25, as written */
void date_add_rfc3339(struct buf *, int64_t instant); /* 2020-05-24T19:50:54Z */

int64_t date_now(void); /* seconds since 1970 */

#endif
