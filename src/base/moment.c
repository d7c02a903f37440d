#include "base/moment.h"

#include <time.h>

#include "base/arena.h"

struct str
moment_text(struct arena *a, int64_t seconds)
{
	time_t when = (time_t)seconds;
	char text[64] = "";
	struct tm parts;

	if (gmtime_r(&when, &parts))
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &parts);
	return arena_str(a, str_of(text));
}

static struct str
span_text(struct arena *a, int64_t seconds)
{
	if (seconds >= 2 * DAY_S)
		return arena_fmt(a, "%lld days", (long long)(seconds / DAY_S));
	if (seconds >= 2 * HOUR_S)
		return arena_fmt(a, "%lld hours", (long long)(seconds / HOUR_S));
	return arena_fmt(a, "%lld minutes", (long long)(seconds / MINUTE_S));
}

struct str
moment_distance(struct arena *a, int64_t seconds)
{
	if (seconds >= 0)
		return arena_fmt(a, "in %.*s", STR_FMT(span_text(a, seconds)));
	return arena_fmt(a, "%.*s ago", STR_FMT(span_text(a, -seconds)));
}

/* A number of exactly `digits` digits, and the character that must follow (0: none). */
static bool
take(struct str *text, size_t digits, char behind, int *out)
{
	size_t len = digits + (behind ? 1 : 0);

	*out = 0;
	if (text->len < len || (behind && text->ptr[digits] != behind))
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text->ptr[i] < '0' || text->ptr[i] > '9')
			return false;
		*out = *out * 10 + (text->ptr[i] - '0');
	}
	*text = str_tail(*text, len);
	return true;
}

/* Days from 1970-01-01 in the Gregorian calendar, counted from the first of March, so that the day
 * that some years have more is a year's last. */
static int64_t
days_from_1970(int64_t year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + in_year - 719468;
}

static bool
take_time(struct str text, int *seconds)
{
	int hour, minute, second = 0;

	if (!str_starts(text, "T"))
		return false;
	text = str_tail(text, 1);
	if (!take(&text, 2, ':', &hour) || !take(&text, 2, 0, &minute))
		return false;
	if (str_starts(text, ":")) {
		text = str_tail(text, 1);
		if (!take(&text, 2, 0, &second))
			return false;
	}
	*seconds = hour * HOUR_S + minute * MINUTE_S + second;
	return str_is(text, "Z") && hour < 24 && minute < 60 && second < 60;
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 1970 || month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}

bool
moment_read(struct str text, int64_t *seconds)
{
	int year, month, day, in_day = 0;

	if (!take(&text, 4, '-', &year) || !take(&text, 2, '-', &month) || !take(&text, 2, 0, &day))
		return false;
	if (!is_day(year, month, day))
		return false;
	if (text.len > 0 && !take_time(text, &in_day))
		return false;
	*seconds = days_from_1970(year, month, day) * DAY_S + in_day;
	return true;
}
