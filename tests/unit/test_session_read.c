/* session/read.h: files of another commit. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "session/read.h"
#include "session/run.h"

static int
read_commit(void *ctx, const char *path, struct str *text, struct err *err)
{
	(void)path;
	(void)err;
	*text = *(struct str *)ctx;
	return 0;
}

static void
test_run_read(struct arena *a)
{
	struct str held = STR("text"), text = STR("");
	const struct other_commit commit = { read_commit, &held };
	struct run run = { .arena = a, .other_commit = &commit };
	struct err err = { 0 };

	ok(run_read(&run, "held", &text, &err) == 0 && str_is(text, "text"), "of the commit");
	held.ptr = memset(arena_alloc(a, MAX_SPEC_BYTES + 1), ' ', MAX_SPEC_BYTES + 1);
	held.len = MAX_SPEC_BYTES;
	ok(run_read(&run, "held", &text, &err) == 0 && text.len == MAX_SPEC_BYTES, "the largest");
	held.len++;
	ok(run_read(&run, "held", &text, &err) < 0 && err.kind == ERR_SYSTEM
	        && strcmp(err.text, "'held' is larger than 4 MiB") == 0,
	    "too large: %s", err.text);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_run_read(a);
	arena_free(a);
	return done();
}
