#include "base/date.h"

#include <stdlib.h>
#include <time.h>

/* Days since 1970-01-01 of a day in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static unsigned days_in_month(int64_t year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[month - 1];
}

/* A number of `least` to `most` digits off the front of `s`. */
static bool take_digits(struct str *s, size_t least, size_t most, unsigned *number)
{
	size_t n = 0;
	unsigned value = 0;
	while (n < s->len && n < most && str_is_digit(s->at[n]))
		value = value * 10 + (unsigned)(s->at[n++] - '0');
	if (n < least)
		return false;
	*number = value;
	*s = str_skip(*s, n);
	return true;
}

static bool take(struct str *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

static bool take_day(struct str *s, unsigned least, struct date *date)
{
	unsigned year, month, day;
	if (!take_digits(s, 4, 4, &year) || s->len == 0)
		return false;
	char separator = s->at[0];
	if ((separator != '-' && separator != '/') || !take(s, separator) ||
	    !take_digits(s, least, 2, &month) || !take(s, separator) ||
	    !take_digits(s, least, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*date = (struct date){
		.instant = days_from_civil(year, month, day) * 86400,
		.year = (int32_t)year,
		.month = (uint8_t)month,
		.day = (uint8_t)day,
	};
	return true;
}

/* hh:mm[:ss[.fraction]] */
static bool take_time(struct str *s, int64_t *seconds)
{
	unsigned hour, minute, second = 0;
	if (!take_digits(s, 1, 2, &hour) || !take(s, ':') || !take_digits(s, 2, 2, &minute))
		return false;
	if (take(s, ':')) {
		if (!take_digits(s, 2, 2, &second))
			return false;
		unsigned fraction;
		if ((take(s, '.') || take(s, ',')) && !take_digits(s, 1, 9, &fraction))
			return false;
	}
	if (hour > 24 || minute > 59 || second > 60)
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Z, +hh, +hhmm or +hh:mm; an empty text is UTC. */
static bool take_zone(struct str *s, int64_t *offset)
{
	*offset = 0;
	*s = str_trim(*s);
	if (s->len == 0 || take(s, 'Z') || take(s, 'z'))
		return true;
	if (str_equal_nocase(*s, STR("UTC")) || str_equal_nocase(*s, STR("GMT"))) {
		*s = str_skip(*s, 3);
		return true;
	}
	int sign = take(s, '+') ? 1 : take(s, '-') ? -1 : 0;
	unsigned hours, minutes = 0;
	if (sign == 0 || !take_digits(s, 2, 2, &hours))
		return false;
	take(s, ':');
	if (s->len > 0 && !take_digits(s, 2, 2, &minutes))
		return false;
	if (hours > 23 || minutes > 59)
		return false;
	*offset = sign * (int64_t)(hours * 3600 + minutes * 60);
	return true;
}

bool date_parse(struct str text, struct date *date)
{
	text = str_trim(text);
	if (!take_day(&text, 1, date))
		return false;
	if (text.len == 0)
		return true;
	int64_t seconds, offset;
	if (!take(&text, 'T') && !take(&text, 't') && !str_is_blank(text.at[0]))
		return false;
	text = str_trim(text);
	if (!take_time(&text, &seconds) || !take_zone(&text, &offset) || text.len > 0)
		return false;
	date->instant += seconds - offset;
	date->has_time = true;
	return true;
}

bool date_is_sound(const struct date *date)
{
	const int64_t most_shift = 24 * 3600 - 60, most_time = 24 * 3600 + 59 * 60 + 60;
	if (date->year < 1 || date->year > 9999 || date->month < 1 || date->month > 12 ||
	    date->day < 1 || date->day > days_in_month(date->year, date->month))
		return false;
	int64_t midnight = days_from_civil(date->year, date->month, date->day) * 86400;
	return date->has_time ? date->instant >= midnight - most_shift &&
				    date->instant <= midnight + most_time + most_shift
			      : date->instant == midnight;
}

bool date_prefix(struct str name, struct date *date, struct str *rest)
{
	if (!take_day(&name, 2, date) || name.len < 2 || (name.at[0] != '-' && name.at[0] != '_'))
		return false;
	*rest = str_skip(name, 1);
	return true;
}

struct date date_from_instant(int64_t instant)
{
	int64_t days = instant / 86400 - (instant % 86400 < 0);
	/* The inverse of days_from_civil(): count from 0000-03-01 in eras of 400 years. */
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t doe = shifted - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	unsigned month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	return (struct date){
		.instant = instant,
		.year = (int32_t)(yoe + era * 400 + (month <= 2)),
		.month = (uint8_t)month,
		.day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1),
		.has_time = true,
	};
}

void date_add_day(struct buf *b, const struct date *date)
{
	buf_format(b, "%04d-%02u-%02u", (int)date->year, date->month, date->day);
}

void date_add_rfc3339(struct buf *b, int64_t instant)
{
	struct date date = date_from_instant(instant);
	int64_t second = instant % 86400;
	if (second < 0)
		second += 86400;
	date_add_day(b, &date);
	buf_format(b, "T%02d:%02d:%02dZ", (int)(second / 3600), (int)(second / 60 % 60),
		   (int)(second % 60));
}

int64_t date_now(void)
{
	return (int64_t)time(NULL);
}
