/*
 * GitHub Actions secrets. REST reference "Actions secrets": GET …/public-key, PUT …/NAME with the value in a
 * sealed box (libsodium's crypto_box_seal) for that key; 201 created, 204 updated.
 */
#include <string.h>

#include "base/buf.h"
#include "forge/place.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "secret/base64.h"
#include "secret/secret.h"

enum { MAX_SECRET_VALUE = 48 << 10, MAX_BODY_BYTES = 128 << 10 };

static const char *const headers[] = { "Accept: application/vnd.github+json",
	"X-GitHub-Api-Version: 2022-11-28", NULL };

/* "OWNER/REPO" of characters that a name there can have. */
static bool
is_repository(struct str text)
{
	struct str owner = str_head(text, str_find(text, '/'));
	struct str repo = str_tail(text, owner.len + 1);

	if (owner.len == 0 || repo.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/",
		        text.ptr[i])
		    || (i > owner.len && text.ptr[i] == '/'))
			return false;
	return true;
}

static int
check_name(struct str name, struct err *err)
{
	if (forge_is_name(name) && !(name.len >= 7 && str_is(str_head(name, 7), "GITHUB_")))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "'%.*s' is no name for a GitHub secret", STR_FMT(str_head(name, 100)));
	return err_hint(err, "write letters, digits and '_', no digit first, and not GITHUB_...");
}

/* [OWNER/REPO | ORGANIZATION] [:ENVIRONMENT] :NAME */
static int
take_parts(struct forge *f, struct str rest, const struct env *env, struct err *err)
{
	size_t last = str_rfind(rest, ':');
	struct str before = last < rest.len ? str_head(rest, last) : STR("");
	size_t slash = str_find(before, '/'), colon = str_find(before, ':');

	f->name = last < rest.len ? str_tail(rest, last + 1) : rest;
	if (check_name(f->name, err) < 0)
		return -1;
	f->owner = str_head(before, colon);
	f->environment = str_tail(before, colon + 1);
	if (last < rest.len)
		return f->owner.len > 0
		               && (slash < f->owner.len ? is_repository(f->owner)
		                                        : colon == before.len)
		           ? 0
		           : -1;
	f->owner = str_of(env_get(env, "GITHUB_REPOSITORY"));
	if (is_repository(f->owner))
		return 0;
	(void)err_set(err, ERR_USAGE, "it is not known which repository the secret '%.*s' is of",
	    STR_FMT(f->name));
	return err_hint(err, "write github:OWNER/REPO:%.*s", STR_FMT(f->name));
}

static int
github_open(struct forge *f, struct str rest, const struct forge_opts *opts, struct rest_opts *out,
    struct err *err)
{
	struct arena *a = f->arena;
	const char *base = env_get(opts->env, "GITHUB_API_URL");
	struct str owner;

	err->kind = ERR_NONE; /* the place is wrong, if nothing else is said */
	if (take_parts(f, rest, opts->env, err) < 0)
		return -1;
	owner = f->owner;
	if (str_find(owner, '/') == owner.len)
		f->path =
		    arena_fmt(a, "/orgs/%.*s/actions/secrets", STR_FMT(rest_escape(a, owner))).ptr;
	else if (f->environment.len > 0)
		f->path = arena_fmt(a, "/repos/%.*s/environments/%.*s/secrets", STR_FMT(owner),
		    STR_FMT(rest_escape(a, f->environment)))
		              .ptr;
	else
		f->path = arena_fmt(a, "/repos/%.*s/actions/secrets", STR_FMT(owner)).ptr;
	f->title = arena_fmt(a, "the secret %.*s of %.*s%s%.*s", STR_FMT(f->name), STR_FMT(owner),
	    f->environment.len ? ", environment " : "", STR_FMT(f->environment))
	               .ptr;
	out->base = base ? base : "https://api.github.com";
	out->headers = headers;
	out->request_header = "x-github-request-id";
	return 0;
}

/* What the token must be allowed, by the kind of secret. */
static const char *
permission(const struct forge *f)
{
	if (str_find(f->owner, '/') == f->owner.len)
		return "the organization permission Secrets: write";
	return f->environment.len > 0 ? "the repository permission Environments: write"
	                              : "the repository permission Secrets: write";
}

static int
explain(struct forge *f, const struct rest_reply *reply, struct err *err)
{
	struct str message = forge_message(f, reply);
	bool is_known = true;

	(void)err_set(err, ERR_REFUSED, "GitHub says no to %s (HTTP status %d)%s%.*s%s%s", f->title,
	    reply->status, message.len ? ": " : "", STR_FMT(message),
	    *reply->request ? ", request " : "", reply->request);
	if (reply->wait_s > 0)
		(void)err_hint(err, "the API's limit is reached: try again in %lld minutes",
		    (long long)(reply->wait_s + 59) / 60);
	else if (reply->status == 401)
		(void)err_hint(
		    err, "the token in input 'store-token' is not valid: make a new one");
	else if (reply->status == 403)
		(void)err_hint(err,
		    "the token needs %s: a fine-grained token or a GitHub App can have "
		    "it, a job's own GITHUB_TOKEN cannot",
		    permission(f));
	else if (reply->status == 404)
		(void)err_hint(
		    err, "check the name, and that the token sees it: it needs %s", permission(f));
	else if (reply->status == 410)
		(void)err_hint(err,
		    "this server does not have version 2022-11-28 of the API any more: update "
		    "pachup");
	else if (reply->status == 422)
		(void)err_hint(err,
		    "the key has changed meanwhile, or the limit of secrets is reached: run "
		    "this again, and look at the list of secrets");
	else
		is_known = false;
	if (!is_known)
		(void)err_hint(err, "look at https://www.githubstatus.com and run this again");
	return -1;
}

