/*
 * A repository of GitLab: its branches and commits. GitLab Docs, "Commits API": a commit goes onto the branch whatever
 * commit that is at, or with start_sha makes it, or with force resets it: so each is done under the lock.
 */
#include <string.h>

#include "base/arena.h"
#include "forge/gitlab.h"
#include "format/doc.h"
#include "process/stop_wait.h"

enum { REBASE_PAUSE_MS = 500, MOST_REBASE_PAUSES = 60 };

/* -1 with ERR_REFUSED: the branch is not where it was seen. */
static int
check_tip(struct repository *r, const char *branch, struct str seen, struct err *err)
{
	struct tip now;

	if (r->host->tip(r, branch, &now, err) < 0)
		return -1;
	return str_eq(now.oid, seen) ? 0
	                             : err_set(err, ERR_REFUSED, "branch '%s' of %.*s has moved",
	                                 branch, STR_FMT(r->name));
}

/* Locks the branch, which must be at `seen`: no other run of pachup then moves it until gitlab_unlock(). */
static int
lock_at(struct repository *r, const char *branch, struct str seen, struct gitlab_lock *lock,
    struct err *err)
{
	if (gitlab_lock(r, branch, lock, err) < 0)
		return -1;
	if (check_tip(r, branch, seen, err) == 0)
		return 0;
	gitlab_unlock(r, lock);
	return -1;
}

static int
drop_branch(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err)
{
	const char *path = arena_fmt(
	    r->arena, "/repository/branches/%s", rest_escape(r->arena, str_of(branch)).ptr)
	                       .ptr;
	struct gitlab_lock lock;
	struct node *n;
	int rc;

	(void)at;
	if (lock_at(r, branch, head, &lock, err) < 0)
		return -1;
	rc = call_rest(r, "DELETE", path, NULL, "delete the branch", &n, err);
	gitlab_unlock(r, &lock);
	return rc;
}

static const struct pull *
find_open_pull(const struct looked *at)
{
	for (size_t i = 0; i < at->pull_count; i++)
		if (at->pulls[i].is_open && str_eq(at->pulls[i].base, at->base))
			return &at->pulls[i];
	return NULL;
}

/* Waits for the rebase, which GitLab makes some time after the request. */
static int
wait_for_rebase(struct repository *r, const char *request, bool *clashes, struct err *err)
{
	const struct rest_opts *limits = &r->rest_opts;

	for (int i = 0; i < MOST_REBASE_PAUSES; i++) {
		struct str failure;
		struct node *n;

		if (call_get(r, "read the rebase", &n, err, "%s?include_rebase_in_progress=true",
		        request)
		    < 0)
			return -1;
		failure = text_at(n, "merge_error");
		if (!true_at(n, "rebase_in_progress")) {
			*clashes = failure.len > 0;
			return failure.len == 0
			           ? 0
			           : err_set(err, ERR_REFUSED, "GitLab cannot rebase: %.*s",
			               STR_FMT(str_head(failure, 300)));
		}
		if (!stop_pause(limits->stop_fd, REBASE_PAUSE_MS, limits->deadline_ms))
			return err_set(err,
			    stop_is_set(limits->stop_fd) ? ERR_INTERRUPTED : ERR_TIMEOUT,
			    "GitLab has not rebased yet");
	}
	return err_set(err, ERR_REFUSED, "GitLab has not rebased yet");
}

/* GitLab merges branches by merge requests only; a rebase of the request keeps the messages of our commits. */
static int
merge_base(struct repository *r, const struct looked *at, const char *branch, const char *message,
    bool *clashes, struct err *err)
{
	static const char what[] = "rebase the merge request";
	const struct pull *p = find_open_pull(at);
	struct gitlab_lock lock;
	const char *request, *path;
	struct node *n;
	int rc;

	(void)message;
	if (!p)
		return err_set(err, ERR_REFUSED, "it has no merge request to rebase");
	request = arena_fmt(r->arena, "/merge_requests/%lld", (long long)p->number).ptr;
	path = arena_fmt(r->arena, "%s/rebase", request).ptr;
	if (lock_at(r, branch, at->head.oid, &lock, err) < 0)
		return -1;
	rc = call_rest(r, "PUT", path, NULL, what, &n, err);
	if (rc == 0)
		rc = wait_for_rebase(r, request, clashes, err);
	gitlab_unlock(r, &lock);
	return rc;
}

static int
send_commit(struct repository *r, const struct new_commit *c, struct str *oid, struct str *parent,
    struct err *err)
{
	const char *what = arena_fmt(r->arena, "commit to branch '%s'", c->branch).ptr;
	bool is_onto = str_eq(c->before, c->onto.oid);
	struct node *n, *parents;
	struct call call;

	call_begin(&call);
	json_text(&call.json, "branch", c->branch);
	json_string(&call.json, "commit_message",
	    arena_fmt(r->arena, "%.*s\n\n%.*s", STR_FMT(c->headline), STR_FMT(c->body)));
	if (!is_onto)
		json_string(&call.json, "start_sha", c->onto.oid);
	if (!is_onto && c->before.len > 0)
		json_bool(&call.json, "force", true);
	json_open(&call.json, "actions", JSON_ARRAY);
	for (size_t i = 0; i < c->count; i++) {
		json_open(&call.json, NULL, JSON_OBJECT);
		json_text(&call.json, "action", "update");
		json_string(&call.json, "file_path", c->files[i].path);
		json_text(&call.json, "encoding", "base64");
		json_text(&call.json, "content", base64_of(r->arena, c->files[i].text));
		json_close(&call.json);
	}
	if (call_rest(r, "POST", "/repository/commits", &call, what, &n, err) < 0)
		return -1;
	*oid = text_at(n, "id");
	parents = node_get(n, "parent_ids");
	*parent = parents && parents->first ? parents->first->text : STR("");
	return is_oid(*oid) ? 0 : not_said(r, "what the commit is", err);
}

/* Somebody who does not know our lock may have pushed between our look and our commit, which holds whole files. */
static int
check_parent(struct repository *r, const struct new_commit *c, struct str oid, struct str parent,
    struct err *err)
{
	if (str_eq(parent, c->onto.oid))
		return 0;
	(void)err_set(err, ERR_FAILED,
	    "somebody pushed to branch '%s' of %.*s while commit %.*s was made, and it may undo "
	    "that "
	    "in the same files",
	    c->branch, STR_FMT(r->name), STR_FMT(str_head(oid, 12)));
	return err_hint(err, "compare %.*s with its parent", STR_FMT(str_head(oid, 12)));
}

/* The action "update" keeps the file's mode. */
static int
commit_files(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	struct gitlab_lock lock;
	struct str parent;
	int rc;

	(void)at;
	if (lock_at(r, c->branch, c->before, &lock, err) < 0)
		return -1;
	rc = send_commit(r, c, &out->oid, &parent, err);
	gitlab_unlock(r, &lock);
	if (rc < 0 || check_parent(r, c, out->oid, parent, err) < 0)
		return -1;
	out->tree = out->oid;
	return 0;
}

const struct branch_calls gitlab_branches = {
	.drop = drop_branch,
	.merge = merge_base,
	.commit = commit_files,
};
