#include "tap.h"

#include <string.h>

#include "base/nearest.h"

static void
test_nearest__finds(void)
{
	static const char *const known[] = { "push", "plan", "rollback", "validate", "set-image",
		"status", "repo" };
	static const struct {
		const char *word, *found;
	} rows[] = {
		{ "push", "push" },
		{ "pus", "push" },
		{ "plna", "plan" },
		{ "pusch", "push" },
		{ "PUSH", "push" },
		{ "pla", "plan" },
		{ "set_image", "set-image" },
		{ "setimage", "set-image" },
		{ "val", "validate" },
		{ "VAL", "validate" },
		{ "rolback", "rollback" },
		{ "rlolbcak", "rollback" },
		{ "stat", "status" },
		{ "pu", NULL },
		{ "", NULL },
		{ "dush!", NULL },
		{ "deploy", NULL },
		{ "a-word-that-is-much-longer-than-any-command", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct nearest n = nearest_to(str_of(rows[i].word));

		for (size_t k = 0; k < COUNT_OF(known); k++)
			nearest_offer(&n, known[k]);
		ok(rows[i].found ? n.found && strcmp(n.found, rows[i].found) == 0 : !n.found,
		    "'%s' is near to '%s'", rows[i].word, n.found ? n.found : "nothing");
	}
}

static void
test_nearest__the_first_of_equals(void)
{
	struct nearest n = nearest_to(str_of("wait"));

	nearest_offer(&n, "wart");
	nearest_offer(&n, "gait");
	ok(n.found && strcmp(n.found, "wart") == 0, "the first of two");
	nearest_offer(&n, "wait");
	ok(n.found && strcmp(n.found, "wait") == 0, "a nearer one");
	nearest_offer(&n, "");
	ok(n.found && strcmp(n.found, "wait") == 0, "an empty one is not a candidate");
}

int
main(void)
{
	test_nearest__finds();
	test_nearest__the_first_of_equals();
	return done();
}
