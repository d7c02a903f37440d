/* A repository on GitHub: what is there. */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "ci/github_name.h"
#include "forge/api.h"
#include "format/doc.h"
#include "secret/base64.h"

static const char *const headers[] = { "Accept: application/vnd.github+json",
	"X-GitHub-Api-Version: 2022-11-28", NULL };

/* The address of GraphQL: from the runner, else beside REST, which on GitHub Enterprise Server is at /api/v3. */
static const char *
graph_base(struct arena *a, const struct env *env, const char *api)
{
	struct str given = str_of(env_get(env, "GITHUB_GRAPHQL_URL")), base = str_of(api);

	if (str_ends(given, "/graphql"))
		return arena_cstr(a, str_head(given, given.len - strlen("/graphql")));
	return str_ends(base, "/api/v3") ? arena_cstr(a, str_head(base, base.len - strlen("/v3")))
	                                 : api;
}

static int
check_name(struct str name, bool is_given, struct err *err)
{
	if (github_is_repository(name))
		return 0;
	if (name.len > 0)
		(void)err_set(err, ERR_USAGE, "%s is '%.*s', which is no OWNER/REPO",
		    is_given ? "input 'repo'" : "GITHUB_REPOSITORY", STR_FMT(str_head(name, 100)));
	else
		(void)err_set(err, ERR_USAGE, "it is not known which repository to write to");
	return err_hint(err, "set input 'repo' to OWNER/REPO");
}

/* The name of the job's repository, also in an Azure pipeline for a repository on GitHub. */
static struct str
own_name(const struct env *env)
{
	const char *name = env_get(env, "GITHUB_REPOSITORY");

	if (!name && str_is(str_of(env_get(env, "BUILD_REPOSITORY_PROVIDER")), "GitHub"))
		name = env_get(env, "BUILD_REPOSITORY_NAME");
	return str_of(name);
}

static bool
github_is_home(const struct env *env)
{
	return own_name(env).len > 0;
}

static int
find_name(struct repository *r, struct err *err)
{
	bool is_given = r->name.len > 0;

	if (!is_given)
		r->name = own_name(r->env);
	r->root = arena_fmt(r->arena, "/repos/%.*s", STR_FMT(r->name)).ptr;
	return check_name(r->name, is_given, err);
}

static int
connect_to(struct repository *r, const struct forge_opts *opts, const struct rest_opts *limits,
    struct err *err)
{
	const char *api = env_get(opts->env, "GITHUB_API_URL");
	struct rest_opts rest = *limits;

	api = api ? api : "https://api.github.com";
	rest.headers = headers;
	rest.request_header = "x-github-request-id";
	r->rest = api_open(opts, &rest, api, "GITHUB_API_URL", err);
	if (r->rest)
		r->graph = api_open(
		    opts, &rest, graph_base(r->arena, opts->env, api), "GITHUB_GRAPHQL_URL", err);
	return r->graph ? 0 : -1;
}

static struct tip
read_tip(const struct node *ref)
{
	const struct node *target = node_get(ref, "target");
	struct tip tip = { text_at(target, "oid"), text_at(node_get(target, "tree"), "oid") };

	return is_oid(tip.oid) && is_oid(tip.tree) ? tip : (struct tip){ { "", 0 }, { "", 0 } };
}

static void
read_pulls(const struct node *list, struct looked *out)
{
	for (const struct node *one = first_at(list, "nodes"); one && out->pull_count < PULLS_MAX;
	     one = one->next) {
		struct str state = text_at(one, "state");

		if (true_at(one, "isCrossRepository") || looked_has(out, number_at(one, "number")))
			continue;
		out->pulls[out->pull_count++] = (struct pull){ .id = text_at(one, "id"),
			.number = number_at(one, "number"),
			.url = text_at(one, "url"),
			.body = text_at(one, "body"),
			.head = text_at(one, "headRefOid"),
			.base = text_at(one, "baseRefName"),
			.is_ours = true_at(one, "viewerDidAuthor"),
			.is_merged = str_is(state, "MERGED"),
			.is_open = str_is(state, "OPEN") };
	}
}

/* Requests of the branch itself, and all whose branch has its name: forks may have any number of those, but a branch that is
 * deleted has none of the first kind. */
