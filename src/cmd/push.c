#include <string.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "deploy/deploy.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/connect.h"
#include "deploy/plan/live_plan.h"
#include "deploy/plan/plan_file.h"
#include "deploy/plan/reprocess.h"
#include "deploy/plan/stale.h"
#include "deploy/report/report.h"
#include "inputs/exit_code.h"
#include "inputs/run.h"
#include "pachd/pachd.h"

/* The plan against the one in the file, and into one. */
static int
keep_plan(const struct live_plan *p, const struct plan_file *file, struct err *err)
{
	const struct plan_facts facts = { p->work, &p->plan, pachd_facts(p->cluster),
		str_of(p->run->in.text[IN_CLUSTER]), p->cluster_id };

	if (file->root && plan_file_check(p->run, file, &facts, err) < 0)
		return -1;
	return p->run->in.text[IN_OUT] ? plan_file_write(p->run, &facts, err) : 0;
}

static int
push_online(struct live_plan *p, const struct plan_file *file, bool planning, struct err *err)
{
	struct outcome o = { .work = p->work, .plan = &p->plan };
	int rc = -1;

	p->cluster = connect_open(p->run, err);
	if (!p->cluster)
		return -1;
	if (live_plan_make(p, err) == 0) {
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

/* Without a cluster there is nothing that a plan could be compared with. */
static int
check_plan_inputs(const struct run *run, struct err *err)
{
	enum input_id id = run->in.text[IN_PLAN] ? IN_PLAN : IN_OUT;

	if (!run->in.text[id] || run->in.text[IN_CLUSTER])
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' needs a cluster", inputs[id].name);
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
	if (!*planning && !run->in.text[IN_CLUSTER]) {
		(void)err_set(err, ERR_USAGE, "no cluster given");
		return err_hint(err, "set input 'cluster' to grpcs://HOST:PORT; "
		                     "with input 'dry-run' no cluster is needed");
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
	if (reprocess_read(run, &reprocess, err) < 0 || gather(run, &work, err) < 0
	    || reprocess_check(run, &reprocess, &work.specs, err) < 0)
		return -1;
	if (run->in.text[IN_CLUSTER])
		return push_online(&(struct live_plan){ .run = run,
		                       .work = &work,
		                       .reprocess = &reprocess,
		                       .wants_id = file.root || run->in.text[IN_OUT] },
		    &file, planning, err);
	plan = plan_make(run->arena, work.list, work.count, false, &reprocess);
	report_plan(run, &(struct outcome){ .work = &work, .plan = &plan });
	return deploy_nothing(run, &(struct outcome){ .work = &work, .plan = &plan }, err);
}
