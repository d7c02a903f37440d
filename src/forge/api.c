/* Calls to a code host. GitHub Docs, "Forming calls with GraphQL": errors come with HTTP status 200, in the member
 * "errors". */
#include "forge/api.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "format/doc.h"
#include "secret/base64.h"

enum { MAX_CALL_BYTES = 64 << 20 };

void
call_begin(struct call *c)
{
	c->body = BUF_INIT(MAX_CALL_BYTES);
	c->json = JSON_TO(&c->body);
	json_open(&c->json, NULL, JSON_OBJECT);
}

void
call_begin_list(struct call *c)
{
	c->body = BUF_INIT(MAX_CALL_BYTES);
	c->json = JSON_TO(&c->body);
	json_open(&c->json, NULL, JSON_ARRAY);
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
	return node_text(node_get(n, key));
}

const struct node *
first_at(const struct node *n, const char *key)
{
	const struct node *list = node_get(n, key);

	return list ? list->first : NULL;
}

bool
true_at(const struct node *n, const char *key)
{
	return node_is_true(node_get(n, key));
}

int64_t
number_at(const struct node *n, const char *key)
{
	const struct node *member = node_get(n, key);
	uint64_t number;

	if (!member || member->kind != NODE_NUMBER || member->text.len > 15
	    || !str_number(member->text, &number))
		return 0;
	return (int64_t)number;
}

struct str
digits_at(const struct node *n, const char *key)
{
	const struct node *member = node_get(n, key);

	if (!member || member->kind != NODE_NUMBER || member->text.len > 19
	    || str_digits(member->text) != member->text.len)
		return STR("");
	return member->text;
}

bool
is_plain(const struct new_commit *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (!str_is(c->files[i].mode, "100644"))
			return false;
	return true;
}

const char *
move_text(struct arena *a, const char *branch, struct str before, struct str after)
{
	const char *verb = before.len == 0 ? "make" : after.len == 0 ? "delete" : "move";

	return arena_fmt(a, "%s branch '%s'", verb, branch).ptr;
}

struct str
known_text(const struct known *list, struct str key)
{
	for (; list; list = list->next)
		if (str_eq(list->key, key))
			return list->text;
	return (struct str){ NULL, 0 };
}

void
known_add(struct arena *a, struct known **list, struct str key, struct str text)
{
	struct known *one = ARENA_NEW(a, struct known);

	*one = (struct known){ *list, key, text };
	*list = one;
}

bool
is_oid(struct str text)
{
	return text.len == 40 && str_is_of(text, CHARS_HEX);
}

bool
looked_has(const struct looked *at, int64_t number)
{
	for (size_t i = 0; i < at->pull_count; i++)
		if (at->pulls[i].number == number)
			return true;
	return false;
}

int
not_said(const struct repository *r, const char *what, struct err *err)
{
	return err_set(err, ERR_NETWORK, "%s does not say %s", r->host->title, what);
}

int
no_base(const struct repository *r, const char *base, struct err *err)
{
	if (base)
		(void)err_set(err, ERR_REFUSED, "there is no branch '%.200s' in %.*s", base,
		    STR_FMT(r->name));
	else
		(void)err_set(err, ERR_REFUSED, "%.*s has no commit yet", STR_FMT(r->name));
	return err_hint(err, "check the name, and that the token sees the repository");
}

int
entry_add(struct repository *r, struct entries *out, struct entry e, struct err *err)
{
	if (out->count == MAX_DATA_FILES)
		return err_set(err, ERR_REFUSED, "%.*s has more than %d files", STR_FMT(r->name),
		    MAX_DATA_FILES);
	ARENA_ADD(r->arena, out, e);
	return 0;
}

static int
by_path(const void *left, const void *right)
{
	return str_cmp(((const struct entry *)left)->path, ((const struct entry *)right)->path);
}

void
entry_sort_all(struct entries *out)
{
	if (out->count > 0)
		qsort(out->list, out->count, sizeof(*out->list), by_path);
}

const char *
base64_of(struct arena *a, struct str bytes)
{
	char *digits = arena_alloc(a, base64_len(bytes.len, BASE64_PADDED) + 1);

	base64_write(digits, bytes, BASE64_PADDED);
	return digits;
}

struct rest *
api_open(const struct forge_opts *opts, const struct rest_opts *rest, const char *base,
    const char *variable, struct err *err)
{
	struct rest_opts all = *rest;

	all.base = base;
	if (rest_check_base(base, variable, err) < 0)
		return NULL;
	if (opts->find_proxy(opts->ctx, base, &all.proxy, err) < 0) {
		(void)err_wrap(err, "%s", variable);
		return NULL;
	}
	return rest_open(&all, err);
}

int
api_hint_limit(const struct rest_reply *reply, struct err *err)
{
	return err_hint(err, "the API's limit is reached: try again in %lld minutes",
	    (long long)(reply->wait_s + 59) / 60);
}

/* The hint about an answer that says no. Always -1. */
static int
hint(
    const struct repository *r, const struct rest_reply *reply, struct str message, struct err *err)
{
	if (reply->wait_s > 0)
		return api_hint_limit(reply, err);
	if (reply->status == 401)
		return err_hint(
		    err, "the token for %s's API is not valid: make a new one", r->host->title);
	r->host->hint(reply, message, err);
	if (!err->hint[0] && reply->status >= 500)
		return err_hint(err, "look at %s and run this again", r->host->status_page);
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
	if (str_ends(message, "."))
		message.len--;
	(void)err_set(err, reply->status >= 500 ? ERR_NETWORK : ERR_REFUSED,
	    "%s refuses to %s in %.*s%s%s%.*s%s%s", r->host->title, what, STR_FMT(r->name),
	    status.ptr, message.len ? ": " : "", STR_FMT(message),
	    *reply->request ? ", request " : "", reply->request);
	return hint(r, reply, message, err);
}

