#include "token/context.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/limits.h"
#include "format/doc.h"
#include "inputs/run.h"
#include "net/url.h"
#include "secret/base64.h"
#include "secret/secret.h"

/* One context, out of the config. */
struct context {
	struct run *run;
	const char *path;  /* of the config */
	const char *name;  /* NULL: the active one */
	struct node *node; /* of the context */
	struct str address, project, cas;
	struct secret *token; /* NULL: none */
	bool wants_token;     /* no other is given */
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
	/* NUL-ended, whether they are addresses or not */
	return strcasecmp(arena_cstr(run->arena, address_text(run, one)),
	           arena_cstr(run->arena, address_text(run, other)))
	       == 0;
}

static int
broken(struct context *c, const char *why)
{
	(void)err_set(c->err, ERR_SPEC, "pachctl's config '%s' %s", c->path, why);
	return err_hint(c->err,
	    "repair it with pachctl (pachctl config list context), or give --cluster "
	    "and a token");
}

/* A copy in which each session token is crossed out, byte by byte: no reader of JSON sees one. */
static char *
crossed_out(struct arena *a, struct str text)
{
	static const char member[] = "\"session_token\"";
	char *copy = arena_cstr(a, text);
	char *at = copy;

	while ((at = strstr(at, member)) != NULL) {
		at += sizeof(member) - 1;
		at += strspn(at, " \t\r\n:");
		if (*at != '"')
			continue;
		for (at++; *at && *at != '"'; at++)
			*at = 'x';
	}
	return copy;
}

static struct str
text_of(const struct node *n, const char *member)
{
	const struct node *one = node_get(n, member);

	return one && one->kind == NODE_STRING ? one->text : STR("");
}

static int
no_such_context(struct context *c, const struct node *contexts)
{
	struct str names = STR("");

	for (const struct node *one = contexts ? contexts->first : NULL; one; one = one->next)
		names = arena_fmt(c->run->arena, "%.*s%s%.*s", STR_FMT(names),
		    names.len ? ", " : "", STR_FMT(one->key));
	(void)err_set(
	    c->err, ERR_USAGE, "pachctl's config '%s' has no context '%.100s'", c->path, c->name);
	return err_hint(
	    c->err, "it has: %.*s", STR_FMT(str_head(names.len ? names : STR("none"), 300)));
}

/* The context's node: of 1.9 and later by its name, of 1.7 and 1.8 the only one. */
static int
find(struct context *c, const struct node *config)
{
	const struct node *two = node_get(config, "v2"), *one = node_get(config, "v1");
	const struct node *contexts = node_get(two, "contexts");

	if (!two && !one && !node_get(config, "user_id") && config->first)
		return broken(c, "has a layout that this pachup does not know");
	if (!two) {
		c->node = node_get(config, "v1");
		if (c->name && strcmp(c->name, "v1") != 0)
			return no_such_context(c, NULL);
		c->name = "v1";
		return 0;
	}
	if (!c->name)
		c->name = arena_cstr(c->run->arena, text_of(two, "active_context"));
	c->node = node_get(contexts, c->name);
	return c->node || *c->name == '\0' ? 0 : no_such_context(c, contexts);
}

static int
read_config(void *ctx, struct str text)
{
	struct context *c = ctx;
	struct arena *a = c->run->arena;
	struct diags d = diags_in(a);
	char *copy = crossed_out(a, text);
	struct doc *doc = doc_parse_any(a, "config.json", str_of(copy), &d);
	struct node *token;

	if (d.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return broken(c, "is not valid JSON");
	if (find(c, doc->first) < 0)
		return -1;
	c->address = text_of(c->node, "pachd_address");
	c->project = text_of(c->node, "project");
	c->cas = text_of(c->node, "server_cas");
	token = node_get(c->node, "session_token");
	if (token && token->kind == NODE_STRING && token->text.len > 0)
		c->token =
		    secret_new((struct str){ text.ptr + token->at.offset + 1, token->text.len },
		        "the session token in pachctl's config", c->err);
	return token && token->text.len > 0 && !c->token ? -1 : 0;
}

/* NULL: there is none. */
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
	unsigned char *pem = arena_alloc(c->run->arena, c->cas.len + 1);
	size_t len = 0;

	if (!base64_read(c->cas, BASE64_PADDED, pem, c->cas.len, &len))
		return broken(c, "has certificates (server_cas) that are not base64");
	c->run->ca_pem = (struct str){ (char *)pem, len };
	return 0;
}

static void
warn_of_mode(struct context *c)
{
	struct stat st;

	if (c->token && stat(c->path, &st) == 0 && st.st_mode & 077)
		ci_warn(&c->run->ci, "other users can read the token in '%s': chmod 600 '%s'",
		    c->path, c->path);
}

/* Fills in what was not given; the token and the CA only where the address is the context's. */
static int
apply(struct context *c)
{
	struct run *run = c->run;
	struct values *in = &run->in;
	bool is_own =
	    !in->text[IN_CLUSTER] || is_same_cluster(run, str_of(in->text[IN_CLUSTER]), c->address);

	if (c->address.len == 0) {
		(void)err_set(
		    c->err, ERR_USAGE, "context '%s' of pachctl's config has no address", c->name);
		return err_hint(c->err,
		    "set one: pachctl config update context %s --pachd-address "
		    "grpcs://HOST:PORT, or give --cluster",
		    c->name);
	}
	ci_log(&run->ci, "context '%s' of pachctl's config %s: %.*s", c->name, c->path,
	    STR_FMT(c->address));
	if (!is_own) {
		ci_note(&run->ci, "its token and CA are not used: --cluster is another address");
		return 0;
	}
	warn_of_mode(c);
	in->text[IN_CLUSTER] = arena_cstr(run->arena, c->address);
	if (!in->text[IN_PROJECT] && c->project.len > 0)
		in->text[IN_PROJECT] = arena_cstr(run->arena, c->project);
	if (!in->text[IN_CA_FILE] && c->cas.len > 0 && decode_cas(c) < 0)
		return -1;
	if (!c->wants_token || !c->token)
		return 0;
	run->token = c->token;
	c->token = NULL;
	return ci_mask(&run->ci, run->token, true, c->err);
}

int
context_use(struct run *run, unsigned use, bool wants_token, struct err *err)
{
	const char *wanted = run->in.text[IN_CONTEXT];
	struct context c = { .run = run,
		.name = wanted,
		.path = config_path(run),
		.wants_token = wants_token,
		.err = err };
	struct secret *text;
	int rc;

	if (!(inputs[IN_CLUSTER].used & use) || (wanted && strcmp(wanted, "none") == 0))
		return 0;
	if (!wanted && (run->in.text[IN_CLUSTER] || !ci_is_interactive(&run->ci) || !c.path))
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
	if (rc == 0 && (c.node || wanted))
		rc = apply(&c);
	secret_free(c.token);
	return rc;
}
