#include <string.h>

#include "base/arena.h"
#include "cmd/needs.h"
#include "cmd/run.h"
#include "pachd/pachd.h"

static void
compare_all(struct work *work, const struct pachd *cluster, const struct live *live)
{
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		one->live = &live[i];
		if (live[i].exists)
			one->likeness =
			    pachd_compare(cluster, one->tree, one->spec->file, one->live);
	}
}

/* Asks the cluster and decides; nothing is written. */
static int
plan_online(struct run *run, struct work *work, struct pachd *cluster, struct plan *plan,
    const struct reprocess *reprocess, struct err *err)
{
	struct pachd_target *targets = ARENA_ARRAY(run->arena, work->count, struct pachd_target);
	struct live *live = ARENA_ARRAY(run->arena, work->count, struct live);
	const struct pachd_facts *facts = pachd_facts(cluster);
	struct needs needs = needs_of(run, work);
	bool keep_same = strcmp(run->in.text[IN_ONLY], "changed") == 0;

	for (size_t i = 0; i < work->count; i++)
		targets[i] =
		    (struct pachd_target){ work->list[i].spec->project, work->list[i].spec->name };
	if (pachd_look_around(cluster, targets, work->count, live, &needs.around, err) < 0)
		return -1;
	cluster_tell(run, facts);
	cluster_tell_sequence(run, facts);
	gather_render(run, work, facts);
	for (size_t i = 0; i < work->count; i++)
		pachd_check(cluster, work->list[i].tree, work->list[i].spec->file, &run->diags);
	if (gather_verdict(run, err) < 0)
		return -1;
	compare_all(work, cluster, live);
	*plan = plan_make(run->arena, work->list, work->count, keep_same, reprocess);
	plan->split = value_is_true(&run->in, IN_SPLIT);
	needs_check(run, &needs, facts, plan);
	if (gather_verdict(run, err) < 0)
		return err_set(err, ERR_REFUSED, "the cluster is not ready for these pipelines%s",
		    strcmp(run->in.text[IN_COMMAND], "push") == 0 ? "; nothing was sent" : "");
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
		rc = planning ? apply_nothing(run, &o, err)
		              : apply_plan(run, cluster, &plan, &o, err);
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

	if (cluster_decide(run, &planning, err) < 0 || apply_reprocess(run, &reprocess, err) < 0)
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
	return apply_nothing(run, &(struct outcome){ .work = &work, .plan = &plan }, err);
}
