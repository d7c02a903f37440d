#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "net/frame.h"

#define BYTES(lit)                   \
	{                            \
		lit, sizeof(lit) - 1 \
	}

static void
test_frame_prefix__big_endian(void)
{
	static const struct {
		size_t len;
		unsigned char want[FRAME_PREFIX_BYTES];
	} rows[] = {
		{ 0, { 0, 0, 0, 0, 0 } },
		{ 5, { 0, 0, 0, 0, 5 } },
		{ 0x01020304, { 0, 1, 2, 3, 4 } },
		{ MAX_RPC_BYTES, { 0, 1, 0x40, 0, 0 } },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned char out[FRAME_PREFIX_BYTES];

		frame_prefix(rows[i].len, out);
		ok(memcmp(out, rows[i].want, sizeof(out)) == 0, "the prefix of %zu bytes",
		    rows[i].len);
	}
}

static void
test_frame_next__cuts_messages(void)
{
	static const struct {
		struct str in;
		int rc;
		struct str message;
		size_t left;
	} rows[] = {
		{ BYTES(""), 0, BYTES(""), 0 },
		{ BYTES("\0\0\0\0"), 0, BYTES(""), 4 },
		{ BYTES("\0\0\0\0\0"), 1, BYTES(""), 0 },
		{ BYTES("\0\0\0\0\2a"), 0, BYTES(""), 6 },
		{ BYTES("\0\0\0\0\2ab"), 1, BYTES("ab"), 0 },
		{ BYTES("\0\0\0\0\2abc"), 1, BYTES("ab"), 1 },
		{ BYTES("\0\1\x40\0\0"), 0, BYTES(""), 5 },
		{ BYTES("\0\1\x40\0\1"), -1, BYTES(""), 0 },
		{ BYTES("\0\xff\xff\xff\xff"), -1, BYTES(""), 0 },
		{ BYTES("\1\0\0\0\1a"), -1, BYTES(""), 0 },
		{ BYTES("<html"), -1, BYTES(""), 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str rest = rows[i].in, message = { 0 };
		struct err err = { 0 };
		int rc = frame_next(&rest, &message, &err);

		ok(rc == rows[i].rc && (rc <= 0 || str_eq(message, rows[i].message))
		        && (rc < 0 ? err.kind == ERR_NETWORK && *err.hint
		                   : rest.len == rows[i].left),
		    "row %zu: %d %s", i, rc, err.text);
	}
}

static void
test_percent_decode__as_grpc_says(struct arena *a)
{
	static const struct {
		struct str in, out;
	} rows[] = {
		{ BYTES(""), BYTES("") },
		{ BYTES("plain text"), BYTES("plain text") },
		{ BYTES("caf%C3%A9"), BYTES("caf\xc3\xa9") },
		{ BYTES("caf%c3%a9"), BYTES("caf\xc3\xa9") },
		{ BYTES("100%25"), BYTES("100%") },
		{ BYTES("100%"), BYTES("100%") },
		{ BYTES("%4"), BYTES("%4") },
		{ BYTES("%zz%4g%"), BYTES("%zz%4g%") },
		{ BYTES("%2541"), BYTES("%41") },
		{ BYTES("a%FFb%C3"), BYTES("a?b?") },
		{ BYTES("\xff\xfe"), BYTES("??") },
		{ BYTES("%ED%A0%80"), BYTES("???") },
		{ BYTES("%E2%82x"), BYTES("??x") },
		{ BYTES("%0A%00x"), BYTES("\n\0x") },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str out = percent_decode(a, rows[i].in);

		ok(str_eq(out, rows[i].out), "row %zu", i);
	}
}

static void
test_timeout_text__eight_digits(struct arena *a)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ INT64_MIN, "1m" },
		{ 0, "1m" },
		{ 1, "1m" },
		{ 2500, "2500m" },
		{ 99999999, "99999999m" },
		{ 100000000, "100000S" },
		{ 100000999, "100000S" },
		{ INT64_C(99999999) * 1000, "99999999S" },
		{ INT64_C(100000000) * 1000, "1666666M" },
		{ INT64_C(100000000) * 60000, "1666666H" },
		{ INT64_MAX, "99999999H" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(strcmp(timeout_text(a, rows[i].ms), rows[i].text) == 0, "%lld ms is %s",
		    (long long)rows[i].ms, timeout_text(a, rows[i].ms));
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_frame_prefix__big_endian();
	test_frame_next__cuts_messages();
	test_percent_decode__as_grpc_says(a);
	test_timeout_text__eight_digits(a);
	arena_free(a);
	return done();
}
