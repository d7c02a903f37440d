#include "deploy/plan/requirements.h"

#include <stdlib.h>

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "inputs/run.h"
#include "pachd/preflight.h"
#include "pipeline/mount.h"

/* Things with names, while they are collected. */
struct names {
	struct arena *arena;
	struct pachd_target *list;
	size_t count, room;
};

static int
by_target(const void *left, const void *right)
{
	const struct pachd_target *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
names_add(struct names *n, struct str project, struct str name)
{
	n->list = arena_grow(n->arena, n->list, n->count, &n->room, sizeof(*n->list));
	n->list[n->count++] = (struct pachd_target){ project, name };
}

/* Sorts them and leaves each once. */
static void
names_sort(struct names *n)
{
	size_t kept = 0;

	if (n->count > 1)
		qsort(n->list, n->count, sizeof(*n->list), by_target);
	for (size_t i = 0; i < n->count; i++)
		if (kept == 0 || by_target(&n->list[kept - 1], &n->list[i]) != 0)
			n->list[kept++] = n->list[i];
	n->count = kept;
}

static const struct str nothing = { "", 0 };

static struct names
repos_of(struct arena *a, const struct work *work)
{
	struct names out = { .arena = a };

	for (size_t i = 0; i < work->count; i++) {
		const struct spec *spec = work->list[i].spec;

		names_add(&out, spec->project, spec->name);
		for (size_t k = 0; k < spec->input_count; k++)
			if (spec->inputs[k].source == SOURCE_REPO)
				names_add(&out, spec->inputs[k].project, spec->inputs[k].repo);
	}
	names_sort(&out);
	return out;
}

static struct names
projects_of(const struct names *repos)
{
	struct names out = { .arena = repos->arena };

	for (size_t i = 0; i < repos->count; i++)
		if (i == 0 || !str_eq(repos->list[i].project, repos->list[i - 1].project))
			names_add(&out, nothing, repos->list[i].project);
	names_sort(&out);
	return out;
}

static struct names
secrets_of(struct arena *a, const struct work *work)
{
	struct names out = { .arena = a };

	for (size_t i = 0; i < work->count; i++) {
		struct mounts mounts = mounts_of(a, work->list[i].spec->node);

		for (size_t k = 0; k < mounts.count; k++)
			names_add(&out, nothing, mounts.list[k].name);
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

struct requirements
requirements_of(struct run *run, const struct work *work)
{
	struct arena *a = run->arena;
	struct names repos = repos_of(a, work), secrets = secrets_of(a, work);
	struct names projects = projects_of(&repos);
	struct pachd_preflight preflight = {
		.repos = ARENA_ARRAY(a, repos.count, struct pachd_repo),
		.secrets = ARENA_ARRAY(a, secrets.count, struct pachd_secret),
		.projects = ARENA_ARRAY(a, projects.count, struct pachd_project),
		.repo_count = repos.count,
		.secret_count = secrets.count,
		.project_count = projects.count,
	};
	struct requirements out;

	for (size_t i = 0; i < repos.count; i++)
		preflight.repos[i].target = repos.list[i];
	for (size_t i = 0; i < secrets.count; i++)
		preflight.secrets[i].name = secrets.list[i].name;
	for (size_t i = 0; i < projects.count; i++)
		preflight.projects[i].name = projects.list[i].name;
	out = (struct requirements){ preflight, ARENA_ARRAY(a, repos.count, struct requirement) };
	for (size_t i = 0; i < work->count; i++) {
		const struct spec *spec = work->list[i].spec;

		requirements_entry(&out, requirements_repo(&out, spec->project, spec->name))
		    ->is_made = true;
	}
	return out;
}
