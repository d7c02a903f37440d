#include "format/yaml_date.h"

#include "base/arena.h"
#include "base/date.h"

struct yaml_date {
	struct date day;
	int seconds;         /* since midnight */
	struct str fraction; /* with its point; may be empty */
	struct str zone;
};

/* ".500", at most nine digits, without zeros at the end; or nothing. */
static bool
take_fraction(struct str *s, struct str *fraction)
{
	size_t digits = str_digits(str_tail(*s, 1));

	if (!str_starts(*s, "."))
		return true;
	if (digits == 0 || digits > 9)
		return false;
	*fraction = str_head(*s, digits + 1);
	*s = str_tail(*s, digits + 1);
	while (str_ends(*fraction, "0") || str_is(*fraction, "."))
		fraction->len--;
	return true;
}

static bool
take_clock(struct str *s, struct yaml_date *d)
{
	return date_take_clock(s, 1, &d->seconds) && take_fraction(s, &d->fraction);
}

/* "Z" or "+01:00", and nothing behind it. */
static bool
take_zone(struct str s, struct yaml_date *d)
{
	int minutes;

	d->zone = s;
	if (str_is(s, "Z"))
		return true;
	if (!date_take_offset(&s, &minutes) || s.len > 0)
		return false;
	if (minutes == 0)
		d->zone = STR("Z");
	return minutes > -25 * 60 && minutes < 25 * 60;
}

bool
yaml_date_read(struct arena *a, struct str text, struct str *out)
{
	struct yaml_date d = { .fraction = { "", 0 }, .zone = STR("Z") };
	bool good = date_take(&text, 1, &d.day);

	if (good && (str_take(&text, "T") || str_take(&text, "t")))
		good = take_clock(&text, &d) && take_zone(text, &d);
	else if (good && str_take(&text, " "))
		good = take_clock(&text, &d) && text.len == 0;
	else
		good = good && text.len == 0;
	if (good)
		*out = arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*s%.*s", d.day.year,
		    d.day.month, d.day.day, d.seconds / HOUR_S, d.seconds / MINUTE_S % 60,
		    d.seconds % 60, STR_FMT(d.fraction), STR_FMT(d.zone));
	return good;
}