static int
look_at_repository(
    struct repository *r, const char *base, const char *branch, struct looked *out, struct err *err)
{
	static const char query[] =
	    "query($owner:String!,$name:String!,$base:String!,$named:Boolean!,$ref:String!,"
	    "$branch:String!){viewer{login} repository(owner:$owner,name:$name){id "
	    "defaultBranchRef{...Tip} base:ref(qualifiedName:$base)@include(if:$named){...Tip} "
	    "head:ref(qualifiedName:$ref){...Tip associatedPullRequests(first:20,"
	    "orderBy:{field:CREATED_AT,direction:DESC}){nodes{...Pull}}} "
	    "pullRequests(headRefName:$branch,first:100,"
	    "orderBy:{field:CREATED_AT,direction:DESC}){nodes{...Pull}}}} "
	    "fragment Pull on PullRequest{id number url state body viewerDidAuthor "
	    "isCrossRepository baseRefName headRefOid} "
	    "fragment Tip on Ref{name refUpdateRule{requiresSignatures} "
	    "target{oid ... on Commit{tree{oid}}}}";
	size_t slash = str_find(r->name, '/');
	struct arena *a = r->arena;
	struct node *data, *at, *ref;
	struct call c;

	call_begin_graph(&c, query);
	json_string(&c.json, "owner", str_head(r->name, slash));
	json_string(&c.json, "name", str_tail(r->name, slash + 1));
	json_string(&c.json, "base", arena_fmt(a, "refs/heads/%s", base ? base : ""));
	json_bool(&c.json, "named", base != NULL);
	json_string(&c.json, "ref", arena_fmt(a, "refs/heads/%s", branch));
	json_text(&c.json, "branch", branch);
	if (call_graph(r, &c, "read branches and pull requests", &data, err) < 0)
		return -1;
	at = node_get(data, "repository");
	ref = node_get(at, base ? "base" : "defaultBranchRef");
	*out = (struct looked){ .id = text_at(at, "id"),
		.base = text_at(ref, "name"),
		.at = read_tip(ref),
		.head = read_tip(node_get(at, "head")),
		.is_job_token =
		    str_is(text_at(node_get(data, "viewer"), "login"), "github-actions[bot]"),
		.needs_signatures = true_at(node_get(ref, "refUpdateRule"), "requiresSignatures") };
	if (out->at.oid.len == 0)
		return no_base(r, base, err);
	read_pulls(node_get(node_get(at, "head"), "associatedPullRequests"), out);
	read_pulls(node_get(at, "pullRequests"), out);
	return 0;
}

/* Adds the files of one answer, but not the files of its subtrees: those are in the same answer, or are read one by one. */
static int
add_entries(struct repository *r, const struct node *answer, struct str prefix, struct entries *out,
    struct err *err)
{
	for (const struct node *one = first_at(answer, "tree"); one; one = one->next) {
		struct entry e = { text_at(one, "path"), text_at(one, "sha"),
			text_at(one, "mode") };

		if (str_is(text_at(one, "type"), "tree") || !is_oid(e.oid))
			continue;
		if (prefix.len > 0)
			e.path = arena_fmt(r->arena, "%.*s%.*s", STR_FMT(prefix), STR_FMT(e.path));
		if (entry_add(r, out, e, err) < 0)
			return -1;
	}
	return 0;
}

/* GitHub cuts a list of more than 100,000 entries: then the directory's own is read, and that of each below it. */
static int
add_tree(struct repository *r, struct str tree, struct str prefix, unsigned depth,
    struct entries *out, struct err *err)
{
	const char *path = arena_fmt(r->arena, "/git/trees/%.*s", STR_FMT(tree)).ptr;
	struct node *n;

	if (call_get(r, "list the files", &n, err, "%s?recursive=1", path) < 0)
		return -1;
	if (!true_at(n, "truncated"))
		return add_entries(r, n, prefix, out, err);
	if (call_get(r, "list the files", &n, err, "%s", path) < 0)
		return -1;
	if (true_at(n, "truncated") || depth == MAX_DIR_DEPTH) {
		(void)err_set(err, ERR_REFUSED,
		    "a directory of %.*s has more files than GitHub lists", STR_FMT(r->name));
		return err_hint(err, "edit a checkout with set-image, and commit it with git");
	}
	if (add_entries(r, n, prefix, out, err) < 0)
		return -1;
	for (const struct node *one = first_at(n, "tree"); one; one = one->next) {
		struct str below = arena_fmt(
		    r->arena, "%.*s%.*s/", STR_FMT(prefix), STR_FMT(text_at(one, "path")));

		if (str_is(text_at(one, "type"), "tree") && is_oid(text_at(one, "sha"))
		    && add_tree(r, text_at(one, "sha"), below, depth + 1, out, err) < 0)
			return -1;
	}
	return 0;
}

