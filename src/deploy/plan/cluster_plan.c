#include "deploy/plan/cluster_plan.h"

#include <string.h>

#include "base/arena.h"
#include "deploy/plan/outputs.h"
#include "deploy/plan/preflight.h"
#include "deploy/plan/requirements.h"
#include "lint/check.h"
#include "pachd/apply/apply.h"
#include "pachd/compare.h"
#include "pachd/license.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "session/connect.h"
#include "session/run.h"

static void
compare_all(struct work *work, const struct pachd *cluster, const struct deployed *live)
{
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		one->live = &live[i];
		if (live[i].exists)
			one->comparison = pachd_compare(
			    cluster, one->tree, one->request, one->spec->file, one->live);
	}
}

/* Asks the cluster what runs, and how the specs compare with it. */
static int
ask_cluster(struct cluster_plan *p, struct err *err)
{
	struct run *run = p->run;
	struct work *work = p->work;
	struct pachd_target *targets = ARENA_ARRAY(run->arena, work->count, struct pachd_target);
	struct deployed *live = ARENA_ARRAY(run->arena, work->count, struct deployed);
	const struct pachd_facts *facts = pachd_facts(p->cluster);

	for (size_t i = 0; i < work->count; i++)
		targets[i] =
		    (struct pachd_target){ work->list[i].spec->project, work->list[i].spec->name };
	if (pachd_probe(p->cluster, targets, work->count, live, err) < 0) {
		p->knows_nothing = true;
		return -1;
	}
	connect_log_cluster(run, facts);
	gather_render(run, work, facts);
	for (size_t i = 0; i < work->count; i++)
		work->list[i].request = lint_check(run->arena, work->list[i].tree,
		    work->list[i].spec->file, facts->release, &run->diags);
	if (gather_show_diags(run, err) < 0)
		return -1;
	compare_all(work, p->cluster, live);
	return outputs_check(run, p->cluster, work, err);
}

/* The Community Edition of 1.12 and 1.13 counts the pipelines of the whole cluster. */
static int
check_license(struct cluster_plan *p, struct err *err)
{
	struct diags *d = &p->run->diags;
	struct pachd_license license;
	const struct step *step = p->plan.steps;

	if (p->plan.created == 0)
		return 0;
	if (pachd_license(p->cluster, &license, err) < 0)
		return -1;
	if (!license.is_limited || license.pipelines + p->plan.created <= COMMUNITY_PIPELINES)
		return 0;
	while (step->action != ACTION_CREATE)
		step++;
	if (license.pipelines >= COMMUNITY_PIPELINES)
		diag_hint(d,
		    diags_report(d, CHECK_PIPELINE_LIMIT, step->spec->file, step->spec->at,
		        "cannot create pipeline '%.*s': %zu pipelines exist, and pachd %.*s "
		        "creates "
		        "none beyond %d without an enterprise license",
		        STR_FMT(step->spec->name), license.pipelines,
		        STR_FMT(pachd_facts(p->cluster)->text), COMMUNITY_PIPELINES),
		    "delete pipelines that are not needed, or run: pachctl enterprise activate");
	else
		diag_hint(d,
		    diags_warn(d, CHECK_PIPELINE_LIMIT, step->spec->file, step->spec->at,
		        "%zu pipelines will exist; without an enterprise license pachd %.*s then "
		        "creates no more (at most %d)",
		        license.pipelines + p->plan.created, STR_FMT(pachd_facts(p->cluster)->text),
		        COMMUNITY_PIPELINES),
		    "to create more later, run: pachctl enterprise activate");
	return 0;
}

int
cluster_plan_make(struct cluster_plan *p, struct err *err)
{
	struct run *run = p->run;
	bool keep_same = run->opt.only == ONLY_CHANGED;
	struct requirements needs;

	if (ask_cluster(p, err) < 0)
		return -1;
	p->plan = plan_make(run->arena, p->work->list, p->work->count, keep_same, p->reprocess);
	p->plan.split = run->opt.split;
	needs = requirements_of(run, p->work, &p->plan, p->cluster);
	needs.preflight.wants_id = p->wants_id;
	if (pachd_preflight(p->cluster, &needs.preflight, err) < 0)
		return -1;
	p->cluster_id = needs.preflight.id;
	connect_log_sequence(run, pachd_facts(p->cluster), &p->plan);
	preflight_check(run, &needs, pachd_facts(p->cluster), &p->plan);
	if (check_license(p, err) < 0)
		return -1;
	if (gather_show_diags(run, err) < 0)
		return err_set(err, ERR_REFUSED, "the cluster is not ready for these pipelines%s",
		    run->opt.command == COMMAND_PUSH ? "; nothing was sent to the cluster" : "");
	return pachd_check_transaction_size(p->cluster, &p->plan, err);
}
