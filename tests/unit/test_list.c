/* Hand-kept lists: what counts as a name, and what is said of the rest. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "files/list.h"
#include "tap.h"

static struct str
paths_of(struct arena *a, const struct list *list)
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; i < list->count; i++)
		buf_fmt(&text, "%s|", list->entries[i].path);
	return buf_take(&text, a);
}

static void
test_list_parse__names_and_remarks(void)
{
	static const struct {
		const char *dir, *text, *paths;
	} table[] = {
		{ "d", "a\nb\n", "d/a|d/b|" },
		{ "d", "a\nb", "d/a|d/b|" },
		{ "d",
		    "\xef\xbb\xbf"
		    "a\r\n\r\n \t\r\nb \r\n",
		    "d/a|d/b|" },
		{ "d", "# x\n#y\n  # z\na # of b\na#1\n", "d/a|d/a#1|" },
		{ "d", "a b.json\n", "d/a b.json|" },
		{ ".", "a\n../b\n", "a|../b|" },
		{ "d//", "a\n/abs\n", "d/a|/abs|" },
		{ "/", "a\n", "/a|" },
		{ "d", "a\nb\na\n", "d/a|d/b|" },
		{ "d", "a\x01\nb\n", "d/b|" },
		{ "d", "", "" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct arena *a = arena_new(no_memory);
		struct diags d = diags_in(a);
		struct list list = list_parse(a, "l", table[i].dir, str_of(table[i].text), &d);

		ok(str_is(paths_of(a, &list), table[i].paths), "row %zu: %.*s", i,
		    STR_FMT(paths_of(a, &list)));
		arena_free(a);
	}
}

static void
test_list_parse__places_are_bytes(void)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct list list = list_parse(a, "l", "d", STR("\xef\xbb\xbf\n  \xc3\xa9 # x\nb"), &d);

	ok(list.count == 2 && d.count == 0, "two names");
	ok(list.entries[0].at.line == 2 && list.entries[0].at.col == 3
	        && list.entries[0].at.offset == 6 && list.entries[0].at.len == 2,
	    "the first is two bytes at 2:3");
	ok(list.entries[1].at.line == 3 && list.entries[1].at.col == 1, "the second is at 3:1");
	arena_free(a);
}

static void
test_list_parse__says_what_is_wrong(void)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a), none = diags_in(a);
	struct list list = list_parse(a, "l", "d", STR("a\nb\x7f\na\n"), &d);

	ok(list.count == 1 && d.errors == 1 && d.count == 2, "a control and a double");
	ok(d.list[0].at.line == 2 && d.list[1].at.line == 3, "each in its line");
	list = list_parse(a, "l", "d", STR("\n#\n"), &none);
	ok(list.count == 0 && none.errors == 0 && none.count == 1, "an empty list is a warning");
	arena_free(a);
}

int
main(void)
{
	test_list_parse__names_and_remarks();
	test_list_parse__places_are_bytes();
	test_list_parse__says_what_is_wrong();
	return done();
}
