#include "deploy/deploy.h"

#include "deploy/apply/apply.h"
#include "deploy/apply/marks.h"
#include "deploy/apply/remove.h"
#include "deploy/apply/start.h"
#include "deploy/apply/undo.h"
#include "deploy/gather/gather.h"
#include "deploy/preview/gates.h"
#include "deploy/preview/preview.h"
#include "deploy/report/report.h"
#include "deploy/wait/wait.h"
#include "inputs/exit_code.h"
#include "pachd/apply/apply.h"
#include "pachd/pachd.h"
#include "process/watch.h"
#include "session/run.h"

/* Whether the run's end means that what was pushed does not work. What is not known to have failed, what
 * somebody else has replaced, and what a user has stopped waiting for stays. */
static bool
is_failure(const struct err *err)
{
	return err->kind == ERR_FAILED || err->kind == ERR_TIMEOUT;
}

static bool
wants_undo(const struct run *run)
{
	return run->opt.on_failure == ON_FAILURE_ROLLBACK;
}

/* Proves that what was sent runs. *undo: it does not, and what was before is to be put back. */
static int
prove_push(struct run *run, struct pachd *cluster, const struct outcome *o, struct plan *plan,
    bool *undo, struct err *err)
{
	const char *unrelated = NULL;
	bool wanted = *undo;
	int rc;

	if (wanted && run->opt.wait == WAIT_NONE)
		ci_note(&run->ci, "input 'on-failure' has no effect without input 'wait': failures "
		                  "are only seen while waiting");
	rc = start_all(run, cluster, plan, err);
	report_end(run, o);
	marks_write(run, cluster, &o->work->commit, plan);
	*undo = false;
	if (rc < 0)
		return -1;
	rc = wait_for(run, cluster, plan, o->transaction, &unrelated, err);
	*undo = wanted && rc < 0 && is_failure(err) && !unrelated;
	if (unrelated)
		ci_note(&run->ci, "%s%s", unrelated, wanted ? "; nothing is rolled back" : "");
	return rc;
}

/* Undoes and says what there is to tell after a failure. */
static void
end_badly(struct run *run, struct pachd *cluster, struct outcome *o, bool undo, struct err *err)
{
	struct err ignored;

	o->broken = true;
	o->why = err;
	for (size_t i = 0; i < o->plan->count; i++)
		o->failed += o->plan->steps[i].failed;
	for (size_t i = 0; i < o->plan->removal_count; i++)
		o->failed += o->plan->removals[i].state != REMOVAL_DONE;
	if (undo) {
		undo_push(run, cluster, &o->work->commit, o->plan, err);
		apply_log_repos(run, o->plan);
	}
	if (report_outputs(run, o, &ignored) < 0)
		ci_warn(&run->ci, "cannot write the outputs: %s", ignored.text);
}

/* Gates of a preview decide like the command 'gate'. */
static int
exit_code_of(const struct outcome *o)
{
	return o->work->preview && gates_broken(o->work->preview) > 0 ? EXIT_GATE : EXIT_DONE;
}

int
deploy_plan(
    struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o, struct err *err)
{
	struct pachd_result result;
	bool undo = wants_undo(run);
	int rc;

	/* from here on the run ends in order: it undoes what it has begun, and says what it could not */
	watch_hold(run->watch);
	ci_flush(&run->ci); /* what is about to change */
	if (o->work->preview && preview_make(o->work->preview, cluster, err) < 0)
		return -1;
	rc = pachd_apply(cluster, plan, &result, err);

	o->transaction = result.transaction;
	o->transactions = result.transactions;
	o->failed = plan->created + plan->updated - result.done;
	if (rc < 0) {
		apply_log_partial(run, plan, &result);
		if (result.done > 0)
			marks_write(run, cluster, &o->work->commit, plan);
		undo = undo && (result.done > 0 || result.half_done);
	} else {
		rc = prove_push(run, cluster, o, plan, &undo, err);
	}
	/* what does not run is not pruned over: the old pipelines may be needed yet */
	if (rc == 0 && remove_all(run, cluster, plan, err) < 0) {
		rc = -1;
		undo = false;
	}
	if (o->work->preview)
		preview_measure(o->work->preview, cluster);
	if (rc == 0)
		return report_outputs(run, o, err) < 0 ? -1 : exit_code_of(o);
	end_badly(run, cluster, o, undo, err);
	return -1;
}

int
deploy_nothing(struct run *run, struct outcome *o, struct err *err)
{
	bool changes = o->facts && plan_changes(o->plan) > 0;
	bool counts = run->in.command_in_argv || run->opt.fail_on_changes;

	o->planned = true;
	report_end(run, o);
	if (report_outputs(run, o, err) < 0)
		return -1;
	return changes && counts ? EXIT_CHANGES : EXIT_DONE;
}
