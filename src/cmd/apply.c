/* What push and rollback do once they know their plan. */
#include "base/arena.h"
#include "cmd/run.h"
#include "pachd/pachd.h"

int
apply_reprocess(struct run *run, struct reprocess *out, struct err *err)
{
	*out = (struct reprocess){ .all = REPROCESS_NEVER };
	for (size_t i = 0; i < run->in.count[IN_REPROCESS]; i++)
		if (reprocess_add(out, run->arena, str_of(run->in.list[IN_REPROCESS][i]), err) < 0)
			return -1;
	return 0;
}

/* Sends the plan and tells how it went, also when it went wrong. */
int
apply_plan(
    struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o, struct err *err)
{
	struct pachd_result result;
	struct err unheard;
	int rc = pachd_apply(cluster, plan, &result, err);

	o->transaction = result.transaction;
	o->transactions = result.transactions;
	o->failed = plan->created + plan->updated - result.done;
	if (rc < 0) {
		if (result.done > 0)
			ci_warn(&run->ci, "%zu of %zu changes were made before it failed",
			    result.done, plan->created + plan->updated);
		else if (!result.unknown)
			ci_log(&run->ci, "the cluster is as it was");
		if (report_outputs(run, o, &unheard) < 0)
			ci_warn(&run->ci, "the outputs could not be written: %s", unheard.text);
		return -1;
	}
	report_end(run, o);
	if (wait_for(run, cluster, plan, result.transaction, err) < 0) {
		if (report_outputs(run, o, &unheard) < 0)
			ci_warn(&run->ci, "the outputs could not be written: %s", unheard.text);
		return -1;
	}
	return report_outputs(run, o, err) < 0 ? -1 : EXIT_DONE;
}

int
apply_nothing(struct run *run, struct outcome *o, struct err *err)
{
	bool changes = o->facts && o->plan->created + o->plan->updated > 0;
	bool counts = run->in.command_in_argv || value_is_true(&run->in, IN_FAIL_ON_CHANGES);

	o->planned = true;
	report_end(run, o);
	if (report_outputs(run, o, err) < 0)
		return -1;
	return changes && counts ? EXIT_CHANGES : EXIT_DONE;
}
