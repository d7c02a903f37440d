#include <string.h>

#include "base/arena.h"
#include "cmd/run.h"
#include "pachd/pachd.h"

/* Whether this run may change the cluster. On an event that strangers can cause a push is refused; on a
 * pull request it becomes a plan, unless asked otherwise. */
static int
decide_planning(struct run *run, bool *planning, struct err *err)
{
	*planning =
	    strcmp(run->in.text[IN_COMMAND], "plan") == 0 || value_is_true(&run->in, IN_DRY_RUN);
	if (*planning) {
		cluster_forget_token(run);
		return 0;
	}
	if (cluster_may_change(run, err) < 0)
		return -1;
	if (run->event.is_pull_request && strcmp(run->in.text[IN_ON_PULL_REQUEST], "plan") == 0) {
		*planning = true;
		ci_note(&run->ci,
		    "on a pull request a push only plans; input 'on-pull-request' changes that");
	}
	return 0;
}

/* Asks the cluster and decides; nothing is written. */
static int
plan_online(struct run *run, struct work *work, struct pachd *cluster, struct plan *plan,
    const struct reprocess *reprocess, struct err *err)
{
	struct pachd_target *targets = ARENA_ARRAY(run->arena, work->count, struct pachd_target);
	struct live *live = ARENA_ARRAY(run->arena, work->count, struct live);
	const struct pachd_facts *facts = pachd_facts(cluster);
	bool keep_same = strcmp(run->in.text[IN_ONLY], "changed") == 0;

	for (size_t i = 0; i < work->count; i++)
		targets[i] =
		    (struct pachd_target){ work->list[i].spec->project, work->list[i].spec->name };
	if (pachd_look(cluster, targets, work->count, live, err) < 0)
		return -1;
	cluster_tell(run, facts);
	if (!facts->transactions)
		ci_note(&run->ci,
		    "pachd %.*s changes pipelines one by one: a failure leaves those before it "
		    "changed",
		    STR_FMT(facts->text));
	gather_render(run, work, facts);
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		pachd_check(cluster, one->tree, one->spec->file, &run->diags);
		one->live = &live[i];
		if (live[i].exists && run->diags.errors == 0)
			one->likeness =
			    pachd_compare(cluster, one->tree, one->spec->file, one->live);
	}
	if (gather_verdict(run, err) < 0)
		return -1;
	*plan = plan_make(run->arena, work->list, work->count, keep_same, reprocess);
	plan->split = value_is_true(&run->in, IN_SPLIT);
	return 0;
}

static int
read_reprocess(struct run *run, struct reprocess *out, struct err *err)
{
	*out = (struct reprocess){ .all = REPROCESS_NEVER };
	for (size_t i = 0; i < run->in.count[IN_REPROCESS]; i++)
		if (reprocess_add(out, run->arena, str_of(run->in.list[IN_REPROCESS][i]), err) < 0)
			return -1;
	return 0;
}

static int
check_reprocess(
    const struct run *run, const struct reprocess *r, const struct specs *specs, struct err *err)
{
	const struct reprocess_rule *rule = reprocess_unused(r, specs);

	if (!rule)
		return 0;
	(void)err_set(err, ERR_USAGE, "input 'reprocess' names pipeline '%.*s', and no spec is its",
	    STR_FMT(spec_title(run->arena, rule->project, rule->name)));
	return err_mend(err, "check its spelling, or take the item out");
}

/* Sends the plan and tells how it went, also when it went wrong. */
static int
apply(struct run *run, struct pachd *cluster, struct plan *plan, struct outcome *o, struct err *err)
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

static int
tell_plan(struct run *run, struct outcome *o, struct err *err)
{
	bool changes = o->facts && o->plan->created + o->plan->updated > 0;
	bool counts = run->in.command_in_argv || value_is_true(&run->in, IN_FAIL_ON_CHANGES);

	o->planned = true;
	report_end(run, o);
	if (report_outputs(run, o, err) < 0)
		return -1;
	return changes && counts ? EXIT_CHANGES : EXIT_DONE;
}

static int
push_online(struct run *run, struct work *work, const struct reprocess *reprocess, bool planning,
    struct err *err)
{
	struct pachd *cluster = cluster_open(run, err);
	struct outcome o = { .work = work };
	struct plan plan;
	int rc = -1;

	if (!cluster)
		return -1;
	if (plan_online(run, work, cluster, &plan, reprocess, err) == 0) {
		o.plan = &plan;
		o.facts = pachd_facts(cluster);
		report_plan(run, &o);
		rc = planning ? tell_plan(run, &o, err) : apply(run, cluster, &plan, &o, err);
	}
	pachd_close(cluster);
	return rc;
}

int
cmd_push(struct run *run, struct err *err)
{
	struct reprocess reprocess;
	struct work work;
	struct plan plan;
	bool planning;

	if (decide_planning(run, &planning, err) < 0 || read_reprocess(run, &reprocess, err) < 0)
		return -1;
	if (run->event.is_deletion) {
		ci_note(&run->ci, "this push deletes a branch or tag: there is nothing to push");
		return EXIT_DONE;
	}
	if (!planning && !run->in.text[IN_CLUSTER]) {
		(void)err_set(err, ERR_USAGE, "no cluster is given");
		return err_mend(err, "write --cluster grpcs://HOST:PORT, or input 'cluster'; "
		                     "--dry-run shows the plan without one");
	}
	if (gather(run, &work, err) < 0 || check_reprocess(run, &reprocess, &work.specs, err) < 0)
		return -1;
	if (run->in.text[IN_CLUSTER])
		return push_online(run, &work, &reprocess, planning, err);
	plan = plan_make(run->arena, work.list, work.count, false, &reprocess);
	report_plan(run, &(struct outcome){ .work = &work, .plan = &plan });
	return tell_plan(run, &(struct outcome){ .work = &work, .plan = &plan }, err);
}
