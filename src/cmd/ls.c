/* ls: lists repos, the branches of a repo, or the files of a directory. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/commit.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "session/run.h"

#define EXAMPLE "ls images@master:/"

enum { MAX_JSON = 64 << 10, MAX_BRANCHES_JSON = 16 << 20, MAX_HISTORY = 1000, MAX_NAMES = 10 };

/* Entries are printed as they come, so that a directory may be larger than memory. */
struct printing {
	struct run *run;
	const struct pfs_commit *commit; /* shown with --history */
	bool has_history;
	size_t count;
	struct json json; /* one document, printed entry by entry */
	struct buf text;  /* what is not yet printed of it */
};

static struct str
hash_text(struct arena *a, struct str hash)
{
	struct buf hex = BUF_INIT(2 * hash.len);

	for (size_t i = 0; i < hash.len; i++)
		buf_fmt(&hex, "%02x", (unsigned char)hash.ptr[i]);
	return buf_take(&hex, a);
}

static int
print_json_entry(struct printing *p, const struct pfs_file *file, struct err *err)
{
	struct arena *scratch = arena_like(p->run->arena);
	struct json *j = &p->json;

	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "path", file->path);
	json_text(j, "type", file->is_dir ? "dir" : "file");
	json_uint(j, "size", file->size);
	if (file->committed_s > 0)
		json_string(j, "committed", time_text(scratch, file->committed_s));
	json_string(j, "hash", hash_text(scratch, file->hash));
	json_string(j, "commit", p->commit->at.ref);
	json_close(j);
	arena_free(scratch);
	if (buf_is_full(&p->text)) {
		buf_clear(&p->text);
		return err_set(err, ERR_SYSTEM, "an entry is larger than %d bytes", MAX_JSON);
	}
	ci_raw(&p->run->ci, buf_str(&p->text));
	buf_clear(&p->text);
	return 0;
}

static void
print_entry(struct printing *p, const struct pfs_file *file)
{
	struct arena *scratch = arena_like(p->run->arena);
	int64_t when = file->committed_s ? file->committed_s : p->commit->finished_s;
	struct str commit =
	    p->has_history ? arena_fmt(scratch, "%.*s  ", STR_FMT(p->commit->at.ref)) : STR("");

	ci_out(&p->run->ci, "%.*s%10.*s  %-20.*s  %.*s%s", STR_FMT(commit),
	    STR_FMT(size_text(scratch, file->size)), STR_FMT(time_text(scratch, when)),
	    STR_FMT(file->path), file->is_dir && !str_is(file->path, "/") ? "/" : "");
	arena_free(scratch);
}

static int
print_file(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct printing *p = ctx;

	p->count++;
	if (output_is_json(&p->run->in))
		return print_json_entry(p, file, err);
	print_entry(p, file);
	return 0;
}

/* One commit; *found is false when it has no such path. */
static int
list_commit(
    struct printing *p, struct pachd *cluster, struct str path, bool *found, struct err *err)
{
	size_t before = p->count;
	struct pfs_file file;
	bool is_missing;
	int rc = pfs_list(cluster, &p->commit->at, path, print_file, p, &is_missing, err);

	*found = p->count > before;
	if (*found || (rc < 0 && !is_missing))
		return rc;
	if (pfs_inspect(cluster, p->run->arena, &p->commit->at, path, found, &file, err) < 0)
		return -1;
	/* the root of an empty commit is a directory without entries, or nothing at all */
	*found = *found || str_is(path, "/");
	return 0;
}

static int
nothing_there(struct run *run, const struct place *place, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "'%.*s' not found",
	    STR_FMT(place_title(run->arena, &place->at, place->path)));
	return err_hint(err, "list what is there: pachup ls %.*s:/",
	    STR_FMT(place_title(run->arena, &place->at, STR(""))));
}

/* The commits to list, the newest first; in the run's arena. */
static int
find_commits(struct run *run, struct pachd *cluster, const struct place *place, int64_t history,
    struct pfs_commit **out, size_t *count, struct err *err)
{
	struct pfs_commit *last = ARENA_NEW(run->arena, struct pfs_commit);
	bool waits = false;

