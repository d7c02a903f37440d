#include "tap.h"

#include <string.h>

#include "base/buf.h"
#include "ci/say.h"

static void
test_say_clean__every_rule(void)
{
	static const struct {
		enum say_place place;
		struct str text;
		const char *clean;
	} rows[] = {
		{ SAY_START, { "plain \t text", 12 }, "plain \t text" },
		{ SAY_START, { "h\xc3\xa9 \xf0\x9f\x98\x80", 8 }, "h\xc3\xa9 \xf0\x9f\x98\x80" },
		{ SAY_START, { "a\nb\rc\r\n", 7 }, "a\\nb\\rc\\r\\n" },
		{ SAY_START, { "\0\x01\x0b\x1b\x1f\x7f", 6 }, "\\x00\\x01\\x0b\\x1b\\x1f\\x7f" },
		{ SAY_START, { "\xc2\x85|\xc2\x9b|\xc2\xa0|", 9 }, "\\u0085|\\u009b|\xc2\xa0|" },
		{ SAY_START, { "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xe2\x81\xa6", 12 },
		    "\\u2028\\u2029\\u202e\\u2066" },
		{ SAY_START, { "\xff\xc3(\xe2\x82", 5 }, "\\xff\\xc3(\\xe2\\x82" },
		{ SAY_START, { "\xed\xa0\x80\xc0\xaf", 5 }, "\\xed\\xa0\\x80\\xc0\\xaf" },
		{ SAY_START, { "::error::x", 10 }, "\\::error::x" },
		{ SAY_START, { " \t::error::x", 12 }, " \t\\::error::x" },
		{ SAY_START, { "\xc2\xa0::error::x", 12 }, "\xc2\xa0\\::error::x" },
		{ SAY_START, { "\xc2\xad:\xe2\x80\x8b:error::", 14 },
		    "\xc2\xad\\:\xe2\x80\x8b:error::" },
		{ SAY_START, { ":x::error::", 11 }, ":x::error::" },
		{ SAY_INSIDE, { "::error::x", 10 }, "::error::x" },
		{ SAY_INSIDE, { "a ##[error]", 11 }, "a ##\\[error]" },
		{ SAY_INSIDE, { "##vso[a.b]##VSO[a.b]", 20 }, "##\\vso[a.b]##\\VSO[a.b]" },
		{ SAY_INSIDE, { "##teamcity[x", 12 }, "##\\teamcity[x" },
		{ SAY_INSIDE, { "####[x", 6 }, "####\\[x" },
		{ SAY_INSIDE, { "#\xc2\xad#\xe2\x80\x8d[x", 9 }, "#\xc2\xad#\\\xe2\x80\x8d[x" },
		{ SAY_INSIDE, { "## heading # [x] ##", 19 }, "## heading # [x] ##" },
		{ SAY_INSIDE, { "", 0 }, "" },
		{ SAY_JSON, { "\"##[error]\"", 11 }, "\"#\\u0023[error]\"" },
		{ SAY_JSON, { "##vso[a.b]##VSO[a.b]", 20 }, "#\\u0023vso[a.b]#\\u0023VSO[a.b]" },
		{ SAY_JSON, { "###teamcity[x", 13 }, "##\\u0023teamcity[x" },
		{ SAY_JSON, { "#\xc2\xad#\xe2\x80\x8d[x", 9 }, "#\xc2\xad\\u0023\xe2\x80\x8d[x" },
		{ SAY_JSON, { "\x01\x7f\xc2\x85\xe2\x80\xa8\xff", 8 },
		    "\\u0001\\u007f\\u0085\\u2028\\ufffd" },
		{ SAY_JSON, { "  \"a\": \"::x\"", 12 }, "  \"a\": \"::x\"" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf b = BUF_INIT(1000);

		say_clean(&b, rows[i].text, rows[i].place);
		ok(str_is(buf_str(&b), rows[i].clean), "row %zu: %.*s", i, STR_FMT(buf_str(&b)));
		buf_free(&b);
	}
}

static void
test_say_fmt__cuts_and_says_so(void)
{
	static const size_t lens[] = { 0, 1023, 1024, SAY_MAX - 1, SAY_MAX };
	char *text = calloc(SAY_MAX + 100, 1);
	struct buf b = BUF_INIT(SAY_LINE_MAX);

	if (!text)
		no_memory();
	for (size_t i = 0; i < COUNT_OF(lens); i++) {
		memset(text, 'x', SAY_MAX + 1);
		text[lens[i]] = '\0';
		buf_clear(&b);
		say_fmt(&b, SAY_START, "%s", text);
		ok(str_is(buf_str(&b), text), "%zu bytes stay whole", lens[i]);
	}
	memset(text, 'x', SAY_MAX + 1);
	text[SAY_MAX + 1] = '\0';
	buf_clear(&b);
	say_fmt(&b, SAY_START, "%s", text);
	ok(str_ends(buf_str(&b), "xx... (cut here, 65537 bytes in all)")
	        && str_find(buf_str(&b), '.') == SAY_MAX,
	    "one more is cut");
	buf_free(&b);
	free(text);
}

static void
test_say_field__escapes_by_table(void)
{
	static const struct say_escape lines[] = { { '%', "%25" }, { '\n', "%0A" }, { 0 } },
	                               words[] = { { ']', "|]" }, { 0 } };
	static const struct {
		const struct say_escape *escapes;
		const char *field;
	} rows[] = {
		{ lines, "50%25 ##\\[x]%0Anext" },
		{ words, "50% ##\\[x|]\\n\\nnext" },
		{ NULL, "50% ##\\[x]\\n\\nnext" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf b = BUF_INIT(1000);

		say_field(&b, STR("50% ##[x]\n\nnext"), rows[i].escapes);
		ok(str_is(buf_str(&b), rows[i].field), "row %zu: %.*s", i, STR_FMT(buf_str(&b)));
		buf_free(&b);
	}
}

int
main(void)
{
	test_say_clean__every_rule();
	test_say_fmt__cuts_and_says_so();
	test_say_field__escapes_by_table();
	return done();
}
