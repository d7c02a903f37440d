/* edit/write_back_body.c: what runs read of each other in the messages of commits. */
#include "tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "edit/write_back_inside.h"

static void
test_rows_add_message__reads_lines_back(void)
{
	struct arena *a = arena_new(abort);
	struct rows rows = { .list = NULL };

	rows_add_message(&rows, a,
	    STR("Set a:2\n\n- a:1 -> a:2 in dir in x/f.json (edges)\n- b:1 -> b:2 in g\n\n"
	        "Pachup-Write-Back: 1"));
	ok(rows.count == 2 && str_is(rows.list[0].old, "a:1") && str_is(rows.list[0].new, "a:2")
	        && str_is(rows.list[0].where, "dir in x/f.json (edges)"),
	    "a name may hold blanks");
	rows_add_message(&rows, a,
	    STR("Set a:3\n\n- a:2 -> a:3 in g2\n- b:2 -> b:3 in g\n\n"
	        "Pachup-Write-Back: 1"));
	ok(rows.count == 3 && str_is(rows.list[1].old, "b:1") && str_is(rows.list[1].new, "b:3"),
	    "what is changed twice is one row");
	rows_add_message(&rows, a, STR("- c:1 -> c:2 in h"));
	ok(rows.count == 3, "commits of others say nothing");
	rows_add_message(
	    &rows, a, STR("- \n- x\n- -> \n-  ->  in \n- a -> b\n-> in\nPachup-Write-Back: 1\n- "));
	ok(rows.count <= 4, "broken lines are passed by");
	arena_free(a);
}

int
main(void)
{
	test_rows_add_message__reads_lines_back();
	return done();
}
