/* How long something took: base/elapsed.c; and texts cut to columns: utf8_add_cut(). */
#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/elapsed.h"
#include "base/utf8.h"

static void
test_elapsed_text__as_people_say_it(struct arena *a)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ -5, "0s" },
		{ 0, "0s" },
		{ 99, "0s" },
		{ 100, "0.1s" },
		{ 1000, "1s" },
		{ 9999, "9.9s" },
		{ 10900, "10s" },
		{ 59999, "59s" },
		{ 60000, "1m" },
		{ 60400, "1m" },
		{ 72000, "1m12s" },
		{ 600000, "10m" },
		{ 3600000, "1h" },
		{ 3605000, "1h5s" },
		{ 7500000, "2h5m" },
		{ 90061000, "25h1m1s" },
		{ INT64_MAX, "2562047788015h12m55s" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(str_is(elapsed_text(a, rows[i].ms), rows[i].text), "%s", rows[i].text);
}

static void
test_utf8_add_cut__columns(void)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *cut;
	} rows[] = {
		{ "edges", 5, "edges" },
		{ "edges", 4, "edg…" },
		{ "edges", 1, "…" },
		{ "edges", 0, "" },
		{ "", 3, "" },
		{ "größe", 5, "größe" },
		{ "größe", 4, "grö…" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_INIT(100);

		utf8_add_cut(&out, str_of(rows[i].text), rows[i].columns);
		ok(str_is(buf_str(&out), rows[i].cut), "'%s' in %zu columns", rows[i].text,
		    rows[i].columns);
		buf_free(&out);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_elapsed_text__as_people_say_it(a);
	test_utf8_add_cut__columns();
	arena_free(a);
	return done();
}