struct node *
api_parse(struct arena *a, struct str body)
{
	struct diags mistakes = diags_in(a);
	struct node *n = doc_parse_value(a, arena_str(a, body), &mistakes);

	return mistakes.errors == 0 ? n : NULL;
}

static int
unreadable(const struct repository *r, const char *what, struct err *err)
{
	(void)err_set(err, ERR_NETWORK, "the answer to the request to %s cannot be read", what);
	return err_hint(err, "check that %s leads to the API", r->host->base_name);
}

/* The host's own message about a refusal: member "message" or "error", which GitLab nests in objects and lists. */
static struct str
message_of(const struct node *n)
{
	const struct node *message = node_get(n, "message");

	if (!message)
		message = node_get(n, "error");
	for (int depth = 0; message && depth < 4; depth++) {
		if (message->kind == NODE_STRING)
			return message->text;
		message = message->first;
	}
	return STR("");
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
	r->status = 0;
	if (send_call(r, r->graph, &request, c, &reply, err) < 0)
		return err_wrap(err, "cannot %s", what);
	r->status = reply.status;
	n = api_parse(r->arena, reply.body);
	if (reply.status != 200)
		return refuse(r, what, &reply, message_of(n), err);
	errors = node_get(n, "errors");
	if (errors && errors->first) {
		r->is_gone = str_is(text_at(errors->first, "type"), "NOT_FOUND");
		return refuse(r, what, &reply, text_at(errors->first, "message"), err);
	}
	*data = node_get(n, "data");
	return *data ? 0 : unreadable(r, what, err);
}

/* An answer of a status that says yes. Azure DevOps answers 203 with a page to log in at. */
static int
call_host(struct repository *r, const struct rest_request *how, struct call *c, const char *what,
    struct rest_reply *reply, struct err *err)
{
	struct rest_request request = *how;
	struct node *n;

	if (str_starts(str_of(how->path), "//"))
		request.path = how->path + 1;
	else if (!str_starts(str_of(how->path), "http")) /* of the next page */
		request.path = arena_fmt(r->arena, "%s%s", r->root, how->path).ptr;
	r->status = 0;
	r->is_gone = false;
	if (send_call(r, r->rest, &request, c, reply, err) < 0)
		return err_wrap(err, "cannot %s", what);
	r->status = reply->status;
	r->is_gone = reply->status == 404;
	if (reply->status >= 200 && reply->status <= 299 && reply->status != 203)
		return 0;
	n = reply->body.len > 0 ? api_parse(r->arena, reply->body) : NULL;
	return refuse(r, what, reply, message_of(n), err);
}

int
call_rest(struct repository *r, const char *method, const char *path, struct call *c,
    const char *what, struct node **out, struct err *err)
{
	struct rest_request request = { .method = method, .path = path };
	struct rest_reply reply;

	*out = NULL;
	if (call_host(r, &request, c, what, &reply, err) < 0)
		return -1;
	if (reply.body.len > 0)
		*out = api_parse(r->arena, reply.body);
	return reply.body.len > 0 && !*out ? unreadable(r, what, err) : 0;
}

int
call_get(struct repository *r, const char *what, struct node **out, struct err *err,
    const char *path, ...)
{
	struct str text;
	va_list args;

	va_start(args, path);
	text = arena_vfmt(r->arena, path, args);
	va_end(args);
	return call_rest(r, "GET", text.ptr, NULL, what, out, err);
}

int
call_bytes(
    struct repository *r, const char *path, const char *what, struct str *bytes, struct err *err)
{
	struct rest_request request = { .method = "GET", .path = path };
	struct rest_reply reply;

	if (call_host(r, &request, NULL, what, &reply, err) < 0)
		return -1;
	*bytes = arena_str(r->arena, reply.body);
	return 0;
}

int
comments_unread(const char *cut, struct err *err)
{
	return err_set(err, ERR_NETWORK,
	    "its comments cannot all be read, and pachup's may be among them: %s", cut);
}

int
call_pages(struct repository *r, const char *path, int most, const char *what, struct node **out,
    const char **cut, struct err *err)
{
	struct rest_request request = { .method = "GET", .path = path };
	struct node *all = NULL, **last = NULL;
	struct rest_reply reply;

	*cut = NULL;
	for (int page = 0; request.path && !*cut; page++) {
		struct node *n;

		if (page == most) {
			*cut = arena_fmt(r->arena, "there are more than %d,000", most / 10).ptr;
			break;
		}
		if (call_host(r, &request, NULL, what, &reply, err) < 0)
			return -1;
		n = api_parse(r->arena, reply.body);
		if (!n || n->kind != NODE_ARRAY)
			return unreadable(r, what, err);
		if (all)
			*last = n->first;
		else
			all = n;
		for (last = &all->first; *last; last = &(*last)->next)
			;
		if (reply.is_cut)
			*cut = "the next page is at another address";
		request.path = reply.next ? arena_cstr(r->arena, str_of(reply.next)) : NULL;
	}
	*out = all;
	return 0;
}
