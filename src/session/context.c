#include "session/context.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/url.h"
#include "secret/base64.h"
#include "secret/secret.h"
#include "session/pachctl_config.h"
#include "session/run.h"

/* One context, out of the config. */
struct context {
	struct run *run;
	const char *path; /* of the config */
	const char *name; /* NULL: the active one */
	struct pachctl_context it;
	bool wants_token; /* no other token is given */
	struct err *err;
};

static struct str
address_text(struct run *run, struct str address)
{
	struct url url;
	struct err err;

	return url_parse(run->arena, address, &url, &err) == 0 ? str_of(url.text) : address;
}

bool
is_same_cluster(struct run *run, struct str one, struct str other)
{
	return str_is_like(
	    address_text(run, one), arena_cstr(run->arena, address_text(run, other)));
}

static int
read_config(void *ctx, struct str text)
{
	struct context *c = ctx;

	return pachctl_config_read(c->run->arena, text, c->path, c->name, &c->it, c->err);
}

/* The path of pachctl's config; NULL: there is none. */
static const char *
config_path(struct run *run)
{
	const char *path = env_get(&run->env, "PACH_CONFIG"), *home = env_get(&run->env, "HOME");

	if (path || !home)
		return path;
	path = arena_fmt(run->arena, "%s/.pachyderm/config.json", home).ptr;
	return access(path, F_OK) == 0 ? path : NULL;
}

static int
decode_cas(struct context *c)
{
	unsigned char *pem = arena_alloc(c->run->arena, c->it.cas.len + 1);
	size_t len = 0;

	if (!base64_read(c->it.cas, BASE64_PADDED, pem, c->it.cas.len, &len))
		return pachctl_config_broken(
		    c->path, "has certificates (server_cas) that are not base64", c->err);
	c->run->ca_pem = (struct str){ (char *)pem, len };
	return 0;
}

static void
warn_of_mode(struct context *c)
{
	struct stat st;

	if (c->it.token && stat(c->path, &st) == 0 && st.st_mode & 077)
		ci_warn(&c->run->ci, "other users can read the token in '%s': chmod 600 '%s'",
		    c->path, c->path);
}

/* Fills in what was not given; the token and the CA only where the address is the context's. */
static int
apply_context(struct context *c)
{
	struct run *run = c->run;
	const struct options *opt = &run->opt;
	bool is_own = !opt->cluster || is_same_cluster(run, str_of(opt->cluster), c->it.address);

	if (c->it.address.len == 0) {
		(void)err_set(c->err, ERR_USAGE, "context '%s' of pachctl's config has no address",
		    c->it.name);
		return err_hint(c->err,
		    "set one: pachctl config update context %s --pachd-address "
		    "grpcs://HOST:PORT, or give --cluster",
		    c->it.name);
	}
	ci_log(&run->ci, "context '%s' of pachctl's config %s: %.*s", c->it.name, c->path,
	    STR_FMT(c->it.address));
	if (!is_own) {
		ci_note(&run->ci, "its token and CA are not used: --cluster is another address");
		return 0;
	}
	warn_of_mode(c);
	option_set(&run->opt, &run->in, IN_CLUSTER, arena_cstr(run->arena, c->it.address));
	if (!opt->project && c->it.project.len > 0)
		option_set(&run->opt, &run->in, IN_PROJECT, arena_cstr(run->arena, c->it.project));
	if (!opt->ca_file && c->it.cas.len > 0 && decode_cas(c) < 0)
		return -1;
	if (!c->wants_token || !c->it.token)
		return 0;
	run->token = c->it.token;
	c->it.token = NULL;
	return ci_mask(&run->ci, run->token, true, c->err);
}

/* True at a prompt and in a user's own script; false where any variable says that this is CI. */
static bool
is_outside_ci(const struct run *run)
{
	return !ci_is_runner(&run->ci) && !run->event.unproven;
}

int
context_use(struct run *run, unsigned use, bool wants_token, struct err *err)
{
	const char *wanted = run->opt.context;
	struct context c = { .run = run,
		.name = wanted,
		.path = config_path(run),
		.wants_token = wants_token,
		.err = err };
	struct secret *text;
	int rc;

	if (!(inputs[IN_CLUSTER].used & use) || (wanted && strcmp(wanted, "none") == 0))
		return 0;
	if (!wanted && use == FOR_GRAPH) /* which draws specs alone unless it is given a cluster */
		return 0;
	if (!wanted && (run->opt.cluster || !is_outside_ci(run) || !c.path))
		return 0;
	if (!c.path) {
		(void)err_set(
		    err, ERR_USAGE, "there is no config of pachctl for context '%.100s'", wanted);
		return err_hint(err, "name its file in PACH_CONFIG, or give --cluster and a token");
	}
	text = secret_read_bytes(c.path, "pachctl's config", err);
	if (!text)
		return -1;
	(void)err_set(err, ERR_SYSTEM, "the memory of pachctl's config cannot be read");
	rc = secret_lend(text, read_config, &c);
	secret_free(text);
	if (rc == 0 && (c.it.is_there || wanted))
		rc = apply_context(&c);
	secret_free(c.it.token);
	return rc;
}
