/*
 * GitHub Actions secrets. REST reference "Actions secrets": GET …/public-key, PUT …/NAME with the value in a
 * sealed box (libsodium's crypto_box_seal) for that key; 201 created, 204 updated.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ci/github_name.h"
#include "forge/place.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "secret/base64.h"
#include "secret/secret.h"

enum {
	MAX_SECRET_VALUE = 48 << 10,
	MAX_REPOSITORIES = 10000, /* that see one secret */
	MAX_PAGES = 200,          /* a host may make them smaller than was asked for */
	MAX_BODY_BYTES = 512 << 10
};

static const char *const headers[] = { "Accept: application/vnd.github+json",
	"X-GitHub-Api-Version: 2022-11-28", NULL };

static int
check_name(struct str name, struct err *err)
{
	if (forge_is_name(name) && !str_starts(name, "GITHUB_"))
		return 0;
	(void)err_set(err, ERR_USAGE, "'%.*s' is not a name for a GitHub secret",
	    STR_FMT(str_head(name, 100)));
	return err_hint(err, "write letters, digits and '_', no digit first, and not GITHUB_...");
}

/* The repository that the job runs for. */
static int
take_own_repository(struct forge *f, const struct env *env, struct err *err)
{
	f->owner = str_of(env_get(env, "GITHUB_REPOSITORY"));
	if (github_is_repository(f->owner))
		return 0;
	if (f->owner.len > 0)
		(void)err_set(err, ERR_USAGE, "GITHUB_REPOSITORY is '%.*s', which is no OWNER/REPO",
		    STR_FMT(str_head(f->owner, 100)));
	else
		(void)err_set(err, ERR_USAGE,
		    "it is not known which repository the secret '%.*s' is of", STR_FMT(f->name));
	return err_hint(err, "write github:OWNER/REPO:%.*s", STR_FMT(f->name));
}

/* [OWNER/REPO [:ENVIRONMENT] | ORGANIZATION] :NAME. -1 without a message: it is not written so. */
static int
take_parts(struct forge *f, struct str rest, const struct env *env, struct err *err)
{
	size_t last = str_rfind(rest, ':');
	struct str before = str_head(rest, last < rest.len ? last : 0);
	size_t colon = str_find(before, ':');

	f->name = last < rest.len ? str_tail(rest, last + 1) : rest;
	if (check_name(f->name, err) < 0)
		return -1;
	if (last == rest.len)
		return take_own_repository(f, env, err);
	f->owner = str_head(before, colon);
	f->environment = str_tail(before, colon + 1);
	if (colon < before.len && !github_is_environment(f->environment))
		return -1;
	if (github_is_repository(f->owner))
		return 0;
	return colon == before.len && github_is_owner(f->owner) ? 0 : -1;
}

static int
github_open(struct forge *f, struct str rest, const struct forge_opts *opts, struct rest_opts *out,
    struct err *err)
{
	struct arena *a = f->arena;
	const char *base = env_get(opts->env, "GITHUB_API_URL");
	struct str owner;

