#include "base/date.h"

static bool
take_char(struct str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = str_tail(*s, 1);
	return true;
}

/* A number of `least` to `most` digits; no digit may follow it. */
static bool
take_number(struct str *s, size_t least, size_t most, int *out)
{
	size_t digits = str_digits(*s);
	int sum = 0;

	if (digits < least || digits > most)
		return false;
	for (size_t i = 0; i < digits; i++)
		sum = sum * 10 + (s->ptr[i] - '0');
	*out = sum;
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
	return take_number(s, 4, 4, &out->year) && take_char(s, '-')
	       && take_number(s, least, 2, &out->month) && take_char(s, '-')
	       && take_number(s, least, 2, &out->day) && is_in_calendar(*out);
}

bool
date_take_clock(struct str *s, size_t least, int *seconds)
{
	int hour, minute, second;

	if (!take_number(s, least, 2, &hour) || !take_char(s, ':')
	    || !take_number(s, least, 2, &minute) || !take_char(s, ':')
	    || !take_number(s, least, 2, &second))
		return false;
	*seconds = hour * HOUR_S + minute * MINUTE_S + second;
	return hour <= 23 && minute <= 59 && second <= 59;
}

bool
date_take_offset(struct str *s, int *minutes)
{
	int sign = str_starts(*s, "-") ? -1 : 1, hours, rest;

	if ((!take_char(s, '-') && !take_char(s, '+')) || !take_number(s, 2, 2, &hours)
	    || !take_char(s, ':') || !take_number(s, 2, 2, &rest))
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
