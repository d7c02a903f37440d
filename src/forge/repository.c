/* Which host a repository is on, and what all hosts have in common. */
#include "forge/repository.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "forge/api.h"
#include "forge/hosts.h"

static const struct code_host *
host_at_home(const struct env *env)
{
	for (size_t i = 0; i < CODE_HOSTS; i++)
		if (code_hosts[i].repositories->is_home(env))
			return &code_hosts[i];
	return NULL;
}

enum audience
repository_home(const struct env *env)
{
	const struct code_host *home = host_at_home(env);

	return home ? home->audience : code_hosts[0].audience;
}

/* Takes the word of a host and its ':' off the front of the name; NULL: the name has none. */
static const struct code_host *
host_of_word(struct str *name)
{
	struct str word = str_head(*name, str_find(*name, ':'));

	if (word.len == name->len)
		return NULL;
	for (size_t i = 0; i < CODE_HOSTS; i++)
		if (str_is(word, code_hosts[i].word)) {
			*name = str_tail(*name, word.len + 1);
			return &code_hosts[i];
		}
	return NULL;
}

static const struct code_host *
choose_host(const struct forge_opts *opts, struct str *name)
{
	const struct code_host *named = host_of_word(name), *home = host_at_home(opts->env);

	if (named)
		return named;
	if (home && (name->len == 0 || opts->tokens[home->audience]))
		return home;
	for (size_t i = 0; i < CODE_HOSTS; i++)
		if (opts->tokens[code_hosts[i].audience])
			return &code_hosts[i];
	return home ? home : &code_hosts[0];
}

struct repository *
repository_open(struct arena *a, const char *name, const struct forge_opts *opts, struct err *err)
{
	struct repository *r = ARENA_NEW(a, struct repository);
	struct str given = str_of(name);
	const struct code_host *host = choose_host(opts, &given);
	struct rest_opts rest = opts->rest;

	r->arena = a;
	r->host = host->repositories;
	r->env = opts->env;
	r->name = given;
	if (r->host->find_name(r, err) < 0)
		return NULL;
	rest.audience = host->audience;
	rest.most_bytes = MAX_TREE_BYTES;
	rest.token = opts->tokens[host->audience];
	r->opts = *opts;
	r->rest_opts = rest;
	if (!rest.token) {
		(void)err_set(err, ERR_USAGE, "writing to %.*s needs input '%s'", STR_FMT(r->name),
		    audiences[host->audience].input);
		(void)err_hint(err, "%s", r->host->token_hint);
		return NULL;
	}
	if (r->host->connect(r, opts, &rest, err) == 0)
		return r;
	repository_close(r);
	return NULL;
}

void
repository_close(struct repository *r)
{
	if (!r)
		return;
	rest_close(r->graph);
	rest_close(r->rest);
}

/* What is behind the host's name in "https://HOST/PATH", "USER@HOST:PATH" and "ssh://HOST/PATH"; ptr NULL: it is at another
 * host. */
static struct str
path_at(struct str url, const char *host)
{
	size_t at = str_find(url, '@'), len = strlen(host);

	if (str_starts(url, "https://"))
		url = str_tail(url, strlen("https://"));
	else if (str_starts(url, "ssh://"))
		url = str_tail(url, strlen("ssh://"));
	else if (at < url.len)
		url = str_tail(url, at + 1);
	if (!str_starts(url, host) || len >= url.len || !strchr("/:", url.ptr[len]))
		return (struct str){ NULL, 0 };
	url = str_tail(url, len + 1);
	return str_ends(url, ".git") ? str_head(url, url.len - strlen(".git")) : url;
}

const char *
repository_of_remote(struct arena *a, struct str url)
{
	for (size_t i = 0; i < CODE_HOSTS; i++) {
		const char *web = code_hosts[i].repositories->web;
		struct str path = web ? path_at(url, web) : (struct str){ NULL, 0 };

		if (path.ptr)
			return arena_fmt(a, "%s:%.*s", code_hosts[i].word, STR_FMT(path)).ptr;
	}
	return NULL;
}

