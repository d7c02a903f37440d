#include "tap.h"

#include "base/arena.h"
#include "base/moment.h"

static void
test_moment_read__dates(void)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: none */
	} rows[] = {
		{ "1970-01-01", 0 },
		{ "1970-01-02T00:00:01Z", 86401 },
		{ "2000-02-29", 951782400 },
		{ "2026-12-31", 1798675200 },
		{ "2026-12-31T23:59Z", 1798761540 },
		{ "2100-03-01T00:00:00Z", 4107542400 },
		{ "2100-02-29", -1 },
		{ "2026-02-30", -1 },
		{ "2026-13-01", -1 },
		{ "2026-00-01", -1 },
		{ "2026-1-1", -1 },
		{ "1969-12-31", -1 },
		{ "2026-12-31T24:00Z", -1 },
		{ "2026-12-31T10:00", -1 },
		{ "2026-12-31 10:00", -1 },
		{ "2026-12-31Z", -1 },
		{ "tomorrow", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t seconds = -1;

		ok(moment_read(str_of(rows[i].text), &seconds) == (rows[i].seconds >= 0)
		        && seconds == rows[i].seconds,
		    "'%s': %lld", rows[i].text, (long long)seconds);
	}
}

static void
test_moment_text__and_distance(struct arena *a)
{
	ok(str_is(moment_text(a, 1798761540), "2026-12-31 23:59 UTC"), "a time");
	ok(str_is(moment_iso(a, 1798761541), "2026-12-31T23:59:01Z"), "a time for programs");
	ok(moment_iso(a, INT64_MAX).len == 0, "a year that nobody can write");
	ok(str_is(moment_distance(a, 12 * DAY_S + 5), "in 12 days"), "days");
	ok(str_is(moment_distance(a, 3 * HOUR_S), "in 3 hours"), "hours");
	ok(str_is(moment_distance(a, 90), "in 1 minutes"), "minutes");
	ok(str_is(moment_distance(a, -3 * DAY_S), "3 days ago"), "what is past");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_moment_read__dates();
	test_moment_text__and_distance(a);
	arena_free(a);
	return done();
}
