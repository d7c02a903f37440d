#include "tap.h"

#include "inputs/duration.h"

static void
test_duration_read__units(void)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: none */
	} rows[] = {
		{ "26w", 26 * 7 * 86400000LL },
		{ "30d", 30 * 86400000LL },
		{ "624h", 624 * 3600000LL },
		{ "1w2d3h4m5s", (9 * 86400 + 3 * 3600 + 4 * 60 + 5) * 1000LL },
		{ "90s", 90000 },
		{ "1h30m", 5400000 },
		{ "1.5h", 5400000 },
		{ "0.25s", 250 },
		{ "250ms", 250 },
		{ "1m1ms", 60001 },
		{ "0d", 0 },
		{ "0", 0 },
		{ "5000w", 5000LL * 7 * 86400000 },
		{ "5300w", -1 }, /* over 100 years */
		{ "5000w5000w", -1 },
		{ "99999999999w", -1 },
		{ "999999999999999999999d", -1 },
		{ "30", -1 },
		{ "d", -1 },
		{ ".5h", -1 },
		{ "1.h", -1 },
		{ "-1d", -1 },
		{ "30 d", -1 },
		{ "30days", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t ms = -1;

		bool is_one = duration_read(str_of(rows[i].text), &ms);

		ok(is_one == (rows[i].ms >= 0) && (!is_one || ms == rows[i].ms), "'%s': %lld",
		    rows[i].text, (long long)ms);
	}
}

int
main(void)
{
	test_duration_read__units();
	return done();
}
