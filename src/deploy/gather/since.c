#include "deploy/gather/since.h"

#include <string.h>

#include "base/arena.h"
#include "deploy/gather/changed.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/gone.h"
#include "git/repo.h"
#include "git/since.h"
#include "session/pull_request.h"
#include "session/run.h"

/* What the specs are compared with. */
struct base {
	struct str sha;  /* empty: with nothing, everything counts as changed */
	const char *why; /* which commit that is, or why there is none */
	bool is_lost;    /* there should be one: that is worth a warning */
};

/* What the decisions below are made of. */
struct asking {
	struct run *run;
	struct repo *repo;
	struct str head; /* the commit that is checked out */
	struct base *out;
	struct err *err;
};

static int
take_base(struct asking *q, struct str sha, const char *why)
{
	*q->out = (struct base){ .sha = sha, .why = why };
	return 0;
}

static int
take_all(struct asking *q, bool is_lost, const char *why)
{
	*q->out = (struct base){ .sha = { "", 0 }, .why = why, .is_lost = is_lost };
	return 0;
}

/* The commit itself when this clone holds it; else everything. */
static int
take_held(struct asking *q, struct str sha, const char *why)
{
	if (repo_has_commit(q->repo, sha))
		return take_base(q, sha, why);
	return take_all(q, true,
	    arena_fmt(q->run->arena, "%s, %.*s, is not in this clone", why, STR_FMT(sha)).ptr);
}

/* Where the history of `other` and ours part; else everything. */
static int
take_fork(struct asking *q, struct str other, const char *why)
{
	struct str base = { "", 0 };

	if (repo_has_commit(q->repo, other)
	    && repo_merge_base(q->repo, q->run->arena, other, q->head, &base, q->err) < 0)
		return -1;
	if (base.len > 0)
		return take_base(q, base, why);
	return take_all(q, true, arena_fmt(q->run->arena, "%s is not in this clone", why).ptr);
}

/* A pull request's checkout is a merge into the base branch: its first parent is that branch. */
static int
of_pull_request(struct asking *q)
{
	struct pull_request_base base;

	if (pull_request_find_base(
	        q->run->arena, &q->run->event, q->repo, q->head, true, &base, q->err)
	    < 0)
		return -1;
	if (base.is_parent)
		return take_held(q, base.sha, "the base of the pull request");
	if (base.sha.len > 0)
		return take_fork(q, base.sha, "the merge base of the pull request");
	return take_all(q, true, "the event has no base commit");
}

static int
of_tag(struct asking *q)
{
	struct arena *a = q->run->arena;
	struct str name, sha;

	if (repo_tag_before(q->repo, a, ref_short(q->run->event.ref), &name, &sha, q->err) < 0)
		return -1;
	if (sha.len == 0)
		return take_all(q, repo_is_shallow(q->repo), "no earlier tag is in this clone");
	return take_held(q, sha, arena_fmt(a, "tag %.*s", STR_FMT(name)).ptr);
}

/* A new branch is compared with where it left the default branch. */
static int
of_new_branch(struct asking *q)
{
	const struct event *event = &q->run->event;
	struct arena *a = q->run->arena;
	struct err ignored;
	struct str tip;

	if (event->default_branch.len == 0 || str_eq(event->branch, event->default_branch))
		return take_all(q, false, "this is the branch's first push");
	if (repo_peel(q->repo, a,
	        arena_fmt(a, "refs/remotes/origin/%.*s", STR_FMT(event->default_branch)), &tip,
	        &ignored)
	    < 0)
		return take_all(q, true,
		    arena_fmt(a, "branch %.*s is not in this clone", STR_FMT(event->default_branch))
		        .ptr);
	return take_fork(
	    q, tip, arena_fmt(a, "the merge base with %.*s", STR_FMT(event->default_branch)).ptr);
}

/* The trees are compared, so that it is the same whether a push was forced or not. */
static int
of_event(struct asking *q)
{
	const struct event *event = &q->run->event;

	if (!event->name) {
		(void)err_set(
		    q->err, ERR_USAGE, "input 'since' is 'event', but this run has no CI event");
		return err_hint(q->err, "name a revision: --since main, --since HEAD~1");
	}
	if (event->is_pull_request)
		return of_pull_request(q);
	if (str_starts(event->ref, "refs/tags/"))
		return of_tag(q);
	if (event->before.len > 0)
		return take_held(q, event->before, "the commit before this push");
	if (event->is_creation)
		return of_new_branch(q);
	return take_all(q, false,
	    arena_fmt(q->run->arena, "event '%s' names no commit before it", event->name).ptr);
}

static int
of_revision(struct asking *q, const char *rev)
{
	struct arena *a = q->run->arena;
	struct str named, base;

	if (repo_peel(q->repo, a, str_of(rev), &named, q->err) < 0
	    || repo_merge_base(q->repo, a, named, q->head, &base, q->err) < 0)
		return -1;
	if (base.len > 0)
		return take_base(q, base,
		    str_eq(base, named) ? rev
		                        : arena_fmt(a, "the merge base of %s and HEAD", rev).ptr);
	if (!repo_is_shallow(q->repo))
		return take_base(q, named, rev);
	(void)err_set(q->err, ERR_SYSTEM,
	    "this shallow clone does not contain the merge base of '%s' and HEAD", rev);
	return err_hint(q->err, "%s", depth_hint);
}

static int
find_base(struct run *run, struct repo *repo, struct base *out, struct err *err)
{
	struct asking q = { .run = run, .repo = repo, .out = out, .err = err };
	const char *since = run->opt.since;
	struct repo_head head;

	if (repo_head(repo, run->arena, &head, err) < 0)
		return -1;
	q.head = head.sha;
	return strcmp(since, "event") == 0 ? of_event(&q) : of_revision(&q, since);
}

static int
mark_changed(struct run *run, struct repo *repo, const struct base *base, const struct lists *lists,
    struct work *work, struct err *err)
{
	struct since *since = since_open(repo, base->sha, err);
	struct changed changed;
	int rc = since ? changed_find(run, since, lists, work, &changed, err) : -1;

	if (rc == 0) {
		work->since = str_head(base->sha, 7);
		changed_mark(run, work, &changed, base->why);
		rc = gone_find(run, since, &changed, work, err);
	}
	since_close(since);
	return rc;
}

int
since_mark(struct run *run, const struct lists *lists, struct work *work, struct err *err)
{
	const char *workspace = ci_workspace(&run->ci);
	struct base base = { .why = "" };
	struct repo *repo;
	int rc;

	if (!run->opt.since)
		return 0;
	repo = repo_open(run->arena, ".", workspace != NULL, err);
	if (!repo) {
		(void)err_wrap(err, "input 'since'");
		return err_hint(err, "add a checkout step before this step");
	}
	rc = find_base(run, repo, &base, err);
	if (rc == 0 && base.sha.len > 0)
		rc = mark_changed(run, repo, &base, lists, work, err);
	else if (rc == 0 && base.is_lost)
		ci_warn(&run->ci, "since %s: %s; all pipelines count as changed; %s",
		    run->opt.since, base.why, depth_hint);
	else if (rc == 0)
		ci_note(&run->ci, "since %s: %s; all pipelines count as changed", run->opt.since,
		    base.why);
	repo_close(repo);
	if (rc < 0 && err->kind != ERR_USAGE)
		return err_wrap(err, "input 'since'");
	return rc;
}
