/* A repository of GitLab: what is there. GitLab Docs, "REST API": "Repositories API", "Branches API", "Merge requests API". */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "forge/gitlab.h"
#include "format/doc.h"
#include "secret/secret.h"

enum { LISTED_PULLS = 100 };

static bool
is_home(const struct env *env)
{
	return env_get(env, "GITLAB_CI") && env_get(env, "CI_PROJECT_PATH");
}

/* "GROUP/…/PROJECT". GitLab Docs, "Reserved project and group names": letters, digits, '_', '-' and '.'. */
static bool
is_path(struct str name)
{
	size_t parts = 0;
	struct str part;

	while (str_split(&name, '/', &part)) {
		for (size_t i = 0; i < part.len; i++) {
			unsigned char c = (unsigned char)part.ptr[i];

			if (c < 0x80 && !strchr(CHARS_ALNUM "_-.+", c))
				return false;
		}
		if (part.len == 0 || *part.ptr == '.')
			return false;
		parts++;
	}
	return parts >= 2;
}

static int
find_name(struct repository *r, struct err *err)
{
	bool is_given = r->name.len > 0;

	if (!is_given)
		r->name = str_of(env_get(r->env, "CI_PROJECT_PATH"));
	r->root = arena_fmt(r->arena, "/projects/%s", rest_escape(r->arena, r->name).ptr).ptr;
	if (is_path(r->name))
		return 0;
	if (r->name.len > 0)
		(void)err_set(err, ERR_USAGE, "%s is '%.*s', which is not GROUP/PROJECT",
		    is_given ? "input 'repo'" : "CI_PROJECT_PATH", STR_FMT(str_head(r->name, 100)));
	else
		(void)err_set(err, ERR_USAGE, "it is not known which repository to write to");
	return err_hint(err, "set input 'repo' to GROUP/PROJECT");
}

static int
find_job_token(void *ctx, struct str bytes)
{
	(void)ctx;
	return str_starts(bytes, "glcbt-") ? 1 : 0;
}

const char *
gitlab_base(const struct env *env)
{
	const char *api = env_get(env, GITLAB_BASE);

	return api ? api : "https://gitlab.com/api/v4";
}

static int
connect_to(struct repository *r, const struct forge_opts *opts, const struct rest_opts *limits,
    struct err *err)
{
	struct rest_opts rest = *limits;

	if (secret_lend(rest.token, find_job_token, NULL) == 1) {
		(void)err_set(err, ERR_USAGE,
		    "input 'gitlab-token' holds CI_JOB_TOKEN, which may not write to %.*s",
		    STR_FMT(r->name));
		return err_hint_text(err, r->host->token_hint);
	}
	rest.request_header = "x-request-id";
	r->rest = api_open(opts, &rest, gitlab_base(opts->env), GITLAB_BASE, err);
	return r->rest ? 0 : -1;
}

static void
hint(const struct rest_reply *reply, struct str message, struct err *err)
{
	if (str_holds(message, STR("not allowed to push")) || str_holds(message, STR("rotected")))
		(void)err_hint(err,
		    "a rule protects this branch: write to another one with --pull-request, or "
		    "let the token's user push to it (Settings, Repository, Protected branches)");
	else if (reply->status == 403 || reply->status == 404)
		(void)err_hint(err,
		    "check the name; the token needs the scope 'api' and the role Developer in "
		    "this project");
}

static int
find_me(struct repository *r, struct err *err)
{
	struct node *n;

	if (r->me.len > 0)
		return 0;
	if (call_get(r, "read who the token is for", &n, err, "//user") < 0)
		return -1;
	r->me = digits_at(n, "id");
	return r->me.len > 0 ? 0 : not_said(r, "who the token is for", err);
}

static int
find_project(struct repository *r, struct err *err)
{
	struct node *n;

	if (r->id.len > 0)
		return 0;
	if (call_get(r, "read the project", &n, err, "%s", "") < 0)
		return -1;
	r->id = digits_at(n, "id");
	r->default_branch = text_at(n, "default_branch");
	return r->id.len > 0 ? 0
	                     : err_set(err, ERR_NETWORK,
	                         "GitLab does not say which project %.*s is", STR_FMT(r->name));
}