static int
get(struct forge *f, const char *path, struct rest_reply *reply, struct err *err)
{
	struct rest_request request = { .method = "GET", .path = path };

	return forge_send(f, &request, reply, err);
}

static int
get_key(struct forge *f, struct err *err)
{
	struct rest_reply reply;
	struct node *n, *key, *id;
	size_t len = 0;

	if (get(f, arena_fmt(f->arena, "%s/public-key", f->path).ptr, &reply, err) < 0)
		return -1;
	if (reply.status != 200)
		return explain(f, &reply, err);
	n = forge_json(f, &reply, err);
	if (!n)
		return -1;
	key = node_get(n, "key");
	id = node_get(n, "key_id");
	if (!key || !id
	    || !base64_read(key->text, BASE64_PADDED, f->key.bytes, sizeof(f->key.bytes), &len)
	    || len != sizeof(f->key.bytes))
		return err_set(
		    err, ERR_NETWORK, "%s: GitHub's public key cannot be read", f->title);
	f->key_id = id->text;
	return 0;
}

/* The numbers of the repositories that see an organization's secret, over all pages. */
static int
get_repositories(struct forge *f, struct err *err)
{
	const char *path =
	    arena_fmt(f->arena, "%s/%.*s/repositories?per_page=100", f->path, STR_FMT(f->name)).ptr;
	struct buf ids = BUF_INIT(MAX_BODY_BYTES);
	struct rest_reply reply;
	struct node *n = NULL;

	while (path) {
		if (get(f, path, &reply, err) < 0)
			break;
		n = reply.status == 200 ? forge_json(f, &reply, err) : NULL;
		if (!n && reply.status != 200)
			(void)explain(f, &reply, err);
		if (!n)
			break;
		n = node_get(n, "repositories");
		for (struct node *one = n ? n->first : NULL; one; one = one->next) {
			struct node *id = node_get(one, "id");

			if (id && id->kind == NODE_NUMBER)
				buf_fmt(&ids, "%s%.*s", ids.len ? "," : "", STR_FMT(id->text));
		}
		path = reply.next ? arena_cstr(f->arena, str_of(reply.next)) : NULL;
	}
	f->ids = buf_take(&ids, f->arena);
	return path ? -1 : 0;
}

/* A new value must not change who sees the secret. */
static int
get_visibility(struct forge *f, struct err *err)
{
	struct rest_reply reply;
	struct node *n, *visibility;

	if (get(f, arena_fmt(f->arena, "%s/%.*s", f->path, STR_FMT(f->name)).ptr, &reply, err) < 0)
		return -1;
	f->visibility = STR("private");
	if (reply.status == 404)
		return 0;
	if (reply.status != 200)
		return explain(f, &reply, err);
	n = forge_json(f, &reply, err);
	if (!n)
		return -1;
	visibility = node_get(n, "visibility");
	if (visibility && visibility->kind == NODE_STRING)
		f->visibility = visibility->text;
	return str_is(f->visibility, "selected") ? get_repositories(f, err) : 0;
}

static int
github_prepare(struct forge *f, struct err *err)
{
	bool is_organization = str_find(f->owner, '/') == f->owner.len;

	if (get_key(f, err) < 0)
		return -1;
	return is_organization ? get_visibility(f, err) : 0;
}

static int
github_write(struct forge *f, const struct secret *value, bool *may_be_done, struct err *err)
{
	struct str box = public_key_seal(f->arena, &f->key, value);
	struct rest_request request = { .method = "PUT" };
	struct buf body = BUF_INIT(MAX_BODY_BYTES);
	struct json j = JSON_TO(&body);
	struct rest_reply reply;
	int rc;

	if (box.len == 0 || box.len > MAX_SECRET_VALUE * 4 / 3)
		return err_set(
		    err, ERR_NETWORK, "%s: the value cannot be sealed for GitHub's key", f->title);
	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "encrypted_value", box);
	json_string(&j, "key_id", f->key_id);
	if (f->visibility.len > 0)
		json_string(&j, "visibility", f->visibility);
	if (str_is(f->visibility, "selected"))
		json_raw(
		    &j, "selected_repository_ids", arena_fmt(f->arena, "[%.*s]", STR_FMT(f->ids)));
	json_close(&j);
	request.path = arena_fmt(f->arena, "%s/%.*s", f->path, STR_FMT(f->name)).ptr;
	request.body = buf_str(&body);
	rc = forge_send(f, &request, &reply, err);
	if (rc < 0)
		*may_be_done = rest_may_be_done(f->rest);
	else if (reply.status != 201 && reply.status != 204)
		rc = explain(f, &reply, err);
	buf_free(&body);
	return rc;
}

const struct forge_host forge_github = {
	.word = "github", .open = github_open, .prepare = github_prepare, .write = github_write
};
