#include "deploy/preview/inside.h"

#include "base/arena.h"
#include "deploy/preview/guard.h"
#include "pachd/grant.h"
#include "pachd/list.h"
#include "pachd/marks.h"
#include "pachd/pfs/pfs.h"
#include "pachd/pps/delete.h"
#include "pachd/pps/history.h"
#include "pachd/preflight.h"
#include "pipeline/dag.h"
#include "pipeline/spec.h"
#include "session/run.h"

/* One reading. */
struct reading {
	struct run *run;
	struct pachd *cluster;
	const struct preview_label *ours;
	struct inside *out;
	struct specs specs; /* of the pipelines, as far as they can be read */
};

/* The project's pipelines of all. */
static int
read_pipelines(struct reading *r, struct err *err)
{
	struct pachd_listed *list;
	size_t count;

	if (pachd_list_project(r->cluster, r->out->project, &list, &count, err) < 0)
		return -1;
	r->out->list = ARENA_ARRAY(r->run->arena, count, struct inside_thing);
	for (size_t i = 0; i < count; i++)
		if (str_eq(list[i].project, r->out->project))
			r->out->list[r->out->pipelines++] = (struct inside_thing){
				.name = list[i].name,
				.is_pipeline = true,
				.live = list[i].live,
				.maker = list[i].live.created_by,
			};
	r->out->count = r->out->pipelines;
	return 0;
}

/* Puts readers before what they read. What cannot be read as a spec keeps its place behind them. */
static void
order_pipelines(struct reading *r)
{
	struct arena *a = r->run->arena;
	size_t count = r->out->pipelines, placed = 0;
	struct inside_thing *sorted = ARENA_ARRAY(a, count, struct inside_thing);
	struct diags ignored = diags_in(a);
	size_t *order;

	for (size_t i = 0; i < count; i++) {
		struct err unheard;
		struct node *tree = pachd_stored_spec(r->cluster, &r->out->list[i].live, &unheard);

		if (tree)
			spec_read(&r->specs, a, "in the cluster", tree, r->out->project, &ignored);
	}
	order = ARENA_ARRAY(a, r->specs.count, size_t);
	(void)dag_order(&r->specs, a, order, &ignored);
	for (size_t i = r->specs.count; i > 0; i--)
		for (size_t k = 0; k < count; k++)
			if (str_eq(r->out->list[k].name, r->specs.list[order[i - 1]].name)) {
				sorted[placed++] = r->out->list[k];
				r->out->list[k].name = STR("");
			}
	for (size_t k = 0; k < count; k++)
		if (r->out->list[k].name.len > 0)
			sorted[placed++] = r->out->list[k];
	r->out->list = sorted;
}

static struct inside_thing *
find_thing(struct inside *inside, struct str name, bool is_pipeline)
{
	for (size_t i = 0; i < inside->count; i++)
		if (inside->list[i].is_pipeline == is_pipeline
		    && str_eq(inside->list[i].name, name))
			return &inside->list[i];
	return NULL;
}

/* Who has made the repo, by its first branch's newest commit (2.11+). */
static void
find_maker(struct reading *r, const struct pfs_repo *repo, struct inside_thing *thing)
{
	struct pfs_commit *list;
	struct err ignored;
	struct pfs_ref at;
	size_t count;

	if (!pachd_facts(r->cluster)->has_login || repo->branch_count == 0)
		return;
	at = (struct pfs_ref){ r->out->project, repo->name, repo->branches[0] };
	if (pfs_commits(r->cluster, r->run->arena, &at, 1, &list, &count, &ignored) == 0
	    && count > 0)
		thing->maker = list[0].created_by;
}