static int
read_tip(struct repository *r, const char *branch, struct tip *out, struct err *err)
{
	struct str oid;
	struct node *n;

	*out = (struct tip){ { "", 0 }, { "", 0 } };
	if (call_get(r, "read a branch", &n, err, "/repository/branches/%s",
	        rest_escape(r->arena, str_of(branch)).ptr)
	    < 0)
		return r->is_gone ? 0 : -1;
	oid = text_at(node_get(n, "commit"), "id");
	if (!is_oid(oid))
		return err_set(err, ERR_NETWORK, "GitLab names no commit of branch '%s'", branch);
	*out = (struct tip){ oid, oid };
	return 0;
}

static void
add_pulls(const struct repository *r, const struct node *list, struct looked *out)
{
	for (const struct node *one = list ? list->first : NULL; one && out->pull_count < PULLS_MAX;
	     one = one->next) {
		struct str state = text_at(one, "state");

		if (!str_eq(digits_at(one, "source_project_id"), r->id)
		    || looked_has(out, number_at(one, "iid")))
			continue;
		out->pulls[out->pull_count++] = (struct pull){ .number = number_at(one, "iid"),
			.url = text_at(one, "web_url"),
			.body = text_at(one, "description"),
			.head = text_at(one, "sha"),
			.base = text_at(one, "target_branch"),
			.is_ours = str_eq(digits_at(node_get(one, "author"), "id"), r->me),
			.is_merged = str_is(state, "merged"),
			.is_open = str_is(state, "opened") || str_is(state, "locked") };
	}
}

/* Forks may have any number of requests whose branch has the same name: where they fill the list, ours are asked for. */
static int
read_pulls(struct repository *r, const char *branch, struct looked *out, struct err *err)
{
	const char *query = arena_fmt(r->arena,
	    "/merge_requests?source_branch=%.*s&state=all&scope=all"
	    "&order_by=created_at&sort=desc&per_page=%d",
	    STR_FMT(rest_escape(r->arena, str_of(branch))), LISTED_PULLS)
	                        .ptr;
	struct node *n;

	if (call_get(r, "read merge requests", &n, err, "%s", query) < 0)
		return -1;
	add_pulls(r, n, out);
	if (!n || n->count < LISTED_PULLS)
		return 0;
	if (call_get(r, "read merge requests", &n, err, "%s&author_id=%.*s", query, STR_FMT(r->me))
	    < 0)
		return -1;
	add_pulls(r, n, out);
	return 0;
}

static int
files(struct repository *r, struct str commit, struct entries *out, struct err *err)
{
	const char *path = arena_fmt(r->arena,
	    "/repository/tree?ref=%.*s&recursive=true&pagination=keyset&per_page=100",
	    STR_FMT(commit))
	                       .ptr;
	struct node *list;
	const char *cut;

	*out = (struct entries){ .list = NULL };
	if (call_pages(r, path, MAX_DATA_FILES / 100, "list the files", &list, &cut, err) < 0)
		return -1;
	if (cut)
		return err_set(err, ERR_REFUSED, "the files of %.*s cannot all be read: %s",
		    STR_FMT(r->name), cut);
	for (const struct node *one = list->first; one; one = one->next) {
		struct entry e = { text_at(one, "path"), text_at(one, "id"), text_at(one, "mode") };

		if (!str_is(text_at(one, "type"), "tree") && is_oid(e.oid)
		    && entry_add(r, out, e, err) < 0)
			return -1;
	}
	entry_sort_all(out);
	return 0;
}

static int
blob(struct repository *r, struct str oid, struct str *bytes, struct err *err)
{
	return call_bytes(r, arena_fmt(r->arena, "/repository/blobs/%.*s/raw", STR_FMT(oid)).ptr,
	    "read a file", bytes, err);
}

