/* A repository of Azure DevOps: what is there. REST reference "Git". */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "forge/azure.h"
#include "format/doc.h"

static const char *
provider(const struct env *env)
{
	const char *name = env_get(env, "BUILD_REPOSITORY_PROVIDER");

	return name ? name : "";
}

static bool
is_home(const struct env *env)
{
	return strcmp(provider(env), "TfsGit") == 0;
}

static int
bad_name(struct str name, struct err *err)
{
	if (name.len > 0)
		(void)err_set(err, ERR_USAGE, "input 'repo' is '%.*s', which is not PROJECT/REPO",
		    STR_FMT(str_head(name, 100)));
	else
		(void)err_set(err, ERR_USAGE, "it is not known which repository to write to");
	return err_hint(err, "set input 'repo' to PROJECT/REPO, and SYSTEM_COLLECTIONURI to "
	                     "https://dev.azure.com/ORGANIZATION/, as a pipeline does");
}

/* "REPO" alone is in the job's project. */
static int
find_name(struct repository *r, struct err *err)
{
	struct str project = str_of(env_get(r->env, "SYSTEM_TEAMPROJECT")), repo = r->name;
	size_t slash = str_find(r->name, '/');

	if (r->name.len == 0)
		repo = is_home(r->env) ? str_of(env_get(r->env, "BUILD_REPOSITORY_NAME")) : STR("");
	else if (slash < r->name.len) {
		project = str_head(r->name, slash);
		repo = str_tail(r->name, slash + 1);
	}
	if (!azure_is_project(project) || !azure_is_project(repo) || str_find(repo, '/') < repo.len
	    || !env_get(r->env, "SYSTEM_COLLECTIONURI"))
		return bad_name(r->name, err);
	r->name = arena_fmt(r->arena, "%.*s/%.*s", STR_FMT(project), STR_FMT(repo));
	r->root = arena_fmt(r->arena, "/%s/_apis/git/repositories/%s",
	    rest_escape(r->arena, project).ptr, rest_escape(r->arena, repo).ptr)
	              .ptr;
	return 0;
}

static int
connect_to(struct repository *r, const struct forge_opts *opts, const struct rest_opts *limits,
    struct err *err)
{
	struct rest_opts rest = *limits;

	rest.request_header = "x-vss-e2eid";
	rest.is_basic = azure_is_personal(rest.token);
	r->rest =
	    api_open(opts, &rest, azure_base(r->arena, opts->env), "SYSTEM_COLLECTIONURI", err);
	return r->rest ? 0 : -1;
}

static void
hint(const struct rest_reply *reply, struct str message, struct err *err)
{
	if (reply->status == 203)
		(void)err_hint(err, "the token for Azure DevOps is not accepted: give "
		                    "$(System.AccessToken) or a personal access token with the "
		                    "scope Code (read & write)");
	else if (str_holds(message, STR("TF402455")) || str_holds(message, STR("TF401034")))
		(void)err_hint(err,
		    "a policy protects this branch: write to another one with --pull-request, or "
		    "give the token's user 'Bypass policies when pushing'");
	else if (reply->status == 403 || reply->status == 404
	         || str_holds(message, STR("TF401027")))
		(void)err_hint(err,
		    "check the name; the token's user (PROJECT Build Service) needs 'Contribute', "
		    "'Create branch' and 'Contribute to pull requests' (Project settings, "
		    "Repositories, Security)");
}

static int
find_me(struct repository *r, struct err *err)
{
	struct node *n;

	if (r->me.len > 0)
		return 0;
	if (call_get(r, "read who the token is for", &n, err, "//_apis/connectionData") < 0)
		return -1;
	r->me = text_at(node_get(n, "authenticatedUser"), "id");
	return r->me.len > 0 ? 0 : not_said(r, "who the token is for", err);
}

static int
find_repository(struct repository *r, struct err *err)
{
	struct node *n;
	struct str branch;

	if (r->id.len > 0)
		return 0;
	if (call_get(r, "read the repository", &n, err, "?" AZURE_VERSION) < 0)
		return -1;
	branch = text_at(n, "defaultBranch");
	r->id = text_at(n, "id");
	r->web = text_at(n, "webUrl");
	if (str_take(&branch, "refs/heads/"))
		r->default_branch = branch;
	return r->id.len > 0
	           ? 0
	           : err_set(err, ERR_NETWORK, "Azure DevOps does not say which repository %.*s is",
	               STR_FMT(r->name));
}

