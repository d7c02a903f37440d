#include "session/token.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/moment.h"
#include "net/url.h"
#include "secret/audience.h"
#include "secret/key.h"
#include "secret/sealed.h"
#include "secret/secret.h"
#include "session/context.h"
#include "session/oidc.h"
#include "session/run.h"
#include "session/scope.h"
#include "session/secret_file.h"
#include "session/targets.h"

/* A secret as it was given, and its name in messages. */
struct given {
	struct secret *raw; /* NULL: none */
	const char *what;
	bool is_unknown; /* the runner cannot know it: it comes from a file */
};

/* Overwrites an input's value in our copy and in the environment. */
static void
erase_input(struct run *run, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *text = value_text(&run->in, id);

	env_wipe_input(&run->env, input->name);
	for (size_t i = 0; i < COUNT_OF(input->also) && input->also[i]; i++)
		env_wipe(&run->env, input->also[i]);
	if (text)
		secret_wipe((char *)(uintptr_t)text, strlen(text));
	option_set(&run->opt, &run->in, id, NULL);
}

void
token_erase_inputs(struct run *run)
{
	const char *url, *secret;

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (inputs[id].kind == INPUT_SECRET)
			erase_input(run, id);
	if (ci_id_token(&run->ci, &url, &secret))
		env_wipe(&run->env, secret);
	env_wipe_connections(&run->env);
}

/* Warns where other users can read the file of a key. */
static void
warn_of_mode(struct run *run, const char *what, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & 077)
		ci_warn(
		    &run->ci, "%s: other users can read '%s': chmod 600 '%s'", what, path, path);
}

static int
given_token(struct run *run, struct given *out, struct err *err)
{
	const struct options *opt = &run->opt;

	*out = (struct given){ .what = run->in.from[IN_TOKEN] };
	if (opt->token_file) {
		*out = (struct given){ .what = "flag --token-file", .is_unknown = true };
		out->raw = secret_file_read(run, opt->token_file, out->what, err);
	} else if (opt->token_stdin) {
		*out = (struct given){ .what = "flag --token-stdin", .is_unknown = true };
		out->raw = secret_read_fd_bytes(STDIN_FILENO, out->what, err);
	} else if (opt->token) {
		out->raw = secret_of_bytes(str_of(opt->token), out->what, err);
	} else {
		return 0;
	}
	return out->raw ? 0 : -1;
}

static int
given_key(struct run *run, struct given *out, struct err *err)
{
	const char *path = run->opt.token_key_file, *text = run->opt.token_key;

	*out = (struct given){ .what = path ? "flag --token-key-file" : run->in.from[IN_TOKEN_KEY],
		.is_unknown = path != NULL };
	if (path) {
		out->raw = secret_file_read(run, path, out->what, err);
		warn_of_mode(run, out->what, path);
	} else if (text) {
		out->raw = secret_of_bytes(str_of(text), out->what, err);
	} else {
		return 0;
	}
	return out->raw ? 0 : -1;
}

