/* The rules are pachd's (authorizePipelineOp and deletePipeline in src/server/pps/server/api_server.go of 1.10.0 to
 * 2.11.6): stopping and starting write to the output repo, and in 1.x read the inputs; deleting takes the output repo's owner, also
 * where the repo stays, and in 2.x stops the pipeline first. */
#include "deploy/plan/stop_rights.h"

#include "base/arena.h"
#include "diag/diag.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "pipeline/plan.h"
#include "pipeline/removal.h"
#include "pipeline/step.h"
#include "session/run.h"

/* What is looked at, and for whom. */
struct looking {
	struct run *run;
	const struct pachd_facts *facts;
	struct pachd_preflight asked;
};

static const struct pachd_repo *
find(const struct looking *q, struct str project, struct str name)
{
	for (size_t i = 0; i < q->asked.repo_count; i++) {
		const struct pachd_target *t = &q->asked.repos[i].target;

		if (str_eq(t->name, name) && str_eq(t->project, project))
			return &q->asked.repos[i];
	}
	return NULL;
}

static void
add_repo(struct looking *q, struct str project, struct str name)
{
	if (!find(q, project, name))
		q->asked.repos[q->asked.repo_count++] =
		    (struct pachd_repo){ .target = { project, name } };
}

/* Whether the input's repo goes with the pipeline. */
static bool
is_deleted(const struct removal *one, const struct spec_input *input)
{
	return one->crons.len > 0 && input->tick_repo.len > 0;
}

/* Whether stopping asks for the right to read it. */
static bool
is_read(const struct looking *q, const struct removal *one, const struct spec_input *input)
{
	return pachd_is_1x(q->facts) && one->kind == REMOVAL_STOP && input->source == SOURCE_REPO;
}

/* What is sent as well needs the same right for that, and is looked at before. */
static bool
is_only_started(const struct step *step)
{
	return step->starts && step->action == ACTION_KEEP;
}

static void
add_all(struct looking *q, const struct plan *plan)
{
	size_t room = plan->removal_count + plan->started;

	for (size_t i = 0; i < plan->removal_count; i++)
		room += plan->removals[i].spec->input_count;
	q->asked.repos = ARENA_ARRAY(q->run->arena, room, struct pachd_repo);
	for (size_t i = 0; i < plan->count; i++)
		if (is_only_started(&plan->steps[i]))
			add_repo(q, plan->steps[i].spec->project, plan->steps[i].spec->name);
	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct removal *one = &plan->removals[i];

		add_repo(q, one->project, one->name);
		for (size_t k = 0; k < one->spec->input_count; k++) {
			const struct spec_input *input = &one->spec->inputs[k];

			if (is_deleted(one, input))
				add_repo(q, one->project, input->tick_repo);
			else if (is_read(q, one, input))
				add_repo(q, input->project, input->repo);
		}
	}
}

static const char *
role_name(const struct looking *q, enum removal_kind kind)
{
	if (pachd_is_1x(q->facts))
		return kind == REMOVAL_STOP ? "WRITER" : "OWNER";
	return kind == REMOVAL_STOP ? "repoWriter" : "repoOwner";
}

static void
miss(const struct looking *q, const char *file, struct span at, const struct pachd_role *role,
    struct str may)
{
	struct diags *d = &q->run->diags;
	struct arena *a = q->run->arena;

	diag_hint(d,
	    diags_report(d, CHECK_RIGHTS, file, at, "user '%.*s' may not %.*s",
	        STR_FMT(q->facts->user), STR_FMT(may)),
	    "ask an administrator to run: %.*s", STR_FMT(pachd_grant(a, q->facts, role)));
}

/* What left git has no place any more. */
static void
miss_removal(const struct looking *q, const struct removal *one, const struct pachd_role *role,
    struct str may)
{
	static const struct span whole = { .line = 0 };

	miss(q, arena_cstr(q->run->arena, one->file), whole, role, may);
}

static void
check_start(const struct looking *q, const struct step *step)
{
	const struct spec *spec = step->spec;
	const struct pachd_rights *r = &find(q, spec->project, spec->name)->rights;
	const struct pachd_role role = { spec->project, spec->name, role_name(q, REMOVAL_STOP) };

	if (r->reported && !(r->write && r->create_branch))
		miss(q, spec->file, spec->at, &role,
		    arena_fmt(q->run->arena, "start pipeline '%.*s'",
		        STR_FMT(step_title(q->run->arena, step))));
}

static void
check_own(const struct looking *q, const struct removal *one)
{
	const struct pachd_repo *repo = find(q, one->project, one->name);
	const struct pachd_role role = { one->project, one->name, role_name(q, one->kind) };
	const struct pachd_rights *r = &repo->rights;
	bool held = r->write && r->create_branch && (one->kind == REMOVAL_STOP || r->erase);

	if (r->reported && !held)
		miss_removal(q, one, &role,
		    arena_fmt(q->run->arena, "%s pipeline '%.*s', which left git",
		        removal_word(one->kind),
		        STR_FMT(spec_title(q->run->arena, one->project, one->name))));
}

static void
check_input(const struct looking *q, const struct removal *one, const struct spec_input *input)
{
	bool deletes = is_deleted(one, input);
	struct str project = deletes ? one->project : input->project;
	struct str name = deletes ? input->tick_repo : input->repo;
	const struct pachd_repo *repo = find(q, project, name);
	const struct pachd_role role = { project, name,
		deletes ? role_name(q, one->kind) : "READER" };
	struct str title = spec_title(q->run->arena, project, name);

	if (!repo || !repo->rights.reported || (deletes ? repo->rights.erase : repo->rights.read))
		return;
	miss_removal(q, one, &role,
	    arena_fmt(q->run->arena,
	        deletes ? "delete cron repo '%.*s' of pipeline '%.*s', which left git"
	                : "read from repo '%.*s', which stopping pipeline '%.*s' takes",
	        STR_FMT(title), STR_FMT(spec_title(q->run->arena, one->project, one->name))));
}

int
stop_rights_check(struct run *run, struct pachd *cluster, const struct plan *plan, struct err *err)
{
	struct looking q = { .run = run, .facts = pachd_facts(cluster) };

	if (plan->removal_count + plan->started == 0 || !q.facts->has_login)
		return 0;
	add_all(&q, plan);
	if (pachd_preflight(cluster, &q.asked, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->count; i++)
		if (is_only_started(&plan->steps[i]))
			check_start(&q, &plan->steps[i]);
	for (size_t i = 0; i < plan->removal_count; i++) {
		const struct removal *one = &plan->removals[i];

		check_own(&q, one);
		for (size_t k = 0; k < one->spec->input_count; k++)
			if (is_deleted(one, &one->spec->inputs[k])
			    || is_read(&q, one, &one->spec->inputs[k]))
				check_input(&q, one, &one->spec->inputs[k]);
	}
	return 0;
}