int
azure_tree(struct repository *r, struct str commit, struct str *tree, struct err *err)
{
	struct node *n;

	*tree = known_text(r->trees, commit);
	if (tree->ptr)
		return 0;
	if (call_get(r, "read a commit", &n, err, "/commits/%.*s?" AZURE_VERSION, STR_FMT(commit))
	    < 0)
		return -1;
	*tree = text_at(n, "treeId");
	if (!is_oid(*tree))
		return err_set(
		    err, ERR_NETWORK, "Azure DevOps names no tree of commit %.*s", STR_FMT(commit));
	known_add(r->arena, &r->trees, commit, *tree);
	known_add(r->arena, &r->messages, commit, text_at(n, "comment"));
	return 0;
}

/* The filter also finds other branches whose names begin with this one. */
static int
read_tip(struct repository *r, const char *branch, struct tip *out, struct err *err)
{
	const char *name = arena_fmt(r->arena, "refs/heads/%s", branch).ptr;
	struct node *n;

	*out = (struct tip){ { "", 0 }, { "", 0 } };
	if (call_get(r, "read branches", &n, err, "/refs?filter=%s&" AZURE_VERSION,
	        rest_escape(r->arena, str_of(name + strlen("refs/"))).ptr)
	    < 0)
		return -1;
	for (const struct node *one = first_at(n, "value"); one; one = one->next)
		if (str_is(text_at(one, "name"), name) && is_oid(text_at(one, "objectId")))
			out->oid = text_at(one, "objectId");
	return out->oid.len > 0 ? azure_tree(r, out->oid, &out->tree, err) : 0;
}

/* Lists cut descriptions at 400 characters: that of the open one is read alone. */
static int
read_body(struct repository *r, struct pull *p, struct err *err)
{
	struct node *n;

	if (call_get(r, "read a pull request", &n, err, "/pullrequests/%lld?" AZURE_VERSION,
	        (long long)p->number)
	    < 0)
		return -1;
	p->body = text_at(n, "description");
	return 0;
}

static struct str
branch_of(struct str ref)
{
	return str_starts(ref, "refs/heads/") ? str_tail(ref, strlen("refs/heads/")) : ref;
}

static int
read_pulls(struct repository *r, const char *branch, struct looked *out, struct err *err)
{
	struct node *n;

	if (call_get(r, "read pull requests", &n, err,
	        "/pullrequests?searchCriteria.sourceRefName=refs%%2Fheads%%2F%s"
	        "&searchCriteria.status=all"
	        "&searchCriteria.sourceRepositoryId=%.*s&$top=%d&" AZURE_VERSION,
	        rest_escape(r->arena, str_of(branch)).ptr, STR_FMT(r->id), PULLS_MAX)
	    < 0)
		return -1;
	for (const struct node *one = first_at(n, "value"); one && out->pull_count < PULLS_MAX;
	     one = one->next) {
		struct pull *p = &out->pulls[out->pull_count];
		struct str status = text_at(one, "status");

		if (node_get(one, "forkSource"))
			continue;
		*p = (struct pull){ .number = number_at(one, "pullRequestId"),
			.body = text_at(one, "description"),
			.head = text_at(node_get(one, "lastMergeSourceCommit"), "commitId"),
			.base = branch_of(text_at(one, "targetRefName")),
			.is_ours = str_eq(text_at(node_get(one, "createdBy"), "id"), r->me),
			.is_merged = str_is(status, "completed"),
			.is_open = str_is(status, "active") };
		p->url = arena_fmt(
		    r->arena, "%.*s/pullrequest/%lld", STR_FMT(r->web), (long long)p->number);
		out->pull_count++;
		if (p->is_open && str_eq(p->base, out->base) && read_body(r, p, err) < 0)
			return -1;
	}
	return 0;
}

static int
list_files(struct repository *r, struct str tree, struct entries *out, struct err *err)
{
	struct node *n;

	*out = (struct entries){ .list = NULL };
	if (call_get(r, "list the files", &n, err, "/trees/%.*s?recursive=true&" AZURE_VERSION,
	        STR_FMT(tree))
	    < 0)
		return -1;
	for (const struct node *one = first_at(n, "treeEntries"); one; one = one->next) {
		struct entry e = { text_at(one, "relativePath"), text_at(one, "objectId"),
			text_at(one, "mode") };

		if (!str_is(text_at(one, "gitObjectType"), "tree") && is_oid(e.oid)
		    && entry_add(r, out, e, err) < 0)
			return -1;
	}
	entry_sort_all(out);
	return 0;
}

static int
blob(struct repository *r, struct str oid, struct str *bytes, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/blobs/%.*s?$format=octetstream&" AZURE_VERSION, STR_FMT(oid)).ptr;

	return call_bytes(r, path, "read a file", bytes, err);
}