static int
files(struct repository *r, struct str tree, struct entries *out, struct err *err)
{
	*out = (struct entries){ .list = NULL };
	if (add_tree(r, tree, STR(""), 0, out, err) < 0)
		return -1;
	entry_sort_all(out);
	return 0;
}

/* Reads base64 that is broken into lines. */
static bool
read_base64_lines(struct arena *a, struct str lines, struct str *out)
{
	char *digits = arena_alloc(a, lines.len + 1), *bytes = arena_alloc(a, lines.len + 1);
	size_t count = 0, len = 0;

	for (size_t i = 0; i < lines.len; i++)
		if (lines.ptr[i] != '\n' && lines.ptr[i] != '\r')
			digits[count++] = lines.ptr[i];
	if (!base64_read((struct str){ digits, count }, BASE64_PADDED, (unsigned char *)bytes,
	        lines.len + 1, &len))
		return false;
	bytes[len] = '\0';
	*out = (struct str){ bytes, len };
	return true;
}

static int
blob(struct repository *r, struct str oid, struct str *bytes, struct err *err)
{
	struct node *n;

	if (call_get(r, "read a file", &n, err, "/git/blobs/%.*s", STR_FMT(oid)) < 0)
		return -1;
	if (str_is(text_at(n, "encoding"), "base64")
	    && read_base64_lines(r->arena, text_at(n, "content"), bytes))
		return 0;
	return err_set(err, ERR_NETWORK, "a file of %.*s cannot be read", STR_FMT(r->name));
}

static int
compare(struct repository *r, struct str from, struct str to, struct compared *out, struct err *err)
{
	struct arena *a = r->arena;
	struct node *n, *commits, *files;

	if (call_get(r, "compare commits", &n, err, "/compare/%s...%s", rest_escape(a, from).ptr,
	        rest_escape(a, to).ptr)
	    < 0)
		return -1;
	/* without paging these are up to 250 commits and 300 files */
	commits = node_get(n, "commits");
	files = node_get(n, "files");
	*out = (struct compared){ .ahead = number_at(n, "ahead_by"),
		.behind = number_at(n, "behind_by") };
	out->messages = ARENA_ARRAY(a, commits ? commits->count : 0, struct str);
	out->files = ARENA_ARRAY(a, files ? files->count : 0, struct str);
	for (const struct node *one = commits ? commits->first : NULL; one; one = one->next)
		out->messages[out->count++] = text_at(node_get(one, "commit"), "message");
	for (const struct node *one = files ? files->first : NULL; one; one = one->next)
		out->files[out->file_count++] = text_at(one, "filename");
	out->is_cut = out->ahead > (int64_t)out->count || out->file_count >= COMPARED_FILES_MAX;
	return 0;
}

static void
hint(const struct rest_reply *reply, struct str message, struct err *err)
{
	if (str_holds(message, STR("rate limit"))) /* GraphQL's comes with HTTP status 200 */
		(void)err_hint(err, "run this again later, or give a token of its own");
	else if (str_holds(message, STR("create or approve pull requests")))
		(void)err_hint(err,
		    "switch on 'Allow GitHub Actions to create and approve pull requests' "
		    "(Settings, Actions, General), or give the token of a GitHub App");
	else if (str_holds(message, STR("rotected")) || str_holds(message, STR("rule violation")))
		(void)err_hint(err,
		    "a rule protects this branch: write to another one with --pull-request, or "
		    "let the token's user pass the rule");
	else if (reply->status == 403 || reply->status == 404
	         || str_holds(message, STR("not accessible"))
	         || str_holds(message, STR("Could not resolve")))
		(void)err_hint(err,
		    "check the name; the token needs the permissions 'contents: write' and "
		    "'pull-requests: write' for this repository");
}

const struct repository_host repositories_github = {
	.title = "GitHub",
	.web = "github.com",
	.status_page = "https://www.githubstatus.com",
	.request_word = "pull request",
	.base_name = "GITHUB_API_URL",
	.token_hint =
	    "give the token of a GitHub App, or ${{ github.token }}, with the permissions "
	    "'contents: write' and 'pull-requests: write'",
	.is_home = github_is_home,
	.comment_hint =
	    "give the job the permission 'pull-requests: write', and set 'github-token: "
	    "${{ github.token }}'",
	.comment_max = 65536,
	.find_name = find_name,
	.connect = connect_to,
	.hint = hint,
	.look = look_at_repository,
	.files = files,
	.blob = blob,
	.compare = compare,
	.branches = &github_branches,
	.requests = &github_requests,
};
