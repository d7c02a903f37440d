/* Which mistakes comments and inputs silence, and the lines that are shown: session/weigh.c. */
#include "tap.h"

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "session/run.h"
#include "session/weigh.h"

static struct run
run_on(struct arena *a, const char *file, struct str text)
{
	struct run run = { .arena = a, .diags = diags_in(a) };

	sources_add(&run.sources, a, file, text);
	return run;
}

static void
test_weigh_diags__comments(void)
{
	static const struct {
		const char *text;
		uint32_t line;
		size_t offset;
		bool is_silenced;
	} rows[] = {
		{ "a: 1 # pachup: ignore PU043\nb: 2\n", 1, 0, true },
		{ "a: 1 # pachup: ignore PU070 PU043\nb: 2\n", 1, 0, true },
		{ "a: 1 # pachup: ignore PU070\nb: 2\n", 1, 0, false },
		{ "# pachup: ignore PU043\nb: 2\n", 2, 23, true },
		{ "a: 1 # pachup: ignore PU043\nb: 2\n", 2, 28, false },
		{ "# pachup: ignore PU043\n\nb: 2\n", 3, 24, false },
		{ "{\"a\": \"# pachup: ignore PU043\"}\n", 1, 1, false },
		{ "# pachup: ignore PU043\n", 0, 0, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *a = arena_new(no_memory);
		struct run run = run_on(a, "x.yaml", str_of(rows[i].text));
		struct span at = { .line = rows[i].line, .col = 1, .offset = rows[i].offset };
		const char *file = run.sources.list[0].file;

		(void)diags_warn(&run.diags, CHECK_IMAGE_MOVES, file, at, "one");
		(void)diags_warn(&run.diags, CHECK_IMAGE_MOVES, file, at, "two");
		weigh_diags(&run);
		ok(run.diags.count == (rows[i].is_silenced ? 0 : 2), "row %zu: both or none", i);
		for (size_t k = 0; k < run.diags.count; k++)
			ok(!run.diags.list[k].line.len == (rows[i].line == 0), "row %zu: its line",
			    i);
		arena_free(a);
	}
}

/* As many mistakes as are kept, all in one line of 4 MB. */
static void
test_weigh_diags__long_line(void)
{
	struct arena *a = arena_new(no_memory);
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	clock_t start = clock();
	struct run run;
	double ms;

	buf_add(&text, STR("["));
	while (text.len + 2 < MAX_SPEC_BYTES)
		buf_add(&text, STR("1,"));
	run = run_on(a, "x.json", buf_str(&text));
	for (size_t i = 0; i < MAX_DIAGS; i++)
		(void)diags_warn(&run.diags, CHECK_IMAGE_MOVES, run.sources.list[0].file,
		    (struct span){ .line = 1, .col = (uint32_t)i + 4000000, .offset = i + 4000000 },
		    "x");
	weigh_diags(&run);
	ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	ok(run.diags.count == MAX_DIAGS && run.diags.list[MAX_DIAGS - 1].line.len == text.len,
	    "each has the line");
	ok(ms < 5000, "in %.0f ms", ms);
	buf_free(&text);
	arena_free(a);
}

int
main(void)
{
	test_weigh_diags__comments();
	test_weigh_diags__long_line();
	return done();
}
