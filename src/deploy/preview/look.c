/* What the cluster has for a preview, and of it: reads only. */
#include "deploy/preview/look.h"

#include "base/arena.h"
#include "deploy/preview/inside.h"
#include "deploy/preview/sets.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/pfs/projects.h"
#include "pachd/pps/pps.h"
#include "pachd/preflight.h"
#include "pipeline/spec.h"
#include "session/config_preview.h"
#include "session/run.h"

/* Commits that are open or failed, before a branch counts as one without data. */
enum { MAX_PASSED = 50 };

int
preview_check_release(const struct preview *preview, const struct pachd *cluster, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(cluster);

	if (facts->projects || facts->text.len == 0)
		return -1;
	(void)err_set(err, ERR_REFUSED,
	    "target '%s' is a preview, which needs projects, and pachd %.*s has none",
	    preview->run->target_name, STR_FMT(facts->text));
	return err_hint(err, "previews need pachd 2.5.0 or later");
}

int
preview_check_project(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct run *run = preview->run;
	const struct guard_asker asker = { &preview->template, &preview->keys->taken,
		pachd_facts(cluster)->user, preview->label.repository, preview->label.target };
	struct preview_label label;
	struct pfs_project project;
	enum guard_verdict verdict;

	if (pfs_project(cluster, run->arena, preview->project, &preview->is_there, &project, err)
	    < 0)
		return err_wrap(err, "cannot look at project '%.*s'", STR_FMT(preview->project));
	if (!preview->is_there)
		project = (struct pfs_project){ .name = preview->project };
	verdict = guard_judge(run->arena, &asker, &project, &label);
	if (verdict == GUARD_OURS || (!preview->is_there && verdict == GUARD_NO_LABEL))
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "project '%.*s' is not the preview of this pull request: %.*s",
	    STR_FMT(preview->project),
	    STR_FMT(guard_reason(run->arena, verdict, &project, &label)));
	return err_hint(
	    err, "give the target another 'project', for example preview-{pr} or pr-{repo}-{pr}");
}

/* The newest commit of the branch that is whole. */
static int
find_source(
    struct preview *preview, struct pachd *cluster, struct preview_input *input, struct err *err)
{
	const struct pfs_ref at = { input->project, input->repo, input->branch };
	struct pfs_commit *list;
	size_t count;

	if (pfs_commits(cluster, preview->run->arena, &at, MAX_PASSED, &list, &count, err) < 0)
		return err_wrap(err, "cannot read the commits of '%.*s@%.*s'", STR_FMT(input->repo),
		    STR_FMT(input->branch));
	for (size_t i = 0; i < count; i++)
		if (list[i].finished_s > 0 && list[i].error.len == 0) {
			input->has_source = true;
			input->source = list[i];
			input->passed = i;
			return 0;
		}
	input->passed = count;
	return 0;
}

/* "images@master", with its project where that is not the default one. */
static struct str
source_title(const struct preview *preview, const struct preview_input *input)
{
	struct arena *a = preview->run->arena;

	return arena_fmt(a, "%.*s@%.*s", STR_FMT(spec_title(a, input->project, input->repo)),
	    STR_FMT(input->branch));
}

/* Says in one line what the copy is of: the same line means the same files. */
static struct str
about_text(const struct preview *preview, const struct preview_input *input)
{
	struct arena *a = preview->run->arena;
	struct str text = source_title(preview, input);

	if (!input->has_source)
		return arena_fmt(a, "copy of %.*s, which is empty", STR_FMT(text));
	text = arena_fmt(a, "copy of %.*s at %.*s%s", STR_FMT(text), STR_FMT(input->source.at.ref),
	    input->is_tick ? ", its last tick" : "");
	for (size_t i = 0; i < input->paths.count; i++)
		text = arena_fmt(a, "%.*s %s", STR_FMT(text), input->paths.list[i]);
	return text;
}

int
preview_find_state(
    struct preview *preview, struct pachd *cluster, struct preview_input *input, struct err *err)
{
	const struct pfs_ref at = { preview->project, input->repo, input->into };
	struct arena *a = preview->run->arena;
	struct pfs_branch branch;
	struct pfs_commit *list;
	size_t count = 0;

