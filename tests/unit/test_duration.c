#include "tap.h"

#include "session/duration.h"

static void
test_duration_read__units(void)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: none */
	} rows[] = {
		{ "26w", 26 * 7 * 86400 },
		{ "30d", 30 * 86400 },
		{ "624h", 624 * 3600 },
		{ "1w2d3h4m5s", 9 * 86400 + 3 * 3600 + 4 * 60 + 5 },
		{ "90s", 90 },
		{ "0d", 0 },
		{ "5000w", 5000LL * 7 * 86400 },
		{ "5300w", -1 }, /* over 100 years */
		{ "99999999999w", -1 },
		{ "999999999999999999999d", -1 },
		{ "2d1w", -1 },
		{ "1d1d", -1 },
		{ "30", -1 },
		{ "d", -1 },
		{ "1.5h", -1 },
		{ "-1d", -1 },
		{ "30 d", -1 },
		{ "30days", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t seconds = -1;

		ok(duration_read(str_of(rows[i].text), &seconds) == (rows[i].seconds >= 0)
		        && seconds == rows[i].seconds,
		    "'%s': %lld", rows[i].text, (long long)seconds);
	}
}

int
main(void)
{
	test_duration_read__units();
	return done();
}
