#include "base/moment.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"

static struct str
text_of(struct arena *a, int64_t seconds, bool is_iso)
{
	time_t when = (time_t)seconds;
	char text[64] = "";
	struct tm parts;

	if (gmtime_r(&when, &parts))
		(void)strftime(text, sizeof(text),
		    is_iso ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M UTC", &parts);
	return arena_str(a, str_of(text));
}

struct str
moment_text(struct arena *a, int64_t seconds)
{
	return text_of(a, seconds, false);
}

struct str
moment_iso(struct arena *a, int64_t seconds)
{
	return text_of(a, seconds, true);
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

/* Behind "T": "10:00Z" or "10:00:00Z". */
static bool
read_clock(struct str text, int *seconds)
{
	char whole[] = "hh:mm:00";

	if (!str_ends(text, "Z"))
		return false;
	text.len--;
	if (text.len == strlen("hh:mm")) {
		memcpy(whole, text.ptr, text.len);
		text = str_of(whole);
	}
	return date_take_clock(&text, 2, seconds) && text.len == 0;
}

bool
moment_read(struct str text, int64_t *seconds)
{
	struct date date;
	int in_day = 0;

	if (!date_take(&text, 2, &date) || date.year < 1970)
		return false;
	if (text.len > 0 && (!str_take(&text, "T") || !read_clock(text, &in_day)))
		return false;
	*seconds = date_days(date) * DAY_S + in_day;
	return true;
}