/* The repos that no pipeline writes. */
static int
read_repos(struct reading *r, struct err *err)
{
	struct arena *a = r->run->arena;
	struct inside_thing *all;
	struct pfs_repo *list;
	size_t count;

	if (pfs_project_repos(r->cluster, a, r->out->project, &list, &count, err) < 0)
		return -1;
	all = ARENA_ARRAY(a, r->out->pipelines + count, struct inside_thing);
	for (size_t i = 0; i < r->out->pipelines; i++)
		all[i] = r->out->list[i];
	r->out->list = all;
	for (size_t i = 0; i < count; i++) {
		struct inside_thing *thing = &all[r->out->count];

		if (!str_eq(list[i].project, r->out->project)
		    || find_thing(r->out, list[i].name, true))
			continue;
		*thing = (struct inside_thing){ .name = list[i].name,
			.description = list[i].description };
		find_maker(r, &list[i], thing);
		r->out->count++;
	}
	return 0;
}

/* What a pipeline that stays reads stays as well; ticks go with their pipeline. */
static void
follow_inputs(struct reading *r, const struct spec *spec, const struct inside_thing *reader)
{
	for (size_t k = 0; k < spec->input_count; k++) {
		struct str repo = spec->inputs[k].repo;
		struct inside_thing *made = find_thing(r->out, repo, true),
		                    *tick = find_thing(r->out, spec->inputs[k].tick_repo, false);

		made = made ? made : find_thing(r->out, repo, false);
		if (made && (!reader->is_ours || reader->is_read)
		    && str_eq(spec->inputs[k].project, r->out->project))
			made->is_read = true;
		if (tick && reader->is_ours)
			tick->is_tick = tick->is_ours = true;
	}
}

/* Readers come first, so that what they hand on is known when it is asked for. */
static void
follow_all(struct reading *r)
{
	for (size_t i = 0; i < r->out->pipelines; i++)
		for (size_t k = 0; k < r->specs.count; k++)
			if (str_eq(r->specs.list[k].name, r->out->list[i].name))
				follow_inputs(r, &r->specs.list[k], &r->out->list[i]);
}

static void
judge_thing(struct reading *r, struct inside_thing *thing, const struct mark *mark)
{
	const struct guard_thing known = { thing->is_pipeline, *mark, thing->description,
		thing->maker };

	thing->is_ours = guard_owns(r->run->arena, &known, r->ours, pachd_facts(r->cluster)->user);
}

static int
judge_all(struct reading *r, struct err *err)
{
	struct arena *a = r->run->arena;
	struct pachd_marked *marks = ARENA_ARRAY(a, r->out->count, struct pachd_marked);

	for (size_t i = 0; i < r->out->count; i++)
		marks[i] = (struct pachd_marked){
			.kind = r->out->list[i].is_pipeline ? MARKED_PIPELINE : MARKED_REPO,
			.target = { r->out->project, r->out->list[i].name },
			.live = r->out->list[i].is_pipeline ? &r->out->list[i].live : NULL,
		};
	if (pachd_read_marks(r->cluster, marks, r->out->count, err) < 0)
		return -1;
	for (size_t i = 0; i < r->out->count; i++)
		judge_thing(r, &r->out->list[i], &marks[i].mark);
	follow_all(r);
	for (size_t i = 0; i < r->out->count; i++)
		r->out->strange += !r->out->list[i].is_ours;
	return 0;
}

int
inside_read(struct run *run, struct pachd *cluster, struct str project,
    const struct preview_label *ours, struct inside *out, struct err *err)
{
	struct reading r = { .run = run, .cluster = cluster, .ours = ours, .out = out };

	*out = (struct inside){ .project = project };
	if (read_pipelines(&r, err) < 0)
		return -1;
	order_pipelines(&r);
	if (read_repos(&r, err) < 0)
		return -1;
	return judge_all(&r, err);
}

/* "pipeline 'pr-7/edges'" */
static struct str
thing_title(struct run *run, const struct inside *inside, const struct inside_thing *thing)
{
	return arena_fmt(run->arena, "%s '%.*s/%.*s'", thing->is_pipeline ? "pipeline" : "repo",
	    STR_FMT(inside->project), STR_FMT(thing->name));
}

struct str
inside_strangers(struct run *run, const struct inside *inside)
{
	struct str names = STR("");

	for (size_t i = 0; i < inside->count; i++)
		if (!inside->list[i].is_ours)
			names = arena_listed(
			    run->arena, names, thing_title(run, inside, &inside->list[i]));
	return names;
}

