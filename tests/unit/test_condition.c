/* Conditions on results: data/condition.c. */
#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "data/condition.h"
#include "format/doc.h"

enum { TRUE, FALSE, REFUSED, UNREAD };

/* What comes of the condition on the document. */
static int
outcome(struct arena *a, const char *text, const struct node *document)
{
	struct condition c;
	struct err err = { 0 };
	struct str found;
	bool holds;

	if (condition_parse(a, text, &c, &err) < 0)
		return err.kind == ERR_USAGE ? UNREAD : -1;
	if (c.counts)
		return condition_holds_count(&c, 3) ? TRUE : FALSE;
	if (condition_holds(a, &c, document, &holds, &found, &err) < 0)
		return err.kind == ERR_REFUSED ? REFUSED : -1;
	return holds ? TRUE : FALSE;
}

static void
test_condition__decides(struct arena *a)
{
	static const char json[] =
	    "{\"n\":59.5,\"big\":9007199254740993,\"neg\":-0.5e-3,\"t\":\"ok\",\"q\":\"a\\\"b\","
	    "\"num\":\"59\",\"y\":true,\"z\":null,\"list\":[1,[2,{\"x\":3}]],\"a b\":{\"c-d\":7},"
	    "\"caf\xc3\xa9\":1,\"\":5}";
	static const struct {
		const char *text;
		int wanted;
	} rows[] = {
		{ ".n < 60", TRUE },
		{ ".n < 59.5", FALSE },
		{ ".n<=59.5", TRUE },
		{ "  .n   !=   59.5  ", FALSE },
		{ ".n == 5.95e1", TRUE },
		{ ".big == 9007199254740993", TRUE },
		{ ".big == 9007199254740992", FALSE },
		{ ".neg > -0.001", TRUE },
		{ ".t == \"ok\"", TRUE },
		{ ".t == 'ok'", TRUE },
		{ ".q == \"a\\\"b\"", TRUE },
		{ ".t < \"p\"", TRUE },
		{ ".t == 1", REFUSED },
		{ ".num < 60", REFUSED },
		{ ".num == 59", REFUSED },
		{ ".n == \"59.5\"", FALSE },
		{ ".n < \"60\"", REFUSED },
		{ ".y == true", TRUE },
		{ ".y != true", FALSE },
		{ ".y < true", UNREAD },
		{ ".z == null", TRUE },
		{ ".z == 0", FALSE },
		{ ".z < 0", REFUSED },
		{ ".list[0] == 1", TRUE },
		{ ".list[1][1].x >= 3", TRUE },
		{ ".list[-1][0] == 2", TRUE },
		{ ".list[2] == 1", REFUSED },
		{ ".list[-3] == 1", REFUSED },
		{ ".list == 1", REFUSED },
		{ ".\"a b\".c-d == 7", TRUE },
		{ ".['a b'][\"c-d\"] == 7", TRUE },
		{ "[\"a b\"].c-d == 7", TRUE },
		{ ".caf\xc3\xa9 == 1", TRUE },
		{ ".\"\" == 5", TRUE },
		{ ".missing == 1", REFUSED },
		{ ".n.x == 1", REFUSED },
		{ ".t[0] == 1", REFUSED },
		{ "count(/) >= 3", TRUE },
		{ "count( /a/b/ ) < 3", FALSE },
		{ "count(/a*) < 3", UNREAD },
		{ "count(a) < 3", UNREAD },
		{ "n < 3", UNREAD },
		{ ".n < ", UNREAD },
		{ ".n = 3", UNREAD },
		{ ".n < 3 4", UNREAD },
		{ ".n < inf", UNREAD },
		{ ".n < nan", UNREAD },
		{ ".n < 0x1", UNREAD },
		{ ".n < +1", UNREAD },
		{ ".list[99999999999999999999] < 1", UNREAD },
		{ ".list[] < 1", UNREAD },
		{ ".t == \"o", UNREAD },
		{ ".t == \"\\x\"", UNREAD },
		{ "", UNREAD },
		{ "\xff < 1", UNREAD },
	};
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse_any(a, "t.json", str_of(json), &d);

	ok(d.errors == 0 && doc->count == 1, "the document is read");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int got = outcome(a, rows[i].text, doc->first);

		ok(got == rows[i].wanted, "%s -> %d", rows[i].text, got);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_condition__decides(a);
	arena_free(a);
	return done();
}