/* Copies the first line of a key's file that is neither empty nor a comment. */
static int
take_key_line(void *ctx, struct str file)
{
	struct secret **out = ctx;
	struct err err;
	struct str line;

	while (str_split(&file, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		*out = secret_of_bytes(line, "the key", &err);
		break;
	}
	return 0;
}

/* *out NULL: none is given. */
static int
read_key(struct run *run, struct key **out, struct err *err)
{
	struct secret *line = NULL;
	struct given given;

	*out = NULL;
	if (given_key(run, &given, err) < 0)
		return -1;
	if (!given.raw)
		return 0;
	(void)err_set(err, ERR_USAGE, "%s holds no key", given.what);
	if (secret_lend(given.raw, take_key_line, &line) == 0 && line
	    && ci_mask(&run->ci, line, given.is_unknown, err) == 0)
		*out = key_read(line, given.what, err);
	secret_free(line);
	secret_free(given.raw);
	return *out ? 0 : -1;
}

static int
check_cluster(struct run *run, const char *what, struct err *err)
{
	const char *cluster = run->opt.cluster;
	struct str mine = run->sealed->cluster;
	struct url url;

	if (!cluster)
		return 0;
	/* it may hold a password, which no message repeats */
	if (url_parse(run->arena, str_of(cluster), &url, err) < 0)
		return -1;
	if (is_same_cluster(run, mine, str_of(cluster)) || run->opt.allow_other_cluster)
		return 0;
	(void)err_set(err, ERR_USAGE, "the token in %s is sealed for %.*s, not for %s", what,
	    STR_FMT(mine), url.text);
	return err_hint(err,
	    "give that cluster's token, seal this one again with --cluster %s, or "
	    "set input 'allow-other-cluster' to true",
	    url.text);
}

static void
log_seal(struct run *run, const char *what)
{
	const struct sealed_facts *facts = run->sealed;
	int64_t left = facts->expires_s - (int64_t)time(NULL);

	ci_log(&run->ci, "token: opened from the seal in %s%s%.*s%s%.*s", what,
	    facts->label.len ? ", " : "", STR_FMT(facts->label),
	    facts->principal.len ? ", of " : "", STR_FMT(facts->principal));
	if (facts->expires_s && left < 0)
		ci_warn(&run->ci,
		    "by this machine's clock the sealed token has expired on %.*s (%.*s)",
		    STR_FMT(moment_text(run->arena, facts->expires_s)),
		    STR_FMT(moment_distance(run->arena, left)));
}

static int
open_sealed(struct run *run, struct str text, const char *what, unsigned use, struct err *err)
{
	struct sealed_facts *facts = ARENA_NEW(run->arena, struct sealed_facts);
	struct key *key;

	if (read_key(run, &key, err) < 0)
		return -1;
	if (!key) {
		(void)err_set(
		    err, ERR_USAGE, "the token in %s is sealed, and no key is given", what);
		return err_hint(err, "give its key in input 'token-key' or --token-key-file");
	}
	run->token = sealed_open(run->arena, text,
	    arena_fmt(run->arena, "the sealed token in %s", what).ptr, key, facts, err);
	key_free(key);
	if (!run->token || ci_mask(&run->ci, run->token, true, err) < 0)
		return -1;
	run->sealed = facts;
	run->sealed_text = text;
	if (check_cluster(run, what, err) < 0 || scope_check(run, use, what, err) < 0)
		return -1;
	log_seal(run, what);
	return 0;
}

/* A token that was given, while it is lent. */
struct lent_token {
	struct arena *arena;
	struct str sealed; /* empty: it is not a sealed token */
	struct secret *plain;
	const char *what;
	struct err *err;
};

static int
sort_token(void *ctx, struct str bytes)
{
	struct lent_token *token = ctx;
	struct str line = sealed_line(bytes);

	if (line.len > 0)
		token->sealed = arena_str(token->arena, line);
	else
		token->plain = secret_new(bytes, token->what, token->err);
	return line.len > 0 || token->plain ? 0 : -1;
}

static int
use_token(struct run *run, const struct given *given, unsigned use, struct err *err)
{
	struct lent_token lent = { .arena = run->arena, .what = given->what, .err = err };
	const char *untrusted = run->event.untrusted;

	(void)err_set(err, ERR_SYSTEM, "the memory of %s cannot be read", given->what);
	if (secret_lend(given->raw, sort_token, &lent) < 0)
		return -1;
	run->token = lent.plain;
	if (lent.plain)
		return ci_mask(&run->ci, lent.plain, given->is_unknown, err);
	if (!(inputs[IN_TOKEN].used & use))
		return 0;
	if (!untrusted || run->opt.allow_untrusted_event)
		return open_sealed(run, lent.sealed, given->what, use, err);
	ci_note(&run->ci, "the token is not used on this event: %s", untrusted);
	return 0;
}

/* Whether input store-token itself was given; false where its value is from a variable of one host. */
static bool
is_given_itself(const struct run *run)
{
	const char *from = run->in.from[IN_STORE_TOKEN];

	if (!run->opt.store_token)
		return false;
	for (enum audience to = 0; from && to < AUDIENCE_COUNT; to++)
		if (audiences[to].variable && strcmp(from, audiences[to].variable) == 0)
			return false;
	return true;
}

/* Refuses input `store-token` for places of two hosts, as one token is for one host. */
static int
refuse_two_hosts(enum audience one, enum audience other, struct err *err)
{
	(void)err_set(err, ERR_USAGE,
	    "input 'store-token' is one token, and input 'store' names places of %s and %s",
	    audiences[one].host, audiences[other].host);
	return err_hint(err, "leave input 'store-token' out, and set %s and %s",
	    audiences[one].variable, audiences[other].variable);
}

static int
read_host_token(struct run *run, enum audience to, bool is_given, struct err *err)
{
	const char *what = is_given ? run->in.from[IN_STORE_TOKEN] : audiences[to].variable;
	const char *text = is_given ? run->opt.store_token : env_get(&run->env, what);

	if (!text)
		return 0;
	run->host_tokens[to] = secret_new(str_of(text), what, err);
	if (!run->host_tokens[to] || secret_mean_for(run->host_tokens[to], to, what, err) < 0)
		return -1;
	secret_keep_from_forks(run->host_tokens[to]);
	return ci_mask(&run->ci, run->host_tokens[to], false, err);
}

/* Reads for each host of input `store` the token for its API: input `store-token`, or the host's own variable. */
static int
read_host_tokens(struct run *run, struct err *err)
{
	bool is_given = is_given_itself(run);
	enum audience first = AUDIENCE_NOBODY;

	for (size_t i = 0; i < run->in.count[IN_STORE]; i++) {
		struct str place = str_of(run->in.list[IN_STORE][i]);
		enum audience to = audience_of_place(str_head(place, str_find(place, ':')));

		if (to == AUDIENCE_NOBODY || run->host_tokens[to])
			continue;
		if (is_given && first != AUDIENCE_NOBODY)
			return refuse_two_hosts(first, to, err);
		first = to;
		if (read_host_token(run, to, is_given, err) < 0)
			return -1;
	}
	return 0;
}

struct pair {
	struct str name;
	struct secret *whole;
	struct err *err;
};

static int
make_pair(void *ctx, struct str password)
{
	struct pair *p = ctx;
	char bytes[MAX_TOKEN_BYTES];

	if (p->name.len + 1 + password.len > sizeof(bytes))
		return err_set(p->err, ERR_USAGE, "input 'registry-password' is too long");
	memcpy(bytes, p->name.ptr, p->name.len);
	bytes[p->name.len] = ':';
	memcpy(bytes + p->name.len + 1, password.ptr, password.len);
	p->whole = secret_of_bytes((struct str){ bytes, p->name.len + 1 + password.len },
	    "the login for a registry", p->err);
	secret_wipe(bytes, sizeof(bytes));
	return p->whole ? 0 : -1;
}

static int
join_registry_login(struct run *run, struct secret *password, struct err *err)
{
	struct pair pair = { .name = str_of(run->opt.registry_username), .err = err };

	if (secret_mean_for_registry(password, run->opt.registry, "input 'registry-password'", err)
	        < 0
	    || ci_mask(&run->ci, password, false, err) < 0)
		return -1;
	(void)err_set(err, ERR_SYSTEM, "the memory of a login cannot be read");
	if (secret_lend(password, make_pair, &pair) < 0)
		return -1;
	run->registry_login = pair.whole;
	secret_keep_from_forks(pair.whole);
	secret_set_audience(pair.whole, AUDIENCE_REGISTRY);
	return 0;
}

/* The login that is given for one registry; the three inputs go together. */
static int
read_registry_login(struct run *run, struct err *err)
{
	const struct options *opt = &run->opt;
	struct secret *password;
	int rc;

	if (run->registry_login) /* of the run, for each of its targets */
		return 0;
	if (!opt->registry && !opt->registry_username && !opt->registry_password)
		return 0;
	if (!opt->registry || !opt->registry_username || !opt->registry_password) {
		(void)err_set(err, ERR_USAGE,
		    "inputs 'registry', 'registry-username' and 'registry-password' go together, "
		    "and '%s' is missing",
		    !opt->registry            ? "registry"
		    : !opt->registry_username ? "registry-username"
		                              : "registry-password");
		return err_hint(err, "set all three, for example registry: ghcr.io");
	}
	password = secret_new(str_of(opt->registry_password), "input 'registry-password'", err);
	rc = password ? join_registry_login(run, password, err) : -1;
	secret_free(password);
	return rc;
}

int
token_read_hosts(struct run *run, unsigned use, struct err *err)
{
	if (inputs[IN_STORE_TOKEN].used & use && read_host_tokens(run, err) < 0)
		return -1;
	return inputs[IN_REGISTRY_PASSWORD].used & use ? read_registry_login(run, err) : 0;
}

/* The token may go to the cluster only, and not to our processes that read what others wrote. */
static int
dedicate_token(struct run *run, struct err *err)
{
	if (!run->token)
		return 0;
	secret_keep_from_forks(run->token);
	return secret_mean_for(run->token, AUDIENCE_PACHD, "the token for the cluster", err);
}

/* Commands that only check specs connect to a cluster only to render templates. */
static unsigned
use_of(const struct run *run, unsigned use)
{
	bool is_asked = run->opt.jsonnet.count + run->opt.instances.count > 0;

	return is_asked ? use : use & ~(unsigned)FOR_RENDERERS;
}

int
token_read(struct run *run, unsigned command, struct err *err)
{
	unsigned use = use_of(run, command);
	bool wants_oidc = run->opt.auth == AUTH_OIDC;
	struct given given;
	int rc = given_token(run, &given, err);

	if (rc == 0)
		rc = context_use(run, use, !given.raw && !wants_oidc, err);
	if (rc == 0 && wants_oidc && given.raw) {
		rc = err_set(
		    err, ERR_USAGE, "input 'auth' is oidc, and %s gives a token, too", given.what);
		(void)err_hint(err, "give one of them");
	} else if (rc == 0 && given.raw) {
		rc = use_token(run, &given, use, err);
	} else if (rc == 0 && wants_oidc && inputs[IN_TOKEN].used & use) {
		rc = oidc_login(run, err);
	}
	if (rc == 0)
		rc = token_read_hosts(run, use, err);
	secret_free(given.raw);
	return rc < 0 ? -1 : dedicate_token(run, err);
}

void
token_forget(struct run *run)
{
	for (size_t i = 0; run->targets && i < run->target_count; i++)
		if (run->targets[i])
			secret_free(run->targets[i]->token);
	run->targets = NULL;
	for (size_t i = 0; i < run->plan_count; i++)
		if (run->plans[i].run)
			secret_free(run->plans[i].run->token);
	run->plan_count = 0;
	secret_free(run->token);
	run->token = NULL;
	secret_free(run->registry_login);
	run->registry_login = NULL;
	for (enum audience to = 0; to < AUDIENCE_COUNT; to++) {
		secret_free(run->host_tokens[to]);
		run->host_tokens[to] = NULL;
	}
}
