#include "wire/scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

enum { MAX_NUMBER_TEXT = 400, MAX_EXACT_BITS = 53 };

/* the years 1 to 9999 in UTC: google.protobuf.Timestamp's limits */
#define MIN_TIME (-62135596800)
#define MAX_TIME 253402300799

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.ptr[i]))
			return false;
	return s.len > 0;
}

bool
value_double(struct str text, double *out)
{
	char copy[MAX_NUMBER_TEXT];
	char *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	if (str_is(text, "NaN") || str_is(text, "Infinity") || str_is(text, "-Infinity")) {
		*out = text.ptr[0] == 'N'   ? (double)NAN
		       : text.ptr[0] == '-' ? -(double)INFINITY
		                            : (double)INFINITY;
		return true;
	}
	for (size_t i = 0; i < text.len; i++)
		if (!is_digit(text.ptr[i]) && !strchr("+-.eE", text.ptr[i]))
			return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && isfinite(*out);
}

/* The digits of a whole number; false when it does not fit. */
static bool
read_digits(struct str digits, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < digits.len; i++) {
		uint64_t digit = (uint64_t)(digits.ptr[i] - '0');

		if (*out > (UINT64_MAX - digit) / 10)
			return false;
		*out = *out * 10 + digit;
	}
	return true;
}

bool
value_int(struct str text, int64_t low, int64_t high, int64_t *out)
{
	bool minus = str_starts(text, "-");
	struct str digits = str_tail(text, minus ? 1 : 0);
	uint64_t size;
	double number;

	if (all_digits(digits)) {
		if (!read_digits(digits, &size) || size > (uint64_t)INT64_MAX + (minus ? 1 : 0))
			return false;
		*out = minus ? (int64_t)(0 - size) : (int64_t)size;
	} else {
		if (!value_double(text, &number) || floor(number) != number
		    || fabs(number) > (double)(1LL << MAX_EXACT_BITS))
			return false;
		*out = (int64_t)number;
	}
	return *out >= low && *out <= high;
}

bool
value_uint(struct str text, uint64_t high, uint64_t *out)
{
	int64_t number;

	if (all_digits(text)) {
		if (!read_digits(text, out))
			return false;
	} else {
		if (!value_int(text, 0, INT64_MAX, &number))
			return false;
		*out = (uint64_t)number;
	}
	return *out <= high;
}

/* The unit that `s` begins with, in nanoseconds; its length in *len. 0: none. */
static int64_t
unit_of(struct str s, size_t *len)
{
	static const struct {
		const char *name;
		int64_t nanos;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "\xc2\xb5s", 1000 }, /* micro sign */
		{ "\xce\xbcs", 1000 }, /* mu */
		{ "ms", 1000000 },
		{ "s", 1000000000 },
		{ "m", 60 * 1000000000LL },
		{ "h", 3600 * 1000000000LL },
	};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (str_starts(s, units[i].name)) {
			*len = strlen(units[i].name);
			return units[i].nanos;
		}
	return 0;
}

/* Adds `whole`.`fraction` units of `unit` nanoseconds. */
static bool
add_part(struct span_of_time *sum, uint64_t whole, struct str fraction, int64_t unit)
{
	const int64_t second = 1000000000,
	              max_s = 315576000000; /* protobuf's limit: 10,000 years */
	uint64_t units_per_s = unit >= second ? 1 : (uint64_t)(second / unit);
	int64_t scale = unit, nanos = 0;

	if (whole / units_per_s
	    > (uint64_t)max_s / (unit >= second ? (uint64_t)(unit / second) : 1))
		return false;
	for (size_t i = 0; i < fraction.len && scale >= 10; i++) {
		scale /= 10;
		nanos += (fraction.ptr[i] - '0') * scale;
	}
	if (unit >= second)
		sum->seconds += (int64_t)whole * (unit / second);
	else {
		sum->seconds += (int64_t)(whole / units_per_s);
		nanos += (int64_t)(whole % units_per_s) * unit;
	}
	nanos += sum->nanos;
	sum->seconds += nanos / second;
	sum->nanos = (int32_t)(nanos % second);
	return sum->seconds <= max_s;
}

/* Takes "1.5h" from the start of *rest and adds it to the sum. */
static bool
take_part(struct str *rest, struct span_of_time *sum)
{
	size_t whole_len = str_digits(*rest), unit_len = 0;
	struct str fraction = { "", 0 };
	uint64_t whole;
	int64_t unit;

	if (!read_digits(str_head(*rest, whole_len), &whole))
		return false;
	*rest = str_tail(*rest, whole_len);
	if (str_starts(*rest, ".")) {
		fraction = str_tail(*rest, 1);
		fraction = str_head(fraction, str_digits(fraction));
		*rest = str_tail(*rest, fraction.len + 1);
	}
	unit = unit_of(*rest, &unit_len);
	if (unit == 0 || whole_len + fraction.len == 0 || !add_part(sum, whole, fraction, unit))
		return false;
	*rest = str_tail(*rest, unit_len);
	return true;
}

bool
value_duration(struct str text, struct span_of_time *out)
{
	bool minus = str_starts(text, "-");
	struct str rest = str_tail(text, minus || str_starts(text, "+") ? 1 : 0);
	struct span_of_time sum = { 0 };

	*out = sum;
	if (str_is(rest, "0"))
		return true;
	if (rest.len == 0)
		return false;
	while (rest.len > 0)
		if (!take_part(&rest, &sum))
			return false;
	*out = minus ? (struct span_of_time){ -sum.seconds, -sum.nanos } : sum;
	return true;
}

/* "Z", "+01:00", "-08:30", and nothing behind it: minutes east of UTC. */
static bool
take_zone(struct str s, int *minutes)
{
	*minutes = 0;
	if (str_is(s, "Z"))
		return true;
	return date_take_offset(&s, minutes) && s.len == 0 && *minutes > -DAY_S / 60
	       && *minutes < DAY_S / 60;
}

/* ".5", at most nine digits; or nothing. */
static bool
take_fraction(struct str *s, int32_t *nanos)
{
	struct str digits = str_tail(*s, 1);
	int32_t scale = 1000000000;

	*nanos = 0;
	if (!str_starts(*s, "."))
		return true;
	digits = str_head(digits, str_digits(digits));
	for (size_t i = 0; i < digits.len && scale > 1; i++) {
		scale /= 10;
		*nanos += (digits.ptr[i] - '0') * scale;
	}
	*s = str_tail(*s, digits.len + 1);
	return digits.len >= 1 && digits.len <= 9;
}

bool
value_timestamp(struct str text, struct span_of_time *out)
{
	struct date date;
	int seconds, zone;

	if (!date_take(&text, 2, &date) || date.year < 1 || !str_starts(text, "T"))
		return false;
	text = str_tail(text, 1);
	if (!date_take_clock(&text, 2, &seconds) || !take_fraction(&text, &out->nanos)
	    || !take_zone(text, &zone))
		return false;
	out->seconds = date_days(date) * DAY_S + seconds - zone * MINUTE_S;
	return out->seconds >= MIN_TIME && out->seconds <= MAX_TIME;
}
