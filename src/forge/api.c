/* GitHub Docs, "Forming calls with GraphQL": errors come with HTTP status 200, in the member "errors". */
#include "forge/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "format/doc.h"

enum { MAX_CALL_BYTES = 64 << 20 };

void
call_begin(struct call *c)
{
	c->body = BUF_INIT(MAX_CALL_BYTES);
	c->json = JSON_TO(&c->body);
	json_open(&c->json, NULL, JSON_OBJECT);
}

void
call_begin_graph(struct call *c, const char *query)
{
	call_begin(c);
	json_text(&c->json, "query", query);
	json_open(&c->json, "variables", JSON_OBJECT);
}

struct str
text_at(const struct node *n, const char *key)
{
	const struct node *member = node_get(n, key);

	return member && member->kind == NODE_STRING ? member->text : STR("");
}

bool
true_at(const struct node *n, const char *key)
{
	const struct node *member = node_get(n, key);

	return member && member->kind == NODE_BOOL && str_is(member->text, "true");
}

int64_t
number_at(const struct node *n, const char *key)
{
	const struct node *member = node_get(n, key);
	int64_t number = 0;

	if (!member || member->kind != NODE_NUMBER || member->text.len > 15)
		return 0;
	for (size_t i = 0; i < member->text.len; i++) {
		if (member->text.ptr[i] < '0' || member->text.ptr[i] > '9')
			return 0;
		number = number * 10 + (member->text.ptr[i] - '0');
	}
	return number;
}

/* What to do about an answer that says no. */
static int
hint(const struct rest_reply *reply, struct str message, struct err *err)
{
	if (reply->wait_s > 0)
		return err_hint(err, "the API's limit is reached: try again in %lld minutes",
		    (long long)(reply->wait_s + 59) / 60);
	if (reply->status == 401)
		return err_hint(err, "the token for GitHub's API is not valid: make a new one");
	if (str_holds(message, STR("create or approve pull requests")))
		return err_hint(err,
		    "switch on 'Allow GitHub Actions to create and approve pull requests' "
		    "(Settings, Actions, General), or give the token of a GitHub App");
	if (str_holds(message, STR("rotected")) || str_holds(message, STR("rule violation")))
		return err_hint(err,
		    "a rule protects this branch: write to another one with --pull-request, or "
		    "let the token's user pass the rule");
	if (reply->status == 403 || reply->status == 404
	    || str_holds(message, STR("not accessible"))
	    || str_holds(message, STR("Could not resolve")))
		return err_hint(err,
		    "check the name; the token needs the permissions 'contents: write' and "
		    "'pull-requests: write' for this repository");
	if (reply->status >= 500)
		return err_hint(err, "look at https://www.githubstatus.com and run this again");
	return -1;
}

static int
refuse(struct repository *r, const char *what, const struct rest_reply *reply, struct str message,
    struct err *err)
{
	struct str status = reply->status == 200 /* GraphQL's errors */
	                        ? STR("")
	                        : arena_fmt(r->arena, " (HTTP status %d)", reply->status);

	message = str_head(message, 300);
	(void)err_set(err, reply->status >= 500 ? ERR_NETWORK : ERR_REFUSED,
	    "GitHub refuses to %s in %.*s%s%s%.*s%s%s", what, STR_FMT(r->name), status.ptr,
	    message.len ? ": " : "", STR_FMT(message), *reply->request ? ", request " : "",
	    reply->request);
	return hint(reply, message, err);
}

static struct node *
parse(struct repository *r, struct str body)
{
	struct diags mistakes = diags_in(r->arena);
	struct node *n = doc_parse_value(r->arena, arena_str(r->arena, body), &mistakes);

	return mistakes.errors == 0 ? n : NULL;
}

static int
unreadable(const char *what, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "the answer to the request to %s cannot be read", what);
	return err_hint(err, "check that GITHUB_API_URL leads to the API");
}

static int
send_call(struct repository *r, struct rest *rest, const struct rest_request *how, struct call *c,
    struct rest_reply *reply, struct err *err)
{
	struct rest_request request = *how;
	int rc;

	if (!c)
		return rest_send(rest, &request, reply, err);
	while (c->json.depth > 0)
		json_close(&c->json);
	request.body = buf_str(&c->body);
	rc = buf_is_full(&c->body)
	         ? err_set(err, ERR_USAGE, "a request to %.*s is too large", STR_FMT(r->name))
	         : rest_send(rest, &request, reply, err);
	buf_free(&c->body);
	return rc;
}

int
call_graph(
    struct repository *r, struct call *c, const char *what, struct node **data, struct err *err)
{
	struct rest_request request = { .method = "POST", .path = "/graphql" };
	const struct node *errors;
	struct rest_reply reply;
	struct node *n;

	r->is_gone = false;
	if (send_call(r, r->graph, &request, c, &reply, err) < 0)
		return err_wrap(err, "cannot %s", what);
	n = parse(r, reply.body);
	if (reply.status != 200)
		return refuse(r, what, &reply, text_at(n, "message"), err);
	errors = node_get(n, "errors");
	if (errors && errors->first) {
		r->is_gone = str_is(text_at(errors->first, "type"), "NOT_FOUND");
		return refuse(r, what, &reply, text_at(errors->first, "message"), err);
	}
	*data = node_get(n, "data");
	return *data ? 0 : unreadable(what, err);
}

int
call_rest(struct repository *r, const char *method, const char *path, struct call *c,
    const char *what, struct node **out, struct err *err)
{
	struct rest_request request = { .method = method };
	struct rest_reply reply;

	*out = NULL;
	request.path = arena_fmt(r->arena, "/repos/%.*s%s", STR_FMT(r->name), path).ptr;
	if (send_call(r, r->rest, &request, c, &reply, err) < 0)
		return err_wrap(err, "cannot %s", what);
	r->is_gone = reply.status == 404;
	if (reply.body.len > 0)
		*out = parse(r, reply.body);
	if (reply.status < 200 || reply.status > 299)
		return refuse(r, what, &reply, text_at(*out, "message"), err);
	return reply.body.len > 0 && !*out ? unreadable(what, err) : 0;
}
