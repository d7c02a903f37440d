#include "deploy/plan/requirements.h"

#include <stdlib.h>

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "deploy/preview/preview.h"
#include "pachd/preflight.h"
#include "pipeline/mount.h"
#include "pipeline/step.h"
#include "session/run.h"

/* Something with a name; of a repo the one branch that matters, empty: all of it. */
struct name {
	struct pachd_target target;
	struct str branch;
};

/* Things with names, while they are collected. */
struct names {
	struct arena *arena;
	struct name *list;
	size_t count, room;
};

/* What is asked about: all specs, or what a plan changes. */
struct scope {
	struct run *run;
	const struct work *work;
	const struct plan *plan;     /* NULL: all */
	const struct pachd *cluster; /* NULL: nothing is known of it yet */
	struct names own;            /* the repos that the specs' pipelines make */
};

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
names_add(struct names *n, struct str project, struct str name, struct str branch)
{
	n->list = arena_grow(n->arena, n->list, n->count, &n->room, sizeof(*n->list));
	n->list[n->count++] = (struct name){ { project, name }, branch };
}

/* Sorts them and leaves each once; where several branches matter, the whole repo does. */
static void
names_sort(struct names *n)
{
	size_t kept = 0;

	if (n->count > 1)
		qsort(n->list, n->count, sizeof(*n->list), by_target);
	for (size_t i = 0; i < n->count; i++) {
		struct name *last = kept > 0 ? &n->list[kept - 1] : NULL;

		if (!last || by_target(last, &n->list[i]) != 0)
			n->list[kept++] = n->list[i];
		else if (!str_eq(last->branch, n->list[i].branch))
			last->branch = STR("");
	}
	n->count = kept;
}

/* How many specs there are to ask for. */
static size_t
scope_count(const struct scope *s)
{
	return s->plan ? s->plan->count : s->work->count;
}

/* One of them; NULL where the plan does not change it. *is_new: it is not there yet, as far as is known. */
static const struct spec *
scope_spec(const struct scope *s, size_t i, bool *is_new)
{
	*is_new = !s->plan || s->plan->steps[i].action == ACTION_CREATE;
	if (!s->plan)
		return s->work->list[i].spec;
	return s->plan->steps[i].action == ACTION_KEEP ? NULL : s->plan->steps[i].spec;
}

/* Whether rights are asked for, which come with the whole repo. */
static bool
wants_rights(const struct scope *s)
{
	return !s->plan || pachd_facts(s->cluster)->has_login;
}

/* Whether the step's inputs are there for certain: its live version reads them. Where a push is not all or nothing, that
 * is looked at all the same. */
static bool
reads_as_before(const struct scope *s, size_t i)
{
	return s->plan && pachd_facts(s->cluster)->transactions
	       && s->plan->steps[i].action == ACTION_UPDATE
	       && !step_changes_input(&s->plan->steps[i]);
}

/* An input that nobody else answers for: its repo is neither a spec's nor a live pipeline's. */
static void
add_input(struct names *out, const struct scope *s, const struct spec_input *input)
{
	struct str branch = input->branch.len ? input->branch : STR("master");
	struct name key = { .target = { input->project, input->repo } };

	if (input->source != SOURCE_REPO)
		return;
	if (wants_rights(s)) {
		names_add(out, input->project, input->repo, STR(""));
		return;
	}
	if (bsearch(&key, s->own.list, s->own.count, sizeof(key), by_target)
	    || (str_is(branch, "master")
	        && pachd_is_listed(s->cluster, input->project, input->repo)))
		return;
	names_add(out, input->project, input->repo, input->has_trigger ? STR("") : branch);
}

static struct names
repos_of(const struct scope *s)
{
	struct names out = { .arena = s->run->arena };

	for (size_t i = 0; i < scope_count(s); i++) {
		bool is_new;
		const struct spec *spec = scope_spec(s, i, &is_new);

		if (!spec)
			continue;
		if (is_new || wants_rights(s))
			names_add(&out, spec->project, spec->name, STR(""));
		for (size_t k = 0; k < spec->input_count; k++)
			if (wants_rights(s) || !reads_as_before(s, i))
				add_input(&out, s, &spec->inputs[k]);
	}
	names_sort(&out);
	return out;
}

static struct names
projects_of(const struct names *repos)
{
	struct names out = { .arena = repos->arena };

	for (size_t i = 0; i < repos->count; i++) {
		struct str project = repos->list[i].target.project;

		if (i == 0 || !str_eq(project, repos->list[i - 1].target.project))
			names_add(&out, STR(""), project, STR(""));
	}
	names_sort(&out);
	return out;
}

