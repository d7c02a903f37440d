#include "deploy/push.h"
#include "base/arena.h"
#include "cmd/command_table.h"
#include "deploy/gather/sound.h"
#include "deploy/report/sections.h"
#include "edit/write_back.h"
#include "inputs/exit_code.h"
#include "session/run.h"

/* Everything up to the first write. */
static int
begin(struct push *push, struct err *err)
{
	if (push_prepare(push, err) < 0
	    || (!push->planning && !push->is_empty && write_back_check_push(push->run, err) < 0))
		return -1;
	if (push->is_empty)
		return 0;
	return push_plan(push, err) < 0 ? -1 : push_show(push, err);
}

static int
begin_target(struct push *push, struct run *own, struct err *err)
{
	struct str title = arena_fmt(own->arena, "target %s", own->target_name);

	push->run = own;
	if (ci_has_groups(&own->ci))
		ci_group(&own->ci, title.ptr);
	else
		ci_heading(&own->ci, title.ptr);
	if (begin(push, err) < 0)
		return err_wrap(err, "target '%s'", own->target_name);
	ci_group_end(&own->ci);
	return 0;
}

/* All targets are read, checked and planned before the first write; then one after the other, until one fails. */
static int
push_targets(struct run *run, struct err *err)
{
	struct push *all = ARENA_ARRAY(run->arena, run->target_count, struct push);
	struct sections sections = { 0 };
	struct err lost;
	int rc = 0, code = EXIT_DONE;

	run->sections = &sections;
	for (size_t i = 0; i < run->target_count && rc == 0; i++) {
		run->targets[i]->sections = &sections;
		rc = begin_target(&all[i], run->targets[i], err);
	}
	for (size_t i = 0; i < run->target_count && rc >= 0; i++) {
		ci_heading(&run->ci, arena_fmt(run->arena, "target %s", run->target_names[i]).ptr);
		rc = push_finish(&all[i], err);
		if (rc < 0)
			(void)err_wrap(err, "target '%s'", run->target_names[i]);
		code = rc > code ? rc : code;
	}
	/* what input `keep-going` leaves out of one target does not keep the others back */
	for (size_t i = 0; i < run->target_count && rc >= 0; i++) {
		rc = gather_check_left(&all[i].work, err);
		if (rc < 0)
			(void)err_wrap(err, "target '%s'", run->target_names[i]);
	}
	for (size_t i = 0; i < run->target_count; i++)
		push_end(&all[i]);
	if (sections_write(run, rc < 0 ? err : NULL, &lost) < 0)
		ci_warn(&run->ci, "%s", lost.text);
	run->sections = NULL;
	return rc < 0 ? -1 : code;
}

int
cmd_push(struct run *run, struct err *err)
{
	struct push push = { .run = run };
	int rc;

	if (run->target_count > 1)
		return push_targets(run, err);
	rc = begin(&push, err) < 0 ? -1 : push_finish(&push, err);
	push_end(&push);
	if (rc == EXIT_DONE && run->opt.write_back && !push.planning && !push.is_empty
	    && write_back_push(run, &push.work, err) < 0)
		rc = -1;
	return rc >= 0 && gather_check_left(&push.work, err) < 0 ? -1 : rc;
}
