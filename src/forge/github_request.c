/*
 * Pull requests of GitHub. REST: "Issue comments": a pull request is an issue, too. Comments are read page by page, the
 * oldest first, as GitHub lists them.
 */
#include <string.h>

#include "base/arena.h"
#include "forge/api.h"
#include "format/doc.h"

enum {
	MOST_PAGES = 20, /* of 100 comments each */
	MOST_ASKED = 20, /* comments with our mark whose author is asked for; others may add more */
};

static int
open_request(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err)
{
	static const char query[] = "mutation($input:CreatePullRequestInput!){createPullRequest("
	                            "input:$input){pullRequest{id number url}}}";
	struct node *data, *made;
	struct call c;

	call_begin_graph(&c, query);
	json_open(&c.json, "input", JSON_OBJECT);
	json_string(&c.json, "repositoryId", at->id);
	json_string(&c.json, "baseRefName", p->base);
	json_text(&c.json, "headRefName", p->branch);
	json_string(&c.json, "title", p->title);
	json_string(&c.json, "body", p->body);
	json_bool(&c.json, "draft", p->is_draft);
	if (call_graph(r, &c, "open a pull request", &data, err) < 0)
		return -1;
	made = node_get(node_get(data, "createPullRequest"), "pullRequest");
	*out = (struct pull){ .id = text_at(made, "id"),
		.number = number_at(made, "number"),
		.url = text_at(made, "url"),
		.body = p->body,
		.is_ours = true,
		.is_open = true };
	return 0;
}

static int
edit_request(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err)
{
	static const char query[] = "mutation($input:UpdatePullRequestInput!){updatePullRequest("
	                            "input:$input){pullRequest{id}}}";
	struct node *data;
	struct call c;

	call_begin_graph(&c, query);
	json_open(&c.json, "input", JSON_OBJECT);
	json_string(&c.json, "pullRequestId", p->id);
	json_string(&c.json, "body", body);
	if (closes)
		json_text(&c.json, "state", "CLOSED");
	return call_graph(
	    r, &c, closes ? "close the pull request" : "update the pull request", &data, err);
}

static int
add_labels(struct repository *r, const struct pull *p, const char *const *labels, size_t count,
    struct err *err)
{
	const char *path = arena_fmt(r->arena, "/issues/%lld/labels", (long long)p->number).ptr;
	struct node *n;
	struct call c;

	call_begin(&c);
	json_open(&c.json, "labels", JSON_ARRAY);
	for (size_t i = 0; i < count; i++)
		json_text(&c.json, NULL, labels[i]);
	return call_rest(r, "POST", path, &c, "label the pull request", &n, err);
}

static void
add_reviewers(
    struct json *j, const char *key, const char *const *reviewers, size_t count, bool are_teams)
{
	json_open(j, key, JSON_ARRAY);
	for (size_t i = 0; i < count; i++) {
		const char *slash = strchr(reviewers[i], '/');

		if ((slash != NULL) == are_teams)
			json_text(j, NULL, slash ? slash + 1 : reviewers[i]);
	}
	json_close(j);
}

static int
ask_reviewers(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/pulls/%lld/requested_reviewers", (long long)p->number).ptr;
	struct node *n;
	struct call c;

	call_begin(&c);
	add_reviewers(&c.json, "reviewers", reviewers, count, false);
	add_reviewers(&c.json, "team_reviewers", reviewers, count, true);
	return call_rest(r, "POST", path, &c, "ask for a review", &n, err);
}

static int
merge_when_allowed(struct repository *r, const struct pull *p, struct err *err)
{
	static const char query[] =
	    "mutation($input:EnablePullRequestAutoMergeInput!){enablePullRequestAutoMerge("
	    "input:$input){clientMutationId}}";
	struct node *data;
	struct call c;

	call_begin_graph(&c, query);
	json_open(&c.json, "input", JSON_OBJECT);
	json_string(&c.json, "pullRequestId", p->id);
	return call_graph(r, &c, "have the pull request merged", &data, err);
}

/* Anybody may write a comment with our mark; only what this token's user wrote is ours. `GET /user` answers that for people
 * only, not for a job's token nor for an app's. */
static int
ask_author(struct repository *r, struct str node_id, bool *is_ours, struct err *err)
{
	static const char query[] =
	    "query($id:ID!){node(id:$id){... on IssueComment{viewerDidAuthor}}}";
	struct node *data;
	struct call c;

	call_begin_graph(&c, query);
	json_string(&c.json, "id", node_id);
	if (call_graph(r, &c, "read the author of a comment", &data, err) < 0)
		return -1;
	*is_ours = true_at(node_get(data, "node"), "viewerDidAuthor");
	return 0;
}

/* The id of our comment; empty: there is none. */
static int
find(struct repository *r, struct str number, struct str mark, struct str *id, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/issues/%.*s/comments?per_page=100", STR_FMT(number)).ptr;
	unsigned asked = 0;
	struct node *list;
	const char *cut;

	*id = STR("");
	if (call_pages(r, path, MOST_PAGES, "list the comments", &list, &cut, err) < 0)
		return -1;
	for (const struct node *one = list->first; one && asked < MOST_ASKED; one = one->next) {
		struct str node_id = text_at(one, "node_id");
		bool is_ours;

		if (!str_eq(str_head(text_at(one, "body"), mark.len), mark) || node_id.len == 0)
			continue;
		asked++;
		if (ask_author(r, node_id, &is_ours, err) < 0)
			return -1;
		*id = digits_at(one, "id");
		if (is_ours && id->len > 0)
			return 0;
		*id = STR("");
	}
	return cut ? comments_unread(cut, err) : 0;
}

static int
put_comment(struct repository *r, struct str number, struct str mark, struct str body, bool *is_new,
    struct err *err)
{
	struct node *n;
	struct call c;
	struct str id;
	const char *path;

	if (find(r, number, mark, &id, err) < 0)
		return -1;
	*is_new = id.len == 0;
	path = *is_new ? arena_fmt(r->arena, "/issues/%.*s/comments", STR_FMT(number)).ptr
	               : arena_fmt(r->arena, "/issues/comments/%.*s", STR_FMT(id)).ptr;
	call_begin(&c);
	json_string(&c.json, "body", body);
	return call_rest(r, *is_new ? "POST" : "PATCH", path, &c, "write the comment", &n, err);
}

const struct request_calls github_requests = {
	.pull = open_request,
	.edit_pull = edit_request,
	.label = add_labels,
	.ask_review = ask_reviewers,
	.auto_merge = merge_when_allowed,
	.comment = put_comment,
};
