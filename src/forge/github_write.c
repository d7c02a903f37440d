/* A repository on GitHub: its branches and commits. */
#include "base/arena.h"
#include "base/utf8.h"
#include "forge/api.h"
#include "format/doc.h"

static int
may_write_file(
    const struct repository *r, const struct looked *at, const char *path, struct err *err)
{
	if (!at->is_job_token || !str_starts(str_of(path), ".github/workflows/"))
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "a job's own token cannot write '%s' of %.*s: GitHub lets it change no workflows", path,
	    STR_FMT(r->name));
	return err_hint(err,
	    "give the token of a GitHub App with the permission 'workflows: write', "
	    "or leave the file out");
}

static int
move(struct repository *r, const struct looked *at, const char *branch, struct str before,
    struct str after, bool force, struct err *err)
{
	static const char query[] =
	    "mutation($input:UpdateRefsInput!){updateRefs(input:$input){clientMutationId}}";
	const char *what = move_text(r->arena, branch, before, after);
	struct node *data;
	struct call c;

	call_begin_graph(&c, query);
	json_open(&c.json, "input", JSON_OBJECT);
	json_string(&c.json, "repositoryId", at->id);
	json_open(&c.json, "refUpdates", JSON_ARRAY);
	json_open(&c.json, NULL, JSON_OBJECT);
	json_string(&c.json, "name", arena_fmt(r->arena, "refs/heads/%s", branch));
	json_string(&c.json, "beforeOid", before.len ? before : NO_COMMIT);
	json_string(&c.json, "afterOid", after.len ? after : NO_COMMIT);
	json_bool(&c.json, "force", force);
	return call_graph(r, &c, what, &data, err);
}

static int
drop_branch(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err)
{
	return move(r, at, branch, head, STR(""), false, err);
}

static int
merge_base(struct repository *r, const struct looked *at, const char *branch, const char *message,
    bool *clashes, struct err *err)
{
	static const char what[] = "merge the base into the branch";
	struct node *n;
	struct call c;
	int rc;

	call_begin(&c);
	json_text(&c.json, "base", branch);
	json_string(&c.json, "head", at->at.oid);
	json_text(&c.json, "commit_message", message);
	rc = call_rest(r, "POST", "/merges", &c, what, &n, err);
	*clashes = rc < 0 && r->status == 409;
	return rc;
}

/* GitHub makes and signs the commit for any token, with mode 100644 only. */
static int
commit_on_branch(struct repository *r, const struct new_commit *c, struct tip *out, struct err *err)
{
	static const char query[] = "mutation($input:CreateCommitOnBranchInput!){"
	                            "createCommitOnBranch(input:$input){commit{oid tree{oid}}}}";
	const char *what = arena_fmt(r->arena, "commit to branch '%s'", c->branch).ptr;
	struct node *data, *made;
	struct call call;

	call_begin_graph(&call, query);
	json_open(&call.json, "input", JSON_OBJECT);
	json_open(&call.json, "branch", JSON_OBJECT);
	json_string(&call.json, "repositoryNameWithOwner", r->name);
	json_text(&call.json, "branchName", c->branch);
	json_close(&call.json);
	json_string(&call.json, "expectedHeadOid", c->onto.oid);
	json_open(&call.json, "message", JSON_OBJECT);
	json_string(&call.json, "headline", c->headline);
	json_string(&call.json, "body", c->body);
	json_close(&call.json);
	json_open(&call.json, "fileChanges", JSON_OBJECT);
	json_open(&call.json, "additions", JSON_ARRAY);
	for (size_t i = 0; i < c->count; i++) {
		json_open(&call.json, NULL, JSON_OBJECT);
		json_string(&call.json, "path", c->files[i].path);
		json_text(&call.json, "contents", base64_of(r->arena, c->files[i].text));
		json_close(&call.json);
	}
	if (call_graph(r, &call, what, &data, err) < 0)
		return -1;
	made = node_get(node_get(data, "createCommitOnBranch"), "commit");
	*out = (struct tip){ text_at(made, "oid"), text_at(node_get(made, "tree"), "oid") };
	return 0;
}

/* Moves the branch to the parent first. Where the commit then fails, a branch that was made for it is deleted again, unless
 * somebody else has pushed to it. */
