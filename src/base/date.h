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

/* Takes "2024-02-29" off the front of *s; month and day have `least` to 2 digits. False for another form and for a
 * day that the calendar does not have; a part of *s may then be taken. */
bool date_take(struct str *s, size_t least, struct date *out);

/* Takes "23:59:59", each number with `least` to 2 digits: seconds since midnight. False as date_take(), and for a
 * leap second. */
bool date_take_clock(struct str *s, size_t least, int *seconds);

/* Takes "+01:00" or "-08:30" off the front of *s: minutes east of UTC. Hours up to 99, minutes up to 59. False as
 * date_take(). */
bool date_take_offset(struct str *s, int *minutes);

/* Days from 1970-01-01 to the date; negative before. */
int64_t date_days(struct date date);

#endif
