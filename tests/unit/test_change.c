/* A change sends what was checked and compared: the request of its step, not another encoding of its document. */
#include "trial.h"

#include "base/arena.h"
#include "lint/check.h"
#include "pachd/apply/change.h"
#include "pachd/compare.h"
#include "wire/message.h"

#define SPEC                                                                                   \
	"{\"pipeline\":{\"name\":\"p\"},\"description\":\"d\",\"transform\":{\"cmd\":[\"a\"]," \
	"\"env\":{\"A\":\"1\"}},\"input\":{\"pfs\":{\"repo\":\"r\",\"glob\":\"/*\"}}}"

static void
test_change_request__is_of_the_step(struct arena *a, enum action action, bool reprocess)
{
	struct pachd p = { .arena = a, .generation = generation_of(RELEASE(2, 6, 11)) };
	struct diags d = diags_in(a);
	const struct node *tree = doc_parse(a, "x.json", STR(SPEC), &d)->first;
	struct step step = { .action = action, .reprocess = reprocess, .tree = tree };
	struct change one = { .step = &step };
	struct deployed live = { .exists = true };
	struct str before;
	struct err err = { 0 };

	p.facts.release = RELEASE(2, 6, 11);
	step.request = lint_request(a, tree, "x.json", p.facts.release, &d);
	before = message_pack(a, step.request);
	live.spec = before;
	ok(d.errors == 0 && pachd_compare(&p, tree, step.request, "x.json", &live).same,
	    "it compares");
	ok(change_request(&p, &one, &err) == 0
	        && message_flag(one.request, "update") == (action == ACTION_UPDATE)
	        && message_flag(one.request, "reprocess") == reprocess,
	    "%s: it has its commands", action_name(action));
	ok(message_message(one.request, "transform") == message_message(step.request, "transform")
	        && message_message(one.request, "input") == message_message(step.request, "input")
	        && message_string(one.request, "description").ptr
	               == message_string(step.request, "description").ptr,
	    "what it says is the step's own");
	ok(str_eq(message_pack(a, step.request), before), "which nobody has changed");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_change_request__is_of_the_step(a, ACTION_CREATE, false);
	test_change_request__is_of_the_step(a, ACTION_UPDATE, false);
	test_change_request__is_of_the_step(a, ACTION_UPDATE, true);
	arena_free(a);
	return done();
}