	*out = last;
	*count = 1;
	if (read_wait(run, &waits, err) < 0
	    || (history > 1 ? commit_look_up(run, cluster, place, waits, last, err)
	                    : commit_resolve(run, cluster, place, waits, last, err))
	           < 0)
		return -1;
	if (history > 1
	    && pfs_commits(cluster, run->arena, &last->at, (size_t)history, out, count, err) < 0)
		return err_wrap(err, "cannot list the commits of '%.*s'",
		    STR_FMT(place_title(run->arena, &place->at, STR(""))));
	return 0;
}

static int
list_commits(struct printing *p, struct pachd *cluster, const struct place *place, int64_t history,
    struct err *err)
{
	struct run *run = p->run;
	struct pfs_commit *commits;
	bool found = false;
	size_t count;

	if (find_commits(run, cluster, place, history, &commits, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool here = false;

		p->commit = &commits[i];
		commits[i].at.project = place->at.project;
		if (commits[i].finished_s == 0 && !commits[i].is_finishing) {
			ci_note(&run->ci, "commit %.*s is not finished, and left out",
			    STR_FMT(commits[i].at.ref));
			continue;
		}
		if (list_commit(p, cluster, place->path, &here, err) < 0)
			return err_wrap(err, "cannot list '%.*s'",
			    STR_FMT(place_title(run->arena, &commits[i].at, place->path)));
		found = found || here;
	}
	return found ? EXIT_DONE : nothing_there(run, place, err);
}

/* JSON is whole also where the listing breaks off; before the first entry the errors are the document. */
static int
list_files(struct run *run, struct pachd *cluster, const struct place *place, int64_t history,
    struct err *err)
{
	struct printing p = {
		.run = run, .has_history = run->opt.history > 0, .text = BUF_INIT(MAX_JSON)
	};
	int rc;

	p.json = JSON_TO(&p.text);
	json_open(&p.json, NULL, JSON_ROWS);
	rc = list_commits(&p, cluster, place, history, err);
	json_close(&p.json);
	if (output_is_json(&run->in) && (rc == EXIT_DONE || p.count > 0))
		ci_raw(&run->ci, json_line(&p.json));
	buf_free(&p.text);
	return rc;
}

static void
print_branch(struct run *run, const struct pfs_ref *at, const struct pfs_branch *branch)
{
	ci_out(&run->ci, "%.*s  %.*s%s", STR_FMT(place_title(run->arena, at, STR(""))),
	    STR_FMT(branch->head.len ? branch->head : STR("-")),
	    branch->is_output ? "  written by its pipeline" : "");
}

static void
add_json_branch(struct json *j, struct str name, const struct pfs_branch *branch)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "branch", name);
	json_string(j, "commit", branch->head);
	json_bool(j, "output", branch->is_output);
	json_close(j);
}

/* All of them or, where one cannot be read, none. */
static int
print_branches(struct run *run, const struct place *place, const struct pachd_repo *repo,
    const struct pfs_branch *branches, struct err *err)
{
	struct buf text = BUF_INIT(MAX_BRANCHES_JSON);
	struct json j = JSON_TO(&text);
	struct pfs_ref at = place->at;

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < repo->branch_count; i++) {
		at.ref = repo->branches[i];
		if (output_is_json(&run->in))
			add_json_branch(&j, at.ref, &branches[i]);
		else
			print_branch(run, &at, &branches[i]);
	}
	json_close(&j);
	(void)json_line(&j);
	if (output_is_json(&run->in))
		return ci_result_take(&run->ci, &text, "the list of branches", err);
	if (repo->branch_count == 0)
		ci_out(&run->ci, "no branches");
	buf_free(&text);
	return 0;
}

