#include "deploy/plan/cluster_plan.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/gather/sound.h"
#include "deploy/plan/community.h"
#include "deploy/plan/images.h"
#include "deploy/plan/live_cycle.h"
#include "deploy/plan/outputs.h"
#include "deploy/plan/ownership.h"
#include "deploy/plan/preflight.h"
#include "deploy/plan/prune.h"
#include "deploy/plan/requirements.h"
#include "deploy/plan/stop_rights.h"
#include "deploy/preview/preview.h"
#include "lint/check.h"
#include "pachd/apply/apply.h"
#include "pachd/compare.h"
#include "pachd/license.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_NAMES = 5, MAX_NAMES_BYTES = 4 << 10 };

static void
compare_all(struct work *work, const struct pachd *cluster)
{
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		if (one->live->exists)
			one->comparison = pachd_compare(
			    cluster, one->tree, one->request, one->spec->file, one->live);
	}
}

/* What the cluster is asked about: all pipelines of the files, and those that left them. */
static const struct pachd_target *
targets_of(struct arena *a, const struct work *work)
{
	size_t count = 0;
	struct pachd_target *targets =
	    ARENA_ARRAY(a, work->all_count + work->gone_count, struct pachd_target);

	for (size_t i = 0; i < work->all_count; i++)
		targets[count++] =
		    (struct pachd_target){ work->all[i].spec->project, work->all[i].spec->name };
	for (size_t i = 0; i < work->gone_count; i++)
		targets[count++] =
		    (struct pachd_target){ work->gone[i].project, work->gone[i].name };
	return targets;
}

/* Input since leaves out what did not change; what the cluster lacks is pushed all the same. */
static void
add_lacking(struct run *run, struct work *work, const struct deployed *live)
{
	size_t before = work->count;

	gather_choose(run, work, live);
	if (work->count > before)
		ci_log(&run->ci, "since %.*s: %zu more pipeline%s not in the cluster yet",
		    STR_FMT(work->since), work->count - before,
		    work->count - before == 1 ? " is" : "s are");
}

/* Whether what runs differs from the files, although input since leaves the pipeline out. */
static bool
is_adrift(const struct cluster_plan *p, const struct candidate *one, const struct deployed *live)
{
	struct diags found = diags_in(p->run->arena);
	struct candidate copy = *one;
	struct work alone = { .commit = p->work->commit, .list = &copy, .count = 1 };
	const struct pachd_facts *facts = pachd_facts(p->cluster);

	gather_render(p->run, &alone, facts);
	copy.request =
	    lint_request(p->run->arena, copy.tree, one->spec->file, facts->release, &found);
	return found.errors == 0
	       && !pachd_compare(p->cluster, copy.tree, copy.request, one->spec->file, live).same;
}

/* A push that failed, or was never run, leaves behind what no later commit changes. */
static void
note_drift(const struct cluster_plan *p, const struct deployed *live)
{
	const struct work *work = p->work;
	struct buf names = BUF_INIT(MAX_NAMES_BYTES);
	size_t count = 0;

	for (size_t i = 0; i < work->all_count; i++) {
		const struct spec *spec = work->all[i].spec;

		if (!work->all[i].is_left_out || !live[i].exists
		    || !is_adrift(p, &work->all[i], &live[i]))
			continue;
		if (count < MAX_NAMES)
			buf_fmt(&names, "%s'%.*s'", count ? ", " : "",
			    STR_FMT(spec_title(p->run->arena, spec->project, spec->name)));
		count++;
	}
	if (count > 0)
		ci_warn(&p->run->ci,
		    "since %.*s: %zu pipeline%s not changed since then, but differ%s from the "
		    "cluster: %.*s%s; without input 'since' %s pushed, too",
		    STR_FMT(work->since), count, count == 1 ? " has" : "s have",
		    count == 1 ? "s" : "", STR_FMT(buf_str(&names)), count > MAX_NAMES ? ", …" : "",
		    count == 1 ? "it is" : "they are");
	buf_free(&names);
}

