/*
 * A repository of Azure DevOps: its branches and commits. REST reference "Git": "Refs - Update Refs" moves a branch from the
 * commit that is named and answers 200 whatever came of it; "Pushes - Create" answers 409 where the branch has moved.
 */
#include "base/arena.h"
#include "forge/azure.h"
#include "format/doc.h"
#include "process/stop_wait.h"

enum { MERGE_PAUSE_MS = 300, MOST_MERGE_PAUSE_MS = 5000 };

static void
hint_status(struct str status, struct err *err)
{
	if (str_is(status, "rejectedByPolicy") || str_is(status, "locked"))
		(void)err_hint(err,
		    "a policy or a lock protects this branch: write to another one, or give the "
		    "token's user 'Bypass policies when pushing'");
	else if (str_is(status, "writePermissionRequired")
	         || str_is(status, "createBranchPermissionRequired")
	         || str_is(status, "forcePushRequired"))
		(void)err_hint(err,
		    "the token's user (PROJECT Build Service) needs 'Contribute' and 'Create "
		    "branch', and 'Force push' for a branch that it has not made (Project "
		    "settings, Repositories, Security)");
}

/* Moves a branch from one commit to another. An empty `before` makes the branch, an empty `after` deletes it. */
static int
move(struct repository *r, const char *branch, struct str before, struct str after, struct err *err)
{
	const char *what = move_text(r->arena, branch, before, after);
	const struct node *result;
	struct str status;
	struct node *n;
	struct call c;

	call_begin_list(&c);
	json_open(&c.json, NULL, JSON_OBJECT);
	json_string(&c.json, "name", arena_fmt(r->arena, "refs/heads/%s", branch));
	json_string(&c.json, "oldObjectId", before.len ? before : NO_COMMIT);
	json_string(&c.json, "newObjectId", after.len ? after : NO_COMMIT);
	if (call_rest(r, "POST", "/refs?" AZURE_VERSION, &c, what, &n, err) < 0)
		return -1;
	result = first_at(n, "value");
	if (true_at(result, "success"))
		return 0;
	status = text_at(result, "updateStatus");
	(void)err_set(err, ERR_REFUSED, "Azure DevOps refuses to %s in %.*s: %.*s", what,
	    STR_FMT(r->name), STR_FMT(str_head(status, 100)));
	hint_status(status, err);
	return -1;
}

static int
drop_branch(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err)
{
	(void)at;
	return move(r, branch, head, STR(""), err);
}

/* Waits for the merge, which Azure DevOps makes some time after the request. */
static int
wait_for_merge(struct repository *r, struct node **n, struct err *err)
{
	int64_t pause_ms = MERGE_PAUSE_MS;

	for (;;) {
		struct str status = text_at(*n, "status");

		if (!str_is(status, "queued") && !str_is(status, "inProgress"))
			return 0;
		if (!stop_pause(r->rest_opts.stop_fd, (int)pause_ms, r->rest_opts.deadline_ms))
			return err_set(err,
			    stop_is_set(r->rest_opts.stop_fd) ? ERR_INTERRUPTED : ERR_TIMEOUT,
			    "Azure DevOps has not merged yet");
		if (pause_ms < MOST_MERGE_PAUSE_MS)
			pause_ms *= 2;
		if (call_get(r, "read the merge", n, err, "/merges/%.*s?" AZURE_VERSION,
		        STR_FMT(digits_at(*n, "mergeOperationId")))
		    < 0)
			return -1;
	}
}

static int
merge_base(struct repository *r, const struct looked *at, const char *branch, const char *message,
    bool *clashes, struct err *err)
{
	static const char what[] = "merge the base into the branch";
	struct str made, failure;
	struct node *n;
	struct call c;

	call_begin(&c);
	json_text(&c.json, "comment", message);
	json_open(&c.json, "parents", JSON_ARRAY);
	json_string(&c.json, NULL, at->head.oid);
	json_string(&c.json, NULL, at->at.oid);
	if (call_rest(r, "POST", "/merges?" AZURE_VERSION, &c, what, &n, err) < 0
	    || wait_for_merge(r, &n, err) < 0)
		return -1;
	made = text_at(node_get(n, "detailedStatus"), "mergeCommitId");
	if (str_is(text_at(n, "status"), "completed") && is_oid(made))
		return move(r, branch, at->head.oid, made, err);
	*clashes = true;
	failure = text_at(node_get(n, "detailedStatus"), "failureMessage");
	return err_set(err, ERR_REFUSED, "Azure DevOps cannot %s in %.*s: %.*s", what,
	    STR_FMT(r->name), STR_FMT(str_head(failure, 300)));
}