static int
commit_signed(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	struct err unheard;

	if (!str_eq(c->before, c->onto.oid)
	    && move(r, at, c->branch, c->before, c->onto.oid, true, err) < 0)
		return -1;
	if (commit_on_branch(r, c, out, err) == 0)
		return 0;
	if (c->before.len == 0 && err->kind == ERR_REFUSED)
		(void)(move(r, at, c->branch, c->onto.oid, STR(""), false, &unheard) < 0);
	return -1;
}

/* Makes a blob, for bytes that JSON cannot hold. */
static int
make_blob(struct repository *r, struct str text, struct str *oid, struct err *err)
{
	struct node *n;
	struct call c;

	call_begin(&c);
	json_text(&c.json, "content", base64_of(r->arena, text));
	json_text(&c.json, "encoding", "base64");
	if (call_rest(r, "POST", "/git/blobs", &c, "write a file", &n, err) < 0)
		return -1;
	*oid = text_at(n, "sha");
	return 0;
}

static int
make_tree(struct repository *r, const struct new_commit *c, struct str *oid, struct err *err)
{
	struct str *blobs = ARENA_ARRAY(r->arena, c->count, struct str);
	struct node *n;
	struct call call;
	size_t at;

	for (size_t i = 0; i < c->count; i++)
		if (!utf8_is_valid(c->files[i].text, &at)
		    && make_blob(r, c->files[i].text, &blobs[i], err) < 0)
			return -1;
	call_begin(&call);
	json_string(&call.json, "base_tree", c->onto.tree);
	json_open(&call.json, "tree", JSON_ARRAY);
	for (size_t i = 0; i < c->count; i++) {
		json_open(&call.json, NULL, JSON_OBJECT);
		json_string(&call.json, "path", c->files[i].path);
		json_string(&call.json, "mode", c->files[i].mode);
		json_text(&call.json, "type", "blob");
		if (blobs[i].len > 0)
			json_string(&call.json, "sha", blobs[i]);
		else
			json_string(&call.json, "content", c->files[i].text);
		json_close(&call.json);
	}
	if (call_rest(r, "POST", "/git/trees", &call, "write the tree", &n, err) < 0)
		return -1;
	*oid = text_at(n, "sha");
	return 0;
}

/* Whether a rule of the base wants signed commits: those of rulesets are listed for everybody who reads. */
static bool
wants_signatures(struct repository *r, const struct looked *at, const struct new_commit *c)
{
	struct err unheard;
	struct node *n;

	if (at->needs_signatures || c->needs_signatures)
		return true;
	if (call_get(r, "read the rules", &n, &unheard, "/rules/branches/%s",
	        rest_escape(r->arena, at->base).ptr)
	        < 0
	    || !n)
		return false;
	for (const struct node *one = n->first; one; one = one->next)
		if (str_is(text_at(one, "type"), "required_signatures"))
			return true;
	return false;
}

/* Makes the commit with modes. GitHub signs it only without author and committer, and only for apps. */
static int
commit_tree(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	struct str message =
	    arena_fmt(r->arena, "%.*s\n\n%.*s", STR_FMT(c->headline), STR_FMT(c->body));
	struct node *n;
	struct call call;

	if (make_tree(r, c, &out->tree, err) < 0)
		return -1;
	call_begin(&call);
	json_string(&call.json, "message", message);
	json_string(&call.json, "tree", out->tree);
	json_open(&call.json, "parents", JSON_ARRAY);
	json_string(&call.json, NULL, c->onto.oid);
	if (call_rest(r, "POST", "/git/commits", &call, "write the commit", &n, err) < 0)
		return -1;
	out->oid = text_at(n, "sha");
	if (!true_at(node_get(n, "verification"), "verified") && wants_signatures(r, at, c)) {
		(void)err_set(err, ERR_REFUSED,
		    "'%.*s' of %.*s wants signed commits, and GitHub signs none with an "
		    "executable file for this token",
		    STR_FMT(at->base), STR_FMT(r->name));
		return err_hint(err, "give the token of a GitHub App, or ${{ github.token }}, or "
		                     "take the executable bit from the files");
	}
	return move(r, at, c->branch, c->before, out->oid, !str_eq(c->before, c->onto.oid), err);
}

static int
commit_files(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	return is_plain(c) ? commit_signed(r, at, c, out, err) : commit_tree(r, at, c, out, err);
}

const struct branch_calls github_branches = {
	.drop = drop_branch,
	.merge = merge_base,
	.may_write = may_write_file,
	.commit = commit_files,
};
