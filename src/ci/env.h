/* env.h: the environment, read in one place. Tests hand in their own. */
#ifndef CI_ENV_H
#define CI_ENV_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct env {
	char *const *vars; /* "NAME=value", ended by NULL, as environ; borrowed */
};

/* The value of `name`, trimmed of nothing; NULL when unset or empty (an empty input counts as not
 * given). */
const char *env_get(const struct env *env, const char *name);

/*
 * The value of the input `name` ("dry-run") as the runners pass it: GitHub keeps the dash (INPUT_DRY-RUN), Azure's task
 * inputs have none (INPUT_DRYRUN). Blanks and newlines at both ends are dropped; the result is a part of the variable
 * itself, or a copy in `a` where something was dropped behind it. NULL when not given. *variable, when not NULL, gets
 * the name of the variable that it came from.
 */
const char *env_input(
    const struct env *env, struct arena *a, const char *name, const char **variable);

/* True when both are the same but for case and for dashes, underscores and blanks. */
bool env_is_respelled(const char *left, const char *right);

/* The same as env_input() under any other spelling, "dry_run" or "Dry-Run" for "dry-run": a user's own word, where env_input() may be
 * the default that the action declares. */
const char *env_input_misspelled(
    const struct env *env, struct arena *a, const char *name, const char **variable);

/*
 * What the service connection that input `connection` names says for the input `name`: its URL for "cluster", its
 * password for "token" (Azure: ENDPOINT_URL_ID, ENDPOINT_AUTH_PARAMETER_ID_PASSWORD). NULL for other inputs, and where
 * there is no connection. *variable as in env_input().
 */
const char *env_connection(
    const struct env *env, struct arena *a, const char *name, const char **variable);

/* Overwrites the value of `name` in the process's own environment block, so that a secret does not
 * stay in /proc/PID/environ. */
void env_wipe(const struct env *env, const char *name);

/*
 * Takes out of `vars` (the process's own environ) what makes libraries open files or load code that the
 * environment names: OPENSSL_CONF and its kin (a provider from the workspace), SSLKEYLOGFILE (the secrets
 * of TLS). The configuration of the machine, in its own place, stays.
 */
void env_forget_library_files(char **vars);

/* The same for all variables that the input `name` may come in. */
void env_wipe_input(const struct env *env, struct arena *a, const char *name);

#endif