static int
push(struct repository *r, const struct new_commit *c, struct str *oid, struct err *err)
{
	const char *what = arena_fmt(r->arena, "commit to branch '%s'", c->branch).ptr;
	struct node *n;
	struct call call;

	call_begin(&call);
	json_open(&call.json, "refUpdates", JSON_ARRAY);
	json_open(&call.json, NULL, JSON_OBJECT);
	json_string(&call.json, "name", arena_fmt(r->arena, "refs/heads/%s", c->branch));
	json_string(&call.json, "oldObjectId", c->onto.oid);
	json_close(&call.json);
	json_close(&call.json);
	json_open(&call.json, "commits", JSON_ARRAY);
	json_open(&call.json, NULL, JSON_OBJECT);
	json_string(&call.json, "comment",
	    arena_fmt(r->arena, "%.*s\n\n%.*s", STR_FMT(c->headline), STR_FMT(c->body)));
	json_open(&call.json, "changes", JSON_ARRAY);
	for (size_t i = 0; i < c->count; i++) {
		json_open(&call.json, NULL, JSON_OBJECT);
		json_text(&call.json, "changeType", "edit");
		json_open(&call.json, "item", JSON_OBJECT);
		json_string(
		    &call.json, "path", arena_fmt(r->arena, "/%.*s", STR_FMT(c->files[i].path)));
		json_close(&call.json);
		json_open(&call.json, "newContent", JSON_OBJECT);
		json_text(&call.json, "content", base64_of(r->arena, c->files[i].text));
		json_text(&call.json, "contentType", "base64encoded");
		json_close(&call.json);
		json_close(&call.json);
	}
	if (call_rest(r, "POST", "/pushes?" AZURE_VERSION, &call, what, &n, err) < 0)
		return -1;
	*oid = text_at(first_at(n, "refUpdates"), "newObjectId");
	return is_oid(*oid) ? 0 : not_said(r, "what the commit is", err);
}

static const struct entry *
find_entry(const struct entries *all, struct str path)
{
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->list[i].path, path))
			return &all->list[i];
	return NULL;
}

/* A push cannot name modes: where a file's mode was not kept, takes the commit back. */
static int
check_modes(
    struct repository *r, const struct new_commit *c, const struct tip *made, struct err *err)
{
	struct entries now;
	struct err unheard;

	if (is_plain(c))
		return 0;
	if (r->host->files(r, made->tree, &now, err) < 0)
		return -1;
	for (size_t i = 0; i < c->count; i++) {
		const struct entry *e = find_entry(&now, c->files[i].path);
		struct str back = c->before.len == 0 ? STR("") : c->onto.oid;
		bool is_back;

		if (e && str_eq(e->mode, c->files[i].mode))
			continue;
		is_back = move(r, c->branch, made->oid, back, &unheard) == 0;
		(void)err_set(err, ERR_REFUSED,
		    "Azure DevOps does not keep the executable bit of '%.*s' in %.*s%s",
		    STR_FMT(c->files[i].path), STR_FMT(r->name),
		    is_back ? "" : ", and its commit cannot be taken back");
		return err_hint(err, "take the executable bit from the file, or edit a checkout "
		                     "with set-image and commit it with git");
	}
	return 0;
}

/* Moves the branch to the parent first. Where the commit then fails, a branch that was made for it is deleted again, unless
 * somebody else has pushed to it. */
static int
commit_files(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	struct err unheard;

	(void)at;
	if (!str_eq(c->before, c->onto.oid) && move(r, c->branch, c->before, c->onto.oid, err) < 0)
		return -1;
	if (push(r, c, &out->oid, err) < 0) {
		if (c->before.len == 0 && err->kind == ERR_REFUSED)
			(void)(move(r, c->branch, c->onto.oid, STR(""), &unheard) < 0);
		return -1;
	}
	if (azure_tree(r, out->oid, &out->tree, err) < 0)
		return -1;
	return check_modes(r, c, out, err);
}

const struct branch_calls azure_branches = {
	.drop = drop_branch,
	.merge = merge_base,
	.commit = commit_files,
};
