/* The pieces of a file: data/split.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "data/split.h"

/* The pieces with a '|' behind each; "!" where it is no JSON. */
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
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = pieces(a, rows[i].by, rows[i].text);

		ok(str_is(got, rows[i].wanted), "row %zu: %zu bytes", i, got.len);
	}
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
	test_split_name__is_hex();
	arena_free(a);
	return done();
}
