/* The tokens of a realm (the distribution project's "Token authentication" and "OAuth2 token authentication"). */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/doc.h"
#include "registry/asking.h"
#include "secret/audience.h"
#include "secret/secret.h"

/* One request for a token; a body holds an identity token, and is wiped. */
struct errand {
	struct repo *repo;
	const char *base; /* of the realm */
	char *body;
	size_t body_len;
};

static size_t
origin_len(struct str url)
{
	size_t scheme = str_starts(url, "https://") ? strlen("https://") : strlen("http://");

	return scheme + str_cspan(str_tail(url, scheme), "/?#");
}

/* Checks that a realm may be asked on behalf of a registry that is at `from`. -1: ERR_REFUSED. */
static int
realm_check(struct str realm, enum reach from, struct err *err)
{
	bool is_plain = str_starts(realm, "http://");
	size_t scheme = is_plain ? strlen("http://") : strlen("https://"), len;
	char host[300];
	enum reach reach;

	if ((!is_plain && !str_starts(realm, "https://")) || str_find(realm, '#') < realm.len)
		return err_set(err, ERR_REFUSED,
		    "it names '%.*s' for tokens, which is not an https:// address",
		    STR_FMT(str_head(realm, 200)));
	len = origin_len(realm) - scheme;
	if (len == 0 || len >= sizeof(host)
	    || str_find(str_head(realm, scheme + len), '@') < scheme + len)
		return err_set(err, ERR_REFUSED, "it names an address for tokens that has no host");
	memcpy(host, realm.ptr + scheme, len);
	host[len] = '\0';
	if (host[0] == '[') {
		memmove(host, host + 1, len);
		host[strcspn(host, "]")] = '\0';
	} else {
		host[strcspn(host, ":")] = '\0';
	}
	reach = reach_of_host(host);
	if (is_plain && (reach != REACH_LOOPBACK || from != REACH_LOOPBACK))
		return err_set(err, ERR_REFUSED,
		    "it names '%.*s' for tokens, which is not https://",
		    STR_FMT(str_head(realm, 200)));
	if (reach != REACH_PUBLIC && reach != from)
		return err_set(err, ERR_REFUSED,
		    "it names '%.*s' for tokens, which is an address inside",
		    STR_FMT(str_head(realm, 200)));
	return 0;
}

static struct str
scope_of(struct arena *a, const struct repo *repo)
{
	return arena_fmt(a, "repository:%.*s:pull", STR_FMT(repo->path));
}

/* The realm's path with the query for a token. */
static const char *
query_path(struct asking *all, const struct repo *repo)
{
	struct arena *a = all->arena;
	struct str realm = repo->challenge.realm, path = str_tail(realm, origin_len(realm));
	bool has_query = str_find(path, '?') < path.len;
	struct str service = repo->challenge.service;

	return arena_fmt(a, "%s%.*s%s%s%.*s%sscope=%.*s", str_starts(path, "/") ? "" : "/",
	    STR_FMT(path), has_query ? "&" : "?", service.len ? "service=" : "",
	    STR_FMT(rest_escape(a, service)), service.len ? "&" : "",
	    STR_FMT(rest_escape(a, scope_of(a, repo))))
	    .ptr;
}

/* Percent-encodes the token into a buffer. */
static int
add_escaped(void *buf, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		buf_fmt(buf, "%%%02X", (unsigned char)bytes.ptr[i]);
	return 0;
}

/* Makes "grant_type=refresh_token&…" with all its room at once: a buffer that grows leaves copies. False: no memory. */
static bool
make_body(struct asking *all, struct errand *e)
{
	struct arena *a = all->arena;
	const struct repo *repo = e->repo;
	struct str head = arena_fmt(a,
	    "grant_type=refresh_token&client_id=pachup&service=%.*s&scope=%.*s&refresh_token=",
	    STR_FMT(rest_escape(a, repo->challenge.service)),
	    STR_FMT(rest_escape(a, scope_of(a, repo))));
	struct buf body = BUF_INIT(head.len + 3 * (size_t)MAX_SECRET_BYTES + 8);

	body.ptr = malloc(body.max);
	if (!body.ptr)
		return false;
	body.room = body.max;
	buf_add(&body, head);
	if (secret_lend(repo->login->secret, add_escaped, &body) < 0 || buf_is_full(&body)) {
		secret_wipe(body.ptr, body.room);
		buf_free(&body);
		return false;
	}
	e->body = body.ptr;
	e->body_len = body.len;
	return true;
}