/* Sets out->behind: whether `from` has commits that `to` does not have. */
static int
read_behind(
    struct repository *r, struct str from, struct str to, struct compared *out, struct err *err)
{
	struct node *n;

	if (call_get(r, "compare commits", &n, err,
	        "/repository/merge_base?refs%%5B%%5D=%s&refs%%5B%%5D=%s",
	        rest_escape(r->arena, from).ptr, rest_escape(r->arena, to).ptr)
	    < 0)
		return -1;
	out->behind = !str_eq(str_head(text_at(n, "id"), from.len), from);
	return 0;
}

/* GitLab lists the oldest first, which its documentation does not say: then the newest one is not the first. */
static void
read_messages(struct repository *r, const struct node *commits, struct str to, struct compared *out)
{
	bool is_newest_first = commits->count > 1 && str_eq(text_at(commits->first, "id"), to);
	size_t i = 0;

	out->messages = ARENA_ARRAY(r->arena, commits->count, struct str);
	for (const struct node *one = commits->first; one; one = one->next, i++)
		out->messages[is_newest_first ? commits->count - 1 - i : i] =
		    text_at(one, "message");
	out->count = commits->count;
	if (out->count > COMPARED_MESSAGES_MAX) { /* the newest ones stay */
		out->messages += out->count - COMPARED_MESSAGES_MAX;
		out->count = COMPARED_MESSAGES_MAX;
	}
}

static int
compare(struct repository *r, struct str from, struct str to, struct compared *out, struct err *err)
{
	struct node *n, *commits, *diffs;

	if (call_get(r, "compare commits", &n, err, "/repository/compare?from=%s&to=%s",
	        rest_escape(r->arena, from).ptr, rest_escape(r->arena, to).ptr)
	    < 0)
		return -1;
	commits = node_get(n, "commits");
	diffs = node_get(n, "diffs");
	if (!commits || !diffs)
		return not_said(r, "what two commits differ in", err);
	*out = (struct compared){ .ahead = (int64_t)commits->count };
	read_messages(r, commits, to, out);
	out->files = ARENA_ARRAY(r->arena, diffs->count, struct str);
	for (const struct node *one = diffs->first; one; one = one->next)
		out->files[out->file_count++] = text_at(one, "new_path");
	out->is_cut = out->ahead > (int64_t)out->count || out->file_count >= COMPARED_FILES_MAX
	              || true_at(n, "compare_timeout");
	return read_behind(r, from, to, out, err);
}

/* With "straight" GitLab compares the two commits themselves, not `other` with their common ancestor. */
static int
is_same(struct repository *r, struct str one, struct str other, bool *is_same, struct err *err)
{
	struct node *n, *diffs;

	if (call_get(r, "compare commits", &n, err,
	        "/repository/compare?from=%.*s&to=%.*s&straight=true", STR_FMT(one), STR_FMT(other))
	    < 0)
		return -1;
	diffs = node_get(n, "diffs");
	*is_same = diffs && diffs->count == 0 && !true_at(n, "compare_timeout");
	return 0;
}

#define TOKEN                                                                                 \
	"give a project access token with the scope 'api' and the role Developer (Settings, " \
	"Access tokens) as the masked variable GITLAB_TOKEN; CI_JOB_TOKEN cannot write"

const struct repository_host repositories_gitlab = {
	.title = "GitLab",
	.web = "gitlab.com",
	.status_page = "https://status.gitlab.com",
	.request_word = "merge request",
	.base_name = GITLAB_BASE,
	.token_hint = TOKEN,
	.comment_hint = TOKEN,
	.comment_max = 1000000,
	.is_home = is_home,
	.find_name = find_name,
	.connect = connect_to,
	.hint = hint,
	.find = find_project,
	.find_me = find_me,
	.tip = read_tip,
	.pulls = read_pulls,
	.files = files,
	.blob = blob,
	.compare = compare,
	.is_same = is_same,
	.branches = &gitlab_branches,
	.requests = &gitlab_requests,
};
