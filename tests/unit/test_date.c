#include "tap.h"

#include "base/date.h"

static void
test_date_days__known(void)
{
	static const struct {
		struct date date;
		int64_t days;
	} rows[] = {
		{ { 1970, 1, 1 }, 0 },
		{ { 1969, 12, 31 }, -1 },
		{ { 1972, 2, 29 }, 789 },
		{ { 2000, 2, 29 }, 11016 },
		{ { 2000, 3, 1 }, 11017 },
		{ { 2100, 3, 1 }, 47541 },
		{ { 1, 1, 1 }, -719162 },
		{ { 0, 1, 1 }, -719528 },
		{ { 9999, 12, 31 }, 2932896 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(date_days(rows[i].date) == rows[i].days, "row %zu: %lld", i,
		    (long long)date_days(rows[i].date));
}

/* All days of 10,000 years, one after the other: each is one more than the day before, and what no month has is
 * refused. */
static void
test_date_take__every_day(void)
{
	int64_t next = -719528;
	size_t wrong = 0, leap_years = 0;

	for (int year = 0; year <= 9999; year++)
		for (int month = 0; month <= 13; month++)
			for (int day = 0; day <= 32; day++) {
				char text[64];
				struct str rest;
				struct date date;

				(void)snprintf(
				    text, sizeof(text), "%04d-%02d-%02d", year, month, day);
				rest = str_of(text);
				if (!date_take(&rest, 2, &date))
					continue;
				leap_years += month == 2 && day == 29;
				wrong += date_days(date) != next++ || rest.len > 0;
			}
	ok(wrong == 0 && next == 2932897, "%zu days are wrong", wrong);
	ok(leap_years == 2425, "%zu leap years", leap_years);
}

static void
test_date_take__forms(void)
{
	static const struct {
		const char *text;
		size_t least;
		const char *rest; /* NULL: refused */
	} rows[] = {
		{ "2024-02-29", 2, "" },
		{ "2024-02-29T10", 2, "T10" },
		{ "2024-2-9 10", 1, " 10" },
		{ "2024-2-9", 2, NULL },
		{ "2024-02-290", 2, NULL },
		{ "2024-002-29", 1, NULL },
		{ "2024-02", 2, NULL },
		{ "2024/02/29", 2, NULL },
		{ "20240-02-29", 2, NULL },
		{ "224-02-29", 2, NULL },
		{ "2023-02-29", 2, NULL },
		{ "1900-02-29", 2, NULL },
		{ "2024-04-31", 2, NULL },
		{ "2024--2-29", 1, NULL },
		{ " 2024-02-29", 2, NULL },
		{ "", 2, NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str rest = str_of(rows[i].text);
		struct date date;
		bool good = date_take(&rest, rows[i].least, &date);

		ok(good == (rows[i].rest != NULL) && (!good || str_is(rest, rows[i].rest)), "'%s'",
		    rows[i].text);
	}
}

static void
test_date_take_clock__forms(void)
{
	static const struct {
		const char *text;
		size_t least;
		int seconds; /* -1: refused */
	} rows[] = {
		{ "00:00:00", 2, 0 },
		{ "23:59:59", 2, 86399 },
		{ "1:2:3", 1, 3723 },
		{ "1:2:3", 2, -1 },
		{ "24:00:00", 2, -1 },
		{ "23:60:00", 2, -1 },
		{ "23:59:60", 2, -1 },
		{ "23:59", 2, -1 },
		{ "23:59:", 1, -1 },
		{ "23:59:590", 2, -1 },
		{ "", 1, -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str rest = str_of(rows[i].text);
		int seconds = -1;
		bool good = date_take_clock(&rest, rows[i].least, &seconds);

		ok(good == (rows[i].seconds >= 0) && (!good || seconds == rows[i].seconds),
		    "'%s': %d", rows[i].text, seconds);
	}
}

static void
test_date_take_offset__forms(void)
{
	static const struct {
		const char *text;
		bool good;
		int minutes;
	} rows[] = {
		{ "+01:00", true, 60 },
		{ "-08:30", true, -510 },
		{ "+00:00", true, 0 },
		{ "+99:59", true, 5999 },
		{ "+01:60", false, 0 },
		{ "01:00", false, 0 },
		{ "+1:00", false, 0 },
		{ "+0100", false, 0 },
		{ "+-1:00", false, 0 },
		{ "Z", false, 0 },
		{ "", false, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str rest = str_of(rows[i].text);
		int minutes = 0;

		ok(date_take_offset(&rest, &minutes) == rows[i].good
		        && (!rows[i].good || minutes == rows[i].minutes),
		    "'%s': %d", rows[i].text, minutes);
	}
}

int
main(void)
{
	test_date_days__known();
	test_date_take__every_day();
	test_date_take__forms();
	test_date_take_clock__forms();
	test_date_take_offset__forms();
	return done();
}
