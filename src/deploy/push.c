#include "deploy/push.h"

#include "base/arena.h"
#include "deploy/deploy.h"
#include "deploy/plan/images.h"
#include "deploy/plan/prune.h"
#include "deploy/plan/stale.h"
#include "deploy/preview/preview.h"
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

/* A pull request of a stranger gets no token. Where the cluster wants one, or cannot be reached from there, its plan is made
 * from the files alone, so that whoever reviews it sees something, and the check is green. */
static bool
may_go_offline(const struct cluster_plan *p, bool planning, const struct err *err)
{
	const struct run *run = p->run;

	return planning && run->event.is_pull_request && run->event.untrusted && !run->token
	       && p->knows_nothing && (err->kind == ERR_REFUSED || err->kind == ERR_NETWORK)
	       && !run->opt.out && !run->opt.plan;
}

/* Without a cluster there is nothing that a plan could be compared with; and the file holds the plan of one target. */
static int
check_plan_inputs(const struct run *run, struct err *err)
{
	const char *name = inputs[run->opt.plan ? IN_PLAN : IN_OUT].name;

	if (!run->opt.plan && !run->opt.out)
		return 0;
	if (run->target_count > 1) {
		(void)err_set(err, ERR_USAGE,
		    "input '%s' is for one target, but input 'target' names %zu", name,
		    run->target_count);
		return err_hint(err, "use a run and a plan file for each target");
	}
	if (run->opt.cluster)
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' needs a cluster", name);
	return err_hint(
	    err, "add --cluster grpcs://HOST:PORT; a plan file records what runs there");
}

int
push_prepare(struct push *push, struct err *err)
{
	struct run *run = push->run;

	if (connect_decide(run, &push->planning, err) < 0 || preview_check_event(run, err) < 0)
		return -1;
	push->is_empty = run->event.is_deletion;
	if (push->is_empty) {
		ci_note(&run->ci, "this event deletes a branch or tag; nothing to push");
		return 0;
	}
	if (!push->planning && connect_check_cluster(run, err) < 0)
		return err_hint(err, "%s; with input 'dry-run' no cluster is needed",
		    arena_fmt(run->arena, "%s", err->hint).ptr);
	return prune_check_inputs(run, err) < 0 || summary_check_place(run, err) < 0
	               || check_plan_inputs(run, err) < 0
	               || (run->opt.out && plan_file_check_place(run, err) < 0)
	           ? -1
	           : 0;
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

static int
ask_cluster(struct push *push, struct err *err)
{
	struct cluster_plan *p = &push->p;

	p->cluster = connect_open(p->run, err);
	if (!p->cluster || cluster_plan_make(p, err) < 0)
		return -1;
	push->o.facts = pachd_facts(p->cluster);
	return 0;
}

/* What the files alone say. */
static int
plan_offline(struct push *push, struct err *err)
{
	struct run *run = push->run;
	struct work *work = &push->work;

	push->is_offline = true;
	push->p.plan = plan_make(run->arena, work->list, work->count, false, &push->reprocess);
	return images_check(run, &push->p.plan, err) < 0 || gather_show_diags(run, err) < 0 ? -1
	                                                                                    : 0;
}

/* Of a preview the specs are moved into the pull request's project; without a change there is nothing to preview. */
static int
isolate_preview(struct push *push, struct err *err)
{
	struct run *run = push->run;

	if (!run->target || !run->target->preview)
		return 0;
	if (run->opt.plan || run->opt.out) {
		(void)err_set(err, ERR_USAGE, "a plan file cannot hold a preview");
		return err_hint(
		    err, "remove input '%s'", inputs[run->opt.plan ? IN_PLAN : IN_OUT].name);
	}
	if (preview_prepare(run, &push->work, &push->work.preview, err) < 0)
		return -1;
	push->is_empty = !push->work.preview;
	if (push->is_empty)
		ci_note(&run->ci, "no pipeline of target '%s' changed: no preview is made",
		    run->target_name);
	return 0;
}

/* The specs, their images and what the inputs say of both. */
static int
read_work(struct push *push, struct err *err)
{
	struct run *run = push->run;

	if (reprocess_read(run, &push->reprocess, err) < 0 || gather(run, &push->work, err) < 0
	    || isolate_preview(push, err) < 0)
		return -1;
	if (push->is_empty)
		return 0;
	if (!push->planning && check_ref(run, &push->work, err) < 0)
		return -1;
	/* what the other target says of single pipelines may be about some that did not change */
	return (!push->work.preview
	           && reprocess_check(run, &push->reprocess, &push->work.specs, err) < 0)
	               || images_pin(run, &push->work, err) < 0
	           ? -1
	           : 0;
}

int
push_plan(struct push *push, struct err *err)
{
	struct run *run = push->run;

	if ((run->opt.plan && plan_file_read(run, &push->file, err) < 0)
	    || read_work(push, err) < 0)
		return -1;
	if (push->is_empty)
		return 0;
	push->p = (struct cluster_plan){ .run = run,
		.work = &push->work,
		.reprocess = &push->reprocess,
		.planning = push->planning,
		.wants_id = push->file.root || run->opt.out };
	push->o = (struct outcome){ .work = &push->work, .plan = &push->p.plan };
	if (!run->opt.cluster)
		return plan_offline(push, err);
	if (ask_cluster(push, err) == 0)
		return 0;
	if (!may_go_offline(&push->p, push->planning, err))
		return -1;
	ci_note(&run->ci, "%s; on %s the plan is made without the cluster", err->text,
	    run->event.untrusted);
	return plan_offline(push, err);
}

int
push_show(struct push *push, struct err *err)
{
	if (push->is_empty || push->is_offline)
		return 0;
	report_plan(push->run, &push->o);
	return keep_plan(&push->p, &push->file, err);
}

int
push_finish(struct push *push, struct err *err)
{
	if (push->is_empty)
		return EXIT_DONE;
	if (push->is_offline)
		report_plan(push->run, &push->o);
	return push->planning
	           ? deploy_nothing(push->run, &push->o, err)
	           : deploy_plan(push->run, push->p.cluster, &push->p.plan, &push->o, err);
}

void
push_end(struct push *push)
{
	pachd_close(push->p.cluster);
	push->p.cluster = NULL;
}
