/* date.h: the Gregorian calendar, in UTC. Pure. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/str.h"

enum { MINUTE_S = 60, HOUR_S = 60 * MINUTE_S, DAY_S = 24 * HOUR_S };

struct date {
	int year;  /* 0 to 9999 */
	int month; /* from 1 */
	int day;   /* from 1 */
};

/* Takes "2024-02-29" off the front of *s; month and day have at least `least` digits, at most two. False where the
 * form is another or the calendar has no such day; *s may then be partly taken. */
bool date_take(struct str *s, size_t least, struct date *out);

/* Takes "23:59:59", each with at least `least` digits, at most two: seconds since midnight. A leap second is
 * refused. False as date_take(). */
bool date_take_clock(struct str *s, size_t least, int *seconds);

/* Takes "+01:00" or "-08:30" off the front of *s: minutes east of UTC. Hours up to 99, minutes up to 59. False as
 * date_take(). */
bool date_take_offset(struct str *s, int *minutes);

/* Days from 1970-01-01 to the date; negative before. */
int64_t date_days(struct date date);

#endif
