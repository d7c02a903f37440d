/* Versions of pipelines that the cluster keeps, as a plan that puts them back. */
#include "deploy/apply/restore.h"

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "deploy/plan/outputs.h"
#include "deploy/plan/ownership.h"
#include "lint/check.h"
#include "pachd/compare.h"
#include "pachd/pachd.h"
#include "pachd/pps/history.h"
#include "pipeline/dag.h"
#include "session/run.h"

/* What the cluster ran it may run again: only what cannot be read or sent counts, and warnings are no
 * news. */
static int
restore_check_diags(struct run *run, struct err *err)
{
	const struct diag *first = NULL;

	for (size_t i = 0; i < run->diags.count && !first; i++)
		if (run->diags.list[i].level == DIAG_ERROR)
			first = &run->diags.list[i];
	run->diags = diags_in(run->arena);
	if (!first)
		return 0;
	(void)err_set(err, ERR_SPEC, "cannot restore %s: %.*s", first->file, STR_FMT(first->what));
	return err_hint(err, "push the specs of that commit from git instead");
}

/* The stored specs as if they had been read from files. */
static int
read_stored(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct err *err)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct pachd_version *version = &r->versions[i];
		struct node *tree = pachd_stored_spec(cluster, &version->found, err);
		struct str name =
		    spec_title(run->arena, version->target.project, version->target.name);
		struct str file = arena_fmt(run->arena, "version %llu of '%.*s'",
		    (unsigned long long)version->found.version, STR_FMT(name));

		if (!tree)
			return err_wrap(err, "pipeline '%.*s'", STR_FMT(name));
		spec_read(
		    &work->specs, run->arena, file.ptr, tree, version->target.project, &run->diags);
	}
	if (restore_check_diags(run, err) < 0)
		return -1;
	for (size_t i = 0; i < work->specs.count; i++)
		work->specs.list[i].reprocess = false; /* an order to the server of then */
	work->order = ARENA_ARRAY(run->arena, work->specs.count, size_t);
	/* versions of several pushes may read from each other in a circle: then any order is as good */
	(void)dag_order(&work->specs, run->arena, work->order, &run->diags);
	run->diags = diags_in(run->arena);
	return 0;
}

/* A mark that the spec took over from an earlier version says nothing of this one. */
static struct mark
mark_of_version(const struct deployed *found)
{
	return found->mark.version == found->version ? found->mark : (struct mark){ .version = 0 };
}

int
restore_read(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct err *err)
{
	size_t *part;

	if (read_stored(run, cluster, r, work, err) < 0)
		return -1;
	part = ARENA_ARRAY(run->arena, work->specs.count, size_t);
	dag_parts(&work->specs, run->arena, part);
	work->count = work->specs.count;
	work->list = ARENA_ARRAY(run->arena, work->count, struct candidate);
	for (size_t i = 0; i < work->count; i++) {
		size_t at = work->order[i];

		work->list[i] = (struct candidate){ .spec = &work->specs.list[at],
			.part = part[at],
			.restores = r->versions[at].found.version,
			.restored = mark_of_version(&r->versions[at].found),
			.live = &r->now[at] };
	}
	gather_render(run, work, pachd_facts(cluster));
	ownership_annotate(run, pachd_facts(cluster), work);
	return 0;
}

static void
compare_candidates(struct run *run, struct pachd *cluster, struct work *work)
{
	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		one->request = lint_request(run->arena, one->tree, one->spec->file,
		    pachd_facts(cluster)->release, &run->diags);
		one->comparison =
		    pachd_compare(cluster, one->tree, one->request, one->spec->file, one->live);
	}
}

int
restore_plan(struct run *run, struct pachd *cluster, const struct restore *r, struct work *work,
    struct plan *plan, struct err *err)
{
	if (restore_read(run, cluster, r, work, err) < 0)
		return -1;
	compare_candidates(run, cluster, work);
	if (restore_check_diags(run, err) < 0 || outputs_check(run, cluster, work, err) < 0)
		return -1;
	*plan = plan_make(run->arena, work->list, work->count, true, r->reprocess);
	plan->split = run->opt.split;
	return 0;
}
