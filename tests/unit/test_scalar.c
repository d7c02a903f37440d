#include "tap.h"

#include <math.h>

#include "wire/scalar.h"

static void
test_value_duration__go_and_protobuf(void)
{
	static const struct {
		const char *in;
		bool good;
		int64_t seconds;
		int32_t nanos;
	} rows[] = {
		{ "90s", true, 90, 0 },
		{ "1h30m", true, 5400, 0 },
		{ "1.5h", true, 5400, 0 },
		{ "1m0.5s", true, 60, 500000000 },
		{ "100ms", true, 0, 100000000 },
		{ "1us", true, 0, 1000 },
		{ "1\xc2\xb5s", true, 0, 1000 },
		{ "3ns", true, 0, 3 },
		{ "-1.5s", true, -1, -500000000 },
		{ "0", true, 0, 0 },
		{ ".5s", true, 0, 500000000 },
		{ "1.s", true, 1, 0 },
		{ "999999999ns999999999ns", true, 1, 999999998 },
		{ "315576000000s", true, 315576000000, 0 },
		{ "315576000001s", false, 0, 0 },
		{ "99999999999999999999s", false, 0, 0 },
		{ "18446744073709551615h", false, 0, 0 },
		{ "", false, 0, 0 },
		{ "10", false, 0, 0 },
		{ "s", false, 0, 0 },
		{ "1x", false, 0, 0 },
		{ "1 s", false, 0, 0 },
		{ "--1s", false, 0, 0 },
		{ "+1s", true, 1, 0 },
		{ "-0", true, 0, 0 },
		{ "+", false, 0, 0 },
		{ "-", false, 0, 0 },
		{ ".s", false, 0, 0 },
		{ "1s2", false, 0, 0 },
		{ "1.5.5s", false, 0, 0 },
		{ "0.9999999999s", true, 0, 999999999 },
		{ "87660000h", true, 315576000000, 0 },
		{ "87660000h1s", false, 0, 0 },
		{ "1d", false, 0, 0 },
		{ "1\xce\xbcs", true, 0, 1000 },
		{ "0.5ns", true, 0, 0 },
		{ "1.000001h", true, 3600, 3600000 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span_of_time t = { 0 };
		bool good = value_duration(str_of(rows[i].in), &t);

		ok(good == rows[i].good
		        && (!good || (t.seconds == rows[i].seconds && t.nanos == rows[i].nanos)),
		    "'%s' is %lld.%09d", rows[i].in, (long long)t.seconds, (int)t.nanos);
	}
}

static void
test_value_timestamp__rfc_3339(void)
{
	static const struct {
		const char *in;
		bool good;
		int64_t seconds;
		int32_t nanos;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", true, 0, 0 },
		{ "2024-02-29T12:00:00.5+01:00", true, 1709204400, 500000000 },
		{ "2000-01-01t00:00:00Z", false, 0, 0 }, /* pachd's reader refuses these, too */
		{ "2000-01-01T00:00:00z", false, 0, 0 },
		{ "2000-01-01T00:00:00.123456789Z", true, 946684800, 123456789 },
		{ "2000-01-01T00:00:00.1234567890Z", false, 0, 0 },
		{ "2000-01-01T00:00:00.Z", false, 0, 0 },
		{ "2000-03-01T00:00:00-00:30", true, 951870600, 0 },
		{ "1900-02-29T00:00:00Z", false, 0, 0 },
		{ "2000-02-29T23:59:59Z", true, 951868799, 0 },
		{ "0001-01-01T00:00:00+00:01", false, 0, 0 },
		{ "9999-12-31T23:59:59-00:01", false, 0, 0 },
		{ "0000-01-01T00:00:00Z", false, 0, 0 },
		{ "2000-01-01T00:60:00Z", false, 0, 0 },
		{ "2000-01-01T00:00:60Z", false, 0, 0 },
		{ "2000-01-01T00:00:00+24:00", false, 0, 0 },
		{ "2000-01-01T00:00:00+01:60", false, 0, 0 },
		{ "2000-01-01T00:00:00+0100", false, 0, 0 },
		{ "2000-01-01T00:00:00Z ", false, 0, 0 },
		{ "2000-00-01T00:00:00Z", false, 0, 0 },
		{ "2000-01-00T00:00:00Z", false, 0, 0 },
		{ "0001-01-01T00:00:00Z", true, -62135596800, 0 },
		{ "9999-12-31T23:59:59.999999999Z", true, 253402300799, 999999999 },
		{ "2023-02-29T00:00:00Z", false, 0, 0 },
		{ "2024-13-01T00:00:00Z", false, 0, 0 },
		{ "2024-01-01T24:00:00Z", false, 0, 0 },
		{ "2024-01-01 00:00:00Z", false, 0, 0 },
		{ "2024-01-01T00:00:00", false, 0, 0 },
		{ "2024-01-01", false, 0, 0 },
		{ "", false, 0, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span_of_time t = { 0 };
		bool good = value_timestamp(str_of(rows[i].in), &t);

		ok(good == rows[i].good
		        && (!good || (t.seconds == rows[i].seconds && t.nanos == rows[i].nanos)),
		    "'%s' is %lld.%09d", rows[i].in, (long long)t.seconds, (int)t.nanos);
	}
}

static void
test_value_int__limits(void)
{
	int64_t n = 0;
	uint64_t u = 0;
	double d = 0;

	ok(value_int(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n) && n == INT64_MIN,
	    "the smallest");
	ok(!value_int(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &n), "one too large");
	ok(value_int(STR("1e3"), INT64_MIN, INT64_MAX, &n) && n == 1000, "1e3");
	ok(value_int(STR("10.0"), INT64_MIN, INT64_MAX, &n) && n == 10, "10.0");
	ok(!value_int(STR("1.5"), INT64_MIN, INT64_MAX, &n), "1.5 is not whole");
	ok(!value_int(STR(""), INT64_MIN, INT64_MAX, &n), "nothing is not a number");
	ok(!value_int(STR("2147483648"), INT32_MIN, INT32_MAX, &n), "beyond 32 bits");
	ok(value_uint(STR("18446744073709551615"), UINT64_MAX, &u) && u == UINT64_MAX, "2^64-1");
	ok(!value_uint(STR("-1"), UINT64_MAX, &u), "-1 is negative");
	ok(value_double(STR("0.5"), &d) && d == 0.5, "0.5");
	ok(value_double(STR("NaN"), &d) && isnan(d), "NaN");
	ok(!value_double(STR("1e999"), &d), "1e999 is too large");
	ok(!value_double(STR("0x1"), &d), "no hexadecimals");
	ok(!value_double(STR("inf"), &d) && !value_double(STR("nan"), &d), "no other words");
	ok(value_double(STR("-Infinity"), &d) && isinf(d) && d < 0, "-Infinity");
	ok(!value_double(STR("1e"), &d) && !value_double(STR("."), &d)
	        && !value_double(STR("1.2.3"), &d) && !value_double(STR("1 "), &d),
	    "what is not a number");
	ok(value_int(STR("9007199254740992.0"), INT64_MIN, INT64_MAX, &n) && n == 9007199254740992,
	    "2^53 with a point");
	ok(!value_int(STR("9007199254740994.0"), INT64_MIN, INT64_MAX, &n), "and what is above");
	ok(!value_int(STR("-"), INT64_MIN, INT64_MAX, &n)
	        && !value_int(STR("--1"), INT64_MIN, INT64_MAX, &n)
	        && !value_int(STR(" 1"), INT64_MIN, INT64_MAX, &n),
	    "no whole numbers");
	ok(value_int(STR("-0"), INT64_MIN, INT64_MAX, &n) && n == 0, "-0");
	ok(!value_uint(STR("18446744073709551616"), UINT64_MAX, &u), "2^64");
	ok(!value_uint(STR("4294967296"), UINT32_MAX, &u), "2^32 in 32 bits");
	ok(value_uint(STR("1e2"), UINT64_MAX, &u) && u == 100, "1e2 without a sign");
}

int
main(void)
{
	test_value_duration__go_and_protobuf();
	test_value_timestamp__rfc_3339();
	test_value_int__limits();
	return done();
}