/* A repo: its branches and their heads. */
static int
list_branches(struct run *run, struct pachd *cluster, const struct place *place, struct err *err)
{
	struct pachd_repo repo = { .target = { place->at.project, place->at.repo } };
	struct pachd_preflight around = { .repos = &repo, .repo_count = 1 };
	struct pfs_branch *branches;

	if (pachd_check_project(cluster, place->at.project, err) < 0
	    || pachd_preflight(cluster, &around, err) < 0)
		return -1;
	if (repo.known == PACHD_MISSING) {
		(void)err_set(err, ERR_REFUSED, "repo '%.*s' not found",
		    STR_FMT(place_title(run->arena, &place->at, STR(""))));
		return err_hint(err, "check its name, or create it: pachup repo ensure %.*s",
		    STR_FMT(place_title(run->arena, &place->at, STR(""))));
	}
	branches = ARENA_ARRAY(run->arena, repo.branch_count, struct pfs_branch);
	for (size_t i = 0; i < repo.branch_count; i++) {
		struct pfs_ref at = place->at;

		at.ref = repo.branches[i];
		if (pfs_branch(cluster, run->arena, &at, &branches[i], err) < 0)
			return err_wrap(err, "cannot read branch '%.*s'",
			    STR_FMT(place_title(run->arena, &at, STR(""))));
	}
	return print_branches(run, place, &repo, branches, err);
}

/* "images  2 branches: dev, master" */
static void
print_repo(struct run *run, const struct pfs_repo *repo)
{
	const struct pfs_ref at = { repo->project, repo->name, STR("") };
	struct str names = STR("");

	for (size_t i = 0; i < repo->branch_count && i < MAX_NAMES; i++)
		names = arena_listed(run->arena, names, repo->branches[i]);
	if (repo->branch_count > MAX_NAMES)
		names = arena_fmt(run->arena, "%.*s and %zu more", STR_FMT(names),
		    repo->branch_count - MAX_NAMES);
	ci_out(&run->ci, "%.*s  %.*s", STR_FMT(place_title(run->arena, &at, STR(""))),
	    STR_FMT(names.len ? names : STR("-")));
}

static void
add_json_repo(struct json *j, const struct pfs_repo *repo)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", repo->project);
	json_string(j, "repo", repo->name);
	json_open(j, "branches", JSON_ARRAY);
	for (size_t i = 0; i < repo->branch_count; i++)
		json_string(j, NULL, repo->branches[i]);
	json_close(j);
	json_close(j);
}

/* The repos of the project that is asked for, or of all. */
static int
list_repos(struct run *run, struct pachd *cluster, struct err *err)
{
	const char *project = run->opt.project;
	struct buf text = BUF_INIT(MAX_BRANCHES_JSON);
	struct json j = JSON_TO(&text);
	struct pfs_repo *repos;
	size_t count, shown = 0;

	if (project && pachd_check_project(cluster, str_of(project), err) < 0)
		return -1;
	if (pfs_repos(cluster, run->arena, &repos, &count, err) < 0)
		return -1;
	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < count; i++) {
		if (project && !str_is(repos[i].project, project))
			continue;
		shown++;
		if (output_is_json(&run->in))
			add_json_repo(&j, &repos[i]);
		else
			print_repo(run, &repos[i]);
	}
	json_close(&j);
	(void)json_line(&j);
	if (output_is_json(&run->in))
		return ci_result_take(&run->ci, &text, "the list of repos", err);
	if (shown == 0)
		ci_out(&run->ci, "no repos");
	buf_free(&text);
	return EXIT_DONE;
}

static int
list_place(struct run *run, struct pachd *cluster, struct place *place, struct err *err)
{
	int64_t history = run->opt.history ? run->opt.history : 1;

	if (history > MAX_HISTORY)
		history = MAX_HISTORY;
	if (place->path.len == 0)
		place->path = STR("/");
	return place->at.ref.len == 0 ? list_branches(run, cluster, place, err)
	                              : list_files(run, cluster, place, history, err);
}

int
cmd_ls(struct run *run, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);
	struct pachd *cluster;
	struct place place;
	int rc;

	if (count == 0) {
		words = run->opt.files.list;
		count = run->opt.files.count;
	}
	if (count > 1)
		return usage_error(err, "ls lists one place at a time", EXAMPLE);
	if (count > 0 && read_place(run, words[0], NEEDS_REPO, &place, err) < 0)
		return -1;
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = count > 0 ? list_place(run, cluster, &place, err) : list_repos(run, cluster, err);
	pachd_close(cluster);
	return rc;
}