/* What inside_delete() takes. */
static bool
is_taken(const struct inside_thing *thing)
{
	return thing->is_ours && !thing->is_read;
}

/* The output repo is that of its pipeline: deleting both takes the same right. */
static int
ask_rights(struct run *run, struct pachd *cluster, const struct inside *inside,
    struct pachd_preflight *asked, struct err *err)
{
	asked->repos = ARENA_ARRAY(run->arena, inside->count, struct pachd_repo);
	for (size_t i = 0; i < inside->count; i++)
		asked->repos[asked->repo_count++].target =
		    (struct pachd_target){ inside->project, inside->list[i].name };
	return pachd_preflight(cluster, asked, err);
}

int
inside_check_rights(
    struct run *run, struct pachd *cluster, const struct inside *inside, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(cluster);
	const struct pachd_role owner = { inside->project, STR(""), "projectOwner" };
	struct pachd_preflight asked = { .repo_count = 0 };
	struct str names = STR("");

	if (!facts->has_login || inside->count == 0)
		return 0;
	if (ask_rights(run, cluster, inside, &asked, err) < 0)
		return -1;
	for (size_t i = 0; i < inside->count; i++) {
		const struct pachd_rights *r = &asked.repos[i].rights;

		if (is_taken(&inside->list[i]) && r->reported && !(r->erase && r->write))
			names = arena_listed(
			    run->arena, names, thing_title(run, inside, &inside->list[i]));
	}
	if (names.len == 0)
		return 0;
	(void)err_set(err, ERR_REFUSED, "user '%.*s' may not delete %.*s", STR_FMT(facts->user),
	    STR_FMT(names));
	return err_hint(err, "ask an administrator to run: %.*s",
	    STR_FMT(pachd_grant(run->arena, facts, &owner)));
}

static int
delete_pipeline(struct run *run, struct pachd *cluster, const struct inside *inside,
    const struct inside_thing *thing, struct err *err)
{
	const struct pachd_target target = { inside->project, thing->name };
	struct pps_deletion done;

	if (pps_delete(cluster, &target, false, &done, err) < 0)
		return err_wrap(err, "cannot delete pipeline '%.*s/%.*s'", STR_FMT(inside->project),
		    STR_FMT(thing->name));
	ci_action(&run->ci, '-', "deleted", "  pipeline %.*s/%.*s", STR_FMT(inside->project),
	    STR_FMT(thing->name));
	return 0;
}

static int
delete_repo(struct run *run, struct pachd *cluster, const struct inside *inside,
    const struct inside_thing *thing, struct err *err)
{
	const struct pfs_ref at = { inside->project, thing->name, STR("") };
	enum pfs_deleted done = PFS_KEPT;

	if (pfs_delete_repo(cluster, &at, &done, err) < 0)
		return err_wrap(err, "cannot delete repo '%.*s/%.*s'", STR_FMT(inside->project),
		    STR_FMT(thing->name));
	if (done == PFS_KEPT) {
		(void)err_set(err, ERR_REFUSED,
		    "cannot delete repo '%.*s/%.*s': user '%.*s' may not", STR_FMT(inside->project),
		    STR_FMT(thing->name), STR_FMT(pachd_facts(cluster)->user));
		return err_hint(err, "ask an owner of the repo to delete it");
	}
	if (done == PFS_DELETED)
		ci_action(&run->ci, '-', "deleted", "  repo %.*s/%.*s", STR_FMT(inside->project),
		    STR_FMT(thing->name));
	return 0;
}

int
inside_delete(struct run *run, struct pachd *cluster, struct inside *inside, struct err *err)
{
	for (size_t i = 0; i < inside->count; i++) {
		const struct inside_thing *thing = &inside->list[i];
		int rc;

		if (!is_taken(thing))
			continue;
		rc = thing->is_pipeline ? delete_pipeline(run, cluster, inside, thing, err)
		                        : delete_repo(run, cluster, inside, thing, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}