struct str
repository_name(const struct repository *r)
{
	return r->name;
}

const char *
repository_request_word(const struct repository *r)
{
	return r->host->request_word;
}

int
repository_look(
    struct repository *r, const char *base, const char *branch, struct looked *out, struct err *err)
{
	const struct repository_host *host = r->host;

	if (host->look)
		return host->look(r, base, branch, out, err);
	if (host->find(r, err) < 0 || host->find_me(r, err) < 0)
		return -1;
	*out = (struct looked){ .id = r->id, .base = base ? str_of(base) : r->default_branch };
	if (out->base.len == 0)
		return no_base(r, base, err);
	if (host->tip(r, arena_cstr(r->arena, out->base), &out->at, err) < 0)
		return -1;
	if (out->at.oid.len == 0)
		return no_base(r, base, err);
	if (host->tip(r, branch, &out->head, err) < 0)
		return -1;
	return host->pulls(r, branch, out, err);
}

int
repository_files(struct repository *r, struct str tree, struct entries *out, struct err *err)
{
	return r->host->files(r, tree, out, err);
}

int
repository_blob(struct repository *r, struct str oid, struct str *bytes, struct err *err)
{
	return r->host->blob(r, oid, bytes, err);
}

int
repository_compare(struct repository *r, struct str from, struct str to, struct compared *out,
    bool *is_gone, struct err *err)
{
	int rc = r->host->compare(r, from, to, out, err);

	*is_gone = rc < 0 && r->is_gone;
	return rc;
}

int
repository_is_same(struct repository *r, const struct tip *one, const struct tip *other,
    bool *is_same, struct err *err)
{
	*is_same = str_eq(one->tree, other->tree);
	return *is_same || !r->host->is_same
	           ? 0
	           : r->host->is_same(r, one->oid, other->oid, is_same, err);
}

int
repository_drop(struct repository *r, const struct looked *at, const char *branch, struct str head,
    struct err *err)
{
	return r->host->branches->drop(r, at, branch, head, err);
}

int
repository_merge(struct repository *r, const struct looked *at, const char *branch,
    const char *message, bool *clashes, struct err *err)
{
	*clashes = false;
	return r->host->branches->merge(r, at, branch, message, clashes, err);
}

int
repository_may_write(
    const struct repository *r, const struct looked *at, const char *path, struct err *err)
{
	return r->host->branches->may_write ? r->host->branches->may_write(r, at, path, err) : 0;
}

int
repository_commit(struct repository *r, const struct looked *at, const struct new_commit *c,
    struct tip *out, struct err *err)
{
	return r->host->branches->commit(r, at, c, out, err);
}

int
repository_pull(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err)
{
	return r->host->requests->pull(r, at, p, out, err);
}

int
repository_edit_pull(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err)
{
	return r->host->requests->edit_pull(r, p, body, closes, err);
}

struct str
repository_fit(struct repository *r, struct str body)
{
	return r->host->requests->fit ? r->host->requests->fit(r, body) : body;
}

int
repository_label(struct repository *r, const struct pull *p, const char *const *labels,
    size_t count, struct err *err)
{
	return r->host->requests->label(r, p, labels, count, err);
}

int
repository_ask_review(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err)
{
	return r->host->requests->ask_review(r, p, reviewers, count, err);
}

int
repository_auto_merge(struct repository *r, const struct pull *p, struct err *err)
{
	return r->host->requests->auto_merge(r, p, err);
}

size_t
repository_comment_max(const struct repository *r)
{
	return r->host->comment_max;
}

const char *
repository_comment_hint(const struct env *env)
{
	const struct code_host *home = host_at_home(env);

	return (home ? home : &code_hosts[0])->repositories->comment_hint;
}

int
repository_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, bool *is_denied, struct err *err)
{
	int rc = r->host->requests->comment(r, number, mark, body, is_new, err);

	*is_denied = rc < 0 && r->status == 403;
	if (rc < 0 && (r->status == 403 || r->status == 404))
		return err_hint_text(err, r->host->comment_hint);
	return rc;
}