/* What is in the preview's way is gone before its pipelines come. */
static int
look_at_preview(const struct cluster_plan *p, struct deployed *live, size_t count, struct err *err)
{
	if (preview_look(p->work->preview, p->cluster, err) < 0)
		return -1;
	for (size_t i = 0; p->work->preview->clears && i < count; i++)
		live[i] = (struct deployed){ .exists = false };
	return 0;
}

/* Asks the cluster what runs, and how the specs compare with it. */
static int
ask_cluster(struct cluster_plan *p, struct err *err)
{
	struct run *run = p->run;
	struct work *work = p->work;
	size_t count = work->all_count + work->gone_count;
	struct deployed *live = ARENA_ARRAY(run->arena, count, struct deployed);
	const struct pachd_facts *facts = pachd_facts(p->cluster);

	if (pachd_probe(p->cluster, targets_of(run->arena, work), count, live, err) < 0) {
		p->knows_nothing = true;
		return work->preview ? preview_check_release(work->preview, p->cluster, err) : -1;
	}
	connect_log_cluster(run, facts);
	if (work->preview && look_at_preview(p, live, count, err) < 0)
		return -1;
	add_lacking(run, work, live);
	gather_show_gone(run, work, live + work->all_count);
	gather_render(run, work, facts);
	ownership_annotate(run, facts, work);
	for (size_t i = 0; i < work->count; i++) {
		const struct spec *spec = work->list[i].spec;

		work->list[i].request = lint_request(
		    run->arena, work->list[i].tree, spec->file, facts->release, &run->diags);
		lint_check_commands(
		    run->arena, spec->node, spec->file, facts->release, &run->diags);
	}
	if (gather_settle(run, work, err) < 0)
		return -1;
	compare_all(work, p->cluster);
	if (work->preview)
		return 0; /* nothing of it is left out, and it has no cut branches */
	note_drift(p, live);
	return outputs_check(run, p->cluster, work, err);
}

/* A preview shows what the code of now makes of the data: without this, what earlier code has done stays. */
static void
reprocess_updates(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		plan->steps[i].reprocess =
		    plan->steps[i].reprocess || plan->steps[i].action == ACTION_UPDATE;
}

int
cluster_plan_compare(struct cluster_plan *p, struct err *err)
{
	static const struct reprocess never = { .all = REPROCESS_NEVER };

	if (ask_cluster(p, err) < 0)
		return -1;
	p->plan = plan_make(p->run->arena, p->work->list, p->work->count, true, &never);
	return ownership_read(p->run, p->cluster, &p->work->commit, &p->plan, err);
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
	if (p->work->preview)
		reprocess_updates(&p->plan);
	if (images_check(run, &p->plan, err) < 0 || gather_show_diags(run, err) < 0)
		return -1;
	needs = requirements_of(run, p->work, &p->plan, p->cluster);
	needs.preflight.wants_id = p->wants_id;
	needs.preflight.wants_license = p->plan.created > 0;
	if (pachd_preflight(p->cluster, &needs.preflight, err) < 0)
		return -1;
	p->cluster_id = needs.preflight.id;
	connect_log_sequence(run, pachd_facts(p->cluster), &p->plan);
	preflight_check(run, &needs, pachd_facts(p->cluster), &p->plan);
	if (license_count(p->cluster, &needs.preflight.license, err) < 0)
		return -1;
	if (ownership_read(run, p->cluster, &p->work->commit, &p->plan, err) < 0)
		return -1;
	ownership_note(run, pachd_facts(p->cluster), &p->work->commit, &p->plan);
	community_check(run, &needs.preflight.license, pachd_facts(p->cluster), &p->plan);
	if (live_cycle_check(run, p->cluster, p->work, &p->plan, err) < 0)
		return -1;
	if (prune_plan(run, p->cluster, p->work, p->planning, &p->plan, err) < 0
	    || stop_rights_check(run, p->cluster, &p->plan, err) < 0)
		return -1;
	if (gather_show_diags(run, err) < 0)
		return err_set(err, ERR_REFUSED, "the cluster is not ready for these pipelines%s",
		    run->opt.command == COMMAND_PUSH ? "; nothing was sent to the cluster" : "");
	return pachd_check_transaction_size(p->cluster, &p->plan, err);
}
