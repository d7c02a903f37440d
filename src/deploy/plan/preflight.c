/* What pipelines lack on the cluster. */
#include "deploy/plan/preflight.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/plan/permissions.h"
#include "deploy/plan/requirements.h"
#include "pachd/preflight.h"
#include "pipeline/mount.h"
#include "session/run.h"
#include "wire/release.h"

struct checking {
	struct run *run;
	const struct requirements *needs;
	const struct pachd_facts *facts;
	struct plan *plan;
	const struct step *step;
};

static struct str
title_of(const struct checking *c, struct str project, struct str name)
{
	return spec_title(c->run->arena, c->facts->projects ? project : STR(""), name);
}

/* Reports of a right that is missing. */
static void
check_right(const struct checking *c, const struct right *right)
{
	struct diags *d = &c->run->diags;

	if (!right->reported || right->held)
		return;
	diag_hint(d,
	    diags_report(d, CHECK_RIGHTS, c->step->spec->file, right->at,
	        "user '%.*s' may not %.*s", STR_FMT(c->facts->user), STR_FMT(right->may)),
	    "ask an administrator to run: %.*s",
	    STR_FMT(pachd_grant(c->run->arena, c->facts, &right->role)));
}

static void
miss_repo(const struct checking *c, const struct spec_input *input, struct requirement *mark)
{
	struct diags *d = &c->run->diags;
	struct plan *plan = c->plan;
	struct str repo = title_of(c, input->project, input->repo),
	           own = title_of(c, c->step->spec->project, c->step->spec->name);
	struct diag *one;
	struct right right;

	if (!c->run->opt.create_repos) {
		one = diags_report(d, CHECK_INPUT_UNMADE, c->step->spec->file, input->at,
		    "input repo '%.*s' does not exist, and no pipeline in these specs creates it",
		    STR_FMT(repo));
		diag_cause(d, one, repo, own);
		diag_hint(d, one,
		    "set input 'create-repos' to true, or push the pipeline that creates it in the "
		    "same run");
		return;
	}
	if (mark->is_planned)
		return;
	mark->is_planned = true;
	right = right_in_project(c->run->arena, c->needs, input->at, input->project, "a repo");
	check_right(c, &right);
	plan->repos = arena_grow(
	    c->run->arena, plan->repos, plan->repo_count, &plan->repo_room, sizeof(*plan->repos));
	plan->repos[plan->repo_count++] =
	    (struct plan_repo){ input->project, input->repo, c->step };
}

/* A repo without any branch is new and empty: whatever is read there comes with its first data. */
static void
check_branch(
    const struct checking *c, const struct spec_input *input, const struct pachd_repo *repo)
{
	struct str wanted = input->branch.len ? input->branch : STR("master");
	struct buf names = BUF_INIT(300);
	struct diags *d = &c->run->diags;
	struct diag *one;

	if (repo->branch_count == 0 || input->has_trigger)
		return;
	for (size_t i = 0; i < repo->branch_count; i++) {
		if (str_eq(repo->branches[i], wanted)) {
			buf_free(&names);
			return;
		}
		buf_fmt(&names, "%s%.*s", i ? ", " : "", STR_FMT(repo->branches[i]));
	}
	one = diags_report(d, CHECK_BRANCH_UNMADE, c->step->spec->file, input->at,
	    "repo '%.*s' has no branch '%.*s'", STR_FMT(title_of(c, input->project, input->repo)),
	    STR_FMT(wanted));
	diag_cause(d, one, one->what, title_of(c, c->step->spec->project, c->step->spec->name));
	diag_hint(d, one, "use an existing branch: %.*s", STR_FMT(buf_str(&names)));
	buf_free(&names);
}

static void
miss_project(const struct checking *c, struct str project, struct span at)
{
	struct diags *d = &c->run->diags;
	struct diag *one = diags_report(d, CHECK_PROJECT_MISSING, c->step->spec->file, at,
	    "project '%.*s' does not exist", STR_FMT(project));

	diag_cause(d, one, project, title_of(c, c->step->spec->project, c->step->spec->name));
	diag_hint(d, one, "create the project: pachctl create project %.*s", STR_FMT(project));
}

