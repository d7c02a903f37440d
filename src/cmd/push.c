#include <string.h>

#include "base/arena.h"
#include "cmd/command_table.h"
#include "deploy/deploy.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/sound.h"
#include "deploy/plan/cluster_plan.h"
#include "deploy/plan/images.h"
#include "deploy/plan/plan_file.h"
#include "deploy/plan/prune.h"
#include "deploy/plan/reprocess.h"
#include "deploy/plan/stale.h"
#include "deploy/preview/preview.h"
#include "deploy/report/report.h"
#include "deploy/report/sections.h"
#include "deploy/report/summary.h"
#include "edit/write_back.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "secret/secret.h"
#include "session/config.h"
#include "session/connect.h"
#include "session/run.h"
#include "session/token.h"

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

static int
plan_offline(struct run *run, struct work *work, const struct reprocess *reprocess, struct err *err)
{
	struct plan plan = plan_make(run->arena, work->list, work->count, false, reprocess);
	struct outcome o = { .work = work, .plan = &plan };

	if (images_check(run, &plan, err) < 0 || gather_show_diags(run, err) < 0)
		return -1;
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
	if (prune_check_inputs(run, err) < 0 || summary_check_place(run, err) < 0
	    || check_plan_inputs(run, err) < 0
	    || (run->opt.out && plan_file_check_place(run, err) < 0))
		return -1;
	if (!*planning && write_back_check_push(run, err) < 0)
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

/* One push or plan: of the run, or of one of its targets. */
struct push {
	struct run *run;
	struct plan_file file;
	struct reprocess reprocess;
	struct work work;
	struct cluster_plan p;
	struct outcome o;
	bool planning, is_offline, is_empty;
};

/* Asks the cluster, decides and shows the plan. */
static int
plan_online(struct push *push, struct err *err)
{
	struct cluster_plan *p = &push->p;

	push->o = (struct outcome){ .work = p->work, .plan = &p->plan };
	p->cluster = connect_open(p->run, err);
	if (!p->cluster || cluster_plan_make(p, err) < 0)
		return -1;
	push->o.facts = pachd_facts(p->cluster);
	report_plan(p->run, &push->o);
	return keep_plan(p, &push->file, err);
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

/* Everything up to the first write: reads, checks and plans. Ends with push_end() in any case. */
static int
push_begin(struct push *push, struct err *err)
{
	struct run *run = push->run;
	int rc = prepare_push(run, &push->file, &push->planning, err);

	push->is_empty = rc > 0;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (read_work(push, err) < 0)
		return -1;
	if (push->is_empty)
		return 0;
	push->p = (struct cluster_plan){ .run = run,
		.work = &push->work,
		.reprocess = &push->reprocess,
		.planning = push->planning,
		.wants_id = push->file.root || run->opt.out };
	push->is_offline = !run->opt.cluster;
	if (push->is_offline)
		return 0;
	if (plan_online(push, err) == 0)
		return 0;
	if (!may_go_offline(&push->p, push->planning, err))
		return -1;
	ci_note(&run->ci, "%s; on %s the plan is made without the cluster", err->text,
	    run->event.untrusted);
	push->is_offline = true;
	return 0;
}

/* What the plan says, or what there is to say of it. */
static int
push_finish(struct push *push, struct err *err)
{
	if (push->is_empty)
		return EXIT_DONE;
	if (push->is_offline)
		return plan_offline(push->run, &push->work, &push->reprocess, err);
	return push->planning
	           ? deploy_nothing(push->run, &push->o, err)
	           : deploy_plan(push->run, push->p.cluster, &push->p.plan, &push->o, err);
}

static void
push_end(struct push *push)
{
	pachd_close(push->p.cluster);
	push->p.cluster = NULL;
}

/* One of the run's targets, with inputs, mistakes and login of its own. */
static int
begin_target(struct push *push, const struct run *run, const char *name, struct err *err)
{
	struct run *own = ARENA_NEW(run->arena, struct run);

	*own = *run;
	own->diags = diags_in(run->arena);
	push->run = own;
	if (ci_has_groups(&own->ci))
		ci_group(&own->ci, arena_fmt(run->arena, "target %s", name).ptr);
	else
		ci_heading(&own->ci, arena_fmt(run->arena, "target %s", name).ptr);
	if (config_apply(own, run->config, name, err) < 0 || token_read(own, FOR_PUSH, err) < 0
	    || push_begin(push, err) < 0)
		return err_wrap(err, "target '%s'", name);
	own->warn_s = own->opt.warn_ms / 1000;
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
	for (size_t i = 0; i < run->target_count && rc == 0; i++)
		rc = begin_target(&all[i], run, run->target_names[i], err);
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
	for (size_t i = 0; i < run->target_count; i++) {
		push_end(&all[i]);
		if (all[i].run)
			secret_free(all[i].run->token);
	}
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
	rc = push_begin(&push, err) < 0 ? -1 : push_finish(&push, err);
	push_end(&push);
	if (rc == EXIT_DONE && run->opt.write_back && !push.planning && !push.is_empty
	    && write_back_push(run, &push.work, err) < 0)
		rc = -1;
	return rc >= 0 && gather_check_left(&push.work, err) < 0 ? -1 : rc;
}
