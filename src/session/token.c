#include "session/token.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/moment.h"
#include "net/url.h"
#include "secret/key.h"
#include "secret/sealed.h"
#include "secret/secret.h"
#include "session/context.h"
#include "session/oidc.h"
#include "session/run.h"
#include "session/secret_file.h"

/* A secret as it was given, and what messages call it. */
struct given {
	struct secret *raw; /* NULL: none */
	const char *what;
	bool is_unknown; /* the runner cannot know it: it comes from a file */
};

/* Takes an input's value out of our copy and of the environment. */
static void
erase(struct run *run, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *text = run->in.text[id];

	env_wipe_input(&run->env, input->name);
	for (size_t i = 0; i < COUNT_OF(input->also) && input->also[i]; i++)
		env_wipe(&run->env, input->also[i]);
	if (text)
		secret_wipe((char *)(uintptr_t)text, strlen(text));
	run->in.text[id] = NULL;
}

static void
erase_all(struct run *run)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (inputs[id].kind == INPUT_SECRET)
			erase(run, id);
}

/* A key that others can read is known to them. */
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
	const struct values *in = &run->in;

	*out = (struct given){ .what = in->from[IN_TOKEN] };
	if (in->text[IN_TOKEN_FILE]) {
		*out = (struct given){ .what = "flag --token-file", .is_unknown = true };
		out->raw = secret_file_read(run, in->text[IN_TOKEN_FILE], out->what, err);
	} else if (value_is_true(in, IN_TOKEN_STDIN)) {
		*out = (struct given){ .what = "flag --token-stdin", .is_unknown = true };
		out->raw = secret_read_fd_bytes(STDIN_FILENO, out->what, err);
	} else if (in->text[IN_TOKEN]) {
		out->raw = secret_of_bytes(str_of(in->text[IN_TOKEN]), out->what, err);
	} else {
		return 0;
	}
	return out->raw ? 0 : -1;
}

static int
given_key(struct run *run, struct given *out, struct err *err)
{
	const char *path = run->in.text[IN_TOKEN_KEY_FILE], *text = run->in.text[IN_TOKEN_KEY];

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

/* The one line that matters of a key's file. */
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
	const char *cluster = run->in.text[IN_CLUSTER];
	struct str mine = run->sealed->cluster;

	if (!cluster || is_same_cluster(run, mine, str_of(cluster))
	    || value_is_true(&run->in, IN_ALLOW_OTHER_CLUSTER))
		return 0;
	(void)err_set(err, ERR_USAGE, "the token in %s is sealed for %.*s, not for %.200s", what,
	    STR_FMT(mine), cluster);
	return err_hint(err,
	    "give that cluster's token, seal this one again with --cluster %.200s, or "
	    "set input 'allow-other-cluster' to true",
	    cluster);
}

static void
tell_sealed(struct run *run, const char *what)
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
open_sealed(struct run *run, struct str text, const char *what, struct err *err)
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
	if (check_cluster(run, what, err) < 0)
		return -1;
	tell_sealed(run, what);
	return 0;
}

struct look {
	struct arena *arena;
	struct str sealed; /* empty: it is no sealed token */
	struct secret *plain;
	const char *what;
	struct err *err;
};

static int
look_at(void *ctx, struct str bytes)
{
	struct look *look = ctx;
	struct str line = sealed_line(bytes);

	if (line.len > 0)
		look->sealed = arena_str(look->arena, line);
	else
		look->plain = secret_new(bytes, look->what, look->err);
	return line.len > 0 || look->plain ? 0 : -1;
}

static int
use_token(struct run *run, const struct given *given, unsigned use, struct err *err)
{
	struct look look = { .arena = run->arena, .what = given->what, .err = err };
	const char *untrusted = run->event.untrusted;

	(void)err_set(err, ERR_SYSTEM, "the memory of %s cannot be read", given->what);
	if (secret_lend(given->raw, look_at, &look) < 0)
		return -1;
	run->token = look.plain;
	if (look.plain)
		return ci_mask(&run->ci, look.plain, given->is_unknown, err);
	if (!(inputs[IN_TOKEN].used & use))
		return 0;
	if (!untrusted || value_is_true(&run->in, IN_ALLOW_UNTRUSTED_EVENT))
		return open_sealed(run, look.sealed, given->what, err);
	ci_note(&run->ci, "the token is not used on this event: %s", untrusted);
	return 0;
}

static int
read_store_token(struct run *run, struct err *err)
{
	const char *text = run->in.text[IN_STORE_TOKEN];

	if (!text)
		return 0;
	run->store_token = secret_new(str_of(text), run->in.from[IN_STORE_TOKEN], err);
	return run->store_token ? ci_mask(&run->ci, run->store_token, false, err) : -1;
}

int
token_read(struct run *run, unsigned use, struct err *err)
{
	bool wants_oidc = strcmp(run->in.text[IN_AUTH], "oidc") == 0;
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
	if (rc == 0 && inputs[IN_STORE_TOKEN].used & use)
		rc = read_store_token(run, err);
	secret_free(given.raw);
	erase_all(run);
	if (run->token)
		secret_keep_from_forks(run->token);
	if (run->store_token)
		secret_keep_from_forks(run->store_token);
	return rc;
}

void
token_forget(struct run *run)
{
	secret_free(run->token);
	secret_free(run->store_token);
	run->token = run->store_token = NULL;
}
