#include "tap.h"

#include "base/utf8.h"

/* RFC 3629, section 4: the borders of each row of its table, and one step outside them. */
static void
test_utf8_first__table(void)
{
	const struct {
		struct str text;
		size_t len; /* 0: not valid */
		uint32_t point;
	} rows[] = {
		{ STR("\x00"), 1, 0 },
		{ STR("\x7f"), 1, 0x7f },
		{ STR("\xc2\x80"), 2, 0x80 },
		{ STR("\xdf\xbf"), 2, 0x7ff },
		{ STR("\xe0\xa0\x80"), 3, 0x800 },
		{ STR("\xe0\xbf\xbf"), 3, 0xfff },
		{ STR("\xe1\x80\x80"), 3, 0x1000 },
		{ STR("\xec\xbf\xbf"), 3, 0xcfff },
		{ STR("\xed\x80\x80"), 3, 0xd000 },
		{ STR("\xed\x9f\xbf"), 3, 0xd7ff },
		{ STR("\xee\x80\x80"), 3, 0xe000 },
		{ STR("\xef\xbf\xbf"), 3, 0xffff },
		{ STR("\xf0\x90\x80\x80"), 4, 0x10000 },
		{ STR("\xf0\xbf\xbf\xbf"), 4, 0x3ffff },
		{ STR("\xf1\x80\x80\x80"), 4, 0x40000 },
		{ STR("\xf3\xbf\xbf\xbf"), 4, 0xfffff },
		{ STR("\xf4\x80\x80\x80"), 4, 0x100000 },
		{ STR("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
		{ STR("\xf4\x90\x80\x80"), 0, 0 },
		{ STR("\xf5\x80\x80\x80"), 0, 0 },
		{ STR("\xf8\x88\x80\x80\x80"), 0, 0 },
		{ STR("\xfc\x84\x80\x80\x80\x80"), 0, 0 },
		{ STR("\xfe"), 0, 0 },
		{ STR("\xff"), 0, 0 },
		{ STR("\x80"), 0, 0 },
		{ STR("\xbf"), 0, 0 },
		{ STR("\xc0\x80"), 0, 0 }, /* overlong */
		{ STR("\xc1\xbf"), 0, 0 },
		{ STR("\xe0\x9f\xbf"), 0, 0 },
		{ STR("\xf0\x8f\xbf\xbf"), 0, 0 },
		{ STR("\xed\xa0\x80"), 0, 0 }, /* surrogates */
		{ STR("\xed\xbf\xbf"), 0, 0 },
		{ STR("\xc2"), 0, 0 }, /* cut off */
		{ STR("\xe0\xa0"), 0, 0 },
		{ STR("\xf0\x90\x80"), 0, 0 },
		{ STR("\xc2\x7f"), 0, 0 }, /* a byte that does not go on */
		{ STR("\xc2\xc0"), 0, 0 },
		{ STR("\xe1\x80\x20"), 0, 0 },
		{ STR("\xf1\x80\xff\x80"), 0, 0 },
		{ STR(""), 0, 0 },
		{ STR("\xe2\x82\xac 5"), 3, 0x20ac }, /* more behind it */
		{ STR("a\xff"), 1, 'a' },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint32_t point = 0x12345678;
		size_t len = utf8_first(rows[i].text, &point);

		ok(len == rows[i].len && point == (len ? rows[i].point : 0x12345678),
		    "row %zu: %zu bytes, U+%04x", i, len, (unsigned)point);
	}
}

static size_t
encode(uint32_t point, char *out)
{
	size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--, point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3f));
	out[0] = (char)(len == 1 ? point : (0xf00U >> len & 0xff) | point);
	return len;
}

static void
test_utf8_first__every_point(void)
{
	size_t wrong = 0;

	for (uint32_t point = 0; point < 0x120000; point++) {
		bool is_character = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
		char text[4];
		size_t len = encode(point, text);
		uint32_t read = 0;
		size_t got = utf8_first((struct str){ text, len }, &read);

		wrong += is_character ? got != len || read != point : got != 0;
	}
	ok(wrong == 0, "%zu points are read wrongly", wrong);
}

static void
test_utf8_is_valid__where(void)
{
	static const struct {
		const char *text;
		size_t at; /* of the first fault; 99: valid */
	} rows[] = {
		{ "", 99 },
		{ "plain", 99 },
		{ "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!", 99 },
		{ "ab\xc0\xaf", 2 },
		{ "\xc3\xa9\xed\xa0\x80", 2 },
		{ "abc\xe2\x82", 3 },
		{ "\xff", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t at = 99;
		bool good = utf8_is_valid(str_of(rows[i].text), &at);

		ok(good == (rows[i].at == 99) && at == rows[i].at, "row %zu: fault at %zu", i, at);
	}
}

static void
test_utf8_head__whole_characters(void)
{
	struct str text = STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	static const size_t lens[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

	for (size_t max = 0; max < COUNT_OF(lens); max++)
		ok(utf8_head(text, max).len == lens[max], "at most %zu bytes", max);
	ok(utf8_head(STR("\x80\x80\x80"), 2).len == 0, "bytes that start no character");
	ok(utf8_count(text) == 4 && utf8_count(STR("")) == 0, "characters are counted");
}

static void
test_utf8_bare__a_mark_at_the_start(void)
{
	ok(str_is(utf8_bare(STR("\xef\xbb\xbf"
	                        "a\xef\xbb\xbf")),
	       "a\xef\xbb\xbf"),
	    "once");
	ok(str_is(utf8_bare(STR("a")), "a") && str_is(utf8_bare(STR("\xef\xbb")), "\xef\xbb"),
	    "there is none");
	ok(utf8_bare(STR("")).len == 0, "nothing");
}

int
main(void)
{
	test_utf8_first__table();
	test_utf8_first__every_point();
	test_utf8_is_valid__where();
	test_utf8_head__whole_characters();
	test_utf8_bare__a_mark_at_the_start();
	return done();
}