	input->state = COPY_NEW;
	if (!preview->is_there)
		return 0;
	if (pfs_branch(cluster, a, &at, &branch, err) < 0)
		return -1;
	if (!branch.has_repo)
		return 0;
	input->state = COPY_EMPTY;
	if (!branch.exists)
		return 0;
	if (pfs_commits(cluster, a, &at, 1, &list, &count, err) < 0)
		return -1;
	if (count == 0)
		return 0;
	input->commit = list[0].at.ref;
	if (list[0].finished_s == 0 && !list[0].is_finishing)
		input->state = COPY_OPEN;
	else
		input->state = str_eq(list[0].description, input->about) ? COPY_SAME : COPY_MOVED;
	return 0;
}

/* Whether the project exists, or nobody can say: a missing project is reported instead of each of its repos. */
static bool
has_project(const struct preview *preview, struct pachd *cluster, struct str name)
{
	struct pfs_project project;
	struct err ignored;
	bool found;

	return pfs_project(cluster, preview->run->arena, name, &found, &project, &ignored) < 0
	       || found;
}

static bool
may_read(const struct pachd_repo *repo)
{
	return !repo->rights.reported || repo->rights.read;
}

static void
report_missing(struct preview *preview, struct pachd *cluster, const struct preview_input *input,
    const struct pachd_repo *repo)
{
	struct diags *d = &preview->run->diags;
	const struct pachd_facts *facts = pachd_facts(cluster);
	struct str title = spec_title(preview->run->arena, input->project, input->repo);
	const struct pachd_role role = { input->project, input->repo, "repoReader" };

	if (repo->known == PACHD_MISSING && !has_project(preview, cluster, input->project))
		diag_hint(d,
		    diags_error(d, CHECK_PROJECT_MISSING, input->reader->file, input->at,
		        "project '%.*s', which the preview copies from, does not exist",
		        STR_FMT(input->project)),
		    "push the target that this one is 'from' first");
	else if (repo->known == PACHD_MISSING && !input->is_tick)
		diag_hint(d,
		    diags_error(d, CHECK_INPUT_UNMADE, input->reader->file, input->at,
		        "input repo '%.*s' does not exist, and the preview copies it",
		        STR_FMT(title)),
		    "push the base branch first, or correct the name");
	if (repo->known == PACHD_PRESENT && !may_read(repo))
		diag_hint(d,
		    diags_report(d, CHECK_RIGHTS, input->reader->file, input->at,
		        "user '%.*s' may not read from repo '%.*s'", STR_FMT(facts->user),
		        STR_FMT(title)),
		    "ask an administrator to run: %.*s",
		    STR_FMT(pachd_grant(preview->run->arena, facts, &role)));
}

/* Notes where the copy is empty, or not of the newest commit. */
static void
note_source(const struct preview *preview, const struct preview_input *input)
{
	struct ci *ci = &preview->run->ci;
	struct str title = source_title(preview, input);

	if (!input->has_source && !input->is_tick)
		ci_warn(ci, "%.*s has no finished commit without error: the copy is empty",
		    STR_FMT(title));
	else if (input->passed > 0 && !input->is_tick)
		ci_note(ci, "%.*s: %zu newer commit%s open or failed; %.*s is copied",
		    STR_FMT(title), input->passed, input->passed == 1 ? " is" : "s are",
		    STR_FMT(input->source.at.ref));
}

static int
look_at_inputs(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct arena *a = preview->run->arena;
	struct pachd_preflight asked = { .repo_count = preview->input_count,
		.repos = ARENA_ARRAY(a, preview->input_count, struct pachd_repo) };

	for (size_t i = 0; i < preview->input_count; i++)
		asked.repos[i].target =
		    (struct pachd_target){ preview->inputs[i].project, preview->inputs[i].repo };
	if (pachd_preflight(cluster, &asked, err) < 0)
		return -1;
	for (size_t i = 0; i < preview->input_count; i++) {
		struct preview_input *input = &preview->inputs[i];

		report_missing(preview, cluster, input, &asked.repos[i]);
		if (pachd_has_branch(&asked.repos[i], input->branch) && may_read(&asked.repos[i])
		    && find_source(preview, cluster, input, err) < 0)
			return -1;
		if (asked.repos[i].known != PACHD_MISSING && may_read(&asked.repos[i]))
			note_source(preview, input);
		input->about = about_text(preview, input);
		if (preview_find_state(preview, cluster, input, err) < 0)
			return -1;
	}
	return 0;
}

