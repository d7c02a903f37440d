#include "inputs/duration.h"

#include "base/base.h"

enum { MAX_DIGITS = 11 };

static const int64_t longest_ms = 100 * 366LL * 86400 * 1000;

/* "ms" before "m". */
static const struct {
	const char *name;
	int64_t ms;
} units[] = { { "ms", 1 }, { "w", 7 * 86400000LL }, { "d", 86400000 }, { "h", 3600000 },
	{ "m", 60000 }, { "s", 1000 } };

/* Takes the digits off the front. */
static bool
take_digits(struct str *text, int64_t *number, int64_t *scale)
{
	size_t len = str_digits(*text);

	*number = 0;
	*scale = 1;
	if (len == 0 || len > MAX_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++) {
		*number = *number * 10 + (text->ptr[i] - '0');
		*scale *= 10;
	}
	*text = str_tail(*text, len);
	return true;
}

/* Takes "1.5h" off the front and adds it. */
static bool
take_part(struct str *text, int64_t *sum)
{
	int64_t whole, fraction = 0, scale = 1;

	if (!take_digits(text, &whole, &scale))
		return false;
	scale = 1;
	if (str_take(text, ".") && !take_digits(text, &fraction, &scale))
		return false;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (!str_take(text, units[i].name))
			continue;
		if (whole > longest_ms / units[i].ms)
			return false;
		*sum += whole * units[i].ms
		        + (int64_t)((double)fraction / (double)scale * (double)units[i].ms);
		return *sum <= longest_ms;
	}
	return false;
}

bool
duration_read(struct str text, int64_t *ms)
{
	int64_t sum = 0;

	*ms = 0;
	if (str_is(text, "0"))
		return true;
	if (text.len == 0)
		return false;
	while (text.len > 0)
		if (!take_part(&text, &sum))
			return false;
	*ms = sum;
	return true;
}
