/*
 * REST of GitHub: "Issue comments": a pull request is an issue, too. Comments are looked for page by page, the oldest
 * first, as GitHub lists them.
 */
#include "deploy/report/comment.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/version.h"
#include "ci/ci.h"
#include "ci/github_name.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "net/rest.h"
#include "secret/digest.h"
#include "session/connect.h"
#include "session/rest.h"
#include "session/run.h"

enum {
	BODY_MAX = 65536,      /* characters of a comment */
	REQUEST_MAX = 1 << 20, /* bytes */
	PAGES_MAX = 20,        /* of 100 comments each */
	CONNECT_MS = 10000,
	MARK_DIGITS = 16,
	ASKED_MAX = 20, /* comments with our mark whose author is asked for; others may add more */
};

struct comment {
	struct run *run;
	struct rest *rest, *graph;
	struct str mark; /* what our comment begins with */
	unsigned asked;  /* authors of comments with our mark */
	bool is_denied;  /* GitHub answered 403 */
	struct str id;   /* of the comment that is there; empty: none */
};

int
comment_check(const struct run *run, struct err *err)
{
	if (!run->opt.comment || run->github_token)
		return 0;
	(void)err_set(err, ERR_USAGE, "input 'comment' needs input 'github-token'");
	return err_hint(err,
	    "add 'github-token: ${{ github.token }}' and the permission 'pull-requests: write'");
}

/* One for each cluster and working directory. */
static struct str
mark_of(struct run *run)
{
	const char *cluster = run->opt.cluster, *dir = run->opt.working_directory;
	struct str key = arena_fmt(run->arena, "%s\n%s", cluster ? cluster : "", dir ? dir : "");

	return arena_fmt(
	    run->arena, "<!-- pachup:plan:%.*s -->", MARK_DIGITS, digest_hex(run->arena, key).ptr);
}

static bool
has_mark(const struct comment *c, const struct node *one)
{
	const struct node *body = node_get(one, "body");

	return body && body->kind == NODE_STRING && str_starts(body->text, c->mark.ptr);
}

static bool
is_number(const struct node *n)
{
	return n && n->kind == NODE_NUMBER && n->text.len > 0 && n->text.len <= 20
	       && strspn(n->text.ptr, "0123456789") >= n->text.len;
}

static const struct node *
text_of(const struct node *one, const char *name)
{
	const struct node *text = node_get(one, name);

	return text && text->kind == NODE_STRING ? text : NULL;
}

static int
refused(struct comment *c, const struct rest_reply *reply, struct err *err)
{
	if (reply->status >= 200 && reply->status < 300)
		return 0;
	c->is_denied = reply->status == 403;
	(void)err_set(err, ERR_REFUSED, "GitHub answered %d", reply->status);
	if (reply->status == 401)
		return err_hint(err, "check input 'github-token'");
	if (c->run->event.untrusted)
		return err_hint(err, "runs of pull requests from forks get a read-only token; the "
		                     "plan is in the job "
		                     "summary");
	return err_hint(err, "give the job the permission 'pull-requests: write'");
}

/* The address of GraphQL: beside REST's, which on GitHub Enterprise Server ends in /api/v3. */
static const char *
graph_base(struct arena *a, const char *api_url)
{
	struct str base = str_of(api_url);

	return str_ends(base, "/api/v3") ? arena_cstr(a, str_head(base, base.len - strlen("/v3")))
	                                 : api_url;
}

/* Asks who wrote the comment; *ours: the user of the token did. `GET /user` answers that for people only, not for a job's
 * token nor for an app's. */
static int
ask_author(struct comment *c, struct str node_id, bool *ours, struct err *err)
{
	static const char query[] =
	    "query($id:ID!){node(id:$id){... on IssueComment{viewerDidAuthor}}}";
	struct diags mistakes = diags_in(c->run->arena);
	struct buf body = BUF_INIT(REQUEST_MAX);
	struct json j = JSON_TO(&body);
	struct rest_request request = { .method = "POST", .path = "/graphql" };
	const struct node *at;
	struct rest_reply reply;
	struct doc *doc;
	int rc;

	json_open(&j, NULL, JSON_OBJECT);
	json_text(&j, "query", query);
	json_open(&j, "variables", JSON_OBJECT);
	json_string(&j, "id", node_id);
	json_close(&j);
	json_close(&j);
	request.body = buf_str(&body);
	rc = rest_send(c->graph, &request, &reply, err);
	buf_free(&body);
	if (rc < 0 || refused(c, &reply, err) < 0)
		return -1;
	doc = doc_parse(c->run->arena, "the author of a comment",
	    arena_str(c->run->arena, reply.body), &mistakes);
	if (mistakes.errors > 0)
		return err_set(err, ERR_NETWORK, "the author of a comment is not JSON");
	at = doc->first ? node_get(doc->first, "data") : NULL;
	at = at ? node_get(at, "node") : NULL;
	at = at ? node_get(at, "viewerDidAuthor") : NULL;
	*ours = at && at->kind == NODE_BOOL && str_is(at->text, "true");
	return 0;
}

/* Anybody may write a comment with our mark; only what this token's user wrote is ours. */
static int
try_comment(struct comment *c, const struct node *one, struct err *err)
{
	const struct node *id = node_get(one, "id"), *node_id = text_of(one, "node_id");
	bool ours = false;

	if (!has_mark(c, one) || !is_number(id) || !node_id || c->asked == ASKED_MAX)
		return 0;
	c->asked++;
	if (ask_author(c, node_id->text, &ours, err) < 0)
		return -1;
	if (ours)
		c->id = id->text;
	return 0;
}

