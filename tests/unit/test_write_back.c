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

/* The address of a page comes back as text of strangers. */
static void
test_request_body__links_addresses_only(void)
{
	static const struct {
		const char *page;
		bool is_linked;
	} rows_of[] = {
		{ "https://host/compare/{old}...{new}", true },
		{ "http://host/compare/{old}...{new}", false },
		{ "javascript:alert(1)", false },
		{ "https://host/{old}) [x](https://evil", false },
		{ "https://host/{older}", false },
		{ "https://host/{", false },
		{ "https://host/ {old}", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows_of); i++) {
		struct arena *a = arena_new(abort);
		struct rows rows = { .list = NULL };
		struct back b = { .a = a };
		struct str body;

		rows_add_message(&rows, a,
		    arena_fmt(a,
		        "Set\n\n- a:0123456 -> a:89abcde in f\n- b:1 -> b:2 in "
		        "g\n\nPachup-Compare: "
		        "%s\nPachup-Write-Back: 1",
		        rows_of[i].page));
		body = request_body(&b, &rows, STR(""));
		ok(str_holds(
		       body, STR("a:89abcde` ([compare](https://host/compare/0123456...89abcde))"))
		            == rows_of[i].is_linked
		        && str_holds(body, STR("[compare](")) == rows_of[i].is_linked
		        && !str_holds(body, STR("evil")) && !str_holds(body, STR("b:2` (")),
		    "%s", rows_of[i].page);
		arena_free(a);
	}
}

int
main(void)
{
	test_request_body__links_addresses_only();
	test_rows_add_message__reads_lines_back();
	return done();
}
