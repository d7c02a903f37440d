/*
 * Pull requests of Azure DevOps. REST reference "Git": "Pull Requests": a description takes 4,000 characters, so that one
 * that is longer goes whole into a thread; "Pull Request Threads", whose comments take 150,000.
 */
#include <string.h>

#include "base/arena.h"
#include "forge/azure.h"
#include "format/doc.h"

#define TEXT_MARK "<!-- pachup:write-back-text -->"
#define MORE      "\n\nThe whole text is in a comment below.\n"

enum { MOST_DESCRIPTION = 4000 };

/* A fold that is cut, and what is fenced in it, would swallow the lines that follow. */
static struct str
without_open_fold(struct str text)
{
	for (size_t i = text.len; i > 0; i--) {
		struct str rest = str_tail(text, i - 1);

		if (str_starts(rest, "\n</details>"))
			return text;
		if (str_starts(rest, "\n<details>"))
			return str_head(text, i - 1);
	}
	return text;
}

/* A long body is cut behind its last line that fits. */
static struct str
fit_body(struct repository *r, struct str body)
{
	struct str head = body;

	if (body.len <= MOST_DESCRIPTION)
		return body;
	head.len = MOST_DESCRIPTION - strlen(MORE);
	head.len = str_rfind(head, '\n') < head.len ? str_rfind(head, '\n') : 0;
	return arena_fmt(r->arena, "%.*s" MORE, STR_FMT(without_open_fold(head)));
}

static int
put_description(
    struct repository *r, int64_t number, struct str text, const char *status, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/pullrequests/%lld?" AZURE_VERSION, (long long)number).ptr;
	struct node *n;
	struct call c;

	call_begin(&c);
	json_string(&c.json, "description", text);
	if (status)
		json_text(&c.json, "status", status);
	return call_rest(r, "PATCH", path, &c,
	    status ? "close the pull request" : "update the pull request", &n, err);
}

/* The comment comes first: only what the description says counts as written. */
static int
put_body(struct repository *r, int64_t number, struct str body, const char *status, struct err *err)
{
	struct str digits = arena_fmt(r->arena, "%lld", (long long)number);
	struct str text = arena_fmt(
	    r->arena, TEXT_MARK "\n%.*s", STR_FMT(str_tail(body, str_find(body, '\n') + 1)));
	bool is_new;

	if (body.len > MOST_DESCRIPTION
	    && r->host->requests->comment(r, digits, STR(TEXT_MARK), text, &is_new, err) < 0)
		return -1;
	return put_description(r, number, fit_body(r, body), status, err);
}

static int
open_request(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err)
{
	bool is_short = p->body.len <= MOST_DESCRIPTION;
	struct node *n;
	struct call c;

	(void)at;
	call_begin(&c);
	json_string(&c.json, "sourceRefName", arena_fmt(r->arena, "refs/heads/%s", p->branch));
	json_string(
	    &c.json, "targetRefName", arena_fmt(r->arena, "refs/heads/%.*s", STR_FMT(p->base)));
	json_string(&c.json, "title", p->title);
	json_string(&c.json, "description", is_short ? p->body : STR(""));
	json_bool(&c.json, "isDraft", p->is_draft);
	if (call_rest(r, "POST", "/pullrequests?" AZURE_VERSION, &c, "open a pull request", &n, err)
	    < 0)
		return -1;
	*out = (struct pull){ .number = number_at(n, "pullRequestId"),
		.body = p->body,
		.is_ours = true,
		.is_open = true };
	out->url =
	    arena_fmt(r->arena, "%.*s/pullrequest/%lld", STR_FMT(r->web), (long long)out->number);
	return is_short ? 0 : put_body(r, out->number, p->body, NULL, err);
}

static int
edit_request(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err)
{
	return put_body(r, p->number, body, closes ? "abandoned" : NULL, err);
}

static int
add_labels(struct repository *r, const struct pull *p, const char *const *labels, size_t count,
    struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/pullRequests/%lld/labels?" AZURE_VERSION, (long long)p->number)
	        .ptr;

	for (size_t i = 0; i < count; i++) {
		struct node *n;
		struct call c;

		call_begin(&c);
		json_text(&c.json, "name", labels[i]);
		if (call_rest(r, "POST", path, &c, "label the pull request", &n, err) < 0)
			return -1;
	}
	return 0;
}

/* 32 hex digits in five groups. */
static bool
is_id(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? text.ptr[i] != '-'
		            : !strchr("0123456789abcdefABCDEF", text.ptr[i]) || !text.ptr[i])
			return false;
	}
	return text.len == 36;
}

/* Azure DevOps Services keep identities at an address of their own; REST reference "Identities". */
static const char *
identities_base(struct repository *r)
{
	struct str base = str_of(azure_base(r->arena, r->env));

	if (str_starts(base, "https://dev.azure.com/"))
		return arena_fmt(r->arena, "https://vssps.dev.azure.com%.*s",
		    STR_FMT(str_tail(base, strlen("https://dev.azure.com"))))
		    .ptr;
	if (str_ends(base, ".visualstudio.com"))
		return arena_fmt(r->arena, "%.*s.vssps.visualstudio.com",
		    STR_FMT(str_head(base, base.len - strlen(".visualstudio.com"))))
		    .ptr;
	return base.ptr;
}