static bool
has_member(const struct preview *preview, struct str name)
{
	for (size_t i = 0; i < preview->member_count; i++)
		if (str_eq(preview->members[i].spec->name, name))
			return true;
	return false;
}

/* Whether what an earlier push made has to go first: a pipeline that is not in this preview, or a copied repo under the name
 * of a pipeline of this one. Who reads what cannot be changed in place. */
static bool
is_in_the_way(const struct preview *preview, const struct inside_thing *thing)
{
	if (!thing->is_ours || thing->is_tick)
		return false;
	return thing->is_pipeline != has_member(preview, thing->name)
	       && (thing->is_pipeline || has_member(preview, thing->name));
}

static int
look_inside(struct preview *preview, struct pachd *cluster, struct err *err)
{
	struct run *run = preview->run;
	struct preview_label ours = preview->label;

	if (!preview->is_there)
		return 0;
	ours.until_s = 0;
	preview->inside = ARENA_NEW(run->arena, struct inside);
	if (inside_read(run, cluster, preview->project, &ours, preview->inside, err) < 0)
		return -1;
	for (size_t i = 0; i < preview->inside->count; i++)
		preview->clears =
		    preview->clears || is_in_the_way(preview, &preview->inside->list[i]);
	if (preview->clears && inside_check_rights(run, cluster, preview->inside, err) < 0)
		return err_wrap(err,
		    "project '%.*s' cannot be emptied, and an earlier push changed other pipelines",
		    STR_FMT(preview->project));
	if (preview->clears)
		ci_note(&run->ci,
		    "project '%.*s' is emptied and made anew: an earlier push changed other "
		    "pipelines",
		    STR_FMT(preview->project));
	for (size_t i = 0; preview->clears && i < preview->input_count; i++)
		preview->inputs[i].state = COPY_NEW;
	return 0;
}

/* The last job in production; who may not see it, or is the first to have the pipeline, learns nothing. */
static int
find_before(
    struct preview *preview, struct pachd *cluster, struct preview_member *m, struct err *err)
{
	const struct pachd_target before = { m->base_project, m->spec->name };
	struct err why = { .kind = ERR_NONE };

	if (pps_last_job(cluster, preview->run->arena, &before, &m->has_before, &m->before, &why)
	    == 0)
		return 0;
	m->has_before = false;
	if (why.kind == ERR_REFUSED)
		return 0;
	*err = why;
	return -1;
}

/* What production's last jobs have cost. */
static int
look_at_jobs(struct preview *preview, struct pachd *cluster, struct err *err)
{
	uint64_t most = preview->keys->max_datums;

	for (size_t i = 0; i < preview->member_count; i++) {
		struct preview_member *m = &preview->members[i];

		if (find_before(preview, cluster, m, err) < 0)
			return -1;
		preview->unmeasured += !m->has_before;
		preview->datums += m->has_before ? m->before.total : 0;
	}
	if (most == 0 || (uint64_t)preview->datums <= most)
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "the preview would process about %lld datums, and target '%s' allows %llu",
	    (long long)preview->datums, preview->run->target_name, (unsigned long long)most);
	return err_hint(err, "copy less with 'inputs', exclude pipelines, or raise 'max-datums'");
}

int
preview_look(struct preview *preview, struct pachd *cluster, struct err *err)
{
	if (preview_check_project(preview, cluster, err) < 0
	    || look_at_inputs(preview, cluster, err) < 0 || look_inside(preview, cluster, err) < 0)
		return -1;
	sets_note(preview);
	return look_at_jobs(preview, cluster, err);
}
