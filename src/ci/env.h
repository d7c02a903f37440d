/* env.h: the environment, read in one place. Tests hand in their own. */
#ifndef CI_ENV_H
#define CI_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct env {
	char *const *vars; /* "NAME=value", ended by NULL, as environ; borrowed */
};

/* The value of the variable, with any blanks; NULL when it is unset or empty (an empty input counts as not given). */
const char *env_get(const struct env *env, const char *name);

/* True when both differ at most in case, dashes, underscores and blanks: "dry-run", "DRY_RUN", "dryRun". */
bool env_is_respelled(struct str left, struct str right);

/*
 * The next variable that holds the input `name` ("dry-run"), in any spelling: GitHub keeps the dash of the action's
 * input (INPUT_DRY-RUN), Azure's task inputs have none (INPUT_DRYRUN), and users write dry_run (INPUT_DRY_RUN). *at is 0
 * for the first one. *value is the part of the variable between the blanks and newlines at both ends; a variable
 * without one is passed over. False when there is no further one. *variable gets its name, in `a`.
 */
bool env_input_next(const struct env *env, struct arena *a, const char *name, size_t *at,
    struct str *value, const char **variable);

/*
 * The value for the input `name` of the service connection that input `connection` names: its URL for "cluster", its
 * password for "token" (Azure: ENDPOINT_URL_ID, ENDPOINT_AUTH_PARAMETER_ID_PASSWORD). NULL for other inputs, and where
 * there is no connection. *variable gets the name of the variable.
 */
const char *env_connection(
    const struct env *env, struct arena *a, const char *name, const char **variable);

/* Overwrites the value of `name` in the process's own environment block, so that a secret does not
 * stay in /proc/PID/environ. */
void env_wipe(const struct env *env, const char *name);

/* The same for all variables that hold the input `name`, as env_input_next() finds them. */
void env_wipe_input(const struct env *env, const char *name);

/* The same for the logins of all service connections that the Azure DevOps agent handed over (ENDPOINT_AUTH_…). */
void env_wipe_connections(const struct env *env);

/*
 * Removes from `vars` (the process's own environ) the variables with which libraries open files or load code:
 * OPENSSL_CONF and its kin (a provider from the workspace), SSLKEYLOGFILE (the secrets
 * of TLS). The configuration files of the machine are still read.
 */
void env_forget_library_files(char **vars);

#endif
