#include <string.h>

#include "base/arena.h"
#include "cmd/needs.h"
#include "cmd/plan_file.h"
#include "cmd/run.h"
#include "lint/check.h"
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

/* One push on its way to the cluster. */
struct pushing {
	struct run *run;
	struct work *work;
	const struct reprocess *reprocess;
	const struct plan_file *file; /* the plan that must still hold, or NULL */
	struct pachd *cluster;
	struct plan plan;
	struct str cluster_id; /* asked for where a plan is written or read */
};

/* Asks the cluster what runs, what is around it, and how the specs compare with it. */
static int
ask_cluster(struct pushing *p, struct needs *needs, struct err *err)
{
	struct run *run = p->run;
	struct work *work = p->work;
	struct pachd_target *targets = ARENA_ARRAY(run->arena, work->count, struct pachd_target);
	struct live *live = ARENA_ARRAY(run->arena, work->count, struct live);
	const struct pachd_facts *facts = pachd_facts(p->cluster);

	for (size_t i = 0; i < work->count; i++)
		targets[i] =
		    (struct pachd_target){ work->list[i].spec->project, work->list[i].spec->name };
	if (pachd_look_around(p->cluster, targets, work->count, live, &needs->around, err) < 0)
		return -1;
	cluster_tell(run, facts);
	gather_render(run, work, facts);
	for (size_t i = 0; i < work->count; i++)
		lint_check(run->arena, work->list[i].tree, work->list[i].spec->file,
		    facts->version, &run->diags);
	if (gather_verdict(run, err) < 0)
		return -1;
	compare_all(work, p->cluster, live);
	return 0;
}

/* Asks the cluster and decides; nothing is written. */
static int
plan_online(struct pushing *p, struct err *err)
{
	struct run *run = p->run;
	struct needs needs = needs_of(run, p->work);
	bool keep_same = strcmp(run->in.text[IN_ONLY], "changed") == 0;

	needs.around.wants_id = p->file || run->in.text[IN_OUT];
	if (ask_cluster(p, &needs, err) < 0)
		return -1;
	p->cluster_id = needs.around.id;
	p->plan = plan_make(run->arena, p->work->list, p->work->count, keep_same, p->reprocess);
	p->plan.split = value_is_true(&run->in, IN_SPLIT);
	cluster_tell_sequence(run, pachd_facts(p->cluster), &p->plan);
	needs_check(run, &needs, pachd_facts(p->cluster), &p->plan);
	if (gather_verdict(run, err) < 0)
		return err_set(err, ERR_REFUSED, "the cluster is not ready for these pipelines%s",
		    strcmp(run->in.text[IN_COMMAND], "push") == 0 ? "; nothing was sent" : "");
	return pachd_check_fit(p->cluster, &p->plan, err);
}

/* The plan against the one in the file, and into one. */
static int
keep_plan(const struct pushing *p, const struct outcome *o, struct err *err)
{
	const struct plan_facts facts = { o, str_of(p->run->in.text[IN_CLUSTER]), p->cluster_id };

	if (p->file && plan_file_check(p->run, p->file, &facts, err) < 0)
		return -1;
	return p->run->in.text[IN_OUT] ? plan_file_write(p->run, &facts, err) : 0;
}

static int
push_online(struct pushing *p, bool planning, struct err *err)
{
	struct outcome o = { .work = p->work, .plan = &p->plan };
	int rc = -1;

	p->cluster = cluster_open(p->run, err);
	if (!p->cluster)
		return -1;
	if (plan_online(p, err) == 0) {
		o.facts = pachd_facts(p->cluster);
		report_plan(p->run, &o);
		rc = keep_plan(p, &o, err);
		if (rc == 0)
			rc = planning ? apply_nothing(p->run, &o, err)
			              : apply_plan(p->run, p->cluster, &p->plan, &o, err);
	}
	pachd_close(p->cluster);
	return rc;
}

/* Without a cluster there is nothing that a plan could be compared with. */
static int
check_plan_inputs(const struct run *run, struct err *err)
{
	enum input_id id = run->in.text[IN_PLAN] ? IN_PLAN : IN_OUT;

	if (!run->in.text[id] || run->in.text[IN_CLUSTER])
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' is given, and no cluster", inputs[id].name);
	return err_mend(err, "write --cluster grpcs://HOST:PORT: a plan holds what runs there");
}

/* What comes before the specs are read. 1: there is nothing to do. */
static int
prepare_push(struct run *run, struct plan_file *file, bool *planning, struct err *err)
{
	if (cluster_decide(run, planning, err) < 0)
		return -1;
	if (run->event.is_deletion) {
		ci_note(&run->ci, "this push deletes a branch or tag: there is nothing to push");
		return 1;
	}
	if (!*planning && !run->in.text[IN_CLUSTER]) {
		(void)err_set(err, ERR_USAGE, "no cluster is given");
		return err_mend(err, "write --cluster grpcs://HOST:PORT, or input 'cluster'; "
		                     "--dry-run shows the plan without one");
	}
	if (check_plan_inputs(run, err) < 0
	    || (run->in.text[IN_OUT] && plan_file_check_place(run, err) < 0))
		return -1;
	return run->in.text[IN_PLAN] ? plan_file_read(run, file, err) : 0;
}

int
cmd_push(struct run *run, struct err *err)
{
	struct plan_file file = { 0 };
	struct reprocess reprocess;
	struct work work;
	struct plan plan;
	bool planning;
	int rc = prepare_push(run, &file, &planning, err);

	if (rc != 0)
		return rc < 0 ? -1 : EXIT_DONE;
	if (apply_reprocess(run, &reprocess, err) < 0 || gather(run, &work, err) < 0
	    || apply_check_reprocess(run, &reprocess, &work.specs, err) < 0)
		return -1;
	if (run->in.text[IN_CLUSTER])
		return push_online(&(struct pushing){ .run = run,
		                       .work = &work,
		                       .reprocess = &reprocess,
		                       .file = file.root ? &file : NULL },
		    planning, err);
	plan = plan_make(run->arena, work.list, work.count, false, &reprocess);
	report_plan(run, &(struct outcome){ .work = &work, .plan = &plan });
	return apply_nothing(run, &(struct outcome){ .work = &work, .plan = &plan }, err);
}
