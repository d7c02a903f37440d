#include "tap.h"

#include "base/base.h"
#include "pipeline/plan.h"
#include "pipeline/step.h"

static void
test_step_changes_input__rows(void)
{
	static const struct {
		const char *path; /* of the one difference; NULL: what differs is unknown */
		enum action action;
		bool changes;
	} rows[] = {
		{ "transform.image", ACTION_UPDATE, false },
		{ "input.pfs.glob", ACTION_UPDATE, false },
		{ "input.cross[1].pfs.name", ACTION_UPDATE, false },
		{ "input.pfs.repo", ACTION_UPDATE, true },
		{ "input.pfs.branch", ACTION_UPDATE, true },
		{ "input.pfs.project", ACTION_UPDATE, true },
		{ "input.pfs.trigger.branch", ACTION_UPDATE, true },
		{ "input.cross[1]", ACTION_UPDATE, true },
		{ "input", ACTION_UPDATE, true },
		{ NULL, ACTION_UPDATE, true },
		{ "input.pfs.repo", ACTION_CREATE, false },
		{ "input.pfs.repo", ACTION_KEEP, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct difference one = { .path = str_of(rows[i].path ? rows[i].path : "") };
		struct step step = { .action = rows[i].action, .why = STR("something") };

		if (rows[i].path)
			step.diff = (struct differences){ &one, 1, 1 };
		ok(step_changes_input(&step) == rows[i].changes, "%s, action %d",
		    rows[i].path ? rows[i].path : "nobody knows", rows[i].action);
	}
}

int
main(void)
{
	test_step_changes_input__rows();
	return done();
}