/* Adds the request for a token to the batch. -1 with repo->why: the realm is not asked. */
static int
add_request(struct asking *all, struct batch *b, struct errand *e)
{
	struct repo *repo = e->repo;
	struct str realm = repo->challenge.realm;
	const struct login *login = repo->login && repo->login->secret ? repo->login : NULL;
	bool is_identity = login && login->is_identity;
	struct rest_request request = { .method = "GET" };
	struct batch_way way = { .is_led = true, .led_by = repo->site->reach };
	struct str path = str_tail(realm, origin_len(realm));

	if (realm_check(realm, repo->site->reach, &repo->why) < 0)
		return err_wrap(&repo->why, "'%s'", repo->site->base);
	e->base = way.base = arena_cstr(all->arena, str_head(realm, origin_len(realm)));
	if (all->opts->find_proxy(all->opts->ctx, way.base, &way.proxy, &repo->why) < 0)
		return -1;
	if (!is_identity) {
		request.path = query_path(all, repo);
		way.secret = login ? login->secret : NULL;
		way.is_pair = login != NULL;
		return batch_add(all, b, &way, &request, e, &repo->why);
	}
	if (audience_check(login->secret, AUDIENCE_REGISTRY, way.base, &repo->why) < 0)
		return -1;
	if (!make_body(all, e))
		return err_set(&repo->why, ERR_SYSTEM, "no memory for the login to a registry");
	request.method = "POST";
	request.path = arena_cstr(all->arena, path.len ? path : STR("/"));
	request.body = (struct str){ e->body, e->body_len };
	request.content_type = "application/x-www-form-urlencoded";
	return batch_add(all, b, &way, &request, e, &repo->why);
}

/* The token in the answer; the tree that holds a copy is wiped with its arena. */
static struct secret *
read_token(struct asking *all, struct str body, struct err *err)
{
	struct arena *a = arena_like(all->arena);
	struct diags d = diags_in(a);
	const struct node *root = doc_parse_value(a, arena_str(a, body), &d);
	const struct node *token = d.errors == 0 ? node_get(root, "token") : NULL;
	struct secret *s = NULL;

	if (d.errors == 0 && (!token || token->kind != NODE_STRING || token->text.len == 0))
		token = node_get(root, "access_token");
	if (token && token->kind == NODE_STRING)
		s = secret_new(token->text, "a registry's token", err);
	else
		(void)err_set(err, ERR_NETWORK, "its answer holds no token");
	arena_wipe(a);
	if (!s)
		return NULL;
	secret_keep_from_forks(s);
	secret_set_audience(s, AUDIENCE_REGISTRY);
	return s;
}

static void
take_answer(struct asking *all, const struct errand *e, const struct rest_turn *turn)
{
	struct repo *repo = e->repo;

	if (turn->rc < 0 || turn->reply.status != 200) {
		repo->answer = asking_refusal(turn, e->base, &repo->why);
		return;
	}
	repo->token = read_token(all, turn->reply.body, &repo->why);
	if (repo->token)
		return;
	(void)err_wrap(&repo->why, "'%s' gives no token that can be used", e->base);
	repo->answer = REGISTRY_UNREACHABLE;
}

int
tokens_get(struct asking *all, struct err *err)
{
	struct batch b = batch_new(all, all->repo_count);
	struct errand *errands = ARENA_ARRAY(all->arena, all->repo_count, struct errand);
	int rc;

	for (size_t i = 0; i < all->repo_count; i++) {
		struct repo *repo = &all->repos[i];

		errands[i].repo = repo;
		if (repo->answer != REGISTRY_FOUND || repo->token
		    || repo->challenge.scheme != CHALLENGE_BEARER)
			continue;
		if (add_request(all, &b, &errands[i]) < 0)
			repo->answer = REGISTRY_UNREACHABLE;
	}
	rc = batch_send(all, &b, err);
	for (size_t i = 0; i < b.count; i++)
		take_answer(all, b.about[i], &b.turns[i]);
	batch_free(&b);
	for (size_t i = 0; i < all->repo_count; i++) {
		if (errands[i].body)
			secret_wipe(errands[i].body, errands[i].body_len);
		free(errands[i].body);
	}
	return rc;
}
