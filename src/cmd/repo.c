/* repo ensure: creates projects, repos and branches that are missing. */
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "format/json_builder.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "session/connect.h"
#include "session/run.h"

#define EXAMPLE "repo ensure images vision/masks@master"

enum { MAX_JSON = 4 << 20 };

/* One REPO[@BRANCH] and what is missing of it. */
struct wanted {
	struct place place;
	bool makes_project, makes_repo, makes_branch;
};

struct ensuring {
	struct run *run;
	struct pachd *cluster;
	struct wanted *list;
	size_t count, made;
	bool planning;
};

static int
read_wanted(struct ensuring *e, struct err *err)
{
	const char *const *words;
	size_t count = words_of(e->run, &words);

	if (count == 0)
		return usage_error(err, "no repo is named", EXAMPLE);
	e->list = ARENA_ARRAY(e->run->arena, count, struct wanted);
	for (size_t i = 0; i < count; i++) {
		struct place *place = &e->list[e->count++].place;

		if (read_place(e->run, words[i], NEEDS_REPO, place, err) < 0)
			return -1;
		if (place->path.len > 0)
			return usage_error(
			    err, "repo ensure makes repos and branches, no paths", EXAMPLE);
	}
	return 0;
}

/* Finds what is missing, with calls that are sent together. */
static int
look_for_repos(struct ensuring *e, struct err *err)
{
	struct arena *a = e->run->arena;
	struct pachd_repo *repos = ARENA_ARRAY(a, e->count, struct pachd_repo);
	struct pachd_project *projects = ARENA_ARRAY(a, e->count, struct pachd_project);
	struct pachd_preflight around = { .repos = repos,
		.repo_count = e->count,
		.projects = projects,
		.project_count = e->count };

	for (size_t i = 0; i < e->count; i++) {
		repos[i].target =
		    (struct pachd_target){ e->list[i].place.at.project, e->list[i].place.at.repo };
		projects[i].name = e->list[i].place.at.project;
	}
	if (pachd_probe(e->cluster, NULL, 0, NULL, err) < 0
	    || pachd_preflight(e->cluster, &around, err) < 0)
		return -1;
	for (size_t i = 0; i < e->count; i++) {
		struct wanted *w = &e->list[i];

		if (pachd_check_project(e->cluster, w->place.at.project, err) < 0)
			return -1;
		w->makes_project = projects[i].known == PACHD_MISSING;
		w->makes_repo = repos[i].known != PACHD_PRESENT;
		w->makes_branch =
		    w->place.at.ref.len > 0 && !pachd_has_branch(&repos[i], w->place.at.ref);
	}
	return 0;
}

static void
print_made(struct ensuring *e, const char *what, struct str name, enum pfs_made made)
{
	if (made == PFS_WAS_THERE)
		return;
	e->made++;
	if (!output_is_json(&e->run->in))
		ci_out(&e->run->ci, "create %-8s %.*s", what, STR_FMT(name));
}

static int
make_missing(struct ensuring *e, const struct wanted *w, struct err *err)
{
	struct arena *a = e->run->arena;
	struct pfs_ref repo = w->place.at;
	enum pfs_made made = PFS_MADE;

	repo.ref = STR("");
	if (w->makes_project) {
		if (!e->planning && pfs_make_project(e->cluster, repo.project, &made, err) < 0)
			return err_wrap(err, "cannot create project '%.*s'", STR_FMT(repo.project));
		print_made(e, "project", repo.project, made);
	}
	made = PFS_MADE;
	if (w->makes_repo) {
		if (!e->planning && pfs_make_repo(e->cluster, &repo, &made, err) < 0)
			return err_wrap(err, "cannot create repo '%.*s'",
			    STR_FMT(place_title(a, &repo, STR(""))));
		print_made(e, "repo", place_title(a, &repo, STR("")), made);
	}
	if (w->makes_branch) {
		if (!e->planning && pfs_make_branch(e->cluster, &w->place.at, err) < 0)
			return err_wrap(err, "cannot create branch '%.*s'",
			    STR_FMT(place_title(a, &w->place.at, STR(""))));
		print_made(e, "branch", place_title(a, &w->place.at, STR("")), PFS_MADE);
	}
	return 0;
}

static int
print_json(const struct ensuring *e, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_uint(&j, "created", e->made);
	json_uint(&j, "named", e->count);
	json_close(&j);
	return ci_raw_json(&e->run->ci, &j, "the result", err);
}

static int
ensure(struct ensuring *e, struct err *err)
{
	struct run *run = e->run;

	if (look_for_repos(e, err) < 0)
		return -1;
	connect_log_cluster(run, pachd_facts(e->cluster));
	for (size_t i = 0; i < e->count; i++) {
		bool known = false; /* named twice: made once */

		for (size_t j = 0; j < i; j++)
			known = known
			        || (str_eq(e->list[j].place.at.repo, e->list[i].place.at.repo)
			            && str_eq(
			                e->list[j].place.at.project, e->list[i].place.at.project));
		e->list[i].makes_project = e->list[i].makes_project && !known;
		e->list[i].makes_repo = e->list[i].makes_repo && !known;
		if (make_missing(e, &e->list[i], err) < 0)
			return -1;
	}
	if (!output_is_json(&run->in))
		ci_out(&run->ci, "%zu %screated, %zu named", e->made, e->planning ? "to be " : "",
		    e->count);
	else if (print_json(e, err) < 0)
		return -1;
	return ci_output_number(&run->ci, "created", e->planning ? 0 : e->made, err);
}

int
cmd_repo_ensure(struct run *run, struct err *err)
{
	struct ensuring e = { .run = run };
	int rc;

	if (read_wanted(&e, err) < 0 || connect_decide(run, &e.planning, err) < 0)
		return -1;
	e.cluster = connect_open(run, err);
	if (!e.cluster)
		return -1;
	rc = ensure(&e, err);
	pachd_close(e.cluster);
	return rc;
}
