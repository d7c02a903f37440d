#include "base/date.h"

/* A number of `least` to `most` digits; no digit may follow it. */
static bool
take_number(struct str *s, size_t least, size_t most, int *out)
{
	size_t digits = str_digits(*s);
	uint64_t number;

	if (digits < least || digits > most || !str_number(str_head(*s, digits), &number))
		return false;
	*out = (int)number;
	*s = str_tail(*s, digits);
	return true;
}

static bool
is_in_calendar(struct date date)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);

	return date.month >= 1 && date.month <= 12 && date.day >= 1
	       && date.day <= lengths[date.month - 1] + (date.month == 2 && is_leap);
}

bool
date_take(struct str *s, size_t least, struct date *out)
{
	return take_number(s, 4, 4, &out->year) && str_take(s, "-")
	       && take_number(s, least, 2, &out->month) && str_take(s, "-")
	       && take_number(s, least, 2, &out->day) && is_in_calendar(*out);
}

bool
date_take_clock(struct str *s, size_t least, int *seconds)
{
	int hour, minute, second;

	if (!take_number(s, least, 2, &hour) || !str_take(s, ":")
	    || !take_number(s, least, 2, &minute) || !str_take(s, ":")
	    || !take_number(s, least, 2, &second))
		return false;
	*seconds = hour * HOUR_S + minute * MINUTE_S + second;
	return hour <= 23 && minute <= 59 && second <= 59;
}

bool
date_take_offset(struct str *s, int *minutes)
{
	int sign = str_starts(*s, "-") ? -1 : 1, hours, rest;

	if ((!str_take(s, "-") && !str_take(s, "+")) || !take_number(s, 2, 2, &hours)
	    || !str_take(s, ":") || !take_number(s, 2, 2, &rest))
		return false;
	*minutes = sign * (hours * 60 + rest);
	return rest <= 59;
}

/* The year begins in March here, so that a leap day is its last. */
int64_t
date_days(struct date date)
{
	int64_t year = date.month > 2 ? date.year : date.year - 1;
	int month = date.month > 2 ? date.month - 3 : date.month + 9;
	int64_t era = year >= 0 ? year / 400 : -1; /* 400 years, 146097 days */
	int64_t in_era = year - era * 400;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (153 * month + 2) / 5
	       + date.day - 1 - 719468;
}