/* The commits of `one` that `other` does not have, the newest first. */
static int
list_commits(
    struct repository *r, struct str one, struct str other, struct node **out, struct err *err)
{
	struct call c;

	call_begin(&c);
	json_open(&c.json, "itemVersion", JSON_OBJECT);
	json_text(&c.json, "versionType", "commit");
	json_string(&c.json, "version", one);
	json_close(&c.json);
	json_open(&c.json, "compareVersion", JSON_OBJECT);
	json_text(&c.json, "versionType", "commit");
	json_string(&c.json, "version", other);
	if (call_rest(
	        r, "POST", "/commitsbatch?$top=250&" AZURE_VERSION, &c, "compare commits", out, err)
	    < 0)
		return -1;
	*out = node_get(*out, "value");
	return 0;
}

static bool
holds_commit(const struct node *list, struct str oid)
{
	for (const struct node *one = list ? list->first : NULL; one; one = one->next)
		if (str_eq(text_at(one, "commitId"), oid))
			return true;
	return false;
}

/* Lists cut messages. */
static int
read_message(struct repository *r, const struct node *commit, struct str *out, struct err *err)
{
	struct str oid = text_at(commit, "commitId"), tree;

	*out = text_at(commit, "comment");
	if (!true_at(commit, "commentTruncated"))
		return 0;
	if (azure_tree(r, oid, &tree, err) < 0)
		return -1;
	*out = known_text(r->messages, oid);
	return 0;
}

/* Only examples document the order of the two versions: the right one is that whose list holds the newest commit. */
static int
read_messages(
    struct repository *r, struct str from, struct str to, struct compared *out, struct err *err)
{
	struct node *list;

	if (list_commits(r, to, from, &list, err) < 0
	    || (!holds_commit(list, to) && list_commits(r, from, to, &list, err) < 0))
		return -1;
	if (!holds_commit(list, to)) /* these may be anybody's commits */
		return 0;
	out->messages = ARENA_ARRAY(r->arena, list->count, struct str);
	for (const struct node *one = list->first; one && out->count < COMPARED_MESSAGES_MAX;
	     one = one->next, out->count++)
		if (read_message(r, one, &out->messages[list->count - 1 - out->count], err) < 0)
			return -1;
	out->messages += list->count - out->count; /* the oldest are cut */
	return 0;
}

static int
compare(struct repository *r, struct str from, struct str to, struct compared *out, struct err *err)
{
	struct node *n, *changes;

	if (call_get(r, "compare commits", &n, err,
	        "/diffs/commits?baseVersion=%s&baseVersionType=commit&targetVersion=%s"
	        "&targetVersionType=commit&diffCommonCommit=true&$top=%d&" AZURE_VERSION,
	        rest_escape(r->arena, from).ptr, rest_escape(r->arena, to).ptr, COMPARED_FILES_MAX)
	    < 0)
		return -1;
	changes = node_get(n, "changes");
	*out = (struct compared){ .ahead = number_at(n, "aheadCount"),
		.behind = number_at(n, "behindCount") };
	out->files = ARENA_ARRAY(r->arena, changes ? changes->count : 0, struct str);
	for (const struct node *one = changes ? changes->first : NULL; one; one = one->next) {
		const struct node *item = node_get(one, "item");
		struct str name = text_at(item, "path");

		if (!true_at(item, "isFolder") && str_take(&name, "/"))
			out->files[out->file_count++] = name;
	}
	if (out->ahead > 0 && read_messages(r, from, to, out, err) < 0)
		return -1;
	out->is_cut = out->ahead > (int64_t)out->count || !true_at(n, "allChangesIncluded")
	              || (changes && changes->count >= COMPARED_FILES_MAX);
	return 0;
}

const struct repository_host repositories_azure = {
	.title = "Azure DevOps",
	.status_page = "https://status.dev.azure.com",
	.request_word = "pull request",
	.base_name = "SYSTEM_COLLECTIONURI",
	.token_hint =
	    "give $(System.AccessToken), whose user (PROJECT Build Service) needs "
	    "'Contribute', 'Create branch' and 'Contribute to pull requests', or a personal "
	    "access token with the scope Code (read & write)",
	.comment_hint = "set 'azureToken: $(System.AccessToken)', and let its user (PROJECT Build "
	                "Service) 'Contribute to pull requests' (Project settings, Repositories, "
	                "Security)",
	.comment_max = 150000,
	.is_home = is_home,
	.find_name = find_name,
	.connect = connect_to,
	.hint = hint,
	.find = find_repository,
	.find_me = find_me,
	.tip = read_tip,
	.pulls = read_pulls,
	.files = list_files,
	.blob = blob,
	.compare = compare,
	.branches = &azure_branches,
	.requests = &azure_requests,
};
