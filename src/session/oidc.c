#include "session/oidc.h"

#include <string.h>

#include "base/arena.h"
#include "net/channel.h"
#include "net/rest.h"
#include "pachd/auth/tokens.h"
#include "pachd/pachd.h"
#include "secret/audience.h"
#include "secret/secret.h"
#include "session/connect.h"
#include "session/rest.h"
#include "session/run.h"

/* The value of a string member of a flat JSON object that needs no escapes, as a token does; empty when there is
 * none. No JSON reader sees it: their trees would keep copies. */
static struct str
plain_member(struct str json, const char *quoted)
{
	for (; json.len > 0; json = str_tail(json, 1)) {
		struct str rest = json;

		if (!str_take(&rest, quoted))
			continue;
		rest = str_trim(rest);
		if (!str_take(&rest, ":"))
			continue;
		rest = str_trim(rest);
		return str_take(&rest, "\"") ? str_head(rest, str_find(rest, '"')) : STR("");
	}
	return STR("");
}

static int
no_id_token(const struct rest_reply *reply, struct err *err)
{
	(void)err_set(
	    err, ERR_REFUSED, "the CI system gives no ID token (HTTP status %d)", reply->status);
	return err_hint(
	    err, "give the job the permission to ask for one: permissions: id-token: write");
}

static struct secret *
fetch_id_token(struct run *run, const char *url, const struct secret *bearer, struct err *err)
{
	size_t origin = strcspn(url, "/") + 2 < strlen(url) ? strcspn(url, "/") + 2 : 0;
	struct str whole = str_of(url);
	struct rest_opts opts = token_rest(run);
	struct str audience = rest_escape(run->arena, str_of(run->opt.audience));
	struct rest_request request = { .method = "GET" };
	struct rest_reply reply;
	struct secret *token = NULL;
	struct rest *rest;

	origin += strcspn(url + origin, "/?");
	opts.token = bearer;
	opts.audience = AUDIENCE_ISSUER;
	opts.base = arena_cstr(run->arena, str_head(whole, origin));
	request.path = arena_fmt(run->arena, "%s%caudience=%.*s", url + origin,
	    strchr(url, '?') ? '&' : '?', STR_FMT(audience))
	                   .ptr;
	rest = token_proxy(run, opts.base, &opts.proxy, err) == 0 ? rest_open(&opts, err) : NULL;
	if (!rest)
		return NULL;
	if (rest_send(rest, &request, &reply, err) == 0) {
		if (reply.status == 200)
			token = secret_new(
			    plain_member(reply.body, "\"value\""), "the CI system's ID token", err);
		else
			(void)no_id_token(&reply, err);
	}
	rest_close(rest);
	return token;
}

/* Asks the CI system. Its own secret stays in the environment for further targets, until token_erase_inputs(). */
static struct secret *
ask_ci(struct run *run, struct err *err)
{
	const char *url_name, *secret_name, *url = NULL, *text = NULL;
	struct secret *bearer, *token;

	if (ci_id_token(&run->ci, &url_name, &secret_name)) {
		url = env_get(&run->env, url_name);
		text = env_get(&run->env, secret_name);
	}
	if (!url || !text) {
		(void)err_set(
		    err, ERR_USAGE, "input 'auth' is oidc, and there is no ID token here");
		(void)err_hint(err, "in GitHub Actions give the job permissions: id-token: write; "
		                    "elsewhere put an ID token into PACHUP_ID_TOKEN");
		return NULL;
	}
	bearer = secret_new(str_of(text), secret_name, err);
	token = bearer && secret_mean_for(bearer, AUDIENCE_ISSUER, secret_name, err) == 0
	            ? fetch_id_token(run, url, bearer, err)
	            : NULL;
	secret_free(bearer);
	return token;
}

static struct secret *
id_token(struct run *run, struct err *err)
{
	const char *given = run->opt.id_token;

	return given ? secret_new(str_of(given), run->in.from[IN_ID_TOKEN], err) : ask_ci(run, err);
}

/* Finds the cluster's release, which is all that it says before a login; *is_open: it has no authentication. */
static int
probe_cluster(struct run *run, struct pachd *cluster, bool *is_open, struct err *err)
{
	const struct url *url = pachd_url(cluster);

	if (url_check_secret(url, run->opt.allow_plaintext, "ID token", err) < 0)
		return -1;
	*is_open = pachd_probe(cluster, NULL, 0, NULL, err) == 0;
	return *is_open || pachd_facts(cluster)->release ? 0 : -1;
}

static int
exchange(struct run *run, const struct secret *id, struct err *err)
{
	struct pachd *cluster = connect_open(run, err);
	bool is_open = false;
	int rc = cluster ? probe_cluster(run, cluster, &is_open, err) : -1;

	if (rc == 0 && is_open) {
		ci_note(&run->ci, "authentication is off at the cluster: nobody has to log in");
	} else if (rc == 0) {
		run->token = pachd_authenticate(cluster, id, err);
		rc = run->token ? ci_mask(&run->ci, run->token, true, err)
		                : err_wrap(err, "the cluster does not take the ID token");
	}
	pachd_close(cluster);
	return rc;
}

int
oidc_login(struct run *run, struct err *err)
{
	struct secret *id;
	int rc = -1;

	if (run->event.untrusted && !run->opt.allow_untrusted_event) {
		ci_note(&run->ci, "nobody is logged in on %s", run->event.untrusted);
		return 0;
	}
	id = id_token(run, err);
	if (id && ci_mask(&run->ci, id, true, err) == 0)
		rc = exchange(run, id, err);
	secret_free(id);
	return rc;
}