static struct names
secrets_of(const struct scope *s)
{
	struct names out = { .arena = s->run->arena };

	for (size_t i = 0; i < scope_count(s); i++) {
		bool is_new;
		const struct spec *spec = scope_spec(s, i, &is_new);
		struct mounts mounts = { 0 };

		if (spec)
			mounts = mounts_of(s->run->arena, spec->node);
		for (size_t k = 0; k < mounts.count; k++)
			names_add(&out, STR(""), mounts.list[k].name, STR(""));
	}
	names_sort(&out);
	return out;
}

/* The lists are sorted by names_sort(); each entry begins with what it is found by. */
static int
by_name(const void *left, const void *right)
{
	return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

const struct pachd_repo *
requirements_repo(const struct requirements *n, struct str project, struct str name)
{
	struct pachd_repo key = { .target = { project, name } };

	return bsearch(&key, n->preflight.repos, n->preflight.repo_count, sizeof(key), by_target);
}

const struct pachd_secret *
requirements_secret(const struct requirements *n, struct str name)
{
	return bsearch(&name, n->preflight.secrets, n->preflight.secret_count,
	    sizeof(struct pachd_secret), by_name);
}

const struct pachd_project *
requirements_project(const struct requirements *n, struct str name)
{
	return bsearch(&name, n->preflight.projects, n->preflight.project_count,
	    sizeof(struct pachd_project), by_name);
}

struct requirement *
requirements_entry(const struct requirements *n, const struct pachd_repo *repo)
{
	return &n->marks[repo - n->preflight.repos];
}

/* Where what the own pipelines make is among what is asked for, it is marked. */
static void
mark_own(const struct scope *s, struct requirements *out)
{
	for (size_t i = 0; i < s->own.count; i++) {
		const struct pachd_target *made = &s->own.list[i].target;
		const struct pachd_repo *repo = requirements_repo(out, made->project, made->name);

		if (repo)
			requirements_entry(out, repo)->is_made = true;
	}
}

/* The output repos of all specs, and those of their cron inputs. */
static void
add_own(struct names *out, const struct spec *spec)
{
	names_add(out, spec->project, spec->name, STR(""));
	for (size_t i = 0; i < spec->input_count; i++)
		if (spec->inputs[i].tick_repo.len > 0)
			names_add(out, spec->inputs[i].project, spec->inputs[i].tick_repo, STR(""));
}

/* What a preview copies is there before the pipelines. */
static void
add_copies(struct names *out, const struct preview *preview)
{
	for (size_t i = 0; preview && i < preview->input_count; i++)
		names_add(out, preview->project, preview->inputs[i].repo, STR(""));
}

struct requirements
requirements_of(
    struct run *run, const struct work *work, const struct plan *plan, const struct pachd *cluster)
{
	struct arena *a = run->arena;
	struct scope s = { run, work, plan, cluster, { .arena = a } };
	struct names repos, secrets, projects;
	struct requirements out = { .marks = NULL };

	for (size_t i = 0; i < work->count; i++)
		add_own(&s.own, work->list[i].spec);
	add_copies(&s.own, work->preview);
	names_sort(&s.own);
	repos = repos_of(&s);
	secrets = secrets_of(&s);
	projects = projects_of(&repos);
	out.preflight = (struct pachd_preflight){
		.repos = ARENA_ARRAY(a, repos.count, struct pachd_repo),
		.secrets = ARENA_ARRAY(a, secrets.count, struct pachd_secret),
		.projects = ARENA_ARRAY(a, projects.count, struct pachd_project),
		.repo_count = repos.count,
		.secret_count = secrets.count,
		.project_count = projects.count,
	};
	out.marks = ARENA_ARRAY(a, repos.count, struct requirement);
	for (size_t i = 0; i < repos.count; i++) {
		out.preflight.repos[i].target = repos.list[i].target;
		out.preflight.repos[i].branch = repos.list[i].branch;
	}
	for (size_t i = 0; i < secrets.count; i++)
		out.preflight.secrets[i].name = secrets.list[i].target.name;
	for (size_t i = 0; i < projects.count; i++)
		out.preflight.projects[i].name = projects.list[i].target.name;
	mark_own(&s, &out);
	if (work->preview) {
		out.made_project = work->preview->project;
		out.clears = work->preview->clears;
	}
	return out;
}
