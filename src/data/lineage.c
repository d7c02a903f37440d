#include "data/lineage.h"

#include "base/arena.h"
#include "data/arguments.h"
#include "data/place.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/pps/pps.h"
#include "pipeline/spec.h"
#include "session/run.h"

/* The versions of a pipeline, read once. */
struct pipeline {
	struct pachd_target target;
	struct pps_version *versions;
	size_t count;
};

struct tracing {
	struct run *run;
	struct pachd *cluster;
	struct lineage *out;
	struct pipeline *pipelines;
	size_t pipeline_count, pipeline_room;
};

enum { MAX_VERSIONS = 10000, MAX_DEPTH = 200 };

static int
find_pipeline(
    struct tracing *t, const struct pachd_target *target, struct pipeline **out, struct err *err)
{
	static const struct pps_past all = { .most = MAX_VERSIONS };

	for (size_t i = 0; i < t->pipeline_count; i++)
		if (str_eq(t->pipelines[i].target.name, target->name)
		    && str_eq(t->pipelines[i].target.project, target->project)) {
			*out = &t->pipelines[i];
			return 0;
		}
	t->pipelines = arena_grow(t->run->arena, t->pipelines, t->pipeline_count, &t->pipeline_room,
	    sizeof(*t->pipelines));
	*out = &t->pipelines[t->pipeline_count++];
	(*out)->target = *target;
	return pps_versions(
	    t->cluster, t->run->arena, target, &all, &(*out)->versions, &(*out)->count, err);
}

/* Finds the job and the pipeline version that made the commit. Of a deleted pipeline the version's details stay unknown. */
static int
find_maker(struct tracing *t, struct ancestor *one, struct err *err)
{
	struct pachd_target target = { one->commit.at.project, one->commit.at.repo };
	struct pipeline *pipeline;
	struct job job;

	if (pps_job_of(
	        t->cluster, t->run->arena, &one->commit.at, &one->is_made, &job, &one->version, err)
	    < 0)
		return -1;
	if (!one->is_made)
		return 0;
	one->job = job.id;
	if (find_pipeline(t, &target, &pipeline, err) < 0)
		return err->kind == ERR_REFUSED ? 0 : -1;
	for (size_t i = 0; i < pipeline->count; i++)
		if (pipeline->versions[i].version == one->version) {
			one->image = pipeline->versions[i].image;
			one->git_commit = pipeline->versions[i].git_commit;
		}
	return 0;
}

static bool
is_known(const struct tracing *t, const struct pfs_ref *at)
{
	for (size_t i = 0; i < t->out->count; i++) {
		const struct pfs_ref *other = &t->out->list[i].commit.at;

		if (str_eq(other->ref, at->ref) && str_eq(other->repo, at->repo)
		    && str_eq(other->project, at->project))
			return true;
	}
	return false;
}

/* Reads one commit and adds it, unless it is in the list already. */
static int
add_commit(
    struct tracing *t, const struct pfs_ref *at, unsigned depth, bool *is_new, struct err *err)
{
	struct lineage *out = t->out;
	struct ancestor one = {
		.depth = depth, .job = STR(""), .image = STR(""), .git_commit = STR("")
	};

	if (out->count == MAX_ANCESTORS)
		return err_set(
		    err, ERR_REFUSED, "it was made of more than %d commits", MAX_ANCESTORS);
	if (pfs_commit(t->cluster, t->run->arena, at, false, &one.commit, err) < 0) {
		if (err->kind == ERR_REFUSED)
			(void)err_hint(err, "check the names: pachup ls %.*s",
			    STR_FMT(spec_title(t->run->arena, at->project, at->repo)));
		return err_wrap(err, "cannot read commit '%.*s'",
		    STR_FMT(place_title(t->run->arena, at, STR(""))));
	}
	one.commit.at.project = at->project;
	*is_new = !is_known(t, &one.commit.at);
	if (!*is_new)
		return 0;
	if (find_maker(t, &one, err) < 0)
		return err_wrap(err, "cannot read who made '%.*s'",
		    STR_FMT(place_title(t->run->arena, at, STR(""))));
	ARENA_ADD(t->run->arena, out, one);
	return 0;
}

/* Adds a commit, and behind it the commits that it was made of. */
static int
trace(struct tracing *t, const struct pfs_ref *at, unsigned depth, struct err *err)
{
	struct pfs_commit commit;
	bool is_new = false;

	if (depth > MAX_DEPTH)
		return err_set(
		    err, ERR_REFUSED, "it is more than %d pipelines away from its data", MAX_DEPTH);
	if (add_commit(t, at, depth, &is_new, err) < 0)
		return -1;
	if (!is_new)
		return 0;
	commit = t->out->list[t->out->count - 1].commit;
	for (size_t i = 0; i < commit.provenance_count; i++)
		if (!is_known(t, &commit.provenance[i])
		    && trace(t, &commit.provenance[i], depth + 1, err) < 0)
			return -1;
	return 0;
}

int
lineage_read(struct run *run, struct pachd *cluster, const struct place *place, struct lineage *out,
    struct err *err)
{
	struct tracing t = { .run = run, .cluster = cluster, .out = out };

	*out = (struct lineage){ 0 };
	if (pachd_check_project(cluster, place->at.project, err) < 0)
		return -1;
	return trace(&t, &place->at, 0, err);
}
