#include "deploy/apply/start.h"

#include "base/arena.h"
#include "deploy/apply/ends.h"
#include "pachd/marks.h"
#include "pachd/pachctl.h"
#include "pachd/pachd.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pps/stop.h"
#include "pipeline/step.h"
#include "session/run.h"

static struct pachd_target
target_of(const struct step *step)
{
	return (struct pachd_target){ step->spec->project, step->spec->name };
}

/* The newest commit of its output; empty where it is not known, or nobody waits for jobs. */
static struct str
head_of(struct run *run, struct pachd *cluster, const struct step *step)
{
	const struct pfs_ref at = { step->spec->project, step->spec->name,
		step->spec->output_branch };
	struct pfs_branch branch;
	struct err unheard;

	if (run->opt.wait != WAIT_JOBS
	    || pfs_branch(cluster, run->arena, &at, &branch, &unheard) < 0 || !branch.exists)
		return STR("");
	return branch.head;
}

/* A start makes a commit of its own, and with it a job, where the inputs have moved since the stop. */
static int
start_one(struct run *run, struct pachd *cluster, struct step *step, struct err *err)
{
	const struct pachd_target target = target_of(step);
	struct str title = step_title(run->arena, step), before = head_of(run, cluster, step), now;

	if (pachd_start(cluster, &target, err) < 0) {
		step->failed = true;
		step->reason = arena_str(run->arena, str_of(err->text));
		(void)err_wrap(err,
		    "cannot start pipeline '%.*s', which was stopped when it left git",
		    STR_FMT(title));
		return err_hint(err, "push again, or start it: %.*s",
		    STR_FMT(pachctl_line(run->arena, pachd_facts(cluster), "start", "pipeline",
		        target.project, target.name, STR(""))));
	}
	step->is_started = true;
	ci_log(&run->ci, "started pipeline '%.*s', which was stopped when it left git",
	    STR_FMT(title));
	now = head_of(run, cluster, step);
	if (!str_eq(now, before))
		step->start_set = now;
	return 0;
}

int
start_all(struct run *run, struct pachd *cluster, struct plan *plan, struct err *err)
{
	struct err first = { .kind = ERR_NONE };

	for (size_t i = 0; i < plan->count; i++) {
		struct step *step = &plan->steps[i];
		struct err failure;
		struct str title;

		if (!step->starts)
			continue;
		title = step_title(run->arena, step);
		if (ends_check(run, err, "before pipeline '%.*s' was started", STR_FMT(title)) < 0)
			return -1;
		if (start_one(run, cluster, step, &failure) < 0)
			ends_keep(run, &first, &failure);
	}
	if (first.kind == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}

static void
stop_again(struct run *run, struct pachd *cluster, struct step *step)
{
	const struct pachd_target target = target_of(step);
	struct pachd_marked marked = {
		.kind = MARKED_PIPELINE, .target = target, .mark = step->mark
	};
	struct str title = step_title(run->arena, step);
	struct err err;

	if (step->back_version > 0)
		marked.mark.version = step->back_version;
	if (pachd_write_marks(cluster, &marked, 1, &err) < 0
	    || pachd_stop(cluster, &target, &err) < 0) {
		(void)err_wrap(&err, "cannot stop pipeline '%.*s' again", STR_FMT(title));
		ci_error(&run->ci, &err);
		return;
	}
	step->undone = true;
	step->state = STR("stopped");
	ci_detail(&run->ci, "stopped pipeline '%.*s' again", STR_FMT(title));
}

void
start_undo(struct run *run, struct pachd *cluster, const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].is_started)
			stop_again(run, cluster, &plan->steps[i]);
}
