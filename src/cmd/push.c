#include <string.h>

#include "base/arena.h"
#include "cmd/command_table.h"
#include "deploy/deploy.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/cluster_plan.h"
#include "deploy/plan/plan_file.h"
#include "deploy/plan/reprocess.h"
#include "deploy/plan/stale.h"
#include "deploy/report/report.h"
#include "deploy/report/summary.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "session/config.h"
#include "session/connect.h"
#include "session/run.h"

/* The plan against the one in the file, and into one. */
static int
keep_plan(const struct cluster_plan *p, const struct plan_file *file, struct err *err)
{
	const struct plan_facts facts = { p->work, &p->plan, pachd_facts(p->cluster),
		str_of(p->run->opt.cluster), p->cluster_id };

	if (file->root && plan_file_check(p->run, file, &facts, err) < 0)
		return -1;
	return p->run->opt.out ? plan_file_write(p->run, &facts, err) : 0;
}

static int
push_online(struct cluster_plan *p, const struct plan_file *file, bool planning, struct err *err)
{
	struct outcome o = { .work = p->work, .plan = &p->plan };
	int rc = -1;

	p->cluster = connect_open(p->run, err);
	if (!p->cluster)
		return -1;
	if (cluster_plan_make(p, err) == 0) {
		o.facts = pachd_facts(p->cluster);
		report_plan(p->run, &o);
		rc = keep_plan(p, file, err);
		if (rc == 0)
			rc = planning ? deploy_nothing(p->run, &o, err)
			              : deploy_plan(p->run, p->cluster, &p->plan, &o, err);
	}
	pachd_close(p->cluster);
	return rc;
}

/* A pull request of a stranger gets no token. Where the cluster wants one its plan is made from the files alone, so that
 * whoever reviews it sees something, and the check is green. */
static bool
may_go_offline(const struct cluster_plan *p, bool planning, const struct err *err)
{
	const struct run *run = p->run;

	return planning && run->event.is_pull_request && run->event.untrusted && !run->token
	       && p->knows_nothing && err->kind == ERR_REFUSED && !run->opt.out && !run->opt.plan;
}

static int
plan_offline(struct run *run, struct work *work, const struct reprocess *reprocess, struct err *err)
{
	struct plan plan = plan_make(run->arena, work->list, work->count, false, reprocess);
	struct outcome o = { .work = work, .plan = &plan };

	report_plan(run, &o);
	return deploy_nothing(run, &o, err);
}

/* Without a cluster there is nothing that a plan could be compared with. */
static int
check_plan_inputs(const struct run *run, struct err *err)
{
	const char *name = inputs[run->opt.plan ? IN_PLAN : IN_OUT].name;

	if ((!run->opt.plan && !run->opt.out) || run->opt.cluster)
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' needs a cluster", name);
	return err_hint(
	    err, "add --cluster grpcs://HOST:PORT; a plan file records what runs there");
}

/* What comes before the specs are read. 1: there is nothing to do. */
static int
prepare_push(struct run *run, struct plan_file *file, bool *planning, struct err *err)
{
	if (connect_decide(run, planning, err) < 0)
		return -1;
	if (run->event.is_deletion) {
		ci_note(&run->ci, "this event deletes a branch or tag; nothing to push");
		return 1;
	}
	if (!*planning && connect_check_cluster(run, err) < 0)
		return err_hint(err, "%s; with input 'dry-run' no cluster is needed",
		    arena_fmt(run->arena, "%s", err->hint).ptr);
	if (summary_check_place(run, err) < 0 || check_plan_inputs(run, err) < 0
	    || (run->opt.out && plan_file_check_place(run, err) < 0))
		return -1;
	return run->opt.plan ? plan_file_read(run, file, err) : 0;
}

/* A push of another branch than the target takes is refused before anything is sent. */
static int
check_ref(struct run *run, struct work *work, struct err *err)
{
	const struct target *target = run->target;

	if (!target || target->branches.count + target->tags.count == 0)
		return 0;
	if (work->commit.sha.len == 0 && commit_find(run, true, &work->commit, err) < 0)
		return -1;
	return config_check_ref(run, work->commit.branch, work->commit.ref, err);
}

int
cmd_push(struct run *run, struct err *err)
{
	struct cluster_plan p = { .run = run };
	struct plan_file file = { 0 };
	struct reprocess reprocess;
	struct work work;
	bool planning;
	int rc = prepare_push(run, &file, &planning, err);

	if (rc != 0)
		return rc < 0 ? -1 : EXIT_DONE;
	if (reprocess_read(run, &reprocess, err) < 0 || gather(run, &work, err) < 0
	    || (!planning && check_ref(run, &work, err) < 0)
	    || reprocess_check(run, &reprocess, &work.specs, err) < 0)
		return -1;
	if (!run->opt.cluster)
		return plan_offline(run, &work, &reprocess, err);
	p.work = &work;
	p.reprocess = &reprocess;
	p.wants_id = file.root || run->opt.out;
	rc = push_online(&p, &file, planning, err);
	if (rc >= 0 || !may_go_offline(&p, planning, err))
		return rc;
	ci_note(&run->ci, "%s; on %s the plan is made without the cluster", err->text,
	    run->event.untrusted);
	return plan_offline(run, &work, &reprocess, err);
}
