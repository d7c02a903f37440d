/* The pieces of a file: data/split.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "data/split.h"

/* The pieces with a '|' behind each; "!" where it is not JSON. */
static struct str
pieces(struct arena *a, enum pfs_split by, const char *text)
{
	struct splitter s = { .by = by };
	struct buf out = BUF_INIT(1 << 16);
	bool wrong;

	for (const char *c = text; *c;) {
		enum split_what what = split_next(&s, *c);

		if (what == SPLIT_WRONG) {
			buf_add_char(&out, '!');
			return buf_take(&out, a);
		}
		if (what == SPLIT_ADD || what == SPLIT_END)
			buf_add_char(&out, *c);
		if (what == SPLIT_END || what == SPLIT_BEFORE)
			buf_add_char(&out, '|');
		c += what != SPLIT_BEFORE;
	}
	if (split_end(&s, &wrong))
		buf_add_char(&out, wrong ? '!' : '|');
	return buf_take(&out, a);
}

static void
test_split__cuts(struct arena *a)
{
	static const struct {
		enum pfs_split by;
		const char *text, *wanted;
	} rows[] = {
		{ PFS_LINES, "", "" },
		{ PFS_LINES, "a\nb\n", "a\n|b\n|" },
		{ PFS_LINES, "a\n\nb", "a\n|\n|b|" },
		{ PFS_JSON, "", "" },
		{ PFS_JSON, " \n", "" },
		{ PFS_JSON, "{}{}", "{}|{}|" },
		{ PFS_JSON, "{\"a\":\"}\\\"\"} [1,[2]]\n", "{\"a\":\"}\\\"\"}|[1,[2]]|" },
		{ PFS_JSON, "1 -2.5e3 true null\"x\"{}", "1|-2.5e3|true|null|\"x\"|{}|" },
		{ PFS_JSON, "1{}", "1|{}|" },
		{ PFS_JSON, "{\"a\":", "{\"a\":!" },
		{ PFS_JSON, "\"a", "\"a!" },
		{ PFS_JSON, "{} ,", "{}|!" },
		{ PFS_JSON, "}", "!" },
		{ PFS_JSON, "truefalse\"a\"[]1", "true|false|\"a\"|[]|1|" },
		{ PFS_JSON, "{ } [ ]{\"\":{}}", "{ }|[ ]|{\"\":{}}|" },
		{ PFS_JSON, "[ 1 , {\"a\" : [ ] , \"b\" : null} ]",
		    "[ 1 , {\"a\" : [ ] , \"b\" : null} ]|" },
		{ PFS_JSON, "[0,-0,10,0.5,1e5,1E+05,-1.0e-1]", "[0,-0,10,0.5,1e5,1E+05,-1.0e-1]|" },
		{ PFS_JSON, "0 -1 2.50 3e1", "0|-1|2.50|3e1|" },
		{ PFS_JSON, "\"\\\"\\/\\b\\u00eF\xff\"", "\"\\\"\\/\\b\\u00eF\xff\"|" },
		{ PFS_JSON, "nul", "nul!" },
		{ PFS_JSON, "-", "-!" },
		{ PFS_JSON, "1.", "1.!" },
		{ PFS_JSON, "1e+", "1e+!" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = pieces(a, rows[i].by, rows[i].text);

		ok(str_is(got, rows[i].wanted), "row %zu: %zu bytes", i, got.len);
	}
}

/* What is not JSON, with a value around it, is noticed at the byte behind `good`. */
static void
test_split__refuses(struct arena *a)
{
	static const struct {
		const char *good, *bad;
	} rows[] = {
		{ "{\"a\":1", "]" },
		{ "[{}", "}" },
		{ "[1", " 2" },
		{ "[", "," },
		{ "[1,", "]" },
		{ "{\"a\":1,", "}" },
		{ "{", "1:2}" },
		{ "{\"a\"", ",\"b\":1}" },
		{ "{\"a\":", "}" },
		{ "{\"a\":1", ":2}" },
		{ "nul", " " },
		{ "t", "h" },
		{ "[fals", "]" },
		{ "", "None" },
		{ "", "+1" },
		{ "", ".5" },
		{ "0", "1" },
		{ "-0", "1" },
		{ "-", "a" },
		{ "1.", " " },
		{ "[1.", "]" },
		{ "1.5", ".2" },
		{ "1e", " " },
		{ "1e-", "," },
		{ "1e5", "e5" },
		{ "1", "-2" },
		{ "\"a", "\n\"" },
		{ "\"a", "\t\"" },
		{ "\"a\\", "x\"" },
		{ "\"\\u12", "g4\"" },
		{ "\"\\u123", "\"" },
		{ "{\"a\\", "'\":1}" },
		{ "", "'a'" },
		{ "[", "\xef\xbb\xbf" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str good = str_of(rows[i].good), bad = str_of(rows[i].bad);
		struct str text = arena_fmt(a, "%.*s%.*s", STR_FMT(good), STR_FMT(bad));
		struct str got = pieces(a, PFS_JSON, text.ptr);

		ok(got.len > 0 && got.ptr[got.len - 1] == '!' && str_starts(got, rows[i].good)
		        && got.len <= good.len + 2,
		    "row %zu: %.*s", i, STR_FMT(got));
	}
}

static void
test_split__nests(void)
{
	struct splitter s = { .by = PFS_JSON };
	bool good = true;

	for (unsigned i = 0; i < MAX_JSON_DEPTH; i++)
		good = good && split_next(&s, i % 3 ? '[' : '{') == SPLIT_ADD
		       && (i % 3
		           || (split_next(&s, '"') == SPLIT_ADD && split_next(&s, '"') == SPLIT_ADD
		               && split_next(&s, ':') == SPLIT_ADD));
	ok(good, "as deep as it may be");
	ok(split_next(&s, '[') == SPLIT_WRONG && strstr(split_mistake(&s), "too deep"), "deeper");
	ok(split_next(&s, '1') == SPLIT_ADD, "a number at the bottom");
	for (unsigned i = MAX_JSON_DEPTH; i-- > 1;)
		good = good && split_next(&s, i % 3 ? ']' : '}') == SPLIT_ADD;
	ok(good && split_next(&s, ']') == SPLIT_WRONG && split_next(&s, '}') == SPLIT_END,
	    "all closed");
}

static void
test_split_name__is_hex(void)
{
	char name[17];

	split_name(0, name);
	ok(strcmp(name, "0000000000000000") == 0, "%s", name);
	split_name(255, name);
	ok(strcmp(name, "00000000000000ff") == 0, "%s", name);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_split__cuts(a);
	test_split__refuses(a);
	test_split__nests();
	test_split_name__is_hex();
	arena_free(a);
	return done();
}
