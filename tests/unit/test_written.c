/* git/written.h: which messages are those of write-back. */
#include "tap.h"

#include "git/written.h"

static void
test_is_message__by_its_trailer(void)
{
	ok(written_is_message(STR("Set a:2\n\n- a:1 -> a:2 in f\n\nPachup-Write-Back: 1")), "ours");
	ok(written_is_message(STR("Squashed (#7)\n\n* Set a:2\n\nPachup-Write-Back: 1\n\nmore")),
	    "within a squashed one");
	ok(!written_is_message(STR("Set a:2")) && !written_is_message(STR("")), "not ours");
	ok(!written_is_message(STR("about\n > Pachup-Write-Back: 1")), "a quotation is not");
}

static void
test_is_message__by_the_mark(void)
{
	ok(written_is_message(STR("Merged PR 7: x\n\n<!-- pachup:write-back 0123 -->\nMerging")),
	    "a merge that carries the text of its request");
	ok(!written_is_message(STR("Show `<!-- pachup:write-back 0123 -->`")),
	    "a quotation is not");
}

int
main(void)
{
	test_is_message__by_its_trailer();
	test_is_message__by_the_mark();
	return done();
}
