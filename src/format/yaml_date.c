#include "format/yaml_date.h"

#include "base/arena.h"

struct date {
	int year, month, day, hour, minute, second;
	struct str fraction; /* with its point; may be empty */
	struct str zone;
};

/* Takes a number of `least` to `most` digits from the start of *s. */
static bool
take(struct str *s, size_t least, size_t most, int *out)
{
	size_t n = str_digits(*s);

	if (n < least || n > most)
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (s->ptr[i] - '0');
	*s = str_tail(*s, n);
	return true;
}

static bool
take_char(struct str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = str_tail(*s, 1);
	return true;
}

static bool
take_day(struct str *s, struct date *d)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap;

	if (!take(s, 4, 4, &d->year) || !take_char(s, '-') || !take(s, 1, 2, &d->month)
	    || !take_char(s, '-') || !take(s, 1, 2, &d->day))
		return false;
	leap = (d->year % 4 == 0 && d->year % 100 != 0) || d->year % 400 == 0;
	return d->month >= 1 && d->month <= 12 && d->day >= 1
	       && d->day <= lengths[d->month - 1] + (d->month == 2 && leap);
}

static bool
take_clock(struct str *s, struct date *d)
{
	size_t digits;

	if (!take(s, 1, 2, &d->hour) || !take_char(s, ':') || !take(s, 1, 2, &d->minute)
	    || !take_char(s, ':') || !take(s, 1, 2, &d->second))
		return false;
	if (str_starts(*s, ".")) {
		digits = str_digits(str_tail(*s, 1));
		if (digits == 0 || digits > 9)
			return false;
		d->fraction = str_head(*s, digits + 1);
		*s = str_tail(*s, digits + 1);
		while (d->fraction.len > 0
		       && str_find(STR("0."), d->fraction.ptr[d->fraction.len - 1]) < 2) {
			bool is_point = d->fraction.ptr[d->fraction.len - 1] == '.';

			d->fraction.len--;
			if (is_point)
				break;
		}
	}
	return d->hour <= 23 && d->minute <= 59 && d->second <= 59;
}

/* "Z" or "+01:00", and nothing behind it. */
static bool
take_zone(struct str s, struct date *d)
{
	struct str digits = str_tail(s, 1);
	int hours, minutes;

	d->zone = s;
	if (str_is(s, "Z"))
		return true;
	if ((!str_starts(s, "+") && !str_starts(s, "-")) || !take(&digits, 2, 2, &hours)
	    || !take_char(&digits, ':') || !take(&digits, 2, 2, &minutes) || digits.len > 0)
		return false;
	if (hours == 0 && minutes == 0)
		d->zone = STR("Z");
	return hours <= 24 && minutes <= 59;
}

bool
yaml_date_read(struct arena *a, struct str text, struct str *out)
{
	struct date d = { .fraction = { "", 0 }, .zone = STR("Z") };
	bool good = take_day(&text, &d);

	if (good && (take_char(&text, 'T') || take_char(&text, 't')))
		good = take_clock(&text, &d) && take_zone(text, &d);
	else if (good && take_char(&text, ' '))
		good = take_clock(&text, &d) && text.len == 0;
	else
		good = good && text.len == 0;
	if (good)
		*out = arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*s%.*s", d.year, d.month, d.day,
		    d.hour, d.minute, d.second, STR_FMT(d.fraction), STR_FMT(d.zone));
	return good;
}