/* Looks for our comment in one page, a JSON list, whose elements count as documents. */
static int
search_page(struct comment *c, struct str page, struct err *err)
{
	struct diags mistakes = diags_in(c->run->arena);
	struct doc *doc = doc_parse(c->run->arena, "the list of comments", page, &mistakes);

	if (mistakes.errors > 0 || !str_starts(str_trim(page), "["))
		return err_set(err, ERR_NETWORK, "the list of comments is not a JSON list");
	for (const struct node *one = doc->first; one && c->id.len == 0; one = one->next)
		if (try_comment(c, one, err) < 0)
			return -1;
	return 0;
}

/* Ours may be among those that were not read: a second one is worse than an old one. */
static int
unread(const char *why, struct err *err)
{
	return err_set(err, ERR_NETWORK,
	    "its comments cannot all be read, and pachup's may be among them: %s", why);
}

/* Looks for our comment; c->id stays empty where there is none yet. */
static int
find(struct comment *c, struct err *err)
{
	struct rest_request request = { .method = "GET" };
	struct rest_reply reply;

	request.path = arena_fmt(c->run->arena, "/repos/%.*s/issues/%.*s/comments?per_page=100",
	    STR_FMT(c->run->event.repository), STR_FMT(c->run->event.number))
	                   .ptr;
	for (int page = 0; request.path && c->id.len == 0; page++) {
		if (page == PAGES_MAX)
			return unread("there are more than 2,000", err);
		if (rest_send(c->rest, &request, &reply, err) < 0 || refused(c, &reply, err) < 0)
			return -1;
		if (search_page(c, arena_str(c->run->arena, reply.body), err) < 0)
			return -1;
		if (reply.is_cut && c->id.len == 0)
			return unread("the next page is at another address", err);
		request.path = reply.next ? arena_cstr(c->run->arena, str_of(reply.next)) : NULL;
	}
	return 0;
}

static int
put(struct comment *c, struct str body, struct err *err)
{
	struct run *run = c->run;
	struct buf json = BUF_INIT(REQUEST_MAX);
	struct json j = JSON_TO(&json);
	struct rest_request request = { .method = c->id.len ? "PATCH" : "POST" };
	struct rest_reply reply;
	int rc;

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "body", body);
	json_close(&j);
	request.body = buf_str(&json);
	request.path = c->id.len ? arena_fmt(run->arena, "/repos/%.*s/issues/comments/%.*s",
	                   STR_FMT(run->event.repository), STR_FMT(c->id))
	                               .ptr
	                         : arena_fmt(run->arena, "/repos/%.*s/issues/%.*s/comments",
	                             STR_FMT(run->event.repository), STR_FMT(run->event.number))
	                               .ptr;
	rc = rest_send(c->rest, &request, &reply, err);
	buf_free(&json);
	return rc < 0 ? -1 : refused(c, &reply, err);
}

static int
write_to(struct comment *c, struct str text, struct err *err)
{
	static const char *const headers[] = { "Accept: application/vnd.github+json",
		"X-GitHub-Api-Version: 2022-11-28", NULL };
	struct run *run = c->run;
	struct rest_opts opts = {
		.base = run->event.api_url,
		.audience = AUDIENCE_GITHUB,
		.token = run->github_token,
		.headers = headers,
		.request_header = "X-GitHub-Request-Id",
		.user_agent = "pachup/" PACHUP_VERSION,
		.ca_default = connect_roots(run),
		.connect_ms = CONNECT_MS,
		.deadline_ms = run->deadline_ms,
		.stop_fd = run->stop_fd,
		.trace = connect_trace(run),
	};

	if (!run->event.api_url || !github_is_repository(run->event.repository))
		return err_set(err, ERR_SYSTEM, "the runner names no API or no repository");
	if (rest_check_base(opts.base, "GITHUB_API_URL", err) < 0)
		return -1;
	if (token_proxy(run, opts.base, &opts.proxy, err) < 0)
		return err_wrap(err, "GITHUB_API_URL");
	c->rest = rest_open(&opts, err);
	opts.base = graph_base(run->arena, opts.base);
	c->graph = c->rest ? rest_open(&opts, err) : NULL;
	if (!c->graph || find(c, err) < 0)
		return -1;
	return put(c, text, err);
}

static struct str
body_of(struct run *run, struct str mark, struct str markdown)
{
	return arena_fmt(run->arena, "%.*s\n%.*s", STR_FMT(mark), STR_FMT(markdown));
}

void
comment_write(struct run *run, struct str markdown, struct str shorter)
{
	struct comment c = { .run = run };
	struct err err = { .kind = ERR_NONE };
	struct str body;

	if (!run->opt.comment)
		return;
	if (!run->event.is_pull_request || run->event.number.len == 0) {
		ci_note(&run->ci, "no comment is written: this run is not about a pull request");
		return;
	}
	c.mark = mark_of(run);
	body = body_of(run, c.mark, markdown);
	if (body.len > BODY_MAX)
		body = body_of(run, c.mark, shorter);
	if (write_to(&c, body, &err) < 0 && c.is_denied && run->event.is_read_only)
		ci_note(&run->ci, "no comment is written: GitHub gives runs for Dependabot a "
		                  "read-only token; the "
		                  "plan is in the job summary");
	else if (err.kind != ERR_NONE)
		ci_warn(&run->ci, "cannot write the comment on pull request %.*s: %s%s%s",
		    STR_FMT(run->event.number), err.text, err.hint[0] ? "; hint: " : "", err.hint);
	else
		ci_log(&run->ci, "comment on pull request %.*s: %s", STR_FMT(run->event.number),
		    c.id.len ? "updated" : "written");
	rest_close(c.graph);
	rest_close(c.rest);
}