/* The id of a person or a group by its name or address. */
static int
find_identity(struct repository *r, const char *name, struct str *id, struct err *err)
{
	struct rest_opts rest = r->rest_opts;
	struct repository at = *r;
	struct node *n;
	int rc;

	at.rest = api_open(&r->opts, &rest, identities_base(r), "SYSTEM_COLLECTIONURI", err);
	if (!at.rest)
		return -1;
	rc = call_get(&at, "look for a reviewer", &n, err,
	    "//_apis/identities?searchFilter=General&filterValue=%s&" AZURE_VERSION,
	    rest_escape(r->arena, str_of(name)).ptr);
	rest_close(at.rest);
	if (rc < 0)
		return -1;
	n = node_get(n, "value");
	*id = text_at(n ? n->first : NULL, "id");
	if (n && n->count == 1 && is_id(*id))
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "'%.200s' is %s in Azure DevOps, and was not asked for a review", name,
	    n && n->count > 1 ? "several reviewers" : "no reviewer");
	return err_hint(err, "write the reviewer's e-mail address, or the id");
}

static int
ask_reviewers(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct str id = str_of(reviewers[i]);
		struct node *n;
		struct call c;
		const char *path;

		if (!is_id(id) && find_identity(r, reviewers[i], &id, err) < 0)
			return -1;
		path = arena_fmt(r->arena, "/pullRequests/%lld/reviewers/%.*s?" AZURE_VERSION,
		    (long long)p->number, STR_FMT(id))
		           .ptr;
		call_begin(&c);
		json_string(&c.json, "id", id);
		json_int(&c.json, "vote", 0);
		if (call_rest(r, "PUT", path, &c, "ask for a review", &n, err) < 0)
			return -1;
	}
	return 0;
}

static int
merge_when_allowed(struct repository *r, const struct pull *p, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/pullrequests/%lld?" AZURE_VERSION, (long long)p->number).ptr;
	struct node *n;
	struct call c;

	call_begin(&c);
	json_open(&c.json, "autoCompleteSetBy", JSON_OBJECT);
	json_string(&c.json, "id", r->me);
	json_close(&c.json);
	json_open(&c.json, "completionOptions", JSON_OBJECT);
	json_bool(&c.json, "deleteSourceBranch", true);
	return call_rest(r, "PATCH", path, &c, "have the pull request merged", &n, err);
}

/* Anybody may write a comment with our mark; only what this token's user wrote is ours. */
static bool
is_ours(const struct repository *r, const struct node *comment, struct str mark)
{
	return str_eq(str_head(text_at(comment, "content"), mark.len), mark)
	       && !true_at(comment, "isDeleted")
	       && str_eq(text_at(node_get(comment, "author"), "id"), r->me);
}

/* *path gets the path of our comment; NULL: there is none. */
static int
find_comment(
    struct repository *r, const char *threads, struct str mark, const char **path, struct err *err)
{
	struct node *n;

	*path = NULL;
	if (r->host->find_me(r, err) < 0
	    || call_get(r, "list the comments", &n, err, "%s?" AZURE_VERSION, threads) < 0)
		return -1;
	for (const struct node *one = first_at(n, "value"); one && !*path; one = one->next) {
		const struct node *first = first_at(one, "comments");

		if (!true_at(one, "isDeleted") && is_ours(r, first, mark))
			*path = arena_fmt(r->arena, "%s/%.*s/comments/%.*s?" AZURE_VERSION, threads,
			    STR_FMT(digits_at(one, "id")), STR_FMT(digits_at(first, "id")))
			            .ptr;
	}
	return 0;
}

/* The thread is closed, so that a rule about open comments does not keep the request from being completed. */
static int
put_comment(struct repository *r, struct str number, struct str mark, struct str body, bool *is_new,
    struct err *err)
{
	static const char what[] = "write the comment";
	const char *threads =
	    arena_fmt(r->arena, "/pullRequests/%.*s/threads", STR_FMT(number)).ptr;
	const char *path;
	struct node *n;
	struct call c;

	if (find_comment(r, threads, mark, &path, err) < 0)
		return -1;
	*is_new = !path;
	call_begin(&c);
	if (path) {
		json_string(&c.json, "content", body);
		return call_rest(r, "PATCH", path, &c, what, &n, err);
	}
	json_open(&c.json, "comments", JSON_ARRAY);
	json_open(&c.json, NULL, JSON_OBJECT);
	json_int(&c.json, "parentCommentId", 0);
	json_string(&c.json, "content", body);
	json_text(&c.json, "commentType", "text");
	json_close(&c.json);
	json_close(&c.json);
	json_text(&c.json, "status", "closed");
	path = arena_fmt(r->arena, "%s?" AZURE_VERSION, threads).ptr;
	return call_rest(r, "POST", path, &c, what, &n, err);
}

const struct request_calls azure_requests = {
	.pull = open_request,
	.edit_pull = edit_request,
	.fit = fit_body,
	.label = add_labels,
	.ask_review = ask_reviewers,
	.auto_merge = merge_when_allowed,
	.comment = put_comment,
};