static void
check_input(const struct checking *c, const struct spec_input *input)
{
	const struct pachd_repo *repo = requirements_repo(c->needs, input->project, input->repo);
	const struct pachd_project *project = requirements_project(c->needs, input->project);
	struct requirement *mark;

	if (input->source != SOURCE_REPO || !repo)
		return;
	if (project && project->known == PACHD_MISSING
	    && !str_eq(project->name, c->needs->made_project)) {
		if (!str_eq(
		        input->project, c->step->spec->project)) /* else it is reported already */
			miss_project(c, input->project, input->at);
		return;
	}
	mark = requirements_entry(c->needs, repo);
	if (mark->is_made)
		return; /* it comes before this one, or is there */
	if (repo->known == PACHD_MISSING)
		miss_repo(c, input, mark);
	else
		check_branch(c, input, repo);
}

static void
check_secret(const struct checking *c, const struct mount *mount)
{
	static const char *const uses[] = { "the workers need", "the image pull needs",
		"the egress needs" };
	const struct pachd_secret *secret = requirements_secret(c->needs, mount->name);
	bool refused = mount->kind == MOUNT_WORKER && c->facts->release >= RELEASE(2, 3, 0);
	struct diags *d = &c->run->diags;
	struct diag *one;

	if (!secret || secret->known != PACHD_MISSING)
		return;
	one = (refused ? diags_report : diags_warn)(d, CHECK_SECRET_MISSING, c->step->spec->file,
	    mount->at, "secret '%.*s' does not exist, but %s it", STR_FMT(mount->name),
	    uses[mount->kind]);
	diag_cause(d, one, mount->name, title_of(c, c->step->spec->project, c->step->spec->name));
	diag_hint(
	    d, one, "create it: pachup secret set %.*s KEY=env:VARIABLE", STR_FMT(mount->name));
}

/* Below 2.0 pachd takes the repo over: what a deleted pipeline left, or below 1.12 a push that was cut off while it
 * created the pipeline. 2.0 and later refuse the whole transaction. */
static void
check_new(const struct checking *c)
{
	const struct spec *spec = c->step->spec;
	const struct pachd_repo *own = requirements_repo(c->needs, spec->project, spec->name);
	struct diags *d = &c->run->diags;
	struct str name = title_of(c, spec->project, spec->name);

	if (!own || own->known != PACHD_PRESENT || c->needs->clears)
		return;
	if (!pachd_is_1x(c->facts))
		diag_hint(d,
		    diags_report(d, CHECK_REPO_IN_THE_WAY, spec->file, spec->at,
		        "repo '%.*s' already exists and is not the output of a pipeline",
		        STR_FMT(name)),
		    "rename the pipeline, or delete the repo and its data: pachctl delete repo "
		    "%.*s%s; a pipeline that 'prune: delete' took away leaves its repo",
		    STR_FMT(spec->name), spec_project_flag(c->run->arena, spec->project));
	else
		diag_hint(d,
		    diags_warn(d, CHECK_REPO_IN_THE_WAY, spec->file, spec->at,
		        "repo '%.*s' already exists; the new pipeline writes into it",
		        STR_FMT(name)),
		    "rename the pipeline if the repo is used for something else");
}

static void
check_step(const struct checking *c)
{
	const struct spec *spec = c->step->spec;
	const struct pachd_project *project = requirements_project(c->needs, spec->project);
	struct mounts mounts = mounts_of(c->run->arena, spec->node);
	struct rights rights =
	    rights_of(c->run->arena, c->needs, c->facts, spec, c->step->action == ACTION_CREATE);

	if (project && project->known == PACHD_MISSING
	    && !str_eq(project->name, c->needs->made_project))
		miss_project(c, spec->project, spec->at);
	if (c->step->action == ACTION_CREATE)
		check_new(c);
	for (size_t i = 0; i < rights.count; i++)
		check_right(c, &rights.list[i]);
	for (size_t i = 0; i < spec->input_count; i++)
		check_input(c, &spec->inputs[i]);
	for (size_t i = 0; i < mounts.count; i++)
		check_secret(c, &mounts.list[i]);
}

void
preflight_check(struct run *run, const struct requirements *needs, const struct pachd_facts *facts,
    struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->steps[i].action != ACTION_KEEP)
			check_step(&(struct checking){ run, needs, facts, plan, &plan->steps[i] });
}
