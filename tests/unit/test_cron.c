/* Schedules and quantities: what passes, and what is said of the rest. */
#include "tap.h"

#include <string.h>

#include "lint/cron.h"
#include "lint/quantity.h"

static void
test_cron_fault__what_passes(void)
{
	static const char *const good[] = { "* * * * *", "0 7 * * 1-5", "*/5 0-23/2 1,15 jan-MAR ?",
		"59 23 31 12 6", "0 0 * * sun,WED", "@yearly", "@hourly", "@every 1h30m",
		"@every 10s", "  0\t0 * * *  ", "5/15 * * * *" };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(cron_fault(str_of(good[i]), false) == NULL, "%s", good[i]);
	ok(cron_fault(STR("@never"), true) == NULL, "@never from 2.6 on");
}

static void
test_cron_fault__what_is_wrong(void)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "", "fewer than five" },
		{ "* * * *", "fewer than five" },
		{ "* * * * * *", "more than five" },
		{ "60 * * * *", "minutes" },
		{ "* 24 * * *", "hours" },
		{ "* * 0 * *", "day of the month" },
		{ "* * * 13 *", "month" },
		{ "* * * janu *", "month" },
		{ "* * * * 7", "day of the week" },
		{ "*/0 * * * *", "minutes" },
		{ "5-1 * * * *", "minutes" },
		{ "1,,2 * * * *", "minutes" },
		{ "-1 * * * *", "minutes" },
		{ "99999999999999999999 * * * *", "minutes" },
		{ "@never", "use @yearly" },
		{ "@every", "use @yearly" },
		{ "@every soon", "needs a duration" },
		{ "@every -1h", "needs a duration" },
		{ "TZ=Asia/Tokyo 0 7 * * *", "no time zones" },
		{ "CRON_TZ=UTC @daily", "no time zones" },
		{ " @daily", "fewer than five" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *fault = cron_fault(str_of(rows[i].text), false);

		ok(fault && strstr(fault, rows[i].says), "%s: %s", rows[i].text,
		    fault ? fault : "passes");
	}
}

static void
test_quantity_read__values(void)
{
	static const struct {
		const char *text;
		double value;
	} good[] = { { "0", 0 }, { "1", 1 }, { "1.5", 1.5 }, { ".5", 0.5 }, { "1.", 1 },
		{ "-2", -2 }, { "+2", 2 }, { "500m", 0.5 }, { "64Mi", 67108864 }, { "1k", 1000 },
		{ "2G", 2e9 }, { "1e3", 1000 }, { "1E-3", 0.001 }, { "1E", 1e18 },
		{ "1Ei", 1152921504606846976.0 } };
	static const char *const bad[] = { "", " 1", "1 ", "256MB", "1K", "1Kb", "e3", ".", "-",
		"1e", "1mi", "0x10", "one", "1.2.3", "11111111111111111111111111111111111111111" };
	double value;

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(quantity_read(str_of(good[i].text), &value) && value - good[i].value < 1e-9
		        && good[i].value - value < 1e-9,
		    "%s is %g", good[i].text, good[i].value);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!quantity_read(str_of(bad[i]), &value), "'%s' is not a quantity", bad[i]);
}

int
main(void)
{
	test_cron_fault__what_passes();
	test_cron_fault__what_is_wrong();
	test_quantity_read__values();
	return done();
}