	err->kind = ERR_NONE; /* stays where the place is not written as it must be */
	if (take_parts(f, rest, opts->env, err) < 0)
		return -1;
	owner = f->owner;
	if (str_find(owner, '/') == owner.len)
		f->path = arena_fmt(a, "/orgs/%s/actions/secrets", rest_escape(a, owner).ptr).ptr;
	else if (f->environment.len > 0)
		f->path = arena_fmt(a, "/repos/%.*s/environments/%s/secrets", STR_FMT(owner),
		    rest_escape(a, f->environment).ptr)
		              .ptr;
	else
		f->path = arena_fmt(a, "/repos/%.*s/actions/secrets", STR_FMT(owner)).ptr;
	f->title = arena_fmt(a, "the secret %.*s of %.*s%s%.*s", STR_FMT(f->name), STR_FMT(owner),
	    f->environment.len ? ", environment " : "", STR_FMT(f->environment))
	               .ptr;
	f->base_name = "GITHUB_API_URL";
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
github_hint(const struct forge *f, const struct rest_reply *reply, struct err *err)
{
	switch (reply->status) {
	case 401:
		return err_hint(err, "the token for GitHub's API is not valid: make a new one");
	case 403:
		return err_hint(err,
		    "the token needs %s: a fine-grained token or a GitHub App can have "
		    "it, a job's own GITHUB_TOKEN cannot",
		    permission(f));
	case 404:
		return err_hint(
		    err, "check the name, and that the token sees it: it needs %s", permission(f));
	case 410:
		return err_hint(err, "this server does not have version 2022-11-28 of the API any "
		                     "more: update pachup");
	case 422:
		return err_hint(err,
		    "the key has changed meanwhile, or the limit of secrets is reached: run "
		    "this again, and look at the list of secrets");
	default:
		return err_hint(err, "look at https://www.githubstatus.com and run this again");
	}
}

static int
get_key(struct forge *f, struct err *err)
{
	const char *path = arena_fmt(f->arena, "%s/public-key", f->path).ptr;
	struct rest_reply reply;
	struct node *n, *key, *id;
	size_t len = 0;

	if (forge_get(f, path, &reply, &n, err) < 0)
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

/* Fails rather than use a part of the list: writing the secret would replace the whole list by that part. */
static int
incomplete(struct forge *f, const char *why, struct err *err)
{
	(void)err_set(err, ERR_REFUSED,
	    "the repositories that see %s cannot be read: %s; the secret was not changed", f->title,
	    why);
	return err_hint(err, "store it as a secret of these repositories, or give the secret "
	                     "another visibility, and run this again");
}

/* Appends the repositories of one page; *total gets how many there are in all, as the page says. */
static int
take_page(struct forge *f, struct repositories *list, const struct node *page, uint64_t *total,
    struct err *err)
{
	const struct node *count = node_get(page, "total_count");
	const struct node *one = node_get(page, "repositories");

	if (!one || one->kind != NODE_ARRAY || !count || !str_number(count->text, total))
		return incomplete(f, "an answer has no list or no count", err);
	for (one = one->first; one; one = one->next) {
		struct node *id = node_get(one, "id");
		uint64_t number;

		if (!id || id->kind != NODE_NUMBER || !str_number(id->text, &number))
			return incomplete(f, "one has no number", err);
		if (list->count == MAX_REPOSITORIES)
			return incomplete(f, "there are more than 10,000", err);
		ARENA_ADD(f->arena, list, (int64_t)number);
	}
	return *total >= list->count ? 0 : incomplete(f, "the pages repeat themselves", err);
}

static int
compare_ids(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The numbers of the repositories that see an organization's secret, over all pages; sorted. */
static int
get_repositories(struct forge *f, struct repositories *out, struct err *err)
{
	const char *path =
	    arena_fmt(f->arena, "%s/%.*s/repositories?per_page=100", f->path, STR_FMT(f->name)).ptr;
	struct rest_reply reply;
	struct node *n;
	uint64_t total = 0;

	*out = (struct repositories){ NULL, 0, 0 };
	for (int page = 0; path; page++) {
		if (page == MAX_PAGES)
			return incomplete(f, "the pages have no end", err);
		if (forge_get(f, path, &reply, &n, err) < 0)
			return -1;
		if (reply.is_cut)
			return incomplete(f, "the next page is at another address", err);
		path = reply.next ? arena_cstr(f->arena, str_of(reply.next)) : NULL;
		if (take_page(f, out, n, &total, err) < 0)
			return -1;
	}
	if (out->count > 0)
		qsort(out->list, out->count, sizeof(*out->list), compare_ids);
	for (size_t i = 1; i < out->count; i++)
		if (out->list[i] == out->list[i - 1])
			return incomplete(f, "the pages repeat themselves", err);
	return total == out->count ? 0 : incomplete(f, "some are missing", err);
}

/* A new value must not change who sees the secret. */
static int
get_visibility(struct forge *f, struct err *err)
{
	const char *path = arena_fmt(f->arena, "%s/%.*s", f->path, STR_FMT(f->name)).ptr;
	struct rest_reply reply;
	struct node *n, *visibility;

	f->visibility = STR("private");
	if (forge_get(f, path, &reply, &n, err) < 0)
		return reply.status == 404 ? 0 : -1;
	visibility = node_get(n, "visibility");
	if (visibility && visibility->kind == NODE_STRING)
		f->visibility = visibility->text;
	return str_is(f->visibility, "selected") ? get_repositories(f, &f->repositories, err) : 0;
}

static int
github_prepare(struct forge *f, struct err *err)
{
	bool is_organization = str_find(f->owner, '/') == f->owner.len;

	if (get_key(f, err) < 0)
		return -1;
	return is_organization ? get_visibility(f, err) : 0;
}

static void
write_body(const struct forge *f, struct str box, struct buf *body)
{
	struct json j = JSON_TO(body);

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "encrypted_value", box);
	json_string(&j, "key_id", f->key_id);
	if (f->visibility.len > 0)
		json_string(&j, "visibility", f->visibility);
	if (str_is(f->visibility, "selected")) {
		/* all of them, also when there are none: a list that is left out is cleared */
		json_open(&j, "selected_repository_ids", JSON_ARRAY);
		for (size_t i = 0; i < f->repositories.count; i++)
			json_int(&j, NULL, f->repositories.list[i]);
		json_close(&j);
	}
	json_close(&j);
}

/* After the secret was written: whether the same repositories see it. */
static enum write_end
check_repositories(struct forge *f, struct err *err)
{
	struct repositories now;

	if (!str_is(f->visibility, "selected"))
		return WRITE_DONE;
	if (get_repositories(f, &now, err) < 0)
		return err->kind == ERR_REFUSED ? WRITE_UNSURE : WRITE_LOST;
	if (now.count == f->repositories.count
	    && (now.count == 0
	        || memcmp(now.list, f->repositories.list, now.count * sizeof(*now.list)) == 0))
		return WRITE_DONE;
	(void)err_set(err, ERR_FAILED,
	    "%s is written, but is seen by other repositories than before", f->title);
	(void)err_hint(err, "look at the secret's repositories in the organization's settings");
	return WRITE_UNSURE;
}

static enum write_end
github_write(struct forge *f, const struct secret *value, struct err *err)
{
	struct str box = public_key_seal(f->arena, &f->key, value);
	struct rest_request request = { .method = "PUT" };
	struct buf body = BUF_INIT(MAX_BODY_BYTES);
	struct rest_reply reply;
	int rc;

	write_body(f, box, &body);
	if (box.len == 0 || box.len > MAX_SECRET_VALUE * 4 / 3 || buf_is_full(&body)) {
		buf_free(&body);
		(void)err_set(
		    err, ERR_NETWORK, "%s: the value cannot be sealed for GitHub's key", f->title);
		return WRITE_REFUSED;
	}
	request.path = arena_fmt(f->arena, "%s/%.*s", f->path, STR_FMT(f->name)).ptr;
	request.body = buf_str(&body);
	rc = rest_send(f->rest, &request, &reply, err);
	buf_free(&body);
	if (rc == 0 && (reply.status == 201 || reply.status == 204))
		return check_repositories(f, err);
	return forge_lost(f, rc, &reply, err);
}

const struct forge_host forge_github = {
	.title = "GitHub",
	.open = github_open,
	.prepare = github_prepare,
	.write = github_write,
	.hint = github_hint,
};
